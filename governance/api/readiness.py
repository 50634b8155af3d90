"""`readiness-assessments`: what each member answers first; `cooperations/{id}/readiness/`: side by side."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject.api.filters import FilterSet, date_range
from coopproject.api.policy import READ_ONLY, Policy
from coopproject.api.serializers import ModelInput, Output
from coopproject.api.views import ApiViewSet, ResourceViewSet, act
from governance import policies
from governance.api.requests import refuse_parameters
from governance.enums import SheetState
from governance.models import Cooperation, ReadinessAssessment
from governance.rules.readiness import PRECONDITIONS, Accord, Answer
from governance.selectors import readiness as selectors
from governance.services import readiness as services

_ANSWERS = (
    "why",
    "stakes",
    "benefits",
    "drawbacks",
    "pooling",
    "pooled",
    "needs",
    "preconditions",
    "confidentiality",
)


class PreconditionsField(serializers.DictField):
    """Precondition -> yes, partly or no; the service says which are known."""

    def __init__(self, **kwargs: Any) -> None:
        known = ", ".join(PRECONDITIONS)
        kwargs.setdefault("help_text", _("Préalables connus : %(known)s.") % {"known": known})
        super().__init__(child=serializers.ChoiceField([str(answer) for answer in Answer]), **kwargs)


class ReadinessAssessmentOutput(Output):
    policy = policies.readiness_assessment
    preconditions = PreconditionsField(read_only=True)

    class Meta:
        model = ReadinessAssessment
        fields = (
            "id",
            "version",
            "cooperation",
            "organisation",
            "state",
            *_ANSWERS,
            "submitted_on",
            "created_at",
            "updated_at",
            "abilities",
        )


class ReadinessAssessmentUpdateInput(ModelInput):
    preconditions = PreconditionsField(required=False)

    class Meta:
        model = ReadinessAssessment
        fields = _ANSWERS


class ReadinessAssessmentInput(ModelInput):
    preconditions = PreconditionsField(required=False)

    class Meta:
        model = ReadinessAssessment
        fields = ("cooperation", "organisation", *_ANSWERS)


class ReadinessAssessmentFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id", label=_("coopération"))
    organisation = django_filters.UUIDFilter(field_name="organisation_id", label=_("organisation"))
    state = django_filters.ChoiceFilter(choices=SheetState.choices, label=_("état"))
    locals().update(date_range("submitted_on"))

    class Meta:
        model = ReadinessAssessment
        fields = ()


class ReadinessAssessmentViewSet(ResourceViewSet):
    """A draft is its organisation's, and the coordination's; submitted, the others read it."""

    serializer_class = ReadinessAssessmentOutput
    inputs = {"create": ReadinessAssessmentInput, "partial_update": ReadinessAssessmentUpdateInput}
    create_service = staticmethod(services.readiness_create)
    update_service = staticmethod(services.readiness_update)
    filterset_class = ReadinessAssessmentFilter
    ordering = ("created_at",)
    ordering_fields = ("created_at", "submitted_on")

    @act()
    def submit(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Hand the answers over to the others; 409 with each question that still awaits one."""
        return self.perform(services.readiness_submit)

    @act()
    def reopen(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take the answers back to change them; the others see them again once they are submitted."""
        return self.perform(services.readiness_reopen)


class ReadinessMemberOutput(serializers.Serializer[Any]):
    organisation = serializers.UUIDField()
    name = serializers.CharField()
    submitted_on = serializers.DateField(allow_null=True, help_text=_("Vide : pas encore répondu."))


class ReadinessAnswerOutput(serializers.Serializer[Any]):
    organisation = serializers.UUIDField()
    text = serializers.CharField()


class ReadinessQuestionOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    question = serializers.CharField()
    answers = ReadinessAnswerOutput(many=True)


class ReadinessPointOutput(serializers.Serializer[Any]):
    """`by_answer`: the organisations that gave each answer."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    accord = serializers.ChoiceField([str(accord) for accord in Accord])
    by_answer = serializers.DictField(child=serializers.ListField(child=serializers.UUIDField()))


class ReadinessComparisonOutput(serializers.Serializer[Any]):
    cooperation = serializers.UUIDField()
    members = ReadinessMemberOutput(many=True)
    questions = ReadinessQuestionOutput(many=True)
    pooled = ReadinessPointOutput(many=True)
    preconditions = ReadinessPointOutput(many=True)


class ReadinessComparisonViewSet(ApiViewSet):
    serializer_class = ReadinessComparisonOutput
    queryset = Cooperation.objects.none()
    pagination_class = None
    filter_backends = ()
    detail = True
    policy: Policy = READ_ONLY

    @extend_schema(operation_id="cooperations_readiness_retrieve", responses=ReadinessComparisonOutput)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Who answered, what each says and where they agree. Drafts are not told."""
        refuse_parameters(request)
        cooperation = get_object_or_404(Cooperation.objects.visible_to(self.actor), pk=kwargs["pk"])
        return Response(ReadinessComparisonOutput(selectors.comparison(cooperation, self.actor)).data)
