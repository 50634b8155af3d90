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
            gate,
            orienting,
            vital_sign_examiners,
            vital_signs,
            vital_signs_clauses,
        )
        from governance.dossier import (
            arbitration_section,
            clauses_section,
            files_section,
            governance_sections,
            readiness_section,
            sections,
        )
        from governance.selectors import readiness

        self._cover()
        orienting.register_needs("governance.readiness", readiness.told_needs)
        gate.register("consultations", consultation_gate.provide)
        departures.register("governance", organisation=departure_consequences.of_organisation)
        vital_signs.register("governance.consultations", vital_sign_examiners.examine_consultations)
        vital_signs.register("governance.decisions", vital_sign_examiners.examine_decisions)
        vital_signs.register("governance.members", vital_sign_examiners.examine_members)
        sections.register(*governance_sections.SECTIONS, files_section.SECTION, readiness_section.SECTION)
        sections.register(arbitration_section.SECTION, clauses_section.SECTION)
        vital_signs.register("governance.clauses", vital_signs_clauses.examine)
        post_migrate.connect(_publish_the_signing_key, sender=self)

    @staticmethod
    def _cover() -> None:
        """What confidentiality clauses may cover here (docs/adr/0025)."""
        from governance import covering
        from governance.models import Consultation, Decision, Membership
        from governance.services.consultations import consultation_update
        from governance.services.decisions import decision_update

        covering.register("decisions", Decision, update=decision_update)
        covering.register("consultations", Consultation, update=consultation_update)
        covering.register("memberships", Membership)


def _publish_the_signing_key(apps: Any = None, **kwargs: Any) -> None:
    """A key is published as soon as it is installed, before its first signature. Migrating backwards has no table."""
    from governance.services.signing_keys import signing_key_registered

    if apps is None or "signingkey" in apps.all_models["governance"]:
        signing_key_registered()
