"""The sections of governance, and what must hold between their facts."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import InvalidInput, Violation
from governance import cooperation_settings, voting_rules
from governance.actor import Actor
from governance.dossier import decision_section
from governance.dossier.checks import in_order as in_order
from governance.dossier.checks import not_in_the_future as not_in_the_future
from governance.dossier.sections import COOPERATION, Draft, Row, Section
from governance.enums import ConsultationState, OpinionKind, RoleKind
from governance.models import (
    Board,
    CircleStay,
    Consultation,
    Cooperation,
    Membership,
    MonthlyHeadcount,
    Organisation,
    Person,
    Role,
    VotingRule,
    YearlyTurnover,
)
from governance.rules.belonging import Period
from governance.rules.calendars import day_after
from governance.rules.confidentiality import highest
from governance.rules.consultation_deadlines import DeadlineStatus
from governance.rules.cooperation_fields import field_violations
from governance.rules.cse_votes import CseVote, vote_result, vote_violations
from governance.rules.headcount import headcount_violations
from governance.rules.identifiers import Identifiers
from governance.rules.member_description import description_violations
from governance.rules.territory import Territory
from governance.selectors.employers import consultation_deadline, named_by_field, staff_body_violations

_IDENTIFIERS = ("siren", "siret", "rna", "local_register", "naf", "idcc")
_TERRITORY = ("commune_code", "department_code", "employment_area_code")
_NOT_BOUND_TO_A_MEMBER = {RoleKind.COORDINATION, RoleKind.FACILITATION, RoleKind.FUNDER, RoleKind.OBSERVER}


def _cooperation_check(row: Row, draft: Draft) -> Iterator[Violation]:
    given = {name: getattr(row.obj, name) for name in ("zone", "currency", "types", "size_alert")}
    for violation in field_violations(given):
        yield Violation(violation.code, violation.detail, row.pointer + violation.pointer)
    yield from cooperation_settings.violations(row.obj.settings, f"{row.pointer}/settings")


def _organisation_check(row: Row, draft: Draft) -> Iterator[Violation]:
    given = {name: getattr(row.obj, name) for name in _IDENTIFIERS}
    cleaned = Identifiers.cleaned(**given)
    for name, value in given.items():
        if value != getattr(cleaned, name):
            detail = _("Forme attendue : « %(bare)s ».") % {"bare": getattr(cleaned, name)}
            yield row.wrong("not_bare", detail, name)
    codes = {name: getattr(row.obj, name) for name in _TERRITORY}
    territory = Territory.cleaned(**codes)
    for name, value in codes.items():
        if value != getattr(territory, name):
            detail = _("Forme attendue : « %(bare)s ».") % {"bare": getattr(territory, name)}
            yield row.wrong("not_bare", detail, name)
    for violation in (*cleaned.violations(), *territory.violations()):
        yield Violation(violation.code, violation.detail, row.pointer + violation.pointer)
    for violation in staff_body_violations(row.obj, draft.today):
        yield row.wrong(violation.code, violation.detail, violation.pointer.lstrip("/"))


def _without_stated_size(organisations: Sequence[Organisation], reader: Actor) -> None:
    """A size stated by hand is a figure, as the headcounts are (docs/adr/0025)."""
    opened = set(Organisation.objects.figures_open_to(reader).order_by("pk").values_list("pk", flat=True))
    for organisation in organisations:
        if organisation.pk not in opened:
            organisation.size_override = organisation.size_override_reason = ""


def _headcount_check(row: Row, draft: Draft) -> Iterator[Violation]:
    for violation in headcount_violations({row.obj.month: row.obj.value}, draft.today):
        yield row.wrong(violation.code, violation.detail)


def _voting_rule_check(row: Row, draft: Draft) -> Iterator[Violation]:
    yield from voting_rules.violations(row.obj.definition, f"{row.pointer}/definition")


def _person_check(row: Row, draft: Draft) -> Iterator[Violation]:
    if row.obj.erased_at is None:
        for name in ("given_name", "family_name"):
            if not getattr(row.obj, name):
                yield row.wrong("required", _("Ce champ est obligatoire."), name)


def _membership_check(row: Row, draft: Draft) -> Iterator[Violation]:
    """Stays cover the membership from its first day to its last, one circle at a time."""
    obj = row.obj
    for found in description_violations(
        profile=obj.profile,
        specific_asset=obj.specific_asset,
        relation=obj.relation,
        competes_on=obj.competes_on,
    ):
        yield row.wrong(found.code, found.detail, found.pointer.removeprefix("/"))
    stays = sorted(row.children.get("stays", []), key=lambda stay: stay.obj.since)
    if not stays:
        yield row.wrong("required", _("Une adhésion passe par au moins un cercle."), "stays")
        return
    if stays[0].obj.since != row.obj.joined_on:
        yield stays[0].wrong("stay_outside_membership", _("Le premier séjour commence le jour de l’entrée."), "since")
    for previous, after in pairwise(stays):
        if previous.obj.until is None or day_after(previous.obj.until) != after.obj.since:
            yield after.wrong("stays_do_not_follow", _("Un séjour commence le lendemain du précédent."), "since")
    if stays[-1].obj.until != row.obj.left_on:
        yield stays[-1].wrong("stay_outside_membership", _("Le dernier séjour finit avec l’adhésion."), "until")
    yield from not_in_the_future(row, draft, "joined_on")
    same = draft.of_organisation("memberships", row.obj.organisation_id)
    # Once for each organisation; of two at a time the later one is wrong.
    for before, after in pairwise(sorted(same, key=_joined_on) if same[0] is row else ()):
        if _period(before).overlaps(_period(after)):
            yield after.wrong("already_member", _("Cette organisation est déjà membre à cette date."), "organisation")


def _joined_on(membership: Row) -> dt.date:
    day: dt.date = membership.obj.joined_on
    return day


def _period(membership: Row) -> Period:
    return Period(membership.obj.joined_on, membership.obj.left_on)


def _role_check(row: Row, draft: Draft) -> Iterator[Violation]:
    if row.obj.organisation_id is None or row.obj.kind in _NOT_BOUND_TO_A_MEMBER:
        return
    if not draft.of_organisation("memberships", row.obj.organisation_id):
        yield row.wrong("not_a_member", _("Cette organisation n’est pas membre."), "organisation")


_FAVOURABLE = {OpinionKind.FAVOURABLE, OpinionKind.FAVOURABLE_WITH_RESERVATIONS}
_COUNTS = ("votes_for", "votes_against", "votes_abstain", "votes_blank")
_COMPUTED = ("regime", "weekend_extension", "nominal_deadline", "extended_deadline", "act_from")


def _consultation_complete(row: Row, draft: Draft) -> Iterable[Violation]:
    """Compute the deadlines that the author left out; those that are written stay as they were found that day.

    A level left out is that of the decision, as when the consultation is prepared here.
    """
    obj = row.obj
    if "confidentiality" not in row.data:
        obj.confidentiality = draft.by_id("decisions")[obj.decision_id].obj.confidentiality
    if obj.state == ConsultationState.DRAFT or any(name in row.data for name in _COMPUTED):
        return ()
    obj.organisation = draft.by_id("organisations")[obj.organisation_id].obj
    try:
        limit = consultation_deadline(obj)
    except InvalidInput as error:
        violations = map(named_by_field, error.violations)
        return [Violation(found.code, found.detail, row.pointer + found.pointer) for found in violations]
    if limit.status == DeadlineStatus.RUNNING:
        obj.regime, obj.weekend_extension = limit.regime_id, str(limit.policy.weekend_extension)
        obj.nominal_deadline, obj.extended_deadline, obj.act_from = limit.nominal, limit.extended, limit.act_from
    return ()


def _consultation_check(row: Row, draft: Draft) -> Iterator[Violation]:
    obj = row.obj
    names = ("information_delivered_on", "information_recorded_on", "bdese_notice_on", "expert_designated_on")
    answered = ("opinion_on", "response_on", "response_meeting_on", "closed_on", "extended_on", "suspended_on")
    yield from not_in_the_future(row, draft, *names, *answered)
    yield from in_order(row, "information_delivered_on", "opinion_on", "response_on", "closed_on")
    yield from in_order(row, "information_delivered_on", "information_recorded_on")
    if obj.opinion == OpinionKind.DEEMED_NEGATIVE:
        if obj.extended_deadline is None or obj.opinion_on is None or obj.opinion_on < obj.nominal_deadline:
            detail = _("Un avis n’est réputé négatif qu’une fois l’échéance atteinte.")
            yield row.wrong("deemed_before_deadline", detail, "opinion_on")
    elif obj.state == ConsultationState.DEEMED_NEGATIVE:
        yield row.wrong("opinion_of_another_state", _("Cet état est celui d’un avis réputé négatif."), "opinion")
    if obj.votes_present is not None:
        ballot = CseVote(present=obj.votes_present, **{name: getattr(obj, name) or 0 for name in _COUNTS})
        impossible = vote_violations(ballot)
        for violation in impossible:
            yield row.wrong(violation.code, violation.detail, "votes_present")
        if obj.opinion in _FAVOURABLE and not impossible and not (result := vote_result(ballot)).adopted:
            yield row.wrong("opinion_not_adopted", result.formula, "votes_for")
    answered = obj.state == ConsultationState.RESPONSE_RECORDED or obj.changes_made or obj.response_meeting_on
    if answered and not obj.response_text.strip():
        yield row.wrong("required", _("La suite donnée est motivée."), "response_text")
    level = draft.by_id("decisions")[obj.decision_id].obj.confidentiality
    if highest(obj.confidentiality, level) != obj.confidentiality:
        more = _("Une consultation n’est pas plus ouverte que sa décision (« %(level)s »).") % {"level": level}
        yield row.wrong("more_open_than_its_decision", more, "confidentiality")
    if obj.organisation_id not in draft.by_id("decisions")[obj.decision_id].many.get("concerned", []):
        detail = _("La décision ne nomme pas cet employeur parmi ceux qu’elle concerne.")
        yield row.wrong("employer_not_concerned", detail, "organisation")


SECTIONS = (
    Section(
        key=COOPERATION,
        model=Cooperation,
        check=_cooperation_check,
        fields=(
            "name",
            "purpose",
            "types",
            "currency",
            "zone",
            "started_on",
            "ended_on",
            "size_alert",
            "settings",
        ),
    ),
    Section(
        key="organisations",
        model=Organisation,
        owner="",
        same_as=(("siren",), ("rna",)),
        fields=(
            "name",
            "short_name",
            "legal_form",
            "siren",
            "siret",
            "rna",
            "local_register",
            "naf",
            "idcc",
            "sector",
            "commune_code",
            "department_code",
            "employment_area_code",
            "site_calendar",
            "cse_status",
            "cse_first_elected_on",
            "cse_mandate_started_on",
            "cse_mandate_ends_on",
            "carence_recorded_on",
            "wider_powers_reference",
            "size_override",
            "size_override_reason",
            "is_fictitious",
        ),
        children=(
            Section(
                key="headcounts",
                model=MonthlyHeadcount,
                parent="organisation",
                owner="organisation",
                same_as=(("organisation", "month"),),
                fields=("month", "value", "source"),
                order=("month",),
                check=_headcount_check,
            ),
            Section(
                key="turnovers",
                model=YearlyTurnover,
                parent="organisation",
                owner="organisation",
                same_as=(("organisation", "year"),),
                fields=("year", "amount", "source"),
                order=("year",),
            ),
        ),
        check=_organisation_check,
        conceal=_without_stated_size,
    ),
    Section(
        key="people",
        model=Person,
        owner="",
        fields=("given_name", "family_name", "email", "phone", "language", "erased_at"),
        optional=frozenset({"given_name", "family_name"}),
        check=_person_check,
    ),
    Section(
        key="boards",
        model=Board,
        owner="organisation",
        same_as=(("organisation", "body"),),
        fields=("organisation", "body", "seats_in_office", "approves_charters", "confidentiality"),
    ),
    Section(
        key="voting_rules",
        model=VotingRule,
        owner="board",
        same_as=(("board", "valid_from"),),
        fields=("board", "valid_from", "definition", "source"),
        check=_voting_rule_check,
    ),
    Section(
        key="memberships",
        model=Membership,
        fields=(
            "organisation",
            "joined_on",
            "left_on",
            "leave_reason",
            "leave_waiver",
            "notice_given_on",
            "notice_exit_on",
            "notice_reason",
            "notice_reference",
            "profile",
            "specific_asset",
            "relation",
            "competes_on",
            "confidentiality",
        ),
        children=(
            Section(
                key="stays",
                model=CircleStay,
                parent="membership",
                fields=("circle", "since", "until", "reason", "onboarding_waiver"),
                order=("since",),
            ),
        ),
        check=_membership_check,
    ),
    Section(
        key="roles",
        model=Role,
        fields=("person", "organisation", "kind", "since", "until", "confidentiality"),
        check=_role_check,
    ),
    decision_section.SECTION,
    Section(
        key="consultations",
        model=Consultation,
        fields=(
            "decision",
            "organisation",
            "state",
            "confidentiality",
            "information_delivered_on",
            "information_recorded_on",
            "bdese_notice_on",
            "bdese_required",
            "information_complete",
            "missing_information",
            "regime",
            "weekend_extension",
            "expert_designated_on",
            "both_levels",
            "agreement_days",
            "agreement_months",
            "agreement_reference",
            "common_agreement_on",
            "judge_seized_on",
            "judge_fixed_on",
            "suspended_days",
            "extended_on",
            "suspended_on",
            "nominal_deadline",
            "extended_deadline",
            "act_from",
            "opinion",
            "opinion_on",
            "opinion_text",
            "votes_present",
            "votes_for",
            "votes_against",
            "votes_abstain",
            "votes_blank",
            "response_text",
            "response_on",
            "response_meeting_on",
            "changes_made",
            "closed_on",
            "closed_without_response",
        ),
        complete=_consultation_complete,
        check=_consultation_check,
    ),
)
