"""What governance knows that a departure leaves behind: roles, the coordination, consultations, decisions."""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from governance.actor import Actor
from governance.departures import Consequence
from governance.enums import ConsultationState, DecisionState, RoleKind
from governance.models import Consultation, Cooperation, Decision, Delegation, Role
from governance.rules.calendars import day_after


def of_organisation(
    actor: Actor, cooperation: Cooperation, organisation_id: UUID, on: dt.date
) -> Iterator[Consequence]:
    """What ends with its membership, and what its employees and its board were awaited for."""
    roles = Role.objects.visible_to(actor).filter(
        Q(until__isnull=True) | Q(until__gt=on), cooperation=cooperation, organisation=organisation_id
    )
    for role in roles.select_related("person").order_by("pk"):
        yield Consequence(
            "role_ends",
            wording.filled(
                _("%(person)s, %(kind)s : ce rôle prend fin."), person=role.person, kind=RoleKind(role.kind).label
            ),
            _("Rien à faire, ou donner ce rôle pour une autre organisation."),
            "roles",
            role.pk,
            day=role.until,
        )
    yield from _coordination(actor, cooperation, organisation_id, on)
    consultations = Consultation.objects.visible_to(actor).filter(cooperation=cooperation, organisation=organisation_id)
    pending = consultations.exclude(state=ConsultationState.CLOSED).exclude(decision__state=DecisionState.WITHDRAWN)
    for consultation in pending.select_related("decision").order_by("pk"):
        yield Consequence(
            "consultation_open",
            wording.filled(
                _("La consultation de son CSE sur « %(decision)s » est ouverte."), decision=consultation.decision
            ),
            _("La mener à son terme, ou ne plus compter cet employeur parmi ceux que la décision concerne."),
            "consultations",
            consultation.pk,
            day=consultation.nominal_deadline,
        )
    decisions = Decision.objects.visible_to(actor).filter(
        cooperation=cooperation,
        concerned=organisation_id,
        state__in=[DecisionState.DRAFT, DecisionState.SUBMITTED],
    )
    for decision in decisions.order_by("pk"):
        yield Consequence(
            "decision_concerns_it",
            wording.filled(_("La décision « %(decision)s » la concerne et n’est pas prise."), decision=decision),
            _("La prendre avant la sortie, ou revoir les employeurs qu’elle concerne."),
            "decisions",
            decision.pk,
            day=decision.planned_on,
        )


def _coordination(actor: Actor, cooperation: Cooperation, organisation_id: UUID, on: dt.date) -> Iterator[Consequence]:
    held = Role.objects.in_force(on).filter(cooperation=cooperation, kind=RoleKind.COORDINATION)
    after = Role.objects.in_force(day_after(on)).filter(cooperation=cooperation, kind=RoleKind.COORDINATION)
    if held.filter(organisation=organisation_id).exists() and not after.exclude(organisation=organisation_id).exists():
        yield Consequence(
            "coordination_lost",
            _("La coopération n’aurait plus de coordination."),
            _("Donner d’abord ce rôle à une autre personne."),
            "cooperations",
            cooperation.pk,
        )


def delegations_of_organisation(
    actor: Actor, cooperation: Cooperation, organisation_id: UUID, on: dt.date
) -> Iterator[Consequence]:
    """The delegations that end with the roles exercised for it."""
    yield from _delegations(actor, cooperation, on, Q(role__organisation=organisation_id))


def delegations_of_person(
    actor: Actor, cooperation: Cooperation, person_id: UUID, on: dt.date
) -> Iterator[Consequence]:
    """The delegations that this person holds: nobody inherits them."""
    yield from _delegations(actor, cooperation, on, Q(role__person=person_id))


def _delegations(actor: Actor, cooperation: Cooperation, on: dt.date, whose: Q) -> Iterator[Consequence]:
    running = Delegation.objects.visible_to(actor).filter(
        whose, cooperation=cooperation, until__gt=on, revoked_on__isnull=True
    )
    for delegation in running.select_related("role__person").order_by("pk"):
        yield Consequence(
            "delegation_ends",
            wording.filled(_("%(person)s perd sa délégation de décider."), person=delegation.role.person),
            _("Donner une délégation à une autre personne, ou laisser les membres décider."),
            "delegations",
            delegation.pk,
            day=delegation.until,
        )
