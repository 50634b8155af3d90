"""The steps of circles and what members did of them, in a dossier. Stays entered before them stay valid."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.dossier.governance_sections import in_order, not_in_the_future
from governance.dossier.sections import Draft, Row, Section
from governance.models import OnboardingStep, StepCompletion


def _step_check(row: Row, draft: Draft) -> Iterator[Violation]:
    yield from not_in_the_future(row, draft, "retired_on")
    if (row.obj.retired_on is None) != (row.obj.retired_reason == ""):
        yield row.wrong("required", _("Une étape abandonnée l’est un jour, pour un motif."), "retired_reason")


def _completion_check(row: Row, draft: Draft) -> Iterator[Violation]:
    yield from not_in_the_future(row, draft, "completed_on", "undone_on")
    yield from in_order(row, "completed_on", "undone_on")
    if (row.obj.undone_on is None) != (row.obj.undone_reason == ""):
        yield row.wrong("required", _("Une étape annulée l’est un jour, pour un motif."), "undone_reason")


SECTIONS = (
    Section(
        key="onboarding_steps",
        model=OnboardingStep,
        fields=("circle", "title", "description", "position", "required", "retired_on", "retired_reason"),
        check=_step_check,
    ),
    Section(
        key="step_completions",
        model=StepCompletion,
        fields=(
            "membership",
            "step",
            "completed_on",
            "recorded_by",
            "evidence",
            "undone_on",
            "undone_reason",
        ),
        check=_completion_check,
    ),
)
