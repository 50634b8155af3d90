"""`communication-actions`: the internal communication plan."""

from typing import Any, ClassVar

import django_filters
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject.api.filters import ChoiceInFilter, date_range
from coopproject.api.serializers import Input, ModelInput, Output
from coopproject.api.views import ResourceViewSet, act
from governance.api.known_links import LinkedFilter
from governance.enums import Audience, CommunicationState
from governance.models import CommunicationAction
from governance.policies import dialogue as policies_dialogue
from governance.services import communication as services

_SAID = (
    "audience",
    "organisation",
    "message",
    "purpose",
    "channel",
    "planned_on",
    "owner",
    "decision",
    "consultation",
    "confidentiality",
)


class CommunicationActionOutput(Output):
    policy = policies_dialogue.communication_action

    class Meta:
        model = CommunicationAction
        fields = (
            "id",
            "version",
            "cooperation",
            *_SAID,
            "state",
            "done_on",
            "said",
            "reached",
            "cancelled_reason",
            "created_at",
            "updated_at",
            "abilities",
        )


class CommunicationActionInput(ModelInput):
    class Meta:
        model = CommunicationAction
        fields = ("cooperation", *_SAID)
        extra_kwargs: ClassVar[dict[str, Any]] = {"organisation": {"help_text": _("Vide : toutes.")}}


class CommunicationActionUpdateInput(ModelInput):
    class Meta:
        model = CommunicationAction
        fields = _SAID


class CompleteCommunicationInput(Input):
    done_on = serializers.DateField()
    said = serializers.CharField(max_length=5000, help_text=_("Ce qui a vraiment été dit."))
    reached = serializers.IntegerField(required=False, min_value=0, max_value=10_000_000)


class CancelCommunicationInput(Input):
    reason = serializers.CharField(max_length=2000)


class CommunicationActionFilter(LinkedFilter):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id", label=_("coopération"))
    organisation = django_filters.UUIDFilter(field_name="organisation_id", label=_("organisation concernée"))
    owner = django_filters.UUIDFilter(field_name="owner_id", label=_("confiée à"))
    audience = django_filters.ChoiceFilter(choices=Audience.choices)
    state = django_filters.ChoiceFilter(choices=CommunicationState.choices)
    state__in = ChoiceInFilter(field_name="state", lookup_expr="in", choices=CommunicationState.choices)
    locals().update(date_range("planned_on"))
    locals().update(date_range("done_on"))

    class Meta:
        model = CommunicationAction
        fields = ()


class CommunicationActionViewSet(ResourceViewSet):
    """Planned by the coordination or the head of the organisation concerned; done by its owner."""

    serializer_class = CommunicationActionOutput
    inputs: ClassVar[dict[str, Any]] = {
        "create": CommunicationActionInput,
        "partial_update": CommunicationActionUpdateInput,
    }
    create_service = staticmethod(services.communication_create)
    update_service = staticmethod(services.communication_update)
    filterset_class = CommunicationActionFilter
    ordering = ("planned_on",)
    ordering_fields = ("planned_on", "done_on", "created_at")
    search_fields = ("search_message",)
    http_method_names = ["get", "post", "patch", "head", "options"]

    @act(CompleteCommunicationInput)
    def complete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record what was really said, when, and to how many."""
        return self.perform(services.communication_complete)

    @act(CancelCommunicationInput)
    def cancel(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give the action up, with a reason."""
        return self.perform(services.communication_cancel)
