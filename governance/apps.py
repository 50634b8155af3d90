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
            departure_consequences,
            departures,
            departures_path,
            gate,
            orienting,
            vital_sign_examiners,
            vital_signs,
            vital_signs_path,
            waiting,
            waiting_path,
        )
        from governance.dossier import (
            arbitration_section,
            files_section,
            governance_sections,
            journey_section,
            missions_section,
            projects_section,
            readiness_section,
            scenarios_section,
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
        sections.register(journey_section.SECTION, scenarios_section.SECTION, missions_section.SECTION)
        sections.register(projects_section.SECTION)
        departures.register(
            "governance.path", organisation=departures_path.of_organisation, person=departures_path.of_person
        )
        vital_signs.register("governance.path", vital_signs_path.examine)
        waiting.register("governance.path", waiting_path.waiting)
        post_migrate.connect(_publish_the_signing_key, sender=self)


def _publish_the_signing_key(apps: Any = None, **kwargs: Any) -> None:
    """A key is published as soon as it is installed, before its first signature. Migrating backwards has no table."""
    from governance.services.signing_keys import signing_key_registered

    if apps is None or "signingkey" in apps.all_models["governance"]:
        signing_key_registered()
