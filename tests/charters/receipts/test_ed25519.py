"""The verification of signatures that the script brings along: RFC 8032, and the same answers as `cryptography`."""

import ast
import sys
from pathlib import Path

import pytest
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import example, given
from hypothesis import strategies as st

from tests.charters.receipts.verifier import SCRIPT, script

# RFC 8032, 7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
        "454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
        "3dca179c138ac17ad9bef1177331a704",
    ),
]
SEED = st.binary(min_size=32, max_size=32)
FLIP = st.tuples(st.integers(0, 63), st.integers(0, 7))


def known_verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def flipped(data: bytes, where: tuple[int, int]) -> bytes:
    place = where[0] % len(data)
    return data[:place] + bytes([data[place] ^ 1 << where[1]]) + data[place + 1 :]


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_the_vectors_of_the_rfc_verify_and_nothing_close_to_them(public: str, message: str, signature: str) -> None:
    key, text, sign = map(bytes.fromhex, (public, message, signature))
    assert script.ed25519_verifies(key, text, sign)
    assert not script.ed25519_verifies(key, text + b"\0", sign)
    assert not script.ed25519_verifies(key, text, sign[:-1])
    assert not script.ed25519_verifies(key[:-1], text, sign)


@given(SEED, st.binary(max_size=200), FLIP, st.sampled_from(["key", "message", "signature", "nothing"]))
def test_it_answers_as_cryptography_does(seed: bytes, message: bytes, where: tuple[int, int], what: str) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = private.public_key().public_bytes_raw(), private.sign(message)
    if what == "key":
        public = flipped(public, where)
    elif what == "message":
        message = flipped(message or b"\0", where)
    elif what == "signature":
        signature = flipped(signature, where)
    expected = known_verifies(public, message, signature)
    assert script.ed25519_verifies(public, message, signature) is expected
    assert expected is (what == "nothing")


@given(SEED, st.binary(max_size=50))
def test_a_second_writing_of_the_same_signature_is_refused(seed: bytes, message: bytes) -> None:
    """S + L is the same number modulo L: accepted by the naive, it makes two files of one receipt."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = private.public_key().public_bytes_raw(), private.sign(message)
    other = int.from_bytes(signature[32:], "little") + script.L
    assert not script.ed25519_verifies(public, message, signature[:32] + other.to_bytes(32, "little"))


@pytest.mark.parametrize("sign", [0, 1 << 255])
@pytest.mark.parametrize("over", range(19))
def test_a_point_has_one_writing(over: int, sign: int) -> None:
    assert script.decode_point((script.P + over | sign).to_bytes(32, "little")) is None


@pytest.mark.parametrize("y", [1, -1])
def test_the_points_without_side_have_no_sign(y: int) -> None:
    assert script.decode_point((y % script.P).to_bytes(32, "little")) == (0, y % script.P, 1, 0)
    assert script.decode_point((y % script.P | 1 << 255).to_bytes(32, "little")) is None


def test_a_key_of_small_order_signs_nothing() -> None:
    """With the neutral point as key, S = 0 and R = neutral « verify » every message."""
    neutral = (1).to_bytes(32, "little")
    assert known_verifies(neutral, b"anything", neutral + bytes(32))
    assert not script.ed25519_verifies(neutral, b"anything", neutral + bytes(32))


@given(st.binary(min_size=32, max_size=32))
@example(bytes(32))
def test_a_point_is_read_as_it_is_written(data: bytes) -> None:
    point = script.decode_point(data)
    assert point is None or script.encode_point(point) == data


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
@example({"\ufb33": 1, "\U0001f600": 2, "\r": 3, "1": 4, "\u0080": 5, "\u20ac": 6, "ö": 7})
@example('\u2028\u2029\x7f\x00\b\t\n\f\r\x1f"\\/€')
def test_its_canonical_json_is_that_of_the_rfc(value: object) -> None:
    written = script.canonical(value).encode()
    assert written == rfc8785.dumps(value)  # type: ignore[arg-type]
    assert script.parsed(written) == value


def test_it_is_one_file_for_python_3_9_that_imports_the_standard_library_only() -> None:
    tree = ast.parse(Path(SCRIPT).read_text(encoding="utf-8"), feature_version=(3, 9))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= sys.stdlib_module_names
