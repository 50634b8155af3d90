"""`journey-entries`: who is at which challenge since when; `cooperations/{id}/journey/`: the whole path."""

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
from coopproject.api.serializers import Input, ModelInput, Output
from coopproject.api.views import ApiViewSet, ResourceViewSet
from governance.api.requests import refuse_parameters
from governance.enums_path import Challenge, CooperationLevel
from governance.models import Cooperation, JourneyEntry
from governance.policies import path as policies_path
from governance.rules.journey import CHALLENGES, LEVELS, NOTE_LENGTH, Direction
from governance.rules.readiness import Answer
from governance.selectors import journey as selectors
from governance.services import journey as services

_SAID = ("challenge", "level", "since", "reason", "answers", "confidentiality")
_ANSWERS = [str(answer) for answer in Answer]
_DIRECTIONS = [str(direction) for direction in Direction]


class ItemAnswerInput(Input):
    answer = serializers.ChoiceField(_ANSWERS)
    note = serializers.CharField(required=False, allow_blank=True, max_length=NOTE_LENGTH)


class ItemAnswersField(serializers.DictField):
    """Item of the challenge -> answer and note; the service says which items a challenge has."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Point du challenge → réponse (yes, partly, no) et note."))
        super().__init__(child=ItemAnswerInput(), **kwargs)


class JourneyEntryOutput(Output):
    policy = policies_path.journey_entry
    answers = ItemAnswersField(read_only=True)

    class Meta:
        model = JourneyEntry
        fields = (
            "id",
            "version",
            "cooperation",
            "organisation",
            *_SAID,
            "recorded_by",
            "created_at",
            "updated_at",
            "abilities",
        )


class JourneyEntryUpdateInput(ModelInput):
    answers = ItemAnswersField(required=False)

    class Meta:
        model = JourneyEntry
        fields = _SAID


class JourneyEntryInput(ModelInput):
    answers = ItemAnswersField(required=False)

    class Meta:
        model = JourneyEntry
        fields = ("cooperation", "organisation", *_SAID)
        extra_kwargs = {"since": {"required": False, "help_text": _("Aujourd’hui par défaut.")}}


class JourneyEntryFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id", label=_("coopération"))
    organisation = django_filters.UUIDFilter(field_name="organisation_id", label=_("organisation"))
    organisation__isnull = django_filters.BooleanFilter(
        field_name="organisation", lookup_expr="isnull", label=_("de la coopération entière")
    )
    challenge = django_filters.ChoiceFilter(choices=Challenge.choices, label=_("challenge"))
    level = django_filters.ChoiceFilter(choices=CooperationLevel.choices, label=_("niveau de coopération"))
    locals().update(date_range("since"))

    class Meta:
        model = JourneyEntry
        fields = ()


class JourneyEntryViewSet(ResourceViewSet):
    """Going back is an entry as any other, with its reason: the path is not a ladder."""

    http_method_names = ["get", "post", "patch", "head", "options"]
    serializer_class = JourneyEntryOutput
    inputs = {"create": JourneyEntryInput, "partial_update": JourneyEntryUpdateInput}
    create_service = staticmethod(services.journey_entry_create)
    update_service = staticmethod(services.journey_entry_update)
    filterset_class = JourneyEntryFilter
    ordering = ("since",)
    ordering_fields = ("since", "created_at")


class JourneyStepOutput(serializers.Serializer[Any]):
    """`direction`: against the entry before it, of those that you may read."""

    entry = serializers.UUIDField()
    organisation = serializers.UUIDField(allow_null=True)
    challenge = serializers.ChoiceField(CHALLENGES, allow_blank=True)
    level = serializers.ChoiceField(LEVELS, allow_blank=True)
    name = serializers.CharField()
    since = serializers.DateField()
    reason = serializers.CharField()
    direction = serializers.ChoiceField(_DIRECTIONS)


class JourneyChecklistOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()
    answer = serializers.ChoiceField(_ANSWERS, allow_null=True)
    note = serializers.CharField()


class JourneyPlaceOutput(JourneyStepOutput):
    """Where it is now. `returns`: how often it went back on the way."""

    returns = serializers.IntegerField()
    checklist = JourneyChecklistOutput(many=True)


class JourneyMemberOutput(serializers.Serializer[Any]):
    organisation = serializers.UUIDField()
    name = serializers.CharField()
    place = JourneyPlaceOutput(allow_null=True)


class JourneyItemOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()


class JourneyChallengeOutput(serializers.Serializer[Any]):
    """A challenge in the words of the guide, and what it asks."""

    code = serializers.ChoiceField(CHALLENGES)
    name = serializers.CharField()
    presentation = serializers.CharField()
    with_whom = serializers.CharField()
    items = JourneyItemOutput(many=True)
    advice = serializers.ListField(child=serializers.CharField())


class JourneyLevelOutput(serializers.Serializer[Any]):
    code = serializers.ChoiceField(LEVELS)
    name = serializers.CharField()
    meaning = serializers.CharField()


class JourneyOutput(serializers.Serializer[Any]):
    cooperation = serializers.UUIDField()
    on = serializers.DateField()
    place = JourneyPlaceOutput(allow_null=True)
    level = JourneyPlaceOutput(allow_null=True)
    members = JourneyMemberOutput(many=True)
    history = JourneyStepOutput(many=True)
    challenges = JourneyChallengeOutput(many=True)
    levels = JourneyLevelOutput(many=True)


class JourneyViewSet(ApiViewSet):
    serializer_class = JourneyOutput
    queryset = Cooperation.objects.none()
    pagination_class = None
    filter_backends = ()
    detail = True
    policy: Policy = READ_ONLY

    @extend_schema(operation_id="cooperations_journey_retrieve", responses=JourneyOutput)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Where the cooperation and each member are, how they came there, and what the challenges ask."""
        refuse_parameters(request)
        cooperation = get_object_or_404(Cooperation.objects.visible_to(self.actor), pk=kwargs["pk"])
        return Response(JourneyOutput(selectors.journey(cooperation, self.actor)).data)
