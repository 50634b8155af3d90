"""What is told of those who want a form. None means « not told »: a rule that needs it says so, and never guesses.

Shares are whole basis points: 10000 is the whole, 5000 is 50 %.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.rules.legal_forms.catalogue import form_by_code

WHOLE = 10_000


class MemberCategory(StrEnum):
    """The kinds of members of a SCIC (law 47-1775, art. 19 septies)."""

    EMPLOYEES = "employees"
    PRODUCERS = "producers"
    BENEFICIARIES = "beneficiaries"
    PUBLIC_BODIES = "public_bodies"
    VOLUNTEERS = "volunteers"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class MemberFacts:
    """One future member. A public body is no enterprise unless it is said to be one."""

    is_legal_person: bool | None = True
    is_public: bool | None = None
    is_ess: bool | None = None
    is_enterprise: bool | None = None
    is_association: bool | None = None
    is_employer: bool | None = None
    category: MemberCategory | None = None


@dataclass(frozen=True, kw_only=True)
class CollegeShare:
    """A college of voters and its share of all votes, in basis points."""

    code: str
    share: int


@dataclass(frozen=True, kw_only=True)
class FormFacts:
    """`colleges` None: not told; empty: there are none. `has_legal_person`: whether the pole is, or has, a private
    legal person. `as_legal_status`: the form is asked as a legal status, not as a way of working. `lends_outside`:
    staff would work for others than the members. `states`: in how many European states the members work."""

    members: Sequence[MemberFacts]
    colleges: Sequence[CollegeShare] | None = None
    public_capital: int | None = None
    worker_capital: int | None = None
    worker_votes: int | None = None
    has_legal_person: bool | None = None
    as_legal_status: bool = True
    lends_outside: bool | None = None
    states: int | None = None


def facts_violations(form: str, facts: FormFacts) -> list[Violation]:
    """What cannot be, whatever the form: unknown form, nobody, shares outside of 0–10000, a college named twice."""
    found = []
    if form_by_code(form) is None:
        found.append(Violation("unknown_form", _("Cette forme juridique n’est pas connue."), "/form"))
    if not facts.members:
        found.append(Violation("members_missing", _("Indiquez au moins un membre."), "/members"))
    if facts.states is not None and not _is_count(facts.states, 1):
        found.append(Violation("out_of_range", _("Un nombre d’États est attendu."), "/states"))
    shares: list[tuple[str, int | None]] = [
        ("/public_capital", facts.public_capital),
        ("/worker_capital", facts.worker_capital),
        ("/worker_votes", facts.worker_votes),
    ]
    shares += [(f"/colleges/{index}/share", college.share) for index, college in enumerate(facts.colleges or ())]
    detail = _("Une part en points de base est attendue, de 0 à 10000.")
    found += [
        Violation("out_of_range", detail, pointer)
        for pointer, share in shares
        if share is not None and not _is_count(share, 0, WHOLE)
    ]
    return found + list(_repeated(facts.colleges or ()))


def _is_count(value: int, low: int, high: int | None = None) -> bool:
    return type(value) is int and value >= low and (high is None or value <= high)


def _repeated(colleges: Sequence[CollegeShare]) -> Iterable[Violation]:
    seen: set[str] = set()
    for index, college in enumerate(colleges):
        if college.code in seen:
            yield Violation("college_repeated", _("Un collège est cité deux fois."), f"/colleges/{index}/code")
        seen.add(college.code)
