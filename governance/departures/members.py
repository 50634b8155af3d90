"""What governance knows that a departure leaves behind: roles, the coordination, consultations, decisions."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from uuid import UUID

from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from governance.actor import Actor
from governance.departures import Consequence
from governance.enums import ConsultationState, DecisionState, RoleKind
from governance.handovers import LeftOpen, Matter
from governance.models import Consultation, Cooperation, Decision, Delegation, Role
from governance.models.delegations import in_force
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
    running = Delegation.objects.visible_to(actor).filter(
        cooperation=cooperation, role__organisation=organisation_id, until__gt=on, revoked_on__isnull=True
    )
    for delegation in running.select_related("role__person").order_by("pk"):
        yield _delegation_ends(delegation)


def delegations_of_person(
    actor: Actor, cooperation: Cooperation, person_id: UUID, on: dt.date
) -> Iterator[Consequence]:
    """The delegations that this person holds. Nobody inherits them: they may decide whom the members chose."""
    of_others = _covering(cooperation, day_after(on), without=person_id)
    running = Delegation.objects.visible_to(actor).filter(
        _gives_power_until(on), cooperation=cooperation, role__person=person_id
    )
    for delegation in running.select_related("role__person").order_by("pk"):
        if _covered(delegation, of_others):
            yield _delegation_ends(delegation)
            continue
        yield Consequence(
            "delegation_without_holder",
            wording.filled(
                _("Plus personne ne déciderait par délégation : « %(scope)s »."),
                scope=Truncator(delegation.scope).chars(80),
            ),
            _("Donner une délégation à une autre personne avant le départ, ou dire pourquoi les membres décideront."),
            "delegations",
            delegation.pk,
            day=delegation.until,
        )


def _gives_power_until(on: dt.date) -> Q:
    """Those that give power on that day, or would later, and that do not end by then."""
    undone = Q(granted_by__out_of_force_on__isnull=False, granted_by__out_of_force_on__lte=on)
    held = Q(role__until__isnull=True) | Q(role__until__gte=on)
    return held & ~undone & Q(until__gt=on, revoked_on__isnull=True)


def _covering(cooperation: Cooperation, day: dt.date, *, without: UUID | None = None) -> list[set[str]]:
    """The matters in which somebody decides by delegation on a day: none named, all of them."""
    found = Delegation.objects.filter(in_force(day), cooperation=cooperation).exclude(role__person=without)
    return [set(subjects) for subjects in found.order_by("pk").values_list("subjects", flat=True)]


def _covered(delegation: Delegation, others: Collection[set[str]]) -> bool:
    """Whether somebody else decides in all its matters."""
    subjects = set(delegation.subjects)
    return any(not theirs or (subjects and subjects <= theirs) for theirs in others)


def _delegations_unsettled(cooperation: Cooperation, left: Sequence[LeftOpen], on: dt.date) -> Iterable[LeftOpen]:
    """Until somebody decides in its matters, or its own end has come."""
    others = _covering(cooperation, on)
    return (item for item in left if item.obj.until >= on and not _covered(item.obj, others))


def _delegation_ends(delegation: Delegation) -> Consequence:
    return Consequence(
        "delegation_ends",
        wording.filled(_("%(person)s perd sa délégation de décider."), person=delegation.role.person),
        _("Donner une délégation à une autre personne, ou laisser les membres décider."),
        "delegations",
        delegation.pk,
        day=delegation.until,
    )


MATTERS = {
    "delegation_without_holder": Matter(
        Delegation,
        lambda delegation: Truncator(delegation.scope).chars(80),
        _delegations_unsettled,
        _("Donner une délégation à une autre personne, ou attendre la fin de celle-ci : les membres décident."),
    )
}
