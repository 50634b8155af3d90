"""The grids that members handed over, added up, as far as the reader may know of them."""

from dataclasses import asdict
from typing import Any

from governance.actor import Actor
from governance.enums import SheetState
from governance.models import ArbitrationGrid, Cooperation
from governance.rules.arbitration import CRITERIA, tally
from governance.selectors.legal_forms import members_today


def sums(cooperation: Cooperation, actor: Actor) -> dict[str, Any]:
    """What `governance.rules.arbitration.tally` says, with the score and the reason of each member."""
    members = [member.pk for member in members_today(cooperation, actor)]
    submitted = ArbitrationGrid.objects.visible_to(actor).filter(
        cooperation=cooperation, state=SheetState.SUBMITTED, organisation__in=members
    )
    grids = {grid.organisation_id: grid.scores for grid in submitted.order_by("created_at", "pk")}
    found = tally(
        {str(who): {code: given["score"] for code, given in scores.items()} for who, scores in grids.items()},
        [str(member) for member in members],
    )
    criteria = [
        asdict(row)
        | {
            "label": CRITERIA[row.code],
            "scores": [
                {"organisation": who, **scores[row.code]} for who, scores in grids.items() if row.code in scores
            ],
        }
        for row in found.criteria
    ]
    return {**vars(found), "cooperation": cooperation.pk, "criteria": criteria}
