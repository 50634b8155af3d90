"""The settings of a cooperation that this app follows."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import InvalidInput, Violation
from milestones.rules.evaluation import Thresholds


def threshold_violations(value: Any, pointer: str) -> Iterator[Violation]:
    """Why these thresholds of evaluation (`settings.evaluation_thresholds`) cannot be followed."""
    if not isinstance(value, Mapping):
        yield Violation("invalid", _("Un objet JSON est attendu."), pointer)
        return
    try:
        Thresholds.from_dict(value, pointer=pointer)
    except InvalidInput as error:
        yield from error.violations
