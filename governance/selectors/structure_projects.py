"""What stands against the creation of a structure on a day, and its rows with what that reads."""

import datetime as dt
from typing import Any

from django.db.models import Prefetch, QuerySet

from coopproject.exceptions import Violation
from governance.enums import DecisionState
from governance.models import Membership, Organisation, ProjectStep, StructureProject
from governance.rules.legal_forms import Finding
from governance.rules.structure_projects import StepFacts, registration_violations
from governance.selectors.form_findings import errors_of, findings_of


def with_facts(projects: QuerySet[Any]) -> QuerySet[Any]:
    """Projects with everything that their checks read, in a constant number of queries."""
    return projects.select_related("cooperation", "decision").prefetch_related(
        Prefetch("founders", Organisation.objects.order_by("search_name", "pk")),
        Prefetch("founders__memberships", Membership.objects.order_by("pk")),
        Prefetch("steps", ProjectStep.objects.order_by("position")),
    )


def form_findings(project: StructureProject) -> tuple[Finding, ...]:
    """What the checks of its form say of its founders and of what is told besides."""
    return findings_of(project.cooperation, project.form, project.founders.all(), project.facts) or ()


def step_facts(step: ProjectStep) -> StepFacts:
    return StepFacts(str(step.pk), step.title, step.required, step.is_cleared)


def against_registration(project: StructureProject, on: dt.date, *, tell_decision: bool = True) -> list[Violation]:
    """Every reason why the creation could not be recorded on that day.

    `tell_decision` False: for a reader who may not know of the decision, nothing is said of it.
    """
    founders = list(project.founders.all())
    former = [founder.name for founder in founders if not _is_member(founder, project, on)]
    taken = None
    if project.decision is not None:
        taken = project.decision.state == DecisionState.TAKEN or not tell_decision
    return registration_violations(
        errors=[(error.code, error.detail) for error in errors_of(form_findings(project))],
        steps=[step_facts(step) for step in project.steps.all()],
        founders=len(founders),
        former_members=former,
        decision_taken=taken,
    )


def _is_member(founder: Organisation, project: StructureProject, on: dt.date) -> bool:
    return any(
        stay.cooperation_id == project.cooperation_id
        and stay.joined_on <= on
        and (stay.left_on is None or on <= stay.left_on)
        for stay in founder.memberships.all()
    )
