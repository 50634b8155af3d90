"""What a departure leaves behind in the shared work: mandates, activities, milestones, budget, corrective actions."""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from governance.actor import Actor
from governance.departures import Consequence
from governance.models import Cooperation, Role
from milestones.enums import ActionState, MandateState, MilestoneState
from milestones.models import Activity, BudgetLine, CorrectiveAction, Mandate, Milestone


def of_organisation(
    actor: Actor, cooperation: Cooperation, organisation_id: UUID, on: dt.date
) -> Iterator[Consequence]:
    """The work that it pilots, carries alone or pays for, and the actions that its people own."""
    piloted = []
    mandates = Mandate.objects.visible_to(actor).filter(
        Q(until__isnull=True) | Q(until__gt=on), cooperation=cooperation, organisation=organisation_id
    )
    for mandate in mandates.exclude(state=MandateState.ENDED).select_related("activity", "person").order_by("pk"):
        proposed = mandate.state == MandateState.PROPOSED
        if not proposed:
            piloted.append(mandate.activity_id)
        sentence = (
            _("Le mandat proposé à %(person)s sur « %(activity)s » ne peut plus l’être pour elle.")
            if proposed
            else _("« %(activity)s » perd son pilote, %(person)s.")
        )
        yield Consequence(
            "mandate_proposed" if proposed else "activity_without_pilot",
            wording.filled(sentence, person=mandate.person, activity=mandate.activity),
            _("Mettre fin à ce mandat et en proposer un autre, que son pilote accepte."),
            "mandates",
            mandate.pk,
            day=mandate.until,
        )
    yield from _activities(actor, cooperation, organisation_id, on, piloted)
    yield from _actions(actor, cooperation, organisation_id, on)


def _activities(
    actor: Actor, cooperation: Cooperation, organisation_id: UUID, on: dt.date, piloted: list[UUID]
) -> Iterator[Consequence]:
    running = Activity.objects.visible_to(actor).filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=on), cooperation=cooperation
    )
    shared = running.filter(organisations=organisation_id).prefetch_related("organisations").order_by("pk")
    touched = set(piloted)
    for activity in shared:
        others = [other for other in activity.organisations.all() if other.pk != organisation_id]
        if len(others) < 2:
            touched.add(activity.pk)
            sentence = (
                _("« %(activity)s » n’aurait plus aucun participant.")
                if not others
                else _("« %(activity)s » n’aurait plus qu’un participant.")
            )
            yield Consequence(
                "activity_left_alone" if others else "activity_without_participant",
                wording.filled(sentence, activity=activity),
                _("Y faire entrer une autre organisation, ou mettre fin à l’activité."),
                "activities",
                activity.pk,
            )
        planned = BudgetLine.objects.filter(activity=activity).aggregate(total=Sum("planned"))["total"]
        if planned:
            sentence = _("Le budget de « %(activity)s » (%(amount)s %(currency)s prévus) comptait sur elle.")
            yield Consequence(
                "budget_to_review",
                wording.filled(
                    sentence, activity=activity, amount=wording.amount(planned), currency=cooperation.currency
                ),
                _("Arrêter ses engagements, et revoir les lignes du budget."),
                "activities",
                activity.pk,
            )
    open_ones = Milestone.objects.visible_to(actor).filter(
        activity__in=running.filter(pk__in=touched).order_by().values("pk"),
        state__in=[MilestoneState.PLANNED, MilestoneState.STARTED],
    )
    for milestone in open_ones.order_by("due_on", "pk"):
        yield Consequence(
            "milestone_at_risk",
            wording.filled(_("Le jalon « %(title)s » n’est pas atteint."), title=milestone.title),
            _("L’atteindre, le reporter ou l’abandonner, ou confier l’activité à un autre pilote."),
            "milestones",
            milestone.pk,
            day=milestone.due_on,
        )


def _actions(actor: Actor, cooperation: Cooperation, organisation_id: UUID, on: dt.date) -> Iterator[Consequence]:
    """The open actions of people who act here for this organisation only."""
    roles = Role.objects.in_force(on).filter(cooperation=cooperation)
    own = set(roles.filter(organisation=organisation_id).order_by().values_list("person", flat=True))
    own -= set(
        roles.filter(Q(organisation__isnull=True) | ~Q(organisation=organisation_id))
        .order_by()
        .values_list("person", flat=True)
    )
    actions = CorrectiveAction.objects.visible_to(actor).filter(
        cooperation=cooperation, owner__in=own, state=ActionState.OPEN
    )
    for action in actions.select_related("owner").order_by("pk"):
        yield Consequence(
            "corrective_action_without_owner",
            wording.filled(
                _("L’action corrective « %(title)s » perd sa responsable ou son responsable, %(owner)s."),
                title=action.title,
                owner=action.owner,
            ),
            _("La confier à une autre personne, ou la terminer."),
            "corrective-actions",
            action.pk,
            day=action.due_on,
        )
