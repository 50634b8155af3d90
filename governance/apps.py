from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class GovernanceConfig(AppConfig):
    name = "governance"
    verbose_name = _("gouvernance")

    def ready(self) -> None:
        from governance import (
            belonging,
            consultation_gate,
            coverables,
            deciding_gate,
            departure_consequences,
            departure_dialogue,
            departures,
            departures_path,
            gate,
            handovers,
            left_open,
            orienting,
            person_departures,
            personal_data,
            stakeholder_consequences,
            vital_sign_deciding,
            vital_sign_examiners,
            vital_signs,
            vital_signs_clauses,
            vital_signs_dialogue,
            vital_signs_groups,
            vital_signs_in_charge,
            vital_signs_of_members,
            vital_signs_of_stakeholders,
            vital_signs_path,
            voting_rules,
            waiting,
            waiting_decisions,
            waiting_dialogue,
            waiting_path,
        )
        from governance.dossier import (
            arbitration_section,
            clauses_section,
            consultation_sections,
            deciding_sections,
            files_section,
            governance_sections,
            groups_sections,
            journey_section,
            missions_section,
            onboarding_section,
            projects_section,
            readiness_section,
            scenarios_section,
            sections,
            stakeholders_section,
        )
        from governance.selectors import deciding, readiness

        coverables.register()
        orienting.register_needs("governance.readiness", readiness.told_needs)
        gate.register("consultations", consultation_gate.provide)
        departures.register(
            "governance", organisation=departure_consequences.of_organisation, person=person_departures.of_person
        )
        for module in (
            person_departures,
            departure_consequences,
            departure_dialogue,
            departures_path,
            stakeholder_consequences,
        ):
            for code, matter in module.MATTERS.items():
                handovers.register(code, matter)
        vital_signs.register(
            "governance.in_charge",
            vital_signs_in_charge.examiner(*departure_dialogue.CHARGES, *departures_path.CHARGES),
        )
        handovers.register_leaver("governance.dialogue", departure_dialogue.LEAVER)
        handovers.register_leaver("governance.path", departures_path.LEAVER)
        handovers.register_leaver("governance.stakeholders", stakeholder_consequences.LEAVER)
        vital_signs.register("governance.consultations", vital_sign_examiners.examine_consultations)
        vital_signs.register("governance.decisions", vital_sign_examiners.examine_decisions)
        vital_signs.register("governance.members", vital_sign_examiners.examine_members)
        vital_signs.register("governance.left_open", left_open.examine)
        personal_data.register(
            rows=(
                "governance.apitoken.user",
                "governance.communicationaction.owner",
                "governance.projectstep.owner",
                "governance.role.person",
                "governance.stakeholder.person",
                "governance.storedfile.uploaded_by",
                "governance.user.person",
                "governance.workinggroupmeeting_attended.person",
                "governance.workinggroupmember.person",
            ),
            acts=(
                "governance.confidentialityclause.lifted_by",
                "governance.confidentialityclause.set_by",
                "governance.decision.taken_by",
                "governance.decisionvote.recorded_by",
                "governance.journeyentry.recorded_by",
                "governance.outcomereview.recorded_by",
                "governance.stepcompletion.recorded_by",
                "governance.supportmission.referent",
                "governance.workinggroup.lead",
            ),
            left_out={
                "coopproject.idempotencykey.user": _(
                    "La mémoire des nouvelles tentatives recopie des réponses déjà données, trente jours au plus."
                ),
            },
        )
        vital_signs.register("governance.size", vital_signs_of_members.examine_size)
        vital_signs.register("governance.onboarding", vital_signs_of_members.examine_onboarding)
        vital_signs.register("governance.substance", vital_signs_of_members.examine_substance)
        vital_signs.register("governance.stakeholders", vital_signs_of_stakeholders.examine_stakeholders)
        departures.register("governance.stakeholders", person=stakeholder_consequences.of_person)
        belonging.register()
        sections.register(*governance_sections.SECTIONS, files_section.SECTION, readiness_section.SECTION)
        sections.register(arbitration_section.SECTION)
        sections.register(*onboarding_section.SECTIONS, stakeholders_section.SECTION)
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
        sections.register(journey_section.SECTION, scenarios_section.SECTION, missions_section.SECTION)
        sections.register(projects_section.SECTION)
        departures.register(
            "governance.path", organisation=departures_path.of_organisation, person=departures_path.of_person
        )
        vital_signs.register("governance.path", vital_signs_path.examine)
        waiting.register("governance.path", waiting_path.waiting)
        sections.register(arbitration_section.SECTION, clauses_section.SECTION)
        vital_signs.register("governance.clauses", vital_signs_clauses.examine)
        post_migrate.connect(_publish_the_signing_key, sender=self)


def _publish_the_signing_key(apps: Any = None, **kwargs: Any) -> None:
    """A key is published as soon as it is installed, before its first signature. Migrating backwards has no table."""
    from governance.services.signing_keys import signing_key_registered

    if apps is None or "signingkey" in apps.all_models["governance"]:
        signing_key_registered()
