"""A person leaves a cooperation: what they held ends, what they leave is taken by somebody or stays open knowingly."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coopproject import clock, wording
from coopproject.exceptions import InvalidInput, NotAllowed, RuleViolated, Violation
from coopproject.locking import lock
from governance import departures, journal, policies
from governance import handovers as registry
from governance.actor import Actor
from governance.departures import Consequence
from governance.enums import Confidentiality
from governance.handovers import Leaving, Matter
from governance.models import Cooperation, JournalEntry, Person, Role
from governance.rules.belonging import Period
from governance.rules.confidentiality import highest
from governance.rules.leaving import Answer, Left, answer_violations, day_violations, nothing_violations, pointer_of
from governance.services import records, roles


@dataclass(frozen=True)
class Handover:
    """The answer to one consequence: who takes it, or why it stays open."""

    to: Person | None = None
    left_open: str = ""


@transaction.atomic
def person_leave(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    cooperation: Cooperation,
    reason: str,
    left_on: dt.date | None = None,
    handovers: Mapping[str, Handover] | None = None,
) -> Person:
    """Leave a cooperation on `left_on` (today), the last day: roles and mandates end, each consequence is answered.

    `handovers`: by the key of the consequence. What the actor may not know of is not asked of them: it ends all the
    same, and the signs of its app tell of it. Raises NotAllowed; RuleViolated for a day that cannot be the last, on
    which all the rest depends; then with every reason at once: one `handover_missing` for each thing without its
    answer, and what refuses each successor. Nothing is done then.
    """
    cooperation = lock(Cooperation.objects.all(), cooperation.pk)
    answered = dict(handovers or {})
    _lock_people(pk, answered.values())
    person = lock(Person.objects.all(), pk, expected_version)
    if not policies.sees_off(actor, person, cooperation.pk):
        raise NotAllowed(policies.person.refusal("leave"))
    today = clock.today(cooperation.zone)
    leaving = Leaving(actor, cooperation, person, left_on or today, reason)
    # Every row that will be written, before the first entry of the journal.
    registry.hold(cooperation, person.pk)
    held = _held(leaving)
    periods = [Period(role.since, role.until) for role in held]
    if found := list(day_violations(last_day=leaving.last_day, today=today, roles=periods)):
        raise RuleViolated(*found)
    left = {item.key: item for item in departures.of_person(actor, cooperation, person.pk, leaving.last_day)}
    found = list(nothing_violations(holds=bool(held), leaves=bool(left)))
    found += list(
        answer_violations(
            (_left(item) for item in left.values()),
            {key: Answer(taken=answer.to is not None) for key, answer in answered.items()},
        )
    )
    wrong = {violation.pointer.removesuffix("/to").removesuffix("/left_open") for violation in found}
    matters = [
        _Answered(left[key], matter, answer)
        for key, answer in sorted(answered.items())
        if pointer_of(key) not in wrong and (matter := _matter(left[key])) is not None
    ]
    taken = []
    for item in matters:
        refused = list(_taken(leaving, item))
        found += refused
        if not refused and item.answer.to is not None:
            taken.append((item.answer.to, item.where))
    # Once every role is given: what somebody takes may come with the role that lets them stay.
    for to, where in taken:
        found += _gone_by_then(leaving, to, where)
    if found:
        raise RuleViolated(*found)
    _end(leaving, held, matters)
    return person


@dataclass(frozen=True)
class _Answered:
    consequence: Consequence
    matter: Matter
    answer: Handover

    @property
    def where(self) -> str:
        """Where the answer names the successor."""
        return f"{pointer_of(self.consequence.key)}/to"

    @property
    def obj(self) -> Any:
        return self.matter.model.objects.get(pk=self.consequence.id)

    def as_data(self) -> dict[str, Any]:
        """For the journal: identifiers and what was said, no name."""
        data: dict[str, Any] = {name: getattr(self.consequence, name) for name in ("code", "resource", "id")}
        return data | ({"to": self.answer.to.pk} if self.answer.to else {"why": self.answer.left_open})


def _lock_people(pk: UUID, answers: Iterable[Handover]) -> None:
    """In one order, so that two people who leave two cooperations to each other wait and do not collide."""
    people = {pk, *(answer.to.pk for answer in answers if answer.to is not None)}
    list(
        Person.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk").values_list("pk", flat=True)
    )


def _held(leaving: Leaving) -> list[Role]:
    """The roles that the person would not keep, those that have not begun included."""
    here = Role.objects.filter(cooperation=leaving.cooperation, person=leaving.person)
    return list(here.filter(Q(until__isnull=True) | Q(until__gt=leaving.last_day)).order_by("since", "pk"))


def _matter(consequence: Consequence) -> Matter | None:
    return registry.matter_of(consequence.code)


def _left(consequence: Consequence) -> Left:
    matter = _matter(consequence)
    return Left(
        consequence.key,
        consequence.title,
        consequence.clears,
        asks=matter is not None,
        blocking=consequence.blocking,
        reassignable=matter is not None and matter.take is not None,
    )


def _taken(leaving: Leaving, item: _Answered) -> Iterator[Violation]:
    """Let the successor take it, by the services of its app; what refuses it, pointing at the answer."""
    to, where = item.answer.to, item.where
    if to is None or item.matter.take is None:
        return
    if found := list(_cannot_take(leaving, to, where)):
        yield from found
        return
    try:
        with transaction.atomic():
            item.matter.take(leaving, item.obj, to)
    except NotAllowed as refused:
        yield Violation("not_yours_to_give", refused.detail, where)
    except (RuleViolated, InvalidInput) as refused:
        for violation in refused.violations:
            yield Violation(violation.code, violation.detail, where)


def _cannot_take(leaving: Leaving, to: Person, where: str) -> Iterator[Violation]:
    if to.pk == leaving.person.pk:
        yield Violation("leaves_too", _("C’est la personne qui part."), where)
    elif not Role.objects.filter(cooperation=leaving.cooperation, person=to).exists():
        detail = _("Cette personne n’est pas connue de la coopération : donnez-lui d’abord un rôle.")
        yield Violation("not_in_the_cooperation", detail, where)


def _gone_by_then(leaving: Leaving, to: Person, where: str) -> Iterator[Violation]:
    """Why the successor would not be there either: no role the day after, or their own departure is said already.

    What they leave was answered when they said it: what comes to them since would be left to nobody, unasked.
    """
    here = Role.objects.filter(cooperation=leaving.cooperation, person=to)
    # A departure may be told afterwards: what is handed over is handed over today.
    day = max(leaving.next_day, clock.today(leaving.cooperation.zone))
    if not here.in_force(day).exists():
        detail = _("Cette personne n’exercera plus aucun rôle dans la coopération le %(day)s.")
        yield Violation("gone_by_then", wording.filled(detail, day=wording.day(day)), where)
        return
    last = JournalEntry.objects.filter(
        chain=str(leaving.cooperation.pk), act="person.left", object_type=to._meta.label_lower, object_id=str(to.pk)
    ).order_by("sequence")
    if (entry := last.last()) is not None:
        left_on = dt.date.fromisoformat(entry.payload["left_on"])
        if not here.filter(Q(until__isnull=True) | Q(until__gt=left_on)).exists():
            detail = _("Cette personne part aussi, le %(day)s.")
            yield Violation("leaves_too", wording.filled(detail, day=wording.day(left_on)), where)


def _end(leaving: Leaving, held: list[Role], matters: list[_Answered]) -> None:
    """End what the person held, then say in the journal what became of what they leave."""
    ended = [role for role in held if role.since <= leaving.last_day]
    never_begun = [role for role in held if role.since > leaving.last_day]
    for role in ended:
        roles.end(role, leaving.last_day, actor=leaving.actor, reason=leaving.reason)
    listed = registry.end(leaving)
    levels = [str(Confidentiality.NETWORK)]
    handed_over: list[dict[str, Any]] = []
    left_open: list[dict[str, Any]] = []
    for item in matters:
        obj = item.obj
        level = journal.level_of(obj)
        if item.answer.to is None:
            _journal_left_open(leaving, item, obj)
        # What one organisation alone may know of is told by its own entry.
        if level != Confidentiality.RESTRICTED:
            levels.append(level)
            (left_open if item.answer.to is None else handed_over).append(item.as_data())
    organisations = {role.organisation_id for role in held}
    journal.record(
        "person.left",
        leaving.person,
        actor=leaving.actor,
        cooperation_id=leaving.cooperation.pk,
        on_behalf_of=organisations.pop() if len(organisations) == 1 else None,
        reason=leaving.reason,
        confidentiality=highest(*levels),
        left_on=leaving.last_day,
        roles_ended=[role.pk for role in ended],
        roles_never_begun=[role.pk for role in never_begun],
        handed_over=handed_over,
        left_open=left_open,
        **listed,
    )
    for role in never_begun:
        role.delete()


def _journal_left_open(leaving: Leaving, item: _Answered, obj: Any) -> None:
    """On the thing itself, at its own level: what `governance.left_open` reads."""
    journal.record(
        f"{records.object_name(obj)}.left_open",
        obj,
        actor=leaving.actor,
        on_behalf_of=getattr(obj, "organisation_id", None),
        reason=item.answer.left_open,
        code=item.consequence.code,
        person=leaving.person.pk,
        left_on=leaving.last_day,
    )
