"""Structures to be created in a dossier, with their steps."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.dossier.governance_sections import in_order, not_in_the_future
from governance.dossier.scenarios_section import at, facts_by_organisation, outside_the_cooperation
from governance.dossier.sections import Draft, Row, Section
from governance.enums_path import ProjectState, StepState
from governance.models import ProjectStep, StructureProject
from governance.rules.legal_forms.told import told_violations
from governance.rules.structure_projects import find_cycle, makes_an_entity


def _project_check(row: Row, draft: Draft) -> Iterator[Violation]:
    obj = row.obj
    if not makes_an_entity(obj.form):
        yield row.wrong("no_new_entity", _("Cette forme ne crée pas de structure."), "form")
    yield from at(row, told_violations(obj.facts, {str(pk) for pk in row.many.get("founders", ())}))
    yield from not_in_the_future(row, draft, "started_on", "created_on", "abandoned_on")
    yield from in_order(row, "started_on", "created_on")
    yield from in_order(row, "started_on", "abandoned_on")
    yield from outside_the_cooperation(row, draft, "founders")
    steps = row.children.get("project_steps", [])
    order = {str(step.obj.pk): {str(pk) for pk in step.many.get("after", ())} for step in steps}
    for step in steps:
        if not order[str(step.obj.pk)] <= set(order):
            yield step.wrong("another_project", _("Cette étape est celle d’un autre projet."), "after")
    if find_cycle(order):
        yield row.wrong("dependency_cycle", _("Ces étapes s’attendent les unes les autres."), "project_steps")
    if obj.state == ProjectState.CREATED:
        for step in steps:
            if step.obj.required and step.obj.state == StepState.OPEN:
                yield step.wrong("step_open", _("La structure est créée : cette étape n’est plus à faire."), "state")


def _step_check(row: Row, draft: Draft) -> Iterator[Violation]:
    yield from not_in_the_future(row, draft, "done_on")


SECTION = Section(
    key="structure_projects",
    model=StructureProject,
    fields=(
        "title",
        "form",
        "purpose",
        "founders",
        "facts",
        "scenario",
        "decision",
        "state",
        "planned_on",
        "started_on",
        "created_on",
        "registration_reference",
        "abandoned_on",
        "abandoned_reason",
        "confidentiality",
    ),
    children=(
        Section(
            key="project_steps",
            model=ProjectStep,
            parent="project",
            fields=(
                "position",
                "code",
                "title",
                "required",
                "after",
                "state",
                "owner",
                "due_on",
                "done_on",
                "evidence",
                "file",
                "skipped_reason",
            ),
            order=("position",),
            check=_step_check,
        ),
    ),
    adapt={"facts": facts_by_organisation},
    check=_project_check,
)
