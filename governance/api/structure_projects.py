"""`structure-projects`: the file of a future structure; `project-steps`: its creation, step by step."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject.api import filters
from coopproject.api.downloads import FILE_RESPONSE, FileRenderer, stored_file_response
from coopproject.api.serializers import Input, ModelInput, Output, VisibleRef
from coopproject.api.uploads import ReceivesFiles, UploadInput
from coopproject.api.views import ResourceViewSet, act
from governance.api.held_files import OWN_FILE, HeldFileOutput
from governance.api.legal_forms import FormFindingOutput
from governance.api.requests import day_in
from governance.api.scenarios import PathReasonInput, StillMissingOutput
from governance.api.told_facts import ToldFactsField, ToldFactsInput
from governance.enums_path import ProjectState, StepState
from governance.models import ProjectStep, StoredFile, StructureProject
from governance.policies import path as policies_path
from governance.rules.legal_forms import FORMS
from governance.rules.missions import days_late
from governance.rules.structure_projects import makes_an_entity
from governance.selectors import structure_projects as selectors
from governance.services import project_steps, structure_projects

_TAIL = ("created_at", "updated_at", "abilities")
_FORMS = [str(entry.code) for entry in FORMS if makes_an_entity(entry.code)]
_SAID = ("title", "purpose", "founders", "facts", "scenario", "decision", "planned_on", "confidentiality")


class StructureProjectOutput(Output):
    policy = policies_path.structure_project
    facts = ToldFactsField(read_only=True)
    findings = serializers.SerializerMethodField(help_text=_("Ce que disent les contrôles de sa forme, aujourd’hui."))
    missing = serializers.SerializerMethodField(
        help_text=_("Tout ce qui s’oppose encore à la création ; vide : elle peut être constatée.")
    )
    gate = serializers.SerializerMethodField(
        help_text=_("Où lire ce que la décision qui la lance attend, consultations comprises.")
    )

    class Meta:
        model = StructureProject
        fields = (
            "id",
            "version",
            "cooperation",
            "form",
            *_SAID,
            "state",
            "started_on",
            "created_on",
            "registration_reference",
            "abandoned_on",
            "abandoned_reason",
            "findings",
            "missing",
            "gate",
            *_TAIL,
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return selectors.with_facts(queryset)

    @extend_schema_field(FormFindingOutput(many=True))
    def get_findings(self, obj: Any) -> Any:
        return FormFindingOutput(selectors.form_findings(obj), many=True).data

    @extend_schema_field(StillMissingOutput(many=True))
    def get_missing(self, obj: Any) -> Any:
        if obj.state == ProjectState.CREATED:
            return []
        today = day_in(self.context, obj.cooperation.zone)
        found = selectors.against_registration(obj, today, tell_decision=self._knows_decision(obj))
        return StillMissingOutput(found, many=True).data

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_gate(self, obj: Any) -> Any:
        known = obj.decision_id is not None and self._knows_decision(obj)
        return f"/api/v1/decisions/{obj.decision_id}/requirements/" if known else None

    def _knows_decision(self, obj: Any) -> bool:
        """Whether the reader may know of the decision, as `visible_to` would say (it is never `restricted`)."""
        if obj.decision is None:
            return False
        actor: Any = self.context["actor"]
        return bool(actor.may_know(obj.cooperation_id, obj.decision.confidentiality))


class StructureProjectInput(ModelInput):
    form = serializers.ChoiceField(_FORMS, help_text=_("Une forme de legal-forms qui crée une personne morale."))
    facts = ToldFactsInput(required=False)

    class Meta:
        model = StructureProject
        fields = ("cooperation", "form", *_SAID)


class StructureProjectUpdateInput(ModelInput):
    facts = ToldFactsInput(required=False)

    class Meta:
        model = StructureProject
        fields = _SAID


class RegisterStructureInput(Input):
    registration_reference = serializers.CharField(max_length=100, help_text=_("SIREN, RNA ou référence."))
    created_on = serializers.DateField(required=False, help_text=_("Aujourd’hui par défaut."))


class StructureProjectFilter(filters.FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id", label=_("coopération"))
    state = django_filters.ChoiceFilter(choices=ProjectState.choices, label=_("état"))
    state__in = filters.ChoiceInFilter(field_name="state", lookup_expr="in", choices=ProjectState.choices)
    form = django_filters.ChoiceFilter(choices=[(code, code) for code in _FORMS], label=_("forme juridique"))
    founder = django_filters.UUIDFilter(field_name="founders", label=_("organisation"))
    locals().update(filters.date_range("planned_on"))

    class Meta:
        model = StructureProject
        fields = ()


class StructureProjectViewSet(ResourceViewSet):
    """Drafts are free; a creation is launched once the project, the needs and the motivations are told."""

    http_method_names = ["get", "post", "patch", "head", "options"]
    serializer_class = StructureProjectOutput
    inputs = {"create": StructureProjectInput, "partial_update": StructureProjectUpdateInput}
    create_service = staticmethod(structure_projects.project_create)
    update_service = staticmethod(structure_projects.project_update)
    filterset_class = StructureProjectFilter
    search_fields = ("search_title",)
    ordering = ("created_at",)
    ordering_fields: ClassVar[dict[str, str]] = {
        "created_at": "created_at",
        "planned_on": "planned_on",
        "title": "search_title",
    }
    guarded_actions = frozenset({"partial_update"})

    @act(guarded=True)
    def start(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Launch the creation; 409 with every reason while the project, needs or motivations are to be told."""
        return self.perform(structure_projects.project_start)

    @act(RegisterStructureInput, legal=True, guarded=True)
    def register(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record that the structure exists; 409 with everything that still stands against it."""
        return self.perform(structure_projects.project_register)

    @act(PathReasonInput, guarded=True)
    def abandon(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give the creation up, and say why."""
        return self.perform(structure_projects.project_abandon)

    @act(PathReasonInput, guarded=True)
    def reopen(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take up again what was abandoned, as a draft."""
        return self.perform(structure_projects.project_reopen)


_OF_STEP = ("position", "title", "required", "after", "owner", "due_on")


class ProjectStepOutput(Output):
    policy = policies_path.project_step
    file = HeldFileOutput(read_only=True, allow_null=True)
    days_late = serializers.SerializerMethodField(help_text=_("Jours après le jour prévu ; 0 dans les temps."))

    class Meta:
        model = ProjectStep
        fields = (
            "id",
            "version",
            "cooperation",
            "project",
            "code",
            *_OF_STEP,
            "state",
            "done_on",
            "days_late",
            "evidence",
            "file",
            "skipped_reason",
            *_TAIL,
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("cooperation", "file").defer("file__content").prefetch_related("after")

    def get_days_late(self, obj: Any) -> int:
        if obj.state == StepState.SKIPPED:
            return 0
        return days_late(obj.due_on, obj.done_on, day_in(self.context, obj.cooperation.zone))


class ProjectStepInput(ModelInput):
    class Meta:
        model = ProjectStep
        fields = ("project", *_OF_STEP)
        extra_kwargs = {"position": {"required": False, "help_text": _("La dernière par défaut.")}}


class ProjectStepUpdateInput(ModelInput):
    class Meta:
        model = ProjectStep
        fields = _OF_STEP


class CompleteProjectStepInput(Input):
    done_on = serializers.DateField(required=False, help_text=_("Aujourd’hui par défaut."))
    evidence = serializers.CharField(max_length=500, required=False, allow_blank=True)
    file = VisibleRef(queryset=StoredFile.objects.all(), required=False, allow_null=True, help_text=OWN_FILE)


class ProjectStepFilter(filters.FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id", label=_("coopération"))
    project = django_filters.UUIDFilter(field_name="project_id", label=_("projet"))
    owner = django_filters.UUIDFilter(field_name="owner_id", label=_("responsable"))
    state = django_filters.ChoiceFilter(choices=StepState.choices, label=_("état"))
    required = django_filters.BooleanFilter(label=_("nécessaire à la création"))
    locals().update(filters.date_range("due_on"))

    class Meta:
        model = ProjectStep
        fields = ()


class ProjectStepViewSet(ReceivesFiles, ResourceViewSet):
    """The steps proposed for the form, and those of one's own: each may be left aside with a reason."""

    http_method_names = ["get", "post", "patch", "head", "options"]
    serializer_class = ProjectStepOutput
    inputs = {"create": ProjectStepInput, "partial_update": ProjectStepUpdateInput}
    create_service = staticmethod(project_steps.step_create)
    update_service = staticmethod(project_steps.step_update)
    file_actions = frozenset({"restore_file"})
    filterset_class = ProjectStepFilter
    ordering = ("project_id", "position")
    ordering_fields = ("position", "due_on", "done_on", "created_at")

    @act(CompleteProjectStepInput)
    def complete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record that it is done; 409 with each step that comes before it and is open."""
        return self.perform(project_steps.step_complete)

    @act(PathReasonInput)
    def skip(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Leave it aside, and say why."""
        return self.perform(project_steps.step_skip)

    @act(PathReasonInput)
    def reopen(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take it up again, and say why."""
        return self.perform(project_steps.step_reopen)

    @extend_schema(responses=FILE_RESPONSE)
    @action(detail=True, methods=["get"], renderer_classes=[FileRenderer])
    def file(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The bytes of the evidence, to whoever may know of the project."""
        return stored_file_response(request, self.get_object().file)

    @act(UploadInput)
    @extend_schema(request={"multipart/form-data": UploadInput})
    def restore_file(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Bring back a file that an imported dossier knew by its hash only: the very same bytes."""
        step = self.get_object()
        content = self.validated_input()["file"].read()
        expected = self.expected_version()
        return self.respond(
            project_steps.step_restore_file(pk=step.pk, actor=self.actor, expected_version=expected, content=content)
        )
