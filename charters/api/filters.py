"""Typed filters of charters. References are plain identifiers: a filter never tells what exists."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from charters.enums import (
    AmendmentType,
    ArticleSection,
    DeliberationMode,
    DeliberationResult,
    DeliberationState,
    ThreadState,
    VersionState,
)
from charters.models import (
    Approval,
    Article,
    ArticleComment,
    BoardDeliberation,
    Charter,
    CharterAnnex,
    CharterVersion,
    ExpectedEffect,
    Motivation,
)
from charters.rules.motivation_codes import choices as motivation_choices
from coopproject.api.filters import ChoiceInFilter, FilterSet, UUIDInFilter, date_range
from governance.enums import Confidentiality


class CharterFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    confidentiality = django_filters.ChoiceFilter(choices=Confidentiality.choices)
    locals().update(date_range("archived_on"))

    class Meta:
        model = Charter
        fields: list[str] = []


class CharterVersionFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    charter = django_filters.UUIDFilter(field_name="charter_id")
    state = django_filters.ChoiceFilter(choices=VersionState.choices)
    state__in = ChoiceInFilter(field_name="state", lookup_expr="in", choices=VersionState.choices)
    amendment_type = django_filters.ChoiceFilter(choices=AmendmentType.choices)
    content_hash = django_filters.CharFilter()
    locals().update(date_range("in_force_on"))
    locals().update(date_range("stated_on"))

    class Meta:
        model = CharterVersion
        fields: list[str] = []


class ArticleFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    charter = django_filters.UUIDFilter(field_name="charter_version__charter_id")
    charter_version = django_filters.UUIDFilter(field_name="charter_version_id")
    section = django_filters.ChoiceFilter(choices=ArticleSection.choices)
    key = django_filters.CharFilter()

    class Meta:
        model = Article
        fields: list[str] = []


class ArticleCommentFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    charter = django_filters.UUIDFilter(field_name="charter_version__charter_id")
    charter_version = django_filters.UUIDFilter(field_name="charter_version_id")
    article_key = django_filters.CharFilter()
    parent = django_filters.UUIDFilter(field_name="parent_id")
    parent__isnull = django_filters.BooleanFilter(field_name="parent_id", lookup_expr="isnull")
    author = django_filters.UUIDFilter(field_name="author_id")
    organisation = django_filters.UUIDFilter(field_name="organisation_id")
    state = django_filters.ChoiceFilter(choices=ThreadState.choices)
    unresolved = django_filters.BooleanFilter(method="open_threads", label=_("fils qui attendent une suite"))
    article_removed = django_filters.BooleanFilter()

    class Meta:
        model = ArticleComment
        fields: list[str] = []

    def open_threads(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        waiting = queryset.filter(parent=None, state=ThreadState.OPEN, withdrawn_at=None)
        return waiting if value else queryset.exclude(pk__in=waiting.values("pk"))


class CharterAnnexFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    charter = django_filters.UUIDFilter(field_name="charter_version__charter_id")
    charter_version = django_filters.UUIDFilter(field_name="charter_version_id")
    key = django_filters.CharFilter()

    class Meta:
        model = CharterAnnex
        fields: list[str] = []


class MotivationFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    charter = django_filters.UUIDFilter(field_name="charter_id")
    organisation = django_filters.UUIDFilter(field_name="organisation_id")
    organisation__in = UUIDInFilter(field_name="organisation_id", lookup_expr="in")
    organisation__isnull = django_filters.BooleanFilter(field_name="organisation_id", lookup_expr="isnull")
    matrix_code = django_filters.ChoiceFilter(choices=motivation_choices)
    weight__gte = django_filters.NumberFilter(field_name="weight", lookup_expr="gte")
    locals().update(date_range("retired_on"))

    class Meta:
        model = Motivation
        fields: list[str] = []


class ExpectedEffectFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    charter = django_filters.UUIDFilter(field_name="motivation__charter_id")
    motivation = django_filters.UUIDFilter(field_name="motivation_id")
    locals().update(date_range("due_on"))
    locals().update(date_range("retired_on"))

    class Meta:
        model = ExpectedEffect
        fields: list[str] = []


class BoardDeliberationFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    charter = django_filters.UUIDFilter(field_name="charter_version__charter_id")
    charter_version = django_filters.UUIDFilter(field_name="charter_version_id")
    organisation = django_filters.UUIDFilter(field_name="organisation_id")
    board = django_filters.UUIDFilter(field_name="board_id")
    mode = django_filters.ChoiceFilter(choices=DeliberationMode.choices)
    state = django_filters.ChoiceFilter(choices=DeliberationState.choices)
    state__in = ChoiceInFilter(field_name="state", lookup_expr="in", choices=DeliberationState.choices)
    follows = django_filters.UUIDFilter(field_name="follows_id")
    result = django_filters.ChoiceFilter(choices=DeliberationResult.choices)
    irregular = django_filters.BooleanFilter()
    content_hash = django_filters.CharFilter()
    locals().update(date_range("held_on"))

    class Meta:
        model = BoardDeliberation
        fields: list[str] = []


class ApprovalFilter(FilterSet):
    round = django_filters.NumberFilter()
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    charter = django_filters.UUIDFilter(field_name="charter_version__charter_id")
    charter_version = django_filters.UUIDFilter(field_name="charter_version_id")
    organisation = django_filters.UUIDFilter(field_name="organisation_id")
    content_hash = django_filters.CharFilter()
    locals().update(date_range("approved_on"))

    class Meta:
        model = Approval
        fields: list[str] = []
