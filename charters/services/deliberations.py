"""Convening a board on an exact text, recording what it decided, giving it up."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from charters import states
from charters.enums import BallotKind, DeliberationMode, DeliberationState, DeliberationTransition
from charters.models import BoardDeliberation, CharterVersion
from charters.models.deliberations import COUNTS
from charters.rules import live_vote, voting
from charters.rules.calls import Followed, following_call
from charters.services import cancelling
from charters.services.locks import Locked, lock_version
from charters.services.minutes import minutes_file, read_minutes, sha256_of
from charters.services.outcomes import (
    capacity_of,
    count,
    held_back,
    lock_deliberation,
    mark_irregular,
    pending_violations,
    refusals,
    refuse,
    rule_of,
    settle,
)
from coopproject import clock
from coopproject.exceptions import InvalidInput, Violation
from governance import journal
from governance.actor import Actor
from governance.models import Board
from governance.services import records


def board_deliberation_create(*, actor: Actor, mode: str = DeliberationMode.RECORDED, **data: Any) -> BoardDeliberation:
    """Record the minutes of a vote that was held, or convene one that will be held here."""
    if mode == DeliberationMode.LIVE:
        return board_deliberation_convene(actor=actor, **data)
    return board_deliberation_record(actor=actor, **data)


@transaction.atomic
def board_deliberation_convene(
    *,
    actor: Actor,
    charter_version: CharterVersion,
    board: Board,
    content_hash: str,
    held_on: dt.date,
    ballot: str,
    follows: BoardDeliberation | None = None,
    call: int | None = None,
    first_call_on: dt.date | None = None,
) -> BoardDeliberation:
    """Call the board together on `held_on` to vote here, by named or secret ballot. Nothing is frozen yet.

    Raises InvalidInput for a day that is over, RuleViolated with every reason for which the board could not vote,
    `deliberation_pending` included; the gate is asked when the vote is opened.
    """
    locked = lock_version(charter_version.pk, members=True)
    today = clock.today(locked.charter.cooperation.zone)
    if held_on < today:
        raise InvalidInput(Violation("in_the_past", _("Une séance se convoque pour un jour à venir."), "/held_on"))
    found: list[Violation] = []
    calls = _call(locked.version, board, follows, call, first_call_on, found)
    found += refusals(
        locked,
        board,
        content_hash=content_hash,
        held_on=held_on,
        today=today,
        approves_charters=board.approves_charters,
        first_call_on=calls["first_call_on"],
    )
    found += pending_violations(locked.version, board)
    rule, _missing = rule_of(board, held_on)
    if rule is not None:
        found += live_vote.kind_violations(rule.read, secret=ballot == BallotKind.SECRET)
        meeting = voting.Tally(in_office=board.seats_in_office, present=0, held_on=held_on, **calls)
        found += voting.call_violations(meeting, rule.read)
    refuse(*found)
    deliberation = BoardDeliberation(
        cooperation_id=locked.version.cooperation_id,
        charter_version=locked.version,
        board=board,
        organisation_id=board.organisation_id,
        mode=DeliberationMode.LIVE,
        state=DeliberationState.CONVENED,
        ballot=ballot,
        follows=follows,
        content_hash=content_hash,
        held_on=held_on,
        recorded_by_id=actor.person_id,
        capacity=capacity_of(actor, locked.version.cooperation_id, board.organisation_id),
        **calls,
        **dict.fromkeys(COUNTS),
    )
    return _created(deliberation, actor, "board_deliberation.convened")


@transaction.atomic
def board_deliberation_record(
    *,
    actor: Actor,
    charter_version: CharterVersion,
    board: Board,
    content_hash: str,
    held_on: dt.date,
    follows: BoardDeliberation | None = None,
    call: int | None = None,
    first_call_on: dt.date | None = None,
    **minutes: Any,
) -> BoardDeliberation:
    """Record the minutes of one board's vote. Adopted, they are that organisation's approval of this very text.

    The result is computed by the board's own rules on the day of the vote, never typed. The last approval needed puts
    the version in force, in the same transaction. A vote that came before what the decision had to wait for is kept,
    marked irregular with the codes of the gate, and counts for nothing (domain.md 1.2, C07).

    Raises InvalidInput for figures that cannot come from one meeting; RuleViolated with every reason: `wrong_state`,
    `hash_mismatch`, `not_a_party`, `already_approved` (a board votes the same text again only once its approval is
    stale), `voted_before_asked_again`, `approval_carried`, `board_does_not_approve`, `voting_rule_missing`,
    `voted_before_submission`, `charter_archived`, `deliberation_pending`, and those of a call that follows another. An
    approval that cannot be signed is not recorded either (`signing_key_revoked`).
    """
    locked = lock_version(charter_version.pk, members=True)
    found = pending_violations(locked.version, board)
    calls = _call(locked.version, board, follows, call, first_call_on, found)
    deliberation = BoardDeliberation(
        cooperation_id=locked.version.cooperation_id,
        charter_version=locked.version,
        board=board,
        organisation_id=board.organisation_id,
        follows=follows,
        content_hash=content_hash,
        held_on=held_on,
        recorded_by_id=actor.person_id,
        capacity=capacity_of(actor, locked.version.cooperation_id, board.organisation_id),
        **calls,
    )
    _minute(locked, deliberation, found, minutes)
    _created(deliberation, actor, "board_deliberation.recorded")
    _settle_regular(locked, deliberation, actor)
    return deliberation


@transaction.atomic
def board_deliberation_record_convened(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, held_on: dt.date | None = None, **minutes: Any
) -> BoardDeliberation:
    """The board was convened to vote here and voted in its own way: type its minutes, as if it had not been.

    `held_on`: the day of the meeting, by default the planned one.
    """
    locked, deliberation = lock_deliberation(pk, expected_version, members=True)
    found = states.board_deliberation.violations(deliberation.state, DeliberationTransition.RECORD)
    refuse(*found)
    deliberation.held_on = held_on or deliberation.held_on
    deliberation.mode, deliberation.ballot = DeliberationMode.RECORDED, ""
    deliberation.recorded_by_id = actor.person_id
    deliberation.capacity = capacity_of(actor, deliberation.cooperation_id, deliberation.organisation_id)
    _minute(locked, deliberation, [], minutes)
    states.board_deliberation.apply(deliberation, DeliberationTransition.RECORD)
    save_counted(deliberation, actor=actor, act="board_deliberation.recorded")
    _settle_regular(locked, deliberation, actor)
    return deliberation


@transaction.atomic
def board_deliberation_cancel(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str
) -> BoardDeliberation:
    """Give up a meeting or an open vote: what was cast is forgotten, and the board may be convened again."""
    locked, deliberation = lock_deliberation(pk, expected_version)
    cancelling.cancel(deliberation, actor=actor, day=clock.today(locked.charter.cooperation.zone), reason=reason)
    return deliberation


def save_counted(deliberation: BoardDeliberation, *, actor: Actor, act: str) -> None:
    """Check, save and journal a deliberation that is closed from now on."""
    records.check(deliberation)
    deliberation.save()
    _journal(deliberation, actor, act)


def _created(deliberation: BoardDeliberation, actor: Actor, act: str) -> BoardDeliberation:
    # Figures that are not known yet hold to nothing; the database still sees to it that there are none.
    unknown = set(COUNTS) if deliberation.state == DeliberationState.CONVENED else None
    records.check(deliberation, exclude=unknown)
    deliberation.save(force_insert=True)
    _journal(deliberation, actor, act)
    return deliberation


def _journal(deliberation: BoardDeliberation, actor: Actor, act: str) -> None:
    """Everything but why a vote is irregular, which is told to whoever may know of the decision."""
    values = records.values_of(deliberation)
    del values["irregular_codes"]
    journal.record(
        act,
        deliberation,
        actor=actor,
        on_behalf_of=deliberation.organisation_id,
        minutes_sha256=sha256_of(deliberation.minutes_file),
        **values,
    )


def _settle_regular(locked: Locked, deliberation: BoardDeliberation, actor: Actor) -> None:
    if not deliberation.irregular:
        settle(locked, deliberation, actor=actor, approved_on=deliberation.held_on)


def _minute(locked: Locked, deliberation: BoardDeliberation, found: list[Violation], minutes: dict[str, Any]) -> None:
    """Write the figures of the minutes and the result by the rule of that day, or raise with every reason."""
    board, held_on = deliberation.board, deliberation.held_on
    today = clock.today(locked.charter.cooperation.zone)
    if held_on > today:
        raise InvalidInput(Violation("in_the_future", _("Un vote à venir ne s’enregistre pas."), "/held_on"))
    rule, unusable = rule_of(board, held_on)
    found += refusals(
        locked,
        board,
        content_hash=deliberation.content_hash,
        held_on=held_on,
        today=today,
        approves_charters=board.approves_charters,
        first_call_on=deliberation.first_call_on,
    )
    found += unusable
    refuse(*found)
    assert rule is not None
    deliberation.minutes_reference = minutes.pop("minutes_reference")
    deliberation.minutes_file = minutes_file(minutes.pop("minutes_file", None))
    deliberation.voting_rule, deliberation.in_office = rule.stored, board.seats_in_office
    count(deliberation, rule.read, _tally(deliberation, rule.read, minutes))
    mark_irregular(deliberation, held_back(locked.version, board.organisation_id, {today, held_on}))


def _tally(deliberation: BoardDeliberation, rule: voting.VotingRule, minutes: dict[str, Any]) -> voting.Tally:
    """The figures as the rules name them; InvalidInput with the names of the columns when they cannot stand."""
    return read_minutes(
        minutes
        | {
            "in_office": deliberation.in_office,
            "held_on": deliberation.held_on,
            "call": deliberation.call,
            "first_call_on": deliberation.first_call_on,
        },
        rule,
    )


def _call(
    version: CharterVersion,
    board: Board,
    follows: BoardDeliberation | None,
    call: int | None,
    first_call_on: dt.date | None,
    found: list[Violation],
) -> dict[str, Any]:
    """Which call this is, read from the deliberation that it follows; what is wrong with that is added to `found`."""
    if follows is None:
        return {"call": call or 1, "first_call_on": first_call_on}
    followed = Followed(
        same_vote=follows.charter_version_id == version.pk and follows.board_id == board.pk,
        result=follows.result,
        has_successor=follows.successors.exclude(state=DeliberationState.CANCELLED).exists(),
        call=follows.call,
        held_on=follows.held_on,
        first_call_on=follows.first_call_on,
    )
    next_call, next_first, wrong = following_call(followed)
    found += wrong
    if not wrong:
        _refuse_another_call(call, next_call, "/call")
        _refuse_another_call(first_call_on, next_first, "/first_call_on")
    return {"call": next_call, "first_call_on": next_first}


def _refuse_another_call(given: Any, derived: Any, pointer: str) -> None:
    if given is not None and given != derived:
        detail = _("Ce n’est pas ce que dit la délibération à laquelle celle-ci fait suite.")
        raise InvalidInput(Violation("differs_from_followed", detail, pointer))
