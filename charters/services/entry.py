"""Entering into force: by the charter's own rule, once, under the charter's lock."""

from django.db import transaction

from charters import states
from charters.enums import VersionState, VersionTransition
from charters.models import CharterVersion
from charters.rules.entry_into_force import PartyStatus
from charters.selectors import entry_of
from charters.services.cancelling import cancel_orphans, cancel_pending
from charters.services.locks import Locked, lock_version
from coopproject import clock
from governance import journal
from governance.actor import Actor


def enter_if_met(locked: Locked, *, actor: Actor) -> bool:
    """Put a submitted version in force if its rule is met and its date has come. True when it entered now.

    The caller holds the members of the cooperation and the charter (`lock_version(…, members=True)`): of two last
    approvals at the same instant, one finds the version entered.
    """
    charter, version = locked.charter, locked.version
    if version.state != VersionState.SUBMITTED:
        return False
    entry = entry_of(version, clock.today(charter.cooperation.zone))
    if not entry.in_force or entry.enters_on is None:
        return False
    former = CharterVersion.objects.filter(charter=charter, state=VersionState.IN_FORCE).first()
    day = entry.enters_on
    if former is not None:
        assert former.in_force_on is not None
        day = max(day, former.in_force_on)
        states.charter_version.apply(former, VersionTransition.SUPERSEDE)
        former.superseded_on = day
        former.save(update_fields=["state", "superseded_on"])
        journal.record("charter_version.superseded", former, actor=actor, by=version.pk, superseded_on=day)
        former.charter = charter
        cancel_pending(former, actor=actor, day=clock.today(charter.cooperation.zone))
    states.charter_version.apply(version, VersionTransition.ENTER)
    version.in_force_on = day
    version.save(update_fields=["state", "in_force_on"])
    journal.record(
        "charter_version.entered_into_force",
        version,
        actor=actor,
        in_force_on=day,
        met_on=entry.met_on,
        content_hash=version.content_hash,
        approved_by=[
            row.organisation_id for row in entry.parties if row.approved_on and row.status != PartyStatus.NOT_ASKED
        ],
        carried_over=[row.organisation_id for row in entry.parties if row.carried_from],
    )
    return True


def entry_tick() -> int:
    """Put in force every submitted version whose rule is met and whose day has come. Returns how many entered.

    Covers a stated date that was in the future and a party that left, whose votes in progress are given up. Running it
    twice, or on two machines, is safe.
    """
    entered = 0
    waiting = CharterVersion.objects.filter(state=VersionState.SUBMITTED).order_by("submitted_at", "pk")
    for pk in list(waiting.values_list("pk", flat=True)):
        with transaction.atomic():
            entered += enter_if_met(lock_version(pk, members=True), actor=Actor.system("charter_entry"))
    cancel_orphans()
    return entered
