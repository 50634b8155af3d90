"""How the decisions of a cooperation travel, as far as the reader may know of them."""

import datetime as dt
from collections.abc import Container, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject.exact import rounded
from coopproject.text import fold
from governance.actor import Actor
from governance.enums import DecisionState
from governance.models import Cooperation, Decision, DecisionCircuit
from governance.rules.circuits import (
    Circuit,
    Contradicting,
    Contradiction,
    Outside,
    TakenDecision,
    circuit_of,
    contradictions,
    delays,
    outside,
)

SENTENCES: Mapping[str, str | Promise] = {
    Contradiction.ADOPTED_AND_REJECTED: _("L’une adopte, l’autre rejette, sur le même sujet."),
    Contradiction.CHOSE_DIFFERENTLY: _("Elles retiennent des options différentes sur le même sujet."),
    Outside.DECIDED_BY_ANOTHER: _("Décidée par d’autres que ceux que le circuit désigne."),
    Outside.ABOVE_THE_CEILING: _("Décidée au-delà du plafond du circuit."),
}


def known_decisions(cooperation: Cooperation, actor: Actor, on: dt.date) -> list[Decision]:
    """Every decision submitted by that day that this actor may know of: nothing else enters any figure."""
    rows = Decision.objects.visible_to(actor).filter(
        cooperation=cooperation,
        submitted_on__lte=on,
        state__in=[DecisionState.SUBMITTED, DecisionState.TAKEN],
    )
    return list(rows.select_related("chosen_option").order_by("submitted_on", "pk"))


def contradicting(decisions: Iterable[Decision], on: dt.date) -> list[Contradicting]:
    """The pairs of decisions in force that say different things on one subject."""
    return contradictions((taken_facts(row) for row in decisions if row.taken_on is not None), on)


def taken_facts(row: Decision) -> TakenDecision:
    """A decision that was taken, as the rules compare it: options by their title, accents and case apart."""
    assert row.taken_on is not None
    choice = fold(row.chosen_option.title) if row.chosen_option else ""
    return TakenDecision(row.pk, row.subject, row.taken_on, row.rejected, choice, row.out_of_force_on)


def report(cooperation: Cooperation, actor: Actor, on: dt.date) -> dict[str, Any]:
    """Per subject: who decides, how long it takes, what waits, what left its circuit, what contradicts what."""
    stored = {row.pk: row for row in DecisionCircuit.objects.filter(cooperation=cooperation).order_by("pk")}
    known = set(DecisionCircuit.objects.visible_to(actor).filter(cooperation=cooperation).values_list("pk", flat=True))
    circuits = [Circuit(row.pk, row.subject, row.decided_by, row.valid_from, row.ceiling) for row in stored.values()]
    decisions = known_decisions(cooperation, actor, on)
    pairs = contradicting(decisions, on)
    titles = {row.pk: row.title for row in decisions}
    subjects = sorted({found.subject for found in circuits if found.id in known} | {row.subject for row in decisions})
    return {
        "cooperation": cooperation.pk,
        "on": on,
        "circuits": [
            {
                "subject": subject,
                **_ruled(circuit_of(circuits, subject, on), stored, known),
                **_travelled([row for row in decisions if row.subject == subject], circuits, known),
                "contradictions": [_pair(pair, titles) for pair in pairs if pair.subject == subject],
            }
            for subject in subjects
        ],
    }


def _ruled(circuit: Circuit | None, stored: Mapping[UUID, DecisionCircuit], known: Container[UUID]) -> dict[str, Any]:
    """The circuit of today; nothing of one that is closed to the reader, and not the former one in its place."""
    row = stored[circuit.id] if circuit and circuit.id in known else None
    return {
        "circuit": row.pk if row else None,
        "title": row.title if row else "",
        "decided_by": row.decided_by if row else "",
        "asked": row.asked if row else "",
        "ceiling": row.ceiling if row else None,
    }


def _travelled(rows: list[Decision], circuits: list[Circuit], known: Container[UUID]) -> dict[str, Any]:
    taken = [row for row in rows if row.taken_on is not None]
    periods = [(row.submitted_on, row.taken_on) for row in taken if row.submitted_on and row.taken_on]
    found = delays(periods)
    return {
        "taken": found.count,
        "total_days": found.total,
        "average_days": _shown(found.average),
        "median_days": _shown(found.median),
        "pending": [
            {"decision": row.pk, "title": row.title, "since": row.submitted_on} for row in rows if row.taken_on is None
        ],
        "outside_circuit": list(_outside(taken, circuits, known)),
    }


def _outside(taken: list[Decision], circuits: list[Circuit], known: Container[UUID]) -> Iterator[dict[str, Any]]:
    """Each decision against the circuit of the day on which it was submitted, if the reader may know of it. A refusal
    commits nothing."""
    for row in taken:
        if row.submitted_on is None or not row.subject:
            continue
        circuit = circuit_of(circuits, row.subject, row.submitted_on)
        if circuit is None or circuit.id not in known:
            continue
        if why := list(outside(circuit, row.decided_by, None if row.rejected else row.amount)):
            yield {
                "decision": row.pk,
                "title": row.title,
                "decided_by": row.decided_by,
                "why": [str(reason) for reason in why],
                "detail": " ".join(str(SENTENCES[reason]) for reason in why),
            }


def _shown(value: Fraction | None) -> str | None:
    return None if value is None else str(rounded(value, 2))


def _pair(pair: Contradicting, titles: Mapping[UUID, str]) -> dict[str, Any]:
    return {
        "decisions": [pair.first, pair.second],
        "titles": [titles[pair.first], titles[pair.second]],
        "why": str(pair.why),
        "detail": SENTENCES[pair.why],
        "since": pair.since,
    }
