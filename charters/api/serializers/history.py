"""Shapes of the history of a charter."""

from typing import Any

from rest_framework import serializers

from charters.enums import AmendmentType, VersionState
from governance.enums import RoleKind


class _ToldOutput(serializers.Serializer):
    """Who acted: the person, none for what the system did by itself; their capacity that day."""

    at = serializers.DateTimeField()
    person = serializers.UUIDField(allow_null=True)
    name = serializers.CharField()
    capacity = serializers.ChoiceField([*RoleKind.choices, ("", "")])
    reason = serializers.CharField()


class VersionActOutput(_ToldOutput):
    act = serializers.ChoiceField(["drafted", "submitted", "withdrawn", "rejected", "entered_into_force", "superseded"])


class ArticleEditOutput(_ToldOutput):
    """`changed` names the fields; `article` may be gone, `key` is what followed it."""

    act = serializers.ChoiceField(["created", "updated", "moved", "deleted"])
    article = serializers.UUIDField()
    key = serializers.CharField()
    title = serializers.CharField()
    changed = serializers.ListField(child=serializers.CharField())


class ChangeCountsOutput(serializers.Serializer):
    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    modified = serializers.IntegerField()
    moved = serializers.IntegerField()
    unchanged = serializers.IntegerField()


class VersionHistoryOutput(serializers.Serializer):
    """One version: its life, what it changed of `compared_with`, and the latest changes of its articles."""

    id = serializers.UUIDField(source="version.pk")
    number = serializers.IntegerField(source="version.number")
    state = serializers.ChoiceField(VersionState.choices, source="version.state")
    amendment_type = serializers.ChoiceField(AmendmentType.choices, source="version.amendment_type")
    change_summary = serializers.CharField(source="version.change_summary")
    submitted_at = serializers.DateTimeField(source="version.submitted_at", allow_null=True)
    in_force_on = serializers.DateField(source="version.in_force_on", allow_null=True)
    superseded_on = serializers.DateField(source="version.superseded_on", allow_null=True)
    withdrawn_on = serializers.DateField(source="version.withdrawn_on", allow_null=True)
    withdrawn_reason = serializers.CharField(source="version.withdrawn_reason")
    approvals = serializers.IntegerField()
    compared_with = serializers.UUIDField(allow_null=True)
    counts = ChangeCountsOutput()
    diff = serializers.CharField()
    acts = VersionActOutput(many=True)
    edit_count = serializers.IntegerField()
    edits = ArticleEditOutput(many=True)


class HistoryPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = VersionHistoryOutput(many=True)


class TemplateSectionOutput(serializers.Serializer):
    """One article to start from: `guidance` says what to write, `body` proposes words with […] to fill in."""

    key = serializers.CharField()
    section = serializers.CharField()
    section_label = serializers.CharField(source="section.label")
    founding = serializers.BooleanField()
    title = serializers.CharField()
    guidance = serializers.CharField()
    body = serializers.CharField()


class TemplateOutput(serializers.Serializer[Any]):
    language = serializers.CharField()
    sections = TemplateSectionOutput(many=True)
