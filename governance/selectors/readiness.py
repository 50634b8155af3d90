"""What members answered before cooperating, side by side, as far as the reader may know of it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from governance.actor import Actor
from governance.enums import PooledThing, SheetState
from governance.models import Cooperation, ReadinessAssessment
from governance.rules.readiness import PRECONDITIONS, QUESTIONS, Answer, compare
from governance.selectors.legal_forms import members_today


def submitted(cooperation: Cooperation, actor: Actor) -> list[ReadinessAssessment]:
    """The answers that members handed over, and that this actor may know of. Drafts are never among them."""
    found = ReadinessAssessment.objects.visible_to(actor).filter(cooperation=cooperation, state=SheetState.SUBMITTED)
    return list(found.select_related("organisation").order_by("organisation__name", "pk"))


def comparison(cooperation: Cooperation, actor: Actor) -> dict[str, Any]:
    """Who answered, what each says, where they agree. A member whose answers are a draft has not answered yet."""
    members = {member.pk: member for member in members_today(cooperation, actor)}
    rows = [row for row in submitted(cooperation, actor) if row.organisation_id in members]
    answered = {row.organisation_id: row for row in rows}
    return {
        "cooperation": cooperation.pk,
        "members": [
            {
                "organisation": member.pk,
                "name": member.name,
                "submitted_on": answered[pk].submitted_on if pk in answered else None,
            }
            for pk, member in members.items()
        ],
        "questions": [
            {
                "code": code,
                "question": question,
                "answers": [{"organisation": row.organisation_id, "text": getattr(row, code)} for row in rows],
            }
            for code, question in QUESTIONS.items()
        ],
        "pooled": [
            _point(
                str(thing),
                thing.label,
                [(row, Answer.YES if thing in row.pooled else Answer.NO) for row in rows],
                (Answer.YES, Answer.NO),
            )
            for thing in PooledThing
        ],
        "preconditions": [
            _point(code, label, [(row, row.preconditions[code]) for row in rows if code in row.preconditions], Answer)
            for code, label in PRECONDITIONS.items()
        ],
    }


def _point(code: str, label: Any, answers: list[Any], values: Any) -> dict[str, Any]:
    found = compare(code, [(str(row.organisation_id), str(answer)) for row, answer in answers], map(str, values))
    return {"code": code, "label": label, "accord": str(found.accord), "by_answer": found.by_answer}


def told_needs(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[str]:
    """The needs that members told, for the orientation table."""
    for row in submitted(cooperation, actor):
        yield from row.needs
