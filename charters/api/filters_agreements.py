"""Typed filters of agreements. References are plain identifiers: a filter never tells what exists."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from charters.enums import AgreementKind, AgreementState, Renewal
from charters.models import Agreement
from coopproject.api.filters import ChoiceInFilter, FilterSet, date_range
from governance.enums import Confidentiality


class AgreementFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    charter = django_filters.UUIDFilter(field_name="charter_id")
    organisation = django_filters.UUIDFilter(method="filter_party")
    mandatary = django_filters.UUIDFilter(field_name="mandatary_id")
    with_mandate = django_filters.BooleanFilter(field_name="mandatary_id", lookup_expr="isnull", exclude=True)
    kind = django_filters.ChoiceFilter(choices=AgreementKind.choices)
    kind__in = ChoiceInFilter(field_name="kind", lookup_expr="in", choices=AgreementKind.choices)
    state = django_filters.ChoiceFilter(choices=AgreementState.choices)
    state__in = ChoiceInFilter(field_name="state", lookup_expr="in", choices=AgreementState.choices)
    renewal = django_filters.ChoiceFilter(choices=Renewal.choices)
    confidentiality = django_filters.ChoiceFilter(choices=Confidentiality.choices)
    content_hash = django_filters.CharFilter()
    locals().update(date_range("starts_on"))
    locals().update(date_range("ends_on"))
    locals().update(date_range("in_force_on"))
    locals().update(date_range("notice_ends_on"))
    locals().update(date_range("ended_on"))

    class Meta:
        model = Agreement
        fields: list[str] = []

    def filter_party(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """To which this organisation is a party."""
        return queryset.filter(parties__organisation=value)
