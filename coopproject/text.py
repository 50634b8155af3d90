"""French sorting and accent-insensitive search without any extension of PostgreSQL.

A generated column holds the folded text; the same folding is applied in Python to what the user types. Written with
`normalize` (immutable since PostgreSQL 13), because neither ICU nor unaccent can be taken for granted.
"""

import unicodedata
from typing import Any

from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Coalesce, Concat

_LIGATURES = (("œ", "oe"), ("æ", "ae"), ("’", "'"))


def fold(text: str) -> str:
    """Lower case, no accent, ligatures opened: « Œuvre à Bâle » -> "oeuvre a bale"."""
    folded = unicodedata.normalize("NFD", text)
    folded = "".join(char for char in folded if not "\u0300" <= char <= "\u036f").lower()
    for old, new in _LIGATURES:
        folded = folded.replace(old, new)
    return folded


class Fold(Func):
    """The SQL twin of `fold`, usable in a generated column."""

    output_field = models.TextField()
    template = (
        "replace(replace(replace(lower(regexp_replace(normalize(%(expressions)s, NFD), '[\\u0300-\\u036F]', '', 'g')),"
        " 'œ', 'oe'), 'æ', 'ae'), '’', '''')"
    )


def folded_column(*fields: str) -> models.GeneratedField:
    """A stored generated column with the folded text of the fields, separated by spaces. For `ordering` and `q`."""
    parts: list[Any] = []
    for field in fields:
        parts += [Coalesce(models.F(field), Value("")), Value(" ")]
    expression = Fold(Concat(*parts[:-1])) if len(fields) > 1 else Fold(parts[0])
    return models.GeneratedField(expression=expression, output_field=models.TextField(), db_persist=True)
