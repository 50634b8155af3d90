"""The notice that a member owes before it leaves: how long it runs, and when it may go (domain.md 2.3, step 10).

Months are calendar months, by day number: a notice of one month given on 31 January runs until the last day of
February. `left_on` is the last day of the membership; the earliest one is the day on which the notice has run.
"""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import Violation
from governance.rules.calendars import add_months


def earliest_exit(given_on: date, months: int) -> date:
    """The first day that may be the last of the membership, when notice is given on that day."""
    return add_months(given_on, months)


def notice_violations(
    *, given_on: date, joined_on: date, left_on: date | None, already: date | None
) -> list[Violation]:
    """Why notice cannot be given. `already`: the day on which it was."""
    found = []
    if left_on is not None:
        found.append(Violation("membership_ended", _("L’adhésion a déjà pris fin.")))
    if already is not None:
        found.append(Violation("notice_already_given", _("Un préavis de sortie est déjà donné.")))
    if given_on < joined_on:
        found.append(Violation("before_joining", _("Un préavis ne peut pas précéder l’entrée."), "/given_on"))
    return found


def exit_violations(
    *, left_on: date, today: date, months: int, notice_exit_on: date | None, waived: bool
) -> Iterator[Violation]:
    """Why the member may not leave on that day. `months`: the notice that it owes (0: none), `notice_exit_on`: the
    earliest exit by the notice that was given. A waiver without anything to waive is refused too."""
    missing = notice_exit_on is None and months > 0
    running = notice_exit_on is not None and left_on < notice_exit_on
    if waived:
        if not missing and not running:
            yield Violation("nothing_to_waive", _("Aucun préavis ne reste à courir."), "/waiver_reason")
    elif missing:
        detail = _("Un préavis de %(months)d mois est dû : donné aujourd’hui, il permettrait de sortir le %(day)s.")
        earliest = wording.day(earliest_exit(today, months))
        yield Violation("notice_missing", wording.filled(detail, months=months, day=earliest), "/left_on")
    elif running:
        assert notice_exit_on is not None
        detail = _("Le préavis court encore : la sortie est possible à partir du %(day)s.")
        yield Violation("notice_running", wording.filled(detail, day=wording.day(notice_exit_on)), "/left_on")
