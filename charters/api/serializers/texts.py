"""Shapes of charters, their versions and articles, in and out."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from charters import policies
from charters.api.serializers.annexes import AnnexChangeOutput, CharterAnnexOutput
from charters.api.serializers.common import COMMON, TAIL, EntryRuleField, SegmentOutput, WarningOutput
from charters.api.serializers.entry import AskedAgainOutput
from charters.enums import AmendmentType, VersionState
from charters.models import Article, Charter, CharterAnnex, CharterVersion
from charters.models.comments import open_thread_keys
from charters.rendering import html
from charters.rendering.markdown import blocks_of
from charters.selectors import annexes_known_to, asked_again, motivation_warnings, version_warnings, with_motivations
from coopproject.api.serializers import Input, ModelInput, Output, VisibleRef
from governance.models import Decision


class CharterOutput(Output):
    policy = policies.charter
    entry_rule = EntryRuleField(read_only=True)

    class Meta:
        model = Charter
        fields = (
            *COMMON,
            "title",
            "purpose",
            "entry_rule",
            "review_every_months",
            "approvals_expire",
            "editorial_contest_days",
            "exit_notice_months",
            "last_reviewed_on",
            "earlier_reviews",
            "motivations_confirmed_on",
            "confidentiality",
            "archived_on",
            *TAIL,
        )


class CharterInput(ModelInput):
    entry_rule = EntryRuleField()

    class Meta:
        model = Charter
        fields = (
            "cooperation",
            "title",
            "purpose",
            "entry_rule",
            "review_every_months",
            "approvals_expire",
            "editorial_contest_days",
            "exit_notice_months",
            "confidentiality",
        )


class CharterUpdateInput(ModelInput):
    entry_rule = EntryRuleField(required=False)

    class Meta:
        model = Charter
        fields = (
            "title",
            "purpose",
            "entry_rule",
            "review_every_months",
            "approvals_expire",
            "editorial_contest_days",
            "exit_notice_months",
            "confidentiality",
        )


class ReviewInput(Input):
    reviewed_on = serializers.DateField(required=False, help_text=_("Aujourd’hui par défaut."))
    conclusion = serializers.CharField(max_length=5000, required=False)


class ConfirmMotivationsInput(Input):
    note = serializers.CharField(max_length=5000, required=False)


class ArticleOutput(Output):
    policy = policies.article
    expandable = {"charter_version": lambda: CharterVersionOutput}
    on_request = frozenset({"body_html"})
    body_html = serializers.SerializerMethodField(
        help_text=_("Le texte en HTML nettoyé, si `fields` le demande. Les titres y commencent à h4.")
    )

    class Meta:
        model = Article
        fields = (*COMMON, "charter_version", "key", "position", "section", "title", "body", "body_html", *TAIL)

    def get_body_html(self, obj: Article) -> str:
        return html.fragment(blocks_of(obj.body, below=2))


class ArticleInput(ModelInput):
    position = serializers.IntegerField(min_value=1, max_value=1000, required=False)
    reason = serializers.CharField(max_length=2000, required=False, help_text=_("Pourquoi, pour l’historique."))

    class Meta:
        model = Article
        fields = ("charter_version", "key", "position", "section", "title", "body", "reason")


class ArticleUpdateInput(ModelInput):
    position = serializers.IntegerField(min_value=1, max_value=1000, required=False)
    reason = serializers.CharField(max_length=2000, required=False, help_text=_("Pourquoi, pour l’historique."))

    class Meta:
        model = Article
        fields = ("position", "section", "title", "body", "reason")


class CharterVersionListSerializer(serializers.ListSerializer[Any]):
    """Reads who is asked again for every row at once."""

    def to_representation(self, data: Any) -> list[Any]:
        versions = list(data)
        found = asked_again(versions)
        for version in versions:
            version.asked_again = found[version.pk]
        return super().to_representation(versions)


class CharterVersionOutput(Output):
    """`content_hash` is the SHA-256 of the text at `content/`: what a board must name when it votes."""

    policy = policies.charter_version
    expandable = {"charter": lambda: CharterOutput}
    articles = ArticleOutput(many=True, read_only=True)
    annexes = serializers.SerializerMethodField(help_text=_("Celles que vous pouvez connaître."))
    asked_again = serializers.SerializerMethodField(
        help_text=_("Les instances à consulter de nouveau, leur approbation ayant vieilli.")
    )
    warnings = serializers.SerializerMethodField(help_text=_("Ce qui mérite attention et n’empêche rien."))

    class Meta:
        model = CharterVersion
        list_serializer_class = CharterVersionListSerializer
        fields = (
            *COMMON,
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
            "annexes",
            "asked_again",
            "warnings",
            *TAIL,
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        queryset = with_motivations(queryset).annotate(open_threads=open_thread_keys()).defer("content")
        queryset = queryset.select_related("charter__cooperation")
        return queryset.prefetch_related(
            Prefetch("articles", Article.objects.order_by("position")),
            Prefetch("annexes", CharterAnnexOutput.prefetch(CharterAnnex.objects.order_by("position"))),
        )

    @extend_schema_field(AskedAgainOutput(many=True))
    def get_asked_again(self, obj: CharterVersion) -> list[dict[str, Any]]:
        rows = [
            {"organisation": row.organisation_id, "since": row.stale_since, "reason": row.reason}
            for row in obj.asked_again  # type: ignore[attr-defined]
        ]
        return list(AskedAgainOutput(rows, many=True).data)

    @extend_schema_field(CharterAnnexOutput(many=True))
    def get_annexes(self, obj: CharterVersion) -> Any:
        actor = self.context.get("actor")
        known = annexes_known_to(actor, obj.annexes.all()) if actor is not None else []
        return CharterAnnexOutput(known, many=True, context=self.context).data

    @extend_schema_field(WarningOutput(many=True))
    def get_warnings(self, obj: CharterVersion) -> list[dict[str, str]]:
        # What is said of a text in force serves the next one: a draft or a submitted text is what it warns of.
        worked_on = obj.state in (VersionState.DRAFT, VersionState.SUBMITTED)
        open_threads: list[str] = obj.open_threads if worked_on else []  # type: ignore[attr-defined]
        return [
            {"code": warning.code, "pointer": warning.pointer, "detail": str(warning.detail)}
            for warning in (*version_warnings(obj.articles.all(), open_threads), *motivation_warnings(obj))
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
    annexes = AnnexChangeOutput(many=True, help_text=_("Celles que vous pouvez connaître."))
