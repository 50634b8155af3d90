from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GovernanceConfig(AppConfig):
    name = "governance"
    verbose_name = _("gouvernance")

    def ready(self) -> None:
        from governance import consultation_gate, gate, vital_sign_examiners, vital_signs
        from governance.dossier import governance_sections, sections

        gate.register("consultations", consultation_gate.provide)
        vital_signs.register("governance.consultations", vital_sign_examiners.examine_consultations)
        vital_signs.register("governance.decisions", vital_sign_examiners.examine_decisions)
        vital_signs.register("governance.members", vital_sign_examiners.examine_members)
        sections.register(*governance_sections.SECTIONS)
