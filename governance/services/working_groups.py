"""The acts on a working group: begun by the coordination, run by whoever leads it, ended with a reason."""

import datetime as dt
from collections.abc import Iterable, Mapping
from copy import copy
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, RuleViolated, Violation
from coopproject.locking import lock
from governance import journal
from governance.actor import Actor
from governance.enums import GroupCapacity
from governance.models import (
    Cooperation,
    Organisation,
    Person,
    StoredFile,
    WorkingGroup,
    WorkingGroupMeeting,
    WorkingGroupMember,
)
from governance.services import files, records
from governance.services.named_people import link_violations, person_violations
from governance.services.references import hold_people, hold_people_of


@transaction.atomic
def group_create(
    *,
    actor: Actor,
    cooperation: Cooperation,
    lead: Person,
    organisation: Organisation | None = None,
    since: dt.date | None = None,
    **fields: Any,
) -> WorkingGroup:
    """Begin a group, whose lead sits in it from its first day.

    Raises InvalidInput: `not_in_the_cooperation`, `not_on_its_behalf`, `other_cooperation`, `before_the_start`.
    """
    hold_people(cooperation.pk)
    today = clock.today(cooperation.zone)
    group = WorkingGroup(cooperation=cooperation, lead=lead, organisation=organisation, since=since or today, **fields)
    found = person_violations(cooperation, lead, organisation, today, "/lead")
    found += link_violations(cooperation, group.decision, group.consultation)
    found += _date_violations(group)
    if group.since > today:
        found.append(Violation("in_the_future", _("Cette date est dans le futur."), "/since"))
    if found:
        raise InvalidInput(*found)
    records.create(group, actor=actor)
    _seat(group, lead, organisation, GroupCapacity.FACILITATOR, group.since)
    return group


@transaction.atomic
def group_update(*, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]) -> WorkingGroup:
    """Change what is said of a group, or hand it to another lead, who then sits in it."""
    group = _lock(pk, expected_version, names=bool(changes.keys() & {"lead", "organisation"}))
    _refuse_ended(group)
    wanted = dict(changes)
    if "lead" in wanted and wanted["lead"].pk != group.lead_id:
        # A new lead acts for nobody unless it is said.
        wanted.setdefault("organisation", None)
    proposed = copy(group)
    for name, value in wanted.items():
        setattr(proposed, name, value)
    today = clock.today(group.cooperation.zone)
    found = link_violations(group.cooperation, proposed.decision, proposed.consultation) + _date_violations(proposed)
    if wanted.keys() & {"lead", "organisation"}:
        found += person_violations(group.cooperation, proposed.lead, proposed.organisation, today, "/lead")
    if found:
        raise InvalidInput(*found)
    records.save_changes(group, actor=actor, changes=wanted)
    # A lead who left keeps the group, and no seat, until it is handed on.
    if "lead" in wanted and not group.members.filter(_not_ended(today), person_id=group.lead_id).exists():
        _seat(group, group.lead, group.organisation, GroupCapacity.FACILITATOR, today)
    return group


@transaction.atomic
def group_add_member(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    person: Person,
    organisation: Organisation | None = None,
    capacity: str = GroupCapacity.MEMBER,
    since: dt.date | None = None,
) -> WorkingGroup:
    """Seat a person. Raises RuleViolated(`already_a_member`, `ended`); InvalidInput as for the lead."""
    group = _lock(pk, expected_version, names=True)
    _refuse_ended(group)
    today = clock.today(group.cooperation.zone)
    day = since or today
    found = person_violations(group.cooperation, person, organisation, today, "/person")
    found += _outside(group, today, "/since", day)
    if found:
        raise InvalidInput(*found)
    if group.members.filter(_not_ended(day), person=person).exists():
        detail = _("Cette personne siège déjà dans ce groupe.")
        raise RuleViolated(Violation("already_a_member", detail, "/person"))
    seat = _seat(group, person, organisation, capacity, day)
    _touch(group, "member_added", actor, person=person.pk, organisation=seat.organisation_id, capacity=capacity)
    return group


@transaction.atomic
def group_remove_member(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, person: Person, until: dt.date | None = None
) -> WorkingGroup:
    """End the seat of a person; it stays in the record. The lead hands the group on first."""
    group = _lock(pk, expected_version)
    _refuse_ended(group)
    today = clock.today(group.cooperation.zone)
    day = until or today
    seat = group.members.filter(person=person, until__isnull=True).first()
    if seat is None:
        raise RuleViolated(Violation("not_a_member", _("Cette personne ne siège pas dans ce groupe."), "/person"))
    if person.pk == group.lead_id:
        detail = _("Cette personne anime le groupe : confiez-le d’abord à une autre.")
        raise RuleViolated(Violation("leads_the_group", detail, "/person"))
    found = _outside(group, today, "/until", day)
    if not found and day < seat.since:
        found = [Violation("before_the_start", _("Cette personne ne siégeait pas encore."), "/until")]
    if found:
        raise InvalidInput(*found)
    seat.until = day
    seat.save(update_fields=["until"])
    _touch(group, "member_removed", actor, person=person.pk, until=day)
    return group


def group_leave_seats(*, actor: Actor, cooperation: Cooperation, person: Person, last_day: dt.date) -> None:
    """End the seats of somebody who leaves the cooperation. The caller holds the cooperation and the groups."""
    seats = WorkingGroupMember.objects.filter(Q(until__isnull=True) | Q(until__gt=last_day), cooperation=cooperation)
    for seat in seats.filter(person=person, group__ended_on__isnull=True).select_related("group").order_by("pk"):
        # Seated after the last day that is said: one day of that seat stays in the record.
        seat.until = max(last_day, seat.since)
        seat.save(update_fields=["until"])
        _touch(seat.group, "member_removed", actor, person=person.pk, until=seat.until)


@transaction.atomic
def group_record_meeting(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    held_on: dt.date,
    attended: Iterable[Person] = (),
    attendance: int | None = None,
    record: str = "",
    next_meeting_on: dt.date | None = None,
) -> WorkingGroup:
    """Record a meeting: who came, or how many, a short record, and the next one.

    Raises InvalidInput: `in_the_future`, `before_the_start`, `not_a_member` for each who did not sit in the group that
    day, `attendance_differs`, `nobody_came`, `not_after_this_one`; RuleViolated(`already_recorded`, `ended`).
    """
    group = _lock(pk, expected_version)
    _refuse_ended(group)
    people = list(attended)
    today = clock.today(group.cooperation.zone)
    found = _outside(group, today, "/held_on", held_on)
    seated = set(WorkingGroupMember.objects.in_force(held_on).filter(group=group).values_list("person_id", flat=True))
    absent = _("Cette personne ne siégeait pas dans le groupe ce jour-là.")
    found += [
        Violation("not_a_member", absent, f"/attended/{index}")
        for index, person in enumerate(people)
        if person.pk not in seated
    ]
    if len({person.pk for person in people}) < len(people):
        found.append(Violation("repeated", _("Chaque personne n’est citée qu’une fois."), "/attended"))
    count = len(people) if attendance is None else attendance
    if people and count != len(people):
        detail = _("Le nombre de présents n’est pas celui des personnes citées.")
        found.append(Violation("attendance_differs", detail, "/attendance"))
    elif count < 1:
        detail = _("Dites qui est venu, ou combien de personnes.")
        found.append(Violation("nobody_came", detail, "/attendance"))
    if next_meeting_on is not None and next_meeting_on <= held_on:
        detail = _("La réunion suivante vient après celle-ci.")
        found.append(Violation("not_after_this_one", detail, "/next_meeting_on"))
    if found:
        raise InvalidInput(*found)
    if group.meetings.filter(held_on=held_on).exists():
        detail = _("Une réunion de ce groupe est déjà enregistrée ce jour-là.")
        raise RuleViolated(Violation("already_recorded", detail, "/held_on"))
    meeting = WorkingGroupMeeting(
        cooperation_id=group.cooperation_id, group=group, held_on=held_on, attendance=count, record=record
    )
    records.check(meeting)
    meeting.save(force_insert=True)
    meeting.attended.set(people)
    if group.next_meeting_on is None or group.next_meeting_on <= held_on or next_meeting_on is not None:
        group.next_meeting_on = next_meeting_on
    group.save(update_fields=["next_meeting_on"])
    journal.record(
        "working_group.met", group, actor=actor, held_on=held_on, attendance=count, next_meeting_on=next_meeting_on
    )
    return group


@transaction.atomic
def group_deliver(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    delivered_on: dt.date,
    output_text: str = "",
    output_file: StoredFile | None = None,
) -> WorkingGroup:
    """Hand over what the group produced, as a text, a file or both; once. Raises RuleViolated(`already_delivered`)."""
    group = _lock(pk, expected_version)
    _refuse_ended(group)
    found = _outside(group, clock.today(group.cooperation.zone), "/delivered_on", delivered_on)
    if output_file is None and not output_text.strip():
        found.append(Violation("required", _("Donnez un texte ou un fichier."), "/output_text"))
    if found:
        raise InvalidInput(*found)
    if group.delivered_on is not None:
        raise RuleViolated(Violation("already_delivered", _("La production de ce groupe est déjà remise.")))
    group.delivered_on, group.output_text, group.output_file = delivered_on, output_text, output_file
    group.save(update_fields=["delivered_on", "output_text", "output_file"])
    sha256 = output_file.sha256 if output_file else None
    journal.record("working_group.delivered", group, actor=actor, delivered_on=delivered_on, file_sha256=sha256)
    return group


@transaction.atomic
def group_end(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str, ended_on: dt.date | None = None
) -> WorkingGroup:
    """End the group, and the seats that were still held in it."""
    group = _lock(pk, expected_version)
    _refuse_ended(group)
    today = clock.today(group.cooperation.zone)
    day = ended_on or today
    met = group.meetings.filter(held_on__gt=day).exists()
    found = _outside(group, today, "/ended_on", day)
    if not found and (met or (group.delivered_on is not None and group.delivered_on > day)):
        found = [Violation("before_its_last_act", _("Le groupe a encore agi après ce jour."), "/ended_on")]
    if found:
        raise InvalidInput(*found)
    group.ended_on, group.end_reason, group.next_meeting_on = day, reason, None
    group.save(update_fields=["ended_on", "end_reason", "next_meeting_on"])
    for seat in group.members.filter(Q(until__isnull=True) | Q(until__gt=day)).order_by("pk"):
        seat.until = max(day, seat.since)
        seat.save(update_fields=["until"])
    journal.record("working_group.ended", group, actor=actor, reason=reason, ended_on=day)
    return group


@transaction.atomic
def group_restore_output(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, content: bytes
) -> WorkingGroup:
    """Bring back the bytes of an output that a dossier told of by its hash: the very same ones."""
    group = _lock(pk, expected_version)
    if group.output_file is None:
        raise RuleViolated(Violation("no_file", _("Ce groupe n’a remis aucun fichier.")))
    files.restore(group.output_file, content)
    journal.record("working_group.output_restored", group, actor=actor, file_sha256=group.output_file.sha256)
    return group


def _lock(pk: UUID, expected_version: int | None, *, names: bool = False) -> WorkingGroup:
    """`names`: the act puts somebody in charge, or seats them, who must not leave meanwhile."""
    if names:
        hold_people_of(WorkingGroup, pk)
    found = WorkingGroup.objects.select_related("cooperation", "lead").prefetch_related("output_file")
    group: WorkingGroup = lock(found, pk, expected_version)
    return group


def _not_ended(day: dt.date) -> Q:
    return Q(until__isnull=True) | Q(until__gte=day)


def _seat(
    group: WorkingGroup, person: Person, organisation: Organisation | None, capacity: str, since: dt.date
) -> WorkingGroupMember:
    seat = WorkingGroupMember(
        cooperation_id=group.cooperation_id,
        group=group,
        person=person,
        organisation=organisation,
        capacity=capacity,
        since=since,
    )
    records.check(seat)
    seat.save(force_insert=True)
    return seat


def _touch(group: WorkingGroup, done: str, actor: Actor, **payload: Any) -> None:
    """The group is what people read: its version follows its seats."""
    group.save(update_fields=[])
    journal.record(f"working_group.{done}", group, actor=actor, **payload)


def _refuse_ended(group: WorkingGroup) -> None:
    if group.ended_on is not None:
        raise RuleViolated(Violation("ended", _("Ce groupe est terminé.")))


def _outside(group: WorkingGroup, today: dt.date, at: str, day: dt.date) -> list[Violation]:
    """A fact of a group lies between its first day and today."""
    if day > today:
        return [Violation("in_the_future", _("Cette date est dans le futur."), at)]
    if day < group.since:
        return [Violation("before_the_start", _("Le groupe n’avait pas commencé."), at)]
    return []


def _date_violations(group: WorkingGroup) -> list[Violation]:
    detail = _("Le groupe n’avait pas commencé.")
    return [
        Violation("before_the_start", detail, f"/{name}")
        for name in ("output_due_on", "next_meeting_on")
        if (day := getattr(group, name)) is not None and day < group.since
    ]
