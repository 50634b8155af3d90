"""`decision-votes` and `assembly-rules`: what boards and the assembly of members decided, and how the latter counts."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject.api.downloads import FILE_RESPONSE, FileRenderer, stored_file_response
from coopproject.api.filters import FilterSet, date_range
from coopproject.api.serializers import Input, ModelInput, Output
from coopproject.api.uploads import ReceivesFiles, UploadInput
from coopproject.api.views import ActMixin, CreateMixin, ReadViewSet, UpdateMixin, act
from governance.api.decisions import DecisionOutput
from governance.api.held_files import HeldFileOutput
from governance.enums import DecisionVoteResult
from governance.models import AssemblyRule, DecisionVote
from governance.policies import decisions as policies_decisions
from governance.rules.vote_figures import COUNTED
from governance.services import assembly_rules as assembly_services
from governance.services import decision_votes as services
from governance.services import missing_minutes

_MANY = 10_000


def _count(**options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=_MANY, **options)


class VoteCollegeField(Input):
    """The figures of one college; they add up to those of the whole meeting."""

    college = serializers.CharField(max_length=40)
    present = _count()
    represented = _count(required=False, default=0)
    votes_for = _count()
    votes_against = _count()
    votes_abstain = _count(required=False, default=0)
    votes_blank = _count(required=False, default=0)


class VoteParticularsField(Input):
    """What only some statutes ask of minutes; `governance.rules.vote_figures` names them."""

    call = serializers.IntegerField(min_value=1, max_value=2, required=False)
    first_call_on = serializers.DateField(required=False)
    recused = _count(required=False)
    recused_represented = _count(required=False)
    remote = _count(required=False)
    remote_kind = serializers.ChoiceField(["video", "written", "electronic"], required=False)
    proxies_by_holder = serializers.ListField(child=_count(), required=False, max_length=500)
    proxies_written = serializers.BooleanField(required=False)
    proxies_same_body = serializers.BooleanField(required=False)
    casting_vote = serializers.ChoiceField(["for", "against", "abstention", "blank_or_void"], required=False)
    open_objections = _count(required=False)
    college_votes = VoteCollegeField(many=True, required=False)


class DecisionVoteOutput(Output):
    """Without `board`, the vote of the assembly of members. An irregular vote counts from `ratified_on` only."""

    policy = policies_decisions.decision_vote
    expandable = {"decision": lambda: DecisionOutput}
    told_with = {"voting_rule": ("explanation",), "assembly_rule": ("explanation",)}
    minutes_file = HeldFileOutput(read_only=True, allow_null=True)
    particulars = VoteParticularsField(read_only=True)

    class Meta:
        model = DecisionVote
        fields = (
            "id",
            "version",
            "cooperation",
            "decision",
            "board",
            "organisation",
            "option",
            "held_on",
            "voting_rule",
            "assembly_rule",
            "in_office",
            *COUNTED,
            "particulars",
            "result",
            "explanation",
            "minutes_reference",
            "minutes_file",
            "irregular",
            "irregular_codes",
            "ratified_on",
            "ratified_reference",
            "ratified_reason",
            "recorded_by",
            "capacity",
            "created_at",
            "updated_at",
            "abilities",
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("minutes_file", "board")


class DecisionVoteInput(ModelInput):
    """The minutes of one vote: of a board, or of the assembly of members without `board`. The result is computed."""

    particulars = VoteParticularsField(required=False)

    class Meta:
        model = DecisionVote
        fields = (
            "decision",
            "board",
            "option",
            "held_on",
            *COUNTED,
            "particulars",
            "minutes_reference",
            "minutes_file",
        )


class RegulariseDecisionVoteInput(Input):
    ratified_on = serializers.DateField()
    minutes_reference = serializers.CharField(max_length=200)
    reason = serializers.CharField(max_length=5000)


class DecisionVoteFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    decision = django_filters.UUIDFilter(field_name="decision_id")
    board = django_filters.UUIDFilter(field_name="board_id")
    organisation = django_filters.UUIDFilter(field_name="organisation_id")
    result = django_filters.ChoiceFilter(choices=DecisionVoteResult.choices)
    irregular = django_filters.BooleanFilter()
    locals().update(date_range("held_on"))

    class Meta:
        model = DecisionVote
        fields = ()


class DecisionVoteViewSet(ReceivesFiles, CreateMixin, ActMixin, ReadViewSet):
    """Votes of the members or of their boards on a decision: figures and minutes, never names."""

    serializer_class = DecisionVoteOutput
    inputs = {"create": DecisionVoteInput}
    create_service = staticmethod(services.decision_vote_record)
    filterset_class = DecisionVoteFilter
    ordering = ("-held_on", "-created_at")
    ordering_fields = ("held_on", "created_at")
    legal_actions = frozenset({"create"})
    file_actions = frozenset({"restore_minutes"})

    @act(RegulariseDecisionVoteInput, legal=True)
    def regularise(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record that the organ ratified its irregular vote, once nothing held it back."""
        return self.perform(services.decision_vote_regularise)

    @extend_schema(responses=FILE_RESPONSE)
    @action(detail=True, methods=["get"], renderer_classes=[FileRenderer])
    def minutes(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The minutes as they were sent, to whoever may know of the decision."""
        return stored_file_response(request, self.get_object().minutes_file)

    @act(UploadInput)
    @extend_schema(request={"multipart/form-data": UploadInput})
    def restore_minutes(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Bring back minutes that an imported dossier knew by their hash only: the very same bytes."""
        vote = self.get_object()
        restored = missing_minutes.decision_vote_restore_minutes(
            pk=vote.pk,
            actor=self.actor,
            expected_version=self.expected_version(),
            content=self.validated_input()["file"].read(),
        )
        return self.respond(restored)


class AssemblyRuleOutput(Output):
    policy = policies_decisions.assembly_rule

    class Meta:
        model = AssemblyRule
        fields = (
            "id",
            "version",
            "cooperation",
            "valid_from",
            "definition",
            "source",
            "confidentiality",
            "created_at",
            "updated_at",
            "abilities",
        )


class AssemblyRuleInput(ModelInput):
    definition = serializers.JSONField()

    class Meta:
        model = AssemblyRule
        fields = ("cooperation", "valid_from", "definition", "source", "confidentiality")


class AssemblyRuleUpdateInput(ModelInput):
    """Its level only: votes were counted by what it says."""

    class Meta:
        model = AssemblyRule
        fields = ("confidentiality",)


class AssemblyRuleFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    locals().update(date_range("valid_from"))

    class Meta:
        model = AssemblyRule
        fields = ()


class AssemblyRuleViewSet(CreateMixin, UpdateMixin, ReadViewSet):
    """The quorum and the majority of the assembly of members, each member having one vote; never changed, followed."""

    http_method_names = ["get", "post", "patch", "head", "options"]
    serializer_class = AssemblyRuleOutput
    inputs = {"create": AssemblyRuleInput, "partial_update": AssemblyRuleUpdateInput}
    create_service = staticmethod(assembly_services.assembly_rule_create)
    update_service = staticmethod(assembly_services.assembly_rule_update)
    filterset_class = AssemblyRuleFilter
    ordering = ("-valid_from",)
    ordering_fields = ("valid_from", "created_at")
