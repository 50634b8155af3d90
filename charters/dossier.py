"""The sections of charters in a portable dossier, and what must hold between a text, its votes and its entry."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from charters.enums import AmendmentType, DeliberationResult, VersionState
from charters.models import (
    Approval,
    Article,
    BoardDeliberation,
    Charter,
    CharterVersion,
    ExpectedEffect,
    Motivation,
)
from charters.rules import content as rules
from charters.rules import voting
from charters.rules.entry_into_force import EntryRule
from charters.selectors.entry import PARTY_CIRCLES
from charters.services.freezing import article_texts, content_from, freeze
from coopproject import clock, wording
from coopproject.exceptions import InvalidInput, Violation
from governance.dossier.governance_sections import in_order, not_in_the_future
from governance.dossier.sections import COOPERATION, Draft, Resolve, Row, Section


def _by_weight(rule: Any, resolve: Resolve) -> Any:
    if not isinstance(rule, dict) or not isinstance(rule.get("weights"), dict):
        return rule
    return rule | {"weights": {resolve(ref): weight for ref, weight in rule["weights"].items()}}


def _charter_check(row: Row, draft: Draft) -> Iterator[Violation]:
    try:
        EntryRule.from_dict(row.obj.entry_rule, pointer=f"{row.pointer}/entry_rule")
    except InvalidInput as error:
        yield from error.violations
    yield from not_in_the_future(row, draft, "last_reviewed_on", "archived_on")


def _articles(row: Row) -> list[Article]:
    return sorted((article.obj for article in row.children.get("articles", [])), key=lambda article: article.position)


def _submission_day(version: CharterVersion, draft: Draft) -> dt.date | None:
    return clock.local_date(version.submitted_at, draft[COOPERATION][0].obj.zone) if version.submitted_at else None


def _version_complete(row: Row, draft: Draft) -> Iterable[Violation]:
    """Freeze a text that its author left to be frozen: an example names no identifier, so it cannot hold a hash."""
    version = row.obj
    if version.state == VersionState.DRAFT or version.content or version.content_hash:
        return ()
    charter = draft.by_id("charters")[version.charter_id].obj
    effects: dict[UUID, list[ExpectedEffect]] = {}
    for effect in draft["expected_effects"]:
        effects.setdefault(effect.obj.motivation_id, []).append(effect.obj)
    motivations = sorted(
        (found.obj for found in draft["motivations"] if found.obj.charter_id == charter.pk),
        key=lambda found: found.code,
    )
    expected = [(motivation, effects.get(motivation.pk, [])) for motivation in motivations]
    parties = _parties(draft, _submission_day(version, draft) or draft.today)
    try:
        freeze(version, content_from(charter, version, _articles(row), parties, expected))
    except InvalidInput:
        return ()  # The rule of the charter cannot be read: said by its own check.
    return ()


def _parties(draft: Draft, day: dt.date) -> list[tuple[str, str]]:
    found = []
    for membership in draft["memberships"]:
        for stay in membership.children.get("stays", []):
            ends = stay.obj.until or day
            if stay.obj.circle in PARTY_CIRCLES and stay.obj.since <= day <= ends:
                found.append((str(membership.obj.organisation_id), str(stay.obj.circle)))
    return sorted(found)


def _version_check(row: Row, draft: Draft) -> Iterator[Violation]:
    version = row.obj
    yield from not_in_the_future(row, draft, "submitted_at", "in_force_on", "superseded_on", "withdrawn_on")
    yield from in_order(row, "in_force_on", "superseded_on")
    submitted_on = _submission_day(version, draft)
    if submitted_on and version.in_force_on and version.in_force_on < submitted_on:
        detail = _("Un texte n’entre pas en vigueur avant d’être soumis.")
        yield row.wrong("out_of_order", detail, "in_force_on")
    if version.state == VersionState.DRAFT or not version.content:
        return
    frozen = _read(version.content)
    if frozen is None or rules.canonical_bytes(frozen).decode() != version.content:
        detail = _("Le contenu figé n’est pas un JSON canonique (RFC 8785).")
        yield row.wrong("content_not_canonical", detail, "content")
        return
    if rules.content_hash(frozen) != version.content_hash:
        detail = _("L’empreinte n’est pas celle du contenu figé.")
        yield row.wrong("hash_mismatch", detail, "content_hash")
    texts = rules.content_of(title="", articles=article_texts(_articles(row)))["articles"]
    if frozen.get("articles") != texts:
        yield row.wrong("content_mismatch", _("Les articles ne sont pas ceux du contenu figé."), "articles")
    needs_votes = version.amendment_type != AmendmentType.EDITORIAL and version.in_force_on is not None
    if needs_votes and not any(approval.obj.charter_version_id == version.pk for approval in draft["approvals"]):
        detail = _("Une version en vigueur a été approuvée par au moins une instance.")
        yield row.wrong("never_approved", detail, "state")


def _read(content: str) -> dict[str, Any] | None:
    try:
        found = json.loads(content)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _deliberation_complete(row: Row, draft: Draft) -> Iterable[Violation]:
    """The minutes name a board and figures; the rest follows: organisation, text, rule in force that day, result."""
    vote = row.obj
    board = draft.by_id("boards")[vote.board_id].obj
    if vote.organisation_id is None:
        vote.organisation_id = board.organisation_id
    if not vote.content_hash:
        vote.content_hash = draft.by_id("charter_versions")[vote.charter_version_id].obj.content_hash
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
    tally = voting.Tally(
        in_office=vote.in_office,
        present=vote.present,
        represented=vote.represented,
        votes_for=vote.votes_for,
        votes_against=vote.votes_against,
        abstentions=vote.votes_abstain,
        blank_or_void=vote.votes_blank,
        recused=vote.recused,
        recused_represented=vote.recused_represented,
        remote=vote.remote,
        remote_kind=vote.remote_kind or None,
        proxies_by_holder=None if vote.proxies_by_holder is None else tuple(vote.proxies_by_holder),
        proxies_written=vote.proxies_written,
        proxies_same_body=vote.proxies_same_body,
        casting_vote=vote.casting_vote or None,
        open_objections=vote.open_objections,
        call=vote.call,
        held_on=vote.held_on,
        first_call_on=vote.first_call_on,
    )
    if found := voting.check_minutes(tally, rule):
        return [Violation(violation.code, violation.detail, row.pointer) for violation in found]
    return voting.result(tally, rule)


def _deliberation_check(row: Row, draft: Draft) -> Iterator[Violation]:
    vote = row.obj
    yield from not_in_the_future(row, draft, "held_on")
    version = draft.by_id("charter_versions")[vote.charter_version_id].obj
    if vote.content_hash != version.content_hash:
        yield row.wrong("hash_mismatch", _("Ce n’est pas le texte figé de cette version."), "content_hash")
    board = draft.by_id("boards")[vote.board_id].obj
    if vote.organisation_id != board.organisation_id:
        yield row.wrong("another_board", _("Cette instance n’est pas celle de l’organisation."), "organisation")
    submitted_on = _submission_day(version, draft)
    if submitted_on is not None and vote.held_on < submitted_on:
        yield row.wrong("voted_before_submission", _("Un vote ne peut précéder la soumission du texte."), "held_on")
    if vote.voting_rule_id is None:
        return
    outcome = _outcome(row, draft)
    if isinstance(outcome, list):
        yield from outcome
    elif outcome.outcome.value != vote.result:
        detail = _("Ces chiffres donnent « %(result)s » selon la règle de l’instance.")
        yield row.wrong(
            "result_differs", detail % {"result": DeliberationResult(outcome.outcome.value).label}, "result"
        )


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
        approval.approved_on = vote.held_on
    return ()


def _approval_check(row: Row, draft: Draft) -> Iterator[Violation]:
    vote, approval = draft.by_id("board_deliberations")[row.obj.deliberation_id].obj, row.obj
    if vote.result != DeliberationResult.ADOPTED:
        yield row.wrong("not_adopted", _("Seule une délibération adoptée vaut approbation."), "deliberation")
    for name in ("organisation_id", "charter_version_id", "content_hash"):
        if getattr(vote, name) != getattr(approval, name):
            detail = _("L’approbation ne dit pas la même chose que sa délibération.")
            yield row.wrong("differs_from_deliberation", detail, name.removesuffix("_id"))


SECTIONS = (
    Section(
        key="charters",
        model=Charter,
        fields=(
            "title",
            "purpose",
            "entry_rule",
            "review_every_months",
            "last_reviewed_on",
            "confidentiality",
            "archived_on",
        ),
        adapt={"entry_rule": _by_weight},
        check=_charter_check,
    ),
    Section(
        key="motivations",
        model=Motivation,
        fields=("charter", "organisation", "code", "label", "weight", "expected_level"),
        children=(
            Section(
                key="expected_effects",
                model=ExpectedEffect,
                parent="motivation",
                fields=("label", "due_on", "expected_level"),
            ),
        ),
    ),
    Section(
        key="charter_versions",
        model=CharterVersion,
        fields=(
            "charter",
            "number",
            "state",
            "amendment_type",
            "change_summary",
            "stated_on",
            "decision",
            "submitted_at",
            "content",
            "content_hash",
            "in_force_on",
            "superseded_on",
            "withdrawn_on",
            "withdrawn_reason",
        ),
        children=(
            Section(
                key="articles",
                model=Article,
                parent="charter_version",
                fields=("key", "position", "section", "title", "body"),
                order=("position",),
            ),
        ),
        complete=_version_complete,
        check=_version_check,
    ),
    Section(
        key="board_deliberations",
        model=BoardDeliberation,
        fields=(
            "charter_version",
            "board",
            "organisation",
            "voting_rule",
            "content_hash",
            "held_on",
            "minutes_reference",
            "recorded_by",
            "capacity",
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
            "call",
            "first_call_on",
            "result",
            "explanation",
            "irregular",
            "irregular_codes",
        ),
        optional=frozenset({"organisation", "voting_rule", "content_hash", "in_office", "result"}),
        complete=_deliberation_complete,
        check=_deliberation_check,
    ),
    Section(
        key="approvals",
        model=Approval,
        fields=("charter_version", "organisation", "deliberation", "content_hash", "approved_on"),
        optional=frozenset({"charter_version", "organisation", "content_hash", "approved_on"}),
        complete=_approval_complete,
        check=_approval_check,
    ),
)
