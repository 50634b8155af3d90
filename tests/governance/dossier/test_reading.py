"""Text that nobody vouches for becomes plain data, or a refusal that names its line."""

import pytest

from coopproject.exceptions import InvalidInput
from governance.dossier import reading


def refusal(raw: bytes) -> tuple[str, str]:
    with pytest.raises(InvalidInput) as refused:
        reading.read(raw)
    (violation,) = refused.value.violations
    return violation.code, str(violation.detail)


BILLION_LAUGHS = b"""
a: &a [lol, lol, lol]
b: &b [*a, *a, *a]
c: [*b, *b, *b]
"""


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (BILLION_LAUGHS, "malformed_dossier"),
        (b"a: &x 1\nb: 2\n", "malformed_dossier"),
        (b"<<: {a: 1}\na: *x\n", "malformed_dossier"),
        (b"a: !!python/object/apply:os.system ['true']\n", "malformed_dossier"),
        (b"a: !!int '3'\n", "malformed_dossier"),
        (b"a: 1\na: 2\n", "malformed_dossier"),
        (b'{"a": 1, "a": 2}', "malformed_dossier"),
        (b'{"a": NaN}', "malformed_dossier"),
        (b'{"a": 1', "malformed_dossier"),
        (b"a: [1, 2\n", "malformed_dossier"),
        (b"? [1, 2]\n: 3\n", "malformed_dossier"),
        (b"a: 1\n---\nb: 2\n", "malformed_dossier"),
        (b"\xff\xfe", "malformed_dossier"),
        (b"{" + b'"a":[' * 200, "dossier_too_deep"),
        (b"[" * 5000, "dossier_too_deep"),
        (b"a: " + b"x" * (reading.MAX_BYTES + 1), "dossier_too_large"),
    ],
)
def test_hostile_text_is_refused(raw: bytes, code: str) -> None:
    assert refusal(raw)[0] == code


def test_the_line_of_a_mistake_is_told() -> None:
    assert "Ligne 3" in refusal(b"a: 1\nb: 2\na: 3\n")[1]


def test_yaml_keeps_what_was_written() -> None:
    text = "a: 2026-03-01\nb: 1200.00\nc: no\nd: 012\ne: 12\nf: true\ng: null\nh: ~\ni:\nj: '12'\nk: 1:30\nl: 0x1f\n"
    assert reading.read(text.encode()) == {
        "a": "2026-03-01",
        "b": "1200.00",
        "c": "no",
        "d": "012",
        "e": 12,
        "f": True,
        "g": None,
        "h": None,
        "i": None,
        "j": "12",
        "k": "1:30",
        "l": "0x1f",
    }


def test_keys_are_texts_and_nesting_is_kept() -> None:
    assert reading.read(b"true: {1: [a, {b: c}]}\n") == {"true": {"1": ["a", {"b": "c"}]}}


def test_json_may_begin_with_a_byte_order_mark() -> None:
    assert reading.read(b'\xef\xbb\xbf{"a": "\\u00e9"}') == {"a": "é"}
