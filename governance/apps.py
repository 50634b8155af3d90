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
            departure_dialogue,
            departures,
            gate,
            orienting,
            vital_sign_examiners,
            vital_signs,
            vital_signs_dialogue,
            vital_signs_groups,
            waiting,
            waiting_dialogue,
        )
        from governance.dossier import (
            arbitration_section,
            consultation_sections,
            files_section,
            governance_sections,
            groups_sections,
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
        sections.register(*consultation_sections.SECTIONS)
        sections.register(*groups_sections.SECTIONS)
        vital_signs.register("governance.dialogue", vital_signs_dialogue.examine_dialogue)
        vital_signs.register("governance.groups", vital_signs_groups.examine_groups)
        vital_signs.register("governance.communication", vital_signs_groups.examine_communication)
        departures.register(
            "governance.dialogue", organisation=departure_dialogue.of_organisation, person=departure_dialogue.of_person
        )
        waiting.register("governance.consultations", waiting_dialogue.of_consultations)
        waiting.register("governance.groups", waiting_dialogue.of_groups)
        post_migrate.connect(_publish_the_signing_key, sender=self)


def _publish_the_signing_key(apps: Any = None, **kwargs: Any) -> None:
    """A key is published as soon as it is installed, before its first signature. Migrating backwards has no table."""
    from governance.services.signing_keys import signing_key_registered

    if apps is None or "signingkey" in apps.all_models["governance"]:
        signing_key_registered()
