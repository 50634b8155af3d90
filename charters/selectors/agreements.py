"""What is read of agreements: their terms, what they lack, who must still sign, what leaving them entails."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from charters.enums import AgreementState
from charters.models import Agreement, AgreementCostKey, AgreementParty
from charters.rules import agreement_checks as checks
from charters.rules import agreement_dates as dates
from coopproject import clock
from governance.models import Cooperation, Organisation

# Days after which a missing signature is a vital sign: a convention of this project (confidence K), which
# `Cooperation.settings["agreement_signature_days"]` changes.
SIGNATURE_DAYS = 30
TERM_NEAR = dt.timedelta(days=60)


def signature_days(cooperation: Cooperation) -> dt.timedelta:
    """How long a signature may take before it is a sign."""
    days = cooperation.settings.get("agreement_signature_days", SIGNATURE_DAYS)
    usable = isinstance(days, int) and not isinstance(days, bool) and 1 <= days <= 3660
    return dt.timedelta(days=days if usable else SIGNATURE_DAYS)


_OPEN = (AgreementState.DRAFT, AgreementState.PROPOSED, AgreementState.IN_FORCE)


def with_parts(agreements: QuerySet[Any]) -> QuerySet[Any]:
    """Agreements with all that their outputs and rules read, in a constant number of queries."""
    return agreements.select_related("cooperation").prefetch_related(
        Prefetch("parties", AgreementParty.objects.order_by("position")),
        Prefetch("cost_keys", AgreementCostKey.objects.order_by("position")),
    )


def terms_of(agreement: Agreement) -> dates.Terms:
    """The row in the words of the rules."""
    return dates.Terms(
        agreement.starts_on,
        agreement.ends_on,
        renewal=str(agreement.renewal),
        renewal_months=agreement.renewal_months,
        max_renewals=agreement.max_renewals,
        notice_months=agreement.notice_months,
        notice_days=agreement.notice_days,
    )


def closes_on(agreement: Agreement) -> dt.date | None:
    """The last day on which it applies as things stand; None while it has no end."""
    return agreement.ended_on or dates.closes_on(terms_of(agreement), agreement.notice_ends_on)


@dataclass(frozen=True)
class TermFacts:
    """The running term (of an agreement yet to start: the first), and what a notice given today would do."""

    term: dates.Term
    next_notice_on: dt.date | None
    closes_on: dt.date | None
    notice_today: dates.NoticeEffect | None


def term_facts(agreement: Agreement, on: dt.date) -> TermFacts | None:
    """None once the agreement is over or was withdrawn."""
    terms = terms_of(agreement)
    day = max(on, agreement.starts_on)
    term = dates.term_on(terms, day, agreement.notice_ends_on) if agreement.state in _OPEN else None
    if term is None:
        return None
    given = agreement.notice_given_on is not None
    return TermFacts(
        term,
        None if given else dates.next_notice_day(terms, on),
        closes_on(agreement),
        None if given or agreement.state != AgreementState.IN_FORCE else dates.notice_effect(terms, on),
    )


def notice_detail(agreement: Agreement) -> str:
    """What the notice that was given does, and why; empty when none was."""
    if agreement.notice_given_on is None:
        return ""
    return str(dates.notice_effect(terms_of(agreement), agreement.notice_given_on).detail)


def facts_of(agreement: Agreement) -> checks.AgreementFacts:
    """The row, its parties and keys, in the words of the checks."""
    parties = list(agreement.parties.all())
    return checks.AgreementFacts(
        kind=str(agreement.kind),
        title=agreement.title,
        scope=agreement.scope,
        pilots=agreement.object_pilots,
        milestones=agreement.object_milestones,
        key_actors=agreement.object_key_actors,
        ad_hoc_structure=agreement.object_ad_hoc_structure,
        confidentiality_clause=agreement.confidentiality_clause,
        parties=[str(party.organisation_id) for party in parties],
        ends_on=agreement.ends_on,
        mandatary=str(agreement.mandatary_id) if agreement.mandatary_id else None,
        mandate_scope=agreement.mandate_scope,
        mandate_limits=agreement.mandate_limits,
        bases=[str(key.basis) for key in agreement.cost_keys.all()],
        unauthorised=[str(party.organisation_id) for party in parties if not party.authorisation_reference],
    )


def checks_of(agreement: Agreement) -> list[checks.Check]:
    """What deserves a look, but for what the cooperation silenced (`settings["agreement_checks_off"]`)."""
    off = agreement.cooperation.settings.get("agreement_checks_off", [])
    return checks.checks(facts_of(agreement), off=off if isinstance(off, list) else [])


def missing_signatures(cooperation: Cooperation) -> Iterator[tuple[Agreement, list[AgreementParty], dt.date]]:
    """Each agreement put to the signature, who has not signed, and since when it waits."""
    proposed = Agreement.objects.filter(cooperation=cooperation, state=AgreementState.PROPOSED)
    for agreement in with_parts(proposed).order_by("proposed_at", "pk"):
        unsigned = [party for party in agreement.parties.all() if party.signed_on is None]
        if unsigned:
            yield agreement, unsigned, clock.local_date(agreement.proposed_at, cooperation.zone)


def in_force(cooperation: Cooperation) -> list[Agreement]:
    """The agreements in force, parts included."""
    found = Agreement.objects.filter(cooperation=cooperation, state=AgreementState.IN_FORCE)
    return list(with_parts(found).order_by("in_force_on", "pk"))


@dataclass(frozen=True)
class Leaving:
    """What leaving one agreement entails. `earliest_end`: its last day if this organisation gave notice that day (for
    one that is not signed by all yet: None, it binds nobody). `notice_by`: the day for the notice that comes next."""

    agreement: Agreement
    notice_by: dt.date | None
    earliest_end: dt.date | None
    why: Any


def agreements_of(organisation: Organisation, cooperation: Cooperation, on: dt.date) -> list[Leaving]:
    """What this organisation is bound by there, or was asked to sign, and when it could be out of each.

    Not filtered by reader: for services and rules; an answer to people goes through `visible_to`.
    """
    bound = Agreement.objects.filter(
        cooperation=cooperation,
        parties__organisation=organisation,
        state__in=[AgreementState.PROPOSED, AgreementState.IN_FORCE],
    )
    found = []
    for agreement in with_parts(bound).order_by("starts_on", "pk"):
        facts = term_facts(agreement, on)
        if facts is None:
            continue
        effect = facts.notice_today
        end = effect.ends_on if effect else agreement.notice_ends_on
        found.append(Leaving(agreement, facts.next_notice_on, end, effect.detail if effect else ""))
    return found
