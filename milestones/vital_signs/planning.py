"""Dates that slip and money beyond the plan."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _

from coopproject.money import cents
from governance.actor import Actor
from governance.models import Cooperation
from governance.vital_signs import Concern, Severity, VitalSign
from milestones.enums import MilestoneState
from milestones.models import BudgetLine, Milestone
from milestones.rules.budget import Entry, summarise
from milestones.rules.evaluation import Status
from milestones.rules.milestone_dates import Forecast, forecast
from milestones.selectors.figures import BudgetFigure, budget_figures, thresholds_of
from milestones.selectors.schedule import facts_of, with_dependencies
from milestones.vital_signs.wording import day, days, money

UPCOMING = dt.timedelta(days=14)
_OPEN = (MilestoneState.PLANNED, MilestoneState.STARTED)


def planning_signs(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    thresholds = thresholds_of(cooperation)
    visible = Milestone.objects.visible_to(actor).filter(cooperation=cooperation)
    rows = list(with_dependencies(visible.exclude(state=MilestoneState.CANCELLED).order_by("due_on", "pk")))
    expected = forecast([facts_of(row) for row in rows], at=on)
    titles = {str(row.pk): row.title for row in rows}
    for row in rows:
        if row.state in _OPEN:
            yield from _milestone(row, expected[str(row.pk)], titles, on, thresholds.late_amber_days)
    lines = BudgetLine.objects.visible_to(actor).filter(cooperation=cooperation).order_by("pk")
    for figure in budget_figures(lines, at=on, thresholds=thresholds):
        if figure.summary.overrun:
            yield _over_plan(figure)


def _milestone(
    row: Milestone, seen: Forecast, titles: dict[str, str], on: dt.date, amber_days: int
) -> Iterator[VitalSign]:
    concern = (Concern("milestones", str(row.pk), row.title),)
    late = (on - row.due_on).days
    if late > 0:
        yield VitalSign(
            code="milestone_late",
            severity=Severity.CRITICAL if late > amber_days else Severity.WARNING,
            title=_("Jalon en retard : « %(title)s »") % {"title": row.title},
            why=_(
                "Prévu le %(due)s, il a %(late)s de retard ; au mieux le %(forecast)s, soit %(slip)s après la "
                "première promesse (%(baseline)s)."
            )
            % {
                "due": day(row.due_on),
                "late": days(late),
                "forecast": day(seen.on),
                "slip": days(seen.baseline_slip_days),
                "baseline": day(row.baseline_due_on),
            },
            clears=_("L’atteindre, le reporter avec un motif ou l’abandonner."),
            since=row.due_on + dt.timedelta(days=1),
            objects=concern,
        )
    elif seen.slip_days > 0:
        yield VitalSign(
            code="milestone_slipping",
            severity=Severity.WARNING,
            title=_("Jalon qui va glisser : « %(title)s »") % {"title": row.title},
            why=_("Prévu le %(due)s, il attend « %(because)s » : au mieux le %(forecast)s, soit %(slip)s de retard.")
            % {
                "due": day(row.due_on),
                "because": titles.get(seen.because or "", ""),
                "forecast": day(seen.on),
                "slip": days(seen.slip_days),
            },
            clears=_("Atteindre ce dont il dépend, ou le reporter avec un motif."),
            objects=(*concern, *_because(seen, titles)),
        )
    elif row.due_on - on <= UPCOMING:
        left = (row.due_on - on).days
        yield VitalSign(
            code="milestone_upcoming",
            severity=Severity.INFO,
            title=_("Jalon proche : « %(title)s »") % {"title": row.title},
            why=_("Prévu le %(due)s, dans %(left)s.") % {"due": day(row.due_on), "left": days(left)},
            clears=_("L’atteindre, ou le reporter avec un motif."),
            since=row.due_on - UPCOMING,
            objects=concern,
        )


def _because(seen: Forecast, titles: dict[str, str]) -> tuple[Concern, ...]:
    if seen.because is None:
        return ()
    return (Concern("milestones", seen.because, titles[seen.because]),)


def _over_plan(figure: BudgetFigure) -> VitalSign:
    line, summary = figure.line, figure.summary
    assert summary.planned is not None
    return VitalSign(
        code="budget_over_plan",
        severity=Severity.CRITICAL if figure.assessment.status is Status.RED else Severity.WARNING,
        title=_("Budget dépassé : « %(label)s »") % {"label": line.label},
        why=_(
            "%(engaged)s dépensés ou engagés (dont %(actual)s dépensés) pour %(planned)s prévus : %(overrun)s de trop."
        )
        % {
            "engaged": money(summary.engaged),
            "actual": money(summary.actual),
            "planned": money(summary.planned),
            "overrun": money(summary.overrun),
        },
        clears=_("Revoir le montant prévu, ou inscrire les corrections."),
        since=_over_since(line),
        objects=(Concern("budget-lines", str(line.pk), line.label),),
    )


def _over_since(line: BudgetLine) -> dt.date | None:
    """The day of the entry from which the line has been over its plan without interruption."""
    since: dt.date | None = None
    seen: list[Entry] = []
    for row in sorted(line.entries.all(), key=lambda entry: (entry.dated_on, entry.pk)):
        seen.append(Entry(row.kind, cents(row.amount), row.reference, row.dated_on))
        over = summarise(cents(line.planned), seen).overrun > 0
        since = (since or row.dated_on) if over else None
    return since
