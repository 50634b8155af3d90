"""The exact text that boards approve: its canonical form and its hash (domain.md 2.3; architecture.md, evidence).

`content_hash` is the SHA-256 of the RFC 8785 canonical JSON of `content_of(…)`: anybody can compute it again, offline
and without this program, from the JSON that the API gives.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import rfc8785
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from charters.rules.sections import Section
from coopproject.exceptions import Violation

FORMAT = "coopproject.charter/1"

type Json = bool | int | str | Sequence["Json"] | Mapping[str, "Json"] | None

# Newline and tab excepted: a control character shows nothing and would make two texts that look alike differ.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_WORD = re.compile(r"\w+(?:[’'-]\w+)*")


@dataclass(frozen=True)
class ArticleText:
    """One article; its place is its rank in the list. `key`, where there is one, stays from one version to the next."""

    section: str
    title: str
    body: str
    key: str = ""


@dataclass(frozen=True)
class AnnexText:
    """An annex: a text, or a file known by its SHA-256. Its text stays out of the content, which holds its hash only,
    so that a confidential annex is approved by all and read by those who may. `concerns`: the organisations whose
    boards answer for it, all the parties when none is named."""

    title: str
    body: str = ""
    file_sha256: str | None = None
    key: str = ""
    concerns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shortness:
    """What « short and operational » means (S2): a convention of this project (confidence K), configurable. Words."""

    total_words: int = 2500
    article_words: int = 400
    articles: int = 30


def normalise(text: str) -> str:
    """The form in which a text is stored and hashed: Unicode NFC, lines ended by a line feed."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def content_of(
    *,
    title: str,
    articles: Iterable[ArticleText],
    annexes: Iterable[AnnexText] = (),
    entry_rule: Mapping[str, Json] | None = None,
    stated_on: date | None = None,
    frozen_facts: Mapping[str, Json] | None = None,
) -> dict[str, Json]:
    """The content of a charter version as plain JSON, its texts normalised.

    `frozen_facts` holds whatever else the boards approve with the text (pilots, motivations): strings, whole numbers
    and lists; exact numbers travel as strings. People are referenced, not named.
    """
    content: dict[str, Json] = {
        "format": FORMAT,
        "title": normalise(title),
        "articles": [
            _keyed(
                article.key,
                section=str(article.section),
                title=normalise(article.title),
                body=normalise(article.body),
            )
            for article in articles
        ],
        "annexes": [_annex(annex) for annex in annexes],
        "entry_rule": dict(entry_rule) if entry_rule is not None else None,
        "stated_on": stated_on.isoformat() if stated_on else None,
    }
    if frozen_facts:
        content["frozen_facts"] = dict(frozen_facts)
    return content


def annex_hash(annex: AnnexText) -> str:
    """SHA-256 of the file, or of the normalised text in UTF-8, in hexadecimal."""
    return annex.file_sha256 or hashlib.sha256(normalise(annex.body).encode()).hexdigest()


def canonical_bytes(content: Mapping[str, Json]) -> bytes:
    """RFC 8785 canonical JSON in UTF-8. Raises `ValueError` for what JSON cannot say (see `content_violations`)."""
    return rfc8785.dumps(content)


def content_hash(content: Mapping[str, Json]) -> str:
    """SHA-256 of the canonical content, 64 hexadecimal digits in lower case."""
    return hashlib.sha256(canonical_bytes(content)).hexdigest()


def content_violations(
    *, title: str, articles: Sequence[ArticleText], annexes: Sequence[AnnexText] = ()
) -> tuple[Violation, ...]:
    """Why a text cannot be frozen and put to the vote, every reason with its pointer."""
    found = []
    if not title.strip():
        found.append(Violation("title_missing", _("La charte a besoin d’un titre."), "/title"))
    found += unreadable(title, "/title")
    if not articles:
        found.append(Violation("no_article", _("La charte n’a aucun article."), "/articles"))
    for index, article in enumerate(articles):
        where = f"/articles/{index}"
        if not article.title.strip():
            found.append(Violation("title_missing", _("L’article a besoin d’un titre."), f"{where}/title"))
        if not article.body.strip():
            found.append(Violation("article_empty", _("L’article est vide."), f"{where}/body"))
        if article.section not in set(Section):
            found.append(Violation("unknown_choice", _("Cette partie de la charte n’existe pas."), f"{where}/section"))
        found += [*unreadable(article.title, f"{where}/title"), *unreadable(article.body, f"{where}/body")]
    for index, annex in enumerate(annexes):
        where = f"/annexes/{index}"
        if not annex.title.strip():
            found.append(Violation("title_missing", _("L’annexe a besoin d’un titre."), f"{where}/title"))
        if annex.file_sha256 is None and not annex.body.strip():
            found.append(Violation("annex_empty", _("L’annexe est vide."), where))
        if annex.file_sha256 is not None and not re.fullmatch(r"[0-9a-f]{64}", annex.file_sha256):
            found.append(Violation("not_a_hash", _("L’empreinte du fichier est invalide."), f"{where}/file_sha256"))
        found += [*unreadable(annex.title, f"{where}/title"), *unreadable(annex.body, f"{where}/body")]
    keyed = [("articles", i, item.key) for i, item in enumerate(articles)]
    keyed += [("annexes", i, item.key) for i, item in enumerate(annexes)]
    seen: set[tuple[str, str]] = set()
    for kind, index, key in keyed:
        if key and (kind, key) in seen:
            found.append(Violation("key_repeated", _("Cette clé est déjà prise."), f"/{kind}/{index}/key"))
        seen.add((kind, key))
    return tuple(found)


def shortness_warnings(articles: Sequence[ArticleText], limits: Shortness | None = None) -> tuple[Violation, ...]:
    """Warnings `not_short`, which block nothing: a charter that grows long is no longer read nor followed (S2)."""
    limits = limits or Shortness()
    lengths = [word_count(article.body) for article in articles]
    found = []
    for kind, value, limit in (
        (_("La charte compte {value} mots, plus que les {limit} d’un texte court et opérationnel."), sum(lengths),
         limits.total_words),
        (_("La charte compte {value} articles, plus que les {limit} d’un texte court et opérationnel."), len(articles),
         limits.articles),
    ):  # fmt: skip
        if value > limit:
            found.append(Violation("not_short", format_lazy(kind, value=value, limit=limit), "/articles"))
    for index, length in enumerate(lengths):
        if length > limits.article_words:
            detail = format_lazy(
                _("Cet article compte {value} mots, plus que {limit}."), value=length, limit=limits.article_words
            )
            found.append(Violation("not_short", detail, f"/articles/{index}/body"))
    return tuple(found)


def word_count(text: str) -> int:
    """Words as a reader counts them: « l’association » and « savoir-faire » are one each."""
    return len(_WORD.findall(text))


def _annex(annex: AnnexText) -> dict[str, Json]:
    values: dict[str, Json] = {"title": normalise(annex.title), "sha256": annex_hash(annex)}
    return _keyed(annex.key, **values, **({"concerns": sorted(annex.concerns)} if annex.concerns else {}))


def _keyed(key: str, **values: Json) -> dict[str, Json]:
    return {"key": key} | values if key else values


def unreadable(text: str, pointer: str) -> list[Violation]:
    """Why a text shows less than it holds: a control character would make two texts that look alike differ."""
    if not _UNREADABLE.search(normalise(text)):
        return []
    return [Violation("unreadable_character", _("Le texte contient un caractère de contrôle."), pointer)]
