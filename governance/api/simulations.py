"""Shapes of what a move between circles would change."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from governance.enums import CircleKind, Confidentiality, RoleKind
from governance.rules.size import Crossing


class SimulatedRefusalOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()
    pointer = serializers.CharField()


class StepOwedOutput(serializers.Serializer[Any]):
    step = serializers.UUIDField()
    circle = serializers.ChoiceField(CircleKind.choices)
    title = serializers.CharField()


class RoleKindOutput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(RoleKind.choices)
    label = serializers.CharField()  # type: ignore[assignment]


class LevelOutput(serializers.Serializer[Any]):
    level = serializers.ChoiceField(Confidentiality.choices)
    label = serializers.CharField()  # type: ignore[assignment]


class SightOutput(serializers.Serializer[Any]):
    """How many objects of one kind, among those that the reader may know of."""

    object_type = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField()


class AudienceOutput(serializers.Serializer[Any]):
    """Those who act for the member and for whom the move changes the same; `people` is 0 where nobody acts yet."""

    kinds = RoleKindOutput(many=True)
    people = serializers.IntegerField()
    opened = LevelOutput(many=True)
    closed = LevelOutput(many=True)
    gained = SightOutput(many=True)
    lost = SightOutput(many=True)


class EffectOutput(serializers.Serializer[Any]):
    """One thing that the move would change. `organisations`: those whose board is still waited for."""

    code = serializers.CharField()
    title = serializers.CharField()
    day = serializers.DateField(allow_null=True)
    organisations = serializers.ListField(child=serializers.UUIDField())
    resource = serializers.CharField()
    id = serializers.UUIDField()
    url = serializers.CharField()


class SizeOutput(serializers.Serializer[Any]):
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    threshold = serializers.IntegerField()
    crossing = serializers.ChoiceField([str(value) for value in Crossing])


class SimulatedMoveOutput(serializers.Serializer[Any]):
    membership = serializers.UUIDField()
    organisation = serializers.UUIDField()
    circle_before = serializers.ChoiceField(CircleKind.choices)
    circle_after = serializers.ChoiceField(CircleKind.choices)
    since = serializers.DateField()
    violations = SimulatedRefusalOutput(many=True, help_text=_("Pourquoi ce changement serait refusé aujourd’hui."))
    steps_owed = StepOwedOutput(many=True)
    audiences = AudienceOutput(many=True)
    votes = EffectOutput(many=True)
    size = SizeOutput(allow_null=True)
    dues = serializers.CharField()
