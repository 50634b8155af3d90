"""Keeping the steps of a circle, and recording what each member does of them.

All is done under the lock of the cooperation, which a move takes too: a move counts a step before or after it is
undone or retired, never between.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, RuleViolated, Violation
from coopproject.locking import lock
from governance import journal
from governance.actor import Actor
from governance.models import Cooperation, Membership, OnboardingStep, StepCompletion
from governance.services import records
from governance.services.memberships import locked_membership

_RETIRED = Violation("step_retired", _("Cette étape est abandonnée."))


@transaction.atomic
def onboarding_step_create(*, actor: Actor, cooperation: Cooperation, **fields: Any) -> OnboardingStep:
    """Ask one more thing of those who enter a circle from now on; whoever is in it already owes nothing."""
    lock(Cooperation.objects.all(), cooperation.pk)
    step = records.create(OnboardingStep(cooperation=cooperation, **fields), actor=actor)
    assert isinstance(step, OnboardingStep)
    return step


@transaction.atomic
def onboarding_step_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]
) -> OnboardingStep:
    """Reword a step or move it in the list. Raises RuleViolated `step_retired`."""
    step = _locked_step(pk, expected_version)
    if step.retired_on is not None:
        raise RuleViolated(_RETIRED)
    saved = records.save_changes(step, actor=actor, changes=changes)
    assert isinstance(saved, OnboardingStep)
    return saved


@transaction.atomic
def onboarding_step_retire(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str
) -> OnboardingStep:
    """Ask it no more; what was done of it stays."""
    step = _locked_step(pk, expected_version)
    if step.retired_on is not None:
        raise RuleViolated(_RETIRED)
    step.retired_on, step.retired_reason = clock.today(step.cooperation.zone), reason
    step.save(update_fields=["retired_on", "retired_reason"])
    journal.record("onboarding_step.retired", step, actor=actor, reason=reason, retired_on=step.retired_on)
    return step


@transaction.atomic
def membership_complete_step(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    step: OnboardingStep,
    completed_on: dt.date | None = None,
    evidence: str = "",
) -> Membership:
    """Record that the member did a step on `completed_on` (today), before it entered the cooperation or since.

    Raises InvalidInput: `other_cooperation`, `in_the_future`; RuleViolated: `already_completed`, `step_retired`,
    `membership_ended`.
    """
    membership = locked_membership(pk, expected_version)
    today = clock.today(membership.cooperation.zone)
    day = completed_on or today
    step = _step_of(membership, step)
    if day > today:
        raise InvalidInput(Violation("in_the_future", _("Une étape faite ne peut être à venir."), "/completed_on"))
    found = []
    if membership.left_on is not None:
        found.append(Violation("membership_ended", _("L’adhésion a pris fin.")))
    if step.retired_on is not None:
        found.append(Violation(_RETIRED.code, _RETIRED.detail, "/step"))
    if StepCompletion.objects.standing().filter(membership=membership, step=step).exists():
        found.append(Violation("already_completed", _("Cette étape est déjà faite."), "/step"))
    if found:
        raise RuleViolated(*found)
    StepCompletion.objects.create(
        cooperation_id=membership.cooperation_id,
        membership=membership,
        step=step,
        completed_on=day,
        recorded_by_id=actor.person_id,
        evidence=evidence,
    )
    _touch("membership.step_completed", membership, actor, step=step.pk, completed_on=day, evidence=evidence)
    return membership


@transaction.atomic
def membership_undo_step(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, step: OnboardingStep, reason: str
) -> Membership:
    """Take back a step that was recorded by mistake. A circle entered meanwhile is not left for it."""
    membership = locked_membership(pk, expected_version)
    step = _step_of(membership, step)
    done = StepCompletion.objects.standing().filter(membership=membership, step=step).first()
    if done is None:
        raise RuleViolated(Violation("not_completed", _("Cette étape n’est pas faite."), "/step"))
    done.undone_on, done.undone_reason = clock.today(membership.cooperation.zone), reason
    done.save(update_fields=["undone_on", "undone_reason"])
    _touch("membership.step_undone", membership, actor, reason=reason, step=step.pk, completed_on=done.completed_on)
    return membership


def _step_of(membership: Membership, step: OnboardingStep) -> OnboardingStep:
    """The step, fresh under the lock of the cooperation that it shares with the member."""
    if step.cooperation_id != membership.cooperation_id:
        detail = _("Cette étape est celle d’une autre coopération.")
        raise InvalidInput(Violation("other_cooperation", detail, "/step"))
    found: OnboardingStep = OnboardingStep.objects.get(pk=step.pk)
    return found


def _touch(act: str, membership: Membership, actor: Actor, *, reason: str = "", **payload: Any) -> None:
    membership.save(update_fields=[])
    journal.record(act, membership, actor=actor, on_behalf_of=membership.organisation_id, reason=reason, **payload)


def _locked_step(pk: UUID, expected_version: int | None) -> OnboardingStep:
    cooperation_id = OnboardingStep.objects.values_list("cooperation_id", flat=True).filter(pk=pk).first()
    if cooperation_id is not None:
        lock(Cooperation.objects.all(), cooperation_id)
    step: OnboardingStep = lock(OnboardingStep.objects.select_related("cooperation"), pk, expected_version)
    return step
