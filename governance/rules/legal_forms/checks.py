"""Whether given members may take a form, with every reason at once (`domain.md` 3.2 and 2.5).

A rule whose facts are not told says « unknown » and refuses nothing; a known breach is an error, whatever else is not
known. The confidence is that of the rule: a breach of a rule that is only the guide's says so.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import InvalidInput, RuleViolated, Violation
from governance.rules.legal_forms.entries import FormCode
from governance.rules.legal_forms.facts import WHOLE, FormFacts, MemberCategory, facts_violations
from governance.rules.legal_forms.findings import Finding, FindingSeverity
from governance.rules.regimes import Confidence

A, B, C, K = Confidence.A, Confidence.B, Confidence.C, Confidence.K
ERROR, WARNING, RISK, UNKNOWN = (
    FindingSeverity.ERROR,
    FindingSeverity.WARNING,
    FindingSeverity.RISK,
    FindingSeverity.UNKNOWN,
)
_GIP = "loi n° 2011-525 du 17 mai 2011, art. 98 s."
_PTCE = "loi n° 2014-856 du 31 juillet 2014, art. 9"
_PTCE_CALL = "décret n° 2015-431"
_SCIC = "loi n° 47-1775 du 10 septembre 1947, art. 19 quinquies s."
_COLLEGES = "loi n° 47-1775 du 10 septembre 1947, art. 19 octies"
_TENDER = "C. com. publ. R2142-19 à R2142-27"


@dataclass(frozen=True, kw_only=True)
class FormLimits:
    """Shares in basis points. Of a SCIC: B [57][58], three colleges K. Of a SCOP: K, but that workers hold most (S3).

    `ptce_legal_persons`: to answer the State's call (decree 2015-431)."""

    largest_college: int = 5_000
    smallest_college: int = 1_000
    colleges: int = 3
    kinds: int = 3
    public_capital: int = 5_000
    worker_capital: int = 5_100
    worker_votes: int = 6_500
    ptce_legal_persons: int = 3


LIMITS = FormLimits()


def check_form(
    form: str, facts: FormFacts, *, waived: Collection[str] = (), limits: FormLimits = LIMITS
) -> tuple[Finding, ...]:
    """Every finding, errors first. Raises InvalidInput on facts that cannot be.

    `waived`: codes of rules that the cooperation set aside; only those that are not settled (C, K) yield, and stay
    as warnings.
    """
    if violations := facts_violations(form, facts):
        raise InvalidInput(*violations)
    found = [*_number(form, facts), *_CHECKS.get(FormCode(form), _nothing)(facts, limits)]
    found = [
        replace(finding, severity=WARNING)
        if finding.severity is ERROR and finding.configurable and finding.code in waived
        else finding
        for finding in found
    ]
    order = list(FindingSeverity)
    return tuple(sorted(found, key=lambda finding: order.index(finding.severity)))


def require_possible(
    form: str, facts: FormFacts, *, waived: Collection[str] = (), limits: FormLimits = LIMITS
) -> tuple[Finding, ...]:
    """For acts that choose a form: what is not an error is returned.

    Raises RuleViolated with every error of `check_form`, InvalidInput as it does.
    """
    found = check_form(form, facts, waived=waived, limits=limits)
    if errors := [finding for finding in found if finding.severity is ERROR]:
        raise RuleViolated(*(Violation(error.code, error.detail, error.pointer) for error in errors))
    return found


def _some(values: Iterable[bool | None]) -> bool | None:
    """Whether one is true; None when none is and one is not told."""
    told = list(values)
    return True if True in told else (None if None in told else False)


def _needs(
    holds: bool | None,
    code: str,
    detail: str | Promise,
    confidence: Confidence,
    legal_ref: str = "",
    pointer: str = "/members",
) -> Iterator[Finding]:
    """Nothing when it holds, an error when it does not, « unknown » when it is not told."""
    if holds is None:
        missing = format_lazy(_("À dire pour en juger : {detail}"), detail=wording.going_on(detail))
        yield Finding(code, UNKNOWN, missing, confidence, legal_ref, pointer)
    elif not holds:
        yield Finding(code, ERROR, detail, confidence, legal_ref, pointer)


def _nothing(facts: FormFacts, limits: FormLimits) -> Iterator[Finding]:
    return iter(())


def _number(form: str, facts: FormFacts) -> Iterator[Finding]:
    """Nobody cooperates alone."""
    if len(facts.members) < 2:
        confidence = K if form in {FormCode.ASSOCIATION, FormCode.GIE} else A
        yield Finding("too_few_members", ERROR, _("Il faut être au moins deux."), confidence, "", "/members")


def _gip(facts: FormFacts, limits: FormLimits) -> Iterator[Finding]:
    has_public = _some(member.is_public for member in facts.members)
    yield from _needs(has_public, "gip_without_public_actor", _("Un GIP compte au moins un acteur public."), A, _GIP)


def _gie(facts: FormFacts, limits: FormLimits) -> Iterator[Finding]:
    has_private = _some(None if member.is_public is None else not member.is_public for member in facts.members)
    yield from _needs(has_private, "gie_without_private_actor", _("Un GIE compte au moins un acteur privé."), K)
    detail = _("Les membres d’un GIE répondent de ses dettes sur leur propre patrimoine.")
    yield Finding("gie_members_liable", RISK, detail, K, "C. com. L251-6")


def _ge(facts: FormFacts, limits: FormLimits) -> Iterator[Finding]:
    outside = None if facts.lends_outside is None else not facts.lends_outside
    detail = _("Un groupement d’employeurs ne met son personnel à la disposition que de ses membres.")
    yield from _needs(outside, "ge_members_only", detail, B, "C. trav. L1253-1 s.", "/lends_outside")
    for index, member in enumerate(facts.members):
        if member.is_employer is False:
            detail = _("Ce membre n’emploie personne : un groupement d’employeurs réunit des employeurs.")
            yield Finding("ge_member_employs_nobody", WARNING, detail, C, "", f"/members/{index}/is_employer")
        if member.is_public:
            detail = _("Une personne publique n’entre dans un groupement d’employeurs que sous conditions.")
            yield Finding("ge_public_member", WARNING, detail, C, "", f"/members/{index}/is_public")
    detail = _("Les membres répondent solidairement des salaires dus ; les statuts peuvent répartir cette charge.")
    yield Finding("ge_joint_liability", RISK, detail, B, "C. trav. L1253-8")


def _scic(facts: FormFacts, limits: FormLimits) -> Iterator[Finding]:
    yield from _scic_kinds(facts, limits)
    share = facts.public_capital
    holds = None if share is None else share <= limits.public_capital
    if share is None and _some(member.is_public for member in facts.members) is False:
        holds = True
    detail = format_lazy(
        _("Les collectivités publiques détiennent au plus {share} du capital."), share=_percent(limits.public_capital)
    )
    yield from _needs(holds, "too_much_public_capital", detail, B, _SCIC, "/public_capital")
    if facts.colleges:
        yield from _scic_colleges(facts, limits)


def _scic_kinds(facts: FormFacts, limits: FormLimits) -> Iterator[Finding]:
    kinds = {member.category for member in facts.members} - {None}
    all_told = all(member.category is not None for member in facts.members)

    def judged(holds: bool) -> bool | None:
        return True if holds else (False if all_told else None)

    workers = {MemberCategory.EMPLOYEES, MemberCategory.PRODUCERS}
    # Employees and producers are one of the kinds that the law asks for, the latter failing the former.
    count = len(kinds)
    detail = format_lazy(_("Il faut au moins {count} catégories d’associés."), count=limits.kinds)
    # A member whose category is not told brings one more at most.
    untold = sum(member.category is None for member in facts.members)
    enough = True if count >= limits.kinds else (None if count + untold >= limits.kinds else False)
    yield from _needs(enough, "too_few_kinds", detail, B, _SCIC)
    detail = _("Les salariés, ou à défaut les producteurs, sont associés.")
    yield from _needs(judged(bool(kinds & workers)), "employees_missing", detail, B, _SCIC)
    detail = _("Les bénéficiaires sont associés.")
    yield from _needs(judged(MemberCategory.BENEFICIARIES in kinds), "beneficiaries_missing", detail, B, _SCIC)


def _scic_colleges(facts: FormFacts, limits: FormLimits) -> Iterator[Finding]:
    colleges = facts.colleges or ()
    if len(colleges) < limits.colleges:
        detail = format_lazy(_("Il faut au moins {count} collèges."), count=limits.colleges)
        yield Finding("too_few_colleges", ERROR, detail, K, _COLLEGES, "/colleges")
    for index, college in enumerate(colleges):
        where = f"/colleges/{index}/share"
        if college.share > limits.largest_college:
            limit = _percent(limits.largest_college)
            detail = format_lazy(_("Un collège ne détient pas plus de {share} des voix."), share=limit)
            yield Finding("college_too_heavy", ERROR, detail, B, _COLLEGES, where)
        if college.share < limits.smallest_college:
            limit = _percent(limits.smallest_college)
            detail = format_lazy(_("Un collège ne détient pas moins de {share} des voix."), share=limit)
            yield Finding("college_too_light", ERROR, detail, B, _COLLEGES, where)
    if sum(college.share for college in colleges) != WHOLE:
        detail = _("Les poids des collèges ne font pas 100 %.")
        yield Finding("weights_do_not_add_up", ERROR, detail, A, "", "/colleges")


def _scop(facts: FormFacts, limits: FormLimits) -> Iterator[Finding]:
    capital, votes = facts.worker_capital, facts.worker_votes
    told = [share for share in (capital, votes) if share is not None]
    lost = any(share * 2 <= WHOLE for share in told)
    holds = False if lost else (True if len(told) == 2 else None)
    detail = _("Les salariés d’une SCOP sont majoritaires en capital et en voix.")
    yield from _needs(holds, "scop_workers_not_majority", detail, A, "", "/worker_capital")
    for name, share, least in (
        ("worker_capital", capital, limits.worker_capital),
        ("worker_votes", votes, limits.worker_votes),
    ):
        if share is not None and share * 2 > WHOLE and share < least:
            detail = format_lazy(_("Le seuil retenu pour une SCOP est de {share}."), share=_percent(least))
            yield Finding("scop_share_too_small", ERROR, detail, K, "", f"/{name}")


def _ptce(facts: FormFacts, limits: FormLimits) -> Iterator[Finding]:
    members = facts.members
    ess = _some(_both(member.is_ess, member.is_enterprise) for member in members)
    detail = _("Un PTCE réunit au moins une entreprise de l’ESS.")
    yield from _needs(ess, "ptce_without_ess_enterprise", detail, B, _PTCE)
    others = _some(_both(_not(member.is_ess), member.is_enterprise) for member in members)
    detail = _("Un PTCE associe au moins une entreprise hors de l’ESS.")
    yield from _needs(others, "ptce_without_other_enterprise", detail, B, _PTCE)
    call = _("l’appel de l’État ne pourra recevoir de réponse")
    if facts.has_legal_person is not True:
        severity = WARNING if facts.has_legal_person is False else UNKNOWN
        detail = format_lazy(_("Sans personne morale de droit privé, {call}."), call=call)
        yield Finding("ptce_without_legal_person", severity, detail, B, _PTCE_CALL, "/has_legal_person")
    if sum(member.is_legal_person is not False for member in members) < limits.ptce_legal_persons:
        least = limits.ptce_legal_persons
        detail = format_lazy(_("À moins de {count} personnes morales, {call}."), count=least, call=call)
        yield Finding("ptce_too_few_legal_persons", WARNING, detail, B, _PTCE_CALL, "/members")
    if all(member.is_enterprise for member in members):
        detail = format_lazy(
            _("Sans partenaire d’une autre nature (collectivité, recherche, formation…), {call}."), call=call
        )
        yield Finding("ptce_without_other_partner", WARNING, detail, B, _PTCE_CALL, "/members")


def _ges(facts: FormFacts, limits: FormLimits) -> Iterator[Finding]:
    if facts.as_legal_status:
        detail = _("Le GES n’est pas un statut juridique : choisissez la forme de chaque personne morale du groupe.")
        yield Finding("ges_not_a_legal_status", WARNING, detail, A)


def _joint_tender(facts: FormFacts, limits: FormLimits) -> Iterator[Finding]:
    detail = _("Le marché peut rendre le mandataire solidaire de chacun : lisez-le avant de l’être.")
    yield Finding("tender_leader_may_be_liable", RISK, detail, A, _TENDER)


def _joint_several_tender(facts: FormFacts, limits: FormLimits) -> Iterator[Finding]:
    detail = _("Chaque membre répond de la totalité du marché.")
    yield Finding("liable_for_the_whole", RISK, detail, A, _TENDER)


def _union(facts: FormFacts, limits: FormLimits) -> Iterator[Finding]:
    for index, member in enumerate(facts.members):
        detail = _("Une union ou une fédération réunit des associations.")
        pointer = f"/members/{index}/is_association"
        yield from _needs(member.is_association, "member_not_an_association", detail, A, "", pointer)


def _merger(facts: FormFacts, limits: FormLimits) -> Iterator[Finding]:
    for index, member in enumerate(facts.members):
        if member.is_association is not True:
            severity = WARNING if member.is_association is False else UNKNOWN
            detail = _("L’article 9 bis de la loi de 1901 vaut entre associations : vérifiez ce qui régit ce membre.")
            pointer = f"/members/{index}/is_association"
            yield Finding("merger_beyond_associations", severity, detail, B, "loi 1901, art. 9 bis", pointer)
    detail = _("Les personnes morales absorbées disparaissent : leurs contrats, agréments et dettes suivent.")
    yield Finding("merger_ends_members", RISK, detail, B, "loi 1901, art. 9 bis")


def _sce(facts: FormFacts, limits: FormLimits) -> Iterator[Finding]:
    several = None if facts.states is None else facts.states >= 2
    detail = _("Une société coopérative européenne réunit des associés de plusieurs États.")
    yield from _needs(several, "sce_in_one_state", detail, A, "", "/states")


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return True if one and other else None


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _percent(share: int) -> str:
    whole, rest = divmod(share, 100)
    return f"{whole}\u00a0%" if not rest else f"{whole},{rest:02d}\u00a0%"


_CHECKS: Mapping[FormCode, Callable[[FormFacts, FormLimits], Iterator[Finding]]] = MappingProxyType(
    {
        FormCode.GIP: _gip,
        FormCode.GIE: _gie,
        FormCode.GE: _ge,
        FormCode.SCIC: _scic,
        FormCode.SCOP: _scop,
        FormCode.PTCE: _ptce,
        FormCode.GES: _ges,
        FormCode.JOINT_TENDER: _joint_tender,
        FormCode.JOINT_SEVERAL_TENDER: _joint_several_tender,
        FormCode.UNION: _union,
        FormCode.FEDERATION: _union,
        FormCode.MERGER: _merger,
        FormCode.SCE: _sce,
    }
)
