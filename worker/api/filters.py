"""Filters of reminders and of their rules."""

import django_filters

from coopproject.api.filters import ChoiceInFilter, FilterSet, InstantFilter, date_range
from governance.reminding import ReminderKind
from worker.enums import ReminderState


class ReminderRuleFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    kind = django_filters.ChoiceFilter(choices=ReminderKind.choices)
    active = django_filters.BooleanFilter()


class ReminderFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    recipient = django_filters.UUIDFilter(field_name="recipient_id")
    kind = django_filters.ChoiceFilter(choices=ReminderKind.choices)
    state = django_filters.ChoiceFilter(choices=ReminderState.choices)
    state__in = ChoiceInFilter(field_name="state", lookup_expr="in", choices=ReminderState.choices)
    subject_type = django_filters.CharFilter()
    subject_id = django_filters.UUIDFilter()
    due_at__gte = InstantFilter(field_name="due_at", lookup_expr="gte")
    due_at__lte = InstantFilter(field_name="due_at", lookup_expr="lte")
    locals().update(date_range("due_on"))
