"""What is told before a form is discussed, as far as the actor may know of it."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from governance import orienting
from governance.actor import Actor
from governance.models import Cooperation
from governance.rules.orientation import CooperationType, OrientationFacts


def told_so_far(
    cooperation: Cooperation,
    actor: Actor,
    on: dt.date,
    *,
    types: Collection[Any] | None = None,
    without_new_entity: bool = False,
) -> OrientationFacts:
    """Project, needs and motivations; the types of the cooperation unless others are wanted."""
    wanted = cooperation.types if types is None else types
    return OrientationFacts(
        project=cooperation.purpose,
        needs=orienting.needs(cooperation, actor, on),
        motivations=orienting.motivations(cooperation, actor, on),
        types=frozenset(CooperationType(name) for name in wanted),
        without_new_entity=without_new_entity,
    )
