"""The numbers that no law fixes (confidence K): each cooperation may set its own in `settings`."""

from collections.abc import Mapping
from typing import Any

# Name in `settings` -> what counts where nothing is set.
ADJUSTABLE: Mapping[str, int] = {
    # Days after an opinion within which the employer's reasoned response is expected.
    "cse_response_days": 30,
    # Months without a meeting after which a working group is silent.
    "group_silence_months": 3,
    # Groups, boards and meetings of a month, together, above which the guide's « comitologie » is near.
    "committee_load": 6,
}
MOST = 1000


def adjusted(settings: Mapping[str, Any], name: str) -> int:
    """The value of this cooperation, or the one that counts by default. Raises KeyError for a name unknown here."""
    default = ADJUSTABLE[name]
    value = settings.get(name, default)
    return value if _is_whole(value) else default


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST
