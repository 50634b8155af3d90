"""Putting a part of the scene at a level of confidentiality."""

from django.db import connection

from tests.permissions.scene import Scene

# The resources below the object whose level is set, and that object.
BELOW: dict[str, tuple[str, ...]] = {
    "charters": (
        "charters",
        "charter-versions",
        "articles",
        "motivations",
        "expected-effects",
        "board-deliberations",
        "approvals",
    ),
    "activities": ("activities", "mandates", "milestones", "budget-lines", "budget-entries"),
    "indicators": ("indicators", "indicator-targets", "measurements"),
    "decisions": ("decisions",),
    "consultations": ("consultations",),
    "journal": ("journal",),
    "evaluations": ("evaluations",),
    "evaluation-gaps": ("evaluation-gaps",),
    "corrective-actions": ("corrective-actions",),
}


def set_level(scene: Scene, root: str, level: str) -> None:
    """Straight into the row, even into the journal, which nobody changes: what is tried is who sees it."""
    obj = scene.here.objects[root]
    # The articles and motivations of the scene are those of the draft of another charter.
    pks = [obj.pk, scene.here.draft.charter_id] if root == "charters" else [obj.pk]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        statement = f"UPDATE {obj._meta.db_table} SET confidentiality = %s WHERE id = ANY(%s)"  # noqa: S608
        cursor.execute(statement, [level, pks])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
