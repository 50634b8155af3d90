"""What an amendment of a charter changes, and who must vote on it (domain.md 2.3, step 8)."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from charters.rules.content import AnnexText, ArticleText, annex_hash, normalise
from coopproject import wording
from coopproject.exceptions import Violation

# Days during which a correction that nobody votes can be contested, the day of its submission not counted: a convention
# of this project (confidence K), which each charter may change and then freezes with its text.
CONTEST_DAYS = 15
_SUBSTANCE = re.compile(r"\w+|[%€]")


class AmendmentKind(StrEnum):
    """`initial` and `substantial`: every board votes. `annex_only`: a delegated body may, if the charter says so.
    `editorial`: nobody votes, so nothing but form may change."""

    INITIAL = "initial"
    EDITORIAL = "editorial"
    SUBSTANTIAL = "substantial"
    ANNEX_ONLY = "annex_only"


class Voters(StrEnum):
    ALL_BOARDS = "all_boards"
    DELEGATED_BODY = "delegated_body"
    NOBODY = "nobody"


def voters(kind: AmendmentKind, *, annex_delegated: bool) -> Voters:
    """Who votes; without a delegation in the charter, an annex is voted as the rest is."""
    match kind:
        case AmendmentKind.INITIAL | AmendmentKind.SUBSTANTIAL:
            return Voters.ALL_BOARDS
        case AmendmentKind.ANNEX_ONLY:
            return Voters.DELEGATED_BODY if annex_delegated else Voters.ALL_BOARDS
        case AmendmentKind.EDITORIAL:
            return Voters.NOBODY


@dataclass(frozen=True)
class ContestPeriod:
    """`until`: the last day on which the correction can be contested; it may enter into force the day after."""

    submitted_on: date
    days: int

    @property
    def until(self) -> date:
        return self.submitted_on + timedelta(days=self.days)

    @property
    def enters_on(self) -> date:
        return self.until + timedelta(days=1)


@dataclass(frozen=True)
class ContestFacts:
    """What is known, under the lock, of an objection that a party wants to make."""

    state: str
    archived: bool
    kind: str
    period: ContestPeriod | None
    at: date
    organisation: str
    parties: Collection[str]
    contesting: Collection[str]


def contest_violations(facts: ContestFacts) -> list[Violation]:
    """Every reason why this correction cannot be contested now by this organisation."""
    found = []
    if facts.archived:
        found.append(Violation("charter_archived", _("Cette charte est archivée.")))
    if facts.kind != AmendmentKind.EDITORIAL:
        detail = _("Seule une correction sans vote se conteste : sur les autres versions, chaque instance vote.")
        found.append(Violation("not_editorial", detail))
    elif facts.state != "submitted":
        found.append(Violation("wrong_state", _("Seule une correction soumise se conteste.")))
    elif facts.period is not None and facts.at > facts.period.until:
        ended = _("Le délai de contestation a pris fin le %(day)s.")
        found.append(Violation("contest_period_over", wording.filled(ended, day=wording.day(facts.period.until))))
    if facts.organisation not in facts.parties:
        found.append(
            Violation("not_a_party", _("Cette organisation n’est pas partie à cette version."), "/organisation")
        )
    if facts.organisation in facts.contesting:
        detail = _("Cette organisation a déjà contesté cette correction.")
        found.append(Violation("already_contested", detail, "/organisation"))
    return found


def amendment_violations(
    kind: AmendmentKind,
    *,
    old_articles: Sequence[ArticleText],
    new_articles: Sequence[ArticleText],
    old_annexes: Sequence[AnnexText] = (),
    new_annexes: Sequence[AnnexText] = (),
) -> tuple[Violation, ...]:
    """Why what changed is more than this kind of amendment may change; boards would be passed over otherwise.

    Form is case, accents, spaces and punctuation. Another letter, number or order is substance: « six » for « dix » is
    one letter away, and nobody would have voted it.
    """
    found = []
    if kind is AmendmentKind.INITIAL and old_articles:
        found.append(Violation("not_initial", _("Une version précède déjà celle-ci."), "/amendment_type"))
    annexes_changed = [_said(annex) for annex in old_annexes] != [_said(annex) for annex in new_annexes]
    if kind is AmendmentKind.ANNEX_ONLY and _texts(old_articles) != _texts(new_articles):
        found.append(Violation("articles_changed", _("Seules les annexes pouvaient changer."), "/amendment_type"))
    if kind is AmendmentKind.EDITORIAL:
        if annexes_changed:
            found.append(Violation("annexes_changed", _("Une annexe a changé."), "/amendment_type"))
        if not same_substance(old_articles, new_articles):
            found.append(
                Violation(
                    "substance_changed",
                    _("Une retouche de forme ne change aucun mot : une nouvelle version est à voter."),
                    "/amendment_type",
                )
            )
    return tuple(found)


def same_substance(old: Sequence[ArticleText], new: Sequence[ArticleText]) -> bool:
    """Whether two texts say the same words in the same order: only their form differs."""
    return _substance(old) == _substance(new)


def changed_annexes(old: Sequence[AnnexText], new: Sequence[AnnexText]) -> tuple[str, ...]:
    """The keys of the annexes added, removed or modified (title, bytes or organisations concerned), those that are
    there in their order, then those that are gone. Another rank changes nothing of an annex."""
    before = {annex.key: _said(annex) for annex in old}
    after = {annex.key: _said(annex) for annex in new}
    return tuple(key for key in after | before if before.get(key) != after.get(key))


def _said(annex: AnnexText) -> tuple[str, str, tuple[str, ...]]:
    return normalise(annex.title), annex_hash(annex), tuple(sorted(annex.concerns))


def _texts(articles: Sequence[ArticleText]) -> list[tuple[str, str, str]]:
    return [(str(a.section), normalise(a.title), normalise(a.body)) for a in articles]


def _substance(articles: Sequence[ArticleText]) -> list[tuple[str, list[str], list[str]]]:
    return [(section, words_of(title), words_of(body)) for section, title, body in _texts(articles)]


def words_of(text: str) -> list[str]:
    """The words and numbers that a reader would miss: case, accents, spaces and punctuation are form."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _SUBSTANCE.findall(bare.casefold())
