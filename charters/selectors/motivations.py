"""Reading motivations: as a text freezes them, what holds them, how they changed."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from charters.enums import VersionState
from charters.models import Charter, CharterVersion, ExpectedEffect, Motivation
from charters.rules.amendments import AmendmentKind
from charters.rules.content import normalise
from charters.rules.frozen import frozen_motivations
from charters.rules.motivations import frozen_motivation, refresh_warnings
from coopproject.exceptions import Violation
from governance.actor import Actor
from governance.models import Cooperation, JournalEntry

# The act by which all the motivations of a charter were read again.
CONFIRMED = "charter.motivations_confirmed"
# What of a motivation is told of its past.
_TOLD = ("code", "matrix_code", "label", "weight", "expected_level", "retired_on")


def with_effects(motivations: QuerySet[Any]) -> QuerySet[Any]:
    """Those that stand, in the order of their codes, with their effects that stand: two queries."""
    effects = ExpectedEffect.objects.filter(retired_on__isnull=True).order_by("created_at", "pk")
    standing = motivations.filter(retired_on__isnull=True).order_by("code")
    return standing.prefetch_related(Prefetch("effects", queryset=effects))


def standing_motivations(charter: Charter) -> QuerySet[Any]:
    return with_effects(Motivation.objects.filter(charter=charter))


def facts_of(motivation: Motivation, effects: Iterable[ExpectedEffect]) -> dict[str, Any]:
    """A motivation and its effects as a text freezes them: what the boards vote on."""
    return {
        "id": str(motivation.pk),
        "code": motivation.code,
        "matrix_code": motivation.matrix_code or None,
        "organisation": str(motivation.organisation_id) if motivation.organisation_id else None,
        "label": normalise(motivation.label),
        "weight": motivation.weight,
        "expected_level": motivation.expected_level,
        "effects": [
            {
                "id": str(effect.pk),
                "label": normalise(effect.label),
                "due_on": effect.due_on.isoformat() if effect.due_on else None,
                "expected_level": effect.expected_level,
            }
            for effect in effects
        ],
    }


def with_motivations(versions: QuerySet[Any]) -> QuerySet[Any]:
    """Add what `motivation_warnings` reads, whatever the number of versions."""
    in_force = CharterVersion.objects.filter(state=VersionState.IN_FORCE).order_by("pk")
    return versions.select_related("charter").prefetch_related(
        Prefetch("charter__versions", queryset=in_force, to_attr="versions_in_force"),
        Prefetch("charter__motivations", queryset=with_effects(Motivation.objects.all()), to_attr="standing"),
    )


def motivation_warnings(version: CharterVersion) -> list[Violation]:
    """What a draft asks of the motivations. `version` comes from `with_motivations`."""
    charter: Any = version.charter
    if version.state != VersionState.DRAFT or not charter.versions_in_force:
        return []
    in_force = charter.versions_in_force[0]
    return refresh_warnings(
        kind=AmendmentKind(version.amendment_type),
        frozen=frozen_motivations(in_force.content),
        current=[facts_of(motivation, motivation.effects.all()) for motivation in charter.standing],
        in_force_on=in_force.in_force_on,
        confirmed_on=charter.motivations_confirmed_on,
    )


def frozen_in(motivation: Motivation, *, effect: ExpectedEffect | None = None) -> list[int]:
    """The numbers of the versions that left the draft with this motivation, or with this effect of it."""
    found = []
    for version, frozen in _frozen(motivation):
        if frozen is None:
            continue
        effects = frozen.get("effects", [])
        # A content that names no identifiers cannot tell which effects it holds: it holds them all.
        if effect is None or any(item.get("id", str(effect.pk)) == str(effect.pk) for item in effects):
            found.append(version.number)
    return found


def motivation_history(motivation: Motivation, actor: Actor) -> dict[str, Any]:
    """`GET /motivations/{id}/history/`: each change that the reader may know of, and each text frozen with it."""
    own = Q(object_type=Motivation._meta.label_lower, object_id=str(motivation.pk))
    confirmed = Q(
        object_type=Charter._meta.label_lower,
        object_id=str(motivation.charter_id),
        act=CONFIRMED,
        payload__motivations__contains=[str(motivation.pk)],
    )
    entries = JournalEntry.objects.visible_to(actor).filter(own | confirmed, cooperation=motivation.cooperation_id)
    return {
        "motivation": motivation.pk,
        "changes": [_change(entry) for entry in entries.order_by("sequence")],
        "versions": [
            {
                "charter_version": version.pk,
                "number": version.number,
                "state": version.state,
                "submitted_at": version.submitted_at,
                "in_force_on": version.in_force_on,
                "superseded_on": version.superseded_on,
                "frozen": None if frozen is None else _shown(frozen),
            }
            for version, frozen in _frozen(motivation)
        ],
    }


def _frozen(motivation: Motivation) -> list[tuple[CharterVersion, Any]]:
    """Each version that left the draft, oldest first, with what it says of the motivation, None when nothing."""
    versions = CharterVersion.objects.filter(charter=motivation.charter_id).exclude(state=VersionState.DRAFT)
    return [
        (
            version,
            frozen_motivation(frozen_motivations(version.content), identifier=str(motivation.pk), code=motivation.code),
        )
        for version in versions.order_by("number")
    ]


def _change(entry: JournalEntry) -> dict[str, Any]:
    payload = entry.payload
    after = payload.get("after", payload)
    before = payload.get("before", {})
    return {
        "recorded_at": entry.recorded_at,
        "act": entry.act,
        "actor": entry.actor,
        "reason": entry.reason,
        "before": {name: before[name] for name in _TOLD if name in before},
        "after": {name: after[name] for name in _TOLD if name in after},
    }


def _shown(frozen: Any) -> dict[str, Any]:
    return {
        "label": frozen["label"],
        "matrix_code": frozen.get("matrix_code"),
        "weight": frozen["weight"],
        "expected_level": frozen["expected_level"],
        "effects": [
            {"label": effect["label"], "due_on": effect["due_on"], "expected_level": effect["expected_level"]}
            for effect in frozen.get("effects", [])
        ],
    }


def told_motivations(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[str]:
    """What motivates the members, for the orientation table: what stands in the charters that this actor knows."""
    standing = Motivation.objects.visible_to(actor).standing(on)
    found = standing.filter(cooperation=cooperation, charter__archived_on__isnull=True)
    yield from found.order_by("charter", "code").values_list("label", flat=True)
