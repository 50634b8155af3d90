"""Every list costs the same number of queries for 2 rows and for 40, and a list without such a test is found out."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from governance.enums import RoleKind
from governance.models import Cooperation, Role
from tests.cast import Cast
from tests.governance import factories
from tests.permissions.routes import routes
from tests.queries import assert_constant_queries
from worker.models import ReminderRule

TESTS = Path(__file__).parent
# Where the cost of each list is tried.
TRIED = {
    "governance/api/test_lists.py": (
        "organisations memberships boards people roles cooperations headcounts turnovers voting-rules tokens journal"
    ),
    "governance/test_signing_keys.py": "signing-keys",
    "charters/api/test_charter_versions.py": "charter-versions articles",
    "charters/api/test_article_comments.py": "article-comments",
    "charters/api/test_annexes.py": "annexes",
    "charters/api/test_motivations.py": "charters motivations expected-effects board-deliberations approvals",
    "charters/api/test_agreements.py": "agreements",
    "milestones/api/test_queries.py": (
        "activities mandates milestones budget-lines budget-entries indicators indicator-targets measurements "
        "evaluations evaluation-gaps corrective-actions"
    ),
    "worker/api/test_reminders.py": "reminders",
    "governance/api/test_files.py": "files",
    "governance/api/test_onboarding.py": "onboarding-steps",
    "governance/api/test_stakeholders.py": "stakeholders",
    "governance/api/test_readiness.py": "readiness-assessments",
    "governance/api/test_arbitration_grids.py": "arbitration-grids",
    "governance/api/test_deciding_lists.py": "decision-votes delegations assembly-rules decision-circuits",
    "governance/api/test_consultation_documents.py": "consultation-documents consultation-meetings",
    "governance/api/test_working_groups.py": "working-groups",
    "governance/api/test_communication_actions.py": "communication-actions",
    "governance/api/test_path_lists.py": (
        "journey-entries structure-scenarios support-missions mission-phases mission-deliverables structure-projects "
        "project-steps"
    ),
    "governance/api/test_clauses.py": "confidentiality-clauses",
    "test_lists.py": "decisions consultations reminder-rules",
}
# Read from a file, no query at all.
WITHOUT_ROWS = frozenset({"consultation-regimes", "legal-forms", "motivation-codes", "mission-templates"})


def test_every_list_has_a_test_of_what_it_costs() -> None:
    lists = {route.collection for route in routes().values() if route.is_list}
    tried = [name for names in TRIED.values() for name in names.split()]
    assert sorted(tried) == sorted(lists - WITHOUT_ROWS)


@pytest.mark.parametrize("module", TRIED)
def test_the_test_of_a_list_speaks_of_it_and_counts_queries(module: str) -> None:
    source = (TESTS / module).read_text(encoding="utf-8")
    assert re.search("assert_constant_queries|CaptureQueriesContext", source)
    assert [name for name in TRIED[module].split() if not re.search(rf"[\"/]{name}[\"/?]", source)] == []


def _decisions(cast: Cast, count: int) -> None:
    for _index in range(count):
        factories.decision(cast, cast.alpha, cast.beta)


def _consultations(cast: Cast, count: int) -> None:
    for number in range(count):
        decision = factories.decision(cast, cast.alpha)
        factories.consultation(cast, decision, (cast.alpha, cast.beta)[number % 2])


def _reminder_rules(cast: Cast, count: int) -> None:
    for number in range(count):
        cooperation = Cooperation.objects.create(name=f"Coopération {number}", started_on=cast.since)
        Role.objects.create(
            cooperation=cooperation, person=cast.coordinator, kind=RoleKind.COORDINATION, since=cast.since
        )
        ReminderRule.objects.create(cooperation=cooperation, kind="review_due", days_before=[7])


@pytest.mark.parametrize(
    ("path", "make"),
    [
        ("decisions/", _decisions),
        ("consultations/", _consultations),
        ("consultations/?expand=decision", _consultations),
        ("reminder-rules/", _reminder_rules),
    ],
)
def test_a_list_costs_the_same_for_two_rows_and_for_forty(
    cast: Cast, path: str, make: Callable[[Cast, int], None]
) -> None:
    assert_constant_queries(cast.api(cast.coordinator), f"/api/v1/{path}", lambda count: make(cast, count))
