"""The vital signs of working groups and of the communication plan."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Prefetch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from governance.actor import Actor
from governance.enums import Audience, CommunicationState, DecisionState
from governance.models import (
    CommunicationAction,
    Cooperation,
    Decision,
    Organisation,
    WorkingGroup,
    WorkingGroupMeeting,
)
from governance.rules.adjustable import adjusted
from governance.rules.consultation_requirement import requirement
from governance.rules.requirement_facts import Impact, RequirementCode, RequirementPolicy
from governance.rules.working_groups import silent_since
from governance.selectors.employers import employer_facts, with_facts
from governance.vital_signs import Concern, Severity, VitalSign

# Whom the guide wants told throughout: « l’encadrement intermédiaire doit être plus particulièrement impliqué ».
_INNER = (Audience.TEAMS, Audience.MIDDLE_MANAGEMENT)


def examine_groups(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    """Groups that no longer meet, and outputs that are late."""
    months = adjusted(cooperation.settings, "group_silence_months")
    running = WorkingGroup.objects.visible_to(actor).filter(cooperation=cooperation, ended_on__isnull=True)
    meetings = WorkingGroupMeeting.objects.order_by("held_on", "pk")
    for group in running.order_by("pk").prefetch_related(Prefetch("meetings", meetings)):
        concerns = (Concern("working-groups", str(group.pk), group.theme),)
        met = [meeting.held_on for meeting in group.meetings.all()]
        if (since := silent_since(since=group.since, met_on=met, months=months, on=on)) is not None:
            yield VitalSign(
                code="working_group_silent",
                severity=Severity.WARNING,
                title=wording.filled(_("Groupe de travail sans réunion : %(theme)s"), theme=group.theme),
                why=wording.filled(
                    _("Aucune réunion n’est enregistrée depuis plus de %(months)s mois."), months=months
                ),
                clears=_("Réunir le groupe, ou y mettre fin : un groupe qui ne produit rien pèse sur chacun."),
                since=since,
                objects=concerns,
            )
        if group.output_due_on is not None and group.output_due_on < on and group.delivered_on is None:
            yield VitalSign(
                code="working_group_output_overdue",
                severity=Severity.WARNING,
                title=wording.filled(_("Production en retard : %(theme)s"), theme=group.theme),
                why=wording.filled(
                    _("La production du groupe était attendue le %(day)s."), day=wording.day(group.output_due_on)
                ),
                clears=_("Remettre la production, ou convenir d’une autre date."),
                since=group.output_due_on + dt.timedelta(days=1),
                objects=concerns,
            )


def examine_communication(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    """Actions that are late, and employers whose own people no action tells of a decision that changes their work."""
    actions = list(
        CommunicationAction.objects.visible_to(actor)
        .filter(cooperation=cooperation)
        .exclude(state=CommunicationState.CANCELLED)
        .select_related("consultation")
        .order_by("planned_on", "pk")
    )
    for action in actions:
        if action.state == CommunicationState.PLANNED and action.planned_on < on:
            yield VitalSign(
                code="communication_overdue",
                severity=Severity.WARNING,
                title=wording.filled(_("Communication en retard : %(message)s"), message=action.message),
                why=wording.filled(
                    _("Elle était prévue le %(day)s, pour : %(audience)s."),
                    day=wording.day(action.planned_on),
                    audience=Audience(action.audience).label,
                ),
                clears=_("La mener et dire ce qui a été dit, ou y renoncer en disant pourquoi."),
                since=action.planned_on + dt.timedelta(days=1),
                objects=(Concern("communication-actions", str(action.pk), action.message),),
            )
    submitted = Decision.objects.visible_to(actor).filter(cooperation=cooperation, state=DecisionState.SUBMITTED)
    for decision in with_facts(submitted.exclude(impact_flags=[]).order_by("pk"), on):
        for employer in decision.concerned.all():
            told = {action.audience for action in actions if _tells(action, decision, employer)}
            missing = [audience for audience in _INNER if audience not in told]
            why = _why_told(decision, employer, on) if missing else None
            if why is not None:
                yield VitalSign(
                    code="staff_not_informed",
                    severity=Severity.INFO,
                    title=wording.filled(
                        _("%(who)s : personne n’est chargé d’informer les équipes"), who=str(employer)
                    ),
                    why=wording.filled(
                        _("« %(decision)s » : aucune action ne s’adresse à : %(audiences)s. %(why)s"),
                        decision=decision.title,
                        audiences=_listed(missing),
                        why=why,
                    ),
                    clears=_("Prévoir une action de communication liée à la décision pour chacun de ces publics."),
                    since=decision.submitted_on,
                    objects=(
                        Concern("decisions", str(decision.pk), decision.title),
                        Concern("organisations", str(employer.pk), str(employer)),
                    ),
                )


def _tells(action: CommunicationAction, decision: Decision, employer: Organisation) -> bool:
    """Whether the action tells this employer's people of this decision, directly or by its consultation."""
    linked = action.decision_id == decision.pk or (
        action.consultation is not None and action.consultation.decision_id == decision.pk
    )
    whose = action.organisation_id or (action.consultation.organisation_id if action.consultation else None)
    return linked and whose in {None, employer.pk}


def _why_told(decision: Decision, employer: Organisation, on: dt.date) -> str | Promise | None:
    """Why the staff should hear of it; None for an employer without employees."""
    impacts, policy = (
        [Impact(flag) for flag in decision.impact_flags],
        RequirementPolicy.of(decision.cooperation.settings),
    )
    answer = requirement(employer_facts(employer, on), impacts, on, policy=policy)
    if answer.code is RequirementCode.NOT_APPLICABLE:
        return None
    if answer.code in {RequirementCode.INFORM_RECOMMENDED, RequirementCode.NO_BODY}:
        return _("Aucune consultation n’est due : informer directement le personnel est d’autant plus recommandé.")
    return _("La consultation du CSE ne dispense pas d’informer les équipes et l’encadrement intermédiaire.")


def _listed(audiences: list[Audience]) -> Promise:
    names = {f"a{index}": audience.label for index, audience in enumerate(audiences)}
    return wording.filled(", ".join(f"%({name})s" for name in names), **names)
