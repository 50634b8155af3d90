"""Keyset pagination that loses no row on ties and no row on NULLs.

The cursor holds the sort values of the edge row and its identifier, signed together with the path and the filters
that it was issued for: a cursor replayed elsewhere is refused (`invalid_cursor`). DRF's own CursorPagination loses
rows when many share a sort value; ours compares the whole key.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, Q
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from coopproject.api.problems import ApiProblem

PAGE_SIZE, MAX_PAGE_SIZE = 50, 200
_SALT = "coopproject.cursor"


@dataclass(frozen=True)
class SortKey:
    """One sort column. NULLs come last ascending and first descending, as PostgreSQL does."""

    name: str
    descending: bool

    def order_by(self, *, reverse: bool) -> OrderBy:
        descending = self.descending != reverse
        column = F(self.name)
        return column.desc(nulls_first=True) if descending else column.asc(nulls_last=True)

    def after(self, value: Any, *, reverse: bool) -> Q:
        """Rows strictly after `value` in the direction read."""
        descending = self.descending != reverse
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if descending else Q(pk__in=[])
        if descending:
            return Q(**{f"{self.name}__lt": value})
        return Q(**{f"{self.name}__gt": value}) | Q(**{f"{self.name}__isnull": True})

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})


def keys_of(ordering: Sequence[str]) -> list[SortKey]:
    """Sort columns of an ordering, closed by the primary key so that the order is total."""
    keys = [SortKey(name.lstrip("-"), name.startswith("-")) for name in ordering]
    return keys if any(key.name == "pk" for key in keys) else [*keys, SortKey("pk", False)]


def beyond(keys: Sequence[SortKey], values: Sequence[Any], *, reverse: bool) -> Q:
    """(a, b, pk) after (x, y, z): a after x, or a = x and b after y, or both equal and pk after z."""
    condition, equal = Q(pk__in=[]), Q()
    for key, value in zip(keys, values, strict=True):
        condition |= equal & key.after(value, reverse=reverse)
        equal &= key.same(value)
    return condition


class KeysetPagination(BasePagination):
    """`page_size` ≤ 200, `cursor`, `ordering` among the view's `ordering_fields`, `count=exact` on demand."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.count = queryset.order_by().count() if self._count_wanted(request) else None
        size = self._page_size(request)
        keys = keys_of(ordering_of(request, view))
        self.fingerprint = self._fingerprint(request, keys)
        reverse, values = self._read_cursor(request, keys)
        rows = queryset.order_by(*(key.order_by(reverse=reverse) for key in keys))
        if values is not None:
            rows = rows.filter(beyond(keys, values, reverse=reverse))
        page = list(rows[: size + 1])
        more = len(page) > size
        page = page[:size]
        if reverse:
            page.reverse()
        self.next_cursor = self.previous_cursor = None
        if page:
            if more or reverse:
                self.next_cursor = self._write_cursor(keys, page[-1], reverse=False)
            if values is not None and (not reverse or more):
                self.previous_cursor = self._write_cursor(keys, page[0], reverse=True)
        return page

    def get_paginated_response(self, data: Any) -> Response:
        body: dict[str, Any] = {"next": self._link(self.next_cursor), "previous": self._link(self.previous_cursor)}
        if self.count is not None:
            body["count"] = self.count
        body["results"] = data
        links = [f'<{body[rel]}>; rel="{name}"' for rel, name in (("next", "next"), ("previous", "prev")) if body[rel]]
        return Response(body, headers={"Link": ", ".join(links)} if links else None)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {"type": ["string", "null"], "format": "uri"},
                "previous": {"type": ["string", "null"], "format": "uri"},
                "count": {"type": "integer", "description": "Seulement avec `?count=exact`."},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        fields = sorted(getattr(view, "ordering_fields", ()))
        choices = [*fields, *(f"-{field}" for field in fields)]
        parameters: list[dict[str, Any]] = [
            {
                "name": "page_size",
                "in": "query",
                "schema": {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE},
            },
            {"name": "cursor", "in": "query", "schema": {"type": "string"}},
            {"name": "count", "in": "query", "schema": {"type": "string", "enum": ["exact"]}},
        ]
        if choices:
            parameters.append({"name": "ordering", "in": "query", "schema": {"type": "string", "enum": choices}})
        return parameters

    @staticmethod
    def _count_wanted(request: Request) -> bool:
        value = request.query_params.get("count")
        if value not in {None, "exact"}:
            raise ValidationError({"?count": [_("Seule la valeur « exact » est admise.")]})
        return value == "exact"

    @staticmethod
    def _page_size(request: Request) -> int:
        raw = request.query_params.get("page_size")
        if raw is None:
            return PAGE_SIZE
        if not (raw.isascii() and raw.isdigit() and len(raw) <= 4 and 1 <= int(raw) <= MAX_PAGE_SIZE):
            raise ValidationError({"?page_size": [_("Un entier de 1 à %(max)d.") % {"max": MAX_PAGE_SIZE}]})
        return int(raw)

    @staticmethod
    def _fingerprint(request: Request, keys: Sequence[SortKey]) -> str:
        parts = sorted(
            (name, value)
            for name, values in request.query_params.lists()
            for value in values
            if name not in {"cursor", "page_size", "count", "fields", "expand"}
        )
        material = repr((request.path, parts, [(key.name, key.descending) for key in keys]))
        return hashlib.sha256(material.encode()).hexdigest()[:16]

    def _read_cursor(self, request: Request, keys: Sequence[SortKey]) -> tuple[bool, list[Any] | None]:
        raw = request.query_params.get("cursor")
        if raw is None:
            return False, None
        try:
            fingerprint, reverse, values = signing.loads(raw, salt=_SALT)
        except (signing.BadSignature, ValueError, TypeError) as error:
            raise ApiProblem("invalid_cursor") from error
        if fingerprint != self.fingerprint or len(values) != len(keys):
            raise ApiProblem("invalid_cursor")
        return reverse, values

    def _write_cursor(self, keys: Sequence[SortKey], row: Any, *, reverse: bool) -> str:
        values = []
        for key in keys:
            value: Any = row
            for part in key.name.split("__"):
                value = getattr(value, part)
            # A list in the order of a reference is in that of its identifier.
            values.append(getattr(value, "pk", value))
        return signing.dumps([self.fingerprint, reverse, values], salt=_SALT, serializer=_Serializer)

    def _link(self, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        url = remove_query_param(self.request.build_absolute_uri(), "count")
        return replace_query_param(url, "cursor", cursor)


class _Serializer(signing.JSONSerializer):
    """Dates, decimals and UUIDs as strings, which the database compares back in the column's own type."""

    def dumps(self, obj: Any) -> bytes:
        import json

        return json.dumps(obj, separators=(",", ":"), cls=_MicrosecondEncoder).encode("latin-1")


class _MicrosecondEncoder(DjangoJSONEncoder):
    """Django's encoder cuts instants to milliseconds, which would repeat or lose rows."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def ordering_of(request: Request, view: Any) -> list[str]:
    """The ordering asked for, checked against the view's declared fields, else its default."""
    default: Sequence[str] = getattr(view, "ordering", ("pk",))
    raw = request.query_params.get("ordering")
    if raw is None:
        return list(default)
    allowed: dict[str, str] = {name: name for name in getattr(view, "ordering_fields", ())}
    if isinstance(getattr(view, "ordering_fields", None), dict):
        allowed = view.ordering_fields
    result = []
    for name in raw.split(","):
        column = allowed.get(name.lstrip("-")) if name.count("-") <= 1 else None
        if column is None:
            raise ValidationError(
                {
                    "?ordering": [
                        _("Tri inconnu : « %(name)s ». Admis : %(allowed)s.")
                        % {"name": name, "allowed": ", ".join(sorted(allowed))}
                    ]
                }
            )
        result.append(f"-{column}" if name.startswith("-") else column)
    return result
