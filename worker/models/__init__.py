"""Public names of the models of the worker."""

from worker.models.reminders import DatabaseNow, Reminder
from worker.models.rules import ReminderRule

__all__ = ["DatabaseNow", "Reminder", "ReminderRule"]
