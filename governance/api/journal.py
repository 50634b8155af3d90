"""`journal`: what was done in my cooperations, up to the level that I may know of. Written by services only."""

from collections.abc import Mapping
from typing import Any

import django_filters
from django.utils.translation import pgettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject.api.filters import FilterSet, InFilter, InstantFilter
from coopproject.api.serializers import Output
from coopproject.api.views import ReadViewSet
from governance.api.cooperations import CooperationOutput
from governance.api.organisations import OrganisationOutput
from governance.models import JournalEntry, JournalHead
from governance.rules.confidentiality import highest


class JournalEntryOutput(Output):
    """Of an object with a hidden field, an entry says who did what and when, never the values nor the reason."""

    expandable = {"cooperation": lambda: CooperationOutput, "on_behalf_of": lambda: OrganisationOutput}
    maskable = ("reason", "payload")

    class Meta:
        model = JournalEntry
        fields = (
            "id",
            "cooperation",
            "sequence",
            "recorded_at",
            "actor",
            "on_behalf_of",
            "act",
            "object_type",
            "object_id",
            "confidentiality",
            "reason",
            "payload",
            "request_id",
            "format",
            "previous_hash",
            "hash",
            "abilities",
        )

    def hidden_fields(self, obj: JournalEntry) -> Mapping[str, str]:
        asked = self.context["actor"].hidden_fields(obj.object_type, obj.object_id)
        return dict.fromkeys(self.maskable, highest(*asked.values())) if asked else {}


class JournalHeadOutput(serializers.Serializer[Any]):
    """The last hash of a cooperation's chain: whoever keeps it can tell later whether the past was rewritten."""

    cooperation = serializers.UUIDField(source="chain")
    sequence = serializers.IntegerField()
    hash = serializers.CharField()


class JournalHeads(serializers.Serializer[Any]):
    results = JournalHeadOutput(many=True)


class JournalFilter(FilterSet):
    updated_since = InstantFilter(field_name="recorded_at", lookup_expr="gte")
    cooperation = django_filters.UUIDFilter()
    object_type = django_filters.CharFilter()
    object_id = django_filters.UUIDFilter(method="about", label=pgettext_lazy("ce dont on parle", "objet"))
    act = django_filters.CharFilter()
    act__in = InFilter(field_name="act", lookup_expr="in")
    actor = django_filters.CharFilter()
    recorded_at__gte = InstantFilter(field_name="recorded_at", lookup_expr="gte")
    recorded_at__lte = InstantFilter(field_name="recorded_at", lookup_expr="lte")

    class Meta:
        model = JournalEntry
        fields = ()

    def about(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.filter(object_id=str(value))


class JournalViewSet(ReadViewSet):
    """What was done, by whom, on what: append-only and chained, as far as the reader may know of each object."""

    http_method_names = ["get", "head", "options"]
    serializer_class = JournalEntryOutput
    filterset_class = JournalFilter
    ordering = ("-recorded_at", "-sequence")
    ordering_fields = ("recorded_at", "sequence")

    @extend_schema(responses=JournalHeads, filters=False)
    @action(detail=False, methods=["get"], pagination_class=None)
    def heads(self, request: Request) -> Response:
        """The head of the chain of each of my cooperations, to be kept as a witness."""
        self.filter_queryset(JournalEntry.objects.none())
        mine = sorted(str(pk) for pk in self.actor.cooperation_ids)
        rows = JournalHead.objects.filter(chain__in=mine).order_by("chain")
        return Response({"results": JournalHeadOutput(rows, many=True).data})
