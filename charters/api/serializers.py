"""Shapes of charters, in and out."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from charters import policies
from charters.enums import AmendmentType, DeliberationResult
from charters.models import Approval, Article, BoardDeliberation, Charter, CharterVersion, ExpectedEffect, Motivation
from charters.selectors import version_warnings
from coopproject.api.serializers import Input, ModelInput, Output, VisibleRef
from governance.models import Decision

_COMMON = ("id", "version", "cooperation")
_TAIL = ("created_at", "updated_at", "abilities")


class WarningOutput(serializers.Serializer):
    """Something to look at, that refuses nothing."""

    code = serializers.CharField()
    pointer = serializers.CharField()
    detail = serializers.CharField()


class EntryRuleField(serializers.JSONField):
    """`{"kind": "all_members" | "all_core_circle" | "n_of_m" | "weight_threshold", "n", "weights", "threshold"}`."""


class CharterOutput(Output):
    policy = policies.charter
    entry_rule = EntryRuleField(read_only=True)

    class Meta:
        model = Charter
        fields = (
            *_COMMON,
            "title",
            "purpose",
            "entry_rule",
            "review_every_months",
            "last_reviewed_on",
            "confidentiality",
            "archived_on",
            *_TAIL,
        )


class CharterInput(ModelInput):
    entry_rule = EntryRuleField()

    class Meta:
        model = Charter
        fields = ("cooperation", "title", "purpose", "entry_rule", "review_every_months", "confidentiality")


class CharterUpdateInput(ModelInput):
    entry_rule = EntryRuleField(required=False)

    class Meta:
        model = Charter
        fields = ("title", "purpose", "entry_rule", "review_every_months", "confidentiality")


class CharterReasonInput(Input):
    reason = serializers.CharField(max_length=2000)


class ReviewInput(Input):
    reviewed_on = serializers.DateField(required=False, help_text=_("Aujourd’hui par défaut."))
    conclusion = serializers.CharField(max_length=5000, required=False)


class ArticleOutput(Output):
    policy = policies.article
    expandable = {"charter_version": lambda: CharterVersionOutput}

    class Meta:
        model = Article
        fields = (*_COMMON, "charter_version", "key", "position", "section", "title", "body", *_TAIL)


class ArticleInput(ModelInput):
    position = serializers.IntegerField(min_value=1, max_value=1000, required=False)

    class Meta:
        model = Article
        fields = ("charter_version", "key", "position", "section", "title", "body")


class ArticleUpdateInput(ModelInput):
    position = serializers.IntegerField(min_value=1, max_value=1000, required=False)

    class Meta:
        model = Article
        fields = ("position", "section", "title", "body")


class CharterVersionOutput(Output):
    """`content_hash` is the SHA-256 of the text at `content/`: what a board must name when it votes."""

    policy = policies.charter_version
    expandable = {"charter": lambda: CharterOutput}
    articles = ArticleOutput(many=True, read_only=True)
    warnings = serializers.SerializerMethodField(help_text=_("Ce qui mérite attention et n’empêche rien."))

    class Meta:
        model = CharterVersion
        fields = (
            *_COMMON,
            "charter",
            "number",
            "state",
            "amendment_type",
            "change_summary",
            "stated_on",
            "decision",
            "submitted_at",
            "content_hash",
            "in_force_on",
            "superseded_on",
            "withdrawn_on",
            "withdrawn_reason",
            "articles",
            "warnings",
            *_TAIL,
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.defer("content").prefetch_related(Prefetch("articles", Article.objects.order_by("position")))

    @extend_schema_field(WarningOutput(many=True))
    def get_warnings(self, obj: CharterVersion) -> list[dict[str, str]]:
        return [
            {"code": warning.code, "pointer": warning.pointer, "detail": str(warning.detail)}
            for warning in version_warnings(obj.articles.all())
        ]


class CharterVersionInput(ModelInput):
    from_template = serializers.BooleanField(
        required=False, default=False, help_text=_("Commencer par les articles de la trame française.")
    )

    class Meta:
        model = CharterVersion
        fields = ("charter", "change_summary", "stated_on", "decision", "from_template")


class CharterVersionUpdateInput(ModelInput):
    class Meta:
        model = CharterVersion
        fields = ("change_summary", "stated_on", "decision", "amendment_type")


class AmendInput(Input):
    amendment_type = serializers.ChoiceField(
        [choice for choice in AmendmentType.choices if choice[0] != AmendmentType.INITIAL],
        default=AmendmentType.SUBSTANTIAL,
    )
    change_summary = serializers.CharField(max_length=5000, required=False)
    stated_on = serializers.DateField(required=False, allow_null=True)
    decision = VisibleRef(queryset=Decision.objects.all(), required=False, allow_null=True)


class ContentOutput(serializers.Serializer):
    """The frozen text: `content` is RFC 8785 canonical JSON, `content_hash` the SHA-256 of its UTF-8 bytes."""

    content = serializers.CharField()
    content_hash = serializers.CharField()


class SegmentOutput(serializers.Serializer):
    kind = serializers.ChoiceField(["equal", "delete", "insert"])
    text = serializers.CharField()


class ArticleChangeOutput(serializers.Serializer):
    key = serializers.CharField()
    kind = serializers.ChoiceField(["added", "removed", "modified", "moved", "unchanged"])
    old_position = serializers.IntegerField(allow_null=True)
    new_position = serializers.IntegerField(allow_null=True)
    old_section = serializers.CharField(allow_null=True)
    new_section = serializers.CharField(allow_null=True)
    has_moved = serializers.BooleanField()
    title = SegmentOutput(many=True)
    body = SegmentOutput(many=True)


class DiffOutput(serializers.Serializer):
    """What changed from `old` to `new`, article by article then word by word."""

    old = serializers.UUIDField(allow_null=True)
    new = serializers.UUIDField()
    changes = ArticleChangeOutput(many=True)


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


class MotivationOutput(Output):
    policy = policies.motivation
    expandable = {"charter": lambda: CharterOutput}

    class Meta:
        model = Motivation
        fields = (*_COMMON, "charter", "organisation", "code", "label", "weight", "expected_level", *_TAIL)


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
        fields = (*_COMMON, "motivation", "label", "due_on", "expected_level", *_TAIL)

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
            *_COMMON,
            "charter_version",
            "board",
            "organisation",
            "voting_rule",
            "content_hash",
            "held_on",
            "minutes_reference",
            "recorded_by",
            "capacity",
            "in_office",
            *_FIGURES,
            "result",
            "explanation",
            "irregular",
            "irregular_codes",
            *_TAIL,
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
        extra_kwargs = {name: {"required": True} for name in ("present", "votes_for", "votes_against", "votes_abstain")}


class ApprovalOutput(Output):
    """Evidence of a simple electronic signature, not of a qualified one."""

    policy = policies.approval
    expandable = {"charter_version": lambda: CharterVersionOutput, "deliberation": lambda: BoardDeliberationOutput}

    class Meta:
        model = Approval
        fields = (
            *_COMMON,
            "charter_version",
            "organisation",
            "deliberation",
            "content_hash",
            "approved_on",
            *_TAIL,
        )
