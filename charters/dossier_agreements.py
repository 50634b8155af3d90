"""The section of agreements in a portable dossier, and what must hold between a text, its signatures and its end."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from charters.enums import AgreementState
from charters.models import Agreement, AgreementCostKey, AgreementParty
from charters.rules import content as rules
from charters.rules.agreement_dates import notice_effect, terms_violations
from charters.rules.cost_keys import WHOLE, key_violations
from charters.selectors.agreements import terms_of
from charters.services.agreement_text import agreement_content, freeze_agreement
from coopproject import clock
from coopproject.exceptions import Violation
from governance.dossier.governance_sections import in_order, not_in_the_future
from governance.dossier.sections import COOPERATION, Draft, Resolve, Row, Section

_LIVED = (AgreementState.IN_FORCE, AgreementState.ENDED)


def _by_party(shares: Any, resolve: Resolve) -> Any:
    return {resolve(ref): share for ref, share in shares.items()} if isinstance(shares, dict) else shares


def _parties(row: Row) -> list[Any]:
    return sorted((part.obj for part in row.children.get("agreement_parties", [])), key=lambda part: part.position)


def _keys(row: Row) -> list[Any]:
    return sorted((part.obj for part in row.children.get("agreement_cost_keys", [])), key=lambda part: part.position)


def _replaced(row: Row, draft: Draft) -> Row | None:
    return draft.by_id("agreements")[row.obj.replaces_id] if row.obj.replaces_id else None


def _complete(row: Row, draft: Draft) -> Iterable[Violation]:
    """Freeze a text that its author left to be frozen; count the notice whose end was left out."""
    agreement = row.obj
    if agreement.notice_given_on is not None and agreement.notice_ends_on is None and not _wrong_terms(row):
        agreement.notice_ends_on = notice_effect(terms_of(agreement), agreement.notice_given_on).ends_on
    if agreement.state == AgreementState.DRAFT or agreement.content or agreement.content_hash or not _countable(row):
        return ()
    replaced = _replaced(row, draft)
    if replaced is not None and replaced is not row and not replaced.obj.content_hash:
        _complete(replaced, draft)
    former = replaced.obj.content_hash if replaced is not None else None
    freeze_agreement(agreement, agreement_content(agreement, _parties(row), _keys(row), former))
    return ()


def _countable(row: Row) -> bool:
    """Whether the shares can be written at all; what is wrong with them is said by the check."""
    tables = [key.shares for key in _keys(row)]
    return all(
        isinstance(shares, dict) and all(isinstance(share, int) and abs(share) <= WHOLE for share in shares.values())
        for shares in tables
    )


def _wrong_terms(row: Row) -> list[Violation]:
    found = terms_violations(terms_of(row.obj))
    return [Violation(violation.code, violation.detail, row.pointer + violation.pointer) for violation in found]


def _check(row: Row, draft: Draft) -> Iterator[Violation]:
    agreement = row.obj
    wrong = _wrong_terms(row)
    yield from wrong
    yield from not_in_the_future(
        row, draft, "proposed_at", "in_force_on", "notice_given_on", "ended_on", "withdrawn_on"
    )
    yield from in_order(row, "in_force_on", "ended_on")
    yield from _people(row, draft)
    if agreement.state != AgreementState.DRAFT and agreement.content and _countable(row):
        yield from _text(row, draft)
    if agreement.state in _LIVED:
        yield from _signatures(row, draft)
    if agreement.notice_given_on is not None and not wrong:
        effect = notice_effect(terms_of(agreement), agreement.notice_given_on)
        if agreement.notice_ends_on != effect.ends_on:
            detail = _("Ce préavis ne met pas fin à la convention ce jour-là.")
            yield row.wrong("notice_differs", detail, "notice_ends_on")


def _people(row: Row, draft: Draft) -> Iterator[Violation]:
    agreement = row.obj
    members = {membership.obj.organisation_id for membership in draft["memberships"]}
    named = [str(party.organisation_id) for party in _parties(row)]
    for part in row.children.get("agreement_parties", []):
        yield from not_in_the_future(part, draft, "signed_on")
        if part.obj.organisation_id not in members:
            yield part.wrong("not_a_member", _("Cette organisation n’est pas membre."), "organisation")
    for name in ("mandatary", "notice_by"):
        value = getattr(agreement, f"{name}_id")
        if value is not None and str(value) not in named and agreement.state != AgreementState.DRAFT:
            yield row.wrong("not_a_party", _("Cette organisation n’est pas partie à la convention."), name)
    for part in row.children.get("agreement_cost_keys", []):
        shares = part.obj.shares
        if not isinstance(shares, dict):
            yield part.wrong("invalid", _("Des parts par organisation sont attendues."), "shares")
            continue
        yield from key_violations(part.obj.basis, shares, named, part.pointer)


def _text(row: Row, draft: Draft) -> Iterator[Violation]:
    agreement = row.obj
    frozen = _read(agreement.content)
    if frozen is None or rules.canonical_bytes(frozen).decode() != agreement.content:
        detail = _("Le contenu figé n’est pas un JSON canonique (RFC 8785).")
        yield row.wrong("content_not_canonical", detail, "content")
        return
    if rules.content_hash(frozen) != agreement.content_hash:
        detail = _("L’empreinte n’est pas celle du contenu figé.")
        yield row.wrong("hash_mismatch", detail, "content_hash")
    replaced = _replaced(row, draft)
    # A level closes after the signature; a former text may be one that the dossier does not show.
    former = replaced.obj.content_hash if replaced is not None else frozen.get("replaces")
    said = agreement_content(agreement, _parties(row), _keys(row), former)
    if said | {"confidentiality": frozen.get("confidentiality")} != frozen:
        yield row.wrong("content_mismatch", _("La convention n’est pas celle du contenu figé."), "content")


def _signatures(row: Row, draft: Draft) -> Iterator[Violation]:
    agreement = row.obj
    zone = draft[COOPERATION][0].obj.zone
    proposed_on = clock.local_date(agreement.proposed_at, zone) if agreement.proposed_at else None
    parties = row.children.get("agreement_parties", [])
    if len(parties) < 2:
        yield row.wrong("too_few_parties", _("Une convention lie au moins deux parties."), "agreement_parties")
    for part in parties:
        signed_on = part.obj.signed_on
        if signed_on is None:
            detail = _("Une convention en vigueur est signée de toutes ses parties.")
            yield part.wrong("not_signed", detail, "signed_on")
        elif proposed_on is not None and signed_on < proposed_on:
            detail = _("La signature est antérieure à la proposition : ce texte n’était pas figé.")
            yield part.wrong("signed_before_proposal", detail, "signed_on")
        elif agreement.in_force_on is not None and signed_on > agreement.in_force_on:
            detail = _("Une convention n’entre pas en vigueur avant sa dernière signature.")
            yield part.wrong("out_of_order", detail, "signed_on")


def _read(content: str) -> dict[str, Any] | None:
    try:
        found = json.loads(content)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


SECTION = Section(
    key="agreements",
    model=Agreement,
    fields=(
        "title",
        "kind",
        "number",
        "replaces",
        "charter",
        "scope",
        "object_pilots",
        "object_milestones",
        "object_key_actors",
        "object_ad_hoc_structure",
        "mandatary",
        "mandate_scope",
        "mandate_limits",
        "starts_on",
        "ends_on",
        "renewal",
        "renewal_months",
        "max_renewals",
        "notice_months",
        "notice_days",
        "confidentiality",
        "confidentiality_clause",
        "confidential_until",
        "state",
        "proposed_at",
        "content",
        "content_hash",
        "in_force_on",
        "notice_given_on",
        "notice_by",
        "notice_reason",
        "notice_reference",
        "notice_ends_on",
        "ended_on",
        "ending",
        "ended_reason",
        "ended_reference",
        "withdrawn_on",
        "withdrawn_reason",
    ),
    children=(
        Section(
            key="agreement_parties",
            model=AgreementParty,
            parent="agreement",
            fields=(
                "organisation",
                "position",
                "role",
                "authorised_on",
                "authorisation_reference",
                "signed_on",
                "signatory",
                "capacity",
            ),
            order=("position",),
        ),
        Section(
            key="agreement_cost_keys",
            model=AgreementCostKey,
            parent="agreement",
            fields=("position", "label", "basis", "shares", "note"),
            order=("position",),
            adapt={"shares": _by_party},
        ),
    ),
    complete=_complete,
    check=_check,
)
