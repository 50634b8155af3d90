"""Shapes of motivations and of the effects expected of them, in and out."""

from typing import Any

from django.db.models import QuerySet

from charters import policies
from charters.api.serializers.common import COMMON, TAIL
from charters.api.serializers.texts import CharterOutput
from charters.models import ExpectedEffect, Motivation
from coopproject.api.serializers import ModelInput, Output


class MotivationOutput(Output):
    policy = policies.motivation
    expandable = {"charter": lambda: CharterOutput}

    class Meta:
        model = Motivation
        fields = (*COMMON, "charter", "organisation", "code", "label", "weight", "expected_level", *TAIL)


class MotivationInput(ModelInput):
    class Meta:
        model = Motivation
        fields = ("charter", "organisation", "code", "label", "weight", "expected_level")


class MotivationUpdateInput(ModelInput):
    class Meta:
        model = Motivation
        fields = ("code", "label", "weight", "expected_level")


class ExpectedEffectOutput(Output):
    policy = policies.expected_effect
    expandable = {"motivation": lambda: MotivationOutput}

    class Meta:
        model = ExpectedEffect
        fields = (*COMMON, "motivation", "label", "due_on", "expected_level", *TAIL)

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("motivation")


class ExpectedEffectInput(ModelInput):
    class Meta:
        model = ExpectedEffect
        fields = ("motivation", "label", "due_on", "expected_level")


class ExpectedEffectUpdateInput(ModelInput):
    class Meta:
        model = ExpectedEffect
        fields = ("label", "due_on", "expected_level")
