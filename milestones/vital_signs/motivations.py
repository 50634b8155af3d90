"""The motivation that is most disappointed: what was expected of cooperating, and what proves less of it."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from charters.models import Motivation
from governance.actor import Actor
from governance.models import Cooperation
from governance.vital_signs import Concern, Severity, VitalSign
from milestones.rules.evaluation import Status, Thresholds
from milestones.selectors.figures import IndicatorFigure
from milestones.selectors.proof import EffectFigure, MotivationFigure, motivation_figures, standing_on

_GRAVE = {Status.RED: Severity.CRITICAL, Status.AMBER: Severity.WARNING}


def disappointments(
    cooperation: Cooperation, actor: Actor, figures: Sequence[IndicatorFigure], on: dt.date, thresholds: Thresholds
) -> Iterator[VitalSign]:
    """The largest of each charter. `figures`: of the indicators that the actor may know of, and of no other."""
    visible = Motivation.objects.visible_to(actor).filter(cooperation=cooperation, charter__archived_on__isnull=True)
    by_charter: dict[object, list[MotivationFigure]] = {}
    for found in motivation_figures(standing_on(visible, on), figures, at=on, thresholds=thresholds):
        if found.proof.status in _GRAVE:
            by_charter.setdefault(found.motivation.charter_id, []).append(found)
    for worst, *others in by_charter.values():
        yield _sign(worst, len(others))


def _sign(figure: MotivationFigure, others: int) -> VitalSign:
    motivation, proof = figure.motivation, figure.proof
    weakest = min((item for item in figure.effects if item.proof.gap is not None), key=lambda item: item.proof.gap or 0)
    why = _("Attendu : %(expected)d sur 5 ; avéré : %(proven)d, d’après l’effet « %(effect)s ».") % {
        "expected": proof.expected,
        "proven": proof.proven,
        "effect": weakest.effect.label,
    }
    if others:
        more = ngettext(
            "%(count)d autre motivation est déçue.", "%(count)d autres motivations sont déçues.", others
        ) % {"count": others}
        why = f"{why} {more}"
    return VitalSign(
        code="motivation_disappointed",
        severity=_GRAVE[proof.status],
        title=_("Motivation déçue : « %(label)s »") % {"label": motivation.label},
        why=why,
        clears=_("Des mesures qui prouvent le niveau attendu, ou une attente revue avec les membres."),
        since=_since(weakest),
        objects=(
            Concern("motivations", str(motivation.pk), motivation.label),
            Concern("expected-effects", str(weakest.effect.pk), weakest.effect.label),
            *(
                Concern("indicators", str(item.indicator.pk), str(item.indicator))
                for item in weakest.indicators
                if item.measurement is not None
            ),
        ),
    )


def _since(figure: EffectFigure) -> dt.date | None:
    """The day of the latest measure that shows it, not before the day for which the effect was expected."""
    days = [item.measurement.period_end for item in figure.indicators if item.measurement is not None]
    if figure.effect.due_on is not None:
        days.append(figure.effect.due_on)
    return max(days, default=None)
