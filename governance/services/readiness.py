"""A member answers the questions that come before any cooperation, hands its answers over, and may take them back.

The journal says who acted, never what a draft says: it is read by others.
"""

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
from governance.enums import Confidentiality, SheetState, SheetTransition
from governance.models import Cooperation, Organisation, ReadinessAssessment
from governance.rules.readiness import QUESTIONS, missing_answers, precondition_violations
from governance.selectors.legal_forms import members_today
from governance.services import records

_FROZEN = Violation("wrong_state", _("Ces réponses sont remises : reprenez-les (reopen) avant de les changer."))


@transaction.atomic
def readiness_create(
    *, actor: Actor, cooperation: Cooperation, organisation: Organisation, **fields: Any
) -> ReadinessAssessment:
    """Begin the answers of a member. Raises InvalidInput: `not_a_member`, answers that cannot be."""
    assessment = ReadinessAssessment(cooperation=cooperation, organisation=organisation, **fields)
    found = _violations(assessment)
    if organisation not in members_today(cooperation):
        detail = _("Cette organisation n’est pas membre de la coopération.")
        found.append(Violation("not_a_member", detail, "/organisation"))
    if found:
        raise InvalidInput(*found)
    records.create(assessment, actor=actor, on_behalf_of=organisation.pk, organisation=organisation.pk)
    return assessment


@transaction.atomic
def readiness_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]
) -> ReadinessAssessment:
    """Change a draft. Raises RuleViolated `wrong_state` once it is submitted."""
    assessment: ReadinessAssessment = lock(ReadinessAssessment.objects.all(), pk, expected_version)
    if assessment.state != SheetState.DRAFT:
        raise RuleViolated(_FROZEN)
    before = copy(assessment)
    for name, value in changes.items():
        setattr(assessment, name, value)
    if found := _violations(assessment):
        raise InvalidInput(*found)
    changed = sorted(name for name in changes if getattr(before, name) != getattr(assessment, name))
    if changed:
        records.check(assessment)
        records.refuse_opening(assessment, changed)
        assessment.save(update_fields=changed)
        _record("updated", assessment, actor, changed=changed)
    return assessment


@transaction.atomic
def readiness_submit(*, pk: UUID, actor: Actor, expected_version: int | None = None) -> ReadinessAssessment:
    """Hand the answers over to the others. Raises RuleViolated: `wrong_state`, `answer_missing` for each."""
    assessment: ReadinessAssessment = lock(
        ReadinessAssessment.objects.select_related("cooperation"), pk, expected_version
    )
    found = states.sheet.violations(assessment.state, SheetTransition.SUBMIT)
    if not found:
        texts = {name: getattr(assessment, name) for name in QUESTIONS}
        found = missing_answers(texts, assessment.pooled, assessment.preconditions)
    if found:
        raise RuleViolated(*found)
    states.sheet.apply(assessment, SheetTransition.SUBMIT)
    assessment.submitted_on = clock.today(assessment.cooperation.zone)
    assessment.save(update_fields=["state", "submitted_on"])
    _record("submitted", assessment, actor)
    return assessment


@transaction.atomic
def readiness_reopen(*, pk: UUID, actor: Actor, expected_version: int | None = None) -> ReadinessAssessment:
    """Take the answers back to change them; the others see them again once they are submitted."""
    assessment: ReadinessAssessment = lock(ReadinessAssessment.objects.all(), pk, expected_version)
    states.sheet.apply(assessment, SheetTransition.REOPEN)
    assessment.submitted_on = None
    assessment.save(update_fields=["state", "submitted_on"])
    _record("reopened", assessment, actor)
    return assessment


def _violations(assessment: ReadinessAssessment) -> list[Violation]:
    found = precondition_violations(assessment.preconditions)
    if len(set(assessment.pooled)) < len(assessment.pooled):
        found.append(Violation("repeated", _("Chaque chose n’est citée qu’une fois."), "/pooled"))
    if assessment.confidentiality == Confidentiality.RESTRICTED:
        detail = _("Tant que ses réponses sont en brouillon, elles sont à elle seule ; remises, elles se partagent.")
        found.append(Violation("level_not_allowed", detail, "/confidentiality"))
    return found


def _record(done: str, assessment: ReadinessAssessment, actor: Actor, **payload: Any) -> None:
    journal.record(
        f"readiness_assessment.{done}",
        assessment,
        actor=actor,
        on_behalf_of=assessment.organisation_id,
        organisation=assessment.organisation_id,
        **payload,
    )
