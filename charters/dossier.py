"""The sections of charters in a portable dossier, and what must hold between a text, its votes and its entry."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from charters import dossier_annexes, dossier_comments, dossier_votes
from charters.enums import AmendmentType, VersionState
from charters.models import Article, Charter, CharterVersion, ExpectedEffect, Motivation
from charters.rules import content as rules
from charters.rules.entry_into_force import EntryRule
from charters.selectors.record import PARTY_CIRCLES
from charters.services.freezing import article_texts, content_from, freeze
from coopproject import clock
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
    yield from not_in_the_future(row, draft, "last_reviewed_on", "motivations_confirmed_on", "archived_on")
    reviews = row.obj.reviews
    if any(second <= first for first, second in pairwise(reviews)) or (
        row.obj.earlier_reviews and not row.obj.last_reviewed_on
    ):
        detail = _("Les révisions antérieures se suivent et précèdent la dernière.")
        yield row.wrong("out_of_order", detail, "earlier_reviews")


def _motivation_check(row: Row, draft: Draft) -> Iterator[Violation]:
    yield from _retired_check(row, draft)
    organisation = row.obj.organisation_id
    if organisation is not None and all(found.obj.organisation_id != organisation for found in draft["memberships"]):
        yield row.wrong("not_a_member", _("Cette organisation n’est pas membre."), "organisation")


def _retired_check(row: Row, draft: Draft) -> Iterator[Violation]:
    yield from not_in_the_future(row, draft, "retired_on")
    if (row.obj.retired_on is None) != (not row.obj.retired_reason):
        yield row.wrong("retired_without_reason", _("Un abandon a sa date et son motif."), "retired_on")


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
    day = _submission_day(version, draft) or draft.today
    for effect in draft["expected_effects"]:
        if _stands(effect.obj, day):
            effects.setdefault(effect.obj.motivation_id, []).append(effect.obj)
    motivations = sorted(
        (found.obj for found in draft["motivations"] if found.obj.charter_id == charter.pk and _stands(found.obj, day)),
        key=lambda found: found.code,
    )
    expected = [(motivation, effects.get(motivation.pk, [])) for motivation in motivations]
    parties = _parties(draft, day)
    try:
        annexes = dossier_annexes.annex_texts(row, draft)
        freeze(version, content_from(charter, version, _articles(row), parties, expected, annexes=annexes))
    except InvalidInput:
        return ()  # The rule of the charter cannot be read: said by its own check.
    return ()


def _stands(row: Motivation | ExpectedEffect, day: dt.date) -> bool:
    return row.retired_on is None or row.retired_on > day


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
    texts = rules.content_of(
        title="", articles=article_texts(_articles(row)), annexes=dossier_annexes.annex_texts(row, draft)
    )
    if frozen.get("articles") != texts["articles"]:
        yield row.wrong("content_mismatch", _("Les articles ne sont pas ceux du contenu figé."), "articles")
    if frozen.get("annexes") != texts["annexes"]:
        yield row.wrong("content_mismatch", _("Les annexes ne sont pas celles du contenu figé."), "annexes")
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


SECTIONS = (
    Section(
        key="charters",
        model=Charter,
        fields=(
            "title",
            "purpose",
            "entry_rule",
            "review_every_months",
            "approvals_expire",
            "editorial_contest_days",
            "exit_notice_months",
            "last_reviewed_on",
            "earlier_reviews",
            "motivations_confirmed_on",
            "confidentiality",
            "archived_on",
        ),
        adapt={"entry_rule": _by_weight},
        check=_charter_check,
    ),
    Section(
        key="motivations",
        model=Motivation,
        fields=(
            "charter",
            "organisation",
            "code",
            "matrix_code",
            "label",
            "weight",
            "expected_level",
            "retired_on",
            "retired_reason",
        ),
        check=_motivation_check,
        children=(
            Section(
                key="expected_effects",
                model=ExpectedEffect,
                parent="motivation",
                fields=("label", "due_on", "expected_level", "retired_on", "retired_reason"),
                check=_retired_check,
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
            dossier_annexes.SECTION,
        ),
        complete=_version_complete,
        check=_version_check,
    ),
    *dossier_comments.SECTIONS,
    *dossier_votes.SECTIONS,
)
