from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MilestonesConfig(AppConfig):
    name = "milestones"
    verbose_name = _("jalons")

    def ready(self) -> None:
        from governance import departures, simulations, vital_signs, waiting
        from governance.dossier import sections
        from milestones import departures as milestones_departures
        from milestones import dossier, models
        from milestones import vital_signs as milestones_signs
        from milestones import waiting as milestones_waiting

        departures.register("milestones", organisation=milestones_departures.of_organisation)
        sections.register(*dossier.SECTIONS)
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
