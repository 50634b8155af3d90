"""The common frame of simple acts: check, write, journal. Specific acts add their rules around it."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import BaseConstraint, CheckConstraint, Model, Q, QuerySet, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import InvalidInput, RuleViolated, Violation
from coopproject.locking import lock
from governance import journal
from governance.actor import Actor
from governance.enums import Confidentiality
from governance.selectors.clauses import opens_too_far


def object_name(obj: Any) -> str:
    """`CharterVersion` -> `charter_version`: the first half of an act's name in the journal."""
    name = type(obj).__name__
    return "".join(f"_{char.lower()}" if char.isupper() and index else char.lower() for index, char in enumerate(name))


def check(obj: Model, *, exclude: set[str] | None = None) -> None:
    """Fields, uniqueness and constraints, before the database says it: InvalidInput with pointers, all at once."""
    found: list[Violation] = []
    wrong: set[str] = set(exclude or ())
    try:
        obj.full_clean(exclude=exclude, validate_constraints=False)
    except ValidationError as error:
        for field, items in error.error_dict.items():
            wrong.add(field)
            pointer = "" if field == "__all__" else f"/{field}"
            found += [
                Violation(item.code or "invalid", str(message), pointer) for item in items for message in item.messages
            ]
    for constraint in obj._meta.constraints:
        try:
            constraint.validate(type(obj), obj, exclude=wrong)
        except ValidationError as error:
            code = "unique" if isinstance(constraint, UniqueConstraint) else "invalid"
            found += [Violation(error.code or code, message, _pointer(constraint)) for message in error.messages]
    if found:
        raise InvalidInput(*found)


def _pointer(constraint: BaseConstraint) -> str:
    """The field that a constraint is about: the last of those that must differ, or the only one of a condition."""
    if isinstance(constraint, UniqueConstraint):
        return f"/{constraint.fields[-1]}" if constraint.fields else ""
    condition = constraint.condition if isinstance(constraint, CheckConstraint) else None
    about = condition.referenced_base_fields if isinstance(condition, Q) else set()
    return f"/{min(about)}" if len(about) == 1 else ""


def values_of(obj: Model, names: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The stored values of the named fields, references by id, for the payload of a journal entry."""
    return {
        field.name: getattr(obj, field.attname)
        for field in obj._meta.concrete_fields
        if (names is None or field.name in names) and field.editable and not field.generated
    }


@transaction.atomic
def create(
    obj: Any,
    *,
    actor: Actor,
    act: str | None = None,
    on_behalf_of: UUID | None = None,
    reason: str = "",
    **payload: Any,
) -> Any:
    """Check, insert and journal one object. Returns it."""
    check(obj)
    obj.save(force_insert=True)
    journal.record(
        act or f"{object_name(obj)}.created",
        obj,
        actor=actor,
        on_behalf_of=on_behalf_of,
        reason=reason,
        **(payload or values_of(obj)),
    )
    return obj


@transaction.atomic
def update(
    queryset: QuerySet[Any],
    pk: UUID,
    *,
    actor: Actor,
    expected_version: int | None,
    changes: Mapping[str, Any],
    act: str | None = None,
    on_behalf_of: UUID | None = None,
    reason: str = "",
) -> Any:
    """Lock, compare the version, change what really differs, check, save and journal old and new values.

    Nothing is written when nothing differs. Many-to-many values are set by the caller.
    """
    obj = lock(queryset, pk, expected_version)
    return save_changes(obj, actor=actor, changes=changes, act=act, on_behalf_of=on_behalf_of, reason=reason)


def save_changes(
    obj: Any,
    *,
    actor: Actor,
    changes: Mapping[str, Any],
    act: str | None = None,
    on_behalf_of: UUID | None = None,
    reason: str = "",
    **payload: Any,
) -> Any:
    """As `update`, on a row that the caller has locked already. `payload`: what the journal says besides the values.

    Raises RuleViolated `clause_in_force` for a level more open than a clause that covers the object.
    """
    before = values_of(obj, changes)
    for name, value in changes.items():
        setattr(obj, name, value)
    after = values_of(obj, changes)
    changed = {name for name in after if after[name] != before[name]}
    if not changed:
        return obj
    check(obj)
    refuse_opening(obj, changed)
    obj.save(update_fields=changed)
    journal.record(
        act or f"{object_name(obj)}.updated",
        obj,
        actor=actor,
        on_behalf_of=on_behalf_of,
        reason=reason,
        before={name: before[name] for name in sorted(changed)},
        after={name: after[name] for name in sorted(changed)},
        **payload,
    )
    return obj


def refuse_opening(obj: Any, changed: Collection[str]) -> None:
    """Raises RuleViolated `clause_in_force` when the new level is more open than a clause that covers the object."""
    if "confidentiality" in changed and (held := opens_too_far(obj, obj.confidentiality)) is not None:
        detail = _(
            "Une clause en vigueur tient cet objet au niveau « %(level)s » : levez-la d’abord, ou attendez sa fin."
        )
        level = wording.filled(detail, level=Confidentiality(held).label)
        raise RuleViolated(Violation("clause_in_force", level, "/confidentiality"))
