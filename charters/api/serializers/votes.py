"""Shapes of what the boards decided, in and out."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from charters import policies
from charters.api.serializers.common import COMMON, TAIL
from charters.api.serializers.texts import CharterVersionOutput
from charters.enums import DeliberationResult
from charters.models import Approval, BoardDeliberation, Receipt
from charters.models.deliberations import COUNTS
from coopproject.api.serializers import ModelInput, Output

_FIGURES = (
    "present",
    "represented",
    "votes_for",
    "votes_against",
    "votes_abstain",
    "votes_blank",
    "recused",
    "recused_represented",
    "remote",
    "remote_kind",
    "proxies_by_holder",
    "proxies_written",
    "proxies_same_body",
    "casting_vote",
    "open_objections",
    "call",
    "first_call_on",
)


class BoardDeliberationOutput(Output):
    policy = policies.board_deliberation
    expandable = {"charter_version": lambda: CharterVersionOutput}

    class Meta:
        model = BoardDeliberation
        fields = (
            *COMMON,
            "charter_version",
            "board",
            "organisation",
            "mode",
            "state",
            "ballot",
            "follows",
            "voting_rule",
            "content_hash",
            "held_on",
            "opened_on",
            "minutes_reference",
            "recorded_by",
            "capacity",
            "cancelled_on",
            "cancelled_reason",
            "in_office",
            *_FIGURES,
            "result",
            "explanation",
            "irregular",
            "irregular_codes",
            *TAIL,
        )


class BoardDeliberationInput(ModelInput):
    """The minutes of a vote on the text whose SHA-256 is `content_hash`. The result is computed, not typed."""

    content_hash = serializers.RegexField(r"^[0-9a-f]{64}\Z")
    proxies_by_holder = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=1000), required=False, allow_null=True, max_length=500
    )
    declared_result = serializers.ChoiceField(
        DeliberationResult.choices,
        required=False,
        help_text=_("Le résultat que dit le procès-verbal, pour le comparer au calcul."),
    )

    class Meta:
        model = BoardDeliberation
        fields = (
            "charter_version",
            "board",
            "content_hash",
            "held_on",
            "minutes_reference",
            *_FIGURES,
            "declared_result",
        )
        extra_kwargs = {
            "minutes_reference": {"required": True, "allow_blank": False},
            **{name: {"allow_null": False} for name in COUNTS},
            **{
                name: {"required": True, "allow_null": False}
                for name in ("present", "votes_for", "votes_against", "votes_abstain")
            },
        }


class ApprovalOutput(Output):
    """Evidence of a simple electronic signature, not of a qualified one."""

    has_receipt = serializers.BooleanField(
        read_only=True, help_text=_("Faux pour une approbation reprise d’un dossier : rien n’en a été signé ici.")
    )

    policy = policies.approval
    expandable = {"charter_version": lambda: CharterVersionOutput, "deliberation": lambda: BoardDeliberationOutput}

    class Meta:
        model = Approval
        fields = (
            *COMMON,
            "charter_version",
            "organisation",
            "deliberation",
            "content_hash",
            "approved_on",
            "round",
            "has_receipt",
            *TAIL,
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Approval]) -> QuerySet[Approval]:
        return queryset.annotate(has_receipt=Exists(Receipt.objects.filter(approval=OuterRef("pk"))))
