"""`organisations`: those that are or were members of a cooperation of mine, with their figures."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject.api.filters import ChoiceInFilter, FilterSet, InFilter, UUIDInFilter, date_range
from coopproject.api.serializers import Input, ModelInput, Output, VisibleRef
from coopproject.api.views import ResourceViewSet, act
from governance import policies
from governance.api.requests import actor_of
from governance.enums import CircleKind, Confidentiality, CseStatus, LegalForm
from governance.models import Cooperation, Membership, MonthlyHeadcount, Organisation, YearlyTurnover
from governance.selectors.identity import prefetch_open_memberships
from governance.selectors.members import in_department
from governance.services import organisations as services

_FIELDS = (
    "name",
    "short_name",
    "legal_form",
    "siren",
    "siret",
    "rna",
    "local_register",
    "naf",
    "idcc",
    "sector",
    "commune_code",
    "department_code",
    "employment_area_code",
    "site_calendar",
    "cse_status",
    "cse_first_elected_on",
    "cse_mandate_started_on",
    "cse_mandate_ends_on",
    "carence_recorded_on",
    "wider_powers_reference",
    "size_override",
    "size_override_reason",
    "is_fictitious",
)
# Figures, told in words: open to whoever reads the headcounts, null to the others (docs/adr/0025).
_STATED_SIZE = ("size_override", "size_override_reason")


class OrganisationOutput(Output):
    policy = policies.organisation

    department_code = serializers.CharField(
        source="department", read_only=True, help_text=_("Celui de la commune, sinon celui qui est indiqué.")
    )

    class Meta:
        model = Organisation
        fields = ("id", "version", *_FIELDS, "created_at", "updated_at", "abilities")
        extra_kwargs: ClassVar[dict[str, Any]] = {
            name: {
                "allow_null": True,
                "help_text": _("Où les effectifs ne suffisent pas à le dire. Vide pour qui ne lit pas les effectifs."),
            }
            for name in _STATED_SIZE
        }

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.prefetch_related(prefetch_open_memberships())

    def to_representation(self, instance: Organisation) -> dict[str, Any]:
        row = super().to_representation(instance)
        return row if instance.pk in self._opened() else {**row, **dict.fromkeys(_STATED_SIZE)}

    def _opened(self) -> frozenset[Any]:
        """The organisations whose figures the reader may know of: one query, however many are shown."""
        context: Any = self.context
        if "figures_open" not in context:
            actor = context.get("actor")
            found = Organisation.objects.none() if actor is None else Organisation.objects.figures_open_to(actor)
            context["figures_open"] = frozenset(found.order_by("pk").values_list("pk", flat=True))
        opened: frozenset[Any] = context["figures_open"]
        return opened


class OrganisationUpdateInput(ModelInput):
    """Identifiers and codes may be typed with spaces and points: the service stores them bare."""

    siren = serializers.CharField(required=False, allow_blank=True, max_length=40)
    siret = serializers.CharField(required=False, allow_blank=True, max_length=40)
    rna = serializers.CharField(required=False, allow_blank=True, max_length=40)
    naf = serializers.CharField(required=False, allow_blank=True, max_length=40)
    idcc = serializers.CharField(required=False, allow_blank=True, max_length=40)
    commune_code = serializers.CharField(required=False, allow_blank=True, max_length=40)
    department_code = serializers.CharField(required=False, allow_blank=True, max_length=40)
    employment_area_code = serializers.CharField(required=False, allow_blank=True, max_length=40)

    class Meta:
        model = Organisation
        fields = _FIELDS


class OrganisationInput(OrganisationUpdateInput):
    """An organisation is recorded by letting it join a cooperation; only the operator may leave that for later."""

    cooperation = VisibleRef(queryset=Cooperation.objects.all(), required=False)
    circle = serializers.ChoiceField(CircleKind.choices, required=False, help_text=_("Le cercle où elle entre."))
    joined_on = serializers.DateField(required=False)
    onboarding_waiver = serializers.CharField(
        max_length=2000,
        required=False,
        help_text=_("Pourquoi la coordination dispense des étapes d’entrée non faites, s’il y en a."),
    )
    confidentiality = serializers.ChoiceField(
        Confidentiality.choices, required=False, help_text=_("Celle de son adhésion : qui peut savoir qu’elle y est.")
    )

    class Meta:
        model = Organisation
        fields = (*_FIELDS, "cooperation", "circle", "joined_on", "onboarding_waiver", "confidentiality")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        required: dict[str, Any] = {}
        if "cooperation" in attrs:
            if "circle" not in attrs:
                required["circle"] = _("Le cercle est demandé avec la coopération.")
        elif not self.context["actor"].is_operator:
            required["cooperation"] = _("Indiquez la coopération où elle entre.")
        if required:
            raise serializers.ValidationError(required, code="required")
        return attrs


class OrganisationFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(method="within", label=_("en est ou en a été membre"))
    siren = django_filters.CharFilter()
    rna = django_filters.CharFilter()
    legal_form__in = ChoiceInFilter(field_name="legal_form", lookup_expr="in", choices=LegalForm.choices)
    cse_status__in = ChoiceInFilter(field_name="cse_status", lookup_expr="in", choices=CseStatus.choices)
    sector = django_filters.CharFilter(lookup_expr="iexact")
    commune_code = django_filters.CharFilter()
    department_code = django_filters.CharFilter(method="in_department", label=_("code département"))
    employment_area_code = django_filters.CharFilter()
    employment_area_code__in = InFilter(field_name="employment_area_code", lookup_expr="in")

    class Meta:
        model = Organisation
        fields = ("legal_form", "cse_status")

    def in_department(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(in_department(value))

    def within(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Members of one of my cooperations: another's id finds nothing."""
        known = Cooperation.objects.visible_to(actor_of(self.request)).filter(pk=value)
        members = Membership.objects.visible_to(actor_of(self.request)).filter(cooperation__in=known)
        return queryset.filter(pk__in=members.order_by().values("organisation"))


class HeadcountOutput(Output):
    policy = policies.figure
    expandable = {"organisation": lambda: OrganisationOutput}

    class Meta:
        model = MonthlyHeadcount
        fields = ("id", "version", "organisation", "month", "value", "source", "created_at", "updated_at", "abilities")

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.prefetch_related("organisation", prefetch_open_memberships("organisation"))


class HeadcountUpdateInput(ModelInput):
    class Meta:
        model = MonthlyHeadcount
        fields = ("value", "source")


class HeadcountInput(ModelInput):
    class Meta:
        model = MonthlyHeadcount
        fields = ("organisation", "month", "value", "source")


class MonthInput(ModelInput):
    class Meta:
        model = MonthlyHeadcount
        fields = ("month", "value", "source")


class RecordHeadcountsInput(Input):
    headcounts = serializers.ListField(child=MonthInput(), allow_empty=False, max_length=100)


class RecordedHeadcounts(serializers.Serializer[Any]):
    """The answer to `record-headcounts`, in the order sent."""

    results = HeadcountOutput(many=True)


class OrganisationViewSet(ResourceViewSet):
    """Legal persons, known to whoever shares a cooperation with them; created with the circle that they enter."""

    serializer_class = OrganisationOutput
    inputs = {"create": OrganisationInput, "partial_update": OrganisationUpdateInput}
    create_service = staticmethod(services.organisation_create)
    update_service = staticmethod(services.organisation_update)
    filterset_class = OrganisationFilter
    ordering = ("search_name",)
    ordering_fields = {"name": "search_name", "created_at": "created_at"}
    search_fields = ("search_name",)

    @extend_schema(responses=RecordedHeadcounts)
    @act(RecordHeadcountsInput)
    def record_headcounts(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write several months at once, all or nothing; a month already known takes the new value."""
        organisation = self.get_object()
        data = self.validated_input()
        rows = services.headcounts_record(pk=organisation.pk, actor=self.actor, **data)
        found = {
            row.pk: row for row in HeadcountOutput.prefetch(MonthlyHeadcount.objects.filter(pk__in=rows).order_by("pk"))
        }
        output = HeadcountOutput([found[pk] for pk in rows], many=True, context=self.get_serializer_context())
        return Response({"results": output.data})


class HeadcountFilter(FilterSet):
    organisation = django_filters.UUIDFilter()
    organisation__in = UUIDInFilter(field_name="organisation", lookup_expr="in")
    locals().update(date_range("month"))

    class Meta:
        model = MonthlyHeadcount
        fields = ()


class HeadcountViewSet(ResourceViewSet):
    """Monthly headcounts in full-time equivalents, decimals kept; read by the organisation itself and by partners."""

    serializer_class = HeadcountOutput
    inputs = {"create": HeadcountInput, "partial_update": HeadcountUpdateInput}
    create_service = staticmethod(services.headcount_create)
    update_service = staticmethod(services.headcount_update)
    filterset_class = HeadcountFilter
    ordering = ("organisation_id", "month")
    ordering_fields = ("month", "value")


class TurnoverOutput(Output):
    policy = policies.figure
    expandable = {"organisation": lambda: OrganisationOutput}

    class Meta:
        model = YearlyTurnover
        fields = ("id", "version", "organisation", "year", "amount", "source", "created_at", "updated_at", "abilities")

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.prefetch_related("organisation", prefetch_open_memberships("organisation"))


class TurnoverUpdateInput(ModelInput):
    class Meta:
        model = YearlyTurnover
        fields = ("amount", "source")


class TurnoverInput(ModelInput):
    class Meta:
        model = YearlyTurnover
        fields = ("organisation", "year", "amount", "source")


class TurnoverFilter(FilterSet):
    organisation = django_filters.UUIDFilter()
    organisation__in = UUIDInFilter(field_name="organisation", lookup_expr="in")
    year = django_filters.NumberFilter()
    year__gte = django_filters.NumberFilter(field_name="year", lookup_expr="gte")
    year__lte = django_filters.NumberFilter(field_name="year", lookup_expr="lte")

    class Meta:
        model = YearlyTurnover
        fields = ()


class TurnoverViewSet(ResourceViewSet):
    """Yearly turnovers, read by the organisation itself and by partners, as its headcounts are."""

    serializer_class = TurnoverOutput
    inputs = {"create": TurnoverInput, "partial_update": TurnoverUpdateInput}
    create_service = staticmethod(services.turnover_create)
    update_service = staticmethod(services.turnover_update)
    filterset_class = TurnoverFilter
    ordering = ("organisation_id", "year")
    ordering_fields = ("year", "amount")
