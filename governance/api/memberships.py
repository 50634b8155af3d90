"""`memberships` and `roles`: what ties organisations and people to a cooperation, with dates."""

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.fields import empty
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject import clock
from coopproject.api import etag
from coopproject.api.filters import ChoiceInFilter, FilterSet, UUIDInFilter, date_range, refuse_unknown_parameters
from coopproject.api.serializers import Input, ModelInput, Output, VisibleRef
from coopproject.api.views import ResourceViewSet, act
from governance import policies
from governance.api.cooperations import CooperationOutput
from governance.api.departures import DepartureOutput, asked_day
from governance.api.onboarding import CompletedStepOutput, CompleteStepInput, UndoStepInput
from governance.api.organisations import OrganisationOutput
from governance.api.people import PersonOutput
from governance.api.requests import day_in
from governance.api.simulations import SimulatedMoveOutput
from governance.enums import CircleKind, Confidentiality, LegalForm, MemberProfile, RelationKind, RoleKind
from governance.models import CircleStay, Cooperation, Membership, Organisation, Role
from governance.models.cooperations import in_force_on
from governance.selectors.departures import departure_of
from governance.selectors.members import head_of, in_department, prefetch_heads
from governance.selectors.onboarding import STANDING, prefetch_completions
from governance.selectors.simulation import simulate_move
from governance.services import memberships as services
from governance.services import onboarding
from governance.services import roles as role_services

_DESCRIPTION = ("profile", "specific_asset", "relation", "competes_on", "confidentiality")


class StayOutput(serializers.ModelSerializer[CircleStay]):
    class Meta:
        model = CircleStay
        fields = ("circle", "since", "until", "reason", "onboarding_waiver")


class MembershipOutput(Output):
    policy = policies.membership
    maskable = ("leave_reason", "leave_waiver", "notice_reason", "notice_reference")
    expandable = {
        "cooperation": lambda: CooperationOutput,
        "organisation": lambda: OrganisationOutput,
        "political_sponsor": lambda: PersonOutput,
        "executive_lead": lambda: PersonOutput,
    }

    political_sponsor = serializers.SerializerMethodField(
        help_text=_("La personne qui préside l’organisation aujourd’hui ; la dernière désignée s’il y en a plusieurs.")
    )
    executive_lead = serializers.SerializerMethodField(
        help_text=_("La personne qui la dirige aujourd’hui ; la dernière désignée s’il y en a plusieurs.")
    )
    circle = serializers.SerializerMethodField(help_text=_("Le cercle d’aujourd’hui ; vide hors adhésion."))
    stays = StayOutput(many=True)
    completed_steps = CompletedStepOutput(
        many=True, source=STANDING, read_only=True, help_text=_("Les étapes d’entrée faites.")
    )

    class Meta:
        model = Membership
        fields = (
            "id",
            "version",
            "cooperation",
            "organisation",
            "joined_on",
            "left_on",
            "leave_reason",
            "leave_waiver",
            "notice_given_on",
            "notice_exit_on",
            "notice_reason",
            "notice_reference",
            *_DESCRIPTION,
            "political_sponsor",
            "executive_lead",
            "circle",
            "stays",
            "completed_steps",
            "created_at",
            "updated_at",
            "abilities",
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("cooperation", "organisation").prefetch_related(
            "stays", prefetch_heads(), prefetch_completions()
        )

    @extend_schema_field(serializers.ChoiceField(CircleKind.choices, allow_null=True))
    def get_circle(self, obj: Membership) -> str | None:
        today = day_in(self.context, obj.cooperation.zone)
        for stay in obj.stays.all():
            if stay.since <= today and (stay.until is None or today <= stay.until):
                return stay.circle
        return None

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_political_sponsor(self, obj: Membership) -> UUID | None:
        return head_of(obj, RoleKind.BOARD_CHAIR, day_in(self.context, obj.cooperation.zone), self.context["actor"])

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_executive_lead(self, obj: Membership) -> UUID | None:
        return head_of(obj, RoleKind.DIRECTOR, day_in(self.context, obj.cooperation.zone), self.context["actor"])


class AnyOrganisationForTheOperator(VisibleRef):
    """The operator ties organisations that nobody in the cooperation can know of yet."""

    def get_queryset(self) -> QuerySet[Any]:
        actor = self.context.get("actor")
        return Organisation.objects.all() if actor is not None and actor.is_operator else super().get_queryset()


class AnyCooperationForTheOperator(VisibleRef):
    """See `AnyOrganisationForTheOperator`."""

    def get_queryset(self) -> QuerySet[Any]:
        actor = self.context.get("actor")
        return Cooperation.objects.all() if actor is not None and actor.is_operator else super().get_queryset()


_WAIVER_HELP = _("Pourquoi la coordination dispense des étapes d’entrée non faites, s’il y en a.")


class MembershipInput(ModelInput):
    cooperation = AnyCooperationForTheOperator(queryset=Cooperation.objects.all())
    organisation = AnyOrganisationForTheOperator(queryset=Organisation.objects.all())
    circle = serializers.ChoiceField(CircleKind.choices)
    joined_on = serializers.DateField(required=False, help_text=_("Aujourd’hui si elle n’est pas dite."))
    onboarding_waiver = serializers.CharField(max_length=2000, required=False, help_text=_WAIVER_HELP)

    class Meta:
        model = Membership
        fields = ("cooperation", "organisation", "circle", "joined_on", "onboarding_waiver", *_DESCRIPTION)


class MembershipUpdateInput(ModelInput):
    class Meta:
        model = Membership
        fields = _DESCRIPTION


class MoveInput(Input):
    circle = serializers.ChoiceField(CircleKind.choices)
    since = serializers.DateField(required=False, help_text=_("Aujourd’hui si elle n’est pas dite."))
    reason = serializers.CharField(max_length=2000)
    onboarding_waiver = serializers.CharField(max_length=2000, required=False, help_text=_WAIVER_HELP)


class LeaveInput(Input):
    left_on = serializers.DateField(required=False, help_text=_("Le dernier jour ; aujourd’hui s’il n’est pas dit."))
    reason = serializers.CharField(max_length=2000)
    waiver_reason = serializers.CharField(
        max_length=2000,
        required=False,
        help_text=_("Pourquoi la coordination dispense du préavis encore dû, s’il l’est."),
    )


class GiveExitNoticeInput(Input):
    given_on = serializers.DateField(required=False, help_text=_("Aujourd’hui s’il n’est pas dit."))
    reason = serializers.CharField(max_length=2000)
    reference = serializers.CharField(
        max_length=200, required=False, help_text=_("L’acte qui l’a donné ; attendu pour un jour passé.")
    )


class MembershipFilter(FilterSet):
    cooperation = django_filters.UUIDFilter()
    organisation = django_filters.UUIDFilter()
    organisation__in = UUIDInFilter(field_name="organisation", lookup_expr="in")
    circle = django_filters.ChoiceFilter(
        method="in_circle", choices=CircleKind.choices, label=_("cercle d’aujourd’hui")
    )
    in_force = django_filters.BooleanFilter(method="today", label=_("en cours aujourd’hui"))
    profile = django_filters.ChoiceFilter(choices=MemberProfile.choices)
    profile__in = ChoiceInFilter(field_name="profile", lookup_expr="in", choices=MemberProfile.choices)
    relation = django_filters.ChoiceFilter(choices=RelationKind.choices)
    confidentiality = django_filters.ChoiceFilter(choices=Confidentiality.choices)
    legal_form = django_filters.ChoiceFilter(field_name="organisation__legal_form", choices=LegalForm.choices)
    sector = django_filters.CharFilter(field_name="organisation__sector", lookup_expr="iexact")
    commune_code = django_filters.CharFilter(field_name="organisation__commune_code")
    department_code = django_filters.CharFilter(method="in_department", label=_("code département"))
    employment_area_code = django_filters.CharFilter(field_name="organisation__employment_area_code")
    locals().update(date_range("joined_on"))
    locals().update(date_range("left_on"))

    class Meta:
        model = Membership
        fields = ()

    def in_department(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(in_department(value, "organisation__"))

    def in_circle(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        stays = CircleStay.objects.in_force(clock.today()).filter(circle=value)
        return queryset.filter(pk__in=stays.values("membership"))

    def today(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        condition = in_force_on(clock.today(), "joined_on", "left_on")
        return queryset.filter(condition) if value else queryset.exclude(condition)


def _circle(value: str | None) -> str:
    try:
        circle: str = serializers.ChoiceField(CircleKind.choices).run_validation(empty if value is None else value)
    except ValidationError as error:
        raise ValidationError({"?circle": error.detail}) from error
    return circle


class MembershipViewSet(ResourceViewSet):
    """An organisation in a cooperation: its circle and every stay in one, its profile, and who carries it there."""

    http_method_names = ["get", "post", "patch", "head", "options"]
    serializer_class = MembershipOutput
    inputs = {"create": MembershipInput, "partial_update": MembershipUpdateInput}
    create_service = staticmethod(services.membership_create)
    update_service = staticmethod(services.membership_update)
    filterset_class = MembershipFilter
    ordering = ("joined_on",)
    ordering_fields = ("joined_on", "left_on", "created_at")
    extra_parameters = {"departure": ("on",), "simulate_move": ("circle", "since")}

    @extend_schema(
        operation_id="memberships_departure_retrieve",
        parameters=[
            OpenApiParameter(
                "on",
                {"type": "string", "format": "date"},
                description=_("Le dernier jour supposé ; aujourd’hui s’il n’est pas dit."),
            ),
        ],
        responses=DepartureOutput,
    )
    @action(detail=True, methods=["get"])
    def departure(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What leaving would leave behind and the notice that it asks for; only about what the reader may know of."""
        refuse_unknown_parameters(request, self)
        membership = self.get_object()
        today = clock.today(membership.cooperation.zone)
        found = departure_of(membership, self.actor, on=asked_day(request.query_params.get("on"), today), today=today)
        body = DepartureOutput(found).data
        current = etag.list_tag(body)
        response = Response(status=304) if etag.matches_none(request, current) else Response(body)
        response["ETag"] = current
        return response

    @extend_schema(
        operation_id="memberships_simulate_move_retrieve",
        parameters=[
            OpenApiParameter("circle", {"type": "string", "enum": CircleKind.values}, required=True),
            OpenApiParameter(
                "since",
                {"type": "string", "format": "date"},
                description=_("Le premier jour supposé ; aujourd’hui s’il n’est pas dit."),
            ),
        ],
        responses=SimulatedMoveOutput,
    )
    @action(detail=True, methods=["get"], url_path="simulate-move")
    def simulate_move(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What moving to `circle` would change to rights, votes and size; writes nothing."""
        refuse_unknown_parameters(request, self)
        membership = self.get_object()
        today = clock.today(membership.cooperation.zone)
        given = request.query_params
        circle, since = _circle(given.get("circle")), asked_day(given.get("since"), today, "since")
        body = SimulatedMoveOutput(simulate_move(membership, self.actor, circle=circle, since=since, today=today)).data
        current = etag.list_tag(body)
        response = Response(status=304) if etag.matches_none(request, current) else Response(body)
        response["ETag"] = current
        return response

    @act(MoveInput)
    def move(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change circle; the history of stays is kept."""
        return self.perform(services.membership_move)

    @act(CompleteStepInput)
    def complete_step(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record that the member did one step of a circle, with what shows it."""
        return self.perform(onboarding.membership_complete_step)

    @act(UndoStepInput)
    def undo_step(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take back a step recorded by mistake; both stay in the history."""
        return self.perform(onboarding.membership_undo_step)

    @act(GiveExitNoticeInput, legal=True)
    def give_notice(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give notice of leaving; `notice_exit_on` is the earliest exit, by the charter that binds the member."""
        return self.perform(services.membership_give_notice)

    @act(LeaveInput)
    def leave(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Leave the cooperation: the roles exercised there for the organisation end the same day."""
        return self.perform(services.membership_leave)


class RoleOutput(Output):
    policy = policies.role
    expandable = {
        "cooperation": lambda: CooperationOutput,
        "person": lambda: PersonOutput,
        "organisation": lambda: OrganisationOutput,
    }

    class Meta:
        model = Role
        fields = (
            "id",
            "version",
            "cooperation",
            "person",
            "organisation",
            "kind",
            "since",
            "until",
            "confidentiality",
            "created_at",
            "updated_at",
            "abilities",
        )


class RoleInput(ModelInput):
    since = serializers.DateField(required=False, help_text=_("Aujourd’hui s’il n’est pas dit."))

    class Meta:
        model = Role
        fields = ("cooperation", "person", "organisation", "kind", "since", "until", "confidentiality")


class RoleUpdateInput(ModelInput):
    class Meta:
        model = Role
        fields = ("until", "confidentiality")


class EndRoleInput(Input):
    until = serializers.DateField(required=False, help_text=_("Le dernier jour ; aujourd’hui s’il n’est pas dit."))
    reason = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class RoleFilter(FilterSet):
    cooperation = django_filters.UUIDFilter()
    person = django_filters.UUIDFilter()
    organisation = django_filters.UUIDFilter()
    kind__in = ChoiceInFilter(field_name="kind", lookup_expr="in", choices=RoleKind.choices)
    confidentiality = django_filters.ChoiceFilter(choices=Confidentiality.choices)
    in_force = django_filters.BooleanFilter(method="today", label=_("en cours aujourd’hui"))
    locals().update(date_range("since"))
    locals().update(date_range("until"))

    class Meta:
        model = Role
        fields = ("kind",)

    def today(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        condition = in_force_on(clock.today())
        return queryset.filter(condition) if value else queryset.exclude(condition)


class RoleViewSet(ResourceViewSet):
    """Dated roles of people in a cooperation, most often on behalf of an organisation; ended rather than deleted."""

    http_method_names = ["get", "post", "patch", "head", "options"]
    serializer_class = RoleOutput
    inputs = {"create": RoleInput, "partial_update": RoleUpdateInput}
    create_service = staticmethod(role_services.role_create)
    update_service = staticmethod(role_services.role_update)
    filterset_class = RoleFilter
    ordering = ("since",)
    ordering_fields = ("since", "until", "kind", "created_at")

    @act(EndRoleInput)
    def end(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """End a role: by coordination, by the head of the organisation, or by the person themselves."""
        return self.perform(role_services.role_end)
