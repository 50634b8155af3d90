"""The options of a draft: they come and go inside their decision, whose row the caller has locked."""

from collections.abc import Mapping, Sequence
from typing import Any

from coopproject.exceptions import InvalidInput, Violation
from governance.models import Decision, DecisionOption
from governance.services import records

FIELDS = ("title", "description", "pros", "cons", "estimated_cost")
_UNSAID: Mapping[str, Any] = {"description": "", "pros": "", "cons": "", "estimated_cost": None}


def replace(decision: Decision, options: Sequence[Mapping[str, Any]]) -> bool:
    """Make these the options of the decision, in this order; whether anything changed.

    An option that keeps its rank keeps its identifier. Raises InvalidInput, pointing to the option.
    """
    changed = False
    known = {row.position: row for row in decision.options.all()}
    for position, given in enumerate(options, start=1):
        row = known.pop(position, None) or DecisionOption(
            cooperation_id=decision.cooperation_id, decision=decision, position=position
        )
        values = {name: given[name] if name in given else _UNSAID[name] for name in FIELDS}
        if not row._state.adding and all(getattr(row, name) == value for name, value in values.items()):
            continue
        for name, value in values.items():
            setattr(row, name, value)
        _check(row)
        row.save()
        changed = True
    for row in known.values():
        row.delete()
        changed = True
    return changed


def _check(row: DecisionOption) -> None:
    try:
        records.check(row)
    except InvalidInput as error:
        at = f"/options/{row.position - 1}"
        raise InvalidInput(
            *(Violation(found.code, found.detail, f"{at}{found.pointer}") for found in error.violations)
        ) from error
