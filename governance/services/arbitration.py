"""A member scores « cooperate or merge » criterion by criterion, hands its grid over, and may take it back.

The journal says who acted, never what a draft says: it is read by others.
"""

from collections.abc import Mapping
from copy import copy
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, RuleViolated, Violation
from coopproject.locking import lock
from governance import journal, states
from governance.actor import Actor
from governance.enums import Confidentiality, SheetState, SheetTransition
from governance.models import ArbitrationGrid, Cooperation, Organisation
from governance.rules.arbitration import missing_scores, score_violations
from governance.selectors.legal_forms import members_today
from governance.services import records

_FROZEN = Violation("wrong_state", _("Cette grille est remise : reprenez-la (reopen) avant de la changer."))


@transaction.atomic
def grid_create(
    *, actor: Actor, cooperation: Cooperation, organisation: Organisation, **fields: Any
) -> ArbitrationGrid:
    """Begin the grid of a member. Raises InvalidInput: `not_a_member`, scores that cannot be."""
    grid = ArbitrationGrid(cooperation=cooperation, organisation=organisation, **fields)
    found = _violations(grid)
    if organisation not in members_today(cooperation):
        detail = _("Cette organisation n’est pas membre de la coopération.")
        found.append(Violation("not_a_member", detail, "/organisation"))
    if found:
        raise InvalidInput(*found)
    records.create(grid, actor=actor, on_behalf_of=organisation.pk, organisation=organisation.pk)
    return grid


@transaction.atomic
def grid_update(*, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]) -> ArbitrationGrid:
    """Change a draft; the scores are replaced whole. Raises RuleViolated `wrong_state` once it is submitted."""
    grid: ArbitrationGrid = lock(ArbitrationGrid.objects.all(), pk, expected_version)
    if grid.state != SheetState.DRAFT:
        raise RuleViolated(_FROZEN)
    before = copy(grid)
    for name, value in changes.items():
        setattr(grid, name, value)
    if found := _violations(grid):
        raise InvalidInput(*found)
    changed = sorted(name for name in changes if getattr(before, name) != getattr(grid, name))
    if changed:
        records.check(grid)
        records.refuse_opening(grid, changed)
        grid.save(update_fields=changed)
        _record("updated", grid, actor, changed=changed)
    return grid


@transaction.atomic
def grid_submit(*, pk: UUID, actor: Actor, expected_version: int | None = None) -> ArbitrationGrid:
    """Hand the grid over to the others. Raises RuleViolated: `wrong_state`, `score_missing` for each criterion."""
    grid: ArbitrationGrid = lock(ArbitrationGrid.objects.select_related("cooperation"), pk, expected_version)
    found = states.sheet.violations(grid.state, SheetTransition.SUBMIT) or missing_scores(grid.scores)
    if found:
        raise RuleViolated(*found)
    states.sheet.apply(grid, SheetTransition.SUBMIT)
    grid.submitted_on = clock.today(grid.cooperation.zone)
    grid.save(update_fields=["state", "submitted_on"])
    _record("submitted", grid, actor)
    return grid


@transaction.atomic
def grid_reopen(*, pk: UUID, actor: Actor, expected_version: int | None = None) -> ArbitrationGrid:
    """Take the grid back to change it; the others see it again once it is submitted."""
    grid: ArbitrationGrid = lock(ArbitrationGrid.objects.all(), pk, expected_version)
    states.sheet.apply(grid, SheetTransition.REOPEN)
    grid.submitted_on = None
    grid.save(update_fields=["state", "submitted_on"])
    _record("reopened", grid, actor)
    return grid


def _violations(grid: ArbitrationGrid) -> list[Violation]:
    found = score_violations(grid.scores)
    if grid.confidentiality == Confidentiality.RESTRICTED:
        detail = _("Tant que sa grille est en brouillon, elle est à elle seule ; remise, elle se partage.")
        found.append(Violation("level_not_allowed", detail, "/confidentiality"))
    return found


def _record(done: str, grid: ArbitrationGrid, actor: Actor, **payload: Any) -> None:
    journal.record(
        f"arbitration_grid.{done}",
        grid,
        actor=actor,
        on_behalf_of=grid.organisation_id,
        organisation=grid.organisation_id,
        **payload,
    )
