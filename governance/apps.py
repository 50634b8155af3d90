from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class GovernanceConfig(AppConfig):
    name = "governance"
    verbose_name = _("gouvernance")

    def ready(self) -> None:
        from governance import (
            consultation_gate,
            deciding_gate,
            departure_consequences,
            departures,
            gate,
            orienting,
            vital_sign_deciding,
            vital_sign_examiners,
            vital_signs,
            voting_rules,
            waiting,
            waiting_decisions,
        )
        from governance.dossier import (
            arbitration_section,
            deciding_sections,
            files_section,
            governance_sections,
            readiness_section,
            sections,
        )
        from governance.selectors import deciding, readiness

        orienting.register_needs("governance.readiness", readiness.told_needs)
        gate.register("consultations", consultation_gate.provide)
        departures.register("governance", organisation=departure_consequences.of_organisation)
        vital_signs.register("governance.consultations", vital_sign_examiners.examine_consultations)
        vital_signs.register("governance.decisions", vital_sign_examiners.examine_decisions)
        vital_signs.register("governance.members", vital_sign_examiners.examine_members)
        sections.register(*governance_sections.SECTIONS, files_section.SECTION, readiness_section.SECTION)
        sections.register(arbitration_section.SECTION)
        gate.register_deciding("governance", deciding_gate.provide)
        voting_rules.register_usage("governance", deciding.rule_in_use)
        departures.register(
            "governance.delegations",
            organisation=departure_consequences.delegations_of_organisation,
            person=departure_consequences.delegations_of_person,
        )
        vital_signs.register("governance.deciding", vital_sign_deciding.examine)
        waiting.register("governance.decisions", waiting_decisions.provide)
        sections.register(*deciding_sections.SECTIONS)
        post_migrate.connect(_publish_the_signing_key, sender=self)


def _publish_the_signing_key(apps: Any = None, **kwargs: Any) -> None:
    """A key is published as soon as it is installed, before its first signature. Migrating backwards has no table."""
    from governance.services.signing_keys import signing_key_registered

    if apps is None or "signingkey" in apps.all_models["governance"]:
        signing_key_registered()
