"""The acts on a decision. The decision's row is the lock of its consultations too (docs/locking.md)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, RuleViolated, Violation
from coopproject.locking import lock
from governance import journal, states
from governance.actor import Actor
from governance.enums import DecidedBy, DecisionState
from governance.enums import DecisionTransition as T
from governance.models import Cooperation, Decision, Membership, Organisation
from governance.rules.confidentiality import highest
from governance.services import decision_options, records

_REPLACED = "/supersedes"


@transaction.atomic
def decision_create(
    *,
    actor: Actor,
    cooperation: Cooperation,
    concerned: Iterable[Organisation] = (),
    supersedes: Iterable[Decision] = (),
    options: Sequence[Mapping[str, Any]] = (),
    **data: Any,
) -> Decision:
    """Draft a decision. The employers concerned must be members of the cooperation.

    `options`: between which it chooses, in their order. `supersedes`: decisions that it will put out of force.
    """
    organisations, replaced = list(concerned), list(supersedes)
    _require_members(cooperation.pk, organisations)
    decision = Decision(cooperation=cooperation, **data)
    records.check(decision)
    _require_replaceable(cooperation.pk, decision.confidentiality, replaced)
    decision.save(force_insert=True)
    decision.concerned.set(organisations)
    decision.supersedes.set(replaced)
    decision_options.replace(decision, options)
    journal.record(
        "decision.created",
        decision,
        actor=actor,
        concerned=[organisation.pk for organisation in organisations],
        supersedes=[earlier.pk for earlier in replaced],
        options=len(options),
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
    replaced = changes.pop("supersedes", None)
    options = changes.pop("options", None)
    level = decision.confidentiality
    earlier = list(decision.supersedes.order_by("pk") if replaced is None else replaced)
    if replaced is not None or "confidentiality" in changes:
        _require_replaceable(decision.cooperation_id, changes.get("confidentiality", level), earlier)
    if organisations is not None:
        _change_concerned(decision, organisations, actor)
    records.save_changes(decision, actor=actor, changes=changes)
    if decision.confidentiality != level:
        _close_consultations(decision, actor)
    if replaced is not None:
        _change_replaced(decision, earlier, actor)
    if options is not None and decision_options.replace(decision, options):
        decision.save(update_fields=[])
        journal.record("decision.options_changed", decision, actor=actor, options=len(options))
    return decision


def _change_concerned(decision: Decision, organisations: Sequence[Organisation], actor: Actor) -> None:
    _require_members(decision.cooperation_id, organisations)
    removed = set(decision.consultations.values_list("organisation_id", flat=True)) - {o.pk for o in organisations}
    if removed:
        detail = _("Une consultation est ouverte pour un employeur retiré.")
        raise RuleViolated(Violation("consultation_exists", detail, "/concerned"))
    before = sorted(str(organisation.pk) for organisation in decision.concerned.all())
    after = sorted(str(organisation.pk) for organisation in organisations)
    if before != after:
        decision.concerned.set(organisations)
        decision.save(update_fields=[])
        journal.record("decision.concerned_changed", decision, actor=actor, before=before, after=after)


def _change_replaced(decision: Decision, replaced: Sequence[Decision], actor: Actor) -> None:
    before = list(decision.supersedes.order_by("pk"))
    after = sorted(replaced, key=lambda earlier: earlier.pk)
    if before != after:
        decision.supersedes.set(after)
        decision.save(update_fields=[])
        journal.record(
            "decision.supersedes_changed",
            decision,
            actor=actor,
            before=[earlier.pk for earlier in before],
            after=[earlier.pk for earlier in after],
        )


def _close_consultations(decision: Decision, actor: Actor) -> None:
    """A consultation is never more open than its decision."""
    for row in decision.consultations.select_for_update(no_key=True).order_by("pk"):
        level = highest(row.confidentiality, decision.confidentiality)
        if level != row.confidentiality:
            changes = {"confidentiality": level}
            records.save_changes(row, actor=actor, changes=changes, on_behalf_of=row.organisation_id)


@transaction.atomic
def decision_submit(*, pk: UUID, actor: Actor, expected_version: int | None = None) -> Decision:
    """Put the decision before the members: from now on its requirements run, and its content no longer changes.

    Raises RuleViolated `amount_missing` for one that the coordination is to take: its ceiling is compared with it.
    """
    decision: Decision = lock(Decision.objects.select_related("cooperation"), pk, expected_version)
    found = states.decision.violations(decision.state, T.SUBMIT)
    if decision.decided_by == DecidedBy.COORDINATION and decision.amount is None:
        detail = _("Dites d’abord quel montant elle engage, 0,00 si elle n’engage rien.")
        found.append(Violation("amount_missing", detail, "/amount"))
    if found:
        raise RuleViolated(*found)
    states.decision.apply(decision, T.SUBMIT)
    decision.submitted_on = clock.today(decision.cooperation.zone)
    decision.save(update_fields=["state", "submitted_on"])
    journal.record("decision.submitted", decision, actor=actor, submitted_on=decision.submitted_on)
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


def _require_replaceable(cooperation_id: UUID, level: str, earlier: Iterable[Decision]) -> None:
    """Taken here, in force, and no more closed than the one that replaces them: who knows of it knows of them."""
    found: list[Violation] = []
    for other in earlier:
        if other.cooperation_id != cooperation_id:
            found.append(Violation("other_cooperation", _("Cette décision est d’une autre coopération."), _REPLACED))
        elif other.state != DecisionState.TAKEN or other.out_of_force_on is not None:
            detail = _("On ne remplace qu’une décision prise et en vigueur.")
            found.append(Violation("not_in_force", detail, _REPLACED))
        elif highest(other.confidentiality, level) != level:
            detail = _("Une décision n’est pas plus ouverte que celles qu’elle remplace.")
            found.append(Violation("more_open_than_replaced", detail, _REPLACED))
    if found:
        raise InvalidInput(*found)
