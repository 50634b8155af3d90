"""Shapes of what a departure would leave behind."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


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
