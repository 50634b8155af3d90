"""`GET /cooperations/{id}/vital-signs/`: how the cooperation is today, in one answer."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject import clock
from coopproject.api import etag
from coopproject.api.filters import refuse_unknown_parameters
from coopproject.api.policy import READ_ONLY, Policy
from coopproject.api.views import ApiViewSet
from governance import vital_signs
from governance.models import Cooperation


class ConcernOutput(serializers.Serializer[Any]):
    resource = serializers.CharField()
    id = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    url = serializers.CharField()


class VitalSignOutput(serializers.Serializer[Any]):
    """`code` names the rule that raised the sign; `since`: first day on which it was true, when known."""

    code = serializers.CharField()
    severity = serializers.ChoiceField(vital_signs.Severity.choices)
    title = serializers.CharField()
    why = serializers.CharField()
    clears = serializers.CharField()
    since = serializers.DateField(allow_null=True)
    objects = ConcernOutput(many=True)


class VitalSignsOutput(serializers.Serializer[Any]):
    cooperation = serializers.UUIDField()
    on = serializers.DateField()
    counts = serializers.DictField(child=serializers.IntegerField())
    signs = VitalSignOutput(many=True)


class VitalSignsViewSet(ApiViewSet):
    """What is wrong, why, since when and what clears it; only about what the reader may know of."""

    serializer_class = VitalSignsOutput
    queryset = Cooperation.objects.none()
    pagination_class = None
    filter_backends = ()
    detail = True

    @property
    def policy(self) -> Policy:
        return READ_ONLY

    @extend_schema(operation_id="cooperations_vital_signs_retrieve", responses=VitalSignsOutput)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Every vital sign of the cooperation today, gravest first."""
        refuse_unknown_parameters(request, self)
        cooperation = get_object_or_404(Cooperation.objects.visible_to(self.actor), pk=kwargs["pk"])
        today = clock.today(cooperation.zone)
        signs = vital_signs.examine(cooperation, actor=self.actor, on=today)
        body = {
            "cooperation": str(cooperation.pk),
            "on": today.isoformat(),
            "counts": {
                str(severity): sum(sign.severity == severity for sign in signs) for severity in vital_signs.Severity
            },
            "signs": [sign.as_data() for sign in signs],
        }
        current = etag.list_tag(body)
        response = Response(status=304) if etag.matches_none(request, current) else Response(body)
        response["ETag"] = current
        return response
