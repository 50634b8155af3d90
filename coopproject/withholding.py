"""The last look at an answer: an organisation that its reader may not know of is named nowhere in it.

Rows are chosen by `visible_to`. What a row holds besides itself (who a decision concerns, the seats of a group, the
parties of a text, the members of a report) is left out here, whatever wrote it (docs/adr/0029).
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID


class Unnamed:
    """The organisations that one reader may not name: in each cooperation, and where no cooperation is told."""

    def __init__(self, here: Mapping[str, frozenset[str]], anywhere: frozenset[str]) -> None:
        self.here, self.anywhere = here, anywhere

    def leave_out(self, data: Any, cooperation: str | None = None) -> Any:
        """The same data: an item of a list that names one is gone, a field that holds one is null."""
        if isinstance(data, Mapping):
            return self._of_mapping(data, cooperation)
        if isinstance(data, list | tuple):
            hidden = self._hidden(cooperation)
            return [self.leave_out(item, cooperation) for item in data if not _names(item, hidden)]
        return data

    def leave_out_of_row(self, row: Any) -> Any:
        """The same for a row that its reader was found to know of: it stays, without what it names."""
        return self._of_mapping(row, None)

    def whole(self, text: str, cooperation: Any) -> str:
        """A text that is hashed as it is, served whole or not at all: empty when it names one."""
        return "" if any(pk in text for pk in self._hidden(str(cooperation))) else text

    def _hidden(self, cooperation: str | None) -> frozenset[str]:
        return self.anywhere if cooperation is None else self.here.get(cooperation, frozenset())

    def _of_mapping(self, data: Mapping[Any, Any], cooperation: str | None) -> dict[Any, Any]:
        told = data.get("cooperation", cooperation)
        told = told.get("id") if isinstance(told, Mapping) else told
        cooperation = str(told) if isinstance(told, str | UUID) else cooperation
        hidden = self._hidden(cooperation)
        return {
            name: None if _is(value, hidden) else self.leave_out(value, cooperation)
            for name, value in data.items()
            if not _is(name, hidden)
        }


def _is(value: Any, hidden: frozenset[str]) -> bool:
    return isinstance(value, str | UUID) and str(value) in hidden


def _names(item: Any, hidden: frozenset[str]) -> bool:
    """Whether an item of a list is one of these organisations, or is about one."""
    if isinstance(item, Mapping):
        return any(_is(value, hidden) for value in item.values())
    return _is(item, hidden)
