"""What a move between circles would change: rights, votes, steps owed, size. Read only; dues have no scheme yet."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from coopproject.exceptions import InvalidInput, Violation
from governance import simulations
from governance.actor import Actor, HeldRole
from governance.enums import Confidentiality, RoleKind
from governance.models import CircleStay, Membership, Role
from governance.rules.belonging import Stay, move_violations
from governance.rules.confidentiality import LEVELS
from governance.rules.onboarding import onboarding_violations
from governance.rules.size import crossing
from governance.selectors.onboarding import steps_owed
from governance.selectors.size import circles_counted, participants
from governance.simulations import Move

_HORIZON_DAYS = 3653
# Told of whoever would act for an organisation for which nobody acts yet.
_WHOEVER = (RoleKind.BOARD_CHAIR, RoleKind.DIRECTOR)
# Of the cooperation, whatever the circle of the organisation that they come from.
_GUESTS = (RoleKind.FUNDER, RoleKind.OBSERVER)


@dataclass
class Audience:
    """People who act for the organisation and for whom the move changes the same."""

    before: Actor
    after: Actor
    kinds: set[str] = field(default_factory=set)
    people: int = 0


def simulate_move(
    membership: Membership, actor: Actor, *, circle: str, since: dt.date, today: dt.date
) -> dict[str, Any]:
    """What changes from `since` on if the member moves to `circle` that day, as far as this actor may know.

    `violations`: why the move would be refused today. A move that cannot be (same circle, before the current stay,
    membership ended) changes nothing, and nothing more is told of it. Raises InvalidInput for a day too far away to
    say what will hold then.
    """
    if since > today + dt.timedelta(days=_HORIZON_DAYS):
        raise InvalidInput(Violation("too_far", _("Un changement se simule dix ans à l’avance au plus."), "?since"))
    current = CircleStay.objects.filter(membership=membership).latest("since")
    impossible = list(
        move_violations(
            circle=circle, since=since, current=Stay(current.circle, current.since), left_on=membership.left_on
        )
    )
    owed = []
    told: dict[str, Any] = {"audiences": [], "votes": [], "size": None}
    if not impossible:
        owed = steps_owed(membership.cooperation_id, membership, before=current.circle, after=circle, since=since)
        move = Move(membership.organisation_id, current.circle, circle, since, max(since, today))
        told = {
            "audiences": [_told(audience, actor, membership) for audience in audiences(membership, actor, move)],
            "votes": [effect.as_data() for effect in simulations.on_votes(actor, membership.cooperation, move)],
            "size": _size(membership, actor, move),
        }
    refused = [*impossible, *onboarding_violations(owed, waived=False, may_waive=False)]
    return {
        "membership": membership.pk,
        "organisation": membership.organisation_id,
        "circle_before": current.circle,
        "circle_after": circle,
        "since": since,
        "violations": [{"code": one.code, "detail": str(one.detail), "pointer": one.pointer} for one in refused],
        "steps_owed": [{"step": step.id, "circle": step.circle, "title": step.title} for step in owed],
        **told,
        "dues": _("Aucun barème de cotisations n’existe encore ici : le changement n’en dit rien."),
    }


def audiences(membership: Membership, asker: Actor, move: Move) -> list[Audience]:
    """Those who are known to the asker to act for the organisation on that day, by what they may know of before and
    after the move.

    Only what roles open is compared: what a person knows of by name (an elector, while a vote is open) is theirs
    whatever the circle.
    """
    cooperation_id = membership.cooperation_id
    rows = Role.objects.in_force(move.on).filter(cooperation=cooperation_id)
    known = Role.objects.visible_to(asker).order_by().values("pk")
    mine = rows.filter(pk__in=known, organisation=move.organisation_id, person__erased_at__isnull=True).exclude(
        kind__in=_GUESTS
    )
    people: dict[Any, list[HeldRole]] = defaultdict(list)
    stays = CircleStay.objects.in_force(move.on).filter(cooperation=cooperation_id).order_by("pk")
    circles: dict[UUID, str] = dict(stays.values_list("membership__organisation_id", "circle"))
    circles[move.organisation_id] = move.before
    held = rows.filter(person__in=mine.values("person")).order_by("pk")
    for person_id, organisation_id, kind in held.values_list("person_id", "organisation_id", "kind"):
        circle = circles.get(organisation_id) if organisation_id else None
        people[person_id].append(HeldRole(cooperation_id, organisation_id, kind, circle))
    if not people:
        people = {kind: [HeldRole(cooperation_id, move.organisation_id, kind, move.before)] for kind in _WHOEVER}
    found: dict[Any, Audience] = {}
    for person, roles in people.items():
        before = Actor(roles=tuple(role for role in roles if role.counts))
        moved = [
            replace(role, circle=move.after) if role.organisation_id == move.organisation_id else role
            for role in before.roles
        ]
        after = Actor(roles=tuple(moved))
        key = (
            _levels(before, cooperation_id),
            _levels(after, cooperation_id),
            before.organisations_in(cooperation_id),
            any(role.kind in {RoleKind.COORDINATION, RoleKind.FACILITATION} for role in roles),
        )
        audience = found.setdefault(key, Audience(before, after))
        audience.kinds |= {role.kind for role in roles if role.organisation_id == move.organisation_id}
        audience.people += isinstance(person, UUID)
    return sorted(found.values(), key=lambda audience: sorted(audience.kinds))


def _levels(actor: Actor, cooperation_id: UUID) -> frozenset[Confidentiality]:
    return actor.levels.get(cooperation_id, frozenset())


def _told(audience: Audience, asker: Actor, membership: Membership) -> dict[str, Any]:
    before, after = (_levels(one, membership.cooperation_id) for one in (audience.before, audience.after))
    return {
        "kinds": [{"kind": kind, "label": RoleKind(kind).label} for kind in sorted(audience.kinds)],
        "people": audience.people,
        "opened": _words(after - before),
        "closed": _words(before - after),
        "gained": list(_sight(membership, asker, audience.after, audience.before)) if after - before else [],
        "lost": list(_sight(membership, asker, audience.before, audience.after)) if before - after else [],
    }


def _words(levels: frozenset[Confidentiality]) -> list[dict[str, str]]:
    return [{"level": level, "label": str(level.label)} for level in LEVELS if level in levels]


def in_sight(model: Any, membership: Membership, asker: Actor, of: Actor, but_not: Actor) -> Any:
    """The rows that `of` may know of and `but_not` may not, among those that the asker may know of."""
    rows = model.objects.visible_to(of).filter(cooperation=membership.cooperation_id)
    rows = rows.filter(pk__in=model.objects.visible_to(asker).order_by().values("pk"))
    return rows.exclude(pk__in=model.objects.visible_to(but_not).order_by().values("pk"))


def _sight(membership: Membership, asker: Actor, of: Actor, but_not: Actor) -> Iterator[dict[str, Any]]:
    for model in simulations.in_lists():
        if count := in_sight(model, membership, asker, of, but_not).count():
            yield {
                "object_type": model._meta.label_lower,
                "label": str(model._meta.verbose_name_plural),
                "count": count,
            }


def _size(membership: Membership, asker: Actor, move: Move) -> dict[str, Any]:
    """How many take part before and after, by the circles that this cooperation counts, against its threshold."""
    cooperation = membership.cooperation
    counted = circles_counted(cooperation)
    before = participants(cooperation, asker, move.on)
    after = before + (move.after in counted) - (move.before in counted)
    return {
        "before": before,
        "after": after,
        "threshold": cooperation.size_alert,
        "crossing": crossing(before, after, cooperation.size_alert),
    }
