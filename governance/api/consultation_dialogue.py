"""The shapes of the dialogue with a works council that `consultations` serves and takes."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from coopproject.api.serializers import Input
from governance.models import InformationContest


class SideStateOutput(serializers.Serializer[Any]):
    """How the consultation stands beside its state. The reference is law only when the confidence is A or B."""

    code = serializers.ChoiceField(
        ["information_contested", "judge_seized", "extended_by_agreement", "suspended", "irregular"]
    )
    since = serializers.DateField(allow_null=True)
    why = serializers.CharField()
    legal_reference = serializers.CharField()
    confidence = serializers.CharField()
    configurable = serializers.CharField(help_text=_("Le réglage sur lequel cela repose ; vide : la loi."))


class IrregularityOutput(serializers.Serializer[Any]):
    """What went wrong. It is flagged, and refuses nothing by itself."""

    code = serializers.ChoiceField(
        [
            "decision_too_early",
            "opinion_before_information",
            "late_information",
            "agenda_late",
            "response_missing",
            "closed_without_response",
        ]
    )
    since = serializers.DateField(allow_null=True)
    detail = serializers.CharField()
    legal_reference = serializers.CharField()
    confidence = serializers.CharField()
    configurable = serializers.CharField(help_text=_("Le réglage sur lequel cela repose ; vide : la loi."))


class InformationContestOutput(serializers.ModelSerializer[InformationContest]):
    class Meta:
        model = InformationContest
        fields = ("id", "contested_on", "lacking", "answered_on", "answer")


class HandedDocumentOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    reference = serializers.CharField()
    sha256 = serializers.CharField()
    handed_on = serializers.DateField()
    late_information = serializers.BooleanField()
    is_required = serializers.BooleanField()
    confidential_by_nature = serializers.BooleanField()
    presented_as_confidential = serializers.BooleanField()
    duty_of_discretion = serializers.BooleanField(
        help_text=_("Vrai quand le document est confidentiel par nature et présenté comme tel : il faut les deux.")
    )
    notice = serializers.CharField()
    confidential_until = serializers.DateField(
        allow_null=True, help_text=_("Durée choisie par l’employeur ; aucune n’est imposée ici.")
    )


class DocumentListOutput(serializers.Serializer[Any]):
    """`legal_reference`: that of the duty of discretion."""

    consultation = serializers.UUIDField()
    organisation = serializers.CharField()
    decision = serializers.CharField()
    information_delivered_on = serializers.DateField(allow_null=True)
    legal_reference = serializers.CharField()
    confidence = serializers.CharField()
    documents = HandedDocumentOutput(many=True)


class RecordResponseInput(Input):
    text = serializers.CharField(max_length=20_000)
    given_on = serializers.DateField()
    meeting_on = serializers.DateField(required=False, help_text=_("Réunion où la suite a été présentée."))
    changes_made = serializers.ListField(
        child=serializers.CharField(max_length=500),
        required=False,
        max_length=50,
        help_text=_("Ce que l’avis a fait changer, une phrase chacun."),
    )


class AcknowledgeIncompleteInput(Input):
    missing_information = serializers.CharField(max_length=5_000, help_text=_("Ce qui manquait à l’information."))


class ContestInformationInput(Input):
    contested_on = serializers.DateField()
    lacking = serializers.CharField(max_length=5_000, help_text=_("Ce qui manque selon le CSE."))


class AnswerContestInput(Input):
    answered_on = serializers.DateField()
    answer = serializers.CharField(max_length=5_000)


# What `consultations` serves of the dialogue, after its own fields.
DIALOGUE_FIELDS = ("situations", "irregularities", "contests")
