"""The acts on a mandate, under the lock of its activity: one accountable pilot at a time."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from charters.models import Agreement
from coopproject import clock
from coopproject.exceptions import NotVisible, RuleViolated, Violation
from coopproject.locking import lock
from governance import journal
from governance.actor import Actor
from governance.models import Cooperation, Organisation, Person
from governance.services import records
from governance.services.references import of_other_cooperations
from milestones import states
from milestones.enums import MandateState
from milestones.enums import MandateTransition as T
from milestones.models import Activity, Mandate
from milestones.rules.mandates import MandateFacts, overlap_violations
from milestones.services.checks import not_members, refuse, without_role


def facts_of(mandate: Mandate) -> MandateFacts:
    """The row in the words of the rules."""
    return MandateFacts(
        activity=str(mandate.activity_id),
        person=str(mandate.person_id),
        since=mandate.since,
        until=mandate.until,
        state=mandate.state,
        minutes_per_week=mandate.load_minutes_per_week,
        ref=str(mandate.pk),
    )


@transaction.atomic
def mandate_create(
    *, actor: Actor, activity: Activity, person: Person, organisation: Organisation, **data: Any
) -> Mandate:
    """Propose a mandate. It counts only once the person has accepted it."""
    # Against a departure of this person: whoever leaves is proposed nothing more (docs/locking.md).
    cooperation = Cooperation.objects.select_for_update(no_key=True).get(pk=activity.cooperation_id)
    today = clock.today(cooperation.zone)
    data.setdefault("since", today)
    refuse(
        [
            *not_members(cooperation.pk, [organisation], on=max(today, data["since"]), pointer="/organisation"),
            *without_role(cooperation, person, organisation=organisation, pointer="/person"),
        ]
    )
    refuse(_attached(cooperation.pk, organisation.pk, data.get("agreement")))
    mandate = Mandate(cooperation=cooperation, activity=activity, person=person, organisation=organisation, **data)
    created: Mandate = records.create(mandate, actor=actor, on_behalf_of=organisation.pk)
    return created


@transaction.atomic
def mandate_update(*, pk: UUID, actor: Actor, expected_version: int | None, changes: dict[str, Any]) -> Mandate:
    """Change a proposal. What a pilot has accepted does not change behind their back: end it, propose another.

    The agreement to which it is attached is told at any time: it changes nothing of what the pilot accepted.
    """
    mandate = _lock(pk, expected_version)
    if "agreement" in changes:
        refuse(_attached(mandate.cooperation_id, mandate.organisation_id, changes["agreement"]))
    if mandate.state != MandateState.PROPOSED and set(changes) - {"agreement"}:
        raise RuleViolated(
            Violation("wrong_state", _("Un mandat accepté ne se modifie plus : mettez-y fin et proposez-en un autre."))
        )
    records.save_changes(mandate, actor=actor, changes=changes)
    return mandate


@transaction.atomic
def mandate_accept(*, pk: UUID, actor: Actor, expected_version: int | None = None) -> Mandate:
    """The pilot accepts, or takes up again a suspended mandate. Refused when another pilot's mandate overlaps."""
    mandate = _lock(pk, expected_version)
    violations = states.mandate.violations(mandate.state, T.ACCEPT)
    today = clock.today(mandate.cooperation.zone)
    if mandate.until is not None and mandate.until < today:
        violations.append(Violation("mandate_expired", _("Le terme de ce mandat est déjà passé.")))
    others = Mandate.objects.filter(activity=mandate.activity_id).exclude(pk=mandate.pk).order_by("pk")
    violations += overlap_violations(facts_of(mandate), [facts_of(other) for other in others])
    if violations:
        raise RuleViolated(*violations)
    states.mandate.apply(mandate, T.ACCEPT)
    mandate.accepted_at = mandate.accepted_at or clock.now()
    mandate.suspended_on, mandate.suspended_reason = None, ""
    mandate.save(update_fields=["state", "accepted_at", "suspended_on", "suspended_reason"])
    journal.record(
        "mandate.accepted",
        mandate,
        actor=actor,
        on_behalf_of=mandate.organisation_id,
        activity=mandate.activity_id,
        person=mandate.person_id,
        since=mandate.since,
        until=mandate.until,
        spending_ceiling=mandate.spending_ceiling,
    )
    return mandate


@transaction.atomic
def mandate_suspend(*, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str) -> Mandate:
    """Put the mandate aside; its pilot takes it up again by accepting."""
    mandate = _lock(pk, expected_version)
    states.mandate.apply(mandate, T.SUSPEND)
    mandate.suspended_on, mandate.suspended_reason = clock.today(mandate.cooperation.zone), reason
    mandate.save(update_fields=["state", "suspended_on", "suspended_reason"])
    journal.record(
        "mandate.suspended",
        mandate,
        actor=actor,
        on_behalf_of=mandate.organisation_id,
        reason=reason,
        suspended_on=mandate.suspended_on,
    )
    return mandate


@transaction.atomic
def mandate_end(*, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str) -> Mandate:
    """End the mandate today: « I have no more time » is reason enough. A proposal that is declined ends too."""
    mandate = _lock(pk, expected_version)
    states.mandate.apply(mandate, T.END)
    mandate.ended_on, mandate.ended_reason = clock.today(mandate.cooperation.zone), reason
    mandate.save(update_fields=["state", "ended_on", "ended_reason"])
    journal.record(
        "mandate.ended",
        mandate,
        actor=actor,
        on_behalf_of=mandate.organisation_id,
        reason=reason,
        ended_on=mandate.ended_on,
    )
    return mandate


@transaction.atomic
def mandate_leave(*, pk: UUID, actor: Actor, last_day: dt.date, reason: str) -> Mandate:
    """Its pilot leaves after `last_day`: it runs until then; what was not accepted, or begins later, ends at once."""
    mandate = _lock(pk, None)
    if mandate.state != MandateState.ACCEPTED or mandate.since > last_day:
        return mandate_end(pk=pk, actor=actor, reason=reason)
    before, mandate.until = mandate.until, last_day
    mandate.save(update_fields=["until"])
    journal.record(
        "mandate.shortened",
        mandate,
        actor=actor,
        on_behalf_of=mandate.organisation_id,
        reason=reason,
        before={"until": before},
        after={"until": last_day},
    )
    return mandate


def mandate_in_force(activity_id: UUID, person_id: UUID | None, day: dt.date) -> Mandate | None:
    """This person's mandate on this activity on that day, its row locked: what they spend counts against it."""
    found: Mandate | None = (
        Mandate.objects.in_force(day)
        .filter(activity=activity_id, person=person_id)
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
        .first()
    )
    return found


def _attached(cooperation_id: UUID, organisation_id: UUID, agreement: Agreement | None) -> Iterator[Violation]:
    """A mandate is attached to an agreement of the same cooperation, to which the pilot’s organisation is a party."""
    if agreement is None:
        return
    yield from of_other_cooperations(cooperation_id, agreement=agreement)
    if not agreement.parties.filter(organisation=organisation_id).exists():
        detail = _("L’organisation du pilote n’est pas partie à cette convention.")
        yield Violation("not_a_party", detail, "/agreement")


def _lock(pk: UUID, expected_version: int | None) -> Mandate:
    activity_id = Mandate.objects.filter(pk=pk).values_list("activity", flat=True).first()
    if activity_id is None:
        raise NotVisible
    lock(Activity.objects.all(), activity_id)
    mandate: Mandate = lock(Mandate.objects.select_related("cooperation", "activity"), pk, expected_version)
    return mandate
