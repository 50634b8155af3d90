"""The acts on an activity. Its row is the lock of its mandates and of the dependencies between its milestones."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction

from coopproject import clock
from coopproject.locking import lock
from governance import journal
from governance.actor import Actor
from governance.models import Cooperation, Organisation
from governance.services import records
from governance.services.references import of_other_cooperations
from milestones.models import Activity
from milestones.services.checks import not_members, refuse


@transaction.atomic
def activity_create(
    *, actor: Actor, cooperation: Cooperation, organisations: Iterable[Organisation] = (), **data: Any
) -> Activity:
    """Open an activity. Its organisations must be members of the cooperation today."""
    participants = list(organisations)
    data.setdefault("started_on", clock.today(cooperation.zone))
    refuse(
        [
            *of_other_cooperations(cooperation.pk, charter=data.get("charter")),
            *not_members(cooperation.pk, participants, on=clock.today(cooperation.zone), pointer="/organisations"),
        ]
    )
    activity = Activity(cooperation=cooperation, **data)
    records.check(activity)
    activity.save(force_insert=True)
    activity.organisations.set(participants)
    journal.record(
        "activity.created",
        activity,
        actor=actor,
        organisations=[organisation.pk for organisation in participants],
        **records.values_of(activity, data),
    )
    return activity


@transaction.atomic
def activity_update(*, pk: UUID, actor: Actor, expected_version: int | None, changes: dict[str, Any]) -> Activity:
    """Change an activity. A new level of confidentiality reaches its indicators in the same transaction."""
    activity: Activity = lock(Activity.objects.select_related("cooperation"), pk, expected_version)
    changes = dict(changes)
    organisations = changes.pop("organisations", None)
    added = [] if organisations is None else [o for o in organisations if o not in set(activity.organisations.all())]
    refuse(
        [
            *of_other_cooperations(activity.cooperation_id, charter=changes.get("charter")),
            *not_members(
                activity.cooperation_id, added, on=clock.today(activity.cooperation.zone), pointer="/organisations"
            ),
        ]
    )
    if organisations is not None:
        before = sorted(str(pk) for pk in activity.organisations.values_list("pk", flat=True))
        after = sorted(str(organisation.pk) for organisation in organisations)
        if before != after:
            activity.organisations.set(organisations)
            activity.save(update_fields=[])
            journal.record("activity.organisations_changed", activity, actor=actor, before=before, after=after)
    level = activity.confidentiality
    records.save_changes(activity, actor=actor, changes=changes)
    if activity.confidentiality != level:
        for indicator in activity.indicators.select_for_update(no_key=True).order_by("pk"):
            records.save_changes(indicator, actor=actor, changes={"confidentiality": activity.confidentiality})
    return activity
