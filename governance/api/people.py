"""`people`: whoever holds or held a role in a cooperation of mine."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from coopproject.api.filters import FilterSet
from coopproject.api.serializers import ModelInput, Output, VisibleRef
from coopproject.api.views import ResourceViewSet
from governance import policies
from governance.api.requests import actor_of
from governance.enums import RoleKind
from governance.models import Cooperation, Organisation, Person, Role
from governance.services import people as services

CONTACT = ("given_name", "family_name", "email", "phone", "language")


class PersonOutput(Output):
    policy = policies.person

    class Meta:
        model = Person
        fields = ("id", "version", *CONTACT, "erased_at", "created_at", "updated_at", "abilities")

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("account").prefetch_related("roles")


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

    class Meta:
        model = Person
        fields = (*CONTACT, "cooperation", "organisation", "kind", "since", "until")


class PersonFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(method="within", label=_("y exerce ou y a exercé un rôle"))
    email = django_filters.CharFilter(field_name="email", lookup_expr="iexact")

    class Meta:
        model = Person
        fields = ()

    def within(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """People of one of my cooperations: another's id finds nothing, even when it is that of people I know."""
        known = Cooperation.objects.visible_to(actor_of(self.request)).filter(pk=value)
        return queryset.filter(pk__in=Role.objects.filter(cooperation__in=known).values("person"))


class PersonViewSet(ResourceViewSet):
    serializer_class = PersonOutput
    inputs = {"create": PersonInput, "partial_update": PersonUpdateInput}
    create_service = staticmethod(services.person_create)
    update_service = staticmethod(services.person_update)
    filterset_class = PersonFilter
    ordering = ("search_name",)
    ordering_fields = {"name": "search_name", "created_at": "created_at"}
    search_fields = ("search_name",)
