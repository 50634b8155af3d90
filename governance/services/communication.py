"""The internal communication plan: what is planned, what was really said, what was given up and why."""

import datetime as dt
from collections.abc import Mapping
from copy import copy
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, RuleViolated, Violation
from coopproject.locking import lock
from governance import journal, states
from governance.actor import Actor
from governance.enums import CommunicationState
from governance.enums import CommunicationTransition as T
from governance.models import CommunicationAction, Cooperation, Organisation, Person
from governance.services import records
from governance.services.named_people import link_violations, member_violations, person_violations
from governance.services.references import hold_people, hold_people_of


@transaction.atomic
def communication_create(
    *, actor: Actor, cooperation: Cooperation, owner: Person, organisation: Organisation | None = None, **fields: Any
) -> CommunicationAction:
    """Plan an action. Raises InvalidInput: `not_in_the_cooperation`, `not_a_member`, `other_cooperation`."""
    hold_people(cooperation.pk)
    planned = CommunicationAction(cooperation=cooperation, owner=owner, organisation=organisation, **fields)
    _refuse_impossible(planned)
    records.create(planned, actor=actor, on_behalf_of=organisation.pk if organisation else None)
    return planned


@transaction.atomic
def communication_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]
) -> CommunicationAction:
    """Change an action that is still planned. Raises RuleViolated(`wrong_state`) afterwards."""
    action = _lock(pk, expected_version, names="owner" in changes)
    if action.state != CommunicationState.PLANNED:
        raise RuleViolated(Violation("wrong_state", _("Cette action n’est plus prévue : elle ne change plus.")))
    proposed = copy(action)
    for name, value in changes.items():
        setattr(proposed, name, value)
    _refuse_impossible(proposed, named="owner" in changes)
    records.save_changes(action, actor=actor, changes=changes)
    return action


@transaction.atomic
def communication_complete(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    done_on: dt.date,
    said: str,
    reached: int | None = None,
) -> CommunicationAction:
    """Record what was really said, when, and to how many. Raises InvalidInput(`in_the_future`)."""
    action = _lock(pk, expected_version)
    if done_on > clock.today(action.cooperation.zone):
        raise InvalidInput(Violation("in_the_future", _("Cette date est dans le futur."), "/done_on"))
    states.communication.apply(action, T.COMPLETE)
    action.done_on, action.said, action.reached = done_on, said, reached
    action.save(update_fields=["state", "done_on", "said", "reached"])
    _record("completed", action, actor, done_on=done_on, reached=reached)
    return action


@transaction.atomic
def communication_cancel(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str
) -> CommunicationAction:
    """Give an action up, and say why."""
    action = _lock(pk, expected_version)
    states.communication.apply(action, T.CANCEL)
    action.cancelled_reason = reason
    action.save(update_fields=["state", "cancelled_reason"])
    _record("cancelled", action, actor)
    return action


def _lock(pk: UUID, expected_version: int | None, *, names: bool = False) -> CommunicationAction:
    """`names`: the act entrusts it to somebody, who must not leave meanwhile."""
    if names:
        hold_people_of(CommunicationAction, pk)
    found = CommunicationAction.objects.select_related("cooperation", "owner")
    action: CommunicationAction = lock(found, pk, expected_version)
    return action


def _refuse_impossible(action: CommunicationAction, *, named: bool = True) -> None:
    cooperation = action.cooperation
    found = link_violations(cooperation, action.decision, action.consultation)
    found += member_violations(cooperation, action.organisation)
    if named:
        today = clock.today(cooperation.zone)
        found += person_violations(cooperation, action.owner, None, today, "/owner")
    consultation = action.consultation
    if consultation is not None and action.organisation_id not in {None, consultation.organisation_id}:
        detail = _("Cette consultation est celle d’un autre employeur.")
        found.append(Violation("other_employer", detail, "/consultation"))
    if found:
        raise InvalidInput(*found)


def _record(done: str, action: CommunicationAction, actor: Actor, **payload: Any) -> None:
    journal.record(f"communication_action.{done}", action, actor=actor, on_behalf_of=action.organisation_id, **payload)
