#!/usr/bin/env python3
"""Verify the receipt of an approval, offline, with nothing but Python 3.9 or later. No program of ours is needed.

    python3 verify_receipt.py receipt.json --keys keys.json
            [--content charter.json] [--minutes minutes.pdf] [--journal entry.json] [--lang en]

--keys     the public keys of the installation, as GET /api/v1/signing-keys/ gave them; keep a copy of your own
--content  the text that was voted, as GET /api/v1/charter-versions/<id>/content/ gave it, or that text itself
--minutes  the file of the minutes
--journal  lines of the journal, as GET /api/v1/journal/<id>/ or /journal/ gave them, or the heads of its chains

Exit code: 0 proved; 1 refused; 2 nothing could be concluded (a file is missing, no list of keys, a revoked key).

Signatures: Ed25519, RFC 8032 5.1.7. Canonical JSON: RFC 8785, for texts, whole numbers, lists and objects.
"""

from __future__ import annotations

import argparse
import base64
import datetime as dt
import hashlib
import json
import re
import sys
from pathlib import Path

FORMAT = "coopproject.receipt/1"
LARGEST = 5_000_000
SAFE_INTEGER = 2**53 - 1

PROVED, REFUSED, UNDECIDED = 0, 1, 2
# Sentences after which nothing is proved, though nothing is refused either.
DOUBTS = {"no_keys", "revoked_since", "no_minutes_hash", "not_in_journal"}

SENTENCES = {
    "proved": (
        "VALIDE. {organisation} a approuvé le {approved_on} la version {number} de la charte « {charter} » "
        "({cooperation}) : {votes_for} pour, {votes_against} contre, {votes_abstain} abstention(s) ; {majority}. "
        "Texte voté : {hash}. Reçu signé par {issuer}, clé {key}, inchangé.",
        "VALID. On {approved_on} {organisation} approved version {number} of the charter “{charter}” "
        "({cooperation}): {votes_for} for, {votes_against} against, {votes_abstain} abstention(s); {majority}. "
        "Text voted: {hash}. Receipt signed by {issuer}, key {key}, unchanged.",
    ),
    "irregular": (
        "ATTENTION : ce vote est venu avant ce qu’il devait attendre ({codes}) ; confirmé le {ratified_on}.",
        "WARNING: this vote came before what it had to wait for ({codes}); confirmed on {ratified_on}.",
    ),
    "content_ok": ("Le texte fourni est celui qui a été voté.", "The text given is the one that was voted."),
    "minutes_ok": ("Le procès-verbal fourni est celui du reçu.", "The minutes given are those of the receipt."),
    "journal_ok": (
        "Le journal fourni contient cette approbation, au rang {sequence}.",
        "The journal given holds this approval, at rank {sequence}.",
    ),
    "head_ok": (
        "La tête de journal fournie (rang {sequence}) en découle.",
        "The head of the journal given (rank {sequence}) follows from it.",
    ),
    "head_apart": (
        "La tête de journal fournie (rang {sequence}) n’est pas comparée : donnez les lignes depuis le rang {reached}.",
        "The head of the journal given (rank {sequence}) is not compared: give the lines from rank {reached} to it.",
    ),
    # Refused
    "not_utf8": ("REFUSÉ. Ce n’est pas un fichier de texte UTF-8.", "REFUSED. This is not a text file in UTF-8."),
    "too_large": ("REFUSÉ. Ce fichier est trop gros pour un reçu.", "REFUSED. This file is too large for a receipt."),
    "not_json": ("REFUSÉ. Ce n’est pas du JSON : {why}.", "REFUSED. This is not JSON: {why}."),
    "duplicate_key": ("REFUSÉ. La clé « {name} » est écrite deux fois.", "REFUSED. The key “{name}” comes twice."),
    "not_a_whole_number": (
        "REFUSÉ. Un reçu ne contient que des nombres entiers : « {number} » n’en est pas un.",
        "REFUSED. A receipt holds whole numbers only: “{number}” is none.",
    ),
    "number_too_large": ("REFUSÉ. Un nombre est trop grand.", "REFUSED. A number is too large."),
    "not_a_text": ("REFUSÉ. Un caractère Unicode est incomplet.", "REFUSED. A Unicode character is incomplete."),
    "too_deep": ("REFUSÉ. Trop de niveaux imbriqués.", "REFUSED. Too many nested levels."),
    "not_canonical": (
        "REFUSÉ. Ce n’est pas le fichier tel qu’il a été remis (un éditeur l’a-t-il enregistré ?) : "
        "téléchargez-le de nouveau.",
        "REFUSED. This is not the file as it was issued (did an editor save it?): download it again.",
    ),
    "not_a_receipt": ("REFUSÉ. Ce n’est pas un reçu : {why}.", "REFUSED. This is not a receipt: {why}."),
    "unknown_format": (
        "REFUSÉ. Format inconnu : « {format} ». Ce programme vérifie « {known} ».",
        "REFUSED. Unknown format: “{format}”. This program verifies “{known}”.",
    ),
    "key_id_mismatch": (
        "REFUSÉ. Le reçu donne à sa clé un nom qui n’est pas le sien.",
        "REFUSED. The receipt gives its key a name that is not its own.",
    ),
    "unknown_key": (
        "REFUSÉ. La clé {key} n’est pas dans la liste fournie : n’importe qui a pu fabriquer ce reçu. S’il est plus "
        "récent que la liste, téléchargez-la de nouveau.",
        "REFUSED. Key {key} is not in the list given: anybody may have made this receipt. If it is more recent than "
        "the list, download the list again.",
    ),
    "bad_signature": (
        "REFUSÉ. La signature n’est pas celle de ce contenu : le reçu a été modifié ou fabriqué.",
        "REFUSED. The signature is not that of this content: the receipt was changed or made up.",
    ),
    "out_of_period": (
        "REFUSÉ. Le reçu est daté du {at}, quand la clé {key} n’était pas en service.",
        "REFUSED. The receipt is dated {at}, when key {key} was not in use.",
    ),
    "revoked_before": (
        "REFUSÉ. La clé {key} est compromise depuis le {since} ({reason}), et le reçu est daté du {at}.",
        "REFUSED. Key {key} has been compromised since {since} ({reason}), and the receipt is dated {at}.",
    ),
    "content_differs": (
        "REFUSÉ. Le texte fourni n’est pas celui qui a été voté ({hash}).",
        "REFUSED. The text given is not the one that was voted ({hash}).",
    ),
    "minutes_differ": (
        "REFUSÉ. Le procès-verbal fourni n’est pas celui du reçu.",
        "REFUSED. The minutes given are not those of the receipt.",
    ),
    "journal_altered": (
        "REFUSÉ. La ligne {sequence} du journal fourni a été modifiée.",
        "REFUSED. Line {sequence} of the journal given was changed.",
    ),
    "journal_differs": (
        "REFUSÉ. Le journal fourni dit autre chose au rang {sequence}.",
        "REFUSED. The journal given says something else at rank {sequence}.",
    ),
    # Nothing concluded
    "unreadable": ("Fichier illisible : {name} ({why}).", "Unreadable file: {name} ({why})."),
    "no_keys": (
        "NON PROUVÉ. Le reçu est intact, mais rien ne dit à qui est sa clé {key} : donnez la liste des clés (--keys), "
        "publiée par {issuer}/api/v1/signing-keys/.",
        "NOT PROVED. The receipt is intact, but nothing says whose key {key} is: give the list of keys (--keys), "
        "published by {issuer}/api/v1/signing-keys/.",
    ),
    "bad_keys": (
        "NON PROUVÉ. La liste des clés fournie n’en est pas une.",
        "NOT PROVED. The list of keys given is none.",
    ),
    "revoked_since": (
        "NON PROUVÉ. La signature est juste, mais la clé {key} est compromise depuis le {since} ({reason}) : qui la "
        "détient a pu antidater ce reçu (daté du {at}). Comparez-le au journal gardé par un autre membre.",
        "NOT PROVED. The signature is right, but key {key} has been compromised since {since} ({reason}): whoever "
        "holds it may have backdated this receipt (dated {at}). Compare it with the journal kept by another member.",
    ),
    "no_minutes_hash": (
        "NON PROUVÉ. Le reçu ne porte l’empreinte d’aucun procès-verbal.",
        "NOT PROVED. The receipt holds the hash of no minutes.",
    ),
    "not_in_journal": (
        "NON PROUVÉ. La ligne {sequence} n’est pas dans le journal fourni.",
        "NOT PROVED. Line {sequence} is not in the journal given.",
    ),
}


class Conclusion(Exception):
    """The end of the verification, with its exit code, the name of its sentence and what fills it."""

    def __init__(self, exit_code: int, sentence: str, **values: object) -> None:
        self.exit_code, self.sentence, self.values = exit_code, sentence, values
        super().__init__(sentence)


# --- Ed25519 (RFC 8032, 5.1) ----------------------------------------------------------------------------------------
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_MINUS_ONE = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)


def add(a: tuple, b: tuple) -> tuple:
    """The sum of two points in extended coordinates (X, Y, Z, T), x = X/Z, y = Y/Z, xy = T/Z."""
    m, n = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def double(a: tuple) -> tuple:
    """The point added to itself (RFC 8032, 5.1.4)."""
    m, n, c = a[0] * a[0] % P, a[1] * a[1] % P, 2 * a[2] * a[2] % P
    h = m + n
    e, g = h - (a[0] + a[1]) ** 2 % P, m - n
    f = c + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def decode_point(data: bytes) -> tuple | None:
    """The point that 32 bytes stand for; None when they are no canonical writing of a point."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    if (v * x * x - u) % P:
        x = x * SQRT_MINUS_ONE % P
    if (v * x * x - u) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def encode_point(a: tuple) -> bytes:
    inverse = pow(a[2], P - 2, P)
    x, y = a[0] * inverse % P, a[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = decode_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519_verifies(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature (64 bytes) of the message is that of the holder of the public key (32 bytes).

    Stricter than RFC 8032 asks: S below L, canonical points only, no key of small order, no cofactor.
    """
    if len(public_key) != 32 or len(signature) != 64:
        return False
    point, s = decode_point(public_key), int.from_bytes(signature[32:], "little")
    if point is None or s >= L or encode_point(double(double(double(point)))) == encode_point(NEUTRAL):
        return False
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    k = int.from_bytes(digest, "little") % L
    # S·B - k·A, both read bit by bit together (Shamir), must be the point R of the signature.
    minus = (P - point[0], point[1], 1, P - point[3])
    both = add(BASE, minus)
    found = NEUTRAL
    for bit in range(L.bit_length() - 1, -1, -1):
        found = double(found)
        if s >> bit & 1:
            found = add(found, both if k >> bit & 1 else BASE)
        elif k >> bit & 1:
            found = add(found, minus)
    return encode_point(found) == signature[:32]


# --- Canonical JSON (RFC 8785) --------------------------------------------------------------------------------------
def canonical(value: object) -> str:
    """The one writing of a value made of texts, whole numbers, booleans, null, lists and objects."""
    if value is None or isinstance(value, (bool, str)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return (
            "{" + ",".join(json.dumps(name, ensure_ascii=False) + ":" + canonical(value[name]) for name in names) + "}"
        )
    raise TypeError(type(value).__name__)


def unique(pairs: list) -> dict:
    found: dict = {}
    for name, value in pairs:
        if name in found:
            raise Conclusion(REFUSED, "duplicate_key", name=name)
        found[name] = value
    return found


def whole(text: str) -> int:
    number = int(text) if len(text) < 20 else SAFE_INTEGER + 1
    if abs(number) > SAFE_INTEGER:
        raise Conclusion(REFUSED, "number_too_large")
    return number


def not_whole(text: str) -> object:
    raise Conclusion(REFUSED, "not_a_whole_number", number=text)


def parsed(data: bytes) -> object:
    """The value of a JSON file, where nothing may be said twice, vaguely or in parts."""
    if len(data) > LARGEST:
        raise Conclusion(REFUSED, "too_large")
    try:
        text = data.decode()
        value = json.loads(
            text, object_pairs_hook=unique, parse_int=whole, parse_float=not_whole, parse_constant=not_whole
        )
        canonical(value).encode()
    except UnicodeDecodeError:
        raise Conclusion(REFUSED, "not_utf8") from None
    except UnicodeEncodeError:
        raise Conclusion(REFUSED, "not_a_text") from None
    except RecursionError:
        raise Conclusion(REFUSED, "too_deep") from None
    except ValueError as error:
        raise Conclusion(REFUSED, "not_json", why=error) from None
    return value


def at(value: object, path: str, kind: type = str) -> object:
    """What stands at `a.b.c`, which must be of that kind."""
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise Conclusion(REFUSED, "not_a_receipt", why=path)
    return value


def instant(text: object) -> dt.datetime:
    """An instant with its offset; Python 3.9 does not read the « Z » of UTC."""
    found = dt.datetime.fromisoformat(re.sub("Z$", "+00:00", str(text)))
    if found.tzinfo is None:
        raise ValueError(text)
    return found


# --- The steps of the verification ----------------------------------------------------------------------------------
def read_receipt(data: bytes) -> tuple[dict, bytes]:
    """The receipt and its signature, from a file that must be byte for byte as it was issued."""
    document = parsed(data)
    if canonical(document).encode() != data:
        raise Conclusion(REFUSED, "not_canonical")
    receipt, signature = at(document, "receipt", dict), at(document, "signature")
    if set(document) != {"receipt", "signature"}:
        raise Conclusion(REFUSED, "not_a_receipt", why=", ".join(sorted(document)))
    if at(receipt, "format") != FORMAT:
        raise Conclusion(REFUSED, "unknown_format", format=receipt["format"], known=FORMAT)
    try:
        raw = base64.b64decode(signature, validate=True)
    except ValueError:
        raise Conclusion(REFUSED, "bad_signature") from None
    if base64.b64encode(raw).decode() != signature:
        raise Conclusion(REFUSED, "bad_signature")
    return receipt, raw


def own_key(receipt: dict) -> bytes:
    """The public key that the receipt says it was signed with. Whose it is, only the list of keys tells."""
    written = at(receipt, "signing_key.public_key")
    if not re.fullmatch("[0-9a-f]{64}", written):
        raise Conclusion(REFUSED, "not_a_receipt", why="signing_key.public_key")
    key = bytes.fromhex(written)
    if at(receipt, "signing_key.id") != hashlib.sha256(key).hexdigest()[:16]:
        raise Conclusion(REFUSED, "key_id_mismatch")
    if at(receipt, "signing_key.algorithm") != "ed25519":
        raise Conclusion(REFUSED, "not_a_receipt", why="signing_key.algorithm")
    return key


def listed(data: bytes) -> list:
    """The objects of a file of the API: one object, a list, or a page with `results`; none in anything else."""
    try:
        value = parsed(data)
    except Conclusion:
        return []
    rows = value.get("results", [value]) if isinstance(value, dict) else value
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def check_key(receipt: dict, rows: list) -> tuple | None:
    """The key is in the list and was in use that day. A sentence of doubt when it may be in other hands since."""
    key = receipt["signing_key"]
    rows = [row for row in rows if re.fullmatch("[0-9a-f]{64}", str(row.get("public_key")))]
    if not rows:
        raise Conclusion(UNDECIDED, "bad_keys")
    row = next((row for row in rows if row["public_key"] == key["public_key"]), None)
    if row is None:
        raise Conclusion(REFUSED, "unknown_key", key=key["id"])
    told = {"key": key["id"], "at": at(receipt, "approval.recorded_at")}
    told.update(since=row.get("revoked_at"), reason=row.get("revoked_reason"))
    try:
        moment = instant(told["at"])
    except ValueError:
        raise Conclusion(REFUSED, "not_a_receipt", why="approval.recorded_at") from None
    try:
        first = instant(row.get("valid_from"))
        retired, revoked = (instant(row[name]) if row.get(name) else None for name in ("retired_at", "revoked_at"))
    except ValueError:
        raise Conclusion(UNDECIDED, "bad_keys") from None
    if moment < first or (retired is not None and moment > retired):
        raise Conclusion(REFUSED, "out_of_period", **told)
    if revoked is not None and moment >= revoked:
        raise Conclusion(REFUSED, "revoked_before", **told)
    return None if revoked is None else ("revoked_since", told)


def check_content(receipt: dict, data: bytes) -> None:
    """The text is the one whose hash was voted: the canonical text itself, or the API's answer that holds it."""
    expected = at(receipt, "charter_version.content_hash")
    if hashlib.sha256(data).hexdigest() == expected:
        return
    try:
        inside = json.loads(data)["content"]
        same = hashlib.sha256(inside.encode()).hexdigest() == expected
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        same = False
    if not same:
        raise Conclusion(REFUSED, "content_differs", hash=expected)


def check_minutes(receipt: dict, data: bytes) -> str:
    """The name of the sentence that says so."""
    minutes = at(receipt, "deliberation.minutes", dict)
    if minutes.get("sha256") is None:
        return "no_minutes_hash"
    if hashlib.sha256(data).hexdigest() != minutes["sha256"]:
        raise Conclusion(REFUSED, "minutes_differ")
    return "minutes_ok"


def entry_hash(row: dict) -> str:
    """The hash of a line of the journal, computed again (docs/verify.md)."""
    content = {
        "id": row["id"],
        "chain": row["cooperation"],
        "sequence": row["sequence"],
        "recorded_at": instant(row["recorded_at"]).isoformat(),
    }
    names = ("actor", "on_behalf_of", "act", "object_type", "object_id", "confidentiality", "reason", "payload")
    content.update({name: row[name] for name in (*names, "request_id")})
    material = str(row["format"]) + "\n" + row["previous_hash"] + "\n" + canonical(content)
    return hashlib.sha256(material.encode()).hexdigest()


def check_journal(receipt: dict, rows: list) -> list:
    """The lines given are whole, hold this approval, and lead to the heads given: the sentences that say so."""
    chain, sequence = at(receipt, "journal.chain"), at(receipt, "journal.sequence", int)
    reached, link = sequence, at(receipt, "journal.hash")
    rows = [row for row in rows if row.get("cooperation") == chain and isinstance(row.get("sequence"), int)]
    heads = [row for row in rows if set(row) == {"cooperation", "sequence", "hash"}]
    lines = {row["sequence"]: row for row in rows if row not in heads}
    for row in lines.values():
        try:
            whole_line = entry_hash(row) == row["hash"]
        except (KeyError, TypeError, ValueError):
            whole_line = False
        if not whole_line:
            raise Conclusion(REFUSED, "journal_altered", sequence=row["sequence"])
    said = []
    if sequence in lines:
        if (lines[sequence]["hash"], lines[sequence]["object_id"]) != (link, at(receipt, "approval.id")):
            raise Conclusion(REFUSED, "journal_differs", sequence=sequence)
        said.append(("journal_ok", {"sequence": sequence}))
    elif lines or not heads:
        said.append(("not_in_journal", {"sequence": sequence}))
    while reached + 1 in lines:
        if lines[reached + 1]["previous_hash"] != link:
            raise Conclusion(REFUSED, "journal_differs", sequence=reached + 1)
        reached, link = reached + 1, lines[reached + 1]["hash"]
    for head in heads:
        name = "head_ok" if head["sequence"] == reached else "head_apart"
        if name == "head_ok" and head["hash"] != link:
            raise Conclusion(REFUSED, "journal_differs", sequence=reached)
        said.append((name, {"sequence": head["sequence"], "reached": reached}))
    return said


def summary(receipt: dict) -> dict:
    """What the sentence says of the approval."""
    organisation = at(receipt, "organisation.name")
    register = receipt["organisation"].get("siren") or receipt["organisation"].get("rna")
    told = {
        "organisation": organisation + " (" + str(register) + ")" if register else organisation,
        "approved_on": at(receipt, "approval.approved_on"),
        "number": at(receipt, "charter_version.number", int),
        "charter": at(receipt, "charter.title"),
        "cooperation": at(receipt, "cooperation.name"),
        "majority": at(receipt, "deliberation.majority.formula"),
        "hash": at(receipt, "charter_version.content_hash"),
        "issuer": at(receipt, "issuer"),
        "key": at(receipt, "signing_key.id"),
    }
    votes = ("votes_for", "votes_against", "votes_abstain")
    told.update({name: at(receipt, "deliberation.figures." + name, int) for name in votes})
    return told


def verify(read: dict) -> list:
    """What can be said of the receipt, each as the name of a sentence and what fills it; some are doubts.

    `read`: the bytes of the files by their role. Raises Conclusion as soon as one of them is refused.
    """
    receipt, signature = read_receipt(read["receipt"])
    if not ed25519_verifies(own_key(receipt), canonical(receipt).encode(), signature):
        raise Conclusion(REFUSED, "bad_signature")
    told = summary(receipt)
    doubt = check_key(receipt, listed(read["keys"])) if "keys" in read else ("no_keys", told)
    said = [doubt or ("proved", told)]
    codes = receipt["deliberation"].get("irregular_codes")
    if codes:
        ratified_on = at(receipt, "deliberation.regularisation.ratified_on")
        said.append(("irregular", {"codes": ", ".join(map(str, codes)), "ratified_on": ratified_on}))
    if "content" in read:
        check_content(receipt, read["content"])
        said.append(("content_ok", {}))
    if "minutes" in read:
        said.append((check_minutes(receipt, read["minutes"]), {}))
    if "journal" in read:
        said += check_journal(receipt, listed(read["journal"]))
    return said


def sentence(name: str, values: dict, language: int) -> str:
    """One sentence, on one line: what a receipt holds must not write on the terminal as it likes."""
    text = SENTENCES[name][language].format_map(values)
    shown = (char if char.isprintable() or char in "\xa0\u202f" else "\N{REPLACEMENT CHARACTER}" for char in text)
    return "".join(shown)


def read_files(names: dict) -> dict:
    """The bytes of the files given, by their role."""
    read = {}
    for role, name in names.items():
        if name is not None:
            try:
                read[role] = Path(name).read_bytes()
            except OSError as error:
                raise Conclusion(UNDECIDED, "unreadable", name=name, why=error.strerror) from None
    return read


def main(arguments: list | None = None) -> int:
    """Read the files, say one sentence per conclusion, return the exit code."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("receipt")
    for role in ("keys", "content", "minutes", "journal"):
        parser.add_argument("--" + role)
    parser.add_argument("--lang", choices=("fr", "en"), default="fr")
    options = vars(parser.parse_args(arguments))
    language = ("fr", "en").index(options.pop("lang"))
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        said = verify(read_files(options))
    except Conclusion as end:
        print(sentence(end.sentence, end.values, language))
        return end.exit_code
    for name, values in said:
        print(sentence(name, values, language))
    return UNDECIDED if any(name in DOUBTS for name, _values in said) else PROVED


if __name__ == "__main__":
    sys.exit(main())
