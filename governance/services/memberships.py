"""Joining a cooperation, moving between its circles, leaving it. History is kept: a stay is ended, never rewritten."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, RuleViolated, Violation
from coopproject.locking import lock
from governance import departures, journal
from governance.actor import Actor
from governance.enums import Confidentiality, RoleKind
from governance.models import CircleStay, Cooperation, Membership, Organisation, Role
from governance.rules.belonging import Period, Stay, join_violations, leave_violations, move_violations
from governance.rules.calendars import day_after
from governance.rules.exit_notice import earliest_exit, exit_violations, notice_violations
from governance.rules.member_description import description_violations
from governance.rules.onboarding import Step, onboarding_violations
from governance.selectors.onboarding import steps_owed
from governance.services import records, roles
from governance.services.levels import require_level, require_new_level

_DAY = dt.timedelta(days=1)
_DESCRIPTION = ("profile", "specific_asset", "relation", "competes_on")


@transaction.atomic
def membership_create(
    *,
    actor: Actor,
    cooperation: Cooperation,
    organisation: Organisation,
    circle: str,
    joined_on: dt.date | None = None,
    onboarding_waiver: str = "",
    confidentiality: str = Confidentiality.NETWORK,
    **description: Any,
) -> Membership:
    """Let an organisation join on `joined_on` (today) in a circle. Refused while it is a member already, and in a
    circle whose steps it has not done, unless the coordination waives them (`onboarding_waiver`, why).

    `description`: its profile and its relation, where they are known (`membership_update`).
    """
    require_level(confidentiality, actor, [cooperation.pk])
    cooperation = lock(Cooperation.objects.all(), cooperation.pk)
    day = joined_on or clock.today(cooperation.zone)
    former = Membership.objects.filter(cooperation=cooperation, organisation=organisation)
    found = list(
        join_violations(
            joined_on=day,
            started_on=cooperation.started_on,
            ended_on=cooperation.ended_on,
            memberships=[Period(row.joined_on, row.left_on) for row in former],
        )
    )
    owed = steps_owed(cooperation.pk, None, before=None, after=circle, since=day)
    found += _onboarding_violations(cooperation.pk, actor, owed, onboarding_waiver)
    if found:
        raise RuleViolated(*found)
    membership = Membership(
        cooperation=cooperation,
        organisation=organisation,
        joined_on=day,
        confidentiality=confidentiality,
        **description,
    )
    _require_description(membership)
    records.check(membership)
    membership.save(force_insert=True)
    CircleStay.objects.create(
        cooperation=cooperation,
        membership=membership,
        circle=circle,
        since=day,
        onboarding_waiver=onboarding_waiver if owed else "",
    )
    journal.record(
        "membership.created",
        membership,
        actor=actor,
        on_behalf_of=organisation.pk,
        organisation=organisation.pk,
        joined_on=day,
        circle=circle,
        **_waiver(onboarding_waiver, owed),
        **description,
    )
    return membership


@transaction.atomic
def membership_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]
) -> Membership:
    """Say what kind of partner the member is, how it relates to the others, and who may know that it belongs here.

    Raises InvalidInput: an asset without its profile or a profile without its asset, an alliance on nothing; and for
    a level, what `require_level` raises.
    """
    membership = locked_membership(pk, expected_version)
    require_new_level(membership, changes, actor, [membership.cooperation_id])
    wanted = Membership(**{name: changes.get(name, getattr(membership, name)) for name in _DESCRIPTION})
    _require_description(wanted)
    saved = records.save_changes(membership, actor=actor, changes=changes, on_behalf_of=membership.organisation_id)
    assert isinstance(saved, Membership)
    return saved


@transaction.atomic
def membership_move(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    circle: str,
    reason: str,
    since: dt.date | None = None,
    onboarding_waiver: str = "",
) -> Membership:
    """Change circle from `since` (today) on; the current stay ends the day before.

    Inwards, refused with each step not done by that day, unless the coordination waives them (`onboarding_waiver`).
    """
    membership = locked_membership(pk, expected_version)
    day = since or clock.today(membership.cooperation.zone)
    current = _latest_stay(membership)
    found = list(
        move_violations(
            circle=circle, since=day, current=Stay(current.circle, current.since), left_on=membership.left_on
        )
    )
    owed = steps_owed(membership.cooperation_id, membership, before=current.circle, after=circle, since=day)
    found += _onboarding_violations(membership.cooperation_id, actor, owed, onboarding_waiver)
    if found:
        raise RuleViolated(*found)
    current.until = day - _DAY
    current.save(update_fields=["until"])
    CircleStay.objects.create(
        cooperation_id=membership.cooperation_id,
        membership=membership,
        circle=circle,
        since=day,
        reason=reason,
        onboarding_waiver=onboarding_waiver if owed else "",
    )
    membership.save(update_fields=[])
    journal.record(
        "membership.moved",
        membership,
        actor=actor,
        on_behalf_of=membership.organisation_id,
        reason=reason,
        before=current.circle,
        after=circle,
        since=day,
        **_waiver(onboarding_waiver, owed),
    )
    return membership


@transaction.atomic
def membership_give_notice(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    given_on: dt.date | None = None,
    reason: str,
    reference: str = "",
) -> Membership:
    """Give notice of leaving on `given_on` (today): the earliest exit is counted once, by what binds the member then.

    A notice of an earlier day names the act that gave it (`reference`: a registered letter).
    """
    membership = locked_membership(pk, expected_version)
    today = clock.today(membership.cooperation.zone)
    day = given_on or today
    if day > today:
        raise InvalidInput(Violation("in_the_future", _("Un préavis donné ne peut être à venir."), "/given_on"))
    if found := notice_violations(
        given_on=day,
        joined_on=membership.joined_on,
        left_on=membership.left_on,
        already=membership.notice_given_on,
    ):
        raise RuleViolated(*found)
    if day < today and not reference.strip():
        detail = _("Un préavis d’un jour passé nomme l’acte qui l’a donné (courrier recommandé…).")
        raise InvalidInput(Violation("reference_required", detail, "/reference"))
    owed = departures.notice_owed(membership.cooperation, membership.organisation_id, day)
    membership.notice_given_on, membership.notice_reason, membership.notice_reference = day, reason, reference
    membership.notice_exit_on = earliest_exit(day, owed.months if owed else 0)
    membership.save(update_fields=["notice_given_on", "notice_reason", "notice_reference", "notice_exit_on"])
    journal.record(
        "membership.notice_given",
        membership,
        actor=actor,
        on_behalf_of=membership.organisation_id,
        reason=reason,
        given_on=day,
        reference=reference,
        months=owed.months if owed else None,
        exit_on=membership.notice_exit_on,
    )
    return membership


@transaction.atomic
def membership_leave(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    reason: str,
    left_on: dt.date | None = None,
    waiver_reason: str = "",
) -> Membership:
    """Leave on `left_on` (today), the last day. Ends what was exercised for the organisation in this cooperation.

    Refused before the notice that it owes has run, unless the coordination waives it. The journal entry lists the
    consequences: roles ended, roles that will never begin, coordination lost.
    """
    membership = locked_membership(pk, expected_version)
    today = clock.today(membership.cooperation.zone)
    day = left_on or today
    current = _latest_stay(membership)
    held = list(
        Role.objects.filter(cooperation_id=membership.cooperation_id, organisation_id=membership.organisation_id)
        .exclude(until__lte=day)
        .order_by("since", "pk")
    )
    found = list(
        leave_violations(
            left_on=day,
            joined_on=membership.joined_on,
            already_left_on=membership.left_on,
            current=Stay(current.circle, current.since),
            today=today,
            roles=[Period(role.since, role.until) for role in held],
        )
    )
    if membership.left_on is None:
        found += _exit_violations(membership, actor, day, today, waiver_reason)
    if found:
        raise RuleViolated(*found)
    current.until = day
    current.save(update_fields=["until"])
    membership.left_on, membership.leave_reason, membership.leave_waiver = day, reason, waiver_reason
    membership.save(update_fields=["left_on", "leave_reason", "leave_waiver"])
    ended = [role for role in held if role.since <= day]
    never_begun = [role for role in held if role.since > day]
    for role in ended:
        roles.end(role, day, actor=actor, reason=reason)
    journal.record(
        "membership.left",
        membership,
        actor=actor,
        on_behalf_of=membership.organisation_id,
        reason=reason,
        left_on=day,
        notice_given_on=membership.notice_given_on,
        waiver=waiver_reason,
        consequences={
            "roles_ended": [role.pk for role in ended],
            "roles_never_begun": [role.pk for role in never_begun],
            "without_coordination": not _coordinated_after(membership.cooperation_id, day),
        },
    )
    for role in never_begun:
        role.delete()
    return membership


def _require_description(membership: Membership) -> None:
    if found := list(description_violations(**{name: getattr(membership, name) for name in _DESCRIPTION})):
        raise InvalidInput(*found)


def locked_membership(pk: UUID, expected_version: int | None) -> Membership:
    """The membership, under the lock of its cooperation taken first (roles are given under that one)."""
    cooperation_id = Membership.objects.values_list("cooperation_id", flat=True).filter(pk=pk).first()
    if cooperation_id is not None:
        lock(Cooperation.objects.all(), cooperation_id)
    return lock(Membership.objects.select_related("cooperation"), pk, expected_version)


def _exit_violations(
    membership: Membership, actor: Actor, day: dt.date, today: dt.date, waiver_reason: str
) -> Iterator[Violation]:
    """What the notice still owed says against leaving. Only the coordination waives it, for the other members."""
    owed = departures.notice_owed(membership.cooperation, membership.organisation_id, today)
    yield from exit_violations(
        left_on=day,
        today=today,
        months=owed.months if owed else 0,
        notice_exit_on=membership.notice_exit_on,
        waived=bool(waiver_reason),
    )
    if waiver_reason and not actor.holds(membership.cooperation_id, (RoleKind.COORDINATION,)):
        detail = _("La coordination seule dispense du préavis, pour les autres membres.")
        yield Violation("waiver_by_coordination", detail, "/waiver_reason")


def _onboarding_violations(cooperation_id: UUID, actor: Actor, owed: list[Step], waiver: str) -> Iterator[Violation]:
    may_waive = actor.holds(cooperation_id, (RoleKind.COORDINATION,))
    return onboarding_violations(owed, waived=bool(waiver.strip()), may_waive=may_waive)


def _waiver(reason: str, owed: list[Step]) -> dict[str, Any]:
    """What the journal says of a waiver: why, and of which steps."""
    return {"onboarding_waiver": reason, "steps_waived": [step.id for step in owed]} if reason and owed else {}


def _latest_stay(membership: Membership) -> CircleStay:
    return CircleStay.objects.filter(membership=membership).latest("since")


def _coordinated_after(cooperation_id: UUID, day: dt.date) -> bool:
    return (
        Role.objects.in_force(day_after(day)).filter(cooperation_id=cooperation_id, kind=RoleKind.COORDINATION).exists()
    )
