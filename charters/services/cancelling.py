"""Giving a deliberation up: nothing was decided, and what was cast is forgotten."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from charters import states
from charters.enums import DeliberationTransition
from charters.models import Ballot, BoardDeliberation, CharterVersion, Urn
from charters.models.deliberations import PENDING
from charters.selectors import EntryReader
from charters.services.locks import lock_version
from coopproject import clock, wording
from governance import journal
from governance.actor import Actor


def cancel(deliberation: BoardDeliberation, *, actor: Actor, day: dt.date, reason: str) -> None:
    """The caller holds the lock on the charter. Raises RuleViolated `wrong_state` for what is over."""
    states.board_deliberation.apply(deliberation, DeliberationTransition.CANCEL)
    Ballot.objects.filter(deliberation=deliberation).delete()
    Urn.objects.filter(deliberation=deliberation).delete()
    deliberation.cancelled_on, deliberation.cancelled_reason = day, reason
    deliberation.save(update_fields=["state", "cancelled_on", "cancelled_reason"])
    journal.record(
        "board_deliberation.cancelled",
        deliberation,
        actor=actor,
        on_behalf_of=deliberation.organisation_id,
        reason=reason,
        cancelled_on=day,
    )


def cancel_orphans() -> int:
    """Give up the votes in progress of organisations that are no longer parties: nobody is left to close them.

    Returns how many. Running it twice, or on two machines, is safe.
    """
    given_up = 0
    for pk, version_id in list(
        BoardDeliberation.objects.filter(state__in=PENDING).order_by("pk").values_list("pk", "charter_version_id")
    ):
        with transaction.atomic():
            locked = lock_version(version_id, members=True)
            day = clock.today(locked.charter.cooperation.zone)
            parties = {party.id for party in EntryReader(locked.version, day).parties()}
            deliberation = BoardDeliberation.objects.get(pk=pk)
            if deliberation.state not in PENDING or str(deliberation.organisation_id) in parties:
                continue
            deliberation.charter_version = locked.version
            with wording.in_the_language_of_records():
                reason = _("Cette organisation n’est plus partie à cette version.")
            cancel(deliberation, actor=Actor.system("charter_entry"), day=day, reason=reason)
            given_up += 1
    return given_up


def cancel_pending(version: CharterVersion, *, actor: Actor, day: dt.date) -> None:
    """No board has anything left to decide on a text that was withdrawn, rejected or replaced."""
    with wording.in_the_language_of_records():
        reason = _("Ce texte n’est plus soumis aux instances.")
    for deliberation in BoardDeliberation.objects.filter(charter_version=version, state__in=PENDING).order_by("pk"):
        deliberation.charter_version = version
        cancel(deliberation, actor=actor, day=day, reason=reason)
