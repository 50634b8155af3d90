"""Reviewing what a decision gave, by the day that was set when it was taken."""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, RuleViolated, Violation
from governance import journal
from governance.actor import Actor
from governance.enums import DecisionState, ReviewConclusion
from governance.models import Decision, OutcomeReview
from governance.services import records
from governance.services.taking import lock_decision


@transaction.atomic
def decision_record_review(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    obtained: str,
    conclusion: str,
    held_on: dt.date | None = None,
    next_review_on: dt.date | None = None,
) -> Decision:
    """Record what the decision gave and what is concluded; the next review, if any, is awaited from then on.

    An abandoned decision is out of force from `held_on` (today). Raises InvalidInput for days that do not follow each
    other; RuleViolated `not_in_force`.
    """
    decision = lock_decision(pk, expected_version)
    today = clock.today(decision.cooperation.zone)
    day = held_on or today
    if decision.state != DecisionState.TAKEN or decision.out_of_force_on is not None:
        detail = _("On ne revoit qu’une décision prise et en vigueur.")
        raise RuleViolated(Violation("not_in_force", detail))
    if wrong := list(_violations(decision, day, today, conclusion, next_review_on)):
        raise InvalidInput(*wrong)
    review = OutcomeReview(
        cooperation_id=decision.cooperation_id,
        decision=decision,
        held_on=day,
        obtained=obtained,
        conclusion=conclusion,
        next_review_on=next_review_on,
        recorded_by_id=actor.person_id,
    )
    records.check(review)
    review.save(force_insert=True)
    decision.review_on = next_review_on
    if conclusion == ReviewConclusion.ABANDONED:
        decision.out_of_force_on = day
    decision.save(update_fields=["review_on", "out_of_force_on"])
    journal.record(
        "decision.reviewed",
        decision,
        actor=actor,
        review=review.pk,
        held_on=day,
        conclusion=conclusion,
        next_review_on=next_review_on,
    )
    return decision


def _violations(
    decision: Decision, day: dt.date, today: dt.date, conclusion: str, next_review_on: dt.date | None
) -> Iterator[Violation]:
    last = max((review.held_on for review in decision.reviews.all()), default=decision.taken_on)
    if day > today:
        yield Violation("in_the_future", _("Une revue ne se constate pas d’avance."), "/held_on")
    if last is not None and day < last:
        yield Violation("out_of_order", _("Cette revue précède la décision ou sa dernière revue."), "/held_on")
    if next_review_on is not None and next_review_on <= day:
        yield Violation("out_of_order", _("La prochaine revue vient après celle-ci."), "/next_review_on")
    if next_review_on is not None and conclusion == ReviewConclusion.ABANDONED:
        yield Violation("not_applicable", _("Une décision abandonnée n’est plus à revoir."), "/next_review_on")
