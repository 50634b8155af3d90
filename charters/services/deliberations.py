"""Recording what a board decided on an exact text, and the approval that comes of it."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from charters.enums import AmendmentType, DeliberationResult, VersionState
from charters.models import BoardDeliberation, CharterVersion
from charters.rules import voting
from charters.rules.acts import VoteFacts, vote_violations
from charters.selectors import EntryReader
from charters.services.approvals import approve
from charters.services.entry import enter_if_met
from charters.services.locks import Locked, lock_version
from coopproject import clock, wording
from coopproject.exceptions import InvalidInput, RuleViolated, Violation
from governance import gate
from governance.actor import Actor
from governance.enums import RoleKind
from governance.models import Board, Decision, VotingRule
from governance.services import records

# Column of the minutes -> figure of the rules, where the names differ.
_FIGURES = {"votes_abstain": "abstentions", "votes_blank": "blank_or_void", "declared_result": "declared_outcome"}
_COLUMNS = {figure: column for column, figure in _FIGURES.items()}
# Facts of the minutes that may be unknown: an empty choice is no choice.
_CHOICES = ("remote_kind", "casting_vote", "declared_result")


@transaction.atomic
def board_deliberation_record(
    *,
    actor: Actor,
    charter_version: CharterVersion,
    board: Board,
    content_hash: str,
    held_on: dt.date,
    minutes_reference: str,
    declared_result: str = "",
    **figures: Any,
) -> BoardDeliberation:
    """Record the minutes of one board's vote. Adopted, they are that organisation's approval of this very text.

    The result is computed by the board's own rules on the day of the vote, never typed. The last approval needed puts
    the version in force, in the same transaction.

    Raises InvalidInput for figures that cannot come from one meeting; RuleViolated with every reason: `wrong_state`,
    `hash_mismatch`, `not_a_party`, `already_approved` (a board votes the same text again only once its approval is
    stale), `voted_before_asked_again`, `approval_carried`, `board_does_not_approve`, `voting_rule_missing`,
    `voted_before_submission`, `charter_archived`, and the codes of the requirements that hold the decision back: the
    vote is itself a decision (domain.md 1.2, C07). An approval that cannot be signed is not recorded either
    (`signing_key_revoked`).
    """
    locked = lock_version(charter_version.pk, members=True)
    today = clock.today(locked.charter.cooperation.zone)
    if held_on > today:
        raise InvalidInput(Violation("in_the_future", _("Un vote à venir ne s’enregistre pas."), "/held_on"))
    stored_rule = VotingRule.objects.filter(board=board, valid_from__lte=held_on).order_by("-valid_from").first()
    found = _violations(locked, board, content_hash, held_on, today, has_rule=stored_rule is not None)
    rule: voting.VotingRule | None = None
    if stored_rule is not None:
        if voting.rule_violations(stored_rule.definition):
            detail = _("La règle de vote enregistrée pour cette instance est incomplète : complétez-la d’abord.")
            found.append(Violation("voting_rule_unusable", detail, "/board"))
        else:
            rule = voting.VotingRule.from_dict(stored_rule.definition)
    if found or rule is None or stored_rule is None:
        raise RuleViolated(*found)

    outcome = _outcome(board, rule, held_on, {**figures, "declared_result": declared_result})
    version = locked.version
    with wording.in_the_language_of_records():
        explanation = str(outcome.formula)
    deliberation = BoardDeliberation(
        cooperation_id=version.cooperation_id,
        charter_version=version,
        board=board,
        organisation_id=board.organisation_id,
        voting_rule=stored_rule,
        content_hash=content_hash,
        held_on=held_on,
        minutes_reference=minutes_reference,
        recorded_by_id=actor.person_id,
        capacity=_capacity(actor, version.cooperation_id, board.organisation_id),
        in_office=board.seats_in_office,
        result=DeliberationResult(outcome.outcome.value),
        explanation=explanation,
        **figures,
    )
    records.create(
        deliberation,
        actor=actor,
        act="board_deliberation.recorded",
        on_behalf_of=board.organisation_id,
        **records.values_of(deliberation),
    )
    if deliberation.result == DeliberationResult.ADOPTED:
        approve(deliberation, actor=actor, approved_on=deliberation.held_on)
        enter_if_met(locked, actor=actor)
    return deliberation


def _violations(
    locked: Locked, board: Board, content_hash: str, held_on: dt.date, today: dt.date, *, has_rule: bool
) -> list[Violation]:
    version = locked.version
    reader = EntryReader(version, today)
    # A draft has no terms of its own yet: its state is what refuses.
    open_to_votes = version.state in (VersionState.SUBMITTED, VersionState.IN_FORCE)
    organisation = str(board.organisation_id)
    found = vote_violations(
        VoteFacts(
            state=str(version.state),
            archived=locked.charter.archived_on is not None,
            needs_no_vote=version.amendment_type == AmendmentType.EDITORIAL,
            frozen_hash=version.content_hash,
            voted_hash=content_hash,
            organisation=organisation,
            parties={party.id for party in reader.parties()} if open_to_votes else {organisation},
            already_approved=reader.stands(organisation),
            carried=reader.is_carried(organisation),
            asked_from=reader.asked_from(organisation),
            approves_charters=board.approves_charters,
            has_voting_rule=has_rule,
            held_on=held_on,
            submitted_on=reader.submitted_on,
        )
    )
    return [*found, *_held_back(version, board.organisation_id, {today, held_on})]


def _held_back(version: CharterVersion, organisation_id: UUID, days: set[dt.date]) -> list[Violation]:
    """What the gate holds back for this organisation: on the day of the vote and today, each code once."""
    if version.decision_id is None:
        return []
    decision = Decision.objects.select_for_update().get(pk=version.decision_id)
    found: dict[str, Violation] = {}
    for day in sorted(days):
        for violation in gate.violations(gate.requirements(decision, on=day, organisation_id=organisation_id)):
            found.setdefault(violation.code, violation)
    return list(found.values())


def _outcome(board: Board, rule: voting.VotingRule, held_on: dt.date, figures: dict[str, Any]) -> voting.VoteResult:
    """The result by the rules; InvalidInput with the names of the columns when the figures cannot stand."""
    known: dict[str, Any] = {
        _FIGURES.get(name, name): None if name in _CHOICES and not value else value for name, value in figures.items()
    }
    if known.get("proxies_by_holder") is not None:
        known["proxies_by_holder"] = tuple(known["proxies_by_holder"])
    tally = voting.Tally(in_office=board.seats_in_office, held_on=held_on, **known)
    if violations := voting.check_minutes(tally, rule):
        raise InvalidInput(*(Violation(v.code, v.detail, _column(v.pointer)) for v in violations))
    return voting.result(tally, rule)


def _column(pointer: str) -> str:
    name, slash, rest = pointer.removeprefix("/").partition("/")
    return f"/{_COLUMNS.get(name, name)}{slash}{rest}"


def _capacity(actor: Actor, cooperation_id: UUID, organisation_id: UUID) -> str:
    for kind in (RoleKind.BOARD_CHAIR, RoleKind.BOARD_MEMBER):
        if actor.holds(cooperation_id, (kind,), organisation_id=organisation_id):
            return kind
    return ""
