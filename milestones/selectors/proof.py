"""From motivations to what proves them: the thread followed to its end, for evaluations and for whoever asks."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet

from charters.models import Charter, ExpectedEffect, Motivation
from governance.actor import Actor
from governance.history import rewind
from governance.models import Cooperation
from milestones.enums import IndicatorUnit
from milestones.models import Indicator, IndicatorTarget
from milestones.rules.evaluation import (
    Effect,
    EffectFacts,
    Evidence,
    MotivationProof,
    Proof,
    Reason,
    Thresholds,
    prove_motivation,
    rank_effects,
)
from milestones.selectors.figures import IndicatorFigure, figures_of, indicator_figures, thresholds_of


@dataclass(frozen=True)
class EffectFigure:
    """An effect, what its indicators show, and what that proves."""

    effect: ExpectedEffect
    proof: Proof
    indicators: tuple[IndicatorFigure, ...]


@dataclass(frozen=True)
class MotivationFigure:
    """A motivation with what its effects prove.

    `unproven`: the effects that are due and of which nothing says anything. `levels`: the levels of confidentiality of
    what it was derived from.
    """

    motivation: Motivation
    proof: Proof
    effects: tuple[EffectFigure, ...]
    unproven: tuple[str, ...]
    levels: frozenset[str]


def standing_on(motivations: QuerySet[Any], at: dt.date) -> QuerySet[Any]:
    """Those that are not retired on a day, by charter and code, with their effects that are not either."""
    effects = ExpectedEffect.objects.standing(at).order_by("created_at", "pk")
    standing = motivations.filter(Q(retired_on__isnull=True) | Q(retired_on__gt=at)).order_by("charter", "code")
    return standing.select_related("charter").prefetch_related(Prefetch("effects", queryset=effects))


def running_on(indicators: QuerySet[Any], at: dt.date) -> QuerySet[Any]:
    """The indicators that are not given up on a day."""
    return indicators.filter(Q(retired_on__isnull=True) | Q(retired_on__gt=at))


def motivation_figures(
    motivations: Iterable[Motivation], figures: Iterable[IndicatorFigure], *, at: dt.date, thresholds: Thresholds
) -> list[MotivationFigure]:
    """The largest disappointment first. `motivations` come from `standing_on`."""
    return figures_with(
        [(motivation, list(motivation.effects.all())) for motivation in motivations],
        figures,
        at=at,
        thresholds=thresholds,
    )


def figures_with(
    motivations: Iterable[tuple[Motivation, Sequence[ExpectedEffect]]],
    figures: Iterable[IndicatorFigure],
    *,
    at: dt.date,
    thresholds: Thresholds,
) -> list[MotivationFigure]:
    """The same, of motivations with their effects at hand. Nothing but these indicators is looked at."""
    by_effect: dict[UUID | None, list[IndicatorFigure]] = {}
    for figure in figures:
        by_effect.setdefault(figure.indicator.effect_id, []).append(figure)
    found: dict[str, MotivationFigure] = {}
    for motivation, effects in motivations:
        own = [(effect, tuple(by_effect.get(effect.pk, ()))) for effect in effects]
        facts = [
            EffectFacts(str(effect.pk), effect.expected_level, effect.due_on, tuple(_evidence(item) for item in items))
            for effect, items in own
        ]
        proven = prove_motivation(str(motivation.pk), motivation.expected_level, facts, at=at, thresholds=thresholds)
        found[str(motivation.pk)] = _figure(motivation, proven, own)
    effects_of = [
        Effect(ref, item.proof.expected, item.proof.proven, item.motivation.weight) for ref, item in found.items()
    ]
    return [found[gap.ref] for gap in rank_effects(effects_of)]


def expected_vs_proven(charter: Charter, actor: Actor, on: dt.date) -> list[MotivationFigure]:
    """As it was known at the end of the day `on`: motivations, effects, targets and indicators as they stood, and what
    was validated by then. Of the indicators only those that the actor may know of today.
    """
    cooperation = charter.cooperation
    end = end_of(on, cooperation)
    thresholds = thresholds_of(cooperation)
    motivations = rewind(
        Motivation.objects.filter(charter=charter).select_related("charter").order_by("code"), until=end
    )
    effects: dict[UUID, list[ExpectedEffect]] = {}
    rows = ExpectedEffect.objects.filter(motivation__charter=charter).order_by("created_at", "pk")
    for effect in rewind(rows, until=end):
        if _stands(effect, on):
            effects.setdefault(effect.motivation_id, []).append(effect)
    indicators = rewind(_indicators(cooperation, actor), until=end)
    expected = {effect.pk for found in effects.values() for effect in found}
    running = [indicator for indicator in indicators if indicator.effect_id in expected and _stands(indicator, on)]
    targets: dict[UUID, list[IndicatorTarget]] = {}
    for target in rewind(IndicatorTarget.objects.filter(indicator__in=running).order_by("pk"), until=end):
        targets.setdefault(target.indicator_id, []).append(target)
    figures = figures_of(
        [(row, tuple(sorted(targets.get(row.pk, ()), key=lambda target: target.due_on))) for row in running],
        at=on,
        thresholds=thresholds,
        before=end,
    )
    return figures_with(
        [(motivation, effects.get(motivation.pk, ())) for motivation in motivations if _stands(motivation, on)],
        figures,
        at=on,
        thresholds=thresholds,
    )


def coverage(charter: Charter, actor: Actor, on: dt.date) -> list[MotivationFigure]:
    """The motivations of a charter, with the effects and the indicators that the actor may know of, today."""
    thresholds = thresholds_of(charter.cooperation)
    figures = indicator_figures(
        running_on(_indicators(charter.cooperation, actor).filter(effect__motivation__charter=charter), on),
        at=on,
        thresholds=thresholds,
    )
    motivations = standing_on(Motivation.objects.filter(charter=charter), on)
    return motivation_figures(motivations, figures, at=on, thresholds=thresholds)


def end_of(day: dt.date, cooperation: Cooperation) -> dt.datetime:
    """The first instant after a day, in the zone of a cooperation."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ZoneInfo(cooperation.zone))


def _indicators(cooperation: Cooperation, actor: Actor) -> QuerySet[Any]:
    found: QuerySet[Any] = Indicator.objects.visible_to(actor).filter(cooperation=cooperation).order_by("code", "pk")
    return found


def _stands(row: Motivation | ExpectedEffect | Indicator, on: dt.date) -> bool:
    return row.retired_on is None or row.retired_on > on


def _evidence(figure: IndicatorFigure) -> Evidence:
    found = figure.assessment
    if figure.indicator.unit == IndicatorUnit.SCORE and found.actual is not None:
        return Evidence(found.status, int(found.actual))
    return Evidence(found.status)


def _figure(
    motivation: Motivation,
    found: MotivationProof,
    effects: Sequence[tuple[ExpectedEffect, tuple[IndicatorFigure, ...]]],
) -> MotivationFigure:
    return MotivationFigure(
        motivation,
        found.proof,
        tuple(
            EffectFigure(effect, proof, items) for (effect, items), proof in zip(effects, found.effects, strict=True)
        ),
        tuple(proof.ref for proof in found.effects if proof.proven is None and not _is_to_come(proof)),
        frozenset(
            {motivation.charter.confidentiality}
            | {figure.indicator.confidentiality for _effect, items in effects for figure in items}
        ),
    )


def _is_to_come(proof: Proof) -> bool:
    return proof.reason is Reason.NOT_DUE_YET
