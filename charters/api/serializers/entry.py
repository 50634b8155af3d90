"""Shapes of the way into force: who approved, who has not, and what each waits for."""

from rest_framework import serializers

from charters.api.serializers.common import EntryRuleField, WarningOutput


class EntryBlockerOutput(serializers.Serializer):
    code = serializers.CharField()
    status = serializers.CharField()
    detail = serializers.CharField()
    clears = serializers.CharField()
    since = serializers.DateField(allow_null=True)
    holds_from = serializers.DateField(allow_null=True)


class EntryPartyOutput(serializers.Serializer):
    organisation = serializers.UUIDField()
    name = serializers.CharField()
    circle = serializers.CharField()
    status = serializers.ChoiceField(["in_force", "approved", "pending"])
    approved_on = serializers.DateField(allow_null=True)
    in_force_from = serializers.DateField(allow_null=True)
    waits_for = serializers.CharField(allow_null=True)
    detail = serializers.CharField()
    since = serializers.DateField(allow_null=True)
    blockers = EntryBlockerOutput(many=True)


class EntryOutput(serializers.Serializer):
    """Who approved, who has not, since when, and what each waits for."""

    state = serializers.CharField()
    content_hash = serializers.CharField()
    entry_rule = EntryRuleField()
    formula = serializers.CharField()
    met_on = serializers.DateField(allow_null=True)
    enters_on = serializers.DateField(allow_null=True)
    in_force = serializers.BooleanField()
    problems = WarningOutput(many=True)
    parties = EntryPartyOutput(many=True)
