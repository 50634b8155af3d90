"""The sections of votes in a portable dossier: deliberations with their electors, regularisations, approvals."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charters.enums import BallotKind, CastingVote, DeliberationMode, DeliberationResult, DeliberationState
from charters.models import Approval, Ballot, BoardDeliberation, Elector, Proxy, Regularisation
from charters.models.deliberations import COUNTS
from charters.rules import live_vote, voting
from charters.services.minutes import tally_of
from coopproject import clock, wording
from coopproject.exceptions import InvalidInput, Violation
from governance.dossier.governance_sections import in_order, not_in_the_future
from governance.dossier.sections import COOPERATION, Draft, Row, Section
from governance.rules.files import MediaType

_ATTENDANCE = ("present", "represented", "recused", "recused_represented", "remote")
_VOTED = ("votes_for", "votes_against", "abstentions", "blank_or_void", "open_objections")


def _deliberation_complete(row: Row, draft: Draft) -> Iterable[Violation]:
    """The minutes name a board and figures; the rest follows: organisation, text, rule in force that day, result."""
    vote = row.obj
    if vote.state != DeliberationState.CLOSED:
        for name in COUNTS:
            if name not in row.data:
                setattr(vote, name, None)
    board = draft.by_id("boards")[vote.board_id].obj
    if vote.organisation_id is None:
        vote.organisation_id = board.organisation_id
    if not vote.content_hash:
        vote.content_hash = draft.by_id("charter_versions")[vote.charter_version_id].obj.content_hash
    if vote.state != DeliberationState.CLOSED:
        return ()
    if vote.in_office is None:
        vote.in_office = board.seats_in_office
    if vote.voting_rule_id is None:
        known = [found.obj for found in draft["voting_rules"] if found.obj.board_id == vote.board_id]
        known = [rule for rule in known if rule.valid_from <= vote.held_on]
        if not known:
            detail = _("Aucune règle de vote n’était connue ce jour-là pour cette instance.")
            return [row.wrong("voting_rule_missing", detail, "voting_rule")]
        vote.voting_rule_id = max(known, key=lambda rule: rule.valid_from).pk
    outcome = _outcome(row, draft)
    if isinstance(outcome, voting.VoteResult) and not vote.result:
        vote.result = outcome.outcome.value
        with wording.in_the_language_of_records():
            vote.explanation = str(outcome.formula)
    return ()


def _outcome(row: Row, draft: Draft) -> voting.VoteResult | list[Violation]:
    """What the figures give by the rule, or why they cannot come from one meeting."""
    vote = row.obj
    definition = draft.by_id("voting_rules")[vote.voting_rule_id].obj.definition
    if voting.rule_violations(definition):
        return [row.wrong("voting_rule_unusable", _("La règle de vote est incomplète."), "voting_rule")]
    rule = voting.VotingRule.from_dict(definition)
    try:
        tally = tally_of(vote)
    except InvalidInput as error:
        return [Violation(found.code, found.detail, f"{row.pointer}{found.pointer}") for found in error.violations]
    if found := voting.check_minutes(tally, rule):
        return [Violation(violation.code, violation.detail, row.pointer) for violation in found]
    return voting.result(tally, rule)


def _deliberation_check(row: Row, draft: Draft) -> Iterator[Violation]:
    vote = row.obj
    closed = vote.state == DeliberationState.CLOSED
    yield from _minutes_check(row, draft)
    yield from not_in_the_future(row, draft, *(("held_on", "opened_on") if closed else ("opened_on", "cancelled_on")))
    yield from in_order(row, "opened_on", "held_on")
    if vote.state == DeliberationState.OPEN:
        yield row.wrong("vote_in_progress", _("Un vote ouvert ne voyage pas."), "state")
    version = draft.by_id("charter_versions")[vote.charter_version_id].obj
    if vote.content_hash != version.content_hash:
        yield row.wrong("hash_mismatch", _("Ce n’est pas le texte figé de cette version."), "content_hash")
    board = draft.by_id("boards")[vote.board_id].obj
    if vote.organisation_id != board.organisation_id:
        yield row.wrong("another_board", _("Cette instance n’est pas celle de l’organisation."), "organisation")
    yield from _live_check(row, draft)
    submitted_at = version.submitted_at
    submitted_on = clock.local_date(submitted_at, draft[COOPERATION][0].obj.zone) if submitted_at else None
    if submitted_on is not None and vote.held_on < submitted_on:
        yield row.wrong("voted_before_submission", _("Un vote ne peut précéder la soumission du texte."), "held_on")
    if vote.voting_rule_id is None or not closed:
        return
    outcome = _outcome(row, draft)
    if isinstance(outcome, list):
        yield from outcome
    elif outcome.outcome.value != vote.result:
        detail = _("Ces chiffres donnent « %(result)s » selon la règle de l’instance.")
        yield row.wrong(
            "result_differs", detail % {"result": DeliberationResult(outcome.outcome.value).label}, "result"
        )


def _live_check(row: Row, draft: Draft) -> Iterator[Violation]:
    """The electors, proxies and ballots of a vote held here are those of its figures."""
    vote = row.obj
    electors = [found.obj for found in row.children.get("electors", [])]
    proxies = [found.obj for found in row.children.get("proxies", []) if found.obj.revoked_on is None]
    ballots = [found.obj for found in row.children.get("ballots", [])]
    own = {elector.pk: elector for elector in electors}
    if any(ballot.elector_id not in own or not own[ballot.elector_id].voted for ballot in ballots):
        yield row.wrong("not_an_elector", _("Un bulletin est celui d’un électeur qui a voté."), "ballots")
    if vote.mode != DeliberationMode.LIVE or vote.state != DeliberationState.CLOSED:
        if ballots:
            yield row.wrong("no_ballots", _("Seul un vote nominal, tenu ici et clos, a des bulletins."), "ballots")
        return
    named = vote.ballot == BallotKind.NAMED
    if len(ballots) != (sum(elector.voted for elector in electors) if named else 0):
        detail = _("Un vote nominal a un bulletin par électeur qui a voté, un vote secret aucun.")
        yield row.wrong("ballots_differ", detail, "ballots")
        return
    definition = draft.by_id("voting_rules")[vote.voting_rule_id].obj.definition
    if voting.rule_violations(definition) or any(getattr(vote, name) is None for name in (*COUNTS, "in_office")):
        return  # Said by the check of the figures.
    session = live_vote.Session(
        tuple(live_vote.Elector(str(e.person_id), e.chair, e.attended, e.remote, e.voted, e.recused) for e in electors),
        tuple(live_vote.Proxy(str(p.giver_id), str(p.holder_id), p.written, p.used) for p in proxies),
    )
    choices = Counter(voting.Choice(ballot.choice) for ballot in ballots)
    urn = live_vote.Urn(choices, sum(b.choice == CastingVote.AGAINST and not b.lifted for b in ballots))
    meeting = live_vote.Meeting(vote.in_office, vote.held_on, vote.call, vote.first_call_on)
    counted, stored = live_vote.tally(session, urn, voting.VotingRule.from_dict(definition), meeting), tally_of(vote)
    names = [*_ATTENDANCE, *(_VOTED if named else ())]
    if any(getattr(counted, name) != getattr(stored, name) for name in names) or counted.voters != stored.cast:
        yield row.wrong("electors_differ", _("Les électeurs et leurs bulletins donnent d’autres chiffres."), "electors")


def _regularisation_of(row: Row, draft: Draft) -> Regularisation | None:
    found = [other.obj for other in draft["regularisations"] if other.obj.deliberation_id == row.obj.deliberation_id]
    return found[0] if found else None


def _minutes_check(row: Row, draft: Draft) -> Iterator[Violation]:
    stored = draft.by_id("files").get(row.obj.minutes_file_id)
    if stored is not None and stored.obj.media_type != MediaType.PDF:
        yield row.wrong("not_a_pdf", _("Un procès-verbal se joint en PDF."), "minutes_file")


def _regularisation_check(row: Row, draft: Draft) -> Iterator[Violation]:
    yield from _minutes_check(row, draft)
    vote = draft.by_id("board_deliberations")[row.obj.deliberation_id].obj
    yield from not_in_the_future(row, draft, "ratified_on")
    if not vote.irregular or row.obj.ratified_on < vote.held_on:
        detail = _("Seul un vote irrégulier se régularise, après qu’il a eu lieu.")
        yield row.wrong("nothing_to_regularise", detail, "deliberation")


def _approval_complete(row: Row, draft: Draft) -> Iterable[Violation]:
    """An approval says what its deliberation says."""
    vote = draft.by_id("board_deliberations")[row.obj.deliberation_id].obj
    approval = row.obj
    if approval.organisation_id is None:
        approval.organisation_id = vote.organisation_id
    if approval.charter_version_id is None:
        approval.charter_version_id = vote.charter_version_id
    if not approval.content_hash:
        approval.content_hash = vote.content_hash
    if approval.approved_on is None:
        regularisation = _regularisation_of(row, draft)
        approval.approved_on = regularisation.ratified_on if regularisation else vote.held_on
    return ()


def _approval_check(row: Row, draft: Draft) -> Iterator[Violation]:
    vote, approval = draft.by_id("board_deliberations")[row.obj.deliberation_id].obj, row.obj
    if vote.result != DeliberationResult.ADOPTED:
        yield row.wrong("not_adopted", _("Seule une délibération adoptée vaut approbation."), "deliberation")
    if vote.irregular and _regularisation_of(row, draft) is None:
        detail = _("Un vote irrégulier ne vaut rien tant qu’il n’est pas régularisé.")
        yield row.wrong("not_regularised", detail, "deliberation")
    for name in ("organisation_id", "charter_version_id", "content_hash"):
        if getattr(vote, name) != getattr(approval, name):
            detail = _("L’approbation ne dit pas la même chose que sa délibération.")
            yield row.wrong("differs_from_deliberation", detail, name.removesuffix("_id"))
    rounds = sorted(
        (found.obj.round, found.obj.approved_on)
        for found in draft["approvals"]
        if (found.obj.charter_version_id, found.obj.organisation_id)
        == (approval.charter_version_id, approval.organisation_id)
    )
    follow = all(first[1] <= second[1] for first, second in pairwise(rounds))
    if [number for number, _day in rounds] != list(range(1, len(rounds) + 1)) or not follow:
        detail = _("Les approbations d’un même texte par une organisation se suivent, tour après tour.")
        yield row.wrong("rounds_out_of_order", detail, "round")


SECTIONS = (
    Section(
        key="board_deliberations",
        model=BoardDeliberation,
        fields=(
            "charter_version",
            "board",
            "organisation",
            "mode",
            "state",
            "ballot",
            "follows",
            "voting_rule",
            "content_hash",
            "held_on",
            "opened_on",
            "minutes_reference",
            "minutes_file",
            "recorded_by",
            "capacity",
            "cancelled_on",
            "cancelled_reason",
            "in_office",
            "present",
            "represented",
            "votes_for",
            "votes_against",
            "votes_abstain",
            "votes_blank",
            "recused",
            "recused_represented",
            "remote",
            "remote_kind",
            "proxies_by_holder",
            "proxies_written",
            "proxies_same_body",
            "casting_vote",
            "open_objections",
            "college_votes",
            "call",
            "first_call_on",
            "result",
            "explanation",
            "irregular",
            "irregular_codes",
        ),
        optional=frozenset({"organisation", "voting_rule", "content_hash", "in_office", "result"}),
        only=~Q(state=DeliberationState.OPEN),
        children=(
            Section(
                key="electors",
                model=Elector,
                parent="deliberation",
                fields=(
                    "person",
                    "chair",
                    "also_sits_for",
                    "attended",
                    "remote",
                    "voted",
                    "recused",
                    "recusal_reason",
                    "recused_by",
                ),
            ),
            Section(
                key="proxies",
                model=Proxy,
                parent="deliberation",
                fields=("giver", "holder", "written", "declared_by", "used", "revoked_on"),
            ),
            Section(
                key="ballots",
                model=Ballot,
                parent="deliberation",
                fields=("elector", "choice", "reason", "lifted", "cast_by"),
            ),
        ),
        complete=_deliberation_complete,
        check=_deliberation_check,
    ),
    Section(
        key="regularisations",
        model=Regularisation,
        fields=(
            "deliberation",
            "ratified_on",
            "minutes_reference",
            "minutes_file",
            "reason",
            "recorded_by",
            "capacity",
        ),
        check=_regularisation_check,
    ),
    Section(
        key="approvals",
        model=Approval,
        fields=("charter_version", "organisation", "deliberation", "content_hash", "approved_on", "round"),
        optional=frozenset({"charter_version", "organisation", "content_hash", "approved_on"}),
        complete=_approval_complete,
        check=_approval_check,
    ),
)
