"""The file of a future structure: drafted freely, launched once the project is told, created once nothing stands
against it. The project's row is the lock of its steps."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock, wording
from coopproject.exceptions import InvalidInput, NotVisible, RuleViolated, Violation
from coopproject.locking import lock
from governance import journal, states_path
from governance.actor import Actor
from governance.enums_path import ProjectState, ScenarioState
from governance.enums_path import ProjectTransition as T
from governance.models import Cooperation, Organisation, ProjectStep, StructureProject
from governance.rules.legal_forms import form_by_code
from governance.rules.legal_forms.told import told_violations
from governance.rules.orientation import orientation_violations
from governance.rules.structure_projects import makes_an_entity, scenario_violations, steps_for
from governance.selectors.orientation import told_so_far
from governance.selectors.structure_projects import against_registration, with_facts
from governance.services import records
from governance.services.references import not_members, of_other_cooperations, set_organisations


@transaction.atomic
def project_create(
    *, actor: Actor, cooperation: Cooperation, founders: Iterable[Organisation] = (), **fields: Any
) -> StructureProject:
    """Open the file of a structure, with the steps proposed for its form. Raises InvalidInput with every reason."""
    found_by = list(founders)
    project = StructureProject(cooperation=cooperation, **fields)
    _require_sound(project, found_by, references=fields)
    records.create(
        project,
        actor=actor,
        form=project.form,
        founders=sorted(str(founder.pk) for founder in found_by),
        scenario=project.scenario_id,
        decision=project.decision_id,
    )
    project.founders.set(found_by)
    _propose_steps(project)
    return project


@transaction.atomic
def project_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]
) -> StructureProject:
    """Change what is said of a structure that is not created yet. Raises RuleViolated(`wrong_state`), InvalidInput."""
    project: StructureProject = lock(StructureProject.objects.select_related("cooperation"), pk, expected_version)
    if project.state not in {ProjectState.DRAFT, ProjectState.UNDER_WAY}:
        detail = _("Ce projet est clos : il ne se modifie plus.")
        raise RuleViolated(Violation("wrong_state", detail))
    given = dict(changes)
    founders = given.pop("founders", None)
    tried = StructureProject(
        cooperation=project.cooperation, form=project.form, facts=given.get("facts", project.facts)
    )
    taking_part = list(project.founders.all()) if founders is None else founders
    _require_sound(tried, taking_part, references=given, check_founders=founders is not None)
    if founders is not None:
        set_organisations(project, "founders", founders, actor=actor, act="structure_project.founders_changed")
    records.save_changes(project, actor=actor, changes=given)
    return project


@transaction.atomic
def project_start(*, pk: UUID, actor: Actor, expected_version: int | None = None) -> StructureProject:
    """Launch the creation. The form is never the entry point: refused, with the reasons that the orientation table
    gives, while project, needs and motivations are still to be told; and while the hypothesis that it names, if any, is
    not kept or is of another form."""
    project: StructureProject = lock(StructureProject.objects.select_related("cooperation"), pk, expected_version)
    today = clock.today(project.cooperation.zone)
    found = states_path.project.violations(project.state, T.START)
    found += orientation_violations(told_so_far(project.cooperation, actor, today))
    if (scenario := project.scenario) is not None:
        kept = scenario.state == ScenarioState.KEPT
        found += scenario_violations(project.form, kept=kept, forms=scenario.forms)
    if found:
        raise RuleViolated(*found)
    states_path.project.apply(project, T.START)
    project.started_on = today
    project.save(update_fields=["state", "started_on"])
    journal.record("structure_project.started", project, actor=actor, started_on=today)
    return project


@transaction.atomic
def project_register(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    registration_reference: str,
    created_on: dt.date | None = None,
) -> StructureProject:
    """Record that the structure exists. Refused, with every reason, while a check of its form fails, a required step
    is open, a founder has left or the decision that launches it is not taken.

    Raises InvalidInput (`in_the_future`, `before_start`) for a day that cannot be.
    """
    cooperation_id = StructureProject.objects.filter(pk=pk).values_list("cooperation_id", flat=True).first()
    if cooperation_id is None:
        raise NotVisible
    # Founders are members, counted once: a departure comes before or after, as for who is a party.
    cooperation = Cooperation.objects.select_for_update(no_key=True).get(pk=cooperation_id)
    locked: StructureProject = lock(StructureProject.objects.all(), pk, expected_version)
    project: StructureProject = with_facts(StructureProject.objects.filter(pk=locked.pk)).get()
    today = clock.today(cooperation.zone)
    day = created_on or today
    wrong = []
    if day > today:
        detail = _("Cette date est à venir : le fait ne peut être constaté.")
        wrong.append(Violation("in_the_future", detail, "/created_on"))
    if project.started_on is not None and day < project.started_on:
        wrong.append(Violation("before_start", _("Le projet n’était pas lancé ce jour-là."), "/created_on"))
    if wrong:
        raise InvalidInput(*wrong)
    found = states_path.project.violations(project.state, T.REGISTER)
    found += against_registration(project, day)
    if found:
        raise RuleViolated(*found)
    states_path.project.apply(project, T.REGISTER)
    project.created_on, project.registration_reference = day, registration_reference
    records.check(project)
    project.save(update_fields=["state", "created_on", "registration_reference"])
    journal.record(
        "structure_project.registered", project, actor=actor, created_on=day, reference=registration_reference
    )
    return project


@transaction.atomic
def project_abandon(*, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str) -> StructureProject:
    """Give the creation up, and say why. Its steps stay as they are."""
    project: StructureProject = lock(StructureProject.objects.select_related("cooperation"), pk, expected_version)
    states_path.project.apply(project, T.ABANDON)
    project.abandoned_on, project.abandoned_reason = clock.today(project.cooperation.zone), reason
    project.save(update_fields=["state", "abandoned_on", "abandoned_reason"])
    journal.record("structure_project.abandoned", project, actor=actor, reason=reason)
    return project


@transaction.atomic
def project_reopen(*, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str) -> StructureProject:
    """Take up again what was abandoned, as a draft to be launched anew; the journal keeps why."""
    project: StructureProject = lock(StructureProject.objects.all(), pk, expected_version)
    states_path.project.apply(project, T.REOPEN)
    project.abandoned_on, project.abandoned_reason, project.started_on = None, "", None
    project.save(update_fields=["state", "abandoned_on", "abandoned_reason", "started_on"])
    journal.record("structure_project.reopened", project, actor=actor, reason=reason)
    return project


def _propose_steps(project: StructureProject) -> None:
    made: dict[str, ProjectStep] = {}
    # Kept in the language of the records: a step does not change with a translation.
    with wording.in_the_language_of_records():
        for position, step in enumerate(steps_for(project.form), 1):
            made[step.code] = ProjectStep.objects.create(
                cooperation_id=project.cooperation_id,
                project=project,
                position=position,
                code=step.code,
                title=str(step.title),
                required=step.required,
            )
            made[step.code].after.set([made[code] for code in step.after if code in made])


def _require_sound(
    project: StructureProject,
    founders: list[Organisation],
    *,
    references: Mapping[str, Any],
    check_founders: bool = True,
) -> None:
    found = []
    if form_by_code(project.form) is None or not makes_an_entity(project.form):
        detail = _("Cette forme ne crée pas de structure : elle n’a pas de dossier de création.")
        found.append(Violation("no_new_entity", detail, "/form"))
    found += told_violations(project.facts, {str(founder.pk) for founder in founders})
    if check_founders:
        found += not_members(project.cooperation, founders, "/founders")
    found += of_other_cooperations(
        project.cooperation.pk, scenario=references.get("scenario"), decision=references.get("decision")
    )
    if found:
        raise InvalidInput(*found)
