"""Shapes of reminders and of their rules."""

from rest_framework import serializers

from coopproject.api.serializers import Input, ModelInput, Output
from worker import policies
from worker.models import Reminder, ReminderRule


class ReminderRuleOutput(Output):
    policy = policies.reminder_rule

    class Meta:
        model = ReminderRule
        fields = (
            "id",
            "version",
            "cooperation",
            "kind",
            "days_before",
            "active",
            "created_at",
            "updated_at",
            "abilities",
        )


class ReminderRuleInput(ModelInput):
    class Meta:
        model = ReminderRule
        fields = ("cooperation", "kind", "days_before", "active")


class ReminderRuleUpdateInput(ModelInput):
    class Meta:
        model = ReminderRule
        fields = ("days_before", "active")


class ReminderOutput(Output):
    policy = policies.reminder

    class Meta:
        model = Reminder
        fields = (
            "id",
            "version",
            "cooperation",
            "kind",
            "subject_type",
            "subject_id",
            "recipient",
            "due_on",
            "days_before",
            "due_at",
            "snoozed_until",
            "state",
            "cancel_reason",
            "attempts",
            "sent_at",
            "message_id",
            "last_error",
            "created_at",
            "updated_at",
            "abilities",
        )


class SnoozeInput(Input):
    until = serializers.DateField()
