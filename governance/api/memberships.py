"""`memberships` and `roles`: what ties organisations and people to a cooperation, with dates."""

import datetime as dt
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject import clock
from coopproject.api import etag
from coopproject.api.filters import ChoiceInFilter, FilterSet, UUIDInFilter, date_range, refuse_unknown_parameters
from coopproject.api.serializers import Input, ModelInput, Output, VisibleRef
from coopproject.api.views import ResourceViewSet, act
from governance import policies
from governance.api.cooperations import CooperationOutput
from governance.api.departures import DepartureOutput
from governance.api.organisations import OrganisationOutput
from governance.api.people import PersonOutput
from governance.api.requests import day_in
from governance.enums import CircleKind, RoleKind
from governance.models import CircleStay, Cooperation, Membership, Organisation, Role
from governance.models.cooperations import in_force_on
from governance.selectors.departures import departure_of
from governance.services import memberships as services
from governance.services import roles as role_services


class StayOutput(serializers.ModelSerializer[CircleStay]):
    class Meta:
        model = CircleStay
        fields = ("circle", "since", "until", "reason")


class MembershipOutput(Output):
    policy = policies.membership
    maskable = ("leave_reason", "leave_waiver", "notice_reason", "notice_reference")
    expandable = {"cooperation": lambda: CooperationOutput, "organisation": lambda: OrganisationOutput}

    circle = serializers.SerializerMethodField(help_text=_("Le cercle d’aujourd’hui ; vide hors adhésion."))
    stays = StayOutput(many=True)

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
            "circle",
            "stays",
            "created_at",
            "updated_at",
            "abilities",
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("cooperation").prefetch_related("stays")

    @extend_schema_field(serializers.ChoiceField(CircleKind.choices, allow_null=True))
    def get_circle(self, obj: Membership) -> str | None:
        today = day_in(self.context, obj.cooperation.zone)
        for stay in obj.stays.all():
            if stay.since <= today and (stay.until is None or today <= stay.until):
                return stay.circle
        return None


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


class MembershipInput(ModelInput):
    cooperation = AnyCooperationForTheOperator(queryset=Cooperation.objects.all())
    organisation = AnyOrganisationForTheOperator(queryset=Organisation.objects.all())
    circle = serializers.ChoiceField(CircleKind.choices)
    joined_on = serializers.DateField(required=False, help_text=_("Aujourd’hui si elle n’est pas dite."))

    class Meta:
        model = Membership
        fields = ("cooperation", "organisation", "circle", "joined_on")


class MoveInput(Input):
    circle = serializers.ChoiceField(CircleKind.choices)
    since = serializers.DateField(required=False, help_text=_("Aujourd’hui si elle n’est pas dite."))
    reason = serializers.CharField(max_length=2000)


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
    locals().update(date_range("joined_on"))
    locals().update(date_range("left_on"))

    class Meta:
        model = Membership
        fields = ()

    def in_circle(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        stays = CircleStay.objects.in_force(clock.today()).filter(circle=value)
        return queryset.filter(pk__in=stays.values("membership"))

    def today(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        condition = in_force_on(clock.today(), "joined_on", "left_on")
        return queryset.filter(condition) if value else queryset.exclude(condition)


def _day(value: str | None, today: dt.date) -> dt.date:
    if value is None:
        return today
    try:
        day: dt.date = serializers.DateField().run_validation(value)
    except ValidationError as error:
        raise ValidationError({"?on": error.detail}) from error
    return day


class MembershipViewSet(ResourceViewSet):
    http_method_names = ["get", "post", "head", "options"]
    serializer_class = MembershipOutput
    inputs = {"create": MembershipInput}
    create_service = staticmethod(services.membership_create)
    filterset_class = MembershipFilter
    ordering = ("joined_on",)
    ordering_fields = ("joined_on", "left_on", "created_at")
    extra_parameters = {"departure": ("on",)}

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
        found = departure_of(membership, self.actor, on=_day(request.query_params.get("on"), today), today=today)
        body = DepartureOutput(found).data
        current = etag.list_tag(body)
        response = Response(status=304) if etag.matches_none(request, current) else Response(body)
        response["ETag"] = current
        return response

    @act(MoveInput)
    def move(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change circle; the history of stays is kept."""
        return self.perform(services.membership_move)

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
            "created_at",
            "updated_at",
            "abilities",
        )


class RoleInput(ModelInput):
    since = serializers.DateField(required=False, help_text=_("Aujourd’hui s’il n’est pas dit."))

    class Meta:
        model = Role
        fields = ("cooperation", "person", "organisation", "kind", "since", "until")


class RoleUpdateInput(ModelInput):
    class Meta:
        model = Role
        fields = ("until",)


class EndRoleInput(Input):
    until = serializers.DateField(required=False, help_text=_("Le dernier jour ; aujourd’hui s’il n’est pas dit."))
    reason = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class RoleFilter(FilterSet):
    cooperation = django_filters.UUIDFilter()
    person = django_filters.UUIDFilter()
    organisation = django_filters.UUIDFilter()
    kind__in = ChoiceInFilter(field_name="kind", lookup_expr="in", choices=RoleKind.choices)
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
