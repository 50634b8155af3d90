"""When a person may be erased. Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import Violation


@dataclass(frozen=True)
class StillHeld:
    """A role or a mandate that runs or will begin: what, in which cooperation, until when (None: without end)."""

    what: str | Promise
    cooperation: str
    until: dt.date | None = None


def erasure_violations(*, erased: bool, held: Iterable[StillHeld], only_operator: bool) -> Iterator[Violation]:
    """Whoever still acts leaves first; an instance keeps somebody who runs it; nobody is erased twice."""
    if erased:
        yield Violation("already_erased", _("Cette personne est déjà effacée."))
        return
    for item in held:
        if item.until is None:
            sentence = _("À quitter d’abord, « %(cooperation)s » : %(what)s.")
        else:
            sentence = _("À quitter d’abord, « %(cooperation)s » : %(what)s, jusqu’au %(day)s.")
        day = wording.day(item.until) if item.until else ""
        detail = wording.filled(sentence, cooperation=item.cooperation, what=item.what, day=day)
        yield Violation("still_held", detail)
    if only_operator:
        detail = _("Cette personne est seule à tenir l’instance : confiez-la d’abord à une autre.")
        yield Violation("only_operator", detail)
