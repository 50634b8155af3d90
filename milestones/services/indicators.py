"""Indicators and their targets."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from charters.models import ExpectedEffect
from coopproject.exceptions import InvalidInput, NotVisible, RuleViolated, Violation
from coopproject.locking import lock
from governance.actor import Actor
from governance.models import Cooperation
from governance.services import records
from governance.services.references import of_other_cooperations
from milestones.enums import IndicatorUnit
from milestones.models import Activity, Indicator, IndicatorTarget, Milestone
from milestones.rules.evaluation import expectation_violations, level_violations
from milestones.rules.measurements import unit_violations
from milestones.selectors.figures import expectation_of
from milestones.services.checks import refuse

# What a measured value means: changing it would silently change what was measured.
_MEANING = frozenset({"nature", "unit", "direction", "baseline_value", "baseline_on"})


@transaction.atomic
def indicator_create(
    *,
    actor: Actor,
    cooperation: Cooperation | None = None,
    activity: Activity | None = None,
    milestone: Milestone | None = None,
    effect: ExpectedEffect | None = None,
    **data: Any,
) -> Indicator:
    """State an indicator, of an activity or (without one) of the whole cooperation.

    With an activity its confidentiality is that of the activity, whatever the input says.
    """
    tenant = cooperation or next((ref.cooperation for ref in (activity, milestone, effect) if ref is not None), None)
    if tenant is None:
        raise InvalidInput(Violation("required", _("La coopération ou l’activité est attendue."), "/cooperation"))
    refuse(
        [
            *of_other_cooperations(tenant.pk, activity=activity, milestone=milestone, effect=effect),
            *(_of_a_standing_effect(effect) if effect is not None else ()),
            *_of_the_activity(activity, milestone),
            *unit_violations(data.get("nature", "quantitative"), data.get("unit", "count")),
        ]
    )
    if activity is not None:
        data["confidentiality"] = activity.confidentiality
    indicator = Indicator(cooperation=tenant, activity=activity, milestone=milestone, effect=effect, **data)
    created: Indicator = records.create(indicator, actor=actor)
    return created


@transaction.atomic
def indicator_update(*, pk: UUID, actor: Actor, expected_version: int | None, changes: dict[str, Any]) -> Indicator:
    """Change an indicator. Once it has been measured, what its values mean no longer changes."""
    indicator: Indicator = lock(Indicator.objects.select_related("activity"), pk, expected_version)
    changes = dict(changes)
    effect = changes.get("effect")
    if indicator.activity is not None:
        changes.pop("confidentiality", None)
    refuse(
        [
            *of_other_cooperations(indicator.cooperation_id, milestone=changes.get("milestone"), effect=effect),
            *_of_the_activity(indicator.activity, changes.get("milestone")),
            *(_of_a_standing_effect(effect) if effect is not None and effect.pk != indicator.effect_id else ()),
            *unit_violations(changes.get("nature", indicator.nature), changes.get("unit", indicator.unit)),
        ]
    )
    moved = {name for name in _MEANING & set(changes) if changes[name] != getattr(indicator, name)}
    if moved and indicator.measurements.exists():
        raise RuleViolated(
            *(
                Violation("already_measured", _("L’indicateur a déjà été mesuré : créez-en un autre."), f"/{name}")
                for name in sorted(moved)
            )
        )
    records.save_changes(indicator, actor=actor, changes=changes)
    return indicator


@transaction.atomic
def indicator_target_create(*, actor: Actor, indicator: Indicator, **data: Any) -> IndicatorTarget:
    """State what is expected of an indicator on a day."""
    indicator = lock(Indicator.objects.select_related("cooperation"), indicator.pk)
    target = IndicatorTarget(cooperation=indicator.cooperation, indicator=indicator, **data)
    refuse(_against(target))
    created: IndicatorTarget = records.create(target, actor=actor)
    return created


@transaction.atomic
def indicator_target_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: dict[str, Any]
) -> IndicatorTarget:
    """Move a target. The gaps already computed keep the one that they were computed from."""
    target: IndicatorTarget = lock(IndicatorTarget.objects.select_related("indicator"), pk, expected_version)
    for name, value in changes.items():
        setattr(target, name, value)
    refuse(_against(target))
    target.refresh_from_db(fields=list(changes))
    records.save_changes(target, actor=actor, changes=changes)
    return target


def _against(target: IndicatorTarget) -> list[Violation]:
    """What this target contradicts in its indicator, with pointers into the target's own body."""
    indicator = target.indicator
    if indicator.unit == IndicatorUnit.SCORE:
        level = int(target.value) if target.value == int(target.value) else target.value
        return list(level_violations(level, pointer="/value"))
    if indicator.unit == IndicatorUnit.TEXT:
        return [Violation("value_contradicts_unit", _("Cet indicateur se décrit, il ne se chiffre pas."), "/value")]
    others = [row for row in indicator.targets.order_by("due_on") if row.pk != target.pk]
    pointers = {"direction_contradicts_target": "/value", "target_before_baseline": "/due_on"}
    return [
        Violation(violation.code, violation.detail, pointers[violation.code])
        for violation in expectation_violations(expectation_of(indicator, [*others, target]))
        if violation.code in pointers
    ]


def _of_the_activity(activity: Activity | None, milestone: Milestone | None) -> list[Violation]:
    if milestone is None or (activity is not None and milestone.activity_id == activity.pk):
        return []
    return [Violation("other_activity", _("Ce jalon est celui d’une autre activité."), "/milestone")]


def _of_a_standing_effect(effect: ExpectedEffect) -> list[Violation]:
    """Under the lock of the effect: whoever erases it meanwhile waits, and then finds that it is measured."""
    try:
        standing: ExpectedEffect = lock(ExpectedEffect.objects.select_related("motivation"), effect.pk)
    except NotVisible:
        return [Violation("does_not_exist", _("Cet effet vient d’être supprimé."), "/effect")]
    if standing.retired_on is None and standing.motivation.retired_on is None:
        return []
    return [Violation("retired", _("Cet effet n’est plus attendu : rien ne sert de le mesurer."), "/effect")]
