"""Shapes of the comments on articles, in and out."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from charters import policies
from charters.api.serializers.common import COMMON, TAIL
from charters.api.serializers.texts import CharterVersionOutput
from charters.models import ArticleComment
from coopproject.api.serializers import Input, ModelInput, Output
from governance.api.organisations import OrganisationOutput
from governance.api.people import PersonOutput


class ArticleCommentOutput(Output):
    """A comment that was withdrawn keeps its place: `withdrawn_at` is set, `body` and `quote` are empty."""

    policy = policies.article_comment
    expandable = {
        "charter_version": lambda: CharterVersionOutput,
        "parent": lambda: ArticleCommentOutput,
        "author": lambda: PersonOutput,
        "organisation": lambda: OrganisationOutput,
    }
    article_removed = serializers.BooleanField(
        read_only=True, help_text=_("L’article n’est plus dans le texte auquel on travaille.")
    )

    class Meta:
        model = ArticleComment
        fields = (
            *COMMON,
            "charter_version",
            "article_key",
            "article_removed",
            "parent",
            "quote",
            "body",
            "author",
            "organisation",
            "capacity",
            "written_at",
            "edited_at",
            "withdrawn_at",
            "state",
            "resolved_by",
            "resolved_at",
            "outcome",
            *TAIL,
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        annotated: QuerySet[Any] = queryset.with_article_removed()  # type: ignore[attr-defined]
        return annotated

    def to_representation(self, instance: ArticleComment) -> Any:
        data = super().to_representation(instance)
        return data | {"body": "", "quote": ""} if instance.withdrawn_at else data


class ArticleCommentInput(ModelInput):
    """A thread names `charter_version` and `article_key`; a reply names its `parent`."""

    body = serializers.CharField(max_length=5000)
    quote = serializers.CharField(max_length=1000, required=False, allow_blank=True)

    class Meta:
        model = ArticleComment
        fields = ("charter_version", "article_key", "parent", "quote", "body", "organisation")
        extra_kwargs = {"charter_version": {"required": False}, "article_key": {"required": False}}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("parent") is None:
            missing = [name for name in ("charter_version", "article_key") if not attrs.get(name)]
            if missing:
                message = serializers.Field.default_error_messages["required"]
                raise serializers.ValidationError(dict.fromkeys(missing, message), code="required")
        return attrs


class ArticleCommentUpdateInput(ModelInput):
    body = serializers.CharField(max_length=5000)

    class Meta:
        model = ArticleComment
        fields = ("body",)


class ResolveInput(Input):
    outcome = serializers.CharField(max_length=2000, required=False, help_text=_("Ce que l’on en a fait."))


class ReopenInput(Input):
    reason = serializers.CharField(max_length=2000, required=False)
