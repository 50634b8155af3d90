"""Typeset a PDF from a Typst template of ours and data: accessible (PDF/UA-1), the same bytes for the same input.

A template is a `.typ` file of the project, named by its path from the project's folder; `base.typ` beside this module
holds what all of them share. Data travel as JSON values: nothing that a member wrote is ever read as markup or code.
Fonts are those that the library embeds, so that every machine makes the same file; nothing is asked of the network.
"""

import json
import re
import threading
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import typst
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import RuleViolated, Violation
from coopproject.typesetting.glyphs import displayable, latin_only

ROOT = Path(__file__).resolve().parents[2]
MAX_DATA = 500_000
"""Characters of JSON. Half a megabyte makes some 120 pages, in a third of a second and 200 MB."""
MAX_DEPTH = 40
"""Levels of arrays and objects: Typst stops at 80 calls within one another."""

_FONTS = typst.Fonts(include_system_fonts=False)
# Each takes as much memory as its text is long: no more than these at once, however many readers ask.
_TABLES = threading.BoundedSemaphore(2)
_NO_PACKAGES = "/nonexistent"
_NO_GLYPH = re.compile(r"could not be displayed")


class TypesettingFailed(RuntimeError):
    """A template and its data do not go together: a fault of ours, never of who wrote the text."""


def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """The PDF of `template` (such as "charters/documents/charter.typ") with `data`.

    The template reads `json(bytes(sys.inputs.data))`. Tagged PDF/UA-1, no date: the same input gives the same bytes.
    A character that no embedded font shows is written as its code, `[U+1F600]`. Safe in threads, and lets the others
    run meanwhile (the GIL is released).

    Raises `RuleViolated` (`document_too_large`) for more than `MAX_DATA` or `MAX_DEPTH`; `TypesettingFailed` when the
    template does not compile or does not exist.
    """
    source = _source(template)
    try:
        return _compile(source, _encoded(data, displayable))
    except typst.TypstError as error:
        if not _NO_GLYPH.search(error.message):
            raise TypesettingFailed(f"{template}: {error.message} {error.diagnostic}") from error
    # Two characters that no single font shows together, such as a mark on a letter of another script.
    try:
        return _compile(source, _encoded(data, latin_only))
    except typst.TypstError as error:
        raise TypesettingFailed(f"{template}: {error.message} {error.diagnostic}") from error


def _source(template: str) -> Path:
    path = PurePosixPath(template)
    source = ROOT / path
    if path.is_absolute() or ".." in path.parts or path.suffix != ".typ" or not source.is_file():
        raise TypesettingFailed(f"no template {template}")
    return source


def _encoded(data: Mapping[str, Any], shown: Callable[[str], str]) -> str:
    encoded = json.dumps(_shown(data, shown, 0), ensure_ascii=False, allow_nan=False)
    if len(encoded) > MAX_DATA:
        raise _too_large()
    return encoded


def _shown(value: Any, shown: Callable[[str], str], level: int) -> Any:
    if level > MAX_DEPTH:
        raise _too_large()
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, Mapping):
        return {key: _shown(item, shown, level + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(item, shown, level + 1) for item in value]
    return value


def _too_large() -> RuleViolated:
    return RuleViolated(
        Violation("document_too_large", _("Ce document est trop long ou trop imbriqué pour être mis en page."))
    )


def _compile(source: Path, data: str) -> bytes:
    with _TABLES:
        pdf = typst.compile(
            source,
            root=ROOT,
            font_paths=_FONTS,
            ignore_system_fonts=True,
            sys_inputs={"data": data},
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=0,
            package_path=_NO_PACKAGES,
            package_cache_path=_NO_PACKAGES,
        )
    assert isinstance(pdf, bytes)
    return pdf
