from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChartersConfig(AppConfig):
    name = "charters"
    verbose_name = _("chartes")

    def ready(self) -> None:
        from charters import departures as charters_departures
        from charters import dossier, dossier_agreements, person_departures, vital_signs_agreements, waiting_agreements
        from charters import personal_data as charters_data
        from charters import signs_of_life as charters_life
        from charters import simulations as charters_simulations
        from charters import vital_signs as charters_signs
        from charters import voting_rules as charters_voting
        from charters import waiting as charters_waiting
        from charters.models import Agreement, Charter
        from charters.selectors.motivations import told_motivations
        from charters.services.agreements import lock_agreement
        from charters.services.locks import lock_charter
        from governance import (
            cooperation_settings,
            covering,
            departures,
            handovers,
            orienting,
            personal_data,
            signs_of_life,
            simulations,
            vital_signs,
            voting_rules,
            waiting,
        )
        from governance.dossier import sections

        departures.register(
            "charters", organisation=charters_departures.of_organisation, person=person_departures.of_person
        )
        for code, matter in person_departures.MATTERS.items():
            handovers.register(code, matter)
        personal_data.register(rows=charters_data.ROWS, acts=charters_data.ACTS)
        departures.register_notice("charters", charters_departures.exit_notices)
        cooperation_settings.register("charter_answer_days", cooperation_settings.whole(1, 3650))
        cooperation_settings.register("agreement_signature_days", cooperation_settings.whole(1, 3650))
        cooperation_settings.register("agreement_checks_off", cooperation_settings.several_of())
        signs_of_life.register("charters", *charters_life.KINDS)
        simulations.register_lists("charters", *charters_simulations.LISTS)
        simulations.register_votes("charters", charters_simulations.on_votes)
        vital_signs.register("charters", charters_signs.examine)
        vital_signs.register("charters.agreements", vital_signs_agreements.examine)
        waiting.register("charters", charters_waiting.provide)
        waiting.register("charters.agreements", waiting_agreements.provide)
        voting_rules.register_validator("charters", charters_voting.violations)
        voting_rules.register_usage("charters", charters_voting.in_use)
        voting_rules.register_counter("charters", charters_voting.count)
        orienting.register_motivations("charters", told_motivations)
        from governance.covering import Whole

        covering.register("charters", Charter, whole=Whole(lock_charter))
        covering.register("agreements", Agreement, whole=Whole(lock_agreement))
        covering.register_text("charters", Charter)
        covering.register_text("agreements", Agreement)
        sections.register(*dossier.SECTIONS, dossier_agreements.SECTION)
