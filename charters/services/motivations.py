"""Why the members cooperate and what they expect, kept while a draft is being written, by coordination at any time."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Model, ProtectedError
from django.db.models.deletion import Collector
from django.utils.translation import gettext_lazy as _

from charters.enums import VersionState
from charters.models import Charter, CharterVersion, ExpectedEffect, Motivation
from charters.rules.acts import ARCHIVED
from charters.rules.motivations import RETIRED, deletion_violations
from charters.selectors.motivations import frozen_in
from charters.services.locks import lock_charter
from coopproject import clock
from coopproject.exceptions import InvalidInput, NotVisible, RuleViolated, Violation
from coopproject.locking import lock
from governance import journal
from governance.actor import Actor
from governance.enums import RoleKind
from governance.models import Membership, Organisation
from governance.services import records


@transaction.atomic
def motivation_create(*, actor: Actor, charter: Charter, **fields: Any) -> Motivation:
    """Record a motivation, shared or of one member organisation."""
    charter = lock_charter(charter.pk)
    _require_open(charter, actor)
    _check_member(charter, fields.get("organisation"))
    motivation = Motivation(cooperation_id=charter.cooperation_id, charter=charter, **fields)
    organisation_id = motivation.organisation_id
    records.create(motivation, actor=actor, on_behalf_of=organisation_id)
    return motivation


@transaction.atomic
def motivation_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]
) -> Motivation:
    """Change a motivation; texts already frozen keep the one that they were voted with."""
    charter_id = Motivation.objects.filter(pk=pk).values_list("charter_id", flat=True).first()
    _require_open(_charter(charter_id), actor)
    motivation: Motivation = lock(Motivation.objects.all(), pk, expected_version)
    _require_standing(motivation)
    records.save_changes(motivation, actor=actor, changes=changes, on_behalf_of=motivation.organisation_id)
    return motivation


@transaction.atomic
def motivation_retire(*, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str) -> Motivation:
    """Give a motivation up: from today on it counts for nothing, nor do its effects; what was frozen keeps it."""
    charter = _charter(Motivation.objects.filter(pk=pk).values_list("charter_id", flat=True).first())
    _require_open(charter, actor)
    motivation: Motivation = lock(Motivation.objects.all(), pk, expected_version)
    _retire(motivation, charter, actor=actor, on_behalf_of=motivation.organisation_id, reason=reason)
    return motivation


@transaction.atomic
def motivation_delete(*, pk: UUID, actor: Actor, expected_version: int | None = None) -> None:
    """Erase a motivation that nothing holds; the journal keeps it.

    Raises RuleViolated: `frozen_in_a_version`, `has_effects`, `in_use`; then it can be retired only.
    """
    charter = _charter(Motivation.objects.filter(pk=pk).values_list("charter_id", flat=True).first())
    _require_open(charter, actor)
    motivation: Motivation = lock(Motivation.objects.all(), pk, expected_version)
    effects = motivation.effects.count()
    found = deletion_violations(
        versions=frozen_in(motivation), effects=effects, in_use=_is_in_use(motivation, but=ExpectedEffect)
    )
    if found:
        raise RuleViolated(*found)
    journal.record(
        "motivation.deleted",
        motivation,
        actor=actor,
        on_behalf_of=motivation.organisation_id,
        **records.values_of(motivation),
    )
    motivation.delete()


@transaction.atomic
def expected_effect_create(*, actor: Actor, motivation: Motivation, **fields: Any) -> ExpectedEffect:
    """Say what will be seen when a motivation is satisfied."""
    _require_open(lock_charter(motivation.charter_id), actor)
    _require_standing(lock(Motivation.objects.all(), motivation.pk))
    effect = ExpectedEffect(cooperation_id=motivation.cooperation_id, motivation=motivation, **fields)
    records.create(effect, actor=actor, on_behalf_of=motivation.organisation_id)
    return effect


@transaction.atomic
def expected_effect_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]
) -> ExpectedEffect:
    """Change an expected effect; texts already frozen keep the one that they were voted with."""
    charter_id = ExpectedEffect.objects.filter(pk=pk).values_list("motivation__charter_id", flat=True).first()
    _require_open(_charter(charter_id), actor)
    effect: ExpectedEffect = lock(ExpectedEffect.objects.select_related("motivation"), pk, expected_version)
    _require_standing(effect.motivation, effect)
    records.save_changes(effect, actor=actor, changes=changes, on_behalf_of=effect.motivation.organisation_id)
    return effect


@transaction.atomic
def expected_effect_retire(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str
) -> ExpectedEffect:
    """Give an effect up: from today on it is expected no more; what was frozen keeps it."""
    charter = _charter(ExpectedEffect.objects.filter(pk=pk).values_list("motivation__charter_id", flat=True).first())
    _require_open(charter, actor)
    effect: ExpectedEffect = lock(ExpectedEffect.objects.select_related("motivation"), pk, expected_version)
    _retire(effect, charter, actor=actor, on_behalf_of=effect.motivation.organisation_id, reason=reason)
    return effect


@transaction.atomic
def expected_effect_delete(*, pk: UUID, actor: Actor, expected_version: int | None = None) -> None:
    """Erase an effect that nothing holds; the journal keeps it.

    Raises RuleViolated: `frozen_in_a_version`, `in_use` (an indicator measures it); then it can be retired only.
    """
    charter = _charter(ExpectedEffect.objects.filter(pk=pk).values_list("motivation__charter_id", flat=True).first())
    _require_open(charter, actor)
    effect: ExpectedEffect = lock(ExpectedEffect.objects.select_related("motivation__charter"), pk, expected_version)
    motivation = effect.motivation
    found = deletion_violations(versions=frozen_in(motivation, effect=effect), in_use=_is_in_use(effect))
    if found:
        raise RuleViolated(*found)
    journal.record(
        "expected_effect.deleted",
        effect,
        actor=actor,
        on_behalf_of=motivation.organisation_id,
        **records.values_of(effect),
    )
    effect.delete()


def _retire(
    obj: Motivation | ExpectedEffect, charter: Charter, *, actor: Actor, on_behalf_of: UUID | None, reason: str
) -> None:
    if obj.retired_on is not None:
        raise RuleViolated(RETIRED)
    changes = {"retired_on": clock.today(charter.cooperation.zone), "retired_reason": reason}
    act = f"{records.object_name(obj)}.retired"
    records.save_changes(obj, actor=actor, changes=changes, act=act, on_behalf_of=on_behalf_of, reason=reason)


def _require_standing(*objects: Motivation | ExpectedEffect) -> None:
    if any(obj.retired_on is not None for obj in objects):
        raise RuleViolated(RETIRED)


def _is_in_use(obj: Motivation | ExpectedEffect, *, but: type[Model] | None = None) -> bool:
    """Whether a row of any application refers to it. By what is not said: the reader may not know of it."""
    try:
        Collector(using=DEFAULT_DB_ALIAS, origin=obj).collect([obj])
    except ProtectedError as refused:
        return any(but is None or not isinstance(row, but) for row in refused.protected_objects)
    return False


def _charter(charter_id: UUID | None) -> Charter:
    if charter_id is None:
        raise NotVisible
    return lock_charter(charter_id)


def _require_open(charter: Charter, actor: Actor) -> None:
    found = [ARCHIVED] if charter.archived_on else []
    drafting = CharterVersion.objects.filter(charter=charter, state=VersionState.DRAFT).exists()
    if not drafting and not actor.holds(charter.cooperation_id, (RoleKind.COORDINATION,)):
        detail = _("Aucun brouillon n’est ouvert : demandez à la coordination d’ouvrir un avenant.")
        found.append(Violation("no_draft", detail))
    if found:
        raise RuleViolated(*found)


def _check_member(charter: Charter, organisation: Organisation | None) -> None:
    if organisation is None:
        return
    members = Membership.objects.filter(cooperation_id=charter.cooperation_id, left_on__isnull=True)
    if not members.filter(organisation=organisation).exists():
        detail = _("Cette organisation n’est pas membre de la coopération.")
        raise InvalidInput(Violation("not_a_member", detail, "/organisation"))
