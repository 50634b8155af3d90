"""`delegations`: who may take which decisions alone, up to what, until when."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject import clock
from coopproject.api.filters import FilterSet, date_range
from coopproject.api.serializers import Input, ModelInput, Output
from coopproject.api.views import ActMixin, CreateMixin, ReadViewSet, UpdateMixin, act
from governance.api.decisions import DecisionOutput
from governance.api.memberships import RoleOutput
from governance.enums import Confidentiality
from governance.models import Delegation
from governance.models.delegations import in_force
from governance.policies import decisions as policies_decisions
from governance.services import delegations as services

_GIVEN = (
    "subjects",
    "excluded_impacts",
    "scope",
    "ceiling",
    "total_ceiling",
    "since",
    "until",
    "granted_by",
    "reference",
    "confidentiality",
)


class DelegationOutput(Output):
    """`subjects` empty: every subject. It ends with `role`, if that ends before `until`."""

    policy = policies_decisions.delegation
    expandable = {"role": lambda: RoleOutput, "granted_by": lambda: DecisionOutput}
    person = serializers.UUIDField(source="role.person_id", read_only=True)
    organisation = serializers.UUIDField(source="role.organisation_id", read_only=True, allow_null=True)

    class Meta:
        model = Delegation
        fields = (
            "id",
            "version",
            "cooperation",
            "role",
            "person",
            "organisation",
            *_GIVEN,
            "revoked_on",
            "revoked_reason",
            "created_at",
            "updated_at",
            "abilities",
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("role")


class DelegationInput(ModelInput):
    class Meta:
        model = Delegation
        fields = ("role", *_GIVEN)


class DelegationUpdateInput(ModelInput):
    """Its level only: what it gives was decided once."""

    class Meta:
        model = Delegation
        fields = ("confidentiality",)


class RevokeDelegationInput(Input):
    reason = serializers.CharField(max_length=5000)
    revoked_on = serializers.DateField(
        required=False, help_text=_("Le premier jour sans elle ; aujourd’hui s’il n’est pas dit.")
    )


class DelegationFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    role = django_filters.UUIDFilter(field_name="role_id")
    person = django_filters.UUIDFilter(field_name="role__person_id")
    confidentiality = django_filters.ChoiceFilter(choices=Confidentiality.choices)
    in_force = django_filters.BooleanFilter(method="today", label=_("en cours aujourd’hui"))
    locals().update(date_range("since"))
    locals().update(date_range("until"))

    class Meta:
        model = Delegation
        fields = ()

    def today(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        condition = in_force(clock.today())
        return queryset.filter(condition) if value else queryset.exclude(condition)


class DelegationViewSet(CreateMixin, UpdateMixin, ActMixin, ReadViewSet):
    """What the coordination may decide alone: subjects, ceilings, term, and the decision that granted it."""

    http_method_names = ["get", "post", "patch", "head", "options"]
    serializer_class = DelegationOutput
    inputs = {"create": DelegationInput, "partial_update": DelegationUpdateInput}
    create_service = staticmethod(services.delegation_create)
    update_service = staticmethod(services.delegation_update)
    filterset_class = DelegationFilter
    ordering = ("-since",)
    ordering_fields = ("since", "until", "ceiling", "created_at")
    legal_actions = frozenset({"create"})

    @act(RevokeDelegationInput, legal=True)
    def revoke(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """End a delegation before its term; what was decided under it stands."""
        return self.perform(services.delegation_revoke)
