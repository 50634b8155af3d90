"""How one field of a model is described, read and written in a dossier. What a model declares is the only source."""

import base64
import datetime as dt
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.dossier.dates import (
    DATE_PATTERN,
    INSTANT_PATTERN,
    YEAR_PATTERN,
    read_date,
    read_instant,
    read_year,
    write_instant,
)

REF_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$"
NOT_SET = object()
# Bytes travel in a dossier up to one megabyte each: the document itself has five.
MAX_BYTES = 2**20
BASE64_LENGTH = 4 * -(-MAX_BYTES // 3)


def is_reference(field: Any) -> bool:
    """A reference to another row, or an identifier of one (`UUIDField`) whose section only the row knows."""
    return bool(field.is_relation) or isinstance(field, models.UUIDField)


def is_year(field: Any) -> bool:
    return field.name == "year"


def omission(field: Any) -> Any:
    """The value that a row gets when the field is missing; NOT_SET when it must be there."""
    if field.many_to_many:
        return [] if field.blank else NOT_SET
    if field.has_default():
        return field.get_default()
    if field.null:
        return None
    return "" if field.blank and field.empty_strings_allowed else NOT_SET


def is_left_out(field: Any, value: Any) -> bool:
    """Whether the canonical form leaves a value out: it is empty, and leaving it out gives it back."""
    return value in (None, "", [], {}) and omission(field) == value


def schema(field: Any) -> dict[str, Any]:
    """The JSON Schema of the value of a field."""
    found = _schema(field)
    label = str(getattr(field, "verbose_name", ""))
    nullable = field.null and not field.many_to_many
    if nullable and "type" in found:
        found["type"] = [found["type"], "null"]
        if "enum" in found:
            found["enum"] = [*found["enum"], None]
    return {"title": label} | found if label else found


def _schema(field: Any) -> dict[str, Any]:
    if field.many_to_many:
        return {"type": "array", "items": {"type": "string", "pattern": REF_PATTERN}, "uniqueItems": True}
    if is_reference(field):
        return {"type": "string", "pattern": REF_PATTERN}
    if isinstance(field, ArrayField):
        return {"type": "array", "items": _schema(field.base_field)} | (
            {"maxItems": field.size} if field.size else {"maxItems": 1000}
        )
    if isinstance(field, models.BooleanField):
        return {"type": "boolean"}
    if isinstance(field, models.DateTimeField):
        return {"type": "string", "pattern": INSTANT_PATTERN}
    if isinstance(field, models.DateField):
        return {"type": "string", "pattern": DATE_PATTERN}
    if isinstance(field, models.DecimalField):
        whole, places = field.max_digits - field.decimal_places, field.decimal_places
        return {"type": "string", "pattern": rf"^-?\d{{1,{whole}}}(\.\d{{1,{places}}})?$"}
    if isinstance(field, models.IntegerField):
        low, high = connection.ops.integer_field_range(field.get_internal_type())
        numbers = {"minimum": low, "maximum": high}
        if is_year(field):
            return {"anyOf": [{"type": "integer"} | numbers, {"type": "string", "pattern": YEAR_PATTERN}]}
        return {"type": "integer"} | numbers | ({"enum": _choices(field)} if field.choices else {})
    if isinstance(field, models.JSONField):
        return {}
    if isinstance(field, models.BinaryField):
        return {"type": "string", "contentEncoding": "base64", "maxLength": BASE64_LENGTH}
    if isinstance(field, models.CharField | models.TextField):
        return _text_schema(field)
    raise ImproperlyConfigured(f"a dossier cannot hold {field}")


def _text_schema(field: Any) -> dict[str, Any]:
    if field.choices:
        return {"type": "string", "enum": _choices(field) + ([""] if field.blank else [])}
    found: dict[str, Any] = {"type": "string"}
    if field.max_length:
        found["maxLength"] = field.max_length
    return found if field.blank else found | {"minLength": 1}


def _choices(field: Any) -> list[Any]:
    return [value for value, _label in field.flatchoices if value not in (None, "")]


class Unreadable(ValueError):
    """A value of the right shape that names nothing: 30 February."""

    def __init__(self, code: str, detail: str | Promise) -> None:
        self.code, self.detail = code, detail
        super().__init__(code)

    def at(self, pointer: str) -> Violation:
        return Violation(self.code, self.detail, pointer)


def decode(field: Any, value: Any, reference: dt.date) -> Any:
    """The Python value of a plain field. The shape was checked against `schema`. Raises Unreadable."""
    if value is None:
        return None
    try:
        if isinstance(field, models.DateTimeField):
            return read_instant(value, reference)
        if isinstance(field, models.DateField):
            return read_date(value, reference)
        if is_year(field):
            return read_year(str(value), reference)
    except (ValueError, OverflowError) as error:
        raise Unreadable("invalid_date", _("Cette date n’existe pas.")) from error
    if isinstance(field, models.DecimalField):
        return Decimal(value)
    if isinstance(field, models.BinaryField):
        try:
            return base64.b64decode(value, validate=True)
        except ValueError as error:
            raise Unreadable("wrong_format", _("Ces octets ne sont pas en base64.")) from error
    return value


def encode(field: Any, value: Any) -> Any:
    """The canonical form of a plain value that was read from the database."""
    if value is None:
        return None
    if isinstance(field, models.DateTimeField):
        return write_instant(value)
    if isinstance(field, models.DateField):
        return value.isoformat()
    if isinstance(field, models.DecimalField):
        return format(value, "f")
    if isinstance(field, models.UUIDField):
        return str(value)
    if isinstance(field, models.BinaryField):
        return base64.b64encode(value).decode()
    if isinstance(field, models.JSONField):
        return canonical(value)
    return value


def canonical(value: Any) -> Any:
    """A JSON value with its keys in order: the database does not keep the order in which they were written."""
    if isinstance(value, dict):
        return {key: canonical(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [canonical(item) for item in value]
    return value
