"""JSON, strictly: at most 20 levels, no duplicate key, no NaN nor infinity (1e400), no lone surrogate, an object or a
list on top."""

import json
import math
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from coopproject.api.problems import ApiProblem

MAX_DEPTH = 20


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ParseError(_("La clé « %(key)s » est présente deux fois.") % {"key": key})
        found[key] = value
    return found


def _no_constant(name: str) -> Any:
    raise ParseError(_("« %(name)s » n’est pas une valeur JSON.") % {"name": name})


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ParseError(_("« %(name)s » est un nombre trop grand.") % {"name": text[:20]})
    return number


def too_deep(text: str) -> bool:
    """Whether brackets nest beyond the limit, found without recursion and before parsing."""
    depth, in_string, escaped = 0, False, False
    for char in text:
        if in_string:
            if escaped:
                escaped = False
            elif char == "\\":
                escaped = True
            elif char == '"':
                in_string = False
        elif char == '"':
            in_string = True
        elif char in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif char in "]}":
            depth -= 1
    return False


class StrictJSONParser(BaseParser):
    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise ApiProblem("body_too_large")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ParseError(_("Le corps n’est pas de l’UTF-8.")) from error
        if too_deep(text):
            raise ApiProblem("body_too_large")
        try:
            data = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant, parse_float=_finite)
        except ValueError as error:
            raise ParseError(_("JSON illisible : %(why)s") % {"why": error}) from error
        if "\\ud" in text.lower():
            try:
                json.dumps(data, ensure_ascii=False).encode()
            except UnicodeEncodeError as error:
                raise ParseError(_("Le corps contient un caractère Unicode incomplet.")) from error
        if "\\u0000" in text or "\x00" in text:
            raise ParseError(_("Le caractère nul n’est pas admis."))
        if not isinstance(data, dict | list):
            raise ParseError(_("Un objet JSON est attendu."))
        return data
