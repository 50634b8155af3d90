"""What leaving would mean for a member or for a person: what each app says that they leave behind."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from coopproject import wording
from governance import departures, handovers
from governance.actor import Actor
from governance.departures import Consequence
from governance.models import Cooperation, Membership, Person
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


def departure_of_person(person: Person, cooperation: Cooperation, actor: Actor, *, on: dt.date) -> dict[str, Any]:
    """What the person would leave behind in this cooperation if `on` were their last day: what blocks first.

    `asks`: an answer is awaited before they leave; `reassignable`: somebody else may take it, by `key`.
    """
    found = departures.of_person(actor, cooperation, person.pk, on)
    matters = [handovers.matter_of(item.code) for item in found]
    return {
        "person": person.pk,
        "cooperation": cooperation.pk,
        "on": on,
        "blocked": any(item.blocking for item in found),
        "consequences": [
            {
                **item.as_data(),
                "key": item.key,
                "asks": matter is not None,
                "reassignable": matter is not None and matter.take is not None,
            }
            for item, matter in zip(found, matters, strict=True)
        ],
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
