"""`docs/verify/verify_receipt.py`: a third party verifies a receipt without us, and no change passes."""

import base64
import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from governance import signing
from governance.models import JournalEntry, SigningKey
from tests.cast import Cast
from tests.charters.factories import make_submitted, vote
from tests.charters.receipts.verifier import approved, keys, receipt_of, rewritten, run, script, verdict

PROVED, REFUSED, UNDECIDED = 0, 1, 2


@pytest.fixture
def receipt(cast: Cast) -> bytes:
    return receipt_of(cast, approved(cast))


def signed(receipt: bytes, private: Ed25519PrivateKey, **changes: Any) -> bytes:
    """What somebody with a key of their own can make of a receipt."""
    public = private.public_key().public_bytes_raw()
    own = {"signing_key__id": signing.key_id(public), "signing_key__public_key": public.hex()}
    document = json.loads(rewritten(receipt, **(own | changes)))
    content = script.canonical(document["receipt"]).encode()
    document["signature"] = base64.b64encode(private.sign(content)).decode()
    return bytes(script.canonical(document).encode())


def ours(receipt: bytes, **changes: Any) -> bytes:
    """A receipt that this installation signed, with other values."""
    return signed(receipt, signing.private_key(), **changes)


def test_a_stranger_proves_a_receipt_in_their_language(cast: Cast, receipt: bytes, tmp_path: Path) -> None:
    code, said = run(tmp_path, receipt, keys=keys())
    assert (code, said.splitlines()[0][:7]) == (PROVED, "VALIDE.")
    for fact in ("Alpha", cast.alpha.siren, cast.today.isoformat(), "Charte de la Belle Équipe", "5 pour > 1 contre"):
        assert fact in said
    assert run(tmp_path, receipt, "--lang=en", keys=keys())[1].startswith("VALID. On ")


def test_without_the_list_of_keys_nothing_is_proved(receipt: bytes, tmp_path: Path) -> None:
    code, said = run(tmp_path, receipt)
    assert code == UNDECIDED
    assert "http://testserver/api/v1/signing-keys/" in said


def test_a_file_that_is_missing_concludes_nothing(receipt: bytes, tmp_path: Path) -> None:
    code, said = run(tmp_path, receipt, "--keys=nowhere.json")
    assert (code, said) == (UNDECIDED, "Fichier illisible : nowhere.json (No such file or directory).\n")


def test_every_single_character_changed_is_refused(receipt: bytes) -> None:
    text, published, passed = receipt.decode(), keys(), []
    for place, char in enumerate(text):
        other = chr(ord(char) ^ 1)
        changed = text[:place] + other + text[place + 1 :]
        if verdict(changed.encode(), keys=published)[0] != REFUSED:
            passed.append((place, char, other))
    assert passed == []


def test_whatever_one_character_becomes_it_is_refused(receipt: bytes) -> None:
    text, published = receipt.decode(), keys()

    @given(st.integers(0, len(text)), st.integers(0, 1), st.characters(codec="utf-8") | st.just(""))
    def any_change(place: int, taken: int, put: str) -> None:
        changed = text[:place] + put + text[place + taken :]
        if changed != text:
            assert verdict(changed.encode(), keys=published)[0] == REFUSED

    any_change()


SAME_VALUE = {
    "a line feed at the end": lambda text: text + "\n",
    "a space": lambda text: text.replace(",", ", ", 1),
    "an escape": lambda text: text.replace("/", "\\/", 1),
    "an escaped accent": lambda text: text.replace("É", "\\u00c9"),
    "another order": lambda text: json.dumps(dict(reversed(json.loads(text).items())), separators=(",", ":")),
    "an indentation": lambda text: json.dumps(json.loads(text), indent=2, ensure_ascii=False),
    "another number": lambda text: text.replace('"call":1,', '"call":1.0,'),
    "an exponent": lambda text: text.replace('"call":1,', '"call":1e0,'),
    "a minus": lambda text: text.replace('"votes_abstain":0', '"votes_abstain":-0'),
    "a key twice": lambda text: text.replace('"call":1,', '"call":1,"call":1,'),
    "a byte order mark": lambda text: "\ufeff" + text,
    "two documents": lambda text: text + text,
    "the padding of the signature": lambda text: text.replace('=="}', '"}'),
    "the unused bits of the signature": lambda text: _last_digit_changed(text),
}


def _last_digit_changed(text: str) -> str:
    """Base64 leaves four bits unused at the end of 64 bytes: another digit, the same bytes."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    digit = text[-5]
    other = alphabet[alphabet.index(digit) + 1]
    assert base64.b64decode(f"AAAAA{digit}==") == base64.b64decode(f"AAAAA{other}==")
    return text[:-5] + other + text[-4:]


@pytest.mark.parametrize("words", SAME_VALUE)
def test_another_writing_of_the_same_value_is_refused(receipt: bytes, words: str) -> None:
    changed = SAME_VALUE[words](receipt.decode())
    assert changed != receipt.decode()
    assert verdict(changed.encode(), keys=keys())[0] == REFUSED


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "JSON"),
        (b"null", "receipt"),
        (b"[]", "receipt"),
        (b"{}", "receipt"),
        (b'{"receipt":{},"signature":""}', "format"),
        (b'{"receipt":1,"signature":""}', "receipt"),
        (b'{"receipt":NaN}', "NaN"),
        (b'{"receipt":-Infinity}', "Infinity"),
        (b'{"receipt":1.5}', "1.5"),
        (b'{"receipt":9007199254740992}', "too large"),
        (b'{"receipt":' + b"9" * 5000 + b"}", "too large"),
        (b'{"receipt":"\\ud800"}', "Unicode"),
        (b'{"\\ud800":1}', "Unicode"),
        (b'{"receipt":1,"receipt":1}', "twice"),
        (b"\xff\xfe", "UTF-8"),
        (b"[" * 200_000, "nested"),
        (b" " * 5_000_001, "too large"),
        (b"%PDF-1.7", "JSON"),
    ],
)
def test_what_is_no_receipt_is_refused_with_its_reason(data: bytes, word: str, db: None) -> None:
    code, said = verdict(data, keys=keys())
    assert code == REFUSED
    assert word in said
    assert said.count("\n") == 0


def test_a_receipt_with_something_beside_it_is_refused(receipt: bytes) -> None:
    document = json.loads(receipt) | {"note": "vu et approuvé"}
    assert verdict(script.canonical(document).encode(), keys=keys()) == (
        REFUSED,
        "REFUSED. This is not a receipt: note, receipt, signature.",
    )


def test_a_key_of_ones_own_is_refused_even_with_a_right_signature(receipt: bytes) -> None:
    forged = signed(receipt, Ed25519PrivateKey.generate(), organisation__name="Delta")
    assert verdict(forged)[0] == UNDECIDED
    code, said = verdict(forged, keys=keys())
    assert (code, "is not in the list" in said) == (REFUSED, True)


def test_the_name_of_a_published_key_on_another_key_is_refused(receipt: bytes) -> None:
    name = json.loads(receipt)["receipt"]["signing_key"]["id"]
    forged = signed(receipt, Ed25519PrivateKey.generate(), signing_key__id=name)
    code, said = verdict(forged, keys=keys())
    assert (code, "not its own" in said) == (REFUSED, True)


def test_a_published_key_with_the_signature_of_another_is_refused(receipt: bytes) -> None:
    key = json.loads(receipt)["receipt"]["signing_key"]
    changes = {"signing_key__id": key["id"], "signing_key__public_key": key["public_key"]}
    forged = signed(receipt, Ed25519PrivateKey.generate(), **changes)
    assert verdict(forged, keys=keys())[1].startswith("REFUSED. The signature")


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"format": "coopproject.receipt/2"}, "coopproject.receipt/2"),
        ({"signing_key__algorithm": "none"}, "algorithm"),
        ({"signing_key__public_key": "AB" * 32}, "public_key"),
        ({"charter_version__number": "1"}, "number"),
        ({"charter_version__number": True}, "number"),
        ({"deliberation__figures": []}, "figures"),
        ({"organisation__name": None}, "organisation"),
        ({"approval__recorded_at": "hier"}, "recorded_at"),
        ({"approval__recorded_at": "2026-11-22T10:00:00"}, "recorded_at"),
    ],
)
def test_a_receipt_of_another_shape_is_refused_even_signed(receipt: bytes, changes: dict[str, Any], word: str) -> None:
    code, said = verdict(ours(receipt, **changes), keys=keys())
    assert (code, word in said) == (REFUSED, True), said


@pytest.mark.parametrize(
    "published", [b"", b"{}", b"[]", b"null", b'{"results":[]}', b'{"results":[{"public_key":1}]}']
)
def test_a_list_of_keys_that_is_none_concludes_nothing(receipt: bytes, published: bytes) -> None:
    assert verdict(receipt, keys=published)[0] == UNDECIDED


def at(receipt: bytes) -> dt.datetime:
    return dt.datetime.fromisoformat(json.loads(receipt)["receipt"]["approval"]["recorded_at"])


def test_a_retired_key_proves_what_it_signed_before_and_nothing_after(cast: Cast, receipt: bytes) -> None:
    moment = at(receipt)
    SigningKey.objects.update(retired_at=moment)
    assert verdict(receipt, keys=keys())[0] == PROVED
    late = ours(receipt, approval__recorded_at=(moment + dt.timedelta(seconds=1)).isoformat())
    early = ours(receipt, approval__recorded_at="2001-01-01T00:00:00+00:00")
    for forged in (late, early):
        code, said = verdict(forged, keys=keys())
        assert (code, "not in use" in said) == (REFUSED, True)


@pytest.mark.parametrize(("seconds", "expected"), [(-1, REFUSED), (0, REFUSED), (1, UNDECIDED)])
def test_a_revoked_key_is_told_with_its_reason(receipt: bytes, tmp_path: Path, seconds: int, expected: int) -> None:
    since = at(receipt) + dt.timedelta(seconds=seconds)
    SigningKey.objects.update(revoked_at=since, revoked_reason="Serveur volé")
    code, said = run(tmp_path, receipt, keys=keys())
    assert (code, "Serveur volé" in said) == (expected, True)


def content_of(cast: Cast, receipt: bytes) -> bytes:
    version = json.loads(receipt)["receipt"]["charter_version"]["id"]
    return bytes(cast.api(cast.observer).get(f"/api/v1/charter-versions/{version}/content/").content)


def test_the_text_that_was_voted_is_recognised_as_served_and_as_frozen(
    cast: Cast, receipt: bytes, tmp_path: Path
) -> None:
    served = content_of(cast, receipt)
    frozen = json.loads(served)["content"].encode()
    assert run(tmp_path, receipt, keys=keys(), content=served)[0] == PROVED
    assert run(tmp_path, receipt, keys=keys(), content=frozen)[0] == PROVED


def test_any_other_text_is_refused(cast: Cast, receipt: bytes) -> None:
    frozen = json.loads(content_of(cast, receipt))["content"]
    for other in (frozen.replace("chose", "Chose"), frozen + "\n", "", "[]", '{"content":1}', "[" * 200_000):
        code, said = verdict(receipt, keys=keys(), content=other.encode())
        assert (code, "not the one that was voted" in said) == (REFUSED, True)
    assert verdict(receipt, content=b"{}")[0] == REFUSED


def test_minutes_without_a_hash_in_the_receipt_prove_nothing(receipt: bytes) -> None:
    assert verdict(receipt, keys=keys(), minutes=b"PV")[0] == UNDECIDED


def test_minutes_are_recognised_by_their_hash(receipt: bytes) -> None:
    minutes = {"reference": "PV", "sha256": hashlib.sha256(b"PV").hexdigest()}
    with_minutes = ours(receipt, deliberation__minutes=minutes)
    assert verdict(with_minutes, keys=keys(), minutes=b"PV")[0] == PROVED
    assert verdict(with_minutes, keys=keys(), minutes=b"PV ")[0] == REFUSED


def journal(cast: Cast, query: str = "") -> list[dict[str, Any]]:
    rows = cast.api(cast.coordinator).get(f"/api/v1/journal/?page_size=200{query}").json()["results"]
    return [row for row in rows if row["cooperation"] == str(cast.cooperation.pk)]


def heads(cast: Cast) -> list[dict[str, Any]]:
    return list(cast.api(cast.coordinator).get("/api/v1/journal/heads/").json()["results"])


def test_the_journal_that_another_member_kept_confirms_the_receipt(cast: Cast, receipt: bytes, tmp_path: Path) -> None:
    entry = JournalEntry.objects.get(act="charter_version.board_approved")
    line = bytes(cast.api(cast.coordinator).get(f"/api/v1/journal/{entry.pk}/").content)
    code, said = run(tmp_path, receipt, keys=keys(), journal=line)
    assert (code, f"au rang {entry.sequence}" in said) == (PROVED, True)
    # More acts, then a head: the lines lead from the receipt to it.
    vote(cast, make_submitted(cast), cast.beta)
    every = json.dumps(journal(cast) + heads(cast)).encode()
    code, said = verdict(receipt, keys=keys(), journal=every)
    assert (code, "follows from it" in said) == (PROVED, True)
    assert "is not compared" in verdict(receipt, keys=keys(), journal=json.dumps(heads(cast)).encode())[1]


def test_a_journal_that_says_otherwise_refuses_the_receipt(cast: Cast, receipt: bytes) -> None:
    place = json.loads(receipt)["receipt"]["journal"]["sequence"]
    rows = journal(cast)
    line = next(row for row in rows if row["sequence"] == place)

    def answer(*lines: dict[str, Any]) -> int:
        code: int = verdict(receipt, keys=keys(), journal=json.dumps(lines).encode())[0]
        return code

    assert answer(line) == PROVED
    for name, value in (("actor", "person:0"), ("payload", {}), ("hash", "0" * 64), ("recorded_at", "hier")):
        assert answer(line | {name: value}) == REFUSED, name
    other = line | {"reason": "autre"}
    assert answer(other | {"hash": script.entry_hash(other)}) == REFUSED
    assert answer(*[row for row in rows if row["sequence"] < place]) == UNDECIDED
    assert answer() == UNDECIDED
    (head,) = heads(cast)
    assert answer(line, head) == PROVED
    assert answer(line, head | {"hash": "0" * 64}) == REFUSED


def test_what_a_receipt_holds_does_not_write_on_the_terminal(receipt: bytes, tmp_path: Path) -> None:
    tricked = ours(receipt, organisation__name="\x1b[2J\nVALIDE.\u202e {0} {key.__class__}")
    code, said = run(tmp_path, tricked, keys=keys())
    assert (code, said.count("\n")) == (PROVED, 1)
    assert "\x1b" not in said
    assert "\u202e" not in said
