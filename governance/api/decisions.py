"""Decisions: their acts, and what they wait for."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject import clock
from coopproject.api import filters
from coopproject.api.downloads import FILE_RESPONSE, FileRenderer, stored_file_response
from coopproject.api.serializers import Input, ModelInput, Output, VisibleRef
from coopproject.api.uploads import ReceivesFiles, UploadInput
from coopproject.api.views import ResourceViewSet, act
from governance import gate
from governance.api.held_files import OWN_FILE, HeldFileOutput
from governance.enums import DecidedBy, DecisionState, ReviewConclusion
from governance.models import Decision, DecisionOption, Organisation, OutcomeReview, StoredFile
from governance.models.decisions import in_force
from governance.policies import decisions as policies_decisions
from governance.services import decision_options, missing_minutes, outcome_reviews, taking
from governance.services import decisions as services


class RequirementReasonOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()


class RequirementOutput(serializers.Serializer[Any]):
    """One thing that must hold. `holds_from`: the first day on which it holds by itself, when it is known."""

    code = serializers.CharField()
    status = serializers.ChoiceField(gate.RequirementStatus.choices)
    detail = serializers.CharField()
    clears = serializers.CharField(help_text=_("Ce qui lève l’obstacle."))
    organisation = serializers.UUIDField(allow_null=True)
    since = serializers.DateField(allow_null=True)
    holds_from = serializers.DateField(allow_null=True)
    basis = serializers.CharField()
    legal_reference = serializers.CharField()
    confidence = serializers.CharField(help_text=_("A ou B : établi ; sinon, choix configurable de cette instance."))
    objects = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    reasons = RequirementReasonOutput(
        many=True,
        help_text=_("Pourquoi, pas à pas ; les faits d’une consultation ne sont dits qu’à qui peut la lire."),
    )


class RequirementsOutput(serializers.Serializer[Any]):
    decision = serializers.UUIDField()
    on = serializers.DateField(help_text=_("Le jour légal pour lequel la réponse vaut."))
    can_be_taken = serializers.BooleanField()
    requirements = RequirementOutput(many=True)


class DecisionOptionOutput(serializers.ModelSerializer[DecisionOption]):
    class Meta:
        model = DecisionOption
        fields = ("id", "position", *decision_options.FIELDS)


class DecisionOptionInput(ModelInput):
    """Its rank is its place in the list."""

    class Meta:
        model = DecisionOption
        fields = decision_options.FIELDS


class OutcomeReviewOutput(serializers.ModelSerializer[OutcomeReview]):
    class Meta:
        model = OutcomeReview
        fields = ("id", "held_on", "obtained", "conclusion", "next_review_on", "recorded_by")


class DecisionOutput(Output):
    """`decided_by` empty: decided elsewhere, only recorded. In force from `taken_on` until `out_of_force_on`."""

    policy = policies_decisions.decision
    maskable = ("description", "outcome", "withdrawn_reason")

    options = DecisionOptionOutput(many=True, read_only=True)
    reviews = OutcomeReviewOutput(many=True, read_only=True)
    minutes_file = HeldFileOutput(read_only=True, allow_null=True)
    requirements_at_taking = serializers.SerializerMethodField(
        help_text=_("Ce qui était constaté ce jour-là ; les consultations se lisent par leur propre adresse.")
    )

    class Meta:
        model = Decision
        fields = (
            "id",
            "version",
            "cooperation",
            "title",
            "description",
            "impact_flags",
            "no_impact_reason",
            "concerned",
            "planned_on",
            "subject",
            "decided_by",
            "amount",
            "options",
            "supersedes",
            "state",
            "submitted_on",
            "taken_on",
            "taken_by",
            "outcome",
            "rejected",
            "chosen_option",
            "delegation",
            "minutes_reference",
            "minutes_file",
            "expected_outcome",
            "review_on",
            "reviews",
            "superseded_by",
            "out_of_force_on",
            "requirements_at_taking",
            "withdrawn_reason",
            "confidentiality",
            "created_at",
            "updated_at",
            "abilities",
        )

    @extend_schema_field(serializers.ListField(child=serializers.DictField(), allow_null=True))
    def get_requirements_at_taking(self, obj: Decision) -> list[dict[str, Any]] | None:
        """What the row keeps, but for the consultations that it names: not every reader may know of them."""
        rows = obj.requirements_at_taking
        return rows and [{name: value for name, value in row.items() if name != "objects"} for row in rows]

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("minutes_file").prefetch_related(
            Prefetch("concerned", Organisation.objects.order_by("pk")),
            Prefetch("supersedes", Decision.objects.order_by("pk")),
            Prefetch("options", DecisionOption.objects.order_by("position")),
            Prefetch("reviews", OutcomeReview.objects.order_by("held_on", "pk")),
        )


_WRITABLE = (
    "title",
    "description",
    "impact_flags",
    "no_impact_reason",
    "concerned",
    "planned_on",
    "subject",
    "decided_by",
    "amount",
    "options",
    "supersedes",
    "confidentiality",
)


class DecisionInput(ModelInput):
    options = DecisionOptionInput(many=True, required=False, max_length=20)  # type: ignore[call-arg]

    class Meta:
        model = Decision
        fields = ("cooperation", *_WRITABLE)


class DecisionUpdate(ModelInput):
    options = DecisionOptionInput(many=True, required=False, max_length=20)  # type: ignore[call-arg]

    class Meta:
        model = Decision
        fields = _WRITABLE


class TakeInput(Input):
    outcome = serializers.CharField(max_length=20_000, help_text=_("Le relevé de décision."))
    taken_on = serializers.DateField(required=False, help_text=_("Jour de la décision ; aujourd’hui par défaut."))
    rejected = serializers.BooleanField(required=False, default=False, help_text=_("Ce qui est pris est un refus."))
    chosen_option = VisibleRef(
        queryset=DecisionOption.objects.all(),
        required=False,
        allow_null=True,
        help_text=_("Attendue quand la décision a des options."),
    )
    minutes_reference = serializers.CharField(max_length=200, required=False)
    minutes_file = VisibleRef(queryset=StoredFile.objects.all(), required=False, allow_null=True, help_text=OWN_FILE)
    expected_outcome = serializers.CharField(
        max_length=20_000, required=False, help_text=_("Ce que la décision doit donner, à comparer lors de la revue.")
    )
    review_on = serializers.DateField(
        required=False, allow_null=True, help_text=_("Jour de la revue, après celui de la décision.")
    )


class RecordReviewInput(Input):
    obtained = serializers.CharField(max_length=20_000, help_text=_("Ce qui a été obtenu."))
    conclusion = serializers.ChoiceField(ReviewConclusion.choices)
    held_on = serializers.DateField(required=False, help_text=_("Aujourd’hui s’il n’est pas dit."))
    next_review_on = serializers.DateField(required=False, allow_null=True)


class WithdrawInput(Input):
    reason = serializers.CharField(max_length=5_000)


class DecisionFilter(filters.FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    concerned = django_filters.UUIDFilter(method="filter_concerned")
    state = django_filters.ChoiceFilter(choices=DecisionState.choices)
    state__in = filters.ChoiceInFilter(field_name="state", lookup_expr="in", choices=DecisionState.choices)
    subject = django_filters.CharFilter()
    decided_by = django_filters.ChoiceFilter(choices=DecidedBy.choices)
    in_force = django_filters.BooleanFilter(method="filter_in_force", label=_("en vigueur aujourd’hui"))
    locals().update(filters.date_range("review_on"))
    locals().update(filters.date_range("planned_on"))
    locals().update(filters.date_range("taken_on"))

    def filter_concerned(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset.filter(concerned=value)

    def filter_in_force(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return queryset.filter(in_force(clock.today())) if value else queryset.exclude(in_force(clock.today()))


class DecisionViewSet(ReceivesFiles, ResourceViewSet):
    """A decision is held back until every requirement holds: read `requirements` before `take`."""

    serializer_class = DecisionOutput
    inputs: ClassVar[dict[str, Any]] = {"create": DecisionInput, "partial_update": DecisionUpdate}
    create_service = staticmethod(services.decision_create)
    update_service = staticmethod(services.decision_update)
    filterset_class = DecisionFilter
    search_fields = ("search_title",)
    ordering = ("-created_at",)
    ordering_fields: ClassVar[dict[str, str]] = {
        "created_at": "created_at",
        "planned_on": "planned_on",
        "taken_on": "taken_on",
        "review_on": "review_on",
        "title": "search_title",
    }
    guarded_actions = frozenset({"partial_update"})
    file_actions = frozenset({"restore_minutes"})
    http_method_names = ["get", "post", "patch", "head", "options"]

    @act(guarded=True)
    def submit(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put the decision before the members."""
        return self.perform(services.decision_submit)

    @act(TakeInput, legal=True, guarded=True)
    def take(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record that the decision is taken; 409 with every missing requirement while one holds it back."""
        return self.perform(taking.decision_take)

    @act(WithdrawInput, guarded=True)
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give the decision up."""
        return self.perform(services.decision_withdraw)

    @act(RecordReviewInput, guarded=True)
    def record_review(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record what a decision gave, and when it is reviewed again; one that is abandoned is no longer in force."""
        return self.perform(outcome_reviews.decision_record_review)

    @extend_schema(responses=FILE_RESPONSE)
    @action(detail=True, methods=["get"], renderer_classes=[FileRenderer])
    def minutes(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The minutes as they were sent, to whoever may know of the decision."""
        return stored_file_response(request, self.get_object().minutes_file)

    @act(UploadInput)
    @extend_schema(request={"multipart/form-data": UploadInput})
    def restore_minutes(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Bring back minutes that an imported dossier knew by their hash only: the very same bytes."""
        decision = self.get_object()
        restored = missing_minutes.decision_restore_minutes(
            pk=decision.pk,
            actor=self.actor,
            expected_version=self.expected_version(),
            content=self.validated_input()["file"].read(),
        )
        return self.respond(restored)

    @extend_schema(responses=RequirementsOutput, filters=False)
    @action(detail=True, methods=["get"])
    def requirements(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What must hold before the decision may be taken: the same answer as `take` would rest on today.

        A coordinator reads whether they hold the delegation themselves; the others, whether somebody does.
        """
        decision = self.get_object()
        today = clock.today(decision.cooperation.zone)
        found = gate.known_to(taking.requirements_for(decision, self.actor, on=today), self.actor)
        body = {
            "decision": str(decision.pk),
            "on": today.isoformat(),
            "can_be_taken": not any(requirement.holds_back for requirement in found),
            "requirements": [requirement.as_data_with_reasons() for requirement in found],
        }
        return Response(body)
