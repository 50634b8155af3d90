"""Why the members cooperate and what they expect, kept while a draft is being written, by coordination at any time."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from charters.enums import VersionState
from charters.models import Charter, CharterVersion, ExpectedEffect, Motivation
from charters.rules.acts import ARCHIVED
from charters.services.locks import lock_charter
from coopproject.exceptions import InvalidInput, NotVisible, RuleViolated, Violation
from coopproject.locking import lock
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
    motivation = lock(Motivation.objects.all(), pk, expected_version)
    records.save_changes(motivation, actor=actor, changes=changes, on_behalf_of=motivation.organisation_id)
    return motivation


@transaction.atomic
def expected_effect_create(*, actor: Actor, motivation: Motivation, **fields: Any) -> ExpectedEffect:
    """Say what will be seen when a motivation is satisfied."""
    _require_open(lock_charter(motivation.charter_id), actor)
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
    effect = lock(ExpectedEffect.objects.select_related("motivation"), pk, expected_version)
    records.save_changes(effect, actor=actor, changes=changes, on_behalf_of=effect.motivation.organisation_id)
    return effect


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
