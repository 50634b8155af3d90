"""Filters by a link that the reader may not know of: asked for, a hidden object finds nothing."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coopproject.api.filters import FilterSet
from governance.api.requests import actor_of
from governance.models import Consultation, Decision


class LinkedFilter(FilterSet):
    """`decision` and `consultation`, only where the reader may know of the one named."""

    decision = django_filters.UUIDFilter(method="by_decision", label=_("décision"))
    consultation = django_filters.UUIDFilter(method="by_consultation", label=_("consultation"))

    def by_decision(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset.filter(decision__in=Decision.objects.visible_to(actor_of(self.request)).filter(pk=value))

    def by_consultation(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        known = Consultation.objects.visible_to(actor_of(self.request)).filter(pk=value)
        return queryset.filter(consultation__in=known)
