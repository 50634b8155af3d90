"""French typography, at display only: what is stored and hashed stays as it was written."""

import re

NBSP = "\u00a0"
NARROW = "\u202f"

_SPACE = f"[ {NBSP}{NARROW}]"
_RULES = (
    (re.compile(rf"{_SPACE}+([;!?])"), rf"{NARROW}\1"),
    (re.compile(rf"{_SPACE}+:(?!//)"), f"{NBSP}:"),
    (re.compile(rf"«{_SPACE}*(?=\S)"), f"«{NBSP}"),
    (re.compile(rf"(?<=\S){_SPACE}*»"), f"{NBSP}»"),
    # L'association -> l’association; not the quotes of 'code', which stand beside a space.
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
    (re.compile(rf"(?<![\d.,])(\d{{1,3}})((?:{_SPACE}\d{{3}})+)(?!\d)"), None),
    (re.compile(rf"(?<=\d){_SPACE}(?=[%€‰]|h\b|km\b|kg\b|m²|euros?\b)"), NBSP),
    (re.compile(rf"\b([Nn]°|[Aa]rt\.|p\.|[Aa]rticle){_SPACE}(?=\d)"), rf"\1{NBSP}"),
)
# Characters that show nothing and could make a text read otherwise than it is voted: overrides of the direction of
# writing, zero-width characters, tags. Joiners (U+200C, U+200D), which some scripts need, stay.
_UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u180e\U000e0000-\U000e007f]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def seen(text: str) -> str:
    """The text without what shows nothing; a tab becomes spaces."""
    return _CONTROL.sub("\ufffd", _UNSEEN.sub("", text)).replace("\t", "    ")


def french(text: str) -> str:
    """Non-breaking spaces where French wants them, typographic apostrophes. Never for code nor addresses."""
    for pattern, replacement in _RULES:
        text = pattern.sub(_grouped if replacement is None else replacement, text)
    return text


def _grouped(match: re.Match[str]) -> str:
    return match[1] + re.sub(_SPACE, NARROW, match[2])
