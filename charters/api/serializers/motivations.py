"""Shapes of motivations and of the effects expected of them, in and out."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from charters import policies
from charters.api.serializers.common import COMMON, TAIL
from charters.api.serializers.texts import CharterOutput
from charters.enums import VersionState
from charters.models import ExpectedEffect, Motivation
from charters.rules.motivation_codes import Family, MotivationCode
from coopproject.api.serializers import ModelInput, Output


class MotivationOutput(Output):
    policy = policies.motivation
    expandable = {"charter": lambda: CharterOutput}

    class Meta:
        model = Motivation
        fields = (
            *COMMON,
            "charter",
            "organisation",
            "code",
            "matrix_code",
            "label",
            "weight",
            "expected_level",
            "retired_on",
            "retired_reason",
            *TAIL,
        )


class MotivationInput(ModelInput):
    class Meta:
        model = Motivation
        fields = ("charter", "organisation", "code", "matrix_code", "label", "weight", "expected_level")


class MotivationUpdateInput(ModelInput):
    class Meta:
        model = Motivation
        fields = ("code", "matrix_code", "label", "weight", "expected_level")


class ExpectedEffectOutput(Output):
    policy = policies.expected_effect
    expandable = {"motivation": lambda: MotivationOutput}

    class Meta:
        model = ExpectedEffect
        fields = (
            *COMMON,
            "motivation",
            "label",
            "due_on",
            "expected_level",
            "retired_on",
            "retired_reason",
            *TAIL,
        )

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


class MotivationCodeOutput(serializers.Serializer[Any]):
    """A reason to cooperate after the guide; `source` quotes it in French, `confidence` is that of the quotation."""

    id = serializers.CharField(help_text=_("Le code, tel qu’il se donne en `matrix_code`."))
    label = serializers.CharField()  # type: ignore[assignment]
    family = serializers.ChoiceField([family.value for family in Family])
    family_label = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    confidence = serializers.CharField()

    def to_representation(self, instance: MotivationCode) -> Any:
        names = {"id": instance.code, "family_label": str(instance.family.label)}
        return super().to_representation({**vars(instance), **names})


@extend_schema_serializer(many=False)
class MotivationCodePage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = MotivationCodeOutput(many=True)


class MotivationChangeOutput(serializers.Serializer[Any]):
    """One act on the motivation: only the values that it changed. `actor` is a reference (`person:<id>`)."""

    recorded_at = serializers.DateTimeField()
    act = serializers.CharField()
    actor = serializers.CharField()
    reason = serializers.CharField()
    before = serializers.DictField(child=serializers.JSONField())
    after = serializers.DictField(child=serializers.JSONField())


class FrozenEffectOutput(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    due_on = serializers.DateField(allow_null=True)
    expected_level = serializers.IntegerField()


class FrozenMotivationOutput(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    matrix_code = serializers.CharField(allow_null=True)
    weight = serializers.IntegerField()
    expected_level = serializers.IntegerField()
    effects = FrozenEffectOutput(many=True)


class MotivationInVersionOutput(serializers.Serializer[Any]):
    """`frozen` is null where the text was frozen without this motivation."""

    charter_version = serializers.UUIDField()
    number = serializers.IntegerField()
    state = serializers.ChoiceField(VersionState.choices)
    submitted_at = serializers.DateTimeField(allow_null=True)
    in_force_on = serializers.DateField(allow_null=True)
    superseded_on = serializers.DateField(allow_null=True)
    frozen = FrozenMotivationOutput(allow_null=True)


class MotivationHistoryOutput(serializers.Serializer[Any]):
    """`changes`, oldest first, as far as the journal tells the reader; `versions`, each text that left the draft."""

    motivation = serializers.UUIDField()
    changes = MotivationChangeOutput(many=True)
    versions = MotivationInVersionOutput(many=True)
