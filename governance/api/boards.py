"""`boards` and `voting-rules`: who decides for an organisation, and how they count."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from coopproject.api.filters import FilterSet, UUIDInFilter, date_range
from coopproject.api.serializers import ModelInput, Output
from coopproject.api.views import ResourceViewSet
from governance import policies
from governance.api.organisations import OrganisationOutput
from governance.models import Board, VotingRule
from governance.selectors.identity import prefetch_open_memberships
from governance.services import boards as services


class BoardOutput(Output):
    policy = policies.board
    expandable = {"organisation": lambda: OrganisationOutput}

    class Meta:
        model = Board
        fields = (
            "id",
            "version",
            "organisation",
            "body",
            "seats_in_office",
            "approves_charters",
            "confidentiality",
            "created_at",
            "updated_at",
            "abilities",
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.prefetch_related("organisation", prefetch_open_memberships("organisation"))


class BoardInput(ModelInput):
    class Meta:
        model = Board
        fields = ("organisation", "body", "seats_in_office", "approves_charters", "confidentiality")


class BoardUpdateInput(ModelInput):
    class Meta:
        model = Board
        fields = ("body", "seats_in_office", "approves_charters", "confidentiality")


class BoardFilter(FilterSet):
    organisation = django_filters.UUIDFilter()
    organisation__in = UUIDInFilter(field_name="organisation", lookup_expr="in")

    class Meta:
        model = Board
        fields = ("body", "approves_charters", "confidentiality")


class BoardViewSet(ResourceViewSet):
    """The bodies of each member that approve charters: board, bureau, assembly… with their seats in office."""

    http_method_names = ["get", "post", "patch", "head", "options"]
    serializer_class = BoardOutput
    inputs = {"create": BoardInput, "partial_update": BoardUpdateInput}
    create_service = staticmethod(services.board_create)
    update_service = staticmethod(services.board_update)
    filterset_class = BoardFilter
    ordering = ("organisation_id",)
    ordering_fields = ("created_at", "seats_in_office")


class VotingRuleOutput(Output):
    policy = policies.voting_rule
    expandable = {"board": lambda: BoardOutput}

    class Meta:
        model = VotingRule
        fields = (
            "id",
            "version",
            "board",
            "valid_from",
            "definition",
            "source",
            "created_at",
            "updated_at",
            "abilities",
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.prefetch_related("board__organisation", prefetch_open_memberships("board__organisation"))


class VotingRuleInput(ModelInput):
    definition = serializers.JSONField()

    class Meta:
        model = VotingRule
        fields = ("board", "valid_from", "definition", "source")


class VotingRuleUpdateInput(ModelInput):
    class Meta:
        model = VotingRule
        fields = ("definition", "source")


class VotingRuleFilter(FilterSet):
    board = django_filters.UUIDFilter()
    organisation = django_filters.UUIDFilter(field_name="board__organisation")
    locals().update(date_range("valid_from"))

    class Meta:
        model = VotingRule
        fields = ()


class VotingRuleViewSet(ResourceViewSet):
    """How a board decides, as its statutes say: quorum, majority, proxies, ties. Each rule holds from its day on."""

    http_method_names = ["get", "post", "patch", "head", "options"]
    serializer_class = VotingRuleOutput
    inputs = {"create": VotingRuleInput, "partial_update": VotingRuleUpdateInput}
    create_service = staticmethod(services.voting_rule_create)
    update_service = staticmethod(services.voting_rule_update)
    filterset_class = VotingRuleFilter
    ordering = ("board_id", "-valid_from")
    ordering_fields = ("valid_from", "created_at")
