"""`charters/{id}/coverage/` and `charters/{id}/expected-vs-proven/`: the thread from motivations to what proves them.

Both tell, in every figure and count, of what the reader may know of and of nothing else: what measures an effect at a
higher level is as absent as if it did not exist (docs/adr/0018).
"""

import datetime as dt
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from charters.models import Charter
from coopproject import clock
from coopproject.api import etag
from coopproject.api.filters import refuse_unknown_parameters
from coopproject.api.policy import READ_ONLY, Policy
from coopproject.api.views import ApiViewSet
from coopproject.exact import rounded
from milestones.rules.evaluation import Reason, Status
from milestones.selectors.figures import IndicatorFigure, thresholds_of
from milestones.selectors.proof import EffectFigure, MotivationFigure, coverage, expected_vs_proven

PLACES = 6


class LastMeasurementOutput(serializers.Serializer[Any]):
    """The latest validated value; `value` is null for one in words."""

    measurement = serializers.UUIDField(source="pk")
    period_end = serializers.DateField()
    value = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True)
    validated_at = serializers.DateTimeField()


class CoveredIndicatorOutput(serializers.Serializer[Any]):
    indicator = serializers.UUIDField(source="indicator.pk")
    code = serializers.CharField(source="indicator.code")
    label = serializers.CharField(source="indicator.label")  # type: ignore[assignment]
    last_measurement = LastMeasurementOutput(source="measurement", allow_null=True)


class CoveredEffectOutput(serializers.Serializer[Any]):
    effect = serializers.UUIDField(source="effect.pk")
    label = serializers.CharField(source="effect.label")  # type: ignore[assignment]
    due_on = serializers.DateField(source="effect.due_on", allow_null=True)
    indicators = CoveredIndicatorOutput(many=True)


class CoveredMotivationOutput(serializers.Serializer[Any]):
    motivation = serializers.UUIDField(source="motivation.pk")
    code = serializers.CharField(source="motivation.code")
    matrix_code = serializers.CharField(source="motivation.matrix_code")
    label = serializers.CharField(source="motivation.label")  # type: ignore[assignment]
    organisation = serializers.UUIDField(source="motivation.organisation_id", allow_null=True)
    weight = serializers.IntegerField(source="motivation.weight")
    effects = CoveredEffectOutput(many=True)


class CoverageTotalsOutput(serializers.Serializer[Any]):
    """`covered_motivations`: those that at least one validated measurement tells something of."""

    motivations = serializers.IntegerField()
    covered_motivations = serializers.IntegerField()
    motivations_without_effect = serializers.IntegerField()
    effects = serializers.IntegerField()
    effects_without_indicator = serializers.IntegerField()
    indicators = serializers.IntegerField()
    indicators_without_measurement = serializers.IntegerField()


class CoverageOutput(serializers.Serializer[Any]):
    """The thread today, by charter and code, and where it breaks. Only what the reader may know of counts."""

    charter = serializers.UUIDField()
    on = serializers.DateField()
    motivations = CoveredMotivationOutput(many=True)
    motivations_without_effect = serializers.ListField(child=serializers.UUIDField())
    effects_without_indicator = serializers.ListField(child=serializers.UUIDField())
    indicators_without_measurement = serializers.ListField(child=serializers.UUIDField())
    totals = CoverageTotalsOutput()


class ProvenIndicatorOutput(serializers.Serializer[Any]):
    """What the indicator shows: exact figures rounded to six decimals, in its own unit."""

    indicator = serializers.UUIDField()
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    unit = serializers.CharField()
    status = serializers.ChoiceField([status.value for status in Status])
    measurement = serializers.UUIDField(allow_null=True)
    measured_on = serializers.DateField(allow_null=True)
    expected = serializers.DecimalField(max_digits=24, decimal_places=PLACES, allow_null=True)
    actual = serializers.DecimalField(max_digits=24, decimal_places=PLACES, allow_null=True)
    rate = serializers.DecimalField(max_digits=24, decimal_places=PLACES, allow_null=True)


class _ProofOutput(serializers.Serializer[Any]):
    expected_level = serializers.IntegerField(source="proof.expected")
    proven_level = serializers.IntegerField(source="proof.proven", allow_null=True)
    gap = serializers.IntegerField(source="proof.gap", allow_null=True)
    status = serializers.ChoiceField([status.value for status in Status], source="proof.status")
    reason = serializers.ChoiceField([reason.value for reason in Reason], source="proof.reason", allow_null=True)


class ProvenEffectOutput(_ProofOutput):
    effect = serializers.UUIDField(source="effect.pk")
    label = serializers.CharField(source="effect.label")  # type: ignore[assignment]
    due_on = serializers.DateField(source="effect.due_on", allow_null=True)
    indicators = serializers.SerializerMethodField()

    @extend_schema_field(ProvenIndicatorOutput(many=True))
    def get_indicators(self, obj: EffectFigure) -> Any:
        return ProvenIndicatorOutput([_indicator(figure) for figure in obj.indicators], many=True).data


class ProvenMotivationOutput(_ProofOutput):
    motivation = serializers.UUIDField(source="motivation.pk")
    code = serializers.CharField(source="motivation.code")
    matrix_code = serializers.CharField(source="motivation.matrix_code")
    label = serializers.CharField(source="motivation.label")  # type: ignore[assignment]
    organisation = serializers.UUIDField(source="motivation.organisation_id", allow_null=True)
    weight = serializers.IntegerField(source="motivation.weight")
    effects = ProvenEffectOutput(many=True)


class ExpectedVsProvenOutput(serializers.Serializer[Any]):
    """As it was known at the end of the day `on`, the largest disappointment first, then what weighs most; what is not
    proven comes last. `gap` is proven − expected on the scale from 1 to 5; null with its `reason`, which is not zero.
    `convention`: the thresholds used, of the cooperation or by default (confidence K)."""

    charter = serializers.UUIDField()
    on = serializers.DateField()
    motivations = ProvenMotivationOutput(many=True)
    counts = serializers.DictField(child=serializers.IntegerField())
    convention = serializers.DictField(child=serializers.JSONField())


def _indicator(figure: IndicatorFigure) -> dict[str, Any]:
    found, indicator = figure.assessment, figure.indicator
    return {
        "indicator": indicator.pk,
        "code": indicator.code,
        "label": indicator.label,
        "unit": indicator.unit,
        "status": found.status.value,
        "measurement": figure.measurement.pk if figure.measurement else None,
        "measured_on": found.measured_on,
        "expected": _decimal(found.expected),
        "actual": _decimal(found.actual),
        "rate": _decimal(found.rate),
    }


def _decimal(value: Fraction | None) -> Any:
    return None if value is None else rounded(value, PLACES)


class ExpectationViewSet(ApiViewSet):
    """What the members of a charter expected, what measures it, and what is proven of it."""

    serializer_class = CoverageOutput
    queryset = Charter.objects.none()
    pagination_class = None
    filter_backends = ()
    detail = True
    extra_parameters = {"expected_vs_proven": ("on",)}

    @property
    def policy(self) -> Policy:
        return READ_ONLY

    @extend_schema(operation_id="charters_coverage_retrieve", responses=CoverageOutput)
    def coverage(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Where the thread breaks today: nothing expected, nothing that measures, nothing measured."""
        charter, today = self._charter(request)
        return self._tagged(CoverageOutput(_coverage(charter, today, coverage(charter, self.actor, today))).data)

    @extend_schema(
        operation_id="charters_expected_vs_proven_retrieve",
        parameters=[
            OpenApiParameter(
                "on", {"type": "string", "format": "date"}, description=_("Le jour, au plus tard aujourd’hui.")
            )
        ],
        responses=ExpectedVsProvenOutput,
    )
    def expected_vs_proven(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Expected against proven on a day, as it was known then; the largest disappointment first."""
        charter, today = self._charter(request)
        on = _day(request.query_params.get("on"), today)
        found = expected_vs_proven(charter, self.actor, on)
        body = {
            "charter": charter.pk,
            "on": on,
            "motivations": found,
            "counts": {
                status.value: sum(figure.proof.status is status for figure in found)
                for status in (Status.RED, Status.AMBER, Status.GREEN, Status.NO_DATA, Status.NOT_STARTED)
            },
            "convention": thresholds_of(charter.cooperation).to_dict(),
        }
        return self._tagged(ExpectedVsProvenOutput(body).data)

    def _charter(self, request: Request) -> tuple[Charter, dt.date]:
        refuse_unknown_parameters(request, self)
        visible = Charter.objects.visible_to(self.actor).select_related("cooperation")
        charter: Charter = get_object_or_404(visible, pk=self.kwargs["pk"])
        return charter, clock.today(charter.cooperation.zone)

    def _tagged(self, body: Any) -> Response:
        current = etag.list_tag(body)
        response = Response(status=304) if etag.matches_none(self.request, current) else Response(body)
        response["ETag"] = current
        return response


def _day(value: str | None, today: dt.date) -> dt.date:
    if value is None:
        return today
    try:
        day = serializers.DateField().run_validation(value)
    except ValidationError as error:
        raise ValidationError({"?on": error.detail}) from error
    if day > today:
        raise ValidationError({"?on": [ErrorDetail(str(_("Ce jour est à venir.")), "in_the_future")]})
    found: dt.date = day
    return found


def _coverage(charter: Charter, today: dt.date, figures: list[MotivationFigure]) -> dict[str, Any]:
    figures = sorted(figures, key=lambda figure: figure.motivation.code)
    effects = [effect for figure in figures for effect in figure.effects]
    indicators = [indicator for effect in effects for indicator in effect.indicators]
    gaps = {
        "motivations_without_effect": [figure.motivation.pk for figure in figures if not figure.effects],
        "effects_without_indicator": [item.effect.pk for item in effects if not item.indicators],
        "indicators_without_measurement": [item.indicator.pk for item in indicators if item.measurement is None],
    }
    covered = [
        figure
        for figure in figures
        if any(item.measurement is not None for effect in figure.effects for item in effect.indicators)
    ]
    return {
        "charter": charter.pk,
        "on": today,
        "motivations": figures,
        **gaps,
        "totals": {
            "motivations": len(figures),
            "covered_motivations": len(covered),
            "effects": len(effects),
            "indicators": len(indicators),
            **{name: len(found) for name, found in gaps.items()},
        },
    }
