"""Noting where the cooperation, or one of its members, is among the challenges, and at which level."""

import datetime as dt
from collections.abc import Mapping
from copy import copy
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, Violation
from coopproject.locking import lock
from governance.actor import Actor
from governance.models import Cooperation, JourneyEntry, Membership, Organisation
from governance.models.cooperations import in_force_on
from governance.rules.journey import answer_violations, entry_violations
from governance.services import records


@transaction.atomic
def journey_entry_create(
    *,
    actor: Actor,
    cooperation: Cooperation,
    organisation: Organisation | None = None,
    since: dt.date | None = None,
    **fields: Any,
) -> JourneyEntry:
    """Note a place, from `since` (today) on. Raises InvalidInput with every reason."""
    entry = JourneyEntry(
        cooperation=cooperation,
        organisation=organisation,
        since=since or clock.today(cooperation.zone),
        recorded_by_id=actor.person_id,
        **fields,
    )
    _require_possible(entry)
    records.create(
        entry,
        actor=actor,
        on_behalf_of=entry.organisation_id,
        reason=entry.reason,
        organisation=entry.organisation_id,
        challenge=entry.challenge,
        level=entry.level,
        since=entry.since,
    )
    return entry


@transaction.atomic
def journey_entry_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]
) -> JourneyEntry:
    """Correct an entry, or answer what its challenge asks; the answers are replaced whole.

    Another place on another day is another entry. Raises InvalidInput with every reason.
    """
    entry: JourneyEntry = lock(JourneyEntry.objects.select_related("cooperation"), pk, expected_version)
    tried = copy(entry)
    for name, value in changes.items():
        setattr(tried, name, value)
    _require_possible(tried)
    records.save_changes(entry, actor=actor, changes=changes, on_behalf_of=entry.organisation_id)
    return entry


def _require_possible(entry: JourneyEntry) -> None:
    found = entry_violations(
        challenge=entry.challenge,
        level=entry.level,
        of_organisation=entry.organisation_id is not None,
        since=entry.since,
        started_on=entry.cooperation.started_on,
        today=clock.today(entry.cooperation.zone),
    )
    found += answer_violations(entry.challenge, entry.answers)
    if entry.organisation_id is not None and not _was_member(entry):
        detail = _("Cette organisation n’était pas membre de la coopération ce jour-là.")
        found.append(Violation("not_a_member", detail, "/organisation"))
    if found:
        raise InvalidInput(*found)


def _was_member(entry: JourneyEntry) -> bool:
    stays = Membership.objects.filter(cooperation=entry.cooperation_id, organisation=entry.organisation_id)
    return stays.filter(in_force_on(entry.since, "joined_on", "left_on")).exists()
