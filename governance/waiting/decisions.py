"""What decisions wait for from a person: their board's vote, the taking, the review of what was obtained."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from governance import gate
from governance.actor import Actor
from governance.enums import DecidedBy, DecisionState, RoleKind
from governance.models import Decision
from governance.models.decisions import in_force
from governance.selectors.employers import with_facts
from governance.waiting import Waiting

_BOARD = frozenset({RoleKind.BOARD_CHAIR, RoleKind.BOARD_MEMBER})


def provide(actor: Actor, on: dt.date) -> Iterator[Waiting]:
    """Each decision once for each thing that this very person is expected to do, in all their cooperations."""
    coordinated = {role.cooperation_id for role in actor if role.kind == RoleKind.COORDINATION}
    seats = {(role.cooperation_id, role.organisation_id) for role in actor if role.kind in _BOARD}
    places = coordinated | {cooperation_id for cooperation_id, _organisation in seats}
    if not places:
        return
    submitted = Decision.objects.visible_to(actor).filter(cooperation__in=places, state=DecisionState.SUBMITTED)
    decisions = list(with_facts(submitted.order_by("pk"), on))
    deciding = gate.deciding(decisions, on=on, taking=gate.Taking())
    mine = gate.deciding(decisions, on=on, taking=gate.Taking(actor.person_id))
    for decision in decisions:
        before = gate.requirements(decision, on=on)
        if decision.cooperation_id in coordinated:
            yield from _for_coordination(decision, before, mine[decision.pk])
        if decision.decided_by == DecidedBy.EACH_BOARD:
            yield from _for_boards(decision, before, deciding[decision.pk], seats)
    reviewed = Decision.objects.visible_to(actor).filter(in_force(on), cooperation__in=coordinated, review_on__lte=on)
    for decision in reviewed.order_by("pk"):
        yield _waiting("decision_review_due", _("Revoir la décision « {title} »"), decision, decision.review_on)


def _for_coordination(
    decision: Decision, before: list[gate.Requirement], deciding: list[gate.Requirement]
) -> Iterator[Waiting]:
    """Ready to be taken by this coordinator; or ready for the assembly, whose minutes the coordination records."""
    if any(item.holds_back for item in before):
        return
    if not any(item.holds_back for item in deciding):
        yield _waiting("decision_ready", _("Prendre la décision « {title} »"), decision, decision.submitted_on)
    elif decision.decided_by == DecidedBy.ASSEMBLY:
        title = _("Faire voter par l’assemblée la décision « {title} »")
        yield _waiting("assembly_vote_expected", title, decision, decision.submitted_on)


def _for_boards(
    decision: Decision,
    before: list[gate.Requirement],
    deciding: list[gate.Requirement],
    seats: set[tuple[UUID, UUID | None]],
) -> Iterator[Waiting]:
    """A board on which this person sits has not decided, and nothing holds its vote back."""
    for item in deciding:
        if item.code not in {"board_decision_missing", "board_decision_irregular"}:
            continue
        organisation_id = item.organisation_id
        if (decision.cooperation_id, organisation_id) not in seats:
            continue
        own = [found for found in before if found.organisation_id in {None, organisation_id}]
        if not any(found.holds_back for found in own):
            title = _("Faire décider votre instance sur « {title} »")
            yield _waiting("board_vote_expected", title, decision, decision.submitted_on)


def _waiting(code: str, title: Any, decision: Decision, since: dt.date | None) -> Waiting:
    return Waiting(
        code=code,
        title=format_lazy(title, title=decision.title),
        resource="decisions",
        id=decision.pk,
        cooperation_id=decision.cooperation_id,
        since=since,
    )
