from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MilestonesConfig(AppConfig):
    name = "milestones"
    verbose_name = _("jalons")

    def ready(self) -> None:
        from governance import (
            cooperation_settings,
            covering,
            departures,
            erasing,
            handovers,
            personal_data,
            signs_of_life,
            simulations,
            vital_signs,
            waiting,
        )
        from governance.coverables import locked_row
        from governance.covering import Whole
        from governance.dossier import sections
        from governance.vital_signs import in_charge as vital_signs_in_charge
        from milestones import cooperation_settings as milestones_settings
        from milestones import departures as milestones_departures
        from milestones import dossier, models, person_departures
        from milestones import personal_data as milestones_data
        from milestones import signs_of_life as milestones_life
        from milestones import vital_signs as milestones_signs
        from milestones import waiting as milestones_waiting
        from milestones.models import Activity, CorrectiveAction, Evaluation, Measurement, Milestone

        covering.register(
            "activities", Activity, whole=Whole(locked_row(Activity), followers=_indicators, mirrors=True)
        )
        covering.register("evaluations", Evaluation, whole=Whole(locked_row(Evaluation)))
        covering.register("milestones", Milestone)
        covering.register("measurements", Measurement)
        covering.register("corrective-actions", CorrectiveAction)
        departures.register(
            "milestones", organisation=milestones_departures.of_organisation, person=person_departures.of_person
        )
        for code, matter in person_departures.MATTERS.items():
            handovers.register(code, matter)
        vital_signs.register("milestones.in_charge", vital_signs_in_charge.examiner(*person_departures.CHARGES))
        personal_data.register(rows=milestones_data.ROWS, acts=milestones_data.ACTS)
        erasing.register("milestones", person_departures.ERASER)
        handovers.register_leaver("milestones", person_departures.LEAVER)
        sections.register(*dossier.SECTIONS)
        cooperation_settings.register("evaluation_thresholds", milestones_settings.threshold_violations)
        signs_of_life.register("milestones", *milestones_life.KINDS)
        simulations.register_lists(
            "milestones",
            models.Activity,
            models.Mandate,
            models.Milestone,
            models.BudgetLine,
            models.BudgetEntry,
            models.Indicator,
            models.IndicatorTarget,
            models.Measurement,
            models.Evaluation,
            models.EvaluationGap,
            models.CorrectiveAction,
        )
        vital_signs.register("milestones", milestones_signs.examine)
        waiting.register("milestones", milestones_waiting.waiting)


def _indicators(activity: Any) -> list[Any]:
    """Those of an activity have its level."""
    return list(activity.indicators.select_for_update().order_by("pk"))
