"""A version of a charter as a document: its text, what it waits for or who approved it, how to verify it.

It carries the highest level of what it holds: a paper is no longer asked who reads it.

Of a frozen version, the text is what was voted (`content`), never the rows. The rest is what the reader may know of at
`entry/`, `board-deliberations/` and `content/`: no more.
"""

import datetime as dt
import json
from collections.abc import Container, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from charters.documents import words
from charters.documents.words import said
from charters.enums import AmendmentType, DeliberationState, VersionState
from charters.models import BoardDeliberation, CharterAnnex, CharterVersion
from charters.rendering.blocks import (
    Block,
    Break,
    Code,
    Document,
    Facts,
    Fingerprint,
    Heading,
    Inlines,
    Link,
    Paragraph,
    Passage,
    Table,
    Text,
    paragraph,
    plain,
)
from charters.rendering.markdown import blocks_of
from charters.rendering.typography import french, seen
from charters.rules.content import annex_hash
from charters.rules.entry_into_force import EntryKind, EntryRule, PartyStatus
from charters.rules.sections import SECTION_LABELS, Section
from charters.selectors import annexes_known_to, entry_report, names_of, party_circles
from charters.selectors.annexes import annex_texts, annexes_of
from charters.selectors.boards import rules_known_to
from charters.services.freezing import frozen_content
from coopproject import clock
from coopproject.exceptions import InvalidInput, RuleViolated, Violation
from governance.actor import Actor
from governance.enums import Confidentiality
from governance.rules.confidentiality import highest

MAX_TEXT = 400_000
"""Characters of the whole content. More is no charter, and would take a server seconds to lay out."""
_LANGUAGE = "fr"  # In which charters are written, whatever the reader's.


def version_document(version: CharterVersion, actor: Actor, on: dt.date) -> Document:
    """The document of a version as this reader may know of it on that day, in the language that is active.

    Select `charter__cooperation` and `decision` with the version. Raises `RuleViolated` (`document_too_large`).
    """
    annexes = {annex.key: annex for annex in annexes_known_to(actor, annexes_of(version))}
    content = _content(version, annexes, on)
    title = _written(str(content["title"]))
    level = highest(version.charter.confidentiality, *(annex.confidentiality for annex in annexes.values()))
    frozen = bool(version.content_hash)
    blocks = [
        *_summary(version, content, level),
        *_text(content),
        *_annexes(content, annexes),
        *_motivations(content),
        *_entry(version, content),
        *(_approvals(version, actor, on) if frozen else ()),
        *_verification(version),
    ]
    return Document(words.language(), title, _footer(version, title, level), tuple(blocks), words.banner_of(version))


def file_name(version: CharterVersion, title: str, extension: str) -> str:
    """`charte-<titre>-v3.pdf`."""
    slug = slugify(title)[:60].strip("-").removeprefix("charte-")
    return f"{'-'.join(filter(None, ('charte', slug)))}-v{version.number}.{extension}"


def _content(version: CharterVersion, known: Mapping[str, CharterAnnex], on: dt.date) -> Mapping[str, Any]:
    """What was frozen; for a draft, what this reader may know of what would be frozen today."""
    if version.content:
        text = version.content
    else:
        parties = party_circles(version.charter.cooperation, on)
        made = frozen_content(version.charter, version, version.articles.order_by("position"), parties)
        made["annexes"] = [annex for annex in made["annexes"] if annex["key"] in known]
        text = json.dumps(made, ensure_ascii=False)
    if len(text) + sum(len(annex.body) for annex in known.values()) > MAX_TEXT:
        raise RuleViolated(
            Violation("document_too_large", _("Ce document est trop long ou trop imbriqué pour être mis en page."))
        )
    content: dict[str, Any] = json.loads(text)
    return content


def _facts(content: Mapping[str, Any]) -> Mapping[str, Any]:
    return content.get("frozen_facts") or {}


def _kind(version: CharterVersion, content: Mapping[str, Any]) -> AmendmentType | None:
    kind = _facts(content).get("amendment_type", version.amendment_type)
    return AmendmentType(kind) if kind in AmendmentType else None


def _written(text: str) -> str:
    """A short text of a member, without Markdown, with the typography of French."""
    return french(seen(text))


def _summary(version: CharterVersion, content: Mapping[str, Any], level: Confidentiality) -> Iterator[Block]:
    facts = _facts(content)
    at = version.submitted_at
    submitted_on = clock.local_date(at, version.charter.cooperation.zone) if at else None
    rows: list[tuple[str, Inlines]] = [
        (said(_("Coopération")), plain(_written(str(version.charter.cooperation)))),
        (said(_("Version")), plain(str(version.number))),
        (said(_("État")), plain(words.state_of(version, submitted_on))),
        (said(_("Confidentialité")), plain(said(level.label))),
    ]
    if kind := _kind(version, content):
        rows.append((said(_("Nature")), plain(said(kind.label))))
    if content.get("stated_on"):
        rows.append((said(_("Date d’effet indiquée")), plain(words.day(content["stated_on"]))))
    if facts.get("review"):
        months = facts["review"]["every_months"]
        every = ngettext("tous les mois", "tous les %(months)d mois", months)
        rows.append((said(_("Révision")), plain(said(every % {"months": months}))))
    if facts.get("change_summary"):
        rows.append((said(_("Ce qui change")), plain(_written(facts["change_summary"]))))
    yield Facts(tuple(rows))
    if facts.get("purpose"):
        yield Heading(1, plain(said(_("Objet"))))
        yield Passage(_LANGUAGE, blocks_of(facts["purpose"], below=1))


def _text(content: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(1, plain(said(_("Texte de la charte"))))
    articles = content.get("articles") or []
    if not articles:
        yield paragraph(said(_("Ce projet n’a encore aucun article.")))
    for number, article in enumerate(articles, 1):
        heading = said(_("Article %(number)d") % {"number": number})
        title = _written(article["title"])
        yield Heading(2, plain(f"{heading} — {title}" if title else heading))
        if article["section"] in set(Section) and article["section"] != Section.FREE:
            yield paragraph(said(SECTION_LABELS[Section(article["section"])]), quiet=True)
        yield Passage(_LANGUAGE, blocks_of(article["body"], below=2))


def _annexes(content: Mapping[str, Any], known: Mapping[str, CharterAnnex]) -> Iterator[Block]:
    """Every annex by its title and hash, which were voted; the text of those that this reader may know of."""
    annexes = content.get("annexes") or []
    if not annexes:
        return
    yield Heading(1, plain(said(_("Annexes"))))
    for number, annex in enumerate(annexes, 1):
        heading = said(_("Annexe %(number)d") % {"number": number})
        yield Heading(2, plain(f"{heading} — {_written(annex['title'])}"))
        row = known.get(annex.get("key", ""))
        if row is None:
            yield paragraph(said(_("Son contenu est réservé à celles et ceux qui peuvent la connaître.")), quiet=True)
        elif row.file is not None:
            size = {"name": seen(row.file.name), "size": filesizeformat(row.file.size)}
            yield paragraph(said(_("Fichier joint : %(name)s (%(size)s).") % size), quiet=True)
        elif annex_hash(annex_texts([row])[0]) == annex["sha256"]:
            yield Passage(_LANGUAGE, blocks_of(row.body, below=2))
        yield paragraph(said(_("Empreinte SHA-256 :")), quiet=True)
        yield Fingerprint(annex["sha256"])


def _motivations(content: Mapping[str, Any]) -> Iterator[Block]:
    motivations = _facts(content).get("motivations") or []
    if not motivations:
        return
    names = names_of(UUID(item["organisation"]) for item in motivations if item.get("organisation"))
    rows = []
    for item in motivations:
        owner = names.get(UUID(item["organisation"]), "") if item.get("organisation") else said(_("toutes"))
        level = _("poids %(weight)s sur 5, attendu %(level)s sur 5")
        effects: list[Any] = []
        for effect in item.get("effects") or ():
            due = _("pour le %(day)s") % {"day": words.day(effect["due_on"])} if effect.get("due_on") else ""
            effects += [Break()] if effects else []
            effects.append(Text("– " + _written(effect["label"].strip()) + said(f" ({due})" if due else "")))
        rows.append(
            (
                plain(_written(item["label"])),
                plain(_written(owner)),
                plain(said(level % {"weight": item["weight"], "level": item["expected_level"]})),
                tuple(effects) or plain("—"),
            )
        )
    yield Heading(1, plain(said(_("Motivations et effets attendus"))))
    headers = (_("Motivation"), _("Portée par"), _("Importance"), _("Effets attendus"))
    yield Table(tuple(plain(said(header)) for header in headers), tuple(rows), (4, 3, 3, 5))


def _entry(version: CharterVersion, content: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(1, plain(said(_("Entrée en vigueur"))))
    if _kind(version, content) == AmendmentType.EDITORIAL:
        sentence = _("Correction rédactionnelle : aucune instance ne la vote, et toute partie peut la contester.")
        yield paragraph(said(sentence))
        return
    try:
        rule = EntryRule.from_dict(content.get("entry_rule"))
    except InvalidInput:
        yield paragraph(said(_("La règle d’entrée en vigueur de ce texte n’est pas lisible.")))
        return
    yield paragraph(words.rule_in_words(rule))
    if rule.kind is EntryKind.WEIGHT_THRESHOLD and rule.weights:
        names = names_of(UUID(id_) for id_, _weight in rule.weights)
        rows = tuple((plain(_written(names.get(UUID(id_), id_))), plain(str(weight))) for id_, weight in rule.weights)
        yield Table((plain(said(_("Organisation"))), plain(said(_("Poids")))), rows, (4, 1))
    if content.get("stated_on"):
        stated = {"day": words.day(content["stated_on"])}
        yield paragraph(said(_("Pas avant le %(day)s, date d’effet indiquée.") % stated))


def _approvals(version: CharterVersion, actor: Actor, on: dt.date) -> Iterator[Block]:
    report = entry_report(version, actor, on)
    votes = _last_votes(version, actor)
    yield Heading(1, plain(said(_("Approbations"))))
    yield paragraph(said(_("Situation au %(day)s.") % {"day": words.day(on)}), quiet=True)
    yield paragraph(said(report["summary"]))
    if report["parties"]:
        headers = (
            _("Organisation"),
            _("Instance et date"),
            _("Votes"),
            _("Quorum et calcul"),
            _("En vigueur ou en attente"),
        )
        known_rules = rules_known_to(actor, votes.values())
        rows = tuple(_approval_row(party, votes.get(party["organisation"]), known_rules) for party in report["parties"])
        yield Table(tuple(plain(said(header)) for header in headers), rows, (7, 8, 6, 8, 10))
    if version.state == VersionState.SUBMITTED and report["formula"]:
        yield paragraph(said(_("Calcul : %(formula)s") % {"formula": report["formula"]}))


def _last_votes(version: CharterVersion, actor: Actor) -> dict[UUID, BoardDeliberation]:
    """The vote that counts of each organisation: that of its latest approval, else its latest."""
    known = BoardDeliberation.objects.visible_to(actor).filter(charter_version=version, state=DeliberationState.CLOSED)
    votes: dict[UUID, BoardDeliberation] = {}
    for vote in known.select_related("board", "approval").order_by("held_on", "created_at", "pk"):
        before = votes.get(vote.organisation_id)
        if before is None or hasattr(vote, "approval") or not hasattr(before, "approval"):
            votes[vote.organisation_id] = vote
    return votes


def _approval_row(
    party: Mapping[str, Any], vote: BoardDeliberation | None, known_rules: Container[UUID | None]
) -> tuple[Inlines, ...]:
    name = plain(_written(party["name"]))
    standing = _lines(*_standing(party))
    if vote is None:
        none = _("pas de vote")
        if party["carried_from"]:
            none = _("approbation de la version %(number)d, reprise") % {"number": party["carried_from"]}
        return (name, plain(said(none)), plain("—"), plain("—"), standing)
    # The rule of a closed board goes, and the sentence that quotes it; what was voted stays.
    counted = [*words.quorum_of(vote), vote.explanation] if vote.voting_rule_id in known_rules else []
    notes = [*counted, vote.get_result_display()]
    if vote.irregular:
        notes.append(_("vote irrégulier"))
    return (
        name,
        _lines(said(vote.board.get_body_display()), words.day(vote.held_on), _written(vote.minutes_reference)),
        _lines(*words.votes_of(vote)),
        _lines(*(said(note) for note in notes)),
        standing,
    )


def _standing(party: Mapping[str, Any]) -> Iterator[str]:
    if party["status"] == PartyStatus.NOT_ASKED:
        yield said(_("N’a pas à voter ce texte"))
    if party["approved_on"]:
        yield said(_("Approuvée le %(day)s") % {"day": words.day(party["approved_on"])})
    if party["in_force_from"]:
        yield said(_("En vigueur à partir du %(day)s") % {"day": words.day(party["in_force_from"])})
    if party["detail"]:
        what = party["detail"][0].lower() + party["detail"][1:]
        yield said(_("En attente : %(what)s") % {"what": what})
    for blocker in party["blockers"]:
        yield said(blocker["detail"])


def _lines(*lines: str) -> Inlines:
    return plain("\n".join(line for line in lines if line))


def _verification(version: CharterVersion) -> Iterator[Block]:
    yield Heading(1, plain(said(_("Vérifier ce texte"))))
    if not version.content_hash:
        yield paragraph(
            said(_("Ce projet n’a pas d’empreinte : elle se calcule quand le texte est soumis, et le fige."))
        )
        return
    yield paragraph(said(_("Empreinte SHA-256 du texte figé, sur laquelle chaque instance a voté ou votera :")))
    yield Fingerprint(version.content_hash)
    address = f"{settings.SITE_URL}/api/v1/charter-versions/{version.pk}/content/"
    before = _(
        "Pour la vérifier : enregistrez en UTF-8, sans rien y ajouter, la valeur « content » que donne l’adresse"
    )
    after = _("et calculez son empreinte SHA-256, par exemple avec la commande")
    yield Paragraph(
        (
            Text(said(before) + " "),
            Link(address, (Text(address),)),
            Text(" " + said(after) + " "),
            Code("sha256sum"),
            Text(". " + said(_("Un seul caractère changé donne une autre empreinte."))),
        )
    )


def _footer(version: CharterVersion, title: str, level: Confidentiality) -> str:
    """On each page, the level too where it is not that of everybody: a page leaves its document."""
    short = title if len(title) <= 70 else f"{title[:69]}…"
    parts = [short, said(_("version %(number)d") % {"number": version.number})]
    if version.content_hash:
        parts.append(said(_("empreinte %(start)s…") % {"start": version.content_hash[:16]}))
    if level not in {Confidentiality.PUBLIC, Confidentiality.NETWORK}:
        parts.append(said(_("confidentialité : %(level)s") % {"level": level.label}))
    return " — ".join(parts)
