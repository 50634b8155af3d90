"""What governance knows that a person leaves behind, and who may take it: roles, coordination, consultations."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import NotAllowed
from governance import policies
from governance.actor import Actor
from governance.departures import Consequence
from governance.enums import ConsultationState, DecisionState, RoleKind
from governance.handovers import DAY, Leaving, LeftOpen, Matter
from governance.models import Consultation, Cooperation, Organisation, Person, Role
from governance.services import roles

# The functions that an organisation must not lose unseen, and what is said when nobody would exercise them.
_SOLE: dict[str, tuple[str, Any]] = {
    RoleKind.BOARD_CHAIR: ("organisation_without_chair", _("%(organisation)s n’aurait plus de présidence.")),
    RoleKind.DIRECTOR: ("organisation_without_director", _("%(organisation)s n’aurait plus de direction.")),
    RoleKind.EMPLOYEES_CONTACT: (
        "organisation_without_employees_contact",
        _("%(organisation)s n’aurait plus de contact avec les représentants du personnel."),
    ),
}
# Who may act on the consultation of an employer (`policies.decisions`).
_EMPLOYER = (RoleKind.BOARD_CHAIR, RoleKind.DIRECTOR, RoleKind.EMPLOYEES_CONTACT)
_GIVE = _("Confier ce rôle à une autre personne, ou le laisser ouvert en disant pourquoi.")


class Holdings:
    """The roles that a person would not keep, and those that others hold the day after."""

    def __init__(self, cooperation: Cooperation, person_id: UUID, on: dt.date) -> None:
        here = Role.objects.filter(cooperation=cooperation)
        self.own = list(
            here.filter(Q(until__isnull=True) | Q(until__gt=on), person=person_id)
            .select_related("organisation")
            .order_by("since", "pk")
        )
        self.lived = [role for role in self.own if role.since <= on]
        others = here.in_force(on + DAY).exclude(person=person_id)
        self.others = set(others.order_by().values_list("organisation_id", "kind"))

    def orphans(self, role: Role) -> bool:
        """Whether nobody else would exercise this role, now exercised, the day after."""
        return role in self.lived and (role.organisation_id, role.kind) not in self.others

    @property
    def coordination_lost(self) -> bool:
        held = any(role.kind == RoleKind.COORDINATION for role in self.lived)
        return held and all(kind != RoleKind.COORDINATION for _organisation, kind in self.others)

    def employers_left(self) -> set[UUID]:
        """The employers whose contact leaves, or of whom nobody would be left to lead a consultation."""
        found = set()
        for role in self.lived:
            if role.organisation_id is None or role.kind not in _EMPLOYER:
                continue
            nobody = all((role.organisation_id, kind) not in self.others for kind in _EMPLOYER)
            if nobody or (role.kind == RoleKind.EMPLOYEES_CONTACT and self.orphans(role)):
                found.add(role.organisation_id)
        return found


def of_person(actor: Actor, cooperation: Cooperation, person_id: UUID, on: dt.date) -> Iterator[Consequence]:
    """The roles that end with the person, and what nobody would do any more."""
    held = Holdings(cooperation, person_id, on)
    for role in held.own:
        yield _role(role, held, on)
    if held.coordination_lost:
        yield Consequence(
            "coordination_lost",
            _("La coopération n’aurait plus de coordination."),
            _("Confier la coordination à une autre personne, avant le départ ou avec lui."),
            "cooperations",
            cooperation.pk,
            blocking=True,
        )
    running = (
        Consultation.objects.visible_to(actor)
        .filter(cooperation=cooperation, organisation__in=held.employers_left())
        .exclude(state=ConsultationState.CLOSED)
        .exclude(decision__state=DecisionState.WITHDRAWN)
    )
    for consultation in running.select_related("decision", "organisation").order_by("pk"):
        yield Consequence(
            "consultation_without_contact",
            wording.filled(
                _("La consultation du CSE de %(organisation)s sur « %(decision)s » n’aurait plus de contact."),
                organisation=consultation.organisation,
                decision=consultation.decision,
            ),
            _("Désigner un contact avec les représentants du personnel, ou la laisser ouverte en disant pourquoi."),
            "consultations",
            consultation.pk,
            day=consultation.nominal_deadline,
        )


def _role(role: Role, held: Holdings, on: dt.date) -> Consequence:
    words = {"kind": RoleKind(role.kind).label, "organisation": role.organisation}
    if role.since > on:
        title = wording.filled(_("%(kind)s : ce rôle ne commencera pas."), **words)
        return Consequence("role_never_begins", title, _("Rien à faire."), "roles", role.pk, day=role.since)
    if role.kind in _SOLE and held.orphans(role):
        code, sentence = _SOLE[role.kind]
        return Consequence(code, wording.filled(sentence, **words), _GIVE, "roles", role.pk, day=role.until)
    title = wording.filled(_("%(kind)s : ce rôle prend fin."), **words)
    return Consequence("role_ends", title, _("Rien à faire."), "roles", role.pk, day=role.until)


def give_role(leaving: Leaving, kind: str, organisation: Organisation | None, to: Person) -> None:
    """Give `to` a role from the day after, unless they hold it then. Raises NotAllowed for who may not appoint."""
    organisation_id = organisation.pk if organisation else None
    held = Role.objects.in_force(leaving.next_day).filter(
        cooperation=leaving.cooperation, person=to, organisation=organisation_id, kind=kind
    )
    if held.exists():
        return
    wanted = SimpleNamespace(cooperation_id=leaving.cooperation.pk, organisation_id=organisation_id, kind=kind)
    if not policies.appoints(leaving.actor, wanted):
        raise NotAllowed(_("Vous ne pouvez pas donner ce rôle : demandez à qui le peut, ou laissez-le ouvert."))
    roles.role_create(
        actor=leaving.actor,
        cooperation=leaving.cooperation,
        person=to,
        kind=kind,
        organisation=organisation,
        since=leaving.next_day,
    )


def _take_role(leaving: Leaving, role: Role, to: Person) -> None:
    give_role(leaving, role.kind, role.organisation, to)


def _take_coordination(leaving: Leaving, cooperation: Cooperation, to: Person) -> None:
    own = Role.objects.in_force(leaving.last_day).filter(
        cooperation=cooperation, person=leaving.person, kind=RoleKind.COORDINATION
    )
    role = own.select_related("organisation").order_by("since", "pk").first()
    # On behalf of the same organisation only when its successor acts for it too.
    same = role is not None and role.organisation_id is not None and acts_for(leaving, to, role.organisation_id)
    give_role(leaving, RoleKind.COORDINATION, role.organisation if same and role is not None else None, to)


def acts_for(leaving: Leaving, to: Person, organisation_id: UUID) -> bool:
    """Whether somebody acts for this organisation the day after."""
    held = Role.objects.in_force(leaving.next_day).filter(cooperation=leaving.cooperation, person=to)
    return bool(held.filter(organisation=organisation_id).exists())


def _take_consultation(leaving: Leaving, consultation: Consultation, to: Person) -> None:
    give_role(leaving, RoleKind.EMPLOYEES_CONTACT, consultation.organisation, to)


def held_on(cooperation: Cooperation, on: dt.date) -> set[tuple[UUID | None, str]]:
    """The functions exercised in a cooperation on a day: organisation and kind."""
    return set(Role.objects.in_force(on).filter(cooperation=cooperation).values_list("organisation_id", "kind"))


def _roles_unsettled(cooperation: Cooperation, left: Sequence[LeftOpen], on: dt.date) -> Iterable[LeftOpen]:
    exercised = held_on(cooperation, on)
    return (item for item in left if (item.obj.organisation_id, item.obj.kind) not in exercised)


def _consultations_unsettled(cooperation: Cooperation, left: Sequence[LeftOpen], on: dt.date) -> Iterable[LeftOpen]:
    exercised = held_on(cooperation, on)
    withdrawn = set(
        Consultation.objects.filter(
            pk__in=[item.obj.pk for item in left], decision__state=DecisionState.WITHDRAWN
        ).values_list("pk", flat=True)
    )
    for item in left:
        over = item.obj.state == ConsultationState.CLOSED or item.obj.pk in withdrawn
        if not over and (item.obj.organisation_id, RoleKind.EMPLOYEES_CONTACT) not in exercised:
            yield item


def _name_of_role(role: Role) -> Promise:
    return wording.filled("%(kind)s, %(organisation)s", kind=RoleKind(role.kind).label, organisation=role.organisation)


_ROLE = Matter(Role, _name_of_role, _roles_unsettled, _("Donner ce rôle à une personne."), _take_role)
MATTERS = {
    **{code: _ROLE for code, _sentence in _SOLE.values()},
    # Never left open: it only says who takes it.
    "coordination_lost": Matter(
        Cooperation, str, lambda _cooperation, _left, _on: (), _("Confier la coordination."), _take_coordination
    ),
    "consultation_without_contact": Matter(
        Consultation,
        lambda consultation: str(consultation.organisation),
        _consultations_unsettled,
        _("Désigner un contact avec les représentants du personnel."),
        _take_consultation,
    ),
}
