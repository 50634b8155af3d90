"""`stakeholders`: the team, the preparers and the supporters of a cooperation."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject import clock
from coopproject.api.filters import ChoiceInFilter, FilterSet, date_range
from coopproject.api.serializers import Input, ModelInput, Output
from coopproject.api.views import ResourceViewSet, act
from governance.api.cooperations import CooperationOutput
from governance.api.people import PersonOutput
from governance.enums import Confidentiality, RoleFamily, StakeholderKind
from governance.models import Stakeholder
from governance.models.cooperations import in_force_on
from governance.policies import members as policies_members
from governance.services import stakeholders as services

_FIELDS = (
    "role_family",
    "kind",
    "kind_other",
    "person",
    "name",
    "contact",
    "expected",
    "associated_on",
    "since",
    "until",
    "confidentiality",
)


class StakeholderOutput(Output):
    policy = policies_members.stakeholder
    expandable = {"cooperation": lambda: CooperationOutput, "person": lambda: PersonOutput}

    class Meta:
        model = Stakeholder
        fields = (
            "id",
            "version",
            "cooperation",
            *_FIELDS,
            "end_reason",
            "created_at",
            "updated_at",
            "abilities",
        )


class StakeholderUpdateInput(ModelInput):
    role_family = serializers.ChoiceField(
        RoleFamily.choices, required=False, help_text=_("Celle du rôle dans le guide ; demandée pour un autre rôle.")
    )

    class Meta:
        model = Stakeholder
        fields = tuple(name for name in _FIELDS if name != "until")


class StakeholderInput(StakeholderUpdateInput):
    since = serializers.DateField(required=False, help_text=_("Aujourd’hui s’il n’est pas dit."))

    class Meta:
        model = Stakeholder
        fields = ("cooperation", *_FIELDS)


class EndStakeholderInput(Input):
    until = serializers.DateField(required=False, help_text=_("Le dernier jour ; aujourd’hui s’il n’est pas dit."))
    reason = serializers.CharField(max_length=2000)


class StakeholderFilter(FilterSet):
    cooperation = django_filters.UUIDFilter()
    person = django_filters.UUIDFilter()
    role_family = django_filters.ChoiceFilter(choices=RoleFamily.choices)
    kind = django_filters.ChoiceFilter(choices=StakeholderKind.choices)
    kind__in = ChoiceInFilter(field_name="kind", lookup_expr="in", choices=StakeholderKind.choices)
    confidentiality = django_filters.ChoiceFilter(choices=Confidentiality.choices)
    in_force = django_filters.BooleanFilter(method="today", label=_("en cours aujourd’hui"))
    locals().update(date_range("associated_on"))
    locals().update(date_range("since"))
    locals().update(date_range("until"))

    class Meta:
        model = Stakeholder
        fields = ()

    def today(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        condition = in_force_on(clock.today())
        return queryset.filter(condition) if value else queryset.exclude(condition)


class StakeholderViewSet(ResourceViewSet):
    """Who counts beside the members, in the three families of the guide: team, preparers, supporters."""

    http_method_names = ["get", "post", "patch", "head", "options"]
    serializer_class = StakeholderOutput
    inputs = {"create": StakeholderInput, "partial_update": StakeholderUpdateInput}
    create_service = staticmethod(services.stakeholder_create)
    update_service = staticmethod(services.stakeholder_update)
    filterset_class = StakeholderFilter
    ordering = ("role_family", "kind")
    ordering_fields = ("role_family", "kind", "since", "associated_on", "created_at")
    search_fields = ("search_name", "person__search_name")

    @act(EndStakeholderInput)
    def end(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """End it, with the reason; what was expected of it is kept."""
        return self.perform(services.stakeholder_end)
