"""`cooperations/{id}/orientation/`: which forms carry what is wanted, once project, needs and motivations are told."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject import clock
from coopproject.api.filters import refuse_unknown_parameters
from coopproject.api.policy import READ_ONLY, Policy
from coopproject.api.views import ApiViewSet
from governance.models import Cooperation
from governance.rules.cooperation_types import type_entry
from governance.rules.legal_forms import FORMS
from governance.rules.orientation import (
    FORM_LABELS,
    CooperationType,
    ExcludedForm,
    Family,
    Form,
    OrientedForm,
    excluded,
    orient,
)
from governance.selectors.orientation import told_so_far

_TYPES = [str(kind) for kind in CooperationType]


class OrientationTypeOutput(serializers.Serializer[Any]):
    type = serializers.ChoiceField(_TYPES)
    name = serializers.CharField(source="label")
    goal = serializers.CharField()
    gains = serializers.ListField(child=serializers.CharField())
    drawbacks = serializers.ListField(child=serializers.CharField())
    keys = serializers.ListField(child=serializers.CharField())


class OrientedFormOutput(serializers.Serializer[Any]):
    """`types`: which of the wanted types it carries. `legal_forms`: its entries of the reference."""

    form = serializers.ChoiceField([str(form) for form in Form])
    name = serializers.CharField()
    family = serializers.ChoiceField([str(family) for family in Family])
    types = serializers.ListField(child=serializers.ChoiceField(_TYPES))
    legal_forms = serializers.ListField(child=serializers.CharField())


class ExclusionReasonOutput(serializers.Serializer[Any]):
    code = serializers.ChoiceField(["type_not_carried", "makes_new_entity"])
    detail = serializers.CharField()


class ExcludedFormOutput(serializers.Serializer[Any]):
    form = serializers.ChoiceField([str(form) for form in Form])
    name = serializers.CharField()
    family = serializers.ChoiceField([str(family) for family in Family])
    reasons = ExclusionReasonOutput(many=True)


class OrientationOutput(serializers.Serializer[Any]):
    """`forms` carry every wanted type alone; `partial_forms` some, to be combined; `excluded` says why not whole."""

    cooperation = serializers.UUIDField()
    new_entity = serializers.BooleanField()
    types = OrientationTypeOutput(many=True)
    forms = OrientedFormOutput(many=True)
    partial_forms = OrientedFormOutput(many=True)
    excluded = ExcludedFormOutput(many=True)


class OrientationViewSet(ApiViewSet):
    """The guide warns that the form must never be the entry point."""

    serializer_class = OrientationOutput
    queryset = Cooperation.objects.none()
    pagination_class = None
    filter_backends = ()
    detail = True
    extra_parameters = {"retrieve": ("types", "new_entity")}
    policy: Policy = READ_ONLY

    @extend_schema(
        operation_id="cooperations_orientation_retrieve",
        parameters=[
            OpenApiParameter(
                "types", str, description=_("Types voulus, séparés par des virgules ; ceux de la coopération sinon.")
            ),
            OpenApiParameter("new_entity", bool, description=_("Faux : aucune nouvelle personne morale.")),
        ],
        responses=OrientationOutput,
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The forms that fit. 409 while the project, the needs or the motivations are still to be told."""
        refuse_unknown_parameters(request, self)
        cooperation = get_object_or_404(Cooperation.objects.visible_to(self.actor), pk=kwargs["pk"])
        today = clock.today(cooperation.zone)
        facts = told_so_far(
            cooperation,
            self.actor,
            today,
            types=_types(request.query_params.get("types"), cooperation),
            without_new_entity=not _wanted(request.query_params.get("new_entity", "true")),
        )
        found = orient(facts)
        body = {
            "cooperation": cooperation.pk,
            "new_entity": not facts.without_new_entity,
            "types": [type_entry(kind) for kind in CooperationType if kind in facts.types],
            "forms": [_form(form) for form in found.whole],
            "partial_forms": [_form(form) for form in found.partial],
            "excluded": [_excluded(form) for form in excluded(facts)],
        }
        return Response(OrientationOutput(body).data)


def _types(said: str | None, cooperation: Cooperation) -> frozenset[CooperationType]:
    wanted = cooperation.types if said is None else said.split(",")
    if unknown := [name for name in wanted if name not in _TYPES]:
        message = _("Type inconnu : %(names)s.") % {"names": ", ".join(unknown)}
        raise ValidationError({"?types": [ErrorDetail(str(message), "invalid_choice")]})
    return frozenset(CooperationType(name) for name in wanted)


def _wanted(said: str) -> bool:
    if said not in {"true", "false"}:
        raise ValidationError({"?new_entity": [ErrorDetail(str(_("true ou false est attendu.")), "invalid")]})
    return said == "true"


def _form(found: OrientedForm) -> dict[str, Any]:
    return {
        "form": found.form,
        "name": FORM_LABELS[found.form],
        "family": found.family,
        "types": [kind for kind in CooperationType if kind in found.types],
        "legal_forms": [str(entry.code) for entry in FORMS if entry.orientation == found.form],
    }


def _excluded(found: ExcludedForm) -> dict[str, Any]:
    reasons = [
        {
            "code": "type_not_carried",
            "detail": _("Ne porte pas le type « %(type)s ».") % {"type": type_entry(kind).label},
        }
        for kind in CooperationType
        if kind in found.lacks
    ]
    if found.makes_new_entity:
        detail = _("Crée une personne morale, ce qui n’est pas voulu.")
        reasons.append({"code": "makes_new_entity", "detail": str(detail)})
    return {"form": found.form, "name": FORM_LABELS[found.form], "family": found.family, "reasons": reasons}
