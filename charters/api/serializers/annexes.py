"""Shapes of annexes, in and out."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from charters import policies
from charters.api.serializers.common import COMMON, OWN_FILE, TAIL, HeldFileOutput, SegmentOutput
from charters.models import CharterAnnex
from charters.rules.content import annex_hash
from charters.selectors import annex_texts
from coopproject.api.serializers import ModelInput, Output, VisibleRef
from governance.models import StoredFile


class CharterAnnexOutput(Output):
    """`sha256` is what the boards approve: that of the file, or of the normalised text in UTF-8."""

    policy = policies.charter_annex
    file = HeldFileOutput(read_only=True, allow_null=True)
    sha256 = serializers.SerializerMethodField()

    class Meta:
        model = CharterAnnex
        fields = (
            *COMMON,
            "charter_version",
            "key",
            "position",
            "title",
            "body",
            "file",
            "sha256",
            "confidentiality",
            "concerns",
            *TAIL,
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.prefetch_related("file", "concerns")

    def get_sha256(self, obj: CharterAnnex) -> str:
        return annex_hash(annex_texts([obj])[0])


class CharterAnnexInput(ModelInput):
    position = serializers.IntegerField(min_value=1, max_value=1000, required=False)
    file = VisibleRef(queryset=StoredFile.objects.all(), required=False, allow_null=True, help_text=OWN_FILE)

    class Meta:
        model = CharterAnnex
        fields = ("charter_version", "key", "position", "title", "body", "file", "confidentiality", "concerns")


class CharterAnnexUpdateInput(ModelInput):
    position = serializers.IntegerField(min_value=1, max_value=1000, required=False)
    file = VisibleRef(queryset=StoredFile.objects.all(), required=False, allow_null=True, help_text=OWN_FILE)

    class Meta:
        model = CharterAnnex
        fields = ("position", "title", "body", "file", "confidentiality", "concerns")


class AnnexChangeOutput(serializers.Serializer):
    key = serializers.CharField()
    kind = serializers.ChoiceField(["added", "removed", "modified", "unchanged"])
    old_sha256 = serializers.CharField(allow_null=True)
    new_sha256 = serializers.CharField(allow_null=True)
    title = SegmentOutput(many=True)
    body = SegmentOutput(many=True)
