"""The sections of a charter, after the guide (S2: origin, shared intentions, hypotheses, collective wager), and the
text that a coordinator may start from."""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Section(StrEnum):
    ORIGIN_AND_TRIGGERS = "origin_and_triggers"
    SHARED_INTENTIONS = "shared_intentions"
    EXTERNAL_FACTORS = "external_factors"
    INTERNAL_LOGIC = "internal_logic"
    ACHIEVEMENTS = "achievements"
    COLLECTIVE_WAGER = "collective_wager"
    GAME_RULES = "game_rules"
    CONFIDENTIALITY = "confidentiality"
    IDENTITY = "identity"
    EXIT = "exit"
    FREE = "free"

    @property
    def label(self) -> str | Promise:
        return SECTION_LABELS[self]


SECTION_LABELS: dict[Section, str | Promise] = {
    Section.ORIGIN_AND_TRIGGERS: _("origine et déclencheurs"),
    Section.SHARED_INTENTIONS: _("intentions partagées"),
    Section.EXTERNAL_FACTORS: _("hypothèses : facteurs externes"),
    Section.INTERNAL_LOGIC: _("hypothèses : logique interne"),
    Section.ACHIEVEMENTS: _("réalisations"),
    Section.COLLECTIVE_WAGER: _("pari collectif"),
    Section.GAME_RULES: _("règles du jeu"),
    Section.CONFIDENTIALITY: _("confidentialité"),
    Section.IDENTITY: _("respect des identités"),
    Section.EXIT: _("sortie"),
    Section.FREE: _("article libre"),
}

# Sections that the guide asks of every charter; the others are advised.
FOUNDING_SECTIONS = frozenset(
    {
        Section.ORIGIN_AND_TRIGGERS,
        Section.SHARED_INTENTIONS,
        Section.EXTERNAL_FACTORS,
        Section.INTERNAL_LOGIC,
        Section.ACHIEVEMENTS,
        Section.COLLECTIVE_WAGER,
    }
)


@dataclass(frozen=True)
class TemplateArticle:
    """One article to start from: `guidance` says what to write, `body` proposes words with […] to fill in."""

    key: str
    section: Section
    title: str
    guidance: str
    body: str


@cache
def charter_template() -> tuple[TemplateArticle, ...]:
    """The French template of a charter, in the order of the guide (data: `template_fr.json`)."""
    data = json.loads((Path(__file__).parent / "template_fr.json").read_text(encoding="utf-8"))
    return tuple(
        TemplateArticle(item["key"], Section(item["section"]), item["title"], item["guidance"], item["body"])
        for item in data["articles"]
    )


def missing_sections(sections: set[str]) -> tuple[Section, ...]:
    """The founding sections that a charter does not have yet, in the order of the guide."""
    return tuple(section for section in Section if section in FOUNDING_SECTIONS and section not in sections)
