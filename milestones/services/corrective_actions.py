"""Corrective actions: someone owns them, someone else verifies them."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, NotVisible, RuleViolated, Violation
from coopproject.locking import lock
from governance import journal
from governance.actor import Actor
from governance.models import Cooperation, Person
from governance.services import records
from governance.services.references import of_other_cooperations
from milestones import states
from milestones.enums import ActionState
from milestones.enums import ActionTransition as T
from milestones.models import CorrectiveAction, EvaluationGap
from milestones.services.checks import refuse, without_role


@transaction.atomic
def corrective_action_create(
    *,
    actor: Actor,
    owner: Person,
    gap: EvaluationGap | None = None,
    cooperation: Cooperation | None = None,
    **data: Any,
) -> CorrectiveAction:
    """Decide an action, about a gap or (without one) about the cooperation. With a gap, its level is the gap's."""
    if gap is not None:
        tenant = gap.cooperation
        data["confidentiality"] = gap.confidentiality
        refuse(of_other_cooperations(cooperation.pk if cooperation else tenant.pk, gap=gap))
    elif cooperation is not None:
        tenant = cooperation
    else:
        raise InvalidInput(Violation("required", _("La coopération ou l’écart est attendu."), "/cooperation"))
    _hold_members(tenant.pk)
    refuse(without_role(tenant, owner, pointer="/owner"))
    row = CorrectiveAction(cooperation=tenant, gap=gap, owner=owner, **data)
    created: CorrectiveAction = records.create(row, actor=actor)
    return created


@transaction.atomic
def corrective_action_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: dict[str, Any]
) -> CorrectiveAction:
    """Change the wording, the owner or the date of an open action."""
    if "owner" in changes:
        cooperation_id = CorrectiveAction.objects.values_list("cooperation", flat=True).filter(pk=pk).first()
        if cooperation_id is None:
            raise NotVisible
        _hold_members(cooperation_id)
    action = _lock(pk, expected_version)
    if action.state != ActionState.OPEN:
        raise RuleViolated(Violation("wrong_state", _("Une action faite ne se modifie plus.")))
    if (owner := changes.get("owner")) is not None:
        refuse(without_role(action.cooperation, owner, pointer="/owner"))
    records.save_changes(action, actor=actor, changes=changes)
    return action


@transaction.atomic
def corrective_action_complete(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, action_taken: str
) -> CorrectiveAction:
    """Say what was done. It waits for someone else to verify it."""
    action = _lock(pk, expected_version)
    states.corrective_action.apply(action, T.COMPLETE)
    action.action_taken, action.completed_on = action_taken, clock.today(action.cooperation.zone)
    action.save(update_fields=["state", "action_taken", "completed_on"])
    journal.record(
        "corrective_action.completed", action, actor=actor, gap=action.gap_id, completed_on=action.completed_on
    )
    return action


@transaction.atomic
def corrective_action_verify(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, adequate: bool, comment: str = ""
) -> CorrectiveAction:
    """Say whether it was adequate. Never by its owner (`self_verification`)."""
    action = _lock(pk, expected_version)
    violations = states.corrective_action.violations(action.state, T.VERIFY)
    if actor.person_id == action.owner_id:
        violations.append(
            Violation("self_verification", _("Une action est vérifiée par une autre personne que son responsable."))
        )
    if violations:
        raise RuleViolated(*violations)
    states.corrective_action.apply(action, T.VERIFY)
    action.verified_by_id, action.verified_on = actor.person_id, clock.today(action.cooperation.zone)
    action.adequate, action.verification_comment = adequate, comment
    action.save(update_fields=["state", "verified_by", "verified_on", "adequate", "verification_comment"])
    journal.record("corrective_action.verified", action, actor=actor, gap=action.gap_id, adequate=adequate)
    return action


def _hold_members(cooperation_id: UUID) -> None:
    """Against the departure of its owner, which locks the cooperation first (docs/locking.md)."""
    Cooperation.objects.select_for_update(no_key=True).get(pk=cooperation_id)


def _lock(pk: UUID, expected_version: int | None) -> CorrectiveAction:
    action: CorrectiveAction = lock(CorrectiveAction.objects.select_related("cooperation"), pk, expected_version)
    return action
