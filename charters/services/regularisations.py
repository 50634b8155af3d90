"""A board confirms a vote that came before what it had to wait for: only then does the vote count."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from charters.enums import DeliberationResult
from charters.models import BoardDeliberation, Regularisation
from charters.services import minutes
from charters.services.outcomes import capacity_of, held_back, lock_deliberation, refusals, refuse, settle
from coopproject import clock
from coopproject.exceptions import InvalidInput, Violation
from governance import journal
from governance.actor import Actor
from governance.models import StoredFile
from governance.services import records

_SETTLED = (DeliberationResult.ADOPTED, DeliberationResult.REJECTED)


@transaction.atomic
def board_deliberation_regularise(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    ratified_on: dt.date,
    minutes_reference: str,
    reason: str,
    minutes_file: StoredFile | None = None,
) -> BoardDeliberation:
    """Record that the board ratified its irregular vote on a day when nothing held it back any more.

    An adopted vote becomes an approval of that day, and the last one needed puts the text in force. Raises
    InvalidInput for a day to come or before the vote; RuleViolated with every reason: `nothing_to_regularise`,
    `already_regularised`, `later_vote_counts`, those of a vote on that day, and the codes of the gate.
    """
    locked, deliberation = lock_deliberation(pk, expected_version, members=True)
    today = clock.today(locked.charter.cooperation.zone)
    if ratified_on > today:
        detail = _("Une ratification à venir ne s’enregistre pas.")
        raise InvalidInput(Violation("in_the_future", detail, "/ratified_on"))
    found = _violations(deliberation)
    if not found and ratified_on < deliberation.held_on:
        raise InvalidInput(
            Violation("before_the_vote", _("Un vote ne se ratifie qu’après avoir eu lieu."), "/ratified_on")
        )
    found += refusals(
        locked,
        deliberation.board,
        content_hash=deliberation.content_hash,
        held_on=ratified_on,
        today=today,
        approves_charters=deliberation.board.approves_charters,
    )
    refuse(*found, *held_back(locked.version, deliberation.organisation_id, {ratified_on, today}))
    regularisation = Regularisation(
        cooperation_id=deliberation.cooperation_id,
        deliberation=deliberation,
        ratified_on=ratified_on,
        minutes_reference=minutes_reference,
        minutes_file=minutes.minutes_file(minutes_file),
        reason=reason,
        recorded_by_id=actor.person_id,
        capacity=capacity_of(actor, deliberation.cooperation_id, deliberation.organisation_id),
    )
    records.check(regularisation)
    regularisation.save(force_insert=True)
    journal.record(
        "board_deliberation.regularised",
        deliberation,
        actor=actor,
        on_behalf_of=deliberation.organisation_id,
        reason=reason,
        ratified_on=ratified_on,
        minutes_reference=minutes_reference,
        minutes_sha256=minutes.sha256_of(minutes_file),
        capacity=regularisation.capacity,
    )
    settle(locked, deliberation, actor=actor, approved_on=ratified_on)
    return deliberation


def _violations(deliberation: BoardDeliberation) -> list[Violation]:
    if not deliberation.irregular or deliberation.result not in _SETTLED:
        detail = _("Seul un vote irrégulier, adopté ou refusé, se régularise.")
        return [Violation("nothing_to_regularise", detail)]
    if Regularisation.objects.filter(deliberation=deliberation).exists():
        return [Violation("already_regularised", _("Ce vote est déjà régularisé."))]
    later = BoardDeliberation.objects.filter(
        charter_version_id=deliberation.charter_version_id,
        board_id=deliberation.board_id,
        result__in=_SETTLED,
        irregular=False,
        created_at__gt=deliberation.created_at,
    )
    if later.exists():
        return [Violation("later_vote_counts", _("L’instance a voté de nouveau depuis : ce vote-là compte."))]
    return []
