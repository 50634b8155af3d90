"""The page that a president reads of a signed receipt: made of the receipt alone, which it carries as an attachment."""

import datetime as dt
import hashlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from charters.enums import BallotKind, DeliberationMode
from charters.models import Receipt
from coopproject import typesetting, wording
from governance.enums import GoverningBody, RoleKind

_TEMPLATE = "charters/receipts/receipt.typ"
_SOURCES = (Path(__file__), Path(__file__).with_name("receipt.typ"), Path(typesetting.__file__).with_name("base.typ"))
_MAKERS = hashlib.sha256(b"".join(source.read_bytes() for source in _SOURCES) + version("typst").encode()).hexdigest()
_COUNTS = (
    ("present", "présent(s)"),
    ("represented", "représenté(s)"),
    ("recused", "déporté(s) présent(s)"),
    ("recused_represented", "déporté(s) représenté(s)"),
    ("remote", "à distance"),
)
_VOTES = (
    ("votes_for", "pour"),
    ("votes_against", "contre"),
    ("votes_abstain", "abstention(s)"),
    ("votes_blank", "blanc(s) ou nul(s)"),
)


def receipt_page(receipt: Receipt) -> bytes:
    """The PDF of a receipt, the same whenever it is asked, in French as what it records."""
    with wording.in_the_language_of_records():
        return typesetting.typeset(_TEMPLATE, _page(json.loads(receipt.content), receipt.document))


def page_tag(receipt: Receipt) -> str:
    """SHA-256 of all that makes the page, known without making it."""
    return hashlib.sha256(f"{_MAKERS} {receipt.document}".encode()).hexdigest()


def _page(content: dict[str, Any], document: str) -> dict[str, Any]:
    organisation, approval, vote = content["organisation"], content["approval"], content["deliberation"]
    text, key, line = content["charter_version"], content["signing_key"], content["journal"]
    name = f"{organisation['name']}{_register(organisation)}"
    body = GoverningBody(vote["board"]["body"]).label
    return {
        "title": "Reçu d’approbation",
        "footer": f"Reçu de l’approbation {approval['id']}",
        "sentence": (
            f"{name} a approuvé, par décision de son instance ({body}) du {_day(approval['approved_on'])}, la version "
            f"{text['number']} de la charte de la coopération «\xa0{content['cooperation']['name']}\xa0»."
        ),
        "charter": f"«\xa0{content['charter']['title']}\xa0», version {text['number']}",
        "content_hash": text["content_hash"],
        "vote": list(_vote_rows(vote)),
        "record": [
            ("Le", _instant(approval["recorded_at"], content["cooperation"]["zone"])),
            ("Par", _recorder(vote["recorded_by"])),
            ("Journal de la coopération", f"ligne {line['sequence']}"),
            ("Clé de signature", f"{key['id']} (ed25519)"),
        ],
        "journal_hash": line["hash"],
        "public_key": key["public_key"],
        "issuer": content["issuer"],
        "keys_url": f"{content['issuer']}/api/v1/signing-keys/",
        # As numbers: the bytes of the attachment are those that were signed, whatever a font can show.
        "document": list(document.encode()),
    }


def _register(organisation: dict[str, Any]) -> str:
    if organisation["siren"]:
        siren = organisation["siren"]
        return f" (SIREN\xa0{siren[:3]}\xa0{siren[3:6]}\xa0{siren[6:]})"
    return f" (RNA\xa0{organisation['rna']})" if organisation["rna"] else ""


def _vote_rows(vote: dict[str, Any]) -> Any:
    figures, call = vote["figures"], "seconde convocation" if vote["call"] == 2 else "première convocation"
    mode = DeliberationMode(vote["mode"]).label
    ballot = f", scrutin {BallotKind(vote['ballot']).label}" if vote["ballot"] else ""
    yield "Réunion", f"{_day(vote['held_on'])}, {call}, {mode}{ballot}"
    attendance = [f"{figures['in_office']} en exercice", *_counted(figures, _COUNTS)]
    yield "Membres", ", ".join(attendance)
    yield "Voix", ", ".join(_counted(figures, _VOTES))
    yield "Quorum", vote["quorum"]["formula"]
    yield "Majorité", vote["majority"]["formula"]
    rule = vote["voting_rule"]
    yield "Règle de vote", f"{rule['source'] or 'règle'} (depuis le {_day(rule['valid_from'])})"
    if vote["minutes"]["reference"]:
        yield "Procès-verbal", vote["minutes"]["reference"]
    if regularisation := vote["regularisation"]:
        early = ", ".join(vote["irregular_codes"])
        yield (
            "Régularisation",
            f"vote tenu trop tôt ({early}), confirmé le {_day(regularisation['ratified_on'])}, "
            f"procès-verbal {regularisation['minutes']['reference']}",
        )


def _counted(figures: dict[str, Any], names: tuple[tuple[str, str], ...]) -> list[str]:
    """Zeros of what is seldom there are not said; those of the three usual votes are."""
    always = {"present", "votes_for", "votes_against", "votes_abstain"}
    return [f"{figures[name]} {label}" for name, label in names if figures[name] or name in always]


def _recorder(recorded_by: dict[str, Any]) -> str:
    capacity = RoleKind(recorded_by["capacity"]).label if recorded_by["capacity"] else "sans qualité particulière"
    return f"une personne de l’organisation ({capacity}), identifiant {recorded_by['person'] or 'inconnu'}"


def _day(text: str) -> str:
    return str(wording.day(dt.date.fromisoformat(text)))


def _instant(text: str, zone: str) -> str:
    local = dt.datetime.fromisoformat(text).astimezone(ZoneInfo(zone))
    return f"{wording.day(local.date())} à {local:%H:%M:%S} ({zone})"
