"""Shapes of what a departure would leave behind, and of the day and the answers that it is given."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

# Beyond, a day is a slip of the pen; and the day after the last one of the calendar does not exist.
_LAST = dt.date(9998, 12, 31)


def asked_day(value: str | None, today: dt.date, name: str = "on") -> dt.date:
    """The value of `?<name>=`, today when it is not said. Raises ValidationError for what is no day."""
    if value is None:
        return today
    try:
        day: dt.date = serializers.DateField().run_validation(value)
    except ValidationError as error:
        raise ValidationError({f"?{name}": error.detail}) from error
    return min(day, _LAST)


class ConsequenceOutput(serializers.Serializer[Any]):
    """One thing left behind: what it is, what clears it, and the object; `blocking` while it refuses the departure."""

    code = serializers.CharField()
    title = serializers.CharField()
    clears = serializers.CharField()
    blocking = serializers.BooleanField()
    day = serializers.DateField(allow_null=True)
    resource = serializers.CharField()
    id = serializers.UUIDField()
    url = serializers.CharField()


class ExitNoticeOutput(serializers.Serializer[Any]):
    """`months`: what the text that binds the member asks for, null when none says anything."""

    months = serializers.IntegerField(allow_null=True)
    given_on = serializers.DateField(allow_null=True)
    exit_on = serializers.DateField(
        allow_null=True, help_text=_("La sortie la plus proche : par le préavis donné, sinon s’il l’était aujourd’hui.")
    )


class DepartureOutput(serializers.Serializer[Any]):
    membership = serializers.UUIDField()
    organisation = serializers.UUIDField()
    on = serializers.DateField()
    notice = ExitNoticeOutput()
    blocked = serializers.BooleanField()
    consequences = ConsequenceOutput(many=True)


class PersonConsequenceOutput(ConsequenceOutput):
    """`asks`: leaving awaits an answer, given under `key`; `reassignable`: somebody else may take it."""

    key = serializers.CharField()
    asks = serializers.BooleanField()
    reassignable = serializers.BooleanField()


class PersonDepartureOutput(serializers.Serializer[Any]):
    """`blocked`: something may not stay open, whatever the reason."""

    person = serializers.UUIDField()
    cooperation = serializers.UUIDField()
    on = serializers.DateField()
    blocked = serializers.BooleanField()
    consequences = PersonConsequenceOutput(many=True)
