"""The shape of what is told of a future structure: that of `check-form`, without the form."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from governance.api.legal_forms import CheckFormInput, FormFindingOutput, FormMemberInput


class ToldFactsInput(CheckFormInput):
    """What the checks of a form need besides what the members are. What is not told is left out."""

    form = None  # type: ignore[assignment]
    members = FormMemberInput(
        many=True,
        required=False,
        help_text=_(
            "Ce qui est dit des organisations citées au-delà de leur forme, puis les membres qui n’en sont pas."
        ),
    )

    def to_internal_value(self, data: Any) -> Any:
        """The JSON value that is kept: identifiers, and nothing of what is not told."""
        return _plain(super().to_internal_value(data))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        told = {name: item for name, item in value.items() if item is not None}
        return {name: _plain(item) for name, item in told.items() if (name, item) != ("as_legal_status", True)}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return str(value.pk) if hasattr(value, "pk") else value


@extend_schema_field(ToldFactsInput)
class ToldFactsField(serializers.JSONField):
    """The value as it is kept."""


class FormFindingsOutput(serializers.Serializer[Any]):
    """A form tried on these members. `checked` is false while nobody takes part."""

    form = serializers.CharField()
    name = serializers.CharField()
    checked = serializers.BooleanField()
    findings = FormFindingOutput(many=True)
