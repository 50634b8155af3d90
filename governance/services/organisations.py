"""Organisations and their figures. They exist across cooperations; entering one is what makes them known there."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, RuleViolated, Violation
from coopproject.locking import lock
from governance import journal
from governance.actor import Actor
from governance.enums import Confidentiality
from governance.models import Cooperation, MonthlyHeadcount, Organisation, YearlyTurnover
from governance.rules.headcount import headcount_violations
from governance.rules.identifiers import Identifiers
from governance.rules.territory import Territory
from governance.selectors.employers import staff_body_violations
from governance.services import memberships, records

_IDENTIFIERS = ("siren", "siret", "rna", "local_register", "naf", "idcc")
_UNIQUE = ("siren", "rna")
_TERRITORY = ("commune_code", "department_code", "employment_area_code")
# What decides whether its staff body is consulted (domain.md 1.4).
_STATED_SIZE = ("size_override", "size_override_reason")
_STAFF_BODY = frozenset(
    {
        "cse_first_elected_on",
        "cse_mandate_started_on",
        "cse_mandate_ends_on",
        "carence_recorded_on",
        *_STATED_SIZE,
    }
)


@transaction.atomic
def organisation_create(
    *,
    actor: Actor,
    cooperation: Cooperation | None = None,
    circle: str | None = None,
    joined_on: dt.date | None = None,
    onboarding_waiver: str = "",
    confidentiality: str = Confidentiality.NETWORK,
    **fields: Any,
) -> Organisation:
    """Record an organisation and let it join a cooperation in the same act; `confidentiality`: of its membership.

    Identifiers are stored bare. A SIREN or an RNA that the instance knows already is refused: whoever knows that
    organisation, or else the operator, ties it with a membership.
    """
    organisation = Organisation(**fields)
    if found := [
        *_identify(organisation),
        *_locate(organisation),
        *staff_body_violations(organisation, clock.today()),
    ]:
        raise InvalidInput(*found)
    records.create(organisation, actor=actor)
    if cooperation is not None and circle is not None:
        memberships.membership_create(
            actor=actor,
            cooperation=cooperation,
            organisation=organisation,
            circle=circle,
            joined_on=joined_on,
            onboarding_waiver=onboarding_waiver,
            confidentiality=confidentiality,
        )
    return organisation


@transaction.atomic
def organisation_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]
) -> Organisation:
    """Correct what identifies or describes an organisation."""
    organisation = lock(Organisation.objects.all(), pk, expected_version)
    cleaned = dict(changes)
    found: list[Violation] = []
    for names, clean in ((_IDENTIFIERS, _identify), (_TERRITORY, _locate)):
        if any(name in changes for name in names):
            wanted = Organisation(**{name: changes.get(name, getattr(organisation, name)) for name in names})
            wanted.pk = organisation.pk
            found += clean(wanted)
            cleaned |= {name: getattr(wanted, name) for name in names}
    if _STAFF_BODY & changes.keys():
        wanted = Organisation(**{name: changes.get(name, getattr(organisation, name)) for name in _STAFF_BODY})
        found += staff_body_violations(wanted, clock.today())
    if found:
        raise InvalidInput(*found)
    _refuse_what_is_not_read(organisation, actor, changes)
    saved = records.save_changes(organisation, actor=actor, changes=cleaned)
    assert isinstance(saved, Organisation)
    return saved


@transaction.atomic
def headcount_create(
    *, actor: Actor, organisation: Organisation, month: dt.date, value: Decimal, source: str = ""
) -> MonthlyHeadcount:
    """Write the headcount of one month, in full-time equivalents. A month is written once, then corrected."""
    lock(Organisation.objects.all(), organisation.pk)
    found = _month_violations(month, value, "")
    if MonthlyHeadcount.objects.filter(organisation=organisation, month=month).exists():
        found.append(
            Violation("already_recorded", _("L’effectif de ce mois est déjà inscrit : corrigez-le."), "/month")
        )
    if found:
        raise InvalidInput(*found)
    headcount = MonthlyHeadcount(organisation=organisation, month=month, value=value, source=source)
    records.create(headcount, actor=actor, on_behalf_of=organisation.pk, act="headcount.recorded")
    return headcount


def headcount_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]
) -> MonthlyHeadcount:
    """Correct the value or the source of a month."""
    if changes.get("value", 0) < 0:
        raise InvalidInput(Violation("headcount_negative", _("Un effectif ne peut être négatif."), "/value"))
    saved = records.update(
        MonthlyHeadcount.objects.all(),
        pk,
        actor=actor,
        expected_version=expected_version,
        changes=changes,
        act="headcount.corrected",
    )
    assert isinstance(saved, MonthlyHeadcount)
    return saved


@transaction.atomic
def headcounts_record(*, pk: UUID, actor: Actor, headcounts: Iterable[Mapping[str, Any]]) -> list[UUID]:
    """Write or correct several months of one organisation, all or nothing. Returns their ids in the order given."""
    organisation = lock(Organisation.objects.all(), pk)
    rows = list(headcounts)
    found: list[Violation] = []
    seen: set[dt.date] = set()
    for index, row in enumerate(rows):
        at = f"/headcounts/{index}"
        found += _month_violations(row["month"], row["value"], at)
        if row["month"] in seen:
            found.append(Violation("repeated", _("Ce mois est donné deux fois."), f"{at}/month"))
        seen.add(row["month"])
    if found:
        raise InvalidInput(*found)
    known = {row.month: row for row in MonthlyHeadcount.objects.filter(organisation=organisation, month__in=seen)}
    written: list[UUID] = []
    for row in rows:
        headcount = known.get(row["month"])
        if headcount is None:
            headcount = MonthlyHeadcount(organisation=organisation, **row)
            records.check(headcount)
            headcount.save(force_insert=True)
        elif any(getattr(headcount, name) != value for name, value in row.items()):
            headcount.value, headcount.source = row["value"], row.get("source", headcount.source)
            records.check(headcount)
            headcount.save(update_fields=["value", "source"])
        written.append(headcount.pk)
    journal.record(
        "organisation.headcounts_recorded",
        organisation,
        actor=actor,
        on_behalf_of=organisation.pk,
        months={f"{row['month']:%Y-%m}": row["value"] for row in rows},
    )
    return written


@transaction.atomic
def turnover_create(
    *, actor: Actor, organisation: Organisation, year: int, amount: Decimal, source: str = ""
) -> YearlyTurnover:
    """Write the turnover of one financial year, in euro. A year is written once, then corrected."""
    lock(Organisation.objects.all(), organisation.pk)
    found: list[Violation] = []
    if not 1900 <= year <= clock.today().year:
        found.append(Violation("year_out_of_range", _("Un exercice de 1900 à cette année est attendu."), "/year"))
    if amount < 0:
        found.append(Violation("negative", _("Un chiffre d’affaires ne peut être négatif."), "/amount"))
    if YearlyTurnover.objects.filter(organisation=organisation, year=year).exists():
        found.append(Violation("already_recorded", _("Cet exercice est déjà inscrit : corrigez-le."), "/year"))
    if found:
        raise InvalidInput(*found)
    turnover = YearlyTurnover(organisation=organisation, year=year, amount=amount, source=source)
    records.create(turnover, actor=actor, on_behalf_of=organisation.pk, act="turnover.recorded")
    return turnover


def turnover_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]
) -> YearlyTurnover:
    """Correct the amount or the source of a year."""
    if changes.get("amount", 0) < 0:
        raise InvalidInput(Violation("negative", _("Un chiffre d’affaires ne peut être négatif."), "/amount"))
    saved = records.update(
        YearlyTurnover.objects.all(),
        pk,
        actor=actor,
        expected_version=expected_version,
        changes=changes,
        act="turnover.corrected",
    )
    assert isinstance(saved, YearlyTurnover)
    return saved


def _identify(organisation: Organisation) -> list[Violation]:
    """Clean the identifiers in place; every reason against them, those taken by another organisation included."""
    cleaned = Identifiers.cleaned(**{name: getattr(organisation, name) for name in _IDENTIFIERS})
    found = cleaned.violations()
    refused = {violation.pointer for violation in found}
    for name in _UNIQUE:
        value = getattr(cleaned, name)
        if not value or f"/{name}" in refused:
            continue
        if Organisation.objects.filter(Q(**{name: value})).exclude(pk=organisation.pk).exists():
            detail = _("Cette instance connaît déjà une organisation sous cet identifiant : voyez avec l’opérateur.")
            found.append(Violation(f"{name}_taken", detail, f"/{name}"))
    for name, value in asdict(cleaned).items():
        setattr(organisation, name, value)
    return found


def _refuse_what_is_not_read(organisation: Organisation, actor: Actor, changes: Mapping[str, Any]) -> None:
    """A size stated by hand is a figure: whoever may not read it does not overwrite it (docs/adr/0025)."""
    stated = [name for name in _STATED_SIZE if name in changes]
    if stated and not Organisation.objects.figures_open_to(actor).filter(pk=organisation.pk).exists():
        detail = _("Les effectifs de cette organisation ne vous sont pas ouverts.")
        raise RuleViolated(*(Violation("field_masked", detail, f"/{name}") for name in stated))


def _locate(organisation: Organisation) -> list[Violation]:
    """Clean the codes of the territory in place; every reason against them."""
    cleaned = Territory.cleaned(**{name: getattr(organisation, name) for name in _TERRITORY})
    for name, value in asdict(cleaned).items():
        setattr(organisation, name, value)
    return list(cleaned.violations())


def _month_violations(month: dt.date, value: Decimal, at: str) -> list[Violation]:
    return [
        replace(violation, pointer=f"{at}/value" if violation.code == "headcount_negative" else f"{at}/month")
        for violation in headcount_violations({month: value}, clock.today())
    ]
