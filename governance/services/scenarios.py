"""Hypotheses of structure: drafted freely, proposed once the project is told, kept or set aside with a reason."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, NotVisible, RuleViolated, Violation
from coopproject.locking import lock
from governance import journal, states_path
from governance.actor import Actor
from governance.enums_path import ScenarioState
from governance.enums_path import ScenarioTransition as T
from governance.models import Cooperation, Organisation, StructureScenario
from governance.rules.legal_forms.told import told_violations
from governance.rules.orientation import orientation_violations
from governance.rules.scenarios import feature_violations, proposal_violations, repeated_forms
from governance.selectors.orientation import told_so_far
from governance.services import records
from governance.services.references import not_members, of_other_cooperations, set_organisations

_SUMMARY = ("title", "forms", "scheme", "cost_once", "cost_yearly", "impact_flags")


@transaction.atomic
def scenario_create(
    *, actor: Actor, cooperation: Cooperation, members: Iterable[Organisation] = (), **fields: Any
) -> StructureScenario:
    """Draft a hypothesis. Raises InvalidInput with every reason."""
    taking_part = list(members)
    scenario = StructureScenario(cooperation=cooperation, **fields)
    _require_sound(scenario, taking_part)
    records.create(
        scenario,
        actor=actor,
        members=sorted(str(member.pk) for member in taking_part),
        **{name: getattr(scenario, name) for name in _SUMMARY},
    )
    scenario.members.set(taking_part)
    return scenario


@transaction.atomic
def scenario_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]
) -> StructureScenario:
    """Change a draft; what was proposed is reopened first. Raises RuleViolated(`wrong_state`), InvalidInput."""
    scenario = _locked(pk, expected_version)
    if scenario.state != ScenarioState.DRAFT:
        detail = _("Cette hypothèse n’est plus un brouillon : reprenez-la (reopen) avant de la changer.")
        raise RuleViolated(Violation("wrong_state", detail))
    given = dict(changes)
    members = given.pop("members", None)
    tried = StructureScenario(cooperation=scenario.cooperation, **_values(scenario, given))
    _require_sound(
        tried, list(scenario.members.all()) if members is None else members, check_members=members is not None
    )
    if members is not None:
        set_organisations(scenario, "members", members, actor=actor, act="structure_scenario.members_changed")
    records.save_changes(scenario, actor=actor, changes=given)
    return scenario


@transaction.atomic
def scenario_propose(*, pk: UUID, actor: Actor, expected_version: int | None = None) -> StructureScenario:
    """Put a hypothesis before the others. The form is never the entry point: refused, with the reasons that the
    orientation table gives, while project, needs and motivations are still to be told."""
    scenario = _locked(pk, expected_version)
    today = clock.today(scenario.cooperation.zone)
    found = states_path.scenario.violations(scenario.state, T.PROPOSE)
    found += orientation_violations(told_so_far(scenario.cooperation, actor, today))
    found += proposal_violations(scenario.forms, scenario.members.count())
    if found:
        raise RuleViolated(*found)
    states_path.scenario.apply(scenario, T.PROPOSE)
    scenario.proposed_on = today
    scenario.save(update_fields=["state", "proposed_on"])
    journal.record("structure_scenario.proposed", scenario, actor=actor, proposed_on=today)
    return scenario


@transaction.atomic
def scenario_keep(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    reason: str,
    set_aside: Iterable[StructureScenario] = (),
    set_aside_reason: str = "",
) -> StructureScenario:
    """Keep a hypothesis, and say why. Others stay as they are, but those that are named to be set aside with it.

    Raises InvalidInput (`other_cooperation`, `itself`, `required`), RuleViolated(`wrong_state`) for each.
    """
    others = list(set_aside)
    found = _violations_of_others(pk, others, set_aside_reason)
    if found:
        raise InvalidInput(*found)
    # One order for everybody, so that two who keep one and set the other aside wait and do not block each other.
    rows = {}
    for known in sorted({pk, *(other.pk for other in others)}):
        rows[known] = _locked(known, expected_version if known == pk else None)
    scenario = rows.pop(pk)
    violations = states_path.scenario.violations(scenario.state, T.KEEP)
    for index, other in enumerate(others):
        violations += [
            Violation(wrong.code, wrong.detail, f"/set_aside/{index}")
            for wrong in states_path.scenario.violations(rows[other.pk].state, T.SET_ASIDE)
        ]
    if violations:
        raise RuleViolated(*violations)
    _decide(scenario, T.KEEP, reason, actor, "structure_scenario.kept")
    for other in rows.values():
        _decide(other, T.SET_ASIDE, set_aside_reason, actor, "structure_scenario.set_aside")
    return scenario


@transaction.atomic
def scenario_set_aside(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str
) -> StructureScenario:
    """Set a hypothesis aside, and say why; it stays in the comparison."""
    scenario = _locked(pk, expected_version)
    _decide(scenario, T.SET_ASIDE, reason, actor, "structure_scenario.set_aside")
    return scenario


@transaction.atomic
def scenario_reopen(*, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str) -> StructureScenario:
    """Take a proposed hypothesis, or one that was set aside, back to the draft. The journal keeps why."""
    scenario = _locked(pk, expected_version)
    states_path.scenario.apply(scenario, T.REOPEN)
    scenario.proposed_on, scenario.decided_on, scenario.state_reason = None, None, ""
    scenario.save(update_fields=["state", "proposed_on", "decided_on", "state_reason"])
    journal.record("structure_scenario.reopened", scenario, actor=actor, reason=reason)
    return scenario


def _locked(pk: UUID, expected_version: int | None) -> StructureScenario:
    scenario: StructureScenario = lock(StructureScenario.objects.select_related("cooperation"), pk, expected_version)
    return scenario


def _decide(scenario: StructureScenario, transition: T, reason: str, actor: Actor, act: str) -> None:
    states_path.scenario.apply(scenario, transition)
    day: dt.date = clock.today(scenario.cooperation.zone)
    scenario.decided_on, scenario.state_reason = day, reason
    scenario.save(update_fields=["state", "decided_on", "state_reason"])
    journal.record(act, scenario, actor=actor, reason=reason, decided_on=day)


def _violations_of_others(pk: UUID, others: list[StructureScenario], reason: str) -> list[Violation]:
    cooperation_id = StructureScenario.objects.filter(pk=pk).values_list("cooperation_id", flat=True).first()
    if cooperation_id is None:
        raise NotVisible
    found: list[Violation] = []
    for index, other in enumerate(others):
        found += of_other_cooperations(cooperation_id, **{f"set_aside/{index}": other})
        if other.pk == pk:
            detail = _("Une hypothèse ne s’écarte pas elle-même en étant retenue.")
            found.append(Violation("itself", detail, f"/set_aside/{index}"))
    if others and not reason.strip():
        found.append(Violation("required", _("Dites pourquoi les autres sont écartées."), "/set_aside_reason"))
    return found


def _values(scenario: StructureScenario, changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: changes.get(name, getattr(scenario, name)) for name in ("forms", "facts", "features")}


def _require_sound(scenario: StructureScenario, members: list[Organisation], *, check_members: bool = True) -> None:
    found = [*repeated_forms(scenario.forms), *feature_violations(scenario.features)]
    found += told_violations(scenario.facts, {str(member.pk) for member in members})
    if check_members:
        found += not_members(scenario.cooperation, members, "/members")
    if found:
        raise InvalidInput(*found)
