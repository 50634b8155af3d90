"""`confidentiality-clauses`: the register of what people agreed to keep among some of them, and what it covers."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject import clock
from coopproject.api.filters import FilterSet, date_range
from coopproject.api.serializers import Input, ModelInput, Output, maskable_fields
from coopproject.api.views import ActMixin, CreateMixin, ReadViewSet, act
from governance import covering
from governance.api.cooperations import CooperationOutput
from governance.api.organisations import OrganisationOutput
from governance.api.people import PersonOutput
from governance.api.requests import day_in
from governance.enums import ClauseSource, ClauseState, Confidentiality
from governance.models import ConfidentialityClause
from governance.policies import clauses as policies_clauses
from governance.rules.clauses import clause_state
from governance.selectors.clauses import known_ids
from governance.services import clauses as services


class ResourceField(serializers.ChoiceField):
    """A resource of the API among those that apps registered, read when the serializer is made."""

    def __init__(self, known: Callable[[], Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(choices=[(name, name) for name in sorted(known())], **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or data not in self.choices:
            message = _("Attendu : %(known)s.") % {"known": ", ".join(self.choices)}
            raise serializers.ValidationError(message, code="unknown_choice")
        return data


class TextReference(serializers.Serializer[Any]):
    """A text that is kept here."""

    resource = ResourceField(covering.texts)
    id = serializers.UUIDField()


class CoverReference(TextReference):
    """An object; `fields` empty: the whole of it."""

    resource = ResourceField(covering.coverable)
    fields = serializers.ListField(child=serializers.CharField())  # type: ignore[assignment]


class ConfidentialityClauseOutput(Output):
    """An object that its reader may not know of is not named: `covers` and `text_at` are then null."""

    policy = policies_clauses.clause
    expandable: ClassVar[Mapping[str, Any]] = {
        "cooperation": lambda: CooperationOutput,
        "bound": lambda: OrganisationOutput,
        "on_behalf_of": lambda: OrganisationOutput,
        "set_by": lambda: PersonOutput,
        "lifted_by": lambda: PersonOutput,
    }

    state = serializers.SerializerMethodField(help_text=_("Ce qu’elle est aujourd’hui."))
    text_at = serializers.SerializerMethodField()
    covers = serializers.SerializerMethodField()
    restores_to = serializers.SerializerMethodField(
        help_text=_("Le niveau que l’objet couvert retrouvera à sa fin ; rien si elle n’a rien fermé de plus.")
    )

    class Meta:
        model = ConfidentialityClause
        fields = (
            "id",
            "version",
            "cooperation",
            "source",
            "reference",
            "text_at",
            "title",
            "text",
            "bound",
            "bound_people",
            "bound_functions",
            "confidentiality",
            "covers",
            "restores_to",
            "since",
            "until",
            "state",
            "set_by",
            "on_behalf_of",
            "reason",
            "lifted_on",
            "lifted_by",
            "lift_reason",
            "created_at",
            "updated_at",
            "abilities",
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("cooperation").prefetch_related("bound")

    @extend_schema_field(serializers.ChoiceField(ClauseState.choices))
    def get_state(self, obj: ConfidentialityClause) -> str:
        today = day_in(self.context, obj.cooperation.zone)
        return clause_state(today, until=obj.until, lifted_on=obj.lifted_on)

    @extend_schema_field(TextReference(allow_null=True))
    def get_text_at(self, obj: ConfidentialityClause) -> dict[str, Any] | None:
        return self._if_known(obj.text_at)

    @extend_schema_field(CoverReference(allow_null=True))
    def get_covers(self, obj: ConfidentialityClause) -> dict[str, Any] | None:
        return self._if_known(obj.covers)

    @extend_schema_field(serializers.ChoiceField(Confidentiality.choices, allow_null=True))
    def get_restores_to(self, obj: ConfidentialityClause) -> str | None:
        covered = self._if_known(obj.covers)
        return next((row["level"] for row in obj.restores if covered and row["id"] == covered["id"]), None)

    def _if_known(self, named: dict[str, Any] | None) -> dict[str, Any] | None:
        return named if named is not None and named["id"] in self._known() else None

    def _known(self) -> set[str]:
        """What the rows of this answer name and the reader may know of: one query per resource for the whole list."""
        context: Any = self.context
        if "named_by_clauses" not in context:
            rows: Any = self.parent.instance if isinstance(self.parent, serializers.ListSerializer) else [self.instance]
            models = covering.texts() | {name: item.model for name, item in covering.coverable().items()}
            named = [item for row in rows for item in (row.covers, row.text_at)]
            context["named_by_clauses"] = known_ids(models, named, context["actor"])
        known: set[str] = context["named_by_clauses"]
        return known


class _Named(Input):
    """An object by its resource and identifier; the same error whether it is hidden or is not there."""

    id = serializers.UUIDField()

    def models(self) -> Mapping[str, Any]:
        return covering.texts()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs["obj"] = _visible(self.models()[attrs["resource"]], attrs["id"], self.context["actor"])
        return attrs


def _visible(model: Any, identifier: UUID, actor: Any) -> Any:
    found = model.objects.visible_to(actor).filter(pk=identifier).first()
    if found is None:
        message = _("Aucun objet connu de vous ne porte cet identifiant.")
        raise serializers.ValidationError({"id": message}, code="does_not_exist")
    return found


class TextInput(_Named):
    """The text kept here that holds the clause."""

    resource = ResourceField(covering.texts)


class CoversInput(_Named):
    """What the clause covers: the whole object, or the fields that are named."""

    resource = ResourceField(covering.coverable)
    fields = serializers.ListField(  # type: ignore[assignment]
        child=serializers.CharField(max_length=60), required=False, max_length=20
    )

    def models(self) -> Mapping[str, Any]:
        return {name: item.model for name, item in covering.coverable().items()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        item, names = covering.coverable()[attrs["resource"]], attrs.get("fields", [])
        known = maskable_fields(item.model)
        if unknown := [name for name in names if name not in known]:
            message = _("Ces champs ne se masquent pas : %(unknown)s. Attendus : %(known)s.")
            words = {"unknown": ", ".join(unknown), "known": ", ".join(known) or "—"}
            raise serializers.ValidationError({"fields": message % words}, code="unknown_choice")
        return {"covered": covering.Covered(item, attrs["obj"], tuple(dict.fromkeys(names)))}


class ConfidentialityClauseInput(ModelInput):
    confidentiality = serializers.ChoiceField(Confidentiality.choices)
    covers = CoversInput(required=False, allow_null=True)
    text_at = TextInput(required=False, allow_null=True)

    class Meta:
        model = ConfidentialityClause
        fields = (
            "cooperation",
            "source",
            "reference",
            "text_at",
            "title",
            "text",
            "bound",
            "bound_people",
            "bound_functions",
            "confidentiality",
            "covers",
            "until",
            "on_behalf_of",
            "reason",
        )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs["covers"] = (attrs.get("covers") or {}).get("covered")
        text = attrs.get("text_at")
        attrs["text_at"] = text and {"resource": text["resource"], "id": str(text["id"])}
        if text and text["obj"].cooperation_id != attrs["cooperation"].pk:
            message = _("Cet objet est celui d’une autre coopération.")
            raise serializers.ValidationError({"text_at": {"id": message}}, code="other_cooperation")
        return attrs


class LiftInput(Input):
    reason = serializers.CharField(max_length=5_000)


class ConfidentialityClauseFilter(FilterSet):
    cooperation = django_filters.UUIDFilter()
    source = django_filters.ChoiceFilter(choices=ClauseSource.choices)
    confidentiality = django_filters.ChoiceFilter(choices=Confidentiality.choices)
    bound = django_filters.UUIDFilter(method="binds", label=_("organisation tenue"))
    in_force = django_filters.BooleanFilter(method="today", label=_("en vigueur aujourd’hui"))
    locals().update(date_range("until"))

    class Meta:
        model = ConfidentialityClause
        fields = ()

    def binds(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset.filter(bound=value)

    def today(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        held = ConfidentialityClause.objects.in_force(clock.today()).values("pk")
        return queryset.filter(pk__in=held) if value else queryset.exclude(pk__in=held)


class ConfidentialityClauseViewSet(CreateMixin, ActMixin, ReadViewSet):
    """A clause is set and lifted, never rewritten: another text is another clause."""

    http_method_names = ["get", "post", "head", "options"]
    serializer_class = ConfidentialityClauseOutput
    inputs: ClassVar[dict[str, Any]] = {"create": ConfidentialityClauseInput}
    create_service = staticmethod(services.clause_create)
    legal_actions = frozenset({"create"})
    filterset_class = ConfidentialityClauseFilter
    ordering = ("-since", "-created_at")
    ordering_fields = ("since", "until", "created_at")

    @act(LiftInput, legal=True, guarded=True)
    def lift(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """End the clause today: the fields that it hid open at once, a whole object returns to its former level."""
        return self.perform(services.clause_lift)
