from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChartersConfig(AppConfig):
    name = "charters"
    verbose_name = _("chartes")

    def ready(self) -> None:
        from charters import departures as charters_departures
        from charters import dossier, dossier_agreements, vital_signs_agreements, waiting_agreements
        from charters import vital_signs as charters_signs
        from charters import voting_rules as charters_voting
        from charters import waiting as charters_waiting
        from charters.selectors.motivations import told_motivations
        from governance import cooperation_settings, departures, orienting, vital_signs, voting_rules, waiting
        from governance.dossier import sections

        departures.register("charters", organisation=charters_departures.of_organisation)
        departures.register_notice("charters", charters_departures.exit_notices)
        vital_signs.register("charters", charters_signs.examine)
        vital_signs.register("charters.agreements", vital_signs_agreements.examine)
        waiting.register("charters", charters_waiting.provide)
        waiting.register("charters.agreements", waiting_agreements.provide)
        voting_rules.register_validator("charters", charters_voting.violations)
        voting_rules.register_usage("charters", charters_voting.in_use)
        orienting.register_motivations("charters", told_motivations)
        sections.register(*dossier.SECTIONS, dossier_agreements.SECTION)
        cooperation_settings.register("agreement_signature_days", cooperation_settings.days)
        cooperation_settings.register("agreement_checks_off", cooperation_settings.codes)
        cooperation_settings.register("charter_answer_days", cooperation_settings.days)
