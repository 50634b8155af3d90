"""`people`: whoever holds or held a role in a cooperation of mine."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject import clock
from coopproject.api import etag
from coopproject.api.downloads import content_disposition
from coopproject.api.filters import FilterSet, refuse_unknown_parameters
from coopproject.api.serializers import Input, ModelInput, Output, VisibleRef
from coopproject.api.views import ResourceViewSet, act
from governance import policies
from governance.api.departures import PersonDepartureOutput, asked_day
from governance.api.requests import actor_of
from governance.enums import Confidentiality, RoleKind
from governance.models import Cooperation, Organisation, Person, Role
from governance.selectors.departures import departure_of_person
from governance.selectors.personal_data import pieces
from governance.services import people as services
from governance.services.erasure import person_erase
from governance.services.leaving import Handover, person_leave

CONTACT = ("given_name", "family_name", "email", "phone", "language")


class PersonOutput(Output):
    policy = policies.person

    name = serializers.SerializerMethodField(
        help_text=_("Comment la nommer ; « [personne effacée] » une fois effacée.")
    )

    class Meta:
        model = Person
        fields = ("id", "version", "name", *CONTACT, "erased_at", "created_at", "updated_at", "abilities")

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("account").prefetch_related("roles")

    def get_name(self, obj: Person) -> str:
        return str(obj)


class PersonUpdateInput(ModelInput):
    class Meta:
        model = Person
        fields = CONTACT


class PersonInput(ModelInput):
    """A person comes with the first role that they hold in the cooperation."""

    cooperation = VisibleRef(queryset=Cooperation.objects.all())
    organisation = VisibleRef(queryset=Organisation.objects.all(), required=False, allow_null=True)
    kind = serializers.ChoiceField(RoleKind.choices, help_text=_("Le premier rôle de cette personne."))
    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False, allow_null=True)
    confidentiality = serializers.ChoiceField(
        Confidentiality.choices, required=False, help_text=_("Celle de ce rôle, et donc de la personne elle-même.")
    )

    class Meta:
        model = Person
        fields = (*CONTACT, "cooperation", "organisation", "kind", "since", "until", "confidentiality")


class HandoverInput(Input):
    """What becomes of one consequence: somebody takes it (`to`), or it stays open and why (`left_open`)."""

    to = VisibleRef(queryset=Person.objects.all(), required=False)
    left_open = serializers.CharField(max_length=2000, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            detail = _("Dites soit qui le prend (to), soit pourquoi cela reste ouvert (left_open).")
            raise ValidationError(ErrorDetail(str(detail), "one_of_two"))
        return attrs


class LeaveCooperationInput(Input):
    cooperation = VisibleRef(queryset=Cooperation.objects.all())
    left_on = serializers.DateField(required=False, help_text=_("Le dernier jour ; aujourd’hui s’il n’est pas dit."))
    reason = serializers.CharField(max_length=2000)
    handovers = serializers.DictField(
        child=HandoverInput(),
        required=False,
        help_text=_("La réponse à chaque conséquence qui en attend une, sous sa clé (`key` de `departure`)."),
    )

    def validate_handovers(self, value: dict[str, Any]) -> dict[str, Handover]:
        if len(value) > 500:
            raise ValidationError(ErrorDetail(str(_("500 réponses au plus.")), "max_length"))
        return {key: Handover(**answer) for key, answer in value.items()}


class EraseInput(Input):
    reason = serializers.CharField(max_length=2000, help_text=_("Sans nommer la personne : le journal le garde."))


class ErasedOutput(serializers.Serializer[Any]):
    """What is left of a person who was erased, and what an erasure does not reach."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="__str__")
    erased_at = serializers.DateTimeField()
    free_text_notice = serializers.SerializerMethodField()

    def get_free_text_notice(self, obj: Person) -> str:
        return str(
            _(
                "Les textes écrits par des personnes (comptes rendus, motifs, commentaires, noms de fichiers) ne sont "
                "pas réécrits : s’ils nomment quelqu’un, ils le nomment encore. Les actes, le journal et les reçus "
                "gardent un identifiant, sans nom. Les dossiers et documents déjà remis ne sont pas rappelés."
            )
        )


class PersonFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(method="within", label=_("y exerce ou y a exercé un rôle"))
    email = django_filters.CharFilter(field_name="email", lookup_expr="iexact")
    in_force = django_filters.BooleanFilter(
        method="acting", label=_("y exerce un rôle aujourd’hui ; sinon, en est parti ou n’a pas commencé")
    )

    class Meta:
        model = Person
        fields = ()

    def acting(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """By the roles of the cooperation that is asked for, else of all mine."""
        roles = Role.objects.visible_to(actor_of(self.request)).in_force(clock.today())
        if (asked := self.form.cleaned_data.get("cooperation")) is not None:
            roles = roles.filter(cooperation=asked)
        holders = roles.order_by().values("person")
        return queryset.filter(pk__in=holders) if value else queryset.exclude(pk__in=holders)

    def within(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """People of one of my cooperations: another's id finds nothing, even when it is that of people I know."""
        known = Cooperation.objects.visible_to(actor_of(self.request)).filter(pk=value)
        held = Role.objects.visible_to(actor_of(self.request)).filter(cooperation__in=known)
        return queryset.filter(pk__in=held.order_by().values("person"))


class PersonViewSet(ResourceViewSet):
    """People by name, role and work contact: those of my cooperations."""

    serializer_class = PersonOutput
    inputs = {"create": PersonInput, "partial_update": PersonUpdateInput}
    create_service = staticmethod(services.person_create)
    update_service = staticmethod(services.person_update)
    filterset_class = PersonFilter
    ordering = ("search_name",)
    ordering_fields = {"name": "search_name", "created_at": "created_at"}
    search_fields = ("search_name",)
    extra_parameters = {"departure": ("cooperation", "on")}

    @extend_schema(
        operation_id="people_departure_retrieve",
        parameters=[
            OpenApiParameter(
                "cooperation",
                {"type": "string", "format": "uuid"},
                description=_("Attendue si vous en partagez plusieurs avec cette personne."),
            ),
            OpenApiParameter(
                "on",
                {"type": "string", "format": "date"},
                description=_("Le dernier jour supposé ; aujourd’hui s’il n’est pas dit."),
            ),
        ],
        responses=PersonDepartureOutput,
    )
    @action(detail=True, methods=["get"])
    def departure(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What this person would leave behind in a cooperation; only about what the reader may know of."""
        refuse_unknown_parameters(request, self)
        person = self.get_object()
        cooperation = self._cooperation_shared_with(person)
        on = asked_day(request.query_params.get("on"), clock.today(cooperation.zone))
        body = PersonDepartureOutput(departure_of_person(person, cooperation, self.actor, on=on)).data
        current = etag.list_tag(body)
        response = Response(status=304) if etag.matches_none(request, current) else Response(body)
        response["ETag"] = current
        return response

    @act(LeaveCooperationInput, legal=True)
    def leave(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Leave a cooperation: roles and mandates end; what is left is taken by somebody, or stays open knowingly."""
        return self.perform(person_leave)

    @extend_schema(
        operation_id="people_export_retrieve",
        responses={(200, "application/json"): OpenApiResponse(OpenApiTypes.OBJECT)},
    )
    @action(detail=True, methods=["get"])
    def export(self, request: Request, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        """Everything that the instance holds about this person (docs/reference/person-export.md), sent in pieces."""
        refuse_unknown_parameters(request, self)
        person = self.get_object()
        response = StreamingHttpResponse(pieces(person), content_type="application/json; charset=utf-8")
        response["Content-Disposition"] = content_disposition(f"personne-{person.pk}.json")
        response["Cache-Control"] = "private, no-store"
        return response

    @act(EraseInput, legal=True, responses=ErasedOutput)
    def erase(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Erase, for ever: name and addresses go, the account is closed, what was done stays without a name."""
        person = self.get_object()
        expected = self.expected_version()
        data = self.validated_input()
        erased = person_erase(pk=person.pk, actor=self.actor, expected_version=expected, **data)
        return Response(ErasedOutput(erased).data)

    def _cooperation_shared_with(self, person: Person) -> Cooperation:
        """The one that `?cooperation=` names, else the only one of mine in which they hold or held a role."""
        mine = Cooperation.objects.visible_to(self.actor)
        named = self.request.query_params.get("cooperation")
        if named is not None:
            try:
                found = mine.filter(pk=serializers.UUIDField().run_validation(named)).first()
            except ValidationError as error:
                raise ValidationError({"?cooperation": error.detail}) from error
            if found is None:
                detail = VisibleRef.default_error_messages["does_not_exist"]
                raise ValidationError({"?cooperation": [ErrorDetail(str(detail), "does_not_exist")]})
            return found
        shared = mine.filter(pk__in=Role.objects.filter(person=person).values("cooperation")).order_by("pk")[:2]
        if len(shared) != 1:
            said = ErrorDetail(str(_("Dites dans quelle coopération.")), "required")
            raise ValidationError({"?cooperation": [said]})
        return shared[0]
