"""What `GET /charter-versions/{id}/amendment-check/` says: the rule that decides who votes, applied in the open."""

import datetime as dt
import json
from typing import Any
from uuid import UUID

from charters.enums import AmendmentType, VersionState
from charters.models import CharterVersion
from charters.rules.amendment_check import VOTERS, changes, kind_checks
from charters.rules.carrying import asked, frozen_annexes
from charters.selectors.annexes import annexes_known_to, annexes_of
from charters.selectors.entry import EntryReader
from charters.selectors.report import contest_report, names_of
from charters.services.freezing import frozen_content
from coopproject.exceptions import Violation
from governance.actor import Actor


def replaced_version(version: CharterVersion) -> CharterVersion | None:
    """The text that this version would replace, or replaced: the last earlier one that entered into force."""
    earlier = CharterVersion.objects.filter(
        charter_id=version.charter_id, number__lt=version.number, in_force_on__isnull=False
    )
    return earlier.order_by("-number").first()


def amendment_check(version: CharterVersion, actor: Actor, day: dt.date) -> dict[str, Any]:
    """What changed since the text in force, what each kind of amendment says of it, and who would vote."""
    former = replaced_version(version)
    old = json.loads(former.content) if former else None
    annexes = [*annexes_of(version), *(annexes_of(former) if former else ())]
    known = annexes_known_to(actor, annexes)
    hidden = {annex.key for annex in annexes if annex not in known}
    reader = EntryReader(version, day)
    if version.content:
        new = json.loads(version.content)
    else:
        new = frozen_content(version.charter, version, version.articles.order_by("position"), [])
    earlier = CharterVersion.objects.filter(charter_id=version.charter_id, number__lt=version.number)
    checks = kind_checks(old, new, first=not earlier.exclude(state=VersionState.DRAFT).exists())
    claimed = next(check for check in checks if check.kind == version.amendment_type)
    parties = [party.id for party in reader.parties()]
    called = asked(claimed.kind, parties, old=frozen_annexes(old or {}), new=frozen_annexes(new))
    names = {str(pk): name for pk, name in names_of(UUID(id_) for id_ in parties).items()}
    return {
        "amendment_type": version.amendment_type,
        "admitted": not claimed.violations,
        "former": former.pk if former else None,
        "voters": {
            "kind": claimed.voters,
            "detail": str(VOTERS[claimed.voters]),
            "organisations": [{"organisation": id_, "name": names.get(id_, "")} for id_ in parties if id_ in called],
        },
        "types": [
            {
                "amendment_type": AmendmentType(check.kind),
                "admitted": not check.violations,
                "voters": check.voters,
                "detail": str(VOTERS[check.voters]),
                "violations": _told(check.violations),
            }
            for check in checks
        ],
        "changes": _told(changes(old, new, hidden=hidden)) if old is not None else [],
        "contest_days": reader.terms.contest_days,
        "contest": contest_report(reader),
    }


def _told(violations: tuple[Violation, ...]) -> list[dict[str, str]]:
    return [{"code": found.code, "pointer": found.pointer, "detail": str(found.detail)} for found in violations]
