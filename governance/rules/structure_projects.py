"""The creation of a structure: the steps proposed for each form, their order, and what stands against its registration.

The steps are a proposal: those that the guide names are A, the others are this project's own (K). Any may be skipped
with a reason, others added: none is shown as law.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import Violation
from governance.rules.legal_forms import FormCode, form_by_code
from governance.rules.orientation import Family
from governance.rules.regimes import Confidence

A, K = Confidence.A, Confidence.K
# The step that does not say again what the decision's own requirements say: it asks them.
STAFF_CONSULTATION = "staff_consultation"


@dataclass(frozen=True)
class StepTemplate:
    """A step proposed for a form. `required`: the creation is not recorded while it is open. `after`: codes of the
    steps that come first; those that the form does not have are left out."""

    code: str
    title: str | Promise
    required: bool = True
    after: tuple[str, ...] = ()
    confidence: Confidence = K


_CONTRACT = ("contract_draft", _("Projet de contrat ou de convention constitutive"))
_STATUTES = ("statutes_draft", _("Projet de statuts"))
_CAPITAL = {FormCode.SCIC, FormCode.SCOP, FormCode.CAE, FormCode.AGRI_COOP, FormCode.SCE, FormCode.COMMON_FUND}
_EMPLOYING = {FormCode.GE, FormCode.GCSMS, FormCode.GCS, FormCode.MERGER}
_BY_CONTRACT = {FormCode.GIE, FormCode.GIP, FormCode.GCS, FormCode.GCSMS}


def makes_an_entity(form: str) -> bool:
    """Whether creating a structure of this form makes sense: it is of the organic family."""
    entry = form_by_code(form)
    return entry is not None and entry.family is Family.ORGANIC


def steps_for(form: str) -> tuple[StepTemplate, ...]:
    """The steps proposed for a form, in their order. `after` names only steps of this form."""
    code = FormCode(form)
    text, title = _CONTRACT if code in _BY_CONTRACT else _STATUTES
    steps = [
        StepTemplate("founders", _("Objet, fondateurs et apports arrêtés")),
        StepTemplate(text, title, after=("founders",)),
        StepTemplate("first_budget", _("Premier budget"), confidence=A),
        StepTemplate(
            STAFF_CONSULTATION,
            _("Consultation des représentants du personnel de chaque employeur concerné"),
            confidence=A,
        ),
    ]
    if code is FormCode.SCIC:
        steps.append(StepTemplate("colleges", _("Catégories d’associés et collèges"), after=(text,)))
    if code is FormCode.GE:
        steps.append(StepTemplate("collective_agreement", _("Choix de la convention collective"), after=(text,)))
    if code is FormCode.MERGER:
        steps.append(StepTemplate("merger_treaty", _("Projet de traité de fusion"), after=(text,)))
    steps += [
        StepTemplate(
            "board_votes",
            _("Vote du conseil de chaque fondateur"),
            after=(text, "first_budget", STAFF_CONSULTATION, "colleges", "collective_agreement", "merger_treaty"),
            confidence=A,
        ),
        StepTemplate("constitutive_assembly", _("Assemblée constitutive"), after=("board_votes",)),
    ]
    if code in _CAPITAL:
        steps.append(
            StepTemplate("capital", _("Souscription et dépôt du capital ou de la dotation"), after=("board_votes",))
        )
    if code is FormCode.GIP:
        steps.append(
            StepTemplate(
                "public_approval", _("Approbation de la convention par l’autorité publique"), after=("board_votes",)
            )
        )
    steps += [
        StepTemplate(
            "registration",
            _("Déclaration ou immatriculation"),
            after=("constitutive_assembly", "capital", "public_approval"),
        ),
        StepTemplate("bank_account", _("Ouverture du compte bancaire"), False, ("registration",), A),
        StepTemplate("insurance", _("Assurance"), False, ("registration",)),
        StepTemplate(
            "social_protection",
            _("Vérification de la protection sociale complémentaire du personnel repris ou embauché"),
            code in _EMPLOYING,
            confidence=A,
        ),
        StepTemplate(
            "staff_transfers", _("Transfert ou embauche du personnel"), False, ("registration", "social_protection"), A
        ),
    ]
    known = {step.code for step in steps}
    return tuple(
        StepTemplate(
            step.code, step.title, step.required, tuple(one for one in step.after if one in known), step.confidence
        )
        for step in steps
    )


def find_cycle(after: Mapping[str, Collection[str]]) -> bool:
    """Whether some step ends up coming after itself. `after`: step -> those that come before it."""
    pending = {step: set(before) & set(after) for step, before in after.items()}
    while free := {step for step, before in pending.items() if not before}:
        pending = {step: before - free for step, before in pending.items() if step not in free}
    return bool(pending)


@dataclass(frozen=True)
class StepFacts:
    """A step as the rules see it. `cleared`: done, or skipped with a reason."""

    id: str
    title: str
    required: bool
    cleared: bool


def waiting_violations(before: Iterable[StepFacts]) -> list[Violation]:
    """Why a step cannot be done yet: one reason per step that comes first and is open."""
    sentence = _("« %(title)s » vient avant, et reste à faire.")
    return [
        Violation("step_before_open", wording.filled(sentence, title=step.title)) for step in before if not step.cleared
    ]


def later_violations(later: Iterable[StepFacts]) -> list[Violation]:
    """Why a step cannot be opened again: one reason per step that rests on it and is done."""
    sentence = _("« %(title)s » en dépend et n’est plus à faire : rouvrez-la d’abord.")
    return [
        Violation("later_step_cleared", wording.filled(sentence, title=step.title)) for step in later if step.cleared
    ]


def scenario_violations(form: str, *, kept: bool, forms: Collection[str]) -> list[Violation]:
    """Why a hypothesis does not carry this file: it was not kept, or is of other forms. `forms`: those it names."""
    found = []
    if not kept:
        detail = _("L’hypothèse nommée n’est pas retenue.")
        found.append(Violation("scenario_not_kept", detail, "/scenario"))
    if form not in forms:
        detail = _("L’hypothèse nommée est d’une autre forme.")
        found.append(Violation("scenario_of_another_form", detail, "/scenario"))
    return found


def registration_violations(
    *,
    errors: Sequence[tuple[str, str | Promise]],
    steps: Iterable[StepFacts],
    founders: int,
    former_members: Sequence[str],
    decision_taken: bool | None,
) -> list[Violation]:
    """Everything that stands against recording the creation, at once.

    `errors`: code and sentence of each check of the form that fails. `former_members`: names of the founders that are
    members no more. `decision_taken`: None when no decision launches it: nobody creates a legal person but by decision,
    and it is the decision that employees are consulted on.
    """
    found = [Violation(code, detail, "/form") for code, detail in errors]
    if founders == 0:
        found.append(Violation("founders_missing", _("Dites quels membres fondent cette structure."), "/founders"))
    sentence = _("« %(name)s » n’est plus membre de la coopération.")
    found += [Violation("founder_left", wording.filled(sentence, name=name), "/founders") for name in former_members]
    sentence = _("« %(title)s » reste à faire.")
    found += [
        Violation("step_open", wording.filled(sentence, title=step.title))
        for step in steps
        if step.required and not step.cleared
    ]
    if decision_taken is None:
        detail = _("Dites quelle décision lance cette structure : ses conditions disent qui est consulté avant.")
        found.append(Violation("decision_missing", detail, "/decision"))
    elif not decision_taken:
        detail = _("La décision qui lance cette structure n’est pas prise : ses conditions disent ce qu’elle attend.")
        found.append(Violation("decision_not_taken", detail, "/decision"))
    return found
