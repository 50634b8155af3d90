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
            cooperation_settings,
            departure_consequences,
            departures,
            gate,
            orienting,
            vital_sign_examiners,
            vital_signs,
        )
        from governance.dossier import (
            arbitration_section,
            files_section,
            governance_sections,
            readiness_section,
            sections,
        )
        from governance.selectors import readiness

        orienting.register_needs("governance.readiness", readiness.told_needs)
        gate.register("consultations", consultation_gate.provide)
        departures.register("governance", organisation=departure_consequences.of_organisation)
        vital_signs.register("governance.consultations", vital_sign_examiners.examine_consultations)
        vital_signs.register("governance.decisions", vital_sign_examiners.examine_decisions)
        vital_signs.register("governance.members", vital_sign_examiners.examine_members)
        sections.register(*governance_sections.SECTIONS, files_section.SECTION, readiness_section.SECTION)
        sections.register(arbitration_section.SECTION)
        cooperation_settings.register("weekend_extension", cooperation_settings.weekend_extension)
        cooperation_settings.register("form_checks_off", cooperation_settings.codes)
        post_migrate.connect(_publish_the_signing_key, sender=self)


def _publish_the_signing_key(apps: Any = None, **kwargs: Any) -> None:
    """A key is published as soon as it is installed, before its first signature. Migrating backwards has no table."""
    from governance.services.signing_keys import signing_key_registered

    if apps is None or "signingkey" in apps.all_models["governance"]:
        signing_key_registered()
