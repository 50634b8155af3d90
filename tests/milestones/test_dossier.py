"""Milestones in a dossier: what hangs together, and what does not."""

from collections.abc import Callable
from typing import Any

import pytest

from coopproject.exceptions import InvalidInput
from governance.actor import Actor
from governance.models import Cooperation
from governance.services import dossiers
from milestones.models import Milestone
from tests.governance.dossier.documents import minimal

pytestmark = pytest.mark.django_db
BATCH = Actor.system("test")


def _with_activity() -> dict[str, Any]:
    document = minimal()
    document["activities"] = [
        {"ref": "achats", "name": "Achats", "organisations": ["beta", "alpha"], "started_on": "M-6"},
        {"ref": "autre", "name": "Autre", "started_on": "M-6"},
    ]
    document["milestones"] = [
        {"ref": "un", "activity": "achats", "title": "Un", "due_on": "D+10"},
        {"ref": "deux", "activity": "achats", "title": "Deux", "due_on": "D+20", "depends_on": ["un"]},
        {"ref": "trois", "activity": "autre", "title": "Trois", "due_on": "D+30", "depends_on": ["deux"]},
    ]
    document["budget_lines"] = [{"activity": "achats", "milestone": "un", "label": "Étude", "planned": "100.00"}]
    document["indicators"] = [{"ref": "i", "activity": "achats", "code": "A1", "label": "Économies"}]
    document["measurements"] = [
        {
            "ref": "m",
            "indicator": "i",
            "period_start": "D-20",
            "period_end": "D-10",
            "value": "3",
            "measured_on": "D-9",
            "entered_by": "ana",
        }
    ]
    document["evaluations"] = [
        {"ref": "e", "title": "Revue", "held_on": "D+5", "period_start": "D-90", "period_end": "D-1"}
    ]
    return document


def test_dependencies_and_first_promises_are_kept() -> None:
    dossiers.dossier_import(actor=BATCH, document=_with_activity())
    second = Milestone.objects.get(title="Deux")
    assert second.baseline_due_on == second.due_on
    assert [awaited.title for awaited in second.depends_on.all()] == ["Un"]


CASES: dict[str, tuple[Callable[[dict[str, Any]], None], set[tuple[str, str]]]] = {
    "a cycle": (
        lambda document: document["milestones"][0].update(depends_on=["trois"]),
        {(f"/milestones/{index}/depends_on", "dependency_cycle") for index in range(3)},
    ),
    "a milestone that awaits itself": (
        lambda document: document["milestones"][0].update(depends_on=["un"]),
        {("/milestones/0/depends_on", "dependency_cycle")},
    ),
    "a dependency named twice": (
        lambda document: document["milestones"][1].update(depends_on=["un", "un"]),
        {("/milestones/1/depends_on", "duplicate")},
    ),
    "a budget for the milestone of another activity": (
        lambda document: document["budget_lines"][0].update(milestone="trois"),
        {("/budget_lines/0/milestone", "another_activity")},
    ),
    "a milestone reached tomorrow": (
        lambda document: document["milestones"][0].update(state="completed", completed_on="2099-01-01"),
        {("/milestones/0/completed_on", "in_the_future")},
    ),
    "a correction of what was never validated": (
        lambda document: document["measurements"].append(document["measurements"][0] | {"ref": "m2", "corrects": "m"}),
        {("/measurements/1/corrects", "nothing_to_correct")},
    ),
    "one's own measurement validated": (
        lambda document: document["measurements"][0].update(
            state="validated", validated_by="ana", validated_at="D-8T10:00:00Z"
        ),
        {("/measurements/0", "milestones_measurement_validated_by_someone_else")},
    ),
    "gaps of an evaluation that was not opened": (
        lambda document: document["evaluations"][0].update(
            evaluation_gaps=[
                {
                    "position": 1,
                    "subject": "milestone",
                    "milestone": "un",
                    "label": "Un",
                    "status": "green",
                    "confidentiality": "active",
                }
            ]
        ),
        {("/evaluations/0/evaluation_gaps", "not_opened")},
    ),
}


@pytest.mark.parametrize(("spoil", "expected"), CASES.values(), ids=CASES.keys())
def test_what_does_not_hold_together_is_refused(
    spoil: Callable[[dict[str, Any]], None], expected: set[tuple[str, str]]
) -> None:
    document = _with_activity()
    spoil(document)
    with pytest.raises(InvalidInput) as refused:
        dossiers.dossier_import(actor=BATCH, document=document)
    assert {(found.pointer, found.code) for found in refused.value.violations} == expected
    assert not Cooperation.objects.exists()
