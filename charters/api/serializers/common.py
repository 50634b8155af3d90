"""What the shapes of charters share."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from coopproject.api.serializers import Input
from governance.models import StoredFile

COMMON = ("id", "version", "cooperation")
OWN_FILE = _("Un de vos fichiers déposés par POST /files/.")
TAIL = ("created_at", "updated_at", "abilities")


class WarningOutput(serializers.Serializer):
    """Something to look at, that refuses nothing."""

    code = serializers.CharField()
    pointer = serializers.CharField()
    detail = serializers.CharField()


class HeldFileOutput(serializers.ModelSerializer):
    """A file that an object holds; its bytes are at the address of that object."""

    class Meta:
        model = StoredFile
        fields = ("name", "media_type", "size", "sha256", "is_missing")
        read_only_fields = fields
        extra_kwargs = {
            "is_missing": {"help_text": _("Le dossier importé n’en disait que l’empreinte : il reste à déposer.")}
        }


class SegmentOutput(serializers.Serializer):
    kind = serializers.ChoiceField(["equal", "delete", "insert"])
    text = serializers.CharField()


class EntryRuleField(serializers.JSONField):
    """`{"kind": "all_members" | "all_core_circle" | "n_of_m" | "weight_threshold", "n", "weights", "threshold"}`."""


class CharterReasonInput(Input):
    reason = serializers.CharField(max_length=2000)
