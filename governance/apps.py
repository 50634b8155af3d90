from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class GovernanceConfig(AppConfig):
    name = "governance"
    verbose_name = _("gouvernance")

    def ready(self) -> None:
        """Tell each registry what governance brings. Sections stay in their order: a dossier is read in it."""
        from governance import belonging, coverables, voting_rules
        from governance.selectors import deciding

        coverables.register()
        belonging.register()
        voting_rules.register_usage("governance", deciding.rule_in_use)
        self._guard()
        self._watch()
        self._see_off()
        self._export()
        self._know_people()
        post_migrate.connect(_publish_the_signing_key, sender=self)

    @staticmethod
    def _guard() -> None:
        """What holds decisions back, and what the orientation table waits for."""
        from governance import gate, orienting
        from governance.gate import consultations, decided_by
        from governance.selectors import readiness

        gate.register("consultations", consultations.provide)
        gate.register_deciding("governance", decided_by.provide)
        orienting.register_needs("governance.readiness", readiness.told_needs)

    @staticmethod
    def _watch() -> None:
        """Vital signs, and what waits for a person."""
        from governance import left_open, vital_signs, waiting
        from governance.departures import dialogue as left_in_dialogue
        from governance.departures import path as left_on_the_path
        from governance.vital_signs import (
            clauses,
            consultations,
            decisions,
            dialogue,
            groups,
            in_charge,
            members,
            path,
            stakeholders,
        )
        from governance.waiting import decisions as awaited_decisions
        from governance.waiting import dialogue as awaited_dialogue
        from governance.waiting import path as awaited_path

        charges = (*left_in_dialogue.CHARGES, *left_on_the_path.CHARGES)
        vital_signs.register("governance.in_charge", in_charge.examiner(*charges))
        vital_signs.register("governance.consultations", consultations.examine_consultations)
        vital_signs.register("governance.decisions", consultations.examine_decisions)
        vital_signs.register("governance.members", consultations.examine_members)
        vital_signs.register("governance.left_open", left_open.examine)
        vital_signs.register("governance.size", members.examine_size)
        vital_signs.register("governance.onboarding", members.examine_onboarding)
        vital_signs.register("governance.substance", members.examine_substance)
        vital_signs.register("governance.stakeholders", stakeholders.examine_stakeholders)
        vital_signs.register("governance.deciding", decisions.examine)
        vital_signs.register("governance.dialogue", dialogue.examine_dialogue)
        vital_signs.register("governance.groups", groups.examine_groups)
        vital_signs.register("governance.communication", groups.examine_communication)
        vital_signs.register("governance.path", path.examine)
        vital_signs.register("governance.clauses", clauses.examine)
        waiting.register("governance.decisions", awaited_decisions.provide)
        waiting.register("governance.consultations", awaited_dialogue.of_consultations)
        waiting.register("governance.groups", awaited_dialogue.of_groups)
        waiting.register("governance.path", awaited_path.waiting)

    @staticmethod
    def _see_off() -> None:
        """What an organisation or a person that leaves would leave behind, and who takes it."""
        from governance import departures, handovers
        from governance.departures import dialogue, members, path, people, stakeholders

        departures.register("governance", organisation=members.of_organisation, person=people.of_person)
        departures.register("governance.stakeholders", person=stakeholders.of_person)
        departures.register(
            "governance.delegations",
            organisation=members.delegations_of_organisation,
            person=members.delegations_of_person,
        )
        departures.register("governance.dialogue", organisation=dialogue.of_organisation, person=dialogue.of_person)
        departures.register("governance.path", organisation=path.of_organisation, person=path.of_person)
        for module in (people, members, dialogue, path, stakeholders):
            for code, matter in module.MATTERS.items():
                handovers.register(code, matter)
        handovers.register_leaver("governance.dialogue", dialogue.LEAVER)
        handovers.register_leaver("governance.path", path.LEAVER)
        handovers.register_leaver("governance.stakeholders", stakeholders.LEAVER)

    @staticmethod
    def _export() -> None:
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

        sections.register(*governance_sections.SECTIONS, files_section.SECTION, readiness_section.SECTION)
        sections.register(arbitration_section.SECTION)
        sections.register(*onboarding_section.SECTIONS, stakeholders_section.SECTION)
        sections.register(*deciding_sections.SECTIONS)
        sections.register(*consultation_sections.SECTIONS)
        sections.register(*groups_sections.SECTIONS)
        sections.register(journey_section.SECTION, scenarios_section.SECTION, missions_section.SECTION)
        sections.register(projects_section.SECTION)
        sections.register(clauses_section.SECTION)

    @staticmethod
    def _know_people() -> None:
        """Where governance names people: what an export of a person gives back, whole or as acts."""
        from governance import personal_data

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


def _publish_the_signing_key(apps: Any = None, **kwargs: Any) -> None:
    """A key is published as soon as it is installed, before its first signature. Migrating backwards has no table."""
    from governance.services.signing_keys import signing_key_registered

    if apps is None or "signingkey" in apps.all_models["governance"]:
        signing_key_registered()
