"""Shapes of agreements, in and out. Parties and cost keys come and go inside their agreement."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from charters import policies_agreements as policies
from charters.api.serializers.common import COMMON, TAIL
from charters.api.serializers.texts import CharterOutput
from charters.enums import AgreementState, CostBasis
from charters.models import Agreement, AgreementCostKey, AgreementParty
from charters.rules.cost_keys import WHOLE
from charters.selectors import agreements as selectors
from coopproject import clock
from coopproject.api.serializers import Input, ModelInput, Output, VisibleRef
from governance.models import Organisation

_FRAME = (
    "title",
    "kind",
    "charter",
    "scope",
    "object_pilots",
    "object_milestones",
    "object_key_actors",
    "object_ad_hoc_structure",
    "mandatary",
    "mandate_scope",
    "mandate_limits",
    "starts_on",
    "ends_on",
    "renewal",
    "renewal_months",
    "max_renewals",
    "notice_months",
    "notice_days",
    "confidentiality",
    "confidentiality_clause",
    "confidential_until",
)


class AgreementPartyOutput(serializers.ModelSerializer):
    class Meta:
        model = AgreementParty
        fields = (
            "organisation",
            "role",
            "authorised_on",
            "authorisation_reference",
            "signed_on",
            "signatory",
            "capacity",
        )


class AgreementSharesField(serializers.DictField):
    """Organisation -> whole basis points (2500 is a quarter), for `fixed_shares` only; they add up to 10 000."""

    child = serializers.IntegerField(min_value=0, max_value=WHOLE)


class AgreementCostKeyOutput(serializers.ModelSerializer):
    shares = AgreementSharesField()

    class Meta:
        model = AgreementCostKey
        fields = ("label", "basis", "shares", "note")


class NoticeEffectOutput(serializers.Serializer):
    ends_on = serializers.DateField()
    reason = serializers.ChoiceField(["in_time", "late", "last_term", "open_ended"])
    detail = serializers.CharField()


class AgreementTermOutput(serializers.Serializer):
    """The running term; the first one, for an agreement that has not started."""

    number = serializers.IntegerField(help_text=_("0 pour la première période, puis une par reconduction."))
    first_day = serializers.DateField()
    last_day = serializers.DateField(allow_null=True)
    renews = serializers.BooleanField()
    last_notice_on = serializers.DateField(allow_null=True)
    next_notice_on = serializers.DateField(allow_null=True)
    closes_on = serializers.DateField(allow_null=True)
    notice_today = NoticeEffectOutput(
        allow_null=True, help_text=_("Ce qui se passerait si un préavis était donné ce jour.")
    )


class AgreementCheckOutput(serializers.Serializer):
    """Something to look at, that refuses nothing. Law only where `legal_reference` is given."""

    code = serializers.CharField()
    pointer = serializers.CharField()
    detail = serializers.CharField()
    confidence = serializers.CharField()
    legal_reference = serializers.CharField()
    configurable = serializers.BooleanField()


class AgreementOutput(Output):
    """`content_hash` is the SHA-256 of the text at `content/`: what a party names when it signs."""

    policy = policies.agreement
    expandable = {"charter": lambda: CharterOutput, "replaces": lambda: AgreementOutput}
    with_mandate = serializers.BooleanField(read_only=True)
    parties = AgreementPartyOutput(many=True, read_only=True)
    cost_keys = AgreementCostKeyOutput(many=True, read_only=True)
    term = serializers.SerializerMethodField(help_text=_("La période en cours, et ce que donnerait un préavis."))
    notice_detail = serializers.SerializerMethodField(help_text=_("Ce que produit le préavis donné, et pourquoi."))
    warnings = serializers.SerializerMethodField(help_text=_("Ce qui mérite attention et n’empêche rien."))

    class Meta:
        model = Agreement
        fields = (
            *COMMON,
            "number",
            "replaces",
            *_FRAME,
            "with_mandate",
            "parties",
            "cost_keys",
            "state",
            "proposed_at",
            "content_hash",
            "in_force_on",
            "term",
            "notice_given_on",
            "notice_by",
            "notice_reason",
            "notice_reference",
            "notice_ends_on",
            "notice_detail",
            "ended_on",
            "ending",
            "ended_reason",
            "ended_reference",
            "withdrawn_on",
            "withdrawn_reason",
            "warnings",
            *TAIL,
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return selectors.with_parts(queryset.defer("content"))

    def _today(self, zone: str) -> dt.date:
        """Asked once per zone, whatever the number of rows."""
        context: Any = self.context
        known: dict[str, dt.date] = context.setdefault("today_by_zone", {})
        if zone not in known:
            known[zone] = clock.today(zone)
        return known[zone]

    @extend_schema_field(AgreementTermOutput(allow_null=True))
    def get_term(self, obj: Agreement) -> dict[str, Any] | None:
        found = selectors.term_facts(obj, self._today(obj.cooperation.zone))
        if found is None:
            return None
        term, effect = found.term, found.notice_today
        return dict(
            AgreementTermOutput(
                {
                    "number": term.number,
                    "first_day": term.first_day,
                    "last_day": term.last_day,
                    "renews": term.renews,
                    "last_notice_on": term.last_notice_on,
                    "next_notice_on": found.next_notice_on,
                    "closes_on": found.closes_on,
                    "notice_today": effect,
                }
            ).data
        )

    def get_notice_detail(self, obj: Agreement) -> str:
        return selectors.notice_detail(obj)

    @extend_schema_field(AgreementCheckOutput(many=True))
    def get_warnings(self, obj: Agreement) -> list[dict[str, Any]]:
        open_ = obj.state in (AgreementState.DRAFT, AgreementState.PROPOSED, AgreementState.IN_FORCE)
        return [dict(AgreementCheckOutput(check).data) for check in (selectors.checks_of(obj) if open_ else ())]


class AgreementPartyInput(Input):
    organisation = VisibleRef(queryset=Organisation.objects.all())
    role = serializers.CharField(max_length=200, required=False, allow_blank=True)
    authorised_on = serializers.DateField(required=False, allow_null=True)
    authorisation_reference = serializers.CharField(max_length=200, required=False, allow_blank=True)


class AgreementCostKeyInput(Input):
    label = serializers.CharField(max_length=200)  # type: ignore[assignment]
    basis = serializers.ChoiceField(CostBasis.choices)
    shares = AgreementSharesField(required=False)
    note = serializers.CharField(max_length=5000, required=False, allow_blank=True)


_PARTIES: dict[str, Any] = {"many": True, "required": False, "max_length": 100}


class AgreementInput(ModelInput):
    """Parties and cost keys in the order in which the text names them."""

    parties = AgreementPartyInput(**_PARTIES)
    cost_keys = AgreementCostKeyInput(**_PARTIES)

    class Meta:
        model = Agreement
        fields = ("cooperation", *_FRAME, "parties", "cost_keys")


class AgreementUpdateInput(ModelInput):
    """Parties and cost keys, when given, replace the former ones whole."""

    parties = AgreementPartyInput(**_PARTIES)
    cost_keys = AgreementCostKeyInput(**_PARTIES)

    class Meta:
        model = Agreement
        fields = (*_FRAME, "parties", "cost_keys")


_OWN = _("Pour quelle partie ; inutile à qui n’agit que pour une.")


class AgreementSignInput(Input):
    """The signature of one party on the text whose SHA-256 is `content_hash`."""

    content_hash = serializers.RegexField(r"^[0-9a-f]{64}\Z")
    organisation = VisibleRef(queryset=Organisation.objects.all(), required=False, help_text=_OWN)
    signed_on = serializers.DateField(required=False, help_text=_("Aujourd’hui par défaut."))
    authorised_on = serializers.DateField(required=False, allow_null=True)
    authorisation_reference = serializers.CharField(max_length=200, required=False, allow_blank=True)


class NoticeInput(Input):
    organisation = VisibleRef(queryset=Organisation.objects.all(), required=False, help_text=_OWN)
    given_on = serializers.DateField(required=False, help_text=_("Aujourd’hui par défaut."))
    reason = serializers.CharField(max_length=2000)
    reference = serializers.CharField(
        max_length=200, required=False, help_text=_("L’acte qui donne le préavis ; nécessaire pour un jour passé.")
    )


class AgreementEndInput(Input):
    ended_on = serializers.DateField(required=False, help_text=_("Dernier jour d’application, aujourd’hui par défaut."))
    reason = serializers.CharField(max_length=2000)
    reference = serializers.CharField(max_length=200, help_text=_("L’acte qui y met fin et lie les parties."))
