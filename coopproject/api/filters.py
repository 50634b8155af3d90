"""Typed filters that refuse what they do not know, and the accent-insensitive search `q`."""

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from coopproject.api.serializers import Output
from coopproject.text import fold

COMMON_LIST = frozenset({"cursor", "page_size", "count", "ordering", "fields", "expand"})
NARROWING = frozenset({"fields", "expand"})
MAX_SEARCH_LENGTH = 200


class StrictFilterBackend(DjangoFilterBackend):
    """django-filter, where an unknown or repeated parameter is a 400 and never silently ignored."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        refuse_unknown_parameters(request, view)
        if view.detail:
            return queryset
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise ValidationError(
                {
                    f"?{name}": [ErrorDetail(str(message), "invalid") for message in messages]
                    for name, messages in filterset.errors.items()
                }
            )
        filtered: QuerySet[Any] = filterset.qs
        return filtered


def serves_the_object(view: Any, method: str) -> bool:
    """Whether the answer is the resource itself, which `fields` narrows and `expand` opens; not a reading about it."""
    output = getattr(view, "serializer_class", None)
    if not (isinstance(output, type) and issubclass(output, Output)):
        return False
    return method.upper() not in SAFE_METHODS or view.action in {"list", "retrieve"}


def known_parameters(view: Any) -> frozenset[str]:
    """Every query parameter that this action understands."""
    extra = frozenset(getattr(view, "extra_parameters", {}).get(view.action, ()))
    if view.detail or view.action != "list":
        return (NARROWING if serves_the_object(view, view.request.method) else frozenset()) | extra
    filterset = getattr(view, "filterset_class", None)
    names = frozenset(filterset.base_filters) if filterset else frozenset()
    search = frozenset({"q"}) if getattr(view, "search_fields", None) else frozenset()
    return COMMON_LIST | names | search | extra


def refuse_unknown_parameters(request: Request, view: Any) -> None:
    """Raise 400 with one error per unknown or repeated parameter."""
    known = known_parameters(view)
    errors: dict[str, Any] = {}
    for name, values in request.query_params.lists():
        if name not in known:
            message = _("Paramètre inconnu. Admis : %(known)s.") % {"known": ", ".join(sorted(known))}
            errors[f"?{name}"] = [ErrorDetail(str(message), "unknown_parameter")]
        elif len(values) > 1:
            errors[f"?{name}"] = [ErrorDetail(str(_("Paramètre donné plusieurs fois.")), "repeated_parameter")]
        elif "\x00" in values[0]:
            errors[f"?{name}"] = [ErrorDetail(str(_("Le caractère nul n’est pas admis.")), "invalid")]
    if errors:
        raise ValidationError(errors)


class SearchFilter(BaseFilterBackend):
    """`q`: every word must be found, accents and case apart, in one of the view's folded `search_fields`."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        fields = getattr(view, "search_fields", ())
        text = request.query_params.get("q")
        if not fields or not text or view.detail:
            return queryset
        if len(text) > MAX_SEARCH_LENGTH:
            raise ValidationError({"?q": [_("200 caractères au plus.")]})
        for word in fold(text).split():
            anywhere = Q()
            for field in fields:
                anywhere |= Q(**{f"{field}__contains": word})
            queryset = queryset.filter(anywhere)
        return queryset

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        if not getattr(view, "search_fields", ()):
            return []
        description = str(_("Recherche sans accents ni casse ; tous les mots."))
        return [
            {"name": "q", "in": "query", "description": description, "schema": {"type": "string", "maxLength": 200}}
        ]


class InFilter(django_filters.BaseInFilter, django_filters.CharFilter):
    """`?state__in=a,b`."""


class ChoiceInFilter(django_filters.BaseInFilter, django_filters.ChoiceFilter):
    """`?state__in=a,b`, where an unknown value is refused as it is by `?state=a`."""


class UUIDInFilter(django_filters.BaseInFilter, django_filters.UUIDFilter):
    """`?organisation__in=<id>,<id>`."""


class _InstantField(django_filters.fields.IsoDateTimeField):
    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        try:
            return found and found.astimezone(dt.UTC)
        except OverflowError as error:
            raise forms.ValidationError(_("Cet instant est hors du calendrier."), code="invalid") from error


class InstantFilter(django_filters.IsoDateTimeFilter):
    """An instant; one that has none in UTC (the last day of the year 9999, west of Greenwich) is refused."""

    field_class = _InstantField


class FilterSet(django_filters.FilterSet):
    """Base of our filter sets: `updated_since` on everything that has `updated_at`."""

    updated_since = InstantFilter(field_name="updated_at", lookup_expr="gte")


def date_range(field: str) -> dict[str, django_filters.Filter]:
    """`field`, `field__gte`, `field__lte`, `field__isnull`, for a class body through `locals().update(...)`."""
    return {
        field: django_filters.DateFilter(field_name=field),
        f"{field}__gte": django_filters.DateFilter(field_name=field, lookup_expr="gte"),
        f"{field}__lte": django_filters.DateFilter(field_name=field, lookup_expr="lte"),
        f"{field}__isnull": django_filters.BooleanFilter(field_name=field, lookup_expr="isnull"),
    }
