"""Reads about the steps of a circle: what is asked, what each member has done, what it still owes."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.db.models import Prefetch

from governance.models import Membership, OnboardingStep, StepCompletion
from governance.rules.onboarding import Step, missing_steps

STANDING = "standing_completions"


def prefetch_completions() -> "Prefetch[str]":
    """What was done and not undone, as `standing_completions` of each membership of a list."""
    done = StepCompletion.objects.standing().order_by("completed_on", "pk")
    return Prefetch("step_completions", queryset=done, to_attr=STANDING)


def asked_steps(cooperation_id: UUID) -> list[Step]:
    """The steps asked today, in the order in which people read them."""
    rows = OnboardingStep.objects.asked().filter(cooperation=cooperation_id).order_by("circle", "position", "pk")
    return [Step(str(row.pk), row.circle, row.title, row.required) for row in rows]


def done_by(membership: Membership) -> Mapping[str, dt.date]:
    """Step -> the day on which this member did it."""
    rows = StepCompletion.objects.standing().filter(membership=membership)
    return {str(step): day for step, day in rows.order_by("pk").values_list("step_id", "completed_on")}


def steps_owed(
    cooperation_id: UUID, membership: Membership | None, *, before: str | None, after: str, since: dt.date
) -> list[Step]:
    """The required steps that this member, or one that joins (None), has not done before entering `after`."""
    done = {} if membership is None else done_by(membership)
    return missing_steps(asked_steps(cooperation_id), done, before=before, after=after, since=since)
