"""How many take part in a cooperation, by the circles that it counts."""

import datetime as dt

from governance.actor import Actor
from governance.enums import CircleKind
from governance.models import CircleStay, Cooperation
from governance.rules.belonging import Period
from governance.rules.size import count_on


def circles_counted(cooperation: Cooperation) -> list[str]:
    """The circles whose members count towards the size (`settings.size_alert_circles`); all of them by default."""
    listed = cooperation.settings.get("size_alert_circles", CircleKind.values)
    return [circle for circle in CircleKind.values if circle in listed]


def periods(cooperation: Cooperation, reader: Actor) -> list[Period]:
    """The periods spent in the circles that count, by the members that this reader may know of."""
    stays = CircleStay.objects.visible_to(reader)
    stays = stays.filter(cooperation=cooperation, circle__in=circles_counted(cooperation))
    return [Period(since, until) for since, until in stays.order_by("pk").values_list("since", "until")]


def participants(cooperation: Cooperation, reader: Actor, day: dt.date) -> int:
    """How many take part on that day, as far as this reader may know."""
    return count_on(periods(cooperation, reader), day)
