"""`support-missions`, `mission-phases`, `mission-deliverables`; `mission-templates`: what missions are modelled on."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject.api.downloads import FILE_RESPONSE, FileRenderer, stored_file_response
from coopproject.api.filters import FilterSet, date_range
from coopproject.api.policy import READ_ONLY, Policy
from coopproject.api.serializers import Input, ModelInput, Output, VisibleRef
from coopproject.api.uploads import ReceivesFiles, UploadInput
from coopproject.api.views import ApiViewSet, ResourceViewSet, act
from governance.api.held_files import OWN_FILE, HeldFileOutput
from governance.api.requests import day_in, refuse_parameters
from governance.api.scenarios import PathReasonInput
from governance.enums_path import MissionTemplateCode, PhaseState
from governance.models import MissionDeliverable, MissionPhase, StoredFile, SupportMission
from governance.policies import path as policies_path
from governance.rules.missions import TEMPLATES, days_late, total_days
from governance.rules.regimes import Confidence
from governance.services import missions as services

_TAIL = ("created_at", "updated_at", "abilities")
_SAID = (
    "title",
    "provider",
    "provider_contact",
    "referent",
    "funder",
    "purpose",
    "starts_on",
    "ends_on",
    "confidentiality",
)


class PhaseTemplateOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    covers = serializers.ListField(
        child=serializers.CharField(), help_text=_("Ce qu’elle examine, si une source le dit.")
    )


class MissionTemplateOutput(serializers.Serializer[Any]):
    """A model of accompaniment; `confidence` is that of its phases, null when they are of your own choosing."""

    id = serializers.ChoiceField(MissionTemplateCode.choices, source="code")
    name = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    confidence = serializers.ChoiceField([str(level) for level in Confidence], allow_null=True)
    rhythm = serializers.CharField(allow_blank=True)
    phases = PhaseTemplateOutput(many=True)


@extend_schema_serializer(many=False)
class MissionTemplatePage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = MissionTemplateOutput(many=True)


class MissionTemplateViewSet(ApiViewSet):
    """Reference data, the same for everybody who is signed in."""

    http_method_names = ["get", "head", "options"]
    serializer_class = MissionTemplateOutput
    pagination_class = None
    filter_backends = ()
    policy: Policy = READ_ONLY

    @extend_schema(responses=MissionTemplatePage)
    def list(self, request: Request) -> Response:
        """The models of accompaniment, with their phases and where they come from."""
        refuse_parameters(request)
        results = MissionTemplateOutput(TEMPLATES, many=True).data
        return Response({"next": None, "previous": None, "results": results})


class MissionDaysOutput(serializers.Serializer[Any]):
    """Days of all the phases. `planned`: null as long as one phase has no number. `exceeded_by`: beyond it."""

    planned = serializers.DecimalField(max_digits=9, decimal_places=2, allow_null=True)
    done = serializers.DecimalField(max_digits=9, decimal_places=2)
    exceeded_by = serializers.DecimalField(max_digits=9, decimal_places=2)


class SupportMissionOutput(Output):
    policy = policies_path.support_mission
    days = serializers.SerializerMethodField()
    deliverables_late = serializers.SerializerMethodField(help_text=_("Livrables attendus dont le jour est passé."))

    class Meta:
        model = SupportMission
        fields = ("id", "version", "cooperation", "template", *_SAID, "days", "deliverables_late", *_TAIL)

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("cooperation").prefetch_related("phases", "deliverables")

    @extend_schema_field(MissionDaysOutput)
    def get_days(self, obj: Any) -> Any:
        total = total_days((phase.planned_days, phase.done_days) for phase in obj.phases.all())
        return MissionDaysOutput(total).data

    def get_deliverables_late(self, obj: Any) -> int:
        today = day_in(self.context, obj.cooperation.zone)
        awaited = [row for row in obj.deliverables.all() if row.delivered_on is None]
        return sum(days_late(row.due_on, None, today) > 0 for row in awaited)


class SupportMissionInput(ModelInput):
    class Meta:
        model = SupportMission
        fields = ("cooperation", "template", *_SAID)


class SupportMissionUpdateInput(ModelInput):
    class Meta:
        model = SupportMission
        fields = _SAID


class SupportMissionFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id", label=_("coopération"))
    template = django_filters.ChoiceFilter(choices=MissionTemplateCode.choices, label=_("modèle"))
    referent = django_filters.UUIDFilter(field_name="referent_id", label=_("référent"))
    locals().update(date_range("starts_on"))
    locals().update(date_range("ends_on"))

    class Meta:
        model = SupportMission
        fields = ()


class SupportMissionViewSet(ResourceViewSet):
    """Who accompanies the cooperation, when, and paid by whom; the phases of the template are made with it."""

    http_method_names = ["get", "post", "patch", "head", "options"]
    serializer_class = SupportMissionOutput
    inputs = {"create": SupportMissionInput, "partial_update": SupportMissionUpdateInput}
    create_service = staticmethod(services.mission_create)
    update_service = staticmethod(services.mission_update)
    filterset_class = SupportMissionFilter
    search_fields = ("search_title",)
    ordering = ("starts_on",)
    ordering_fields: ClassVar[dict[str, str]] = {
        "starts_on": "starts_on",
        "ends_on": "ends_on",
        "title": "search_title",
        "created_at": "created_at",
    }


_OF_PHASE = ("position", "name", "planned_days", "notes")


class MissionPhaseOutput(Output):
    policy = policies_path.mission_part

    class Meta:
        model = MissionPhase
        fields = (
            "id",
            "version",
            "cooperation",
            "mission",
            "code",
            *_OF_PHASE,
            "state",
            "done_days",
            "started_on",
            "finished_on",
            "reopened_reason",
            *_TAIL,
        )


class MissionPhaseInput(ModelInput):
    class Meta:
        model = MissionPhase
        fields = ("mission", *_OF_PHASE)
        extra_kwargs = {"position": {"required": False, "help_text": _("La dernière par défaut.")}}


class MissionPhaseUpdateInput(ModelInput):
    class Meta:
        model = MissionPhase
        fields = (*_OF_PHASE, "done_days")


class StartPhaseInput(Input):
    started_on = serializers.DateField(required=False, help_text=_("Aujourd’hui par défaut."))


class FinishPhaseInput(Input):
    finished_on = serializers.DateField(required=False, help_text=_("Aujourd’hui par défaut."))


class MissionPhaseFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id", label=_("coopération"))
    mission = django_filters.UUIDFilter(field_name="mission_id", label=_("mission"))
    state = django_filters.ChoiceFilter(choices=PhaseState.choices, label=_("état"))

    class Meta:
        model = MissionPhase
        fields = ()


class MissionPhaseViewSet(ResourceViewSet):
    """Phases may begin in any order, and one that is done may be opened again."""

    http_method_names = ["get", "post", "patch", "head", "options"]
    serializer_class = MissionPhaseOutput
    inputs = {"create": MissionPhaseInput, "partial_update": MissionPhaseUpdateInput}
    create_service = staticmethod(services.phase_create)
    update_service = staticmethod(services.phase_update)
    filterset_class = MissionPhaseFilter
    ordering = ("mission_id", "position")
    ordering_fields = ("position", "started_on", "created_at")

    @act(StartPhaseInput)
    def start(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Begin a phase, whatever the others are at."""
        return self.perform(services.phase_start)

    @act(FinishPhaseInput)
    def finish(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """End a phase; its deliverables may still be awaited."""
        return self.perform(services.phase_finish)

    @act(PathReasonInput)
    def reopen(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take up again a phase that was done, and say why."""
        return self.perform(services.phase_reopen)


class MissionDeliverableOutput(Output):
    policy = policies_path.mission_deliverable
    file = HeldFileOutput(read_only=True, allow_null=True)
    days_late = serializers.SerializerMethodField(help_text=_("Jours après le jour attendu ; 0 dans les temps."))

    class Meta:
        model = MissionDeliverable
        fields = (
            "id",
            "version",
            "cooperation",
            "mission",
            "phase",
            "title",
            "due_on",
            "delivered_on",
            "days_late",
            "reference",
            "file",
            *_TAIL,
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("cooperation", "file").defer("file__content")

    def get_days_late(self, obj: Any) -> int:
        return days_late(obj.due_on, obj.delivered_on, day_in(self.context, obj.cooperation.zone))


class MissionDeliverableInput(ModelInput):
    class Meta:
        model = MissionDeliverable
        fields = ("mission", "phase", "title", "due_on")


class MissionDeliverableUpdateInput(ModelInput):
    class Meta:
        model = MissionDeliverable
        fields = ("phase", "title", "due_on")


class MissionDeliverInput(Input):
    delivered_on = serializers.DateField(required=False, help_text=_("Aujourd’hui par défaut."))
    reference = serializers.CharField(max_length=500, required=False, allow_blank=True)
    file = VisibleRef(queryset=StoredFile.objects.all(), required=False, allow_null=True, help_text=OWN_FILE)


class MissionDeliverableFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id", label=_("coopération"))
    mission = django_filters.UUIDFilter(field_name="mission_id", label=_("mission"))
    phase = django_filters.UUIDFilter(field_name="phase_id", label=_("phase"))
    locals().update(date_range("due_on"))
    locals().update(date_range("delivered_on"))

    class Meta:
        model = MissionDeliverable
        fields = ()


class MissionDeliverableViewSet(ReceivesFiles, ResourceViewSet):
    """What an accompaniment is to hand over, for when, and the file or reference that shows it."""

    http_method_names = ["get", "post", "patch", "head", "options"]
    serializer_class = MissionDeliverableOutput
    inputs = {"create": MissionDeliverableInput, "partial_update": MissionDeliverableUpdateInput}
    create_service = staticmethod(services.deliverable_create)
    update_service = staticmethod(services.deliverable_update)
    file_actions = frozenset({"restore_file"})
    filterset_class = MissionDeliverableFilter
    ordering = ("due_on",)
    ordering_fields = ("due_on", "delivered_on", "created_at")

    @act(MissionDeliverInput)
    def deliver(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record that it was handed over, with its file or its reference."""
        return self.perform(services.deliverable_deliver)

    @act(PathReasonInput)
    def reopen(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Await it again, and say why."""
        return self.perform(services.deliverable_reopen)

    @extend_schema(responses=FILE_RESPONSE)
    @action(detail=True, methods=["get"], renderer_classes=[FileRenderer])
    def file(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The bytes of the file, to whoever may know of the mission."""
        return stored_file_response(request, self.get_object().file)

    @act(UploadInput)
    @extend_schema(request={"multipart/form-data": UploadInput})
    def restore_file(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Bring back a file that an imported dossier knew by its hash only: the very same bytes."""
        deliverable = self.get_object()
        content = self.validated_input()["file"].read()
        expected = self.expected_version()
        return self.respond(
            services.deliverable_restore_file(
                pk=deliverable.pk, actor=self.actor, expected_version=expected, content=content
            )
        )
