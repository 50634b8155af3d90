"""Consultations of the works councils (CSE): one per employer concerned by a decision."""

import datetime as dt
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject.api import filters
from coopproject.api.serializers import Input, ModelInput, Output
from coopproject.api.views import ResourceViewSet, act
from governance.api.consultation_dialogue import (
    DIALOGUE_FIELDS,
    AcknowledgeIncompleteInput,
    AnswerContestInput,
    ContestInformationInput,
    DocumentListOutput,
    InformationContestOutput,
    IrregularityOutput,
    RecordResponseInput,
    SideStateOutput,
)
from governance.api.decisions import DecisionOutput
from governance.api.requests import day_in, refuse_parameters
from governance.enums import ConsultationState, OpinionKind
from governance.models import Consultation
from governance.policies import decisions as policies_decisions
from governance.rules.consultation_facts import MAX_AGREED_DAYS, MAX_AGREED_MONTHS
from governance.rules.consultation_situations import DialogueFacts, irregularities, side_states
from governance.selectors.consultation_dialogue import dialogue_facts, handed_list, with_dialogue
from governance.selectors.employers import consultation_deadline
from governance.services import consultation_answers as answers
from governance.services import consultations as services


class ClockOutput(serializers.Serializer[Any]):
    """How the deadline was computed. `legal_reference` is shown as law only when `confidence` is A or B."""

    status = serializers.CharField()
    start = serializers.DateField(allow_null=True)
    answer_by = serializers.DateField(allow_null=True)
    deemed_negative_on = serializers.DateField(allow_null=True)
    establishment_due_on = serializers.DateField(allow_null=True)
    legal_reference = serializers.CharField()
    confidence = serializers.CharField(allow_null=True)
    reasons = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))


class ConsultationOutput(Output):
    policy = policies_decisions.consultation
    maskable = ("opinion_text", "response_text")
    expandable: ClassVar[dict[str, Any]] = {"decision": lambda: DecisionOutput}

    clock = serializers.SerializerMethodField()
    situations = serializers.SerializerMethodField()
    irregularities = serializers.SerializerMethodField()
    contests = InformationContestOutput(many=True, read_only=True)

    class Meta:
        model = Consultation
        fields = (
            "id",
            "version",
            "cooperation",
            "decision",
            "organisation",
            "state",
            "confidentiality",
            "information_delivered_on",
            "information_recorded_on",
            "bdese_notice_on",
            "bdese_required",
            "information_complete",
            "missing_information",
            "regime",
            "weekend_extension",
            "expert_designated_on",
            "both_levels",
            "agreement_days",
            "agreement_months",
            "agreement_reference",
            "common_agreement_on",
            "judge_seized_on",
            "judge_fixed_on",
            "suspended_days",
            "extended_on",
            "suspended_on",
            "nominal_deadline",
            "extended_deadline",
            "act_from",
            "clock",
            "opinion",
            "opinion_on",
            "opinion_text",
            "votes_present",
            "votes_for",
            "votes_against",
            "votes_abstain",
            "votes_blank",
            "response_text",
            "response_on",
            "response_meeting_on",
            "changes_made",
            "closed_on",
            "closed_without_response",
            *DIALOGUE_FIELDS,
            "created_at",
            "updated_at",
            "abilities",
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return with_dialogue(queryset)

    @extend_schema_field(ClockOutput)
    def get_clock(self, obj: Consultation) -> dict[str, Any]:
        limit = consultation_deadline(obj)
        return {
            "status": str(limit.status),
            "start": limit.start,
            "answer_by": limit.answer_by,
            "deemed_negative_on": limit.deemed_negative_on,
            "establishment_due_on": limit.establishment_due_on,
            "legal_reference": limit.legal_ref,
            "confidence": str(limit.confidence) if limit.confidence else None,
            "reasons": [{"code": reason.code, "detail": str(reason.detail)} for reason in limit.reasons],
        }

    @extend_schema_field(SideStateOutput(many=True))
    def get_situations(self, obj: Consultation) -> Any:
        return SideStateOutput(side_states(self._facts(obj)), many=True).data

    @extend_schema_field(IrregularityOutput(many=True))
    def get_irregularities(self, obj: Consultation) -> Any:
        return IrregularityOutput(irregularities(self._facts(obj), self._day(obj)), many=True).data

    def _facts(self, obj: Consultation) -> DialogueFacts:
        return dialogue_facts(obj, self.context.get("actor"), self._day(obj))

    def _day(self, obj: Consultation) -> dt.date:
        return day_in(self.context, obj.cooperation.zone)


_PREPARATION = (
    "confidentiality",
    "bdese_required",
    "both_levels",
    "agreement_days",
    "agreement_months",
    "agreement_reference",
)
_AGREED: dict[str, Any] = {
    "agreement_days": {"min_value": 1, "max_value": MAX_AGREED_DAYS},
    "agreement_months": {"min_value": 1, "max_value": MAX_AGREED_MONTHS},
    "bdese_required": {"help_text": _("Vrai : seule la mise à disposition dans la BDESE fait courir le délai.")},
}


class ConsultationInput(ModelInput):
    class Meta:
        model = Consultation
        fields = ("decision", "organisation", *_PREPARATION)
        extra_kwargs = _AGREED


class ConsultationUpdate(ModelInput):
    class Meta:
        model = Consultation
        fields = _PREPARATION
        extra_kwargs = _AGREED


class SendInformationInput(Input):
    delivered_on = serializers.DateField(help_text=_("Jour où l’information a été remise."))
    bdese_notice_on = serializers.DateField(required=False)
    complete = serializers.BooleanField(default=True, help_text=_("Faux : le délai ne court pas encore."))
    missing_information = serializers.CharField(required=False, max_length=5_000)


class DesignateExpertInput(Input):
    designated_on = serializers.DateField()
    both_levels = serializers.BooleanField(default=False)


class ExtendInput(Input):
    common_agreement_on = serializers.DateField(required=False)
    judge_seized_on = serializers.DateField(required=False)
    judge_fixed_on = serializers.DateField(required=False)
    suspended_days = serializers.IntegerField(required=False, min_value=1, max_value=3660)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError(_("Indiquez ce qui allonge le délai."), "nothing_given")
        return attrs


class VotesInput(Input):
    """Counts of full members; no names, no union label. Those present who did not vote count as abstentions."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # `for` is a Python keyword: the field cannot be a class attribute.
        return {
            name: serializers.IntegerField(
                min_value=0, max_value=1000, required=name in {"present", "for", "against"}, help_text=meaning
            )
            for name, meaning in (
                ("present", _("Titulaires présents, ou suppléants qui en remplacent un.")),
                ("for", _("Pour.")),
                ("against", _("Contre.")),
                ("abstain", _("Abstentions.")),
                ("blank", _("Blancs ou nuls.")),
            )
        }


class RecordOpinionInput(Input):
    kind = serializers.ChoiceField(
        [choice for choice in OpinionKind.choices if choice[0] != OpinionKind.DEEMED_NEGATIVE],
        help_text=_("« réputé négatif » résulte du seul délai et ne se saisit pas."),
        error_messages={
            "invalid_choice": _("« {input} » ne s’enregistre pas : « réputé négatif » résulte du seul délai.")
        },
    )
    given_on = serializers.DateField()
    text = serializers.CharField(required=False, max_length=20_000)
    votes = VotesInput(required=False)


class ConsultationFilter(filters.FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    decision = django_filters.UUIDFilter(field_name="decision_id")
    organisation = django_filters.UUIDFilter(field_name="organisation_id")
    state = django_filters.ChoiceFilter(choices=ConsultationState.choices)
    state__in = filters.ChoiceInFilter(field_name="state", lookup_expr="in", choices=ConsultationState.choices)
    locals().update(filters.date_range("nominal_deadline"))
    locals().update(filters.date_range("act_from"))


class ConsultationViewSet(ResourceViewSet):
    """The clock starts when the information is complete; it ends by an opinion or by its term, never otherwise."""

    serializer_class = ConsultationOutput
    inputs: ClassVar[dict[str, Any]] = {"create": ConsultationInput, "partial_update": ConsultationUpdate}
    create_service = staticmethod(services.consultation_create)
    update_service = staticmethod(services.consultation_update)
    filterset_class = ConsultationFilter
    ordering = ("-created_at",)
    ordering_fields = ("created_at", "nominal_deadline", "act_from")
    guarded_actions = frozenset({"partial_update"})
    http_method_names = ["get", "post", "patch", "head", "options"]

    @act(SendInformationInput, legal=True, guarded=True)
    def send_information(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record that the information was handed over, or is now complete."""
        return self.perform(services.consultation_send_information)

    @act(DesignateExpertInput, guarded=True)
    def designate_expert(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record that the CSE called an expert in."""
        return self.perform(services.consultation_designate_expert)

    @act(ExtendInput, legal=True, guarded=True)
    def extend(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Lengthen the limit: common accord, judge, suspension."""
        return self.perform(services.consultation_extend)

    @act(RecordOpinionInput, legal=True, guarded=True)
    def record_opinion(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record the explicit opinion; even an unfavourable one unblocks."""
        return self.perform(services.consultation_record_opinion)

    @act(RecordResponseInput, legal=True, guarded=True)
    def record_response(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record the employer's reasoned response."""
        return self.perform(answers.consultation_record_response)

    @act(AcknowledgeIncompleteInput, legal=True, guarded=True)
    def acknowledge_incomplete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record that the information was not complete: the clock stops until it is."""
        return self.perform(answers.consultation_acknowledge_incomplete)

    @act(ContestInformationInput, legal=True, guarded=True)
    def contest_information(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record that the body finds the information lacking; no clock stops by it."""
        return self.perform(answers.consultation_contest_information)

    @act(AnswerContestInput, guarded=True)
    def answer_contest(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record what the employer answered to that."""
        return self.perform(answers.consultation_answer_contest)

    @act(guarded=True)
    def close(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Close the file."""
        return self.perform(answers.consultation_close)

    @extend_schema(responses=DocumentListOutput)
    @action(detail=True, methods=["get"], url_path="document-list")
    def document_list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What was handed over, with hashes and notices: the list that the representatives receive."""
        refuse_parameters(request)
        return Response(DocumentListOutput(handed_list(self.get_object(), self.actor)).data)
