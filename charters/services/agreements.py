"""Writing an agreement and putting it to the signature. The agreement's row is locked before any row below it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from charters import states
from charters.enums import AgreementState, AgreementTransition
from charters.models import Agreement, AgreementCostKey, AgreementParty
from charters.rules.agreement_checks import proposal_violations
from charters.rules.agreement_dates import terms_violations
from charters.rules.content import normalise
from charters.rules.cost_keys import key_violations
from charters.selectors.agreements import closes_on, facts_of, terms_of
from charters.services.agreement_text import TEXTS, agreement_content, freeze_agreement, unreadable_texts
from coopproject import clock
from coopproject.exceptions import InvalidInput, RuleViolated, Violation
from coopproject.locking import lock
from governance import journal
from governance.actor import Actor
from governance.enums import Confidentiality
from governance.models import CircleStay, Cooperation
from governance.rules.confidentiality import LEVELS
from governance.services import records

_COPIED = (
    *TEXTS,
    "kind",
    "charter",
    "mandatary",
    "starts_on",
    "ends_on",
    "renewal",
    "renewal_months",
    "max_renewals",
    "notice_months",
    "notice_days",
    "confidentiality",
    "confidential_until",
)
_PARTY = ("organisation", "role", "authorised_on", "authorisation_reference")
_KEY = ("label", "basis", "shares", "note")
_REPLACED_ONCE = Violation("amendment_exists", _("Un avenant de cette convention existe déjà."))


def lock_agreement(pk: UUID, expected_version: int | None = None) -> Agreement:
    """The agreement's row: the one lock for its text, its signatures and its end."""
    agreement: Agreement = lock(Agreement.objects.select_related("cooperation"), pk, expected_version)
    return agreement


@transaction.atomic
def agreement_create(
    *,
    actor: Actor,
    cooperation: Cooperation,
    parties: Sequence[Mapping[str, Any]] = (),
    cost_keys: Sequence[Mapping[str, Any]] = (),
    **fields: Any,
) -> Agreement:
    """Draft an agreement, its parties and cost keys in the order given.

    Raises InvalidInput with the pointers of everything that cannot be: terms, parties, keys, references.
    """
    agreement = Agreement(cooperation=cooperation, **_normalised(fields))
    _require_sane(agreement, parties, cost_keys, actor)
    payload = records.values_of(agreement) | _parts(parties, cost_keys)
    records.create(agreement, actor=actor, **payload)
    _write_parts(agreement, parties, cost_keys)
    return agreement


@transaction.atomic
def agreement_update(*, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]) -> Agreement:
    """Change a draft; parties and cost keys are replaced whole. Once proposed, only its level changes, and closes.

    Raises RuleViolated: `text_is_frozen`, `level_would_open`.
    """
    agreement = lock_agreement(pk, expected_version)
    wanted = _normalised(dict(changes))
    if agreement.state != AgreementState.DRAFT:
        _require_closing_only(agreement, wanted)
    parties = wanted.pop("parties", None)
    cost_keys = wanted.pop("cost_keys", None)
    former = _current_parts(agreement)
    known = former | {
        name: value for name, value in (("parties", parties), ("cost_keys", cost_keys)) if value is not None
    }
    candidate = copy(agreement)
    for name, value in wanted.items():
        setattr(candidate, name, value)
    if agreement.state == AgreementState.DRAFT:
        _require_sane(candidate, known["parties"], known["cost_keys"], actor)
    elif found := list(_out_of_sight(candidate, known["parties"], actor)):
        raise InvalidInput(*found)
    version = agreement.version
    records.save_changes(agreement, actor=actor, changes=wanted)
    before, after = _parts(**former), _parts(**known)
    if before != after:
        _write_parts(agreement, known["parties"], known["cost_keys"])
        journal.record("agreement.parts_changed", agreement, actor=actor, before=before, after=after)
        if agreement.version == version:
            agreement.save(update_fields=[])
    return agreement


@transaction.atomic
def agreement_propose(*, pk: UUID, actor: Actor, expected_version: int | None = None) -> Agreement:
    """Freeze the text and put it to the signature of every party.

    Raises RuleViolated with every reason: `wrong_state`, `term_is_over`, `not_a_member`, and the codes of
    `charters.rules.agreement_checks.proposal_violations`.
    """
    agreement = lock_agreement(pk, expected_version)
    today = clock.today(agreement.cooperation.zone)
    parties, keys = list(agreement.parties.all()), list(agreement.cost_keys.all())
    found = states.agreement.violations(agreement.state, AgreementTransition.PROPOSE)
    if not found:
        found = proposal_violations(facts_of(agreement))
        found += unreadable_texts(agreement, parties, keys)
        known = _current_parts(agreement)
        found += _sanity(agreement, known["parties"], known["cost_keys"])
        closes = closes_on(agreement)
        if closes is not None and closes < today:
            found.append(Violation("term_is_over", _("Le terme de cette convention est déjà passé."), "/ends_on"))
    if found:
        raise RuleViolated(*found)
    freeze_text(agreement, parties, keys)
    states.agreement.apply(agreement, AgreementTransition.PROPOSE)
    agreement.proposed_at = clock.now()
    agreement.save(update_fields=["state", "proposed_at", "content", "content_hash"])
    journal.record(
        "agreement.proposed",
        agreement,
        actor=actor,
        content_hash=agreement.content_hash,
        parties=[party.organisation_id for party in parties],
    )
    return agreement


@transaction.atomic
def agreement_withdraw(*, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str) -> Agreement:
    """Give up a draft, or take back what not everybody has signed. Its text and signatures stay readable."""
    agreement = lock_agreement(pk, expected_version)
    was_draft = agreement.state == AgreementState.DRAFT
    states.agreement.apply(agreement, AgreementTransition.WITHDRAW)
    agreement.withdrawn_on, agreement.withdrawn_reason = clock.today(agreement.cooperation.zone), reason
    fields = ["state", "withdrawn_on", "withdrawn_reason"]
    if was_draft:
        freeze_text(agreement, list(agreement.parties.all()), list(agreement.cost_keys.all()))
        fields += ["content", "content_hash"]
    agreement.save(update_fields=fields)
    journal.record("agreement.withdrawn", agreement, actor=actor, reason=reason, content_hash=agreement.content_hash)
    return agreement


@transaction.atomic
def agreement_amend(*, pk: UUID, actor: Actor, expected_version: int | None = None) -> Agreement:
    """Open the draft of an amendment (avenant): a copy to change, which will end this one when it enters into force.

    A withdrawn text is taken up again under its own number. Raises RuleViolated: `wrong_state`, `amendment_exists`.
    """
    base = lock_agreement(pk, expected_version)
    if base.state in (AgreementState.DRAFT, AgreementState.PROPOSED):
        detail = _("Une convention ne s’amende qu’une fois en vigueur ; retirez d’abord ce qui est proposé.")
        raise RuleViolated(Violation("wrong_state", detail))
    again = base.state == AgreementState.WITHDRAWN
    replaced = base.replaces if again else base
    if again and replaced is not None:
        lock_agreement(replaced.pk)
    if replaced is not None and replaced.replaced_by.exclude(state=AgreementState.WITHDRAWN).exists():
        raise RuleViolated(_REPLACED_ONCE)
    draft = Agreement(
        cooperation=base.cooperation,
        number=base.number if again else base.number + 1,
        replaces=replaced,
        **{name: getattr(base, name) for name in _COPIED},
    )
    parts = _current_parts(base)
    for party in parts["parties"]:
        party |= {"authorised_on": None, "authorisation_reference": ""}
    records.create(draft, actor=actor, **records.values_of(draft) | _parts(**parts))
    _write_parts(draft, **parts)
    return draft


def freeze_text(agreement: Agreement, parties: list[AgreementParty], keys: list[AgreementCostKey]) -> None:
    """Write the canonical text and its hash from the rows; the caller saves."""
    replaced = agreement.replaces.content_hash if agreement.replaces is not None else None
    freeze_agreement(agreement, agreement_content(agreement, parties, keys, replaced))


def _require_closing_only(agreement: Agreement, wanted: Mapping[str, Any]) -> None:
    frozen = _("Ce texte est proposé à la signature ou signé : il ne change plus. Proposez un avenant (amend).")
    found = [Violation("text_is_frozen", frozen, f"/{name}") for name in wanted if name != "confidentiality"]
    level = wanted.get("confidentiality", agreement.confidentiality)
    until = agreement.confidential_until
    over = until is not None and until < clock.today(agreement.cooperation.zone)
    if LEVELS.index(level) < LEVELS.index(Confidentiality(agreement.confidentiality)) and not over:
        detail = _("Le niveau convenu ne s’ouvre pas avant la date jusqu’à laquelle la convention est confidentielle.")
        found.append(Violation("level_would_open", detail, "/confidentiality"))
    if found:
        raise RuleViolated(*found)


def _require_sane(
    agreement: Agreement, parties: Sequence[Mapping[str, Any]], cost_keys: Sequence[Mapping[str, Any]], actor: Actor
) -> None:
    found = [*_sanity(agreement, parties, cost_keys), *_out_of_sight(agreement, parties, actor)]
    if found:
        raise InvalidInput(*found)


def _sanity(
    agreement: Agreement, parties: Sequence[Mapping[str, Any]], cost_keys: Sequence[Mapping[str, Any]]
) -> Iterator[Violation]:
    """What cannot be in a draft either."""
    yield from terms_violations(terms_of(agreement))
    if agreement.charter is not None and agreement.charter.cooperation_id != agreement.cooperation_id:
        yield Violation("other_cooperation", _("Cette charte est celle d’une autre coopération."), "/charter")
    yield from _not_members(agreement, parties)
    named = [str(party["organisation"].pk) for party in parties]
    for index, organisation in enumerate(named):
        if organisation in named[:index]:
            detail = _("Cette organisation est déjà partie à la convention.")
            yield Violation("party_repeated", detail, f"/parties/{index}/organisation")
    for index, key in enumerate(cost_keys):
        yield from key_violations(key["basis"], key.get("shares", {}), named, f"/cost_keys/{index}")


def _not_members(agreement: Agreement, parties: Sequence[Mapping[str, Any]]) -> Iterator[Violation]:
    stays = CircleStay.objects.in_force(clock.today(agreement.cooperation.zone)).filter(
        cooperation=agreement.cooperation_id
    )
    members = set(stays.order_by().values_list("membership__organisation_id", flat=True))
    detail = _("Cette organisation n’est pas membre de la coopération.")
    for index, party in enumerate(parties):
        if party["organisation"].pk not in members:
            yield Violation("not_a_member", detail, f"/parties/{index}/organisation")
    if agreement.mandatary_id is not None and agreement.mandatary_id not in members:
        yield Violation("not_a_member", detail, "/mandatary")


def _out_of_sight(agreement: Agreement, parties: Iterable[Mapping[str, Any]], actor: Actor) -> Iterator[Violation]:
    """Whoever writes an agreement for its parties only must be of one of them, or they would never see it again."""
    own = actor.organisations_in(agreement.cooperation_id)
    if agreement.confidentiality == Confidentiality.RESTRICTED and not any(
        party["organisation"].pk in own for party in parties
    ):
        detail = _("Réservée à ses parties, cette convention sortirait de votre vue : l’une d’elles doit le demander.")
        yield Violation("out_of_sight", detail, "/confidentiality")


def _current_parts(agreement: Agreement) -> dict[str, Any]:
    """Parties and keys as inputs give them."""
    rows = agreement.parties.select_related("organisation").order_by("position")
    return {
        "parties": [{name: getattr(row, name) for name in _PARTY} for row in rows],
        "cost_keys": [{name: getattr(row, name) for name in _KEY} for row in agreement.cost_keys.order_by("position")],
    }


def _parts(parties: Iterable[Mapping[str, Any]], cost_keys: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The same for the journal and to compare: organisations by identifier, what was left out filled in."""
    return {
        "parties": [
            {
                "organisation": str(party["organisation"].pk),
                "role": normalise(party.get("role", "")),
                "authorised_on": party.get("authorised_on"),
                "authorisation_reference": party.get("authorisation_reference", ""),
            }
            for party in parties
        ],
        "cost_keys": [
            {
                "label": normalise(key["label"]),
                "basis": str(key["basis"]),
                "shares": dict(key.get("shares", {})),
                "note": normalise(key.get("note", "")),
            }
            for key in cost_keys
        ],
    }


def _write_parts(
    agreement: Agreement, parties: Iterable[Mapping[str, Any]], cost_keys: Iterable[Mapping[str, Any]]
) -> None:
    agreement.parties.all().delete()
    agreement.cost_keys.all().delete()
    written = _parts(parties, cost_keys)
    common = {"cooperation_id": agreement.cooperation_id, "agreement": agreement}
    for position, row in enumerate(written["parties"], 1):
        organisation_id = UUID(row.pop("organisation"))
        party = AgreementParty(**common, position=position, organisation_id=organisation_id, **row)
        records.check(party)
        party.save(force_insert=True)
    for position, row in enumerate(written["cost_keys"], 1):
        key = AgreementCostKey(**common, position=position, **row)
        records.check(key)
        key.save(force_insert=True)


def _normalised(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: normalise(value) if name in TEXTS and isinstance(value, str) else value for name, value in fields.items()
    }
