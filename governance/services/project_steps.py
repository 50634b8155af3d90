"""The steps of the creation of a structure: each with an owner and a day, in their order, cleared or left aside."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, NotVisible, RuleViolated, Violation
from coopproject.locking import lock
from governance import gate, journal, states_path
from governance.actor import Actor
from governance.enums import DecisionState
from governance.enums_path import ProjectState
from governance.enums_path import StepTransition as T
from governance.models import ProjectStep, StoredFile, StructureProject
from governance.rules.structure_projects import (
    STAFF_CONSULTATION,
    find_cycle,
    later_violations,
    waiting_violations,
)
from governance.selectors.structure_projects import step_facts
from governance.services import files, records, taking
from governance.services.references import hold_people, hold_people_of, without_role

_OPEN = frozenset({ProjectState.DRAFT, ProjectState.UNDER_WAY, ProjectState.CREATED})
_RUNNING = frozenset({ProjectState.UNDER_WAY, ProjectState.CREATED})


@transaction.atomic
def step_create(
    *,
    actor: Actor,
    project: StructureProject,
    position: int | None = None,
    after: Iterable[ProjectStep] = (),
    **fields: Any,
) -> ProjectStep:
    """Add a step of one's own, last unless told otherwise. Raises RuleViolated(`wrong_state`), InvalidInput."""
    hold_people(project.cooperation_id)
    project = _project(project.pk)
    _require_state(project, _OPEN)
    before = list(after)
    last = project.steps.aggregate(last=Max("position"))["last"] or 0
    step = ProjectStep(cooperation_id=project.cooperation_id, project=project, position=position or last + 1, **fields)
    if step.required and project.state == ProjectState.CREATED:
        raise RuleViolated(_created())
    _require_sound(step, before, owner="owner" in fields)
    records.create(
        step, actor=actor, project=project.pk, position=step.position, owner=step.owner_id, due_on=step.due_on
    )
    step.after.set(before)
    return step


@transaction.atomic
def step_update(*, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]) -> ProjectStep:
    """Change who does a step, for when, and what comes before it. Raises RuleViolated, InvalidInput."""
    step = _step(pk, expected_version, names="owner" in changes)
    given = dict(changes)
    after = given.pop("after", None)
    tried = ProjectStep(pk=step.pk, project=step.project, owner=given.get("owner", step.owner))
    before = list(step.after.all()) if after is None else after
    _require_sound(tried, before, owner="owner" in given)
    _require_state(step.project, _OPEN)
    if step.is_cleared:
        detail = _("Cette étape n’est plus à faire : rouvrez-la (reopen) avant de la changer.")
        raise RuleViolated(Violation("wrong_state", detail))
    if given.get("required") and not step.required and step.project.state == ProjectState.CREATED:
        raise RuleViolated(_created())
    if after is not None:
        _set_after(step, after, actor)
    records.save_changes(step, actor=actor, changes=given)
    return step


@transaction.atomic
def step_complete(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    done_on: dt.date | None = None,
    evidence: str = "",
    file: StoredFile | None = None,
) -> ProjectStep:
    """Record that a step is done. Refused, with every reason, while one that comes before it is open.

    The consultation of employees is asked of the decision that launches the project: its requirements, as the gate
    gives them, or `decision_missing` while none is named.
    """
    step = _step(pk, expected_version)
    today = clock.today(step.project.cooperation.zone)
    day = done_on or today
    if day > today:
        detail = _("Cette date est à venir : le fait ne peut être constaté.")
        raise InvalidInput(Violation("in_the_future", detail, "/done_on"))
    _require_state(step.project, _RUNNING)
    found = states_path.step.violations(step.state, T.COMPLETE)
    found += waiting_violations(map(step_facts, step.after.order_by("position")))
    if step.code == STAFF_CONSULTATION:
        found += _consultation_violations(step.project, today, actor)
    if found:
        raise RuleViolated(*found)
    states_path.step.apply(step, T.COMPLETE)
    step.done_on, step.evidence, step.file = day, evidence, file
    records.check(step)
    step.save(update_fields=["state", "done_on", "evidence", "file"])
    sha256 = file.sha256 if file else None
    journal.record("project_step.completed", step, actor=actor, done_on=day, evidence=evidence, file_sha256=sha256)
    return step


@transaction.atomic
def step_skip(*, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str) -> ProjectStep:
    """Leave a step aside, and say why: it holds nothing back any more."""
    step = _step(pk, expected_version)
    _require_state(step.project, _RUNNING)
    states_path.step.apply(step, T.SKIP)
    step.skipped_reason = reason
    step.save(update_fields=["state", "skipped_reason"])
    journal.record("project_step.skipped", step, actor=actor, reason=reason)
    return step


@transaction.atomic
def step_reopen(*, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str) -> ProjectStep:
    """Take a step up again, and say why. Refused while one that rests on it is cleared, and, for a required step, once
    the structure is created."""
    step = _step(pk, expected_version)
    _require_state(step.project, _RUNNING)
    found = states_path.step.violations(step.state, T.REOPEN)
    found += later_violations(map(step_facts, step.followers.order_by("position")))
    if step.required and step.project.state == ProjectState.CREATED:
        found.append(_created())
    if found:
        raise RuleViolated(*found)
    had = {"state": str(step.state), "done_on": step.done_on, "skipped_reason": step.skipped_reason}
    states_path.step.apply(step, T.REOPEN)
    step.done_on, step.evidence, step.file, step.skipped_reason = None, "", None, ""
    step.save(update_fields=["state", "done_on", "evidence", "file", "skipped_reason"])
    journal.record("project_step.reopened", step, actor=actor, reason=reason, had=had)
    return step


@transaction.atomic
def step_restore_file(*, pk: UUID, actor: Actor, expected_version: int | None = None, content: bytes) -> ProjectStep:
    """Bring back the bytes of a file that a dossier told of by its hash. Raises InvalidInput(`other_bytes`),
    RuleViolated(`no_file`, `file_not_missing`)."""
    step = _step(pk, expected_version)
    if step.file is None:
        raise RuleViolated(Violation("no_file", _("Cet objet n’attend aucun fichier.")))
    files.restore(step.file, content)
    journal.record("project_step.file_restored", step, actor=actor, file_sha256=step.file.sha256)
    return step


def _project(pk: UUID) -> StructureProject:
    project: StructureProject = lock(StructureProject.objects.select_related("cooperation"), pk)
    return project


def _step(pk: UUID, expected_version: int | None, *, names: bool = False) -> ProjectStep:
    """The step, its project locked before it. `names`: it is given to somebody, who must not leave meanwhile."""
    project_id = ProjectStep.objects.filter(pk=pk).values_list("project_id", flat=True).first()
    if project_id is None:
        raise NotVisible
    if names:
        hold_people_of(ProjectStep, pk)
    project = _project(project_id)
    step: ProjectStep = lock(ProjectStep.objects.all(), pk, expected_version)
    step.project = project
    return step


def _require_state(project: StructureProject, states: Iterable[str]) -> None:
    if project.state not in states:
        detail = _("L’état du projet ne permet pas de toucher à ses étapes.")
        raise RuleViolated(Violation("wrong_state", detail))


def _created() -> Violation:
    detail = _("La structure est créée : ce qui y était nécessaire ne se rouvre plus.")
    return Violation("project_created", detail)


def _consultation_violations(project: StructureProject, today: dt.date, actor: Actor) -> list[Violation]:
    """What the gate of the decision says; nothing is asked here that it does not ask."""
    if project.decision is None:
        detail = _("Nommez la décision qui lance cette structure : ses conditions disent qui doit être consulté.")
        return [Violation("decision_missing", detail, "/decision")]
    if project.decision.state == DecisionState.TAKEN:
        return []
    return gate.violations(gate.known_to(taking.requirements_of(project.decision, on=today), actor))


def _set_after(step: ProjectStep, after: list[ProjectStep], actor: Actor) -> None:
    before = sorted(str(pk) for pk in step.after.values_list("pk", flat=True))
    now = sorted(str(other.pk) for other in after)
    if before != now:
        step.after.set(after)
        step.save(update_fields=[])
        journal.record("project_step.order_changed", step, actor=actor, before=before, after=now)


def _require_sound(step: ProjectStep, before: list[ProjectStep], *, owner: bool) -> None:
    found = []
    if any(other.project_id != step.project.pk for other in before):
        found.append(Violation("another_project", _("Cette étape est celle d’un autre projet."), "/after"))
    rows = step.project.steps.prefetch_related("after")
    order = {str(row.pk): {str(other.pk) for other in row.after.all()} for row in rows}
    order[str(step.pk)] = {str(other.pk) for other in before}
    if find_cycle(order):
        found.append(Violation("dependency_cycle", _("Ces étapes s’attendent les unes les autres."), "/after"))
    if owner:
        found += without_role(step.project.cooperation, step.owner, "/owner")
    if found:
        raise InvalidInput(*found)
