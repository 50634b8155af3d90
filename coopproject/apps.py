from django.apps import AppConfig


class CoopprojectConfig(AppConfig):
    name = "coopproject"
    verbose_name = "noyau"
