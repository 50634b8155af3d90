"""Putting a part of the scene at a level of confidentiality."""

from typing import Any

from django.db import connection

from tests.permissions.scene import Scene

# The resources below the object whose level is set, and that object.
BELOW: dict[str, tuple[str, ...]] = {
    "charters": (
        "charters",
        "charter-versions",
        "articles",
        "annexes",
        "article-comments",
        "motivations",
        "expected-effects",
        "board-deliberations",
        "approvals",
    ),
    "agreements": ("agreements",),
    "activities": ("activities", "mandates", "milestones", "budget-lines", "budget-entries"),
    "indicators": ("indicators", "indicator-targets", "measurements"),
    "readiness-assessments": ("readiness-assessments",),
    "arbitration-grids": ("arbitration-grids",),
    "stakeholders": ("stakeholders",),
    "decisions": ("decisions", "decision-votes"),
    "working-groups": ("working-groups",),
    "communication-actions": ("communication-actions",),
    # Whatever is of the member goes with its belonging, down to the people who are known by it only.
    "memberships": ("memberships", "organisations", "people", "roles", "boards", "voting-rules"),
    "roles": ("roles",),
    "boards": ("boards", "voting-rules"),
    "delegations": ("delegations",),
    "assembly-rules": ("assembly-rules",),
    "decision-circuits": ("decision-circuits",),
    "consultations": ("consultations", "consultation-documents", "consultation-meetings"),
    "journey-entries": ("journey-entries",),
    "structure-scenarios": ("structure-scenarios",),
    "support-missions": ("support-missions", "mission-phases", "mission-deliverables"),
    "structure-projects": ("structure-projects", "project-steps"),
    "confidentiality-clauses": ("confidentiality-clauses",),
    "journal": ("journal",),
    "evaluations": ("evaluations",),
    "evaluation-gaps": ("evaluation-gaps",),
    "corrective-actions": ("corrective-actions",),
}


def set_level(scene: Scene, root: str, level: str) -> None:
    """Straight into the rows, even into the journal, which nobody changes: what is tried is who sees them."""
    for obj in _rows(scene, root):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            statement = f"UPDATE {obj._meta.db_table} SET confidentiality = %s WHERE id = %s"  # noqa: S608
            cursor.execute(statement, [level, obj.pk])
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def _rows(scene: Scene, root: str) -> list[Any]:
    """The object, with what it is derived from: closed parts keep it closed."""
    here = scene.here.objects
    if root == "charters":
        # The articles and motivations of the scene are those of the draft of another charter, its open vote is on the
        # text of a third.
        return [here[root], scene.here.draft.charter, scene.here.live.charter_version.charter]
    if root in {"evaluation-gaps", "corrective-actions"}:
        gap = here["evaluation-gaps"]
        return [here[root], gap, gap.evaluation, here["activities"]]
    return [here[root]]
