"""Shapes of the way into force: who approved, who has not, and what each waits for."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from charters.api.serializers.common import EntryRuleField, WarningOutput
from charters.enums import DeliberationState
from charters.rules.staleness import StaleReason
from governance.enums import RoleKind


class EntryBlockerOutput(serializers.Serializer):
    code = serializers.CharField()
    status = serializers.CharField()
    detail = serializers.CharField()
    clears = serializers.CharField()
    since = serializers.DateField(allow_null=True)
    holds_from = serializers.DateField(allow_null=True)


class EntryVoteOutput(serializers.Serializer):
    """The last vote of a party's board, while it approves nothing: convened, open, without quorum, irregular."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(DeliberationState.choices)
    held_on = serializers.DateField()
    opened_on = serializers.DateField(allow_null=True)
    call = serializers.IntegerField()
    result = serializers.CharField(allow_blank=True)
    irregular = serializers.BooleanField()
    call_again_from = serializers.DateField(allow_null=True)


class EntryPartyOutput(serializers.Serializer):
    organisation = serializers.UUIDField()
    name = serializers.CharField()
    circle = serializers.CharField()
    status = serializers.ChoiceField(["in_force", "approved", "carried", "stale", "pending", "not_asked"])
    approved_on = serializers.DateField(allow_null=True)
    in_force_from = serializers.DateField(allow_null=True)
    waits_for = serializers.CharField(allow_null=True)
    detail = serializers.CharField()
    since = serializers.DateField(allow_null=True)
    carried_from = serializers.IntegerField(
        allow_null=True, help_text=_("Le numéro de la version approuvée, quand son approbation est reprise.")
    )
    round = serializers.IntegerField(
        allow_null=True, help_text=_("Combien de fois son instance a approuvé ce même texte.")
    )
    reason = serializers.ChoiceField(
        [str(reason) for reason in StaleReason],
        allow_null=True,
        help_text=_("Pourquoi elle est à consulter de nouveau."),
    )
    stale_since = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(
        allow_null=True, help_text=_("Le dernier jour de son approbation, quand la charte en fixe un.")
    )
    deliberation = EntryVoteOutput(allow_null=True)
    blockers = EntryBlockerOutput(many=True)


class AskedAgainOutput(serializers.Serializer):
    """A board that is to confirm an approval that is stale; the charter binds it meanwhile."""

    organisation = serializers.UUIDField()
    since = serializers.DateField()
    reason = serializers.ChoiceField([str(reason) for reason in StaleReason])


class ContestingOutput(serializers.Serializer):
    organisation = serializers.UUIDField()
    name = serializers.CharField()
    contested_by = serializers.UUIDField()
    capacity = serializers.ChoiceField(RoleKind.choices)
    contested_at = serializers.DateTimeField()
    reason = serializers.CharField()


class ContestOutput(serializers.Serializer):
    """A correction that no board votes can be contested `until` that day, included; one objection holds it back."""

    until = serializers.DateField()
    open = serializers.BooleanField()
    contests = ContestingOutput(many=True)


class EntryOutput(serializers.Serializer):
    """Who approved, who has not, since when, and what each waits for."""

    state = serializers.CharField()
    content_hash = serializers.CharField()
    entry_rule = EntryRuleField()
    formula = serializers.CharField()
    met_on = serializers.DateField(allow_null=True)
    enters_on = serializers.DateField(allow_null=True)
    in_force = serializers.BooleanField()
    summary = serializers.CharField(help_text=_("Où en est ce texte, en une phrase."))
    contest = ContestOutput(allow_null=True)
    problems = WarningOutput(many=True)
    parties = EntryPartyOutput(many=True)
