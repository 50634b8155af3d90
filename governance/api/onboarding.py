"""`onboarding-steps`: what a cooperation asks of those who enter a circle."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject.api.filters import FilterSet, date_range
from coopproject.api.serializers import Input, ModelInput, Output, VisibleRef
from coopproject.api.views import ResourceViewSet, act
from governance.enums import CircleKind
from governance.models import OnboardingStep, StepCompletion
from governance.policies import members as policies_members
from governance.services import onboarding as services

_FIELDS = ("circle", "title", "description", "position", "required")


class OnboardingStepOutput(Output):
    policy = policies_members.onboarding_step

    class Meta:
        model = OnboardingStep
        fields = (
            "id",
            "version",
            "cooperation",
            *_FIELDS,
            "retired_on",
            "retired_reason",
            "created_at",
            "updated_at",
            "abilities",
        )


class OnboardingStepInput(ModelInput):
    class Meta:
        model = OnboardingStep
        fields = ("cooperation", *_FIELDS)


class OnboardingStepUpdateInput(ModelInput):
    """A step stays that of its circle: ask another of the other circle."""

    class Meta:
        model = OnboardingStep
        fields = _FIELDS[1:]


class RetireStepInput(Input):
    reason = serializers.CharField(max_length=2000)


class CompleteStepInput(Input):
    step = VisibleRef(queryset=OnboardingStep.objects.all())
    completed_on = serializers.DateField(required=False, help_text=_("Aujourd’hui si elle n’est pas dite."))
    evidence = serializers.CharField(
        max_length=2000, required=False, default="", allow_blank=True, help_text=_("Ce qui le montre ; tous le lisent.")
    )


class UndoStepInput(Input):
    step = VisibleRef(queryset=OnboardingStep.objects.all())
    reason = serializers.CharField(max_length=2000)


class CompletedStepOutput(serializers.ModelSerializer[StepCompletion]):
    class Meta:
        model = StepCompletion
        fields = ("step", "completed_on", "recorded_by", "evidence")


class OnboardingStepFilter(FilterSet):
    cooperation = django_filters.UUIDFilter()
    circle = django_filters.ChoiceFilter(choices=CircleKind.choices)
    required = django_filters.BooleanFilter()
    asked = django_filters.BooleanFilter(method="today", label=_("demandée aujourd’hui"))
    locals().update(date_range("retired_on"))

    class Meta:
        model = OnboardingStep
        fields = ()

    def today(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return queryset.filter(retired_on__isnull=value)


class OnboardingStepViewSet(ResourceViewSet):
    """Asked from the day on which they are written; retired rather than deleted."""

    http_method_names = ["get", "post", "patch", "head", "options"]
    serializer_class = OnboardingStepOutput
    inputs = {"create": OnboardingStepInput, "partial_update": OnboardingStepUpdateInput}
    create_service = staticmethod(services.onboarding_step_create)
    update_service = staticmethod(services.onboarding_step_update)
    filterset_class = OnboardingStepFilter
    ordering = ("circle", "position")
    ordering_fields = ("circle", "position", "created_at")

    @act(RetireStepInput)
    def retire(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Ask it no more; what members did of it is kept."""
        return self.perform(services.onboarding_step_retire)
