"""The word of policies that is proper to this app: the pilot of the activity."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.api.policy import Grant, granted_to
from governance.actor import Actor
from milestones.enums import MandateState
from milestones.models import Mandate

_CACHE = "_piloted_activities"


def piloted_activities(actor: Actor) -> frozenset[UUID]:
    """The activities that the actor pilots today: mandate accepted, in force, for an organisation that they still act
    for. Asked once per actor, so that abilities of a list cost no query per row.
    """
    if _CACHE not in vars(actor):
        # In the instance's dictionary, as `cached_property` does: governance cannot know of mandates.
        vars(actor)[_CACHE] = _read(actor)
    found: frozenset[UUID] = vars(actor)[_CACHE]
    return found


def _read(actor: Actor) -> frozenset[UUID]:
    if actor.person_id is None or not actor.roles:
        return frozenset()
    now = clock.now()
    accepted = (
        Mandate.objects.filter(
            person_id=actor.person_id, state=MandateState.ACCEPTED, cooperation__in=actor.cooperation_ids
        )
        .select_related("cooperation")
        .order_by("pk")
    )
    return frozenset(
        mandate.activity_id
        for mandate in accepted
        if mandate.covers(clock.local_date(now, mandate.cooperation.zone))
        and mandate.organisation_id in actor.organisations_in(mandate.cooperation_id)
    )


def pilots(activity: str) -> Grant:
    """The pilot of the activity whose id the object holds at this path, by an accepted mandate in force today."""

    @granted_to(_("pilote de l’activité"))
    def grant(actor: Actor, obj: Any) -> bool:
        value = obj
        for part in activity.split("."):
            value = getattr(value, part, None)
        return value is not None and value in piloted_activities(actor)

    return grant
