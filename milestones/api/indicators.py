"""Indicators, their targets, and measurements that someone else validates."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject.api import filters
from coopproject.api.serializers import Input, ModelInput, Output, VisibleRef
from coopproject.api.views import ResourceViewSet, act
from governance.models import Person
from milestones import policies, services
from milestones.api.activities import ActivityOutput
from milestones.api.inputs import StatedReason
from milestones.enums import IndicatorLevel, IndicatorNature, MeasurementState
from milestones.models import Indicator, IndicatorTarget, Measurement

_INDICATOR = (
    "milestone",
    "effect",
    "code",
    "label",
    "level",
    "nature",
    "unit",
    "direction",
    "shape",
    "baseline_value",
    "baseline_on",
    "tolerance",
    "low",
    "high",
    "frequency",
    "source",
    "method",
    "key",
    "retired_on",
    "confidentiality",
)


class IndicatorOutput(Output):
    policy = policies.indicator
    expandable: ClassVar[dict[str, Any]] = {"activity": lambda: ActivityOutput}

    class Meta:
        model = Indicator
        fields = (
            "id",
            "version",
            "cooperation",
            "activity",
            *_INDICATOR,
            "created_at",
            "updated_at",
            "abilities",
        )


class IndicatorInput(ModelInput):
    class Meta:
        model = Indicator
        fields = ("cooperation", "activity", *_INDICATOR)
        extra_kwargs = {"cooperation": {"required": False}}


class IndicatorUpdate(ModelInput):
    class Meta:
        model = Indicator
        fields = _INDICATOR


class IndicatorFilter(filters.FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    activity = django_filters.UUIDFilter(field_name="activity_id")
    milestone = django_filters.UUIDFilter(field_name="milestone_id")
    effect = django_filters.UUIDFilter(field_name="effect_id")
    level = django_filters.ChoiceFilter(choices=IndicatorLevel.choices)
    nature = django_filters.ChoiceFilter(choices=IndicatorNature.choices)
    key = django_filters.BooleanFilter()
    locals().update(filters.date_range("retired_on"))


class IndicatorViewSet(ResourceViewSet):
    """What shows whether an expected effect is obtained. With an activity, its confidentiality is the activity's."""

    serializer_class = IndicatorOutput
    inputs: ClassVar[dict[str, Any]] = {"create": IndicatorInput, "partial_update": IndicatorUpdate}
    create_service = staticmethod(services.indicator_create)
    update_service = staticmethod(services.indicator_update)
    filterset_class = IndicatorFilter
    search_fields = ("search_label",)
    ordering = ("search_label",)
    ordering_fields: ClassVar[dict[str, str]] = {"label": "search_label", "code": "code", "created_at": "created_at"}
    http_method_names = ["get", "post", "patch", "head", "options"]


class IndicatorTargetOutput(Output):
    policy = policies.indicator_target
    expandable: ClassVar[dict[str, Any]] = {"indicator": lambda: IndicatorOutput}

    class Meta:
        model = IndicatorTarget
        fields = (
            "id",
            "version",
            "cooperation",
            "indicator",
            "due_on",
            "value",
            "created_at",
            "updated_at",
            "abilities",
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("indicator")


class IndicatorTargetInput(ModelInput):
    class Meta:
        model = IndicatorTarget
        fields = ("indicator", "due_on", "value")


class IndicatorTargetUpdate(ModelInput):
    class Meta:
        model = IndicatorTarget
        fields = ("due_on", "value")


class IndicatorTargetFilter(filters.FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    indicator = django_filters.UUIDFilter(field_name="indicator_id")
    locals().update(filters.date_range("due_on"))


class IndicatorTargetViewSet(ResourceViewSet):
    """The value expected on a day. Moving it leaves the gaps already computed as they were."""

    serializer_class = IndicatorTargetOutput
    inputs: ClassVar[dict[str, Any]] = {"create": IndicatorTargetInput, "partial_update": IndicatorTargetUpdate}
    create_service = staticmethod(services.indicator_target_create)
    update_service = staticmethod(services.indicator_target_update)
    filterset_class = IndicatorTargetFilter
    ordering = ("due_on",)
    ordering_fields = ("due_on", "created_at")
    http_method_names = ["get", "post", "patch", "head", "options"]


_MEASUREMENT = ("period_start", "period_end", "value", "text", "measured_on", "source_ref", "comment")


class MeasurementOutput(Output):
    policy = policies.measurement
    maskable = ("comment",)
    expandable: ClassVar[dict[str, Any]] = {
        "indicator": lambda: IndicatorOutput,
        "corrects": lambda: MeasurementOutput,
    }

    class Meta:
        model = Measurement
        fields = (
            "id",
            "version",
            "cooperation",
            "indicator",
            *_MEASUREMENT,
            "entered_by",
            "state",
            "submitted_at",
            "validated_by",
            "validated_at",
            "return_reason",
            "corrects",
            "created_at",
            "updated_at",
            "abilities",
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("indicator")


class MeasurementInput(ModelInput):
    class Meta:
        model = Measurement
        fields = ("indicator", *_MEASUREMENT, "corrects")
        extra_kwargs = {"measured_on": {"required": False}}


class MeasurementUpdate(ModelInput):
    class Meta:
        model = Measurement
        fields = _MEASUREMENT


class HandOverInput(Input):
    to = VisibleRef(queryset=Person.objects.all())


class MeasurementFilter(filters.FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    indicator = django_filters.UUIDFilter(field_name="indicator_id")
    indicator__in = filters.UUIDInFilter(field_name="indicator_id", lookup_expr="in")
    activity = django_filters.UUIDFilter(field_name="indicator__activity_id")
    entered_by = django_filters.UUIDFilter(field_name="entered_by_id")
    corrects = django_filters.UUIDFilter(field_name="corrects_id")
    state = django_filters.ChoiceFilter(choices=MeasurementState.choices)
    state__in = filters.ChoiceInFilter(field_name="state", lookup_expr="in", choices=MeasurementState.choices)
    locals().update(filters.date_range("period_start"))
    locals().update(filters.date_range("period_end"))


class MeasurementViewSet(ResourceViewSet):
    """One value over a period. Only validated ones count, and someone else validates. A validated one never changes:
    a correction is another measurement that names it in `corrects`."""

    serializer_class = MeasurementOutput
    inputs: ClassVar[dict[str, Any]] = {"create": MeasurementInput, "partial_update": MeasurementUpdate}
    create_service = staticmethod(services.measurement_create)
    update_service = staticmethod(services.measurement_update)
    filterset_class = MeasurementFilter
    ordering = ("-period_end",)
    ordering_fields = ("period_end", "measured_on", "created_at")
    http_method_names = ["get", "post", "patch", "head", "options"]

    @act()
    def submit(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Hand it over for validation."""
        return self.perform(services.measurement_submit)

    @act()
    def validate(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Vouch for it; 409 (`self_validation`) for the one who entered it."""
        return self.perform(services.measurement_validate)

    @act(StatedReason, url_path="return")
    def send_back(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Send it back to the one who entered it, with the reason."""
        self.ability = "return"
        return self.perform(services.measurement_return)

    @act(HandOverInput)
    def hand_over(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Let another person resume a draft, or what was returned: its author who leaves, or the coordination."""
        return self.perform(services.measurement_hand_over)
