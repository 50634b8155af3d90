"""`structure-scenarios`: hypotheses of structure; `cooperations/{id}/scenarios/`: side by side."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject.api import filters
from coopproject.api.policy import READ_ONLY, Policy
from coopproject.api.serializers import Input, ModelInput, Output, VisibleRef
from coopproject.api.views import ApiViewSet, ResourceViewSet, act
from governance.api.requests import refuse_parameters
from governance.api.told_facts import FormFindingsOutput, ToldFactsField, ToldFactsInput
from governance.enums_path import ScenarioState
from governance.models import Cooperation, StructureScenario
from governance.policies import path as policies_path
from governance.rules.legal_forms import FormCode
from governance.rules.orientation import CooperationType, Family, Form
from governance.rules.readiness import Answer
from governance.rules.scenarios import FEATURES, family_of
from governance.selectors import scenarios as selectors
from governance.services import scenarios as services

_FORMS = [str(code) for code in FormCode]
_TYPES = [str(kind) for kind in CooperationType]
_FAMILIES = [str(family) for family in Family]
_WRITABLE = (
    "title",
    "forms",
    "scheme",
    "members",
    "facts",
    "features",
    "pooled",
    "governance",
    "cost_once",
    "cost_yearly",
    "impact_flags",
    "staff",
    "advantages",
    "drawbacks",
    "risks",
    "reversibility",
    "confidentiality",
)


class FeaturesField(serializers.DictField):
    """Feature of a GES -> yes, partly or no."""

    def __init__(self, **kwargs: Any) -> None:
        known = ", ".join(FEATURES)
        kwargs.setdefault("help_text", _("Caractéristiques connues : %(known)s.") % {"known": known})
        super().__init__(child=serializers.ChoiceField([str(answer) for answer in Answer]), **kwargs)


def forms_field(**kwargs: Any) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.ChoiceField(_FORMS), max_length=10, help_text=_("Codes de legal-forms."), **kwargs
    )


class StructureScenarioOutput(Output):
    policy = policies_path.structure_scenario
    forms = forms_field(read_only=True)
    facts = ToldFactsField(read_only=True)
    features = FeaturesField(read_only=True)
    family = serializers.SerializerMethodField(help_text=_("Organique dès qu’une forme crée une personne morale."))

    class Meta:
        model = StructureScenario
        fields = (
            "id",
            "version",
            "cooperation",
            *_WRITABLE,
            "family",
            "state",
            "proposed_on",
            "decided_on",
            "state_reason",
            "created_at",
            "updated_at",
            "abilities",
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.prefetch_related("members")

    @extend_schema_field(serializers.ChoiceField(_FAMILIES, allow_null=True))
    def get_family(self, obj: Any) -> Any:
        return family_of(obj.forms)


class StructureScenarioUpdateInput(ModelInput):
    forms = forms_field(required=False)
    facts = ToldFactsInput(required=False)
    features = FeaturesField(required=False)

    class Meta:
        model = StructureScenario
        fields = _WRITABLE


class StructureScenarioInput(ModelInput):
    forms = forms_field(required=False)
    facts = ToldFactsInput(required=False)
    features = FeaturesField(required=False)

    class Meta:
        model = StructureScenario
        fields = ("cooperation", *_WRITABLE)


class PathReasonInput(Input):
    reason = serializers.CharField(max_length=5000)


class KeepScenarioInput(Input):
    reason = serializers.CharField(max_length=5000)
    set_aside = serializers.ListField(
        child=VisibleRef(queryset=StructureScenario.objects.all()),
        required=False,
        max_length=50,
        help_text=_("Celles que l’on écarte en même temps ; les autres ne changent pas."),
    )
    set_aside_reason = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class StructureScenarioFilter(filters.FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id", label=_("coopération"))
    state = django_filters.ChoiceFilter(choices=ScenarioState.choices, label=_("état"))
    state__in = filters.ChoiceInFilter(field_name="state", lookup_expr="in", choices=ScenarioState.choices)
    form = django_filters.ChoiceFilter(method="filter_form", choices=[(code, code) for code in _FORMS])
    member = django_filters.UUIDFilter(field_name="members", label=_("organisation"))

    class Meta:
        model = StructureScenario
        fields = ()

    def filter_form(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(forms__contains=[value])


class StructureScenarioViewSet(ResourceViewSet):
    """Drafts are free; a hypothesis is proposed once the project, the needs and the motivations are told."""

    http_method_names = ["get", "post", "patch", "head", "options"]
    serializer_class = StructureScenarioOutput
    inputs: ClassVar[dict[str, Any]] = {
        "create": StructureScenarioInput,
        "partial_update": StructureScenarioUpdateInput,
    }
    create_service = staticmethod(services.scenario_create)
    update_service = staticmethod(services.scenario_update)
    filterset_class = StructureScenarioFilter
    search_fields = ("search_title",)
    ordering = ("created_at",)
    ordering_fields: ClassVar[dict[str, str]] = {
        "created_at": "created_at",
        "title": "search_title",
        "cost_once": "cost_once",
        "cost_yearly": "cost_yearly",
    }
    guarded_actions = frozenset({"partial_update"})

    @act(guarded=True)
    def propose(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put it before the others; 409 with every reason while the project, needs or motivations are to be told."""
        return self.perform(services.scenario_propose)

    @act(KeepScenarioInput, guarded=True)
    def keep(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Keep it and say why; the others change only if they are named."""
        return self.perform(services.scenario_keep)

    @act(PathReasonInput, guarded=True)
    def set_aside(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Set it aside and say why; it stays in the comparison."""
        return self.perform(services.scenario_set_aside)

    @act(PathReasonInput, guarded=True)
    def reopen(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Back to the draft."""
        return self.perform(services.scenario_reopen)


class ScenarioFormOutput(FormFindingsOutput):
    """`carries` and `lacks`: the wanted types that it carries or not in the orientation table; empty (null) when the
    form is no column of the table, or while the table may not answer."""

    family = serializers.ChoiceField(_FAMILIES)
    orientation = serializers.ChoiceField([str(form) for form in Form], allow_null=True)
    carries = serializers.ListField(child=serializers.ChoiceField(_TYPES), allow_null=True)
    lacks = serializers.ListField(child=serializers.ChoiceField(_TYPES), allow_null=True)


class ScenarioEmployerOutput(serializers.Serializer[Any]):
    """What this employer would owe its staff body if the hypothesis became a decision."""

    organisation = serializers.UUIDField()
    name = serializers.CharField()
    code = serializers.CharField()
    consultation = serializers.BooleanField(help_text=_("Le CSE serait consulté avant la décision."))
    detail = serializers.CharField()
    legal_reference = serializers.CharField()
    confidence = serializers.CharField()


class ScenarioColumnOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    state = serializers.ChoiceField(ScenarioState.choices)
    state_reason = serializers.CharField()
    scheme = serializers.CharField()
    family = serializers.ChoiceField(_FAMILIES, allow_null=True)
    forms = ScenarioFormOutput(many=True)
    employers = ScenarioEmployerOutput(many=True)


class ScenarioValueOutput(serializers.Serializer[Any]):
    scenario = serializers.UUIDField()
    said = serializers.ListField(child=serializers.CharField(), help_text=_("Codes, identifiants, montants ou texte."))


class ScenarioRowOutput(serializers.Serializer[Any]):
    """One head of the comparison. `divides`: null where there is nothing to compare (texts are read side by side)."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    divides = serializers.BooleanField(allow_null=True)
    values = ScenarioValueOutput(many=True)


class StillMissingOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()
    pointer = serializers.CharField()


class ScenarioComparisonOutput(serializers.Serializer[Any]):
    """`orientation_missing`: what is still to be told before the orientation table answers. `names`: what the
    identifiers and codes of `rows` mean.
    """

    cooperation = serializers.UUIDField()
    on = serializers.DateField()
    currency = serializers.CharField()
    orientation_missing = StillMissingOutput(many=True)
    scenarios = ScenarioColumnOutput(many=True)
    rows = ScenarioRowOutput(many=True)
    names = serializers.DictField(child=serializers.CharField())


class ScenarioComparisonViewSet(ApiViewSet):
    serializer_class = ScenarioComparisonOutput
    queryset = Cooperation.objects.none()
    pagination_class = None
    filter_backends = ()
    detail = True
    policy: Policy = READ_ONLY

    @extend_schema(operation_id="cooperations_scenarios_retrieve", responses=ScenarioComparisonOutput)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Every hypothesis under the same heads, and which heads divide them. No rank, no verdict."""
        refuse_parameters(request)
        cooperation = get_object_or_404(Cooperation.objects.visible_to(self.actor), pk=kwargs["pk"])
        return Response(ScenarioComparisonOutput(selectors.side_by_side(cooperation, self.actor)).data)
