from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MilestonesConfig(AppConfig):
    name = "milestones"
    verbose_name = _("jalons")

    def ready(self) -> None:
        from governance.dossier import sections
        from milestones import dossier

        sections.register(*dossier.SECTIONS)
