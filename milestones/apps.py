from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MilestonesConfig(AppConfig):
    name = "milestones"
    verbose_name = _("jalons")

    def ready(self) -> None:
        from governance import cooperation_settings, departures, vital_signs, waiting
        from governance.dossier import sections
        from milestones import departures as milestones_departures
        from milestones import dossier
        from milestones import vital_signs as milestones_signs
        from milestones import waiting as milestones_waiting
        from milestones.rules.evaluation import thresholds

        departures.register("milestones", organisation=milestones_departures.of_organisation)
        sections.register(*dossier.SECTIONS)
        vital_signs.register("milestones", milestones_signs.examine)
        waiting.register("milestones", milestones_waiting.waiting)
        cooperation_settings.register("evaluation_thresholds", thresholds.setting_violations)
