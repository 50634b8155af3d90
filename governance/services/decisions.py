"""The acts on a decision. The decision's row is the lock of its consultations too (docs/locking.md)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock, wording
from coopproject.exceptions import InvalidInput, RuleViolated, Violation
from coopproject.locking import lock
from governance import gate, journal, states
from governance.actor import Actor
from governance.enums import DecisionState
from governance.enums import DecisionTransition as T
from governance.models import Cooperation, Decision, Membership, Organisation
from governance.rules.confidentiality import highest
from governance.selectors.employers import with_facts
from governance.services import records


@transaction.atomic
def decision_create(
    *, actor: Actor, cooperation: Cooperation, concerned: Iterable[Organisation] = (), **data: Any
) -> Decision:
    """Draft a decision. The employers concerned must be members of the cooperation."""
    organisations = list(concerned)
    _require_members(cooperation.pk, organisations)
    decision = Decision(cooperation=cooperation, **data)
    records.check(decision)
    decision.save(force_insert=True)
    decision.concerned.set(organisations)
    journal.record(
        "decision.created",
        decision,
        actor=actor,
        concerned=[organisation.pk for organisation in organisations],
        **records.values_of(decision, data),
    )
    return decision


@transaction.atomic
def decision_update(*, pk: UUID, actor: Actor, expected_version: int | None, changes: dict[str, Any]) -> Decision:
    """Change a draft. Once submitted, only the recorded assessment (`no_impact_reason`) may still be added."""
    decision: Decision = lock(Decision.objects.all(), pk, expected_version)
    allowed = decision.state == DecisionState.DRAFT or (
        decision.state == DecisionState.SUBMITTED and set(changes) <= {"no_impact_reason"}
    )
    if not allowed:
        raise RuleViolated(Violation("wrong_state", _("Une décision soumise ne se modifie plus : retirez-la.")))
    changes = dict(changes)
    organisations = changes.pop("concerned", None)
    if organisations is not None:
        _require_members(decision.cooperation_id, organisations)
        removed = set(decision.consultations.values_list("organisation_id", flat=True)) - {o.pk for o in organisations}
        if removed:
            raise RuleViolated(
                Violation(
                    "consultation_exists", _("Une consultation est ouverte pour un employeur retiré."), "/concerned"
                )
            )
        before = sorted(str(organisation.pk) for organisation in decision.concerned.all())
        after = sorted(str(organisation.pk) for organisation in organisations)
        if before != after:
            decision.concerned.set(organisations)
            decision.save(update_fields=[])
            journal.record("decision.concerned_changed", decision, actor=actor, before=before, after=after)
    level = decision.confidentiality
    records.save_changes(decision, actor=actor, changes=changes)
    if decision.confidentiality != level:
        _close_consultations(decision, actor)
    return decision


def _close_consultations(decision: Decision, actor: Actor) -> None:
    """A consultation is never more open than its decision."""
    for row in decision.consultations.select_for_update().order_by("pk"):
        level = highest(row.confidentiality, decision.confidentiality)
        if level != row.confidentiality:
            changes = {"confidentiality": level}
            records.save_changes(row, actor=actor, changes=changes, on_behalf_of=row.organisation_id)


@transaction.atomic
def decision_submit(*, pk: UUID, actor: Actor, expected_version: int | None = None) -> Decision:
    """Put the decision before the members: from now on its requirements run, and its content no longer changes."""
    decision: Decision = lock(Decision.objects.select_related("cooperation"), pk, expected_version)
    states.decision.apply(decision, T.SUBMIT)
    decision.submitted_on = clock.today(decision.cooperation.zone)
    decision.save(update_fields=["state", "submitted_on"])
    journal.record("decision.submitted", decision, actor=actor, submitted_on=decision.submitted_on)
    return decision


@transaction.atomic
def decision_take(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    outcome: str,
    taken_on: dt.date | None = None,
) -> Decision:
    """Record that the decision is taken. Refused, with every reason, while a requirement holds it back.

    `taken_on`: legal day of the decision, today by default, never in the future nor before the submission. The facts
    on which it rested that day are copied into the row: they must be readable for ever.
    """
    decision: Decision = lock(Decision.objects.select_related("cooperation"), pk, expected_version)
    today = clock.today(decision.cooperation.zone)
    day = taken_on or today
    violations = states.decision.violations(decision.state, T.TAKE)
    if day > today:
        raise InvalidInput(Violation("in_the_future", _("Une décision ne se constate pas d’avance."), "/taken_on"))
    early = day < (decision.submitted_on or today)
    if early:
        violations.append(Violation("before_submission", _("La décision ne peut précéder sa soumission."), "/taken_on"))
    # What held on a day when nobody had been asked yet says nothing.
    found = [] if early else requirements_of(decision, on=day)
    violations += gate.violations(found)
    if violations:
        raise RuleViolated(*violations)
    states.decision.apply(decision, T.TAKE)
    decision.taken_on, decision.outcome, decision.taken_by_id = day, outcome, actor.person_id
    with wording.in_the_language_of_records():
        decision.requirements_at_taking = [requirement.as_data() for requirement in found]
    decision.save(update_fields=["state", "taken_on", "outcome", "taken_by", "requirements_at_taking"])
    journal.record(
        "decision.taken",
        decision,
        actor=actor,
        taken_on=day,
        requirements=[
            {"code": item.code, "status": str(item.status), "organisation": item.organisation_id} for item in found
        ],
    )
    return decision


@transaction.atomic
def decision_withdraw(*, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str) -> Decision:
    """Give the decision up before it is taken. Its consultations stay, as facts."""
    decision: Decision = lock(Decision.objects.all(), pk, expected_version)
    states.decision.apply(decision, T.WITHDRAW)
    decision.withdrawn_reason = reason
    decision.save(update_fields=["state", "withdrawn_reason"])
    journal.record("decision.withdrawn", decision, actor=actor, reason=reason)
    return decision


def requirements_of(decision: Decision, *, on: dt.date, organisation_id: UUID | None = None) -> list[gate.Requirement]:
    """What holds and what is missing on that day, from the providers; reads the facts afresh."""
    fresh = with_facts(Decision.objects.filter(pk=decision.pk), on).get()
    return gate.requirements(fresh, on=on, organisation_id=organisation_id)


def _require_members(cooperation_id: UUID, organisations: Iterable[Organisation]) -> None:
    members = set(
        Membership.objects.filter(cooperation=cooperation_id, left_on__isnull=True).values_list(
            "organisation_id", flat=True
        )
    )
    if any(organisation.pk not in members for organisation in organisations):
        raise InvalidInput(
            Violation("not_a_member", _("Chaque employeur concerné est membre de la coopération."), "/concerned")
        )
