"""What lengthens the limit of a consultation, and what cannot (`domain.md` 1.2 C09, C10, C16)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import Violation


@dataclass(frozen=True, kw_only=True)
class Extension:
    """What is asked: a day fixed by common accord, a judge seized or ruling. None where not asked.

    `already_seized_on`: the seizure that is known already.
    """

    common_agreement_on: date | None = None
    judge_seized_on: date | None = None
    judge_fixed_on: date | None = None
    already_seized_on: date | None = None

    @property
    def seized_on(self) -> date | None:
        return self.judge_seized_on or self.already_seized_on


def before_the_start(name: str, start: date) -> Violation:
    """The date given in the field `name` precedes the day on which the limit began."""
    sentence = _("Le délai n’a commencé que le %(day)s : indiquez une date à partir de ce jour.")
    return Violation("before_the_start", wording.filled(sentence, day=wording.day(start)), f"/{name}")


def impossible_dates(asked: Extension, start: date) -> list[Violation]:
    """Days that cannot be, whatever the limit: before it started, or a ruling before its seizure. All at once."""
    return list(_impossible_dates(asked, start))


def _impossible_dates(asked: Extension, start: date) -> Iterator[Violation]:
    for name in ("common_agreement_on", "judge_seized_on", "judge_fixed_on"):
        day: date | None = getattr(asked, name)
        if day is not None and day < start:
            yield before_the_start(name, start)
    if asked.judge_fixed_on is not None and asked.seized_on is not None and asked.judge_fixed_on < asked.seized_on:
        detail = _("Le juge ne peut fixer une date antérieure à sa saisine.")
        yield Violation("judge_order_before_seizure", detail, "/judge_fixed_on")


def extension_violations(asked: Extension, nominal: date, answer_by: date) -> list[Violation]:
    """Why the limit that ends on `nominal` cannot be lengthened so, all at once.

    `answer_by`: the last day to seize the judge.
    """
    return list(_extension_violations(asked, nominal, answer_by))


def _extension_violations(asked: Extension, nominal: date, answer_by: date) -> Iterator[Violation]:
    if asked.judge_seized_on is not None and asked.judge_seized_on > answer_by:
        late = _(
            "Le délai a expiré le %(day)s : saisi après ce jour, le juge ne peut plus le prolonger "
            "(Cass. soc. 26 février 2020, n° 18-22.759)."
        )
        yield Violation("judge_seized_too_late", wording.filled(late, day=wording.day(answer_by)), "/judge_seized_on")
    if asked.judge_fixed_on is not None and asked.seized_on is None:
        unseized = _("Le juge ne fixe une date qu’après avoir été saisi : indiquez le jour de sa saisine.")
        yield Violation("judge_not_seized", unseized, "/judge_fixed_on")
    for name in ("common_agreement_on", "judge_fixed_on"):
        day: date | None = getattr(asked, name)
        if day is not None and day <= nominal:
            shorter = _("Le délai court déjà jusqu’au %(day)s : seule une date postérieure l’allonge.")
            yield Violation("not_an_extension", wording.filled(shorter, day=wording.day(nominal)), f"/{name}")


def shortening_violations(before: date, after: date, changed: Iterable[str]) -> list[Violation]:
    """Why the nominal end may not move from `before` to `after` by these facts, named by their fields.

    A smaller suspension, or a seizure told again as if it had come later, would take back what was granted.
    """
    if after >= before:
        return []
    shorter = _("Le délai court déjà jusqu’au %(day)s : rien de ce qui l’a allongé ne se reprend.")
    detail = wording.filled(shorter, day=wording.day(before))
    return [Violation("not_an_extension", detail, f"/{name}") for name in changed]
