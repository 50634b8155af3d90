"""One lock per invariant: the charter's row, before any row below it. Every writer of charters starts here."""

from dataclasses import dataclass
from uuid import UUID

from charters.enums import VersionState
from charters.models import Charter, CharterVersion
from charters.rules.acts import ARCHIVED, FROZEN
from coopproject.exceptions import NotVisible, RuleViolated, StaleVersion, Violation
from coopproject.locking import lock
from governance.models import Cooperation


@dataclass(frozen=True)
class Locked:
    """A version, fresh under the lock of its charter."""

    charter: Charter
    version: CharterVersion


def lock_charter(pk: UUID, expected_version: int | None = None) -> Charter:
    return lock(Charter.objects.select_related("cooperation"), pk, expected_version)


def lock_version(pk: UUID, expected_version: int | None = None, *, members: bool = False) -> Locked:
    """Lock the charter, then read the version: the one lock is what every writer of its versions waits for.

    `members`: hold the members of the cooperation still too, for an act that counts who is a party. A departure comes
    then before or after it, never in its middle. `expected_version` is that of the charter version. Raises NotVisible,
    StaleVersion.
    """
    found = CharterVersion.objects.filter(pk=pk).values_list("charter_id", "cooperation_id").first()
    if found is None:
        raise NotVisible
    charter_id, cooperation_id = found
    if members:
        # Against the lock of memberships, not against rows that refer to the cooperation.
        Cooperation.objects.select_for_update(no_key=True).get(pk=cooperation_id)
    charter = lock_charter(charter_id)
    version = CharterVersion.objects.get(pk=pk)
    if expected_version is not None and version.version != expected_version:
        raise StaleVersion(version.version, expected_version)
    version.charter = charter
    return Locked(charter, version)


def draft_violations(locked: Locked) -> list[Violation]:
    """Why the text of this version cannot be changed."""
    found = [] if locked.version.state == VersionState.DRAFT else [FROZEN]
    return [*found, ARCHIVED] if locked.charter.archived_on else found


def require_draft(locked: Locked) -> None:
    if violations := draft_violations(locked):
        raise RuleViolated(*violations)
