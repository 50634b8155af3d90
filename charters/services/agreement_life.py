"""The life of an agreement once proposed: signed by each party, in force, given notice of, ended."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from charters import states
from charters.enums import AgreementEnding, AgreementState, AgreementTransition
from charters.models import Agreement, AgreementParty
from charters.rules.agreement_checks import SIGNATORY_ROLES
from charters.rules.agreement_dates import notice_effect
from charters.selectors.agreements import closes_on, terms_of
from charters.services.agreements import lock_agreement
from coopproject import clock
from coopproject.exceptions import InvalidInput, NotAllowed, RuleViolated, Violation
from governance import journal
from governance.actor import Actor
from governance.models import Organisation

_DAY = dt.timedelta(days=1)
_FUTURE = _("Cette date est dans le futur.")
_OVER = Violation("term_is_over", _("Le terme de cette convention est déjà passé."))


@transaction.atomic
def agreement_sign(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    content_hash: str,
    organisation: Organisation | None = None,
    signed_on: dt.date | None = None,
    authorised_on: dt.date | None = None,
    authorisation_reference: str = "",
) -> Agreement:
    """Sign the exact text for one's own organisation, as its chair or director. The last signature puts it in force.

    `organisation` may be left out by whoever can sign for one party only. Raises InvalidInput, NotAllowed (another
    party's signature), RuleViolated: `wrong_state`, `hash_mismatch`, `already_signed`, `term_is_over`.
    """
    agreement = lock_agreement(pk, expected_version)
    party = _own_party(agreement, actor, organisation)
    today = clock.today(agreement.cooperation.zone)
    day = signed_on or today
    if found := [*_signing_dates(agreement, day, authorised_on, today)]:
        raise InvalidInput(*found)
    found = []
    if agreement.state != AgreementState.PROPOSED:
        found += states.agreement.violations(agreement.state, AgreementTransition.ENTER)
    elif (closes := closes_on(agreement)) is not None and closes < today:
        found.append(_OVER)
    if agreement.content_hash and content_hash != agreement.content_hash:
        detail = _("Le texte signé n’est pas le texte figé de cette convention : les empreintes diffèrent.")
        found.append(Violation("hash_mismatch", detail, "/content_hash"))
    if party.signed_on is not None:
        detail = _("Cette organisation a déjà signé cette convention.")
        found.append(Violation("already_signed", detail, "/organisation"))
    if found:
        raise RuleViolated(*found)
    party.signed_on, party.signatory_id = day, actor.person_id
    party.capacity = next(
        kind
        for kind in SIGNATORY_ROLES
        if actor.holds(agreement.cooperation_id, (kind,), organisation_id=party.organisation_id)
    )
    fields = ["signed_on", "signatory", "capacity"]
    for name, value in (("authorised_on", authorised_on), ("authorisation_reference", authorisation_reference)):
        if value:
            setattr(party, name, value)
            fields.append(name)
    party.save(update_fields=fields)
    agreement.save(update_fields=[])
    journal.record(
        "agreement.signed",
        agreement,
        actor=actor,
        on_behalf_of=party.organisation_id,
        organisation=party.organisation_id,
        signed_on=day,
        capacity=party.capacity,
        content_hash=agreement.content_hash,
        authorised_on=party.authorised_on,
        authorisation_reference=party.authorisation_reference,
    )
    enter_if_due(agreement, actor=actor)
    return agreement


@transaction.atomic
def agreement_give_notice(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    organisation: Organisation | None = None,
    given_on: dt.date | None = None,
    reason: str,
    reference: str = "",
) -> Agreement:
    """Give notice for one's own organisation. Late, it is not refused: the agreement ends one term later, and says so.

    A notice of an earlier day names the act that gave it (`reference`: a registered letter). Raises InvalidInput,
    NotAllowed, RuleViolated: `wrong_state`, `notice_already_given`, `term_is_over`.
    """
    agreement = lock_agreement(pk, expected_version)
    party = _own_party(agreement, actor, organisation)
    today = clock.today(agreement.cooperation.zone)
    day = given_on or today
    if day > today:
        raise InvalidInput(Violation("in_the_future", _FUTURE, "/given_on"))
    found = states.agreement.violations(agreement.state, AgreementTransition.END)
    if not found:
        found = [*_notice_violations(agreement, day, today)]
    if found:
        raise RuleViolated(*found)
    if day < today and not reference.strip():
        detail = _("Un préavis d’un jour passé nomme l’acte qui l’a donné (courrier recommandé…).")
        raise InvalidInput(Violation("reference_required", detail, "/reference"))
    effect = notice_effect(terms_of(agreement), day)
    agreement.notice_given_on, agreement.notice_by_id = day, party.organisation_id
    agreement.notice_reason, agreement.notice_reference = reason, reference
    agreement.notice_ends_on = effect.ends_on
    agreement.save(
        update_fields=["notice_given_on", "notice_by", "notice_reason", "notice_reference", "notice_ends_on"]
    )
    journal.record(
        "agreement.notice_given",
        agreement,
        actor=actor,
        on_behalf_of=party.organisation_id,
        reason=reason,
        given_on=day,
        ends_on=effect.ends_on,
        effect=effect.reason,
        reference=reference,
    )
    end_if_over(agreement, today, actor=actor)
    return agreement


@transaction.atomic
def agreement_end(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    ended_on: dt.date | None = None,
    reason: str,
    reference: str,
) -> Agreement:
    """Record that it was terminated otherwise than by notice, by an act (`reference`) that binds the parties.

    `ended_on`: the last day on which it applied, today by default.
    """
    agreement = lock_agreement(pk, expected_version)
    today = clock.today(agreement.cooperation.zone)
    day = ended_on or today
    if day > today:
        raise InvalidInput(Violation("in_the_future", _FUTURE, "/ended_on"))
    found = states.agreement.violations(agreement.state, AgreementTransition.END)
    if agreement.in_force_on is not None and day < agreement.in_force_on:
        detail = _("La convention n’était pas encore en vigueur ce jour-là.")
        found.append(Violation("before_the_agreement", detail, "/ended_on"))
    if found:
        raise RuleViolated(*found)
    _end(agreement, day, AgreementEnding.TERMINATED, actor=actor, reason=reason, reference=reference)
    return agreement


def enter_if_due(agreement: Agreement, *, actor: Actor) -> bool:
    """Put in force what every party has signed, once its day has come; it ends the one that it replaces.

    The caller holds the lock. True when it entered now.
    """
    today = clock.today(agreement.cooperation.zone)
    closes = closes_on(agreement)
    if agreement.state != AgreementState.PROPOSED or agreement.starts_on > today:
        return False
    signed = list(AgreementParty.objects.filter(agreement=agreement).values_list("signed_on", flat=True))
    if None in signed or (closes is not None and closes < max(today, *signed)):
        return False
    day = max(agreement.starts_on, *signed)
    if agreement.replaces_id is not None:
        replaced = lock_agreement(agreement.replaces_id)
        if not end_if_over(replaced, today, actor=actor) and replaced.state == AgreementState.IN_FORCE:
            assert replaced.in_force_on is not None
            last = max(day - _DAY, replaced.in_force_on)
            _end(replaced, last, AgreementEnding.REPLACED, actor=actor, by=agreement.pk)
    states.agreement.apply(agreement, AgreementTransition.ENTER)
    agreement.in_force_on = day
    agreement.save(update_fields=["state", "in_force_on"])
    journal.record(
        "agreement.entered_into_force",
        agreement,
        actor=actor,
        in_force_on=day,
        content_hash=agreement.content_hash,
    )
    end_if_over(agreement, today, actor=actor)
    return True


def end_if_over(agreement: Agreement, today: dt.date, *, actor: Actor) -> bool:
    """End what is past its last day, whether by notice or by its term. The caller holds the lock."""
    closes = closes_on(agreement)
    if agreement.state != AgreementState.IN_FORCE or closes is None or closes >= today:
        return False
    assert agreement.in_force_on is not None
    _end(agreement, max(closes, agreement.in_force_on), AgreementEnding.EXPIRED, actor=actor)
    return True


def agreement_tick() -> int:
    """What the clock alone makes happen: agreements signed by all enter on their day, those past their end are ended.

    Returns how many moved. Running it twice, or on two machines, is safe.
    """
    moved = 0
    actor = Actor.system("agreements")
    for pk in [*_signed_by_all(), *_past_their_end()]:
        with transaction.atomic():
            agreement = lock_agreement(pk)
            today = clock.today(agreement.cooperation.zone)
            moved += enter_if_due(agreement, actor=actor) or end_if_over(agreement, today, actor=actor)
    return moved


def _signed_by_all() -> list[UUID]:
    proposed = Agreement.objects.filter(state=AgreementState.PROPOSED)
    unsigned = AgreementParty.objects.filter(signed_on__isnull=True).order_by().values("agreement")
    return list(proposed.exclude(pk__in=unsigned).order_by("proposed_at", "pk").values_list("pk", flat=True))


def _past_their_end() -> Iterator[UUID]:
    today: dict[str, dt.date] = {}
    rows = Agreement.objects.filter(state=AgreementState.IN_FORCE).select_related("cooperation").order_by("pk")
    for agreement in rows:
        zone = agreement.cooperation.zone
        today[zone] = today.get(zone) or clock.today(zone)
        closes = closes_on(agreement)
        if closes is not None and closes < today[zone]:
            yield agreement.pk


def _own_party(agreement: Agreement, actor: Actor, organisation: Organisation | None) -> AgreementParty:
    """The party for which this actor may bind. Raises InvalidInput, NotAllowed."""
    parties = list(agreement.parties.select_related("organisation").order_by("position"))
    own = [
        party
        for party in parties
        if actor.holds(agreement.cooperation_id, SIGNATORY_ROLES, organisation_id=party.organisation_id)
    ]
    if organisation is None:
        if len(own) > 1:
            detail = _("Vous agissez pour plusieurs parties : dites laquelle.")
            raise InvalidInput(Violation("organisation_required", detail, "/organisation"))
        if not own:
            raise NotAllowed
        return own[0]
    if all(party.organisation_id != organisation.pk for party in parties):
        detail = _("Cette organisation n’est pas partie à la convention.")
        raise InvalidInput(Violation("not_a_party", detail, "/organisation"))
    found = next((party for party in own if party.organisation_id == organisation.pk), None)
    if found is None:
        raise NotAllowed(_("On ne s’engage que pour sa propre organisation."))
    return found


def _signing_dates(
    agreement: Agreement, day: dt.date, authorised_on: dt.date | None, today: dt.date
) -> Iterator[Violation]:
    for name, given in (("signed_on", day), ("authorised_on", authorised_on)):
        if given is not None and given > today:
            yield Violation("in_the_future", _FUTURE, f"/{name}")
    if agreement.proposed_at and day < clock.local_date(agreement.proposed_at, agreement.cooperation.zone):
        detail = _("La signature est antérieure à la proposition : ce texte n’était pas figé.")
        yield Violation("signed_before_proposal", detail, "/signed_on")


def _notice_violations(agreement: Agreement, day: dt.date, today: dt.date) -> Iterator[Violation]:
    if agreement.notice_given_on is not None:
        yield Violation("notice_already_given", _("Un préavis est déjà donné pour cette convention."))
    closes = closes_on(agreement)
    if closes is not None and closes < today:
        yield _OVER
    if agreement.in_force_on is not None and day < agreement.in_force_on:
        detail = _("La convention n’était pas encore en vigueur ce jour-là.")
        yield Violation("before_the_agreement", detail, "/given_on")


def _end(
    agreement: Agreement,
    day: dt.date,
    ending: AgreementEnding,
    *,
    actor: Actor,
    reason: str = "",
    reference: str = "",
    **payload: Any,
) -> None:
    states.agreement.apply(agreement, AgreementTransition.END)
    agreement.ended_on, agreement.ending = day, ending
    agreement.ended_reason, agreement.ended_reference = reason, reference
    agreement.save(update_fields=["state", "ended_on", "ending", "ended_reason", "ended_reference"])
    journal.record(
        "agreement.ended",
        agreement,
        actor=actor,
        reason=reason,
        ended_on=day,
        ending=ending,
        reference=reference,
        **payload,
    )
