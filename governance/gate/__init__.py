"""The gate: what must hold before a decision may be taken. Apps register providers; nobody re-implements a rule.

A provider is called with the decision (its row locked when `take` asks) and today's legal date, and returns
`Requirement`s: the API serves them, the web page shows them, `take` and board votes obey them.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.rules.consultation_deadlines import Reason

if TYPE_CHECKING:
    from governance.actor import Actor
    from governance.models import Decision


class RequirementStatus(TextChoices):
    MET = "met", _("remplie")
    OPEN = "open", _("en cours")
    BLOCKED = "blocked", _("bloquée")
    NOT_APPLICABLE = "not_applicable", _("sans objet")
    TO_ASSESS = "to_assess", _("à apprécier")


_CONSULTATIONS, _DELEGATIONS = "consultations", "delegations"
# What holds the decision back. `to_assess` does too: a human must say why not (domain.md 1.4, R13).
HOLDING = frozenset({RequirementStatus.OPEN, RequirementStatus.BLOCKED, RequirementStatus.TO_ASSESS})


@dataclass(frozen=True)
class Requirement:
    """One thing that must hold, for one organisation where `organisation_id` is given, else for the decision."""

    code: str
    status: RequirementStatus
    detail: str | Promise
    clears: str | Promise = ""
    organisation_id: UUID | None = None
    since: dt.date | None = None
    # The first day on which it will hold by itself, when it is known (end of a legal period).
    holds_from: dt.date | None = None
    legal_reference: str = ""
    # A or B: may be shown as law. Else it is a configurable choice of this instance (domain.md 0).
    confidence: str = ""
    # Why it is asked at all, where that differs from the code (`consult_required`, `consult_specific`…).
    basis: str = ""
    objects: tuple[dict[str, str], ...] = field(default=())
    # Why it stands as it does, step by step: first `basis`, then facts of an object that not everybody may know of.
    reasons: tuple[Reason, ...] = field(default=())
    # `detail` for whoever may not read the figures on which it rests (docs/adr/0025); empty when it rests on none.
    withheld: str | Promise = ""

    @property
    def holds_back(self) -> bool:
        return self.status in HOLDING

    def as_data(self) -> dict[str, Any]:
        """Plain values for the API, the journal and `requirements_at_taking`: neither reasons nor what figures say of
        an employer, for not all may read them."""
        return self._plain(self.withheld or self.detail)

    def _plain(self, detail: str | Promise) -> dict[str, Any]:
        data = asdict(self)
        del data["reasons"], data["withheld"]
        data.update(
            status=str(self.status),
            detail=str(detail),
            clears=str(self.clears),
            organisation=str(data.pop("organisation_id")) if self.organisation_id else None,
            since=self.since.isoformat() if self.since else None,
            holds_from=self.holds_from.isoformat() if self.holds_from else None,
            objects=list(self.objects),
        )
        return data

    def as_data_with_reasons(self) -> dict[str, Any]:
        """Everything, for the reader whom `known_to` answered."""
        reasons = [{"code": reason.code, "detail": str(reason.detail)} for reason in self.reasons]
        return {**self._plain(self.detail), "reasons": reasons}


type Provider = Callable[["Decision", dt.date], Iterable[Requirement]]
_providers: dict[str, Provider] = {}


def register(name: str, provider: Provider) -> None:
    """Called from an app's `ready()`. A name registers once."""
    if _providers.setdefault(name, provider) is not provider:
        raise ValueError(f"requirement provider {name} registered twice")


def requirements(decision: "Decision", *, on: dt.date, organisation_id: UUID | None = None) -> list[Requirement]:
    """What must come before the decision on this day; only that organisation's part when it is given."""
    found = [requirement for name in sorted(_providers) for requirement in _providers[name](decision, on)]
    if organisation_id is not None:
        found = [requirement for requirement in found if requirement.organisation_id in {None, organisation_id}]
    return found


@dataclass(frozen=True)
class Taking:
    """How a decision would be taken: by whom (None: by whoever may), with which option, or as a refusal."""

    person_id: UUID | None = None
    option_id: UUID | None = None
    rejected: bool = False


# Asked of several decisions at once, so that a list costs the same for 2 of them and for 40.
type DecidingProvider = Callable[[Sequence["Decision"], dt.date, Taking], Mapping[UUID, Iterable[Requirement]]]
_deciding: dict[str, DecidingProvider] = {}


def register_deciding(name: str, provider: DecidingProvider) -> None:
    """Say who must have decided. Asked by `take`, never before a vote: a vote does not wait for itself."""
    if _deciding.setdefault(name, provider) is not provider:
        raise ValueError(f"deciding provider {name} registered twice")


def deciding(
    decisions: Sequence["Decision"], *, on: dt.date, taking: Taking | None = None
) -> dict[UUID, list[Requirement]]:
    """Who must still decide, by the rule of each decision: the boards, the assembly, a holder of a delegation."""
    found: dict[UUID, list[Requirement]] = {decision.pk: [] for decision in decisions}
    for name in sorted(_deciding):
        for pk, requirements_of in _deciding[name](decisions, on, taking or Taking()).items():
            found[pk] += requirements_of
    return found


def known_to(found: Iterable[Requirement], actor: "Actor") -> list[Requirement]:
    """The same requirements, without the names and the facts of consultations that the actor may not know of, and
    without what rests on the figures of an organisation that are not open to them. Of a member whose belonging is
    closed to them, and of a delegation that is, it is only said that something is asked (docs/adr/0029)."""
    from governance.models import Consultation, Delegation, Organisation

    found = list(found)
    powers = {item["id"] for requirement in found for item in requirement.objects if item["resource"] == _DELEGATIONS}
    if powers:
        powers -= {
            str(pk) for pk in Delegation.objects.visible_to(actor).filter(pk__in=powers).values_list("pk", flat=True)
        }
    named = {item["id"] for requirement in found for item in requirement.objects if item["resource"] == _CONSULTATIONS}
    rows = Consultation.objects.visible_to(actor).filter(pk__in=named) if named else Consultation.objects.none()
    hidden = named - {str(pk) for pk in rows.values_list("pk", flat=True)}
    employers = {item.organisation_id for item in found if item.withheld and item.organisation_id is not None}
    opened = Organisation.objects.figures_open_to(actor).filter(pk__in=employers) if employers else ()
    closed = employers - {organisation.pk for organisation in opened}
    members = {pk for closed in actor.closed_members.values() for pk in closed}
    found = [_without(requirement, hidden) for requirement in found]
    found = [
        _of_nobody(item)
        if item.organisation_id in members or any(about["id"] in powers for about in item.objects)
        else item
        for item in found
    ]
    return [_without_figures(item) if item.organisation_id in closed else item for item in found]


def _of_nobody(requirement: Requirement) -> Requirement:
    """A decision that waits still says so; nothing says for whom."""
    return Requirement(
        code="requirement_withheld",
        status=requirement.status,
        detail=_("Une condition dont le détail ne vous est pas ouvert."),
    )


def _without_figures(requirement: Requirement) -> Requirement:
    """What the figures of an employer say of it goes; what its consultation is at stays."""
    reasons = tuple(
        reason for reason in requirement.reasons if reason.code not in {requirement.basis, "headcounts_missing"}
    )
    return replace(requirement, detail=requirement.withheld or requirement.detail, withheld="", reasons=reasons)


def _without(requirement: Requirement, hidden: set[str]) -> Requirement:
    objects = tuple(
        item for item in requirement.objects if item["resource"] != _CONSULTATIONS or item["id"] not in hidden
    )
    if len(objects) == len(requirement.objects):
        return requirement
    reasons = tuple(reason for reason in requirement.reasons if reason.code == requirement.basis)
    return replace(requirement, objects=objects, reasons=reasons)


def violations(found: Iterable[Requirement]) -> list[Violation]:
    """The refusals that hold the decision back, all at once."""
    return [Violation(requirement.code, requirement.detail) for requirement in found if requirement.holds_back]
