from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChartersConfig(AppConfig):
    name = "charters"
    verbose_name = _("chartes")

    def ready(self) -> None:
        from charters import vital_signs as charters_signs
        from governance import vital_signs

        vital_signs.register("charters", charters_signs.examine)
