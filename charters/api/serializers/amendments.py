"""Shapes of the rule that decides who votes, and of what contests it."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from charters.api.serializers.common import WarningOutput
from charters.api.serializers.entry import ContestOutput
from charters.enums import AmendmentType
from charters.rules.amendments import Voters
from coopproject.api.serializers import Input, VisibleRef
from governance.models import Organisation


class VotingOrganisationOutput(serializers.Serializer):
    organisation = serializers.UUIDField()
    name = serializers.CharField()


class VotersOutput(serializers.Serializer):
    kind = serializers.ChoiceField([str(kind) for kind in Voters])
    detail = serializers.CharField()
    organisations = VotingOrganisationOutput(many=True)


class KindCheckOutput(serializers.Serializer):
    amendment_type = serializers.ChoiceField(AmendmentType.choices)
    admitted = serializers.BooleanField()
    voters = serializers.ChoiceField([str(kind) for kind in Voters])
    detail = serializers.CharField()
    violations = WarningOutput(many=True)


class AmendmentCheckOutput(serializers.Serializer):
    """The kind that the version claims and what each kind would say: `changes` is compared with `former`."""

    amendment_type = serializers.ChoiceField(AmendmentType.choices)
    admitted = serializers.BooleanField()
    former = serializers.UUIDField(allow_null=True)
    voters = VotersOutput()
    types = KindCheckOutput(many=True)
    changes = WarningOutput(many=True)
    contest_days = serializers.IntegerField()
    contest = ContestOutput(allow_null=True)


class ContestInput(Input):
    reason = serializers.CharField(max_length=2000)
    organisation = VisibleRef(
        queryset=Organisation.objects.all(),
        required=False,
        help_text=_("À dire quand on peut le faire pour plusieurs."),
    )
