from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoopprojectConfig(AppConfig):
    name = "coopproject"
    verbose_name = _("noyau")
