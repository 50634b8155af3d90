"""Shapes in and out. Inputs refuse unknown fields and objects that the actor may not know of; outputs can be narrowed
(`fields`) and opened (`expand`, depth 2), and carry `abilities`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from coopproject.api.policy import READ_ONLY, Policy


class VisibleRef(serializers.PrimaryKeyRelatedField):
    """A reference by id to an object that the actor may know of; else the same error as for one that is not there."""

    default_error_messages = {
        "does_not_exist": _("Aucun objet connu de vous ne porte cet identifiant."),
        "incorrect_type": _("Un identifiant (UUID) est attendu."),
    }

    def get_queryset(self) -> QuerySet[Any]:
        queryset: Any = super().get_queryset()
        actor = self.context.get("actor")
        visible: QuerySet[Any] = queryset.none() if actor is None else queryset.visible_to(actor)
        return visible

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("incorrect_type", data_type=type(data).__name__)
        return super().to_internal_value(data)


# Refuses fields that do not exist (or are read-only): a typing mistake must not be ignored.
class StrictMixin(serializers.BaseSerializer):
    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            fields: Mapping[str, Any] = self.fields  # type: ignore[attr-defined]
            writable = {name for name, field in fields.items() if not field.read_only}
            if unknown := sorted(str(key) for key in data if key not in writable):
                message = str(_("Champ inconnu."))
                errors: dict[str, Any] = {name: [ErrorDetail(message, "unknown_field")] for name in unknown}
                try:
                    super().to_internal_value(data)
                except ValidationError as error:
                    errors |= error.detail if isinstance(error.detail, dict) else {}
                raise ValidationError(errors)
        return super().to_internal_value(data)


# The four bases carry comments, not docstrings: a docstring would describe every heir in the OpenAPI document.
# Base of the inputs of acts.
class Input(StrictMixin, serializers.Serializer):
    pass


# An act without a body.
class NoInput(Input):
    pass


# Base of the inputs of `create` and `update`: shape only; uniqueness and rules are the service's.
class ModelInput(StrictMixin, serializers.ModelSerializer):
    serializer_related_field = VisibleRef

    def get_unique_together_validators(self) -> list[Any]:
        return []

    def get_unique_for_date_validators(self) -> list[Any]:
        return []


# Model -> the fields that its output may mask.
_maskable: dict[Any, tuple[str, ...]] = {}


def maskable_fields(model: Any) -> tuple[str, ...]:
    """The fields of this model that a confidentiality clause may hide; none when its output declares none."""
    return _maskable.get(model, ())


class MaskedField(serializers.DictField):
    """Which fields are null because a clause hides them from this reader, and the level that each asks for."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Champs que vous n’atteignez pas, et le niveau que chacun demande."))
        super().__init__(child=serializers.CharField(), read_only=True, **kwargs)

    def get_attribute(self, instance: Any) -> dict[str, str]:
        return {}


def mask(row: dict[str, Any], hidden: Mapping[str, str]) -> dict[str, Any]:
    """The row without the values of the hidden fields, which it names under `masked`."""
    shown = {name: None if name in hidden else value for name, value in row.items()}
    return {**shown, "masked": {name: level for name, level in sorted(hidden.items()) if name in row}}


# Base of what is served. Declares its policy, what can be expanded, and what must be prefetched.
class Output(serializers.ModelSerializer):
    policy: ClassVar[Policy] = READ_ONLY
    # name of a reference field -> the Output that may replace its id (a callable, to allow cycles between modules)
    expandable: ClassVar[Mapping[str, Callable[[], type["Output"]]]] = {}
    # Fields that cost something: computed and served only when `fields` names them.
    on_request: ClassVar[frozenset[str]] = frozenset()
    # Fields that a confidentiality clause may hide from readers below its level: served as null, and named in `masked`.
    # Never one that is searched, filtered or ordered by, nor copied into another object (docs/adr/0025).
    maskable: ClassVar[tuple[str, ...]] = ()
    # reference -> what is derived from it and goes with it, for whoever may not know of it (docs/adr/0029).
    told_with: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.maskable:
            _maskable[cls.Meta.model] = cls.maskable

    abilities = serializers.SerializerMethodField(
        help_text=_("Ce que votre rôle permet sur cet objet ; son état peut encore s’y opposer.")
    )

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        if (asked := self.context.get("fields")) is not None:
            for name in self.on_request.difference(asked):
                del fields[name]
        if self.maskable:
            for name in self.maskable:
                fields[name].allow_null = True
            fields["masked"] = MaskedField()
        return fields

    def to_representation(self, instance: Any) -> dict[str, Any]:
        row: dict[str, Any] = super().to_representation(instance)
        return mask(row, self.hidden_fields(instance)) if self.maskable else row

    def hidden_fields(self, obj: Any) -> Mapping[str, str]:
        """The fields of this object that its reader may not read -> the level that is asked."""
        actor = self.context.get("actor")
        found: Mapping[str, str] = {} if actor is None else actor.hidden_fields(obj._meta.label_lower, obj.pk)
        return found

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Add what `to_representation` reads, so that a list costs the same number of queries for 2 rows and 40."""
        return queryset

    def get_abilities(self, obj: Any) -> dict[str, bool]:
        actor = self.context.get("actor")
        return self.policy.abilities(actor, obj) if actor is not None else {}


def represent(
    objects: Sequence[Any], output: type[Output], *, context: dict[str, Any], fields: str | None, expand: str | None
) -> list[dict[str, Any]]:
    """Serialise, hide, expand, narrow: in that order, with one query per name that is hidden or expanded."""
    names = fields.split(",") if fields is not None else []
    rows = [dict(row) for row in output(objects, many=True, context={**context, "fields": names}).data]
    _hide_unknown(rows, output, context)
    actor = context.get("actor")
    if actor is not None and (unnamed := actor.unnamed) is not None:
        rows = [unnamed.leave_out_of_row(row) for row in rows]
    if expand:
        for path in expand.split(","):
            _expand(rows, output, path.split("."), {**context, "fields": ()})
    if fields is not None:
        known = set(output().fields)
        if unknown := [name for name in names if name not in known]:
            message = _("Champ inconnu : %(names)s.") % {"names": ", ".join(unknown)}
            raise ValidationError({"?fields": [ErrorDetail(str(message), "unknown_field")]})
        rows = [{name: row[name] for name in names} for row in rows]
    return rows


def _hide_unknown(rows: list[dict[str, Any]], output: type[Output], context: dict[str, Any]) -> None:
    """Leave out the references to what the reader may not know of: one query per reference that has its own level.

    Only where nothing may stand (`null=True`): a child is never more open than the parent that it must have.
    """
    actor = context.get("actor")
    if actor is None or not rows:
        return
    model: Any = output.Meta.model
    own = getattr(model, "confidentiality_lookup", None) or ""
    for field in model._meta.concrete_fields:
        target: Any = field.related_model
        if not field.null or field.name not in rows[0] or own.startswith(f"{field.name}__"):
            continue
        if getattr(target, "confidentiality_lookup", None) is None:
            continue
        wanted = {row[field.name] for row in rows} - {None}
        known = set(target.objects.visible_to(actor).filter(pk__in=wanted).values_list("pk", flat=True))
        for row in rows:
            if row[field.name] is not None and row[field.name] not in known:
                row[field.name] = None
                for name in output.told_with.get(field.name, ()):
                    row[name] = "" if isinstance(row[name], str) else None


def _expand(rows: list[dict[str, Any]], output: type[Output], path: Sequence[str], context: dict[str, Any]) -> None:
    name, *rest = path
    if name not in output.expandable or len(path) > 2:
        allowed = ", ".join(sorted(output.expandable)) or "—"
        message = _("Impossible d’étendre « %(name)s ». Admis : %(allowed)s.") % {"name": name, "allowed": allowed}
        raise ValidationError({"?expand": [ErrorDetail(str(message), "unknown_expand")]})
    target = output.expandable[name]()
    wanted: set[str] = set()
    for row in rows:
        value = row.get(name)
        wanted |= {
            str(item) for item in (value if isinstance(value, list) else [value]) if isinstance(item, str | UUID)
        }
    model: Any = target.Meta.model
    actor = context.get("actor")
    found = target.prefetch(model.objects.visible_to(actor).filter(pk__in=sorted(wanted)).order_by("pk"))
    shown = target(list(found), many=True, context=context).data
    children = {str(obj.pk): dict(row) for obj, row in zip(found, shown, strict=True)}
    _hide_unknown(list(children.values()), target, context)
    if rest:
        _expand(list(children.values()), target, rest, context)
    for row in rows:
        value = row.get(name)
        if isinstance(value, list):
            row[name] = [children.get(str(item), item) for item in value]
        elif isinstance(value, str | UUID):
            row[name] = children.get(str(value), value)
