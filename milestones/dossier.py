"""The sections of milestones in a portable dossier, and what must hold between their facts."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.dossier.governance_sections import in_order, not_in_the_future
from governance.dossier.sections import Draft, Row, Section
from milestones.enums import MeasurementState
from milestones.models import (
    Activity,
    BudgetEntry,
    BudgetLine,
    CorrectiveAction,
    Evaluation,
    EvaluationGap,
    Indicator,
    IndicatorTarget,
    Mandate,
    Measurement,
    Milestone,
)


def _mandate_check(row: Row, draft: Draft) -> Iterator[Violation]:
    yield from not_in_the_future(row, draft, "accepted_at", "suspended_on", "ended_on")
    yield from in_order(row, "since", "ended_on")
    if row.obj.agreement_id is not None:
        parties = draft.by_id("agreements")[row.obj.agreement_id].children.get("agreement_parties", [])
        if all(party.obj.organisation_id != row.obj.organisation_id for party in parties):
            detail = _("L’organisation du pilote n’est pas partie à cette convention.")
            yield row.wrong("not_a_party", detail, "agreement")


def _milestone_complete(row: Row, draft: Draft) -> Iterable[Violation]:
    if row.obj.baseline_due_on is None:
        row.obj.baseline_due_on = row.obj.due_on
    return ()


def _milestone_check(row: Row, draft: Draft) -> Iterator[Violation]:
    yield from not_in_the_future(row, draft, "started_on", "completed_on", "cancelled_on")
    if _awaits_itself(row, draft):
        yield row.wrong("dependency_cycle", _("Ce jalon finit par dépendre de lui-même."), "depends_on")


def _awaits_itself(row: Row, draft: Draft) -> bool:
    awaited = {found.obj.pk: found.many.get("depends_on", []) for found in draft["milestones"]}
    pending, seen = list(awaited[row.obj.pk]), set[UUID]()
    while pending:
        following = pending.pop()
        if following == row.obj.pk:
            return True
        if following not in seen:
            seen.add(following)
            pending += awaited.get(following, [])
    return False


def _same_activity(row: Row, draft: Draft) -> Iterator[Violation]:
    """A milestone that a row names belongs to the activity that the row names."""
    if row.obj.milestone_id is None or row.obj.activity_id is None:
        return
    milestone = draft.by_id("milestones")[row.obj.milestone_id].obj
    if milestone.activity_id != row.obj.activity_id:
        yield row.wrong("another_activity", _("Ce jalon est celui d’une autre activité."), "milestone")


def _measurement_check(row: Row, draft: Draft) -> Iterator[Violation]:
    measure = row.obj
    yield from not_in_the_future(row, draft, "measured_on", "submitted_at", "validated_at")
    if measure.corrects_id is not None:
        corrected = draft.by_id("measurements")[measure.corrects_id].obj
        if corrected.indicator_id != measure.indicator_id or corrected.state != MeasurementState.VALIDATED:
            detail = _("On ne corrige qu’une mesure validée du même indicateur.")
            yield row.wrong("nothing_to_correct", detail, "corrects")


def _evaluation_check(row: Row, draft: Draft) -> Iterator[Violation]:
    yield from not_in_the_future(row, draft, "opened_on", "closed_on")
    yield from in_order(row, "opened_on", "closed_on")
    if row.obj.opened_on is None and row.children.get("evaluation_gaps"):
        detail = _("Les écarts se constatent à l’ouverture : cette évaluation n’est pas ouverte.")
        yield row.wrong("not_opened", detail, "evaluation_gaps")


def _action_check(row: Row, draft: Draft) -> Iterator[Violation]:
    yield from not_in_the_future(row, draft, "completed_on", "verified_on")
    yield from in_order(row, "completed_on", "verified_on")


SECTIONS = (
    Section(
        key="activities",
        model=Activity,
        fields=(
            "name",
            "description",
            "types",
            "logic",
            "organisations",
            "charter",
            "started_on",
            "ended_on",
            "confidentiality",
        ),
    ),
    Section(
        key="mandates",
        model=Mandate,
        fields=(
            "activity",
            "person",
            "organisation",
            "agreement",
            "scope",
            "powers",
            "limits",
            "spending_ceiling",
            "competences",
            "availability_minutes_per_week",
            "load_minutes_per_week",
            "since",
            "until",
            "state",
            "accepted_at",
            "suspended_on",
            "suspended_reason",
            "ended_on",
            "ended_reason",
        ),
        check=_mandate_check,
    ),
    Section(
        key="milestones",
        model=Milestone,
        fields=(
            "activity",
            "title",
            "description",
            "deliverable",
            "due_on",
            "baseline_due_on",
            "state",
            "started_on",
            "completed_on",
            "completion_note",
            "cancelled_on",
            "cancelled_reason",
            "depends_on",
        ),
        optional=frozenset({"baseline_due_on"}),
        complete=_milestone_complete,
        check=_milestone_check,
    ),
    Section(
        key="budget_lines",
        model=BudgetLine,
        fields=("activity", "milestone", "label", "planned"),
        children=(
            Section(
                key="budget_entries",
                model=BudgetEntry,
                parent="line",
                fields=("kind", "amount", "dated_on", "reference", "entered_by", "mandate"),
                order=("dated_on",),
            ),
        ),
        check=_same_activity,
    ),
    Section(
        key="indicators",
        model=Indicator,
        fields=(
            "activity",
            "milestone",
            "effect",
            "code",
            "label",
            "level",
            "nature",
            "unit",
            "direction",
            "shape",
            "baseline_value",
            "baseline_on",
            "tolerance",
            "low",
            "high",
            "frequency",
            "source",
            "method",
            "key",
            "retired_on",
            "confidentiality",
        ),
        children=(
            Section(
                key="indicator_targets",
                model=IndicatorTarget,
                parent="indicator",
                fields=("due_on", "value"),
                order=("due_on",),
            ),
        ),
        check=_same_activity,
    ),
    Section(
        key="measurements",
        model=Measurement,
        fields=(
            "indicator",
            "period_start",
            "period_end",
            "value",
            "text",
            "measured_on",
            "source_ref",
            "comment",
            "entered_by",
            "state",
            "submitted_at",
            "validated_by",
            "validated_at",
            "return_reason",
            "corrects",
        ),
        check=_measurement_check,
    ),
    Section(
        key="evaluations",
        model=Evaluation,
        fields=(
            "title",
            "held_on",
            "period_start",
            "period_end",
            "state",
            "opened_on",
            "closed_on",
            "conclusions",
            "thresholds",
            "confidentiality",
        ),
        children=(
            Section(
                key="evaluation_gaps",
                model=EvaluationGap,
                parent="evaluation",
                fields=(
                    "position",
                    "subject",
                    "indicator",
                    "milestone",
                    "budget_line",
                    "motivation",
                    "measurement",
                    "label",
                    "expected",
                    "actual",
                    "gap",
                    "rate",
                    "expected_on",
                    "actual_on",
                    "status",
                    "exceeded",
                    "facts",
                    "confidentiality",
                    "cause",
                    "decision",
                    "owner",
                    "due_on",
                    "read_by",
                    "read_on",
                ),
                order=("position",),
            ),
        ),
        check=_evaluation_check,
    ),
    Section(
        key="corrective_actions",
        model=CorrectiveAction,
        fields=(
            "gap",
            "title",
            "owner",
            "due_on",
            "state",
            "action_taken",
            "completed_on",
            "verified_by",
            "verified_on",
            "adequate",
            "verification_comment",
            "confidentiality",
        ),
        check=_action_check,
    ),
)
