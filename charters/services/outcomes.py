"""What every vote of a board goes through, minuted or cast here: may it be held, what it gives, what comes of it."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from charters.enums import AmendmentType, DeliberationResult, DeliberationState, VersionState
from charters.models import BoardDeliberation, CharterVersion
from charters.models.deliberations import PENDING
from charters.rules import voting
from charters.rules.acts import VOTING_RULE_MISSING, VoteFacts, vote_violations
from charters.selectors import EntryReader
from charters.services.approvals import approve
from charters.services.entry import enter_if_met
from charters.services.locks import Locked, lock_version
from coopproject import wording
from coopproject.exceptions import NotVisible, RuleViolated, StaleVersion, Violation
from governance import gate
from governance.actor import Actor
from governance.enums import RoleKind
from governance.models import Board, Decision, VotingRule


@dataclass(frozen=True)
class Rule:
    """A stored rule set and what it says."""

    stored: VotingRule
    read: voting.VotingRule


def lock_deliberation(
    pk: UUID, expected_version: int | None = None, *, members: bool = False
) -> tuple[Locked, BoardDeliberation]:
    """Lock the charter, then read the deliberation: ballots, proxies and their count are under that one lock.

    `members`: as for `lock_version`. `expected_version` is that of the deliberation. Raises NotVisible, StaleVersion.
    """
    version_id = BoardDeliberation.objects.filter(pk=pk).values_list("charter_version_id", flat=True).first()
    if version_id is None:
        raise NotVisible
    locked = lock_version(version_id, members=members)
    deliberation = BoardDeliberation.objects.select_related("board", "voting_rule").get(pk=pk)
    if expected_version is not None and deliberation.version != expected_version:
        raise StaleVersion(deliberation.version, expected_version)
    deliberation.charter_version = locked.version
    return locked, deliberation


def rule_of(board: Board, day: dt.date) -> tuple[Rule | None, list[Violation]]:
    """The rule set of the board on that day; or None, and why."""
    stored = VotingRule.objects.filter(board=board, valid_from__lte=day).order_by("-valid_from").first()
    if stored is None:
        return None, [VOTING_RULE_MISSING]
    if voting.rule_violations(stored.definition):
        detail = _("La règle de vote enregistrée pour cette instance est incomplète : complétez-la d’abord.")
        return None, [Violation("voting_rule_unusable", detail, "/board")]
    return Rule(stored, voting.VotingRule.from_dict(stored.definition)), []


def refusals(
    locked: Locked,
    board: Board,
    *,
    content_hash: str,
    held_on: dt.date,
    today: dt.date,
    approves_charters: bool = True,
    first_call_on: dt.date | None = None,
) -> list[Violation]:
    """Every reason why this board may not vote on this text, but for its voting rule and the gate."""
    version = locked.version
    reader = EntryReader(version, today)
    # A draft has no terms of its own yet: its state is what refuses.
    open_to_votes = version.state in (VersionState.SUBMITTED, VersionState.IN_FORCE)
    organisation = str(board.organisation_id)
    return vote_violations(
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
            approves_charters=approves_charters,
            held_on=held_on,
            submitted_on=reader.submitted_on,
            first_call_on=first_call_on,
        )
    )


def pending_violations(version: CharterVersion, board: Board) -> list[Violation]:
    """A board deliberates once at a time on a text: the one in progress is recorded, closed or cancelled first."""
    pending = BoardDeliberation.objects.filter(charter_version=version, board=board, state__in=PENDING)
    if not pending.exists():
        return []
    detail = _("Une délibération de cette instance est en cours sur ce texte : enregistrez-la, close-la ou annulez-la.")
    return [Violation("deliberation_pending", detail, "/board")]


def held_back(version: CharterVersion, organisation_id: UUID, days: Collection[dt.date]) -> list[Violation]:
    """What the gate holds back for this organisation on any of these days, each code once (domain.md 1.2, C07)."""
    if version.decision_id is None:
        return []
    decision = Decision.objects.select_for_update(no_key=True).get(pk=version.decision_id)
    found: dict[str, Violation] = {}
    for day in sorted(set(days)):
        for violation in gate.violations(gate.requirements(decision, on=day, organisation_id=organisation_id)):
            found.setdefault(violation.code, violation)
    return list(found.values())


def count(deliberation: BoardDeliberation, rule: voting.VotingRule, tally: voting.Tally) -> None:
    """Write the figures and the result that they give. Raises RuleViolated for figures that give none."""
    outcome = voting.result(tally, rule)
    deliberation.present, deliberation.represented = tally.present, tally.represented
    deliberation.votes_for, deliberation.votes_against = tally.votes_for, tally.votes_against
    deliberation.votes_abstain, deliberation.votes_blank = tally.abstentions, tally.blank_or_void
    deliberation.recused, deliberation.recused_represented = tally.recused, tally.recused_represented
    deliberation.remote, deliberation.remote_kind = tally.remote, tally.remote_kind or ""
    held = tally.proxies_by_holder
    deliberation.proxies_by_holder = None if held is None else list(held)
    deliberation.proxies_written, deliberation.proxies_same_body = tally.proxies_written, tally.proxies_same_body
    by_college = tally.college_votes
    deliberation.college_votes = None if by_college is None else [votes.to_dict() for votes in by_college]
    deliberation.casting_vote, deliberation.open_objections = tally.casting_vote or "", tally.open_objections
    deliberation.result = DeliberationResult(outcome.outcome.value)
    with wording.in_the_language_of_records():
        deliberation.explanation = str(outcome.formula)


def mark_irregular(deliberation: BoardDeliberation, found: Collection[Violation]) -> None:
    """A vote that came before what it had to wait for is kept with the reasons, and counts for nothing."""
    deliberation.irregular = bool(found)
    deliberation.irregular_codes = [violation.code for violation in found]


def settle(locked: Locked, deliberation: BoardDeliberation, *, actor: Actor, approved_on: dt.date) -> None:
    """What comes of a counted vote: adopted, it is an approval, and the last one needed puts the text in force."""
    assert deliberation.state == DeliberationState.CLOSED
    if deliberation.result != DeliberationResult.ADOPTED:
        return
    approve(deliberation, actor=actor, approved_on=approved_on)
    enter_if_met(locked, actor=actor)


def capacity_of(actor: Actor, cooperation_id: UUID, organisation_id: UUID) -> str:
    """The seat by which this person acts for the board; "" when they hold none any more."""
    for kind in (RoleKind.BOARD_CHAIR, RoleKind.BOARD_MEMBER):
        if actor.holds(cooperation_id, (kind,), organisation_id=organisation_id):
            return kind
    return ""


def refuse(*found: Violation) -> None:
    """Raise RuleViolated with every reason, each once; nothing when there is none."""
    once = {(violation.code, violation.pointer): violation for violation in found}
    if once:
        raise RuleViolated(*once.values())
