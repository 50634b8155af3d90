"""Reminders: one's own, and for the coordination those of its cooperation; the rules that set their steps."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from coopproject.api.views import ReadViewSet, ResourceViewSet, act
from worker.api.filters import ReminderFilter, ReminderRuleFilter
from worker.api.serializers import (
    ReminderOutput,
    ReminderRuleInput,
    ReminderRuleOutput,
    ReminderRuleUpdateInput,
    SnoozeInput,
)
from worker.services import reminders


class ReminderRuleViewSet(ResourceViewSet):
    """The steps of each kind of reminder; a kind without a rule follows the default ones."""

    serializer_class = ReminderRuleOutput
    inputs = {"create": ReminderRuleInput, "partial_update": ReminderRuleUpdateInput}
    create_service = staticmethod(reminders.reminder_rule_create)
    update_service = staticmethod(reminders.reminder_rule_update)
    filterset_class = ReminderRuleFilter
    ordering = ("kind",)
    ordering_fields = ("kind", "created_at")


class ReminderViewSet(ReadViewSet):
    """What was sent, what will be, and what could not be, with the reason."""

    http_method_names = ["get", "post", "head", "options"]
    serializer_class = ReminderOutput
    filterset_class = ReminderFilter
    ordering = ("due_at",)
    ordering_fields = ("due_at", "due_on", "sent_at", "created_at")

    @act(SnoozeInput)
    def snooze(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Be told later."""
        reminder = self.get_object()
        expected = self.expected_version()
        data = self.validated_input()
        return self.respond(
            reminders.reminder_snooze(pk=reminder.pk, actor=self.actor, expected_version=expected, **data)
        )
