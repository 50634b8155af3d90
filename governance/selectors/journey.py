"""Where the cooperation is among the challenges, where each member is, and how they came there."""

from collections.abc import Iterable
from typing import Any

from coopproject import clock
from governance.actor import Actor
from governance.enums_path import Challenge, CooperationLevel
from governance.models import Cooperation, JourneyEntry
from governance.rules.journey import GUIDE, LEVEL_GUIDE, Direction, challenge_entry, directions
from governance.selectors.legal_forms import members_today


def journey(cooperation: Cooperation, actor: Actor) -> dict[str, Any]:
    """The whole path, as far as this reader may know of it: nothing is told of an entry that they may not read."""
    entries = list(
        JourneyEntry.objects.visible_to(actor)
        .filter(cooperation=cooperation)
        .select_related("organisation")
        .order_by("since", "pk")
    )
    own = [row for row in entries if row.organisation_id is None and row.challenge]
    levels = [row for row in entries if row.level]
    by_member: dict[Any, list[JourneyEntry]] = {}
    for row in entries:
        if row.organisation_id is not None:
            by_member.setdefault(row.organisation_id, []).append(row)
    ways = {row.pk: way for rows in (own, levels, *by_member.values()) for row, way in _with_directions(rows)}
    return {
        "cooperation": cooperation.pk,
        "on": clock.today(cooperation.zone),
        "place": _place(own, ways),
        "level": _place(levels, ways),
        "members": [
            {"organisation": member.pk, "name": member.name, "place": _place(by_member.get(member.pk, []), ways)}
            for member in members_today(cooperation, actor)
        ],
        "history": [_told(row, ways[row.pk]) for row in entries],
        "challenges": [
            {
                "code": entry.code,
                "name": entry.name,
                "presentation": entry.presentation,
                "with_whom": entry.with_whom,
                "items": [{"code": code, "text": text} for code, text in entry.items.items()],
                "advice": list(entry.advice),
            }
            for entry in GUIDE
        ],
        "levels": [vars(entry) for entry in LEVEL_GUIDE],
    }


def _with_directions(rows: list[JourneyEntry]) -> Iterable[tuple[JourneyEntry, Direction]]:
    return zip(rows, directions(row.challenge or row.level for row in rows), strict=True)


def _place(rows: list[JourneyEntry], ways: dict[Any, Direction]) -> dict[str, Any] | None:
    """The latest entry, with what its challenge asks and what was answered; `returns`: how often it went back."""
    if not rows:
        return None
    last = rows[-1]
    items = challenge_entry(last.challenge).items if last.challenge else {}
    return _told(last, ways[last.pk]) | {
        "returns": sum(ways[row.pk] is Direction.BACK for row in rows),
        "checklist": [
            {
                "code": code,
                "text": text,
                "answer": last.answers.get(code, {}).get("answer"),
                "note": last.answers.get(code, {}).get("note", ""),
            }
            for code, text in items.items()
        ],
    }


def _told(row: JourneyEntry, way: Direction) -> dict[str, Any]:
    label = Challenge(row.challenge).label if row.challenge else CooperationLevel(row.level).label
    return {
        "entry": row.pk,
        "organisation": row.organisation_id,
        "challenge": row.challenge,
        "level": row.level,
        "name": label,
        "since": row.since,
        "reason": row.reason,
        "direction": str(way),
    }
