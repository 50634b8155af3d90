"""What the shapes of charters share."""

from rest_framework import serializers

from coopproject.api.serializers import Input
from governance.api.held_files import OWN_FILE, HeldFileOutput

__all__ = [
    "COMMON",
    "OWN_FILE",
    "TAIL",
    "CharterReasonInput",
    "EntryRuleField",
    "HeldFileOutput",
    "SegmentOutput",
    "WarningOutput",
]

COMMON = ("id", "version", "cooperation")
TAIL = ("created_at", "updated_at", "abilities")


class WarningOutput(serializers.Serializer):
    """Something to look at, that refuses nothing."""

    code = serializers.CharField()
    pointer = serializers.CharField()
    detail = serializers.CharField()


class SegmentOutput(serializers.Serializer):
    kind = serializers.ChoiceField(["equal", "delete", "insert"])
    text = serializers.CharField()


class EntryRuleField(serializers.JSONField):
    """`{"kind": "all_members" | "all_core_circle" | "n_of_m" | "weight_threshold", "n", "weights", "threshold"}`."""


class CharterReasonInput(Input):
    reason = serializers.CharField(max_length=2000)
