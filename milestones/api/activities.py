"""Activities and the mandates of their pilots."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject.api import filters
from coopproject.api.serializers import ModelInput, Output
from coopproject.api.views import ResourceViewSet, act
from milestones import policies, services
from milestones.api.inputs import StatedReason
from milestones.enums import ActivityLogic, MandateState
from milestones.models import Activity, Mandate

_ACTIVITY = (
    "name",
    "description",
    "types",
    "logic",
    "organisations",
    "charter",
    "started_on",
    "ended_on",
    "confidentiality",
)


class ActivityOutput(Output):
    policy = policies.activity
    maskable = ("description",)

    class Meta:
        model = Activity
        fields = ("id", "version", "cooperation", *_ACTIVITY, "created_at", "updated_at", "abilities")

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.prefetch_related("organisations")


class ActivityInput(ModelInput):
    class Meta:
        model = Activity
        fields = ("cooperation", *_ACTIVITY)
        extra_kwargs = {"started_on": {"required": False}}


class ActivityUpdate(ModelInput):
    class Meta:
        model = Activity
        fields = _ACTIVITY


class ActivityFilter(filters.FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    charter = django_filters.UUIDFilter(field_name="charter_id")
    organisation = django_filters.UUIDFilter(method="filter_organisation")
    logic = django_filters.ChoiceFilter(choices=ActivityLogic.choices)
    locals().update(filters.date_range("started_on"))
    locals().update(filters.date_range("ended_on"))

    def filter_organisation(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset.filter(organisations=value)


class ActivityViewSet(ResourceViewSet):
    """What members do or pool together. Its confidentiality covers all that hangs below it."""

    serializer_class = ActivityOutput
    inputs: ClassVar[dict[str, Any]] = {"create": ActivityInput, "partial_update": ActivityUpdate}
    create_service = staticmethod(services.activity_create)
    update_service = staticmethod(services.activity_update)
    filterset_class = ActivityFilter
    search_fields = ("search_name",)
    ordering = ("search_name",)
    ordering_fields: ClassVar[dict[str, str]] = {
        "name": "search_name",
        "started_on": "started_on",
        "created_at": "created_at",
    }
    http_method_names = ["get", "post", "patch", "head", "options"]


_MANDATE = (
    "agreement",
    "scope",
    "powers",
    "limits",
    "spending_ceiling",
    "competences",
    "availability_minutes_per_week",
    "load_minutes_per_week",
    "since",
    "until",
)


class MandateOutput(Output):
    policy = policies.mandate
    expandable: ClassVar[dict[str, Any]] = {"activity": lambda: ActivityOutput}

    class Meta:
        model = Mandate
        fields = (
            "id",
            "version",
            "cooperation",
            "activity",
            "person",
            "organisation",
            *_MANDATE,
            "state",
            "accepted_at",
            "suspended_on",
            "suspended_reason",
            "ended_on",
            "ended_reason",
            "created_at",
            "updated_at",
            "abilities",
        )


class MandateInput(ModelInput):
    class Meta:
        model = Mandate
        fields = ("activity", "person", "organisation", *_MANDATE)
        extra_kwargs = {"since": {"required": False}}


class MandateUpdate(ModelInput):
    class Meta:
        model = Mandate
        fields = _MANDATE


class MandateFilter(filters.FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    activity = django_filters.UUIDFilter(field_name="activity_id")
    person = django_filters.UUIDFilter(field_name="person_id")
    organisation = django_filters.UUIDFilter(field_name="organisation_id")
    agreement = django_filters.UUIDFilter(field_name="agreement_id")
    state = django_filters.ChoiceFilter(choices=MandateState.choices)
    state__in = filters.ChoiceInFilter(field_name="state", lookup_expr="in", choices=MandateState.choices)
    locals().update(filters.date_range("since"))
    locals().update(filters.date_range("until"))


class MandateViewSet(ResourceViewSet):
    """Who pilots an activity, with which powers and until when. A mandate counts once its pilot has accepted it."""

    serializer_class = MandateOutput
    inputs: ClassVar[dict[str, Any]] = {"create": MandateInput, "partial_update": MandateUpdate}
    create_service = staticmethod(services.mandate_create)
    update_service = staticmethod(services.mandate_update)
    filterset_class = MandateFilter
    ordering = ("since",)
    ordering_fields = ("since", "until", "created_at")
    http_method_names = ["get", "post", "patch", "head", "options"]

    @act()
    def accept(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The pilot accepts, or takes up again a suspended mandate; 409 when another pilot's mandate overlaps."""
        return self.perform(services.mandate_accept)

    @act(StatedReason)
    def suspend(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put the mandate aside until its pilot takes it up again."""
        return self.perform(services.mandate_suspend)

    @act(StatedReason)
    def end(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """End the mandate today, by the pilot (« I have no more time ») or the coordination."""
        return self.perform(services.mandate_end)
