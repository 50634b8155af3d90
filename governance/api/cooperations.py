"""`cooperations`: the tenants where I hold a role."""

from typing import Any

import django_filters
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from coopproject.api.filters import FilterSet, UUIDInFilter, date_range
from coopproject.api.serializers import ModelInput, Output
from coopproject.api.views import ResourceViewSet
from governance import policies
from governance.api.people import CONTACT
from governance.enums import CooperationType
from governance.models import Cooperation, Person
from governance.services import cooperations as services

_FIELDS = ("name", "purpose", "types", "currency", "zone", "started_on", "ended_on", "size_alert", "settings")


class CooperationOutput(Output):
    policy = policies.cooperation

    class Meta:
        model = Cooperation
        fields = ("id", "version", *_FIELDS, "created_at", "updated_at", "abilities")


class CooperationUpdateInput(ModelInput):
    class Meta:
        model = Cooperation
        fields = _FIELDS


class CoordinatorInput(ModelInput):
    class Meta:
        model = Person
        fields = CONTACT


class CooperationInput(ModelInput):
    coordinator = CoordinatorInput(
        required=False, help_text=_("La personne qui coordonnera ; celle qui crée coordonne aussi.")
    )

    class Meta:
        model = Cooperation
        fields = (*_FIELDS, "coordinator")


class CooperationFilter(FilterSet):
    type = django_filters.ChoiceFilter(method="having", choices=CooperationType.choices, label=_("forme"))
    id__in = UUIDInFilter(field_name="pk", lookup_expr="in")
    locals().update(date_range("started_on"))
    locals().update(date_range("ended_on"))

    class Meta:
        model = Cooperation
        fields = ()

    def having(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(types__contains=[value])


class CooperationViewSet(ResourceViewSet):
    """My cooperations. Whoever creates one coordinates it."""

    serializer_class = CooperationOutput
    inputs = {"create": CooperationInput, "partial_update": CooperationUpdateInput}
    create_service = staticmethod(services.cooperation_create)
    update_service = staticmethod(services.cooperation_update)
    filterset_class = CooperationFilter
    ordering = ("search_name",)
    ordering_fields = {"name": "search_name", "started_on": "started_on", "created_at": "created_at"}
    search_fields = ("search_name",)

    def respond(self, obj: models.Model, status: int = 200) -> Response:
        """Whoever has just created a cooperation coordinates it: their roles are read again."""
        if status == 201:
            self.__dict__.pop("actor", None)
        return super().respond(obj, status)
