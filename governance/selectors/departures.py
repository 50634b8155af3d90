"""What leaving would mean for a member: its notice, then what each app says that it leaves behind."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from coopproject import wording
from governance import departures
from governance.actor import Actor
from governance.departures import Consequence
from governance.models import Membership
from governance.rules.exit_notice import earliest_exit, exit_violations


def departure_of(membership: Membership, actor: Actor, *, on: dt.date, today: dt.date) -> dict[str, Any]:
    """The notice and the consequences, what blocks first, if `on` were the last day. Nothing once it has left."""
    owed = departures.notice_owed(membership.cooperation, membership.organisation_id, today)
    exit_on = membership.notice_exit_on
    if exit_on is None and owed is not None:
        exit_on = earliest_exit(today, owed.months)
    found = []
    if membership.left_on is None:
        found = [
            *_notice(membership, on, today, owed.months if owed else 0),
            *departures.of_organisation(actor, membership.cooperation, membership.organisation_id, on),
        ]
    return {
        "membership": membership.pk,
        "organisation": membership.organisation_id,
        "on": on,
        "notice": {
            "months": owed.months if owed else None,
            "given_on": membership.notice_given_on,
            "exit_on": None if membership.left_on else exit_on,
        },
        "blocked": any(item.blocking for item in found),
        "consequences": [item.as_data() for item in found],
    }


def _notice(membership: Membership, on: dt.date, today: dt.date, months: int) -> list[Consequence]:
    violations = exit_violations(
        left_on=on, today=today, months=months, notice_exit_on=membership.notice_exit_on, waived=False
    )
    clears = {
        "notice_missing": _("Donner le préavis, ou en être dispensé par la coordination."),
        "notice_running": wording.filled(
            _("Attendre le %(day)s, ou en être dispensé par la coordination."),
            day=wording.day(membership.notice_exit_on or on),
        ),
    }
    return [
        Consequence(
            violation.code,
            violation.detail,
            clears[violation.code],
            "memberships",
            membership.pk,
            blocking=True,
            day=membership.notice_exit_on or earliest_exit(today, months),
        )
        for violation in violations
    ]
