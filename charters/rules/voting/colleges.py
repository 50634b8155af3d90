"""Colleges as an optional part of a rule set: what each weighs, what each voted (domain.md 2.5; engine in `scic`)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from charters.rules.json_fields import Fields
from charters.rules.scic import Carry, College, CollegeResult, college_result, college_violations
from coopproject.exceptions import InvalidInput, Violation

# Figure of a tally -> its name in JSON, for what is counted in each college.
COLLEGE_FIGURES = {
    "present": "present",
    "represented": "represented",
    "votes_for": "votes_for",
    "votes_against": "votes_against",
    "abstentions": "votes_abstain",
    "blank_or_void": "votes_blank",
}


@dataclass(frozen=True)
class CollegeShare:
    """One college of the statutes; `weight` is its exact share of all votes."""

    code: str
    weight: Fraction
    label: str = ""

    def to_dict(self) -> dict[str, str]:
        return {"code": self.code, "label": self.label, "weight": str(self.weight)}


@dataclass(frozen=True)
class CollegeVotes:
    """What one college voted: numbers of people, named as in `Tally`."""

    college: str
    present: int
    represented: int = 0
    votes_for: int = 0
    votes_against: int = 0
    abstentions: int = 0
    blank_or_void: int = 0

    def to_dict(self) -> dict[str, object]:
        figures = {name: getattr(self, figure) for figure, name in COLLEGE_FIGURES.items()}
        return {"college": self.college, **figures}

    @property
    def cast(self) -> int:
        return self.votes_for + self.votes_against + self.abstentions + self.blank_or_void


def read_colleges(fields: Fields) -> tuple[tuple[CollegeShare, ...], Carry | None]:
    """`colleges` and `carry` of a rule set, both or neither; what is wrong is appended to `fields.found`."""
    data = fields.data.get("colleges")
    if data is None:
        fields.absent("carry")
        return (), None
    carry = fields.choice("carry", Carry)
    if not isinstance(data, list):
        fields.refuse("wrong_type", _("Une liste est attendue."), "colleges")
        return (), None
    before, shares = len(fields.found), []
    for index, item in enumerate(data):
        section = Fields(item, f"{fields.pointer}/colleges/{index}", fields.found).only("code", "label", "weight")
        code, label = _text(section, "code"), _text(section, "label", required=False)
        weight = section.share("weight", zero=True)
        if code is not None and weight is not None:
            shares.append(CollegeShare(code, weight, label or ""))
    if len(fields.found) == before:
        unlawful = college_violations([College(share.code, share.weight) for share in shares])
        fields.found += [Violation(v.code, v.detail, f"{fields.pointer}{v.pointer}") for v in unlawful]
    return tuple(shares), carry


def read_college_votes(data: object, *, pointer: str = "/college_votes") -> tuple[CollegeVotes, ...] | None:
    """The JSON form of the figures by college; None for none. Raises `InvalidInput` for what is not that."""
    if data is None:
        return None
    if not isinstance(data, list | tuple):
        raise InvalidInput(Violation("wrong_type", _("Une liste est attendue."), pointer))
    found: list[Violation] = []
    votes = []
    for index, item in enumerate(data):
        section = Fields(item, f"{pointer}/{index}", found).only("college", *COLLEGE_FIGURES.values())
        college = _text(section, "college")
        section.data = {"represented": 0, "votes_abstain": 0, "votes_blank": 0, **section.data}
        figures = {figure: section.whole(name, 0) for figure, name in COLLEGE_FIGURES.items()}
        if college is not None:
            votes.append(CollegeVotes(college, **{figure: number or 0 for figure, number in figures.items()}))
    if found:
        raise InvalidInput(*found)
    return tuple(votes)


def college_votes_violations(
    votes: Sequence[CollegeVotes], shares: Sequence[CollegeShare], totals: Mapping[str, int]
) -> Iterator[Violation]:
    """Why the figures by college are not those of this meeting: each college once, and sums that are the totals."""
    known = {share.code for share in shares}
    seen: set[str] = set()
    for index, vote in enumerate(votes):
        where = f"/college_votes/{index}"
        if vote.college not in known:
            detail = _("La règle de vote ne connaît pas ce collège.")
            yield Violation("unknown_college", detail, f"{where}/college")
        if vote.college in seen:
            yield Violation("college_repeated", _("Un collège est cité deux fois."), f"{where}/college")
        seen.add(vote.college)
        if vote.cast > vote.present + vote.represented:
            detail = _("Ce collège a plus de votes que de présents et de représentés.")
            yield Violation("more_votes_than_voters", detail, f"{where}/votes_for")
    for code in sorted(known - seen):
        missing = format_lazy(_("Les votes du collège {code} manquent."), code=code)
        yield Violation("college_votes_missing", missing, "/college_votes")
    for figure, total in totals.items():
        counted = sum(getattr(vote, figure) for vote in votes)
        if counted != total:
            wrong: str | Promise = format_lazy(
                _("Les collèges font {counted}, la réunion {total}."), counted=counted, total=total
            )
            yield Violation("colleges_do_not_add_up", wrong, f"/{figure}")


def by_college(
    shares: Sequence[CollegeShare],
    carry: Carry,
    votes: Sequence[CollegeVotes],
    *,
    threshold: Fraction,
    reaching_suffices: bool,
) -> CollegeResult:
    """The outcome by the SCIC engine, from votes that `college_votes_violations` accepts."""
    counted = {vote.college: vote for vote in votes}
    colleges = [
        College(share.code, share.weight, counted[share.code].votes_for, counted[share.code].votes_against)
        for share in shares
    ]
    return college_result(colleges, carry, threshold=threshold, reaching_suffices=reaching_suffices)


def _text(section: Fields, key: str, *, required: bool = True) -> str | None:
    if not required and key not in section.data:
        return None
    if not section.declared(key):
        return None
    value = section.data[key]
    if isinstance(value, str) and len(value) <= 200 and (value.strip() or not required):
        return value
    section.refuse("wrong_type", _("Un texte est attendu."), key)
    return None
