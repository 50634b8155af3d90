"""What confidentiality clauses may cover in governance (docs/adr/0025)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from coopproject.locking import lock
from governance import covering
from governance.covering import Whole
from governance.models import (
    ArbitrationGrid,
    AssemblyRule,
    Board,
    CommunicationAction,
    Consultation,
    Decision,
    DecisionCircuit,
    Delegation,
    JourneyEntry,
    Membership,
    ReadinessAssessment,
    Role,
    Stakeholder,
    StructureProject,
    StructureScenario,
    SupportMission,
    WorkingGroup,
)
from governance.services.consultation_frame import lock_consultation


def locked_row(model: Any) -> Callable[[UUID], Any]:
    """The lock of a resource whose own row is its root."""
    return lambda pk: lock(model.objects.select_related("cooperation"), pk)


def _replacing(pk: UUID) -> list[UUID]:
    """The decisions that replace this one, and those that replace them, nearest first."""
    found: list[UUID] = []
    near = [pk]
    while near:
        rows = Decision.objects.filter(supersedes__in=near).exclude(pk__in=[pk, *found]).order_by("pk").distinct()
        near = list(rows.values_list("pk", flat=True))
        found += near
    return found


def _lock_decision(pk: UUID) -> Decision:
    """Those that replace it first, as the taking of a decision locks it before what it replaces."""
    for later in reversed(_replacing(pk)):
        lock(Decision.objects.all(), later)
    decision: Decision = lock(Decision.objects.select_related("cooperation"), pk)
    return decision


def _of_decision(decision: Decision) -> list[Any]:
    """A decision is never more open than those that it replaces, nor a consultation than its decision."""
    rows: list[Any] = list(decision.consultations.select_for_update(no_key=True).order_by("pk"))
    for pk in _replacing(decision.pk):
        later = lock(Decision.objects.all(), pk)
        rows += [later, *later.consultations.select_for_update(no_key=True).order_by("pk")]
    return rows


def _floors(obj: Any) -> list[str]:
    if isinstance(obj, Consultation):
        return [Decision.objects.get(pk=obj.decision_id).confidentiality]
    return list(obj.supersedes.order_by("pk").values_list("confidentiality", flat=True))


def _lock_board(pk: UUID) -> Board:
    """A board is of its organisation, in all its cooperations."""
    board: Board = lock(Board.objects.all(), pk)
    return board


def _of_role(role: Role) -> list[Any]:
    """A delegation is never more open than the role that holds it."""
    return list(role.delegations.select_for_update(no_key=True).order_by("pk"))


def _floor_of_delegation(delegation: Delegation) -> list[str]:
    return [Role.objects.get(pk=delegation.role_id).confidentiality]


def register() -> None:
    """Called once, from `ready()`."""
    covering.register("decisions", Decision, whole=Whole(_lock_decision, followers=_of_decision, floors=_floors))
    covering.register("consultations", Consultation, whole=Whole(lock_consultation, floors=_floors))
    covering.register("boards", Board, whole=Whole(_lock_board))
    covering.register("roles", Role, whole=Whole(locked_row(Role), followers=_of_role))
    covering.register("delegations", Delegation, whole=Whole(locked_row(Delegation), floors=_floor_of_delegation))
    for resource, model in (
        ("arbitration-grids", ArbitrationGrid),
        ("assembly-rules", AssemblyRule),
        ("communication-actions", CommunicationAction),
        ("decision-circuits", DecisionCircuit),
        ("journey-entries", JourneyEntry),
        ("memberships", Membership),
        ("readiness-assessments", ReadinessAssessment),
        ("stakeholders", Stakeholder),
        ("structure-projects", StructureProject),
        ("structure-scenarios", StructureScenario),
        ("support-missions", SupportMission),
        ("working-groups", WorkingGroup),
    ):
        covering.register(resource, model, whole=Whole(locked_row(model)))
