"""Shapes of what the boards decided, in and out."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from charters import policies, policies_votes
from charters.api.serializers.common import COMMON, OWN_FILE, TAIL, HeldFileOutput
from charters.api.serializers.texts import CharterVersionOutput
from charters.enums import BallotKind, CastingVote, DeliberationMode, DeliberationResult, DeliberationState
from charters.models import Approval, Ballot, BoardDeliberation, Elector, Proxy, Receipt, Regularisation
from charters.models.deliberations import COUNTS
from charters.selectors import call_again_from, irregular_codes_for
from coopproject.api.serializers import Input, ModelInput, Output, VisibleRef
from governance.models import Person, StoredFile

_FIGURES = (
    "present",
    "represented",
    "votes_for",
    "votes_against",
    "votes_abstain",
    "votes_blank",
    "recused",
    "recused_represented",
    "remote",
    "remote_kind",
    "proxies_by_holder",
    "proxies_written",
    "proxies_same_body",
    "casting_vote",
    "open_objections",
    "college_votes",
    "call",
    "first_call_on",
)


# What says how a recorded vote was held: of a live one they are counted at the close.
_TYPED = ("present", "votes_for", "votes_against", "votes_abstain", "minutes_reference")
_NO_NULL = {name: {"allow_null": False} for name in COUNTS}


class CollegeVotesField(Input):
    """The figures of one college; they add up to those of the whole meeting."""

    college = serializers.CharField(max_length=40)
    present = serializers.IntegerField(min_value=0, max_value=10000)
    represented = serializers.IntegerField(min_value=0, max_value=10000, default=0)
    votes_for = serializers.IntegerField(min_value=0, max_value=10000)
    votes_against = serializers.IntegerField(min_value=0, max_value=10000)
    votes_abstain = serializers.IntegerField(min_value=0, max_value=10000, default=0)
    votes_blank = serializers.IntegerField(min_value=0, max_value=10000, default=0)


class ElectorOutput(serializers.ModelSerializer[Elector]):
    """A person who has a vote, and what everybody may know of it. What they voted is not here."""

    class Meta:
        model = Elector
        fields = ("person", "chair", "attended", "remote", "voted", "recused", "recusal_reason")


class ProxyOutput(serializers.ModelSerializer[Proxy]):
    class Meta:
        model = Proxy
        fields = ("giver", "holder", "written", "declared_by", "used", "revoked_on")


class ConflictOutput(serializers.Serializer[Any]):
    """An elector who also sits on the board of another party of this text: to step aside, or to vote knowingly."""

    person = serializers.UUIDField()
    organisation = serializers.UUIDField()


class BallotOutput(serializers.ModelSerializer[Ballot]):
    elector = serializers.UUIDField(source="elector.person_id", read_only=True)

    class Meta:
        model = Ballot
        fields = ("elector", "choice", "reason", "lifted", "cast_by")


class RegularisationOutput(serializers.ModelSerializer[Regularisation]):
    minutes_file = HeldFileOutput(read_only=True, allow_null=True)

    class Meta:
        model = Regularisation
        fields = ("id", "ratified_on", "minutes_reference", "minutes_file", "reason", "recorded_by", "capacity")


class BoardDeliberationOutput(Output):
    """Figures and result are null or empty until the vote is closed; `ballots` are those of a named vote, once closed.

    `call_again_from`: without quorum, the first day on which the statutes allow a second meeting.
    """

    policy = policies_votes.board_deliberation
    expandable = {"charter_version": lambda: CharterVersionOutput, "follows": lambda: BoardDeliberationOutput}
    told_with = {"voting_rule": ("explanation", "call_again_from")}
    college_votes = CollegeVotesField(many=True, allow_null=True, read_only=True)
    call_again_from = serializers.SerializerMethodField()
    minutes_file = HeldFileOutput(read_only=True, allow_null=True)
    minutes_sha256 = serializers.CharField(source="minutes_file.sha256", read_only=True, default=None, allow_null=True)
    electors = ElectorOutput(many=True, read_only=True)
    proxies = ProxyOutput(many=True, read_only=True)
    conflicts = serializers.SerializerMethodField()
    ballots = BallotOutput(many=True, read_only=True)
    irregular_codes = serializers.SerializerMethodField(
        help_text=_("Ce que le vote devait attendre, pour qui peut connaître la décision.")
    )
    regularisation = serializers.SerializerMethodField()

    class Meta:
        model = BoardDeliberation
        fields = (
            *COMMON,
            "charter_version",
            "board",
            "organisation",
            "mode",
            "state",
            "ballot",
            "follows",
            "voting_rule",
            "content_hash",
            "held_on",
            "opened_on",
            "minutes_reference",
            "minutes_file",
            "minutes_sha256",
            "recorded_by",
            "capacity",
            "cancelled_on",
            "cancelled_reason",
            "in_office",
            *_FIGURES,
            "result",
            "explanation",
            "call_again_from",
            "irregular",
            "irregular_codes",
            "regularisation",
            "electors",
            "proxies",
            "conflicts",
            "ballots",
            *TAIL,
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        # What was voted is not even read before the close.
        counted = Ballot.objects.filter(deliberation__state=DeliberationState.CLOSED).select_related("elector")
        queryset = queryset.select_related("voting_rule", "regularisation", "charter_version__decision")
        return queryset.defer("charter_version__content").prefetch_related(
            Prefetch("electors", Elector.objects.order_by("person")),
            "electors__also_sits_for",
            "minutes_file",
            "regularisation__minutes_file",
            Prefetch("proxies", Proxy.objects.order_by("created_at", "pk")),
            Prefetch("ballots", counted.order_by("elector__person")),
        )

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_call_again_from(self, obj: BoardDeliberation) -> dt.date | None:
        return call_again_from(obj)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_irregular_codes(self, obj: BoardDeliberation) -> list[str]:
        actor = self.context.get("actor")
        return irregular_codes_for(obj, actor) if actor is not None else []

    @extend_schema_field(ConflictOutput(many=True))
    def get_conflicts(self, obj: BoardDeliberation) -> list[dict[str, str]]:
        return [
            {"person": str(elector.person_id), "organisation": str(organisation.pk)}
            for elector in obj.electors.all()
            for organisation in sorted(elector.also_sits_for.all(), key=lambda found: found.pk)
        ]

    @extend_schema_field(RegularisationOutput(allow_null=True))
    def get_regularisation(self, obj: BoardDeliberation) -> dict[str, Any] | None:
        found = getattr(obj, "regularisation", None)
        return dict(RegularisationOutput(found).data) if found is not None else None


class BoardDeliberationInput(ModelInput):
    """The minutes of a vote on the text whose SHA-256 is `content_hash`. The result is computed, not typed.

    With `mode: live`, a vote to be held here on `held_on`: then `ballot` is asked, and no figure.
    """

    content_hash = serializers.RegexField(r"^[0-9a-f]{64}\Z")
    mode = serializers.ChoiceField(DeliberationMode.choices, required=False, default=DeliberationMode.RECORDED)
    ballot = serializers.ChoiceField(
        BallotKind.choices, required=False, help_text=_("D’un vote en direct : nominal ou secret.")
    )
    call = serializers.IntegerField(min_value=1, max_value=2, required=False)
    proxies_by_holder = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=1000), required=False, allow_null=True, max_length=500
    )
    college_votes = CollegeVotesField(
        many=True,
        required=False,
        allow_null=True,
        help_text=_("Dans une SCIC dont les statuts pèsent les voix par collège : les chiffres de chacun."),
    )
    declared_result = serializers.ChoiceField(
        DeliberationResult.choices,
        required=False,
        help_text=_("Le résultat que dit le procès-verbal, pour le comparer au calcul."),
    )

    class Meta:
        model = BoardDeliberation
        fields = (
            "charter_version",
            "board",
            "content_hash",
            "held_on",
            "mode",
            "ballot",
            "follows",
            "minutes_reference",
            "minutes_file",
            *_FIGURES,
            "declared_result",
        )
        extra_kwargs = {**_NO_NULL, "minutes_reference": {"allow_blank": False}}

    def to_internal_value(self, data: Any) -> Any:
        live = isinstance(data, Mapping) and data.get("mode") == DeliberationMode.LIVE
        for name in _TYPED:
            self.fields[name].required = not live
        self.fields["ballot"].required = live
        return super().to_internal_value(data)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        live = attrs["mode"] == DeliberationMode.LIVE
        minutes = {"minutes_reference", "minutes_file", "declared_result", *_FIGURES} - {"call", "first_call_on"}
        foreign = (minutes if live else {"ballot"}) & set(attrs)
        if foreign:
            message = _("Sans objet avec les autres choix.")
            raise ValidationError({name: [ErrorDetail(str(message), "not_applicable")] for name in sorted(foreign)})
        return attrs


class VoteMinutesInput(ModelInput):
    """The minutes of a meeting that was convened to vote here and voted in its own way."""

    held_on = serializers.DateField(required=False, help_text=_("Le jour de la réunion ; par défaut le jour prévu."))
    proxies_by_holder = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=1000), required=False, allow_null=True, max_length=500
    )
    college_votes = serializers.ListField(child=CollegeVotesField(), required=False, allow_null=True)
    declared_result = serializers.ChoiceField(DeliberationResult.choices, required=False)

    class Meta:
        model = BoardDeliberation
        fields = (
            "held_on",
            "minutes_reference",
            "minutes_file",
            *(name for name in _FIGURES if name not in ("call", "first_call_on")),
            "declared_result",
        )
        extra_kwargs = {
            **_NO_NULL,
            **{name: {"required": True, "allow_null": False} for name in _TYPED},
            "minutes_reference": {"required": True, "allow_blank": False},
        }


class VoteCastInput(Input):
    choice = serializers.ChoiceField(CastingVote.choices)
    elector = VisibleRef(
        queryset=Person.objects.all(),
        required=False,
        help_text=_("La personne pour laquelle on vote, par le pouvoir que l’on détient ; par défaut soi-même."),
    )
    reason = serializers.CharField(
        max_length=5000,
        required=False,
        help_text=_("L’objection argumentée, au consentement ; ailleurs une explication de vote. Jamais au secret."),
    )
    remote = serializers.BooleanField(required=False, default=False, help_text=_("Prend part à distance."))


class VoteAttendInput(Input):
    remote = serializers.BooleanField(required=False, default=False, help_text=_("Prend part à distance."))


class VoteRecuseInput(Input):
    elector = VisibleRef(queryset=Person.objects.all(), required=False, help_text=_("Par défaut soi-même."))
    reason = serializers.CharField(max_length=2000)


class VoteDeclareProxyInput(Input):
    giver = VisibleRef(queryset=Person.objects.all(), required=False, help_text=_("Par défaut soi-même."))
    holder = VisibleRef(queryset=Person.objects.all())
    written = serializers.BooleanField(required=False, default=False)


class VoteRevokeProxyInput(Input):
    giver = VisibleRef(queryset=Person.objects.all(), required=False, help_text=_("Par défaut soi-même."))


class VoteCloseInput(Input):
    casting_vote = serializers.ChoiceField(
        CastingVote.choices,
        required=False,
        help_text=_("Comment vote, en cas d’égalité, la personne dont la voix départage, si aucun bulletin ne le dit."),
    )
    minutes_reference = serializers.CharField(max_length=200, required=False)
    minutes_file = VisibleRef(queryset=StoredFile.objects.all(), required=False, allow_null=True, help_text=OWN_FILE)


class VoteRegulariseInput(Input):
    ratified_on = serializers.DateField()
    minutes_reference = serializers.CharField(max_length=200)
    minutes_file = VisibleRef(queryset=StoredFile.objects.all(), required=False, allow_null=True, help_text=OWN_FILE)
    reason = serializers.CharField(max_length=5000)


class ApprovalOutput(Output):
    """Evidence of a simple electronic signature, not of a qualified one."""

    has_receipt = serializers.BooleanField(
        read_only=True, help_text=_("Faux pour une approbation reprise d’un dossier : rien n’en a été signé ici.")
    )

    policy = policies.approval
    expandable = {"charter_version": lambda: CharterVersionOutput, "deliberation": lambda: BoardDeliberationOutput}

    class Meta:
        model = Approval
        fields = (
            *COMMON,
            "charter_version",
            "organisation",
            "deliberation",
            "content_hash",
            "approved_on",
            "round",
            "has_receipt",
            *TAIL,
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Approval]) -> QuerySet[Approval]:
        return queryset.annotate(has_receipt=Exists(Receipt.objects.filter(approval=OuterRef("pk"))))
