"""Near misses: everything right but one thing. Written by hand, like the matrix; the words say what is not right."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from governance.enums import TokenScope
from governance.models import (
    CircleStay,
    Consultation,
    Cooperation,
    Membership,
    Organisation,
    Person,
    ProjectStep,
    Role,
    WorkingGroup,
)
from milestones.models import CorrectiveAction, Mandate
from tests.permissions.bodies import body_of
from tests.permissions.scene import Scene

READ, WRITE = (TokenScope.READ,), (TokenScope.READ, TokenScope.WRITE)
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class NearMiss:
    """`expected`: as in the matrix. `change`: what is done to the scene first. `body`: what is said otherwise."""

    words: str
    person: str
    operation: str
    expected: str
    change: Callable[[Scene], Any] | None = None
    body: Callable[[Scene], dict[str, Any]] | None = None
    scopes: tuple[TokenScope, ...] = ()

    def said(self, scene: Scene) -> dict[str, Any]:
        other = self.body(scene) if self.body else {}
        return {name: value for name, value in (body_of(self.operation, scene.here) | other).items() if value != ABSENT}


ABSENT = object()


def _mandate(**values: Any) -> Callable[[Scene], Any]:
    def change(scene: Scene) -> None:
        until = {"until": scene.cast.today + values["until"]} if "until" in values else {}
        since = {"since": scene.cast.today + values["since"]} if "since" in values else {}
        Mandate.objects.filter(pk=scene.here.objects["mandates"].pk).update(**values | until | since)

    return change


def _elsewhere(scene: Scene) -> None:
    Mandate.objects.filter(pk=scene.here.objects["mandates"].pk).update(activity=scene.here.unpiloted)


def _led_by_gamma(scene: Scene) -> None:
    WorkingGroup.objects.filter(pk=scene.here.objects["working-groups"].pk).update(lead=scene.cast.chair_gamma)


def _role_over(scene: Scene) -> None:
    Role.objects.filter(person=scene.cast.pilot_beta).update(until=scene.cast.today - DAY)


def _figures_at(scene: Scene, level: str) -> None:
    Cooperation.objects.filter(pk=scene.cast.cooperation.pk).update(settings={"figures_level": level})


def _membership_of(scene: Scene, organisation: Organisation) -> dict[str, Any]:
    membership = organisation.memberships.get(cooperation=scene.cast.cooperation)
    return {"resource": "memberships", "id": str(membership.pk), "fields": ["leave_reason"]}


def _beta_left(scene: Scene) -> None:
    _left(scene, scene.cast.beta)


def _left(scene: Scene, organisation: Organisation) -> None:
    yesterday = scene.cast.today - DAY
    members = Membership.objects.filter(organisation=organisation)
    CircleStay.objects.filter(membership__in=members).update(until=yesterday)
    members.update(left_on=yesterday)


def _coordination_over(scene: Scene) -> None:
    Role.objects.filter(person=scene.cast.coordinator).update(until=scene.cast.today - DAY)


def _coordination_tomorrow(scene: Scene) -> None:
    Role.objects.filter(person=scene.cast.coordinator).update(since=scene.cast.today + DAY)


def _last_day(scene: Scene) -> None:
    Role.objects.filter(person=scene.cast.coordinator).update(until=scene.cast.today)


def _of_beta(model: Any, name: str) -> Callable[[Scene], Any]:
    def change(scene: Scene) -> None:
        model.objects.filter(pk=scene.here.objects[name].pk).update(organisation=scene.cast.beta)

    return change


def _owned_by_beta(scene: Scene) -> None:
    CorrectiveAction.objects.filter(pk=scene.here.objects["corrective-actions"].pk).update(
        owner=scene.cast.director_beta
    )


def _without_account(scene: Scene) -> Person:
    """The person of the scene becomes one who cannot sign in, so that the coordination keeps their record."""
    person = scene.here.objects["people"]
    type(person.account).objects.filter(pk=person.account.pk).update(person=None)
    return person


def _without_account_elsewhere_too(scene: Scene) -> None:
    person = _without_account(scene)
    Role.objects.create(
        cooperation=scene.cast.foreign_cooperation, person=person, kind="observer", since=scene.cast.since
    )


def _also(scene: Scene, **values: Any) -> None:
    """The chair of Alpha holds another role besides."""
    given = {"cooperation": scene.cast.cooperation, "kind": "observer", "since": scene.cast.since} | values
    Role.objects.create(person=scene.cast.chair_alpha, **given)


NEAR_MISSES: tuple[NearMiss, ...] = (
    # Chair, but of another organisation
    NearMiss("a chair, but of Beta: not Alpha’s vote", "chair_beta", "POST board-deliberations/", "403"),
    NearMiss("a chair, but of Beta: not Alpha’s motivation", "chair_beta", "PATCH motivations/{id}/", "403"),
    NearMiss("a chair, but of Beta: not Alpha’s figures", "chair_beta", "PATCH headcounts/{id}/", "403"),
    NearMiss("a chair, but of Beta: not Alpha’s membership", "chair_beta", "POST memberships/{id}/leave/", "403"),
    NearMiss("a director, but of Beta: not Alpha’s profile", "director_beta", "PATCH memberships/{id}/", "403"),
    NearMiss("a chair, but of Beta: not Alpha’s notice", "chair_beta", "POST memberships/{id}/give-notice/", "403"),
    NearMiss("a chair, but of Beta: not the roles of Alpha", "chair_beta", "POST roles/{id}/end/", "403"),
    NearMiss("a director, but of Beta: not Alpha’s works council", "director_beta", "POST consultations/", "403"),
    NearMiss(
        "a director, but of Beta: not Alpha’s opinion",
        "director_beta",
        "POST consultations/{id}/record-opinion/",
        "403",
    ),
    NearMiss("a director, but of Beta: no document of Alpha’s", "director_beta", "POST consultation-documents/", "403"),
    NearMiss(
        "the contact of Alpha, but the consultation whose document it is is Beta’s",
        "employees_alpha",
        "POST consultation-documents/{id}/hand-over/",
        "403",
        _of_beta(Consultation, "consultations"),
    ),
    NearMiss(
        "a token without legal acts",
        "director_alpha",
        "POST consultation-documents/{id}/hand-over/",
        "403",
        scopes=WRITE,
    ),
    NearMiss(
        "the employees’ contact of Alpha, but the consultation is Beta’s",
        "employees_alpha",
        "POST consultations/{id}/send-information/",
        "403",
        _of_beta(Consultation, "consultations"),
    ),
    NearMiss(
        "a board member of Alpha, but the board is Beta’s",
        "member_alpha",
        "POST board-deliberations/",
        "403",
        body=lambda scene: {"board": str(scene.cast.beta.boards.get().pk)},
    ),
    NearMiss(
        "the chair of Alpha, but the role is for Beta",
        "chair_alpha",
        "POST roles/",
        "403",
        body=lambda scene: {"organisation": str(scene.cast.beta.pk)},
    ),
    NearMiss(
        "the chair of Alpha, but the role is coordination",
        "chair_alpha",
        "POST roles/",
        "403",
        body=lambda scene: {"organisation": None, "kind": "coordination"},
    ),
    NearMiss(
        "the chair of Alpha, but a funder is of the cooperation, not of Alpha",
        "chair_alpha",
        "POST roles/",
        "403",
        body=lambda scene: {"kind": "funder"},
    ),
    NearMiss(
        "a board member of Alpha, but the motivation is shared by all",
        "member_alpha",
        "POST motivations/",
        "403",
        body=lambda scene: {"organisation": None},
    ),
    NearMiss(
        "a board member of Alpha, but the motivation is Beta’s",
        "member_alpha",
        "POST motivations/",
        "403",
        body=lambda scene: {"organisation": str(scene.cast.beta.pk)},
    ),
    NearMiss(
        "a board member of Alpha, but the vote is that of Beta’s board",
        "member_alpha",
        "POST decision-votes/",
        "403",
        body=lambda scene: {"board": str(scene.cast.beta.boards.get().pk)},
    ),
    NearMiss(
        "a board member of Alpha, but the vote is that of the assembly",
        "member_alpha",
        "POST decision-votes/",
        "403",
        body=lambda scene: {"board": None},
    ),
    NearMiss(
        "a chair, but of Beta: not the vote of Alpha", "chair_beta", "POST decision-votes/{id}/regularise/", "403"
    ),
    NearMiss("a chair, but of an active partner: not of the core", "chair_gamma", "POST delegations/", "403"),
    NearMiss("another chair of the core circle", "chair_beta", "POST delegations/{id}/revoke/", "ok"),
    # Leads a group, but
    NearMiss("leads another group", "pilot_beta", "POST working-groups/{id}/end/", "403", _led_by_gamma),
    NearMiss("leads it, but no longer acts here", "pilot_beta", "POST working-groups/{id}/end/", "404", _role_over),
    NearMiss(
        "a director, but of Beta: not what Alpha’s teams are told",
        "director_beta",
        "PATCH communication-actions/{id}/",
        "403",
    ),
    NearMiss(
        "heads Alpha, but the action is for everybody",
        "chair_alpha",
        "POST communication-actions/",
        "403",
        body=lambda scene: {"organisation": None},
    ),
    # Pilot, but
    NearMiss("pilots another activity", "pilot_beta", "POST milestones/{id}/complete/", "403", _elsewhere),
    NearMiss("pilots another activity", "pilot_beta", "POST milestones/", "403", _elsewhere),
    NearMiss("pilots another activity", "pilot_beta", "POST budget-entries/", "403", _elsewhere),
    NearMiss("pilots another activity", "pilot_beta", "POST indicator-targets/", "403", _elsewhere),
    NearMiss("pilots another activity", "pilot_beta", "POST measurements/{id}/validate/", "403", _elsewhere),
    NearMiss(
        "pilots until today, included",
        "pilot_beta",
        "POST milestones/{id}/start/",
        "ok",
        _mandate(until=dt.timedelta(0)),
    ),
    NearMiss(
        "a mandate that ended yesterday", "pilot_beta", "POST milestones/{id}/start/", "403", _mandate(until=-DAY)
    ),
    NearMiss("a mandate that begins tomorrow", "pilot_beta", "POST milestones/{id}/start/", "403", _mandate(since=DAY)),
    NearMiss(
        "a mandate not yet accepted",
        "pilot_beta",
        "POST milestones/{id}/start/",
        "403",
        _mandate(state="proposed", accepted_at=None),
    ),
    NearMiss(
        "a mandate put aside",
        "pilot_beta",
        "POST milestones/{id}/start/",
        "403",
        lambda scene: _mandate(state="suspended", suspended_on=scene.cast.today)(scene),
    ),
    NearMiss(
        "a mandate in force, of a person whose role ended",
        "pilot_beta",
        "POST milestones/{id}/start/",
        "404",
        _role_over,
    ),
    NearMiss(
        "a mandate in force, of an organisation that left", "pilot_beta", "GET activities/{id}/", "404", _beta_left
    ),
    NearMiss("the pilot, but of another’s mandate", "chair_beta", "POST mandates/{id}/accept/", "403"),
    NearMiss("entered by somebody else", "director_beta", "PATCH measurements/{id}/", "403"),
    NearMiss(
        "directs Alpha, but the action is owned by the director of Beta",
        "director_alpha",
        "POST corrective-actions/{id}/complete/",
        "403",
        _owned_by_beta,
    ),
    NearMiss(
        "directs Alpha, but the step is owned by the director of Beta",
        "director_alpha",
        "POST project-steps/{id}/reopen/",
        "403",
        lambda scene: ProjectStep.objects.filter(pk=scene.here.objects["project-steps"].pk).update(
            owner=scene.cast.director_beta
        ),
    ),
    NearMiss("a director, but of Beta: not Alpha’s place", "director_beta", "PATCH journey-entries/{id}/", "403"),
    NearMiss(
        "heads Alpha, but the place is that of the cooperation",
        "chair_alpha",
        "POST journey-entries/",
        "403",
        body=lambda scene: {"organisation": None},
    ),
    # Coordination, but
    NearMiss("coordinates until today, included", "coordinator", "PATCH cooperations/{id}/", "ok", _last_day),
    NearMiss("coordinated until yesterday", "coordinator", "PATCH cooperations/{id}/", "404", _coordination_over),
    NearMiss("will coordinate tomorrow", "coordinator", "GET cooperations/{id}/export/", "404", _coordination_tomorrow),
    NearMiss("of a person without account", "coordinator", "PATCH people/{id}/", "ok", _without_account),
    NearMiss(
        "of a person without account, who acts in another cooperation too",
        "coordinator",
        "PATCH people/{id}/",
        "403",
        _without_account_elsewhere_too,
    ),
    NearMiss("of a person without account", "coordinator", "GET people/{id}/export/", "ok", _without_account),
    NearMiss(
        "of a person without account, who acts in another cooperation too",
        "coordinator",
        "GET people/{id}/export/",
        "403",
        _without_account_elsewhere_too,
    ),
    NearMiss("of a person without account", "coordinator", "POST people/{id}/erase/", "ok", _without_account),
    NearMiss(
        "of a person without account, who acts in another cooperation too",
        "coordinator",
        "POST people/{id}/erase/",
        "403",
        _without_account_elsewhere_too,
    ),
    NearMiss(
        "of a person without account, but coordination until yesterday",
        "coordinator",
        "POST people/{id}/erase/",
        "404",
        lambda scene: (_without_account(scene), _coordination_over(scene)),
    ),
    NearMiss(
        "directs Alpha, but its chair acts for Beta too",
        "director_alpha",
        "POST people/{id}/leave/",
        "403",
        lambda scene: _also(scene, organisation=scene.cast.beta),
    ),
    NearMiss(
        "directs Alpha, and its chair acts for Beta elsewhere",
        "director_alpha",
        "POST people/{id}/leave/",
        "ok",
        lambda scene: _also(scene, cooperation=scene.cast.foreign_cooperation, organisation=scene.cast.beta),
    ),
    NearMiss(
        "the person, but leaving a cooperation in which they do nothing",
        "coordinator",
        "POST people/{id}/leave/",
        "400",
        body=lambda scene: {"cooperation": str(scene.cast.foreign_cooperation.pk)},
    ),
    # Figures of members: from the active partners on, unless the cooperation says otherwise
    NearMiss("chairs an active partner: reads Alpha’s headcounts", "chair_gamma", "GET headcounts/{id}/", "ok"),
    NearMiss(
        "chairs an active partner, in a cooperation that keeps figures for its core circle",
        "chair_gamma",
        "GET turnovers/{id}/",
        "404",
        lambda scene: _figures_at(scene, "core"),
    ),
    NearMiss(
        "facilitates, but each keeps its figures to itself",
        "facilitator",
        "GET headcounts/{id}/",
        "404",
        lambda scene: _figures_at(scene, "restricted"),
    ),
    NearMiss(
        "acts for Alpha, whatever the level",
        "employees_alpha",
        "GET headcounts/{id}/",
        "ok",
        lambda scene: _figures_at(scene, "restricted"),
    ),
    NearMiss("an observer, not a partner: no figures", "observer", "GET headcounts/{id}/", "404"),
    NearMiss(
        "coordinates, but Alpha left yesterday: no longer its figures",
        "coordinator",
        "GET headcounts/{id}/",
        "404",
        lambda scene: _left(scene, scene.cast.alpha),
    ),
    NearMiss(
        "heads Alpha, but covers what is Beta’s",
        "chair_alpha",
        "POST confidentiality-clauses/",
        "403",
        body=lambda scene: {"covers": _membership_of(scene, scene.cast.beta), "confidentiality": "core"},
    ),
    NearMiss(
        "heads Alpha, and covers what is its own",
        "chair_alpha",
        "POST confidentiality-clauses/",
        "ok",
        body=lambda scene: {"covers": _membership_of(scene, scene.cast.alpha), "confidentiality": "core"},
    ),
    NearMiss(
        "heads Alpha, but speaks for Beta",
        "chair_alpha",
        "POST confidentiality-clauses/",
        "403",
        body=lambda scene: {"on_behalf_of": str(scene.cast.beta.pk)},
    ),
    NearMiss(
        "a member of the network, bound by the clause: knows what binds it",
        "chair_delta",
        "GET confidentiality-clauses/{id}/",
        "ok",
        lambda scene: scene.here.objects["confidentiality-clauses"].bound.add(scene.cast.delta),
    ),
    NearMiss("chairs an organisation of another cooperation", "foreign_chair", "GET organisations/{id}/", "404"),
    NearMiss("an observer, not a partner", "observer", "GET decisions/{id}/", "404"),
    NearMiss("an observer sees what the network sees", "observer", "GET charters/{id}/", "ok"),
    NearMiss("reminded of the same thing, but by another reminder", "chair_beta", "GET reminders/{id}/", "404"),
    NearMiss(
        "the operator, for an organisation that joins nothing yet",
        "operator",
        "POST organisations/",
        "ok",
        body=lambda scene: {"cooperation": ABSENT, "circle": ABSENT},
    ),
    # The right person, but a token that does not go so far
    NearMiss("a token that only reads", "coordinator", "PATCH cooperations/{id}/", "403", scopes=READ),
    NearMiss("a token that only reads", "coordinator", "GET cooperations/{id}/", "ok", scopes=READ),
    NearMiss("a token without legal acts", "coordinator", "POST decisions/{id}/take/", "403", scopes=WRITE),
    NearMiss("a token without legal acts", "chair_alpha", "POST board-deliberations/", "403", scopes=WRITE),
    NearMiss("a token without legal acts", "chair_alpha", "POST decision-votes/", "403", scopes=WRITE),
    NearMiss("a token without legal acts", "chair_alpha", "POST delegations/", "403", scopes=WRITE),
    NearMiss(
        "a token without legal acts", "director_alpha", "POST consultations/{id}/record-opinion/", "403", scopes=WRITE
    ),
    NearMiss("a token without legal acts", "operator", "POST cooperations/import/", "403", scopes=WRITE),
)
