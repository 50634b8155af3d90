"""`arbitration-grids`: cooperate or merge, scored by each member; `cooperations/{id}/arbitration/`: the sums."""

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
from governance.models import ArbitrationGrid, Cooperation
from governance.rules.arbitration import CRITERIA, Leaning
from governance.selectors import arbitration as selectors
from governance.services import arbitration as services


class ScoresField(serializers.DictField):
    """Criterion -> {score, reason}; the service says which criteria are known."""

    def __init__(self, **kwargs: Any) -> None:
        known = ", ".join(CRITERIA)
        said = _("Par critère : score, un entier de −2 (coopérer) à 2 (fusionner), et reason. Critères : %(known)s.")
        kwargs.setdefault("help_text", said % {"known": known})
        super().__init__(child=serializers.DictField(child=serializers.JSONField()), **kwargs)


class ArbitrationGridOutput(Output):
    policy = policies.arbitration_grid
    scores = ScoresField(read_only=True)

    class Meta:
        model = ArbitrationGrid
        fields = (
            "id",
            "version",
            "cooperation",
            "organisation",
            "state",
            "scores",
            "confidentiality",
            "submitted_on",
            "created_at",
            "updated_at",
            "abilities",
        )


class ArbitrationGridUpdateInput(ModelInput):
    scores = ScoresField(required=False)

    class Meta:
        model = ArbitrationGrid
        fields = ("scores", "confidentiality")


class ArbitrationGridInput(ModelInput):
    scores = ScoresField(required=False)

    class Meta:
        model = ArbitrationGrid
        fields = ("cooperation", "organisation", "scores", "confidentiality")


class ArbitrationGridFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id", label=_("coopération"))
    organisation = django_filters.UUIDFilter(field_name="organisation_id", label=_("organisation"))
    state = django_filters.ChoiceFilter(choices=SheetState.choices, label=_("état"))
    locals().update(date_range("submitted_on"))

    class Meta:
        model = ArbitrationGrid
        fields = ()


class ArbitrationGridViewSet(ResourceViewSet):
    """A draft is its organisation's, and the coordination's; submitted, the others read it."""

    serializer_class = ArbitrationGridOutput
    inputs = {"create": ArbitrationGridInput, "partial_update": ArbitrationGridUpdateInput}
    create_service = staticmethod(services.grid_create)
    update_service = staticmethod(services.grid_update)
    filterset_class = ArbitrationGridFilter
    ordering = ("created_at",)
    ordering_fields = ("created_at", "submitted_on")

    @act()
    def submit(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Hand the grid over to the others; 409 with each criterion that is still to be scored."""
        return self.perform(services.grid_submit)

    @act()
    def reopen(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take the grid back to change it; the others see it again once it is submitted."""
        return self.perform(services.grid_reopen)


class CriterionScoreOutput(serializers.Serializer[Any]):
    organisation = serializers.UUIDField()
    score = serializers.IntegerField()
    reason = serializers.CharField()


class CriterionTallyOutput(serializers.Serializer[Any]):
    """`spread`: the distance between the two members furthest apart."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    for_cooperation = serializers.IntegerField()
    for_merger = serializers.IntegerField()
    spread = serializers.IntegerField()
    scores = CriterionScoreOutput(many=True)


class ArbitrationOutput(serializers.Serializer[Any]):
    """Sums of what members gave. `leaning` is empty until every member gave all its reasons; people decide."""

    cooperation = serializers.UUIDField()
    criteria = CriterionTallyOutput(many=True)
    for_cooperation = serializers.IntegerField()
    for_merger = serializers.IntegerField()
    most_divisive = serializers.ListField(child=serializers.CharField())
    awaited = serializers.ListField(child=serializers.UUIDField(), help_text=_("Membres qui n’ont pas tout dit."))
    leaning = serializers.ChoiceField([str(leaning) for leaning in Leaning], allow_null=True)


class ArbitrationViewSet(ApiViewSet):
    serializer_class = ArbitrationOutput
    queryset = Cooperation.objects.none()
    pagination_class = None
    filter_backends = ()
    detail = True
    policy: Policy = READ_ONLY

    @extend_schema(operation_id="cooperations_arbitration_retrieve", responses=ArbitrationOutput)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Points given to each side, what divides most, and whose reasons are awaited. Drafts are not told."""
        refuse_parameters(request)
        cooperation = get_object_or_404(Cooperation.objects.visible_to(self.actor), pk=kwargs["pk"])
        return Response(ArbitrationOutput(selectors.sums(cooperation, self.actor)).data)
