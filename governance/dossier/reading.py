"""From bytes to plain data, for text that nobody vouches for: no alias, no tag, no duplicate key, bounded in size.

YAML is read from its events, not by a loader: a plain scalar is null, `true`, `false`, a decimal integer, or text.
So `2026-03-01`, `1200.00` and `no` stay the text that was written.
"""

import json
import re
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

from coopproject.api.parsers import MAX_DEPTH, too_deep
from coopproject.exceptions import InvalidInput, Violation

MAX_BYTES = 5 * 1024 * 1024
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_CONSTANTS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def refusal(code: str, detail: Any, pointer: str = "") -> InvalidInput:
    return InvalidInput(Violation(code, detail, pointer))


def read(raw: bytes) -> Any:
    """The document that these bytes hold, JSON when they begin as an object does, else YAML.

    Raises InvalidInput: `dossier_too_large`, `dossier_too_deep` or `malformed_dossier`, with the line where known.
    """
    if len(raw) > MAX_BYTES:
        raise refusal("dossier_too_large", _("Un dossier fait au plus 5 Mo."))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refusal("malformed_dossier", _("Le dossier n’est pas de l’UTF-8.")) from error
    return read_json(text) if text.lstrip().startswith("{") else read_yaml(text)


def read_json(text: str) -> Any:
    if too_deep(text):
        raise refusal("dossier_too_deep", _("Le dossier a plus de %(depth)s niveaux.") % {"depth": MAX_DEPTH})
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except ValueError as error:
        raise refusal("malformed_dossier", _("JSON illisible : %(why)s") % {"why": error}) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise refusal("malformed_dossier", _("La clé « %(key)s » est présente deux fois.") % {"key": key})
        found[key] = value
    return found


def _no_constant(name: str) -> Any:
    raise refusal("malformed_dossier", _("« %(name)s » n’est pas une valeur JSON.") % {"name": name})


def read_yaml(text: str) -> Any:
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or "?"
        raise _malformed(mark, _("YAML illisible : %(why)s.") % {"why": why}) from error
    return builder.result


def _malformed(mark: Any, detail: Any) -> InvalidInput:
    if mark is None:
        return refusal("malformed_dossier", detail)
    return refusal("malformed_dossier", _("Ligne %(line)s : %(detail)s") % {"line": mark.line + 1, "detail": detail})


class _Builder:
    """Builds data from YAML events without recursion. A mapping on the stack waits for a key or for its value."""

    def __init__(self) -> None:
        self.result: Any = None
        self.documents = 0
        self.stack: list[tuple[Any, list[str]]] = []

    def take(self, event: Any) -> None:
        mark = event.start_mark
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _malformed(mark, _("un seul document est attendu."))
        elif isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _malformed(mark, _("les ancres et les alias ne sont pas admis."))
        elif isinstance(event, yaml.ScalarEvent):
            self._add(self._scalar(event), mark)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if event.tag is not None:
                raise _malformed(mark, _("les étiquettes de type ne sont pas admises."))
            value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            self._add(value, mark)
            self.stack.append((value, []))
            if len(self.stack) > MAX_DEPTH:
                detail = _("Le dossier a plus de %(depth)s niveaux.") % {"depth": MAX_DEPTH}
                raise refusal("dossier_too_deep", detail)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.stack.pop()

    def _scalar(self, event: Any) -> Any:
        if event.tag is not None:
            raise _malformed(event.start_mark, _("les étiquettes de type ne sont pas admises."))
        text: str = event.value
        awaits_key = self.stack and isinstance(self.stack[-1][0], dict) and not self.stack[-1][1]
        if not event.implicit[0] or awaits_key:
            return text
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        return int(text) if _INTEGER.fullmatch(text) else text

    def _add(self, value: Any, mark: Any) -> None:
        if not self.stack:
            self.result = value
            return
        container, waiting = self.stack[-1]
        if isinstance(container, list):
            container.append(value)
        elif waiting:
            container[waiting.pop()] = value
        elif not isinstance(value, str):
            raise _malformed(mark, _("une clé est un texte."))
        elif value in container:
            raise _malformed(mark, _("la clé « %(key)s » est présente deux fois.") % {"key": value})
        else:
            waiting.append(value)
