"""Effects that nothing measures, indicators that are off track, too old, never measured or without a target."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from charters.models import ExpectedEffect
from coopproject import clock
from governance.actor import Actor
from governance.models import Cooperation
from governance.vital_signs import Concern, Severity, VitalSign
from milestones.enums import IndicatorDirection, IndicatorUnit
from milestones.models import Indicator
from milestones.rules.evaluation import Frequency, Status, Thresholds, stale_on
from milestones.selectors.figures import IndicatorFigure, indicator_figures, thresholds_of
from milestones.selectors.proof import running_on
from milestones.vital_signs.motivations import disappointments
from milestones.vital_signs.wording import day, days, number, percent

_OFF_TRACK = {Status.RED: Severity.CRITICAL, Status.AMBER: Severity.WARNING}


def indicator_signs(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    visible = running_on(Indicator.objects.visible_to(actor).filter(cooperation=cooperation), on).order_by("pk")
    thresholds = thresholds_of(cooperation)
    figures = indicator_figures(visible, at=on, thresholds=thresholds)
    for figure in figures:
        yield from _indicator(figure, cooperation, on, thresholds)
    yield from _unmeasured(cooperation, actor, on)
    yield from disappointments(cooperation, actor, figures, on, thresholds)


def _indicator(
    figure: IndicatorFigure, cooperation: Cooperation, on: dt.date, thresholds: Thresholds
) -> Iterator[VitalSign]:
    indicator, found, measurement = figure.indicator, figure.assessment, figure.measurement
    label = f"{indicator.code} {indicator.label}"
    concern = (Concern("indicators", str(indicator.pk), label),)
    created_on = clock.local_date(indicator.created_at, cooperation.zone)
    if not figure.targets and indicator.direction != IndicatorDirection.RANGE and indicator.unit != IndicatorUnit.TEXT:
        yield VitalSign(
            code="indicator_without_target",
            severity=Severity.WARNING,
            title=_("Indicateur sans cible : « %(label)s »") % {"label": label},
            why=_("Aucune valeur attendue n’est fixée : aucun écart ne peut être calculé."),
            clears=_("Fixer une cible et sa date."),
            since=created_on,
            objects=concern,
        )
    if measurement is None:
        if found.status is Status.NO_DATA:
            since = indicator.baseline_on or created_on
            yield VitalSign(
                code="indicator_never_measured",
                severity=Severity.WARNING,
                title=_("Indicateur jamais mesuré : « %(label)s »") % {"label": label},
                why=_("Aucune mesure validée depuis le %(since)s, soit %(ago)s ; fréquence : %(frequency)s.")
                % {
                    "since": day(since),
                    "ago": days(max(0, (on - since).days)),
                    "frequency": indicator.get_frequency_display(),
                },
                clears=_("Saisir une mesure et la faire valider par quelqu’un d’autre."),
                since=since,
                objects=concern,
            )
        return
    measured = Concern("measurements", str(measurement.pk), str(day(measurement.period_end)))
    if found.status is Status.STALE:
        last = measurement.period_end
        yield VitalSign(
            code="indicator_stale",
            severity=Severity.WARNING,
            title=_("Mesure périmée : « %(label)s »") % {"label": label},
            why=_("La dernière mesure validée va jusqu’au %(last)s, il y a %(ago)s ; fréquence : %(frequency)s.")
            % {
                "last": day(last),
                "ago": days((on - last).days),
                "frequency": indicator.get_frequency_display(),
            },
            clears=_("Saisir une nouvelle mesure et la faire valider."),
            since=stale_on(last, Frequency(indicator.frequency), thresholds),
            objects=(*concern, measured),
        )
    elif (severity := _OFF_TRACK.get(found.status)) is not None:
        yield VitalSign(
            code="indicator_off_track",
            severity=severity,
            title=_("Indicateur en écart : « %(label)s »") % {"label": label},
            why=_figures(figure),
            clears=_("Une mesure revenue dans la trajectoire, ou une lecture de l’écart en évaluation."),
            since=measurement.period_end,
            objects=(*concern, measured),
        )


def _figures(figure: IndicatorFigure) -> str:
    found = figure.assessment
    assert found.actual is not None
    assert found.measured_on is not None
    if found.expected is None:
        return _("Constaté : %(actual)s le %(on)s.") % {"actual": number(found.actual), "on": day(found.measured_on)}
    values = {
        "actual": number(found.actual),
        "expected": number(found.expected),
        "on": day(found.measured_on),
    }
    if found.rate is None:
        return _("Constaté : %(actual)s pour %(expected)s attendus au %(on)s.") % values
    return _("Constaté : %(actual)s pour %(expected)s attendus au %(on)s, soit %(rate)s du chemin attendu.") % {
        **values,
        "rate": percent(found.rate),
    }


def _unmeasured(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    """By the indicators that the reader may know of, as the coverage of a charter: else it would tell of the others."""
    measuring = running_on(Indicator.objects.visible_to(actor), on).filter(effect=OuterRef("pk"))
    effects = (
        ExpectedEffect.objects.standing(on)
        .visible_to(actor)
        .filter(
            ~Exists(measuring),
            Q(motivation__retired_on__isnull=True) | Q(motivation__retired_on__gt=on),
            cooperation=cooperation,
            motivation__charter__archived_on__isnull=True,
        )
        .select_related("motivation")
        .order_by("pk")
    )
    for effect in effects:
        yield VitalSign(
            code="effect_unmeasured",
            severity=Severity.WARNING,
            title=_("Effet attendu que rien ne mesure : « %(label)s »") % {"label": effect.label},
            why=_("Aucun indicateur visible de vous n’est rattaché à cet effet de la motivation « %(motivation)s ».")
            % {"motivation": effect.motivation.label},
            clears=_("Rattacher un indicateur à cet effet."),
            since=clock.local_date(effect.created_at, cooperation.zone),
            objects=(Concern("expected-effects", str(effect.pk), effect.label),),
        )
