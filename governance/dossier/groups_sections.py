"""Working groups and the communication plan, in a dossier."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.dossier.governance_sections import in_order, not_in_the_future
from governance.dossier.sections import Draft, Row, Section
from governance.enums import CommunicationState
from governance.models import CommunicationAction, WorkingGroup, WorkingGroupMeeting, WorkingGroupMember


def _links_check(row: Row, draft: Draft) -> Iterator[Violation]:
    """A consultation is that of the decision named with it."""
    obj = row.obj
    if obj.consultation_id is not None and obj.decision_id is not None:
        consultation = draft.by_id("consultations")[obj.consultation_id].obj
        if consultation.decision_id != obj.decision_id:
            detail = _("Cette consultation est celle d’une autre décision.")
            yield row.wrong("other_decision", detail, "consultation")


def _known_people(draft: Draft) -> set[Any]:
    return {role.obj.person_id for role in draft["roles"]}


def _group_check(row: Row, draft: Draft) -> Iterator[Violation]:
    obj = row.obj
    yield from _links_check(row, draft)
    yield from not_in_the_future(row, draft, "since", "delivered_on", "ended_on")
    for name in ("output_due_on", "next_meeting_on", "delivered_on", "ended_on"):
        yield from in_order(row, "since", name)
    if (obj.ended_on is None) != (not obj.end_reason):
        yield row.wrong("required", _("Un groupe se termine un jour, et pour un motif."), "end_reason")
    if (obj.delivered_on is None) != (not obj.output_text and obj.output_file_id is None):
        yield row.wrong("required", _("Une production remise est un texte ou un fichier."), "output_text")
    if obj.lead_id not in _known_people(draft):
        yield row.wrong("not_in_the_cooperation", _("Cette personne n’exerce aucun rôle dans la coopération."), "lead")
    seats = [member.obj for member in row.children.get("group_members", ())]
    if all(seat.person_id != obj.lead_id for seat in seats):
        yield row.wrong("lead_does_not_sit", _("La personne qui anime siège dans son groupe."), "lead")


def _member_check(row: Row, draft: Draft) -> Iterator[Violation]:
    assert row.parent is not None
    group = row.parent.obj
    yield from in_order(row, "since", "until")
    if row.obj.since < group.since:
        yield row.wrong("before_the_start", _("Le groupe n’avait pas commencé."), "since")
    if group.ended_on is not None and row.obj.until is None:
        yield row.wrong("required", _("Un groupe terminé n’a plus de participants."), "until")
    if row.obj.person_id not in _known_people(draft):
        detail = _("Cette personne n’exerce aucun rôle dans la coopération.")
        yield row.wrong("not_in_the_cooperation", detail, "person")


def _meeting_check(row: Row, draft: Draft) -> Iterator[Violation]:
    assert row.parent is not None
    obj, group = row.obj, row.parent
    yield from not_in_the_future(row, draft, "held_on")
    if obj.held_on < group.obj.since or (group.obj.ended_on is not None and obj.held_on > group.obj.ended_on):
        yield row.wrong("outside_the_group", _("Le groupe n’existait pas ce jour-là."), "held_on")
    seated = {
        member.obj.person_id
        for member in group.children.get("group_members", ())
        if member.obj.since <= obj.held_on and (member.obj.until is None or obj.held_on <= member.obj.until)
    }
    people = row.many.get("attended", [])
    if not set(people) <= seated:
        yield row.wrong("not_a_member", _("Une de ces personnes ne siégeait pas ce jour-là."), "attended")
    if people and len(people) != obj.attendance:
        detail = _("Le nombre de présents n’est pas celui des personnes citées.")
        yield row.wrong("attendance_differs", detail, "attendance")


def _action_check(row: Row, draft: Draft) -> Iterator[Violation]:
    obj = row.obj
    yield from _links_check(row, draft)
    yield from not_in_the_future(row, draft, "done_on")
    done = obj.state == CommunicationState.DONE
    if done != (obj.done_on is not None) or done != bool(obj.said):
        yield row.wrong("required", _("Une action faite dit quand, et ce qui a été dit."), "said")
    if (obj.state == CommunicationState.CANCELLED) != bool(obj.cancelled_reason):
        yield row.wrong("required", _("Une action abandonnée dit pourquoi."), "cancelled_reason")
    if obj.owner_id not in _known_people(draft):
        detail = _("Cette personne n’exerce aucun rôle dans la coopération.")
        yield row.wrong("not_in_the_cooperation", detail, "owner")


SECTIONS = (
    Section(
        key="working_groups",
        model=WorkingGroup,
        fields=(
            "theme",
            "mandate",
            "output_due_on",
            "lead",
            "organisation",
            "decision",
            "consultation",
            "since",
            "next_meeting_on",
            "output_text",
            "output_file",
            "delivered_on",
            "ended_on",
            "end_reason",
            "confidentiality",
        ),
        children=(
            Section(
                key="group_members",
                model=WorkingGroupMember,
                parent="group",
                fields=("person", "organisation", "capacity", "since", "until"),
                order=("since",),
                check=_member_check,
            ),
            Section(
                key="group_meetings",
                model=WorkingGroupMeeting,
                parent="group",
                fields=("held_on", "attendance", "attended", "record"),
                order=("held_on",),
                check=_meeting_check,
            ),
        ),
        check=_group_check,
    ),
    Section(
        key="communication_actions",
        model=CommunicationAction,
        fields=(
            "audience",
            "organisation",
            "message",
            "purpose",
            "channel",
            "planned_on",
            "owner",
            "decision",
            "consultation",
            "state",
            "done_on",
            "said",
            "reached",
            "cancelled_reason",
            "confidentiality",
        ),
        check=_action_check,
    ),
)
