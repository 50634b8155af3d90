"""What waits for a person: the votes of the boards on which they sit, the comments on the drafts that they write, the
reviews that they coordinate."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from charters.enums import VersionState
from charters.models import ArticleComment, Charter, CharterVersion
from charters.rules.entry_into_force import MEETING, Wait
from charters.selectors import PartyRow, ballots, corrections, entries_in_force, review_due_on, versions_in_force
from charters.speaking import HEADS, STAFF, may_speak_by
from charters.waiting_votes import sessions_of, to_settle, votes_of
from coopproject import clock, wording
from governance.actor import Actor
from governance.enums import RoleKind
from governance.models import Cooperation
from governance.waiting import Waiting

# How long before its term a review is announced to coordination: a convention of this project (confidence K).
ANNOUNCED = dt.timedelta(days=30)
_BOARD = (RoleKind.BOARD_CHAIR, RoleKind.BOARD_MEMBER)


def provide(actor: Actor, on: dt.date) -> Iterator[Waiting]:
    """Everything of charters that this person is expected to do."""
    yield from votes_of(actor)
    yield from sessions_of(actor, on)
    yield from _votes(actor, on)
    yield from _threads(actor)
    yield from _reviews(actor, on)
    yield from _corrections(actor, on)


def _corrections(actor: Actor, on: dt.date) -> Iterator[Waiting]:
    """Each correction without vote: to be checked by the heads of the parties, taken back by staff once contested."""
    for cooperation in Cooperation.objects.filter(pk__in=actor.cooperation_ids).order_by("pk"):
        heads = {role.organisation_id for role in actor if may_speak_by(role, cooperation.pk, HEADS)}
        known = CharterVersion.objects.visible_to(actor)
        for correction in corrections(cooperation, on):
            version = correction.version
            if correction.contests and actor.holds(cooperation.pk, STAFF):
                code, since = (
                    "correction_contested",
                    clock.local_date(correction.contests[0].contested_at, cooperation.zone),
                )
                title = format_lazy(
                    _("Retirer la correction contestée de « {title} » et la faire voter"), title=version.charter.title
                )
            elif not correction.contests and on <= correction.until and heads & correction.parties:
                code, since = "correction_to_check", correction.submitted_on
                title = format_lazy(
                    _("Vérifier la correction de « {title} » : sans contestation, elle entre en vigueur le {day}"),
                    title=version.charter.title,
                    day=wording.day(correction.entry.enters_on or correction.until),
                )
            else:
                continue
            if known.filter(pk=version.pk).exists():
                yield Waiting(code, title, "charter-versions", version.pk, cooperation.pk, since)


def _threads(actor: Actor) -> Iterator[Waiting]:
    """Each draft that this person writes with others and of which somebody waits for an answer."""
    staffed = {role.cooperation_id for role in actor if role.kind in STAFF}
    drafts = CharterVersion.objects.visible_to(actor).filter(state=VersionState.DRAFT, cooperation__in=staffed)
    for draft in drafts.select_related("charter__cooperation").order_by("pk"):
        threads = ArticleComment.objects.unresolved().filter(charter_version__charter=draft.charter_id)
        written = list(threads.order_by("written_at").values_list("written_at", flat=True))
        if written:
            sentence = ngettext_lazy(
                "%(count)d fil ouvert sur le brouillon de « %(title)s »",
                "%(count)d fils ouverts sur le brouillon de « %(title)s »",
                len(written),
            )
            yield Waiting(
                code="threads_open",
                title=wording.filled(sentence, count=len(written), title=draft.charter.title),
                resource="charter-versions",
                id=draft.pk,
                cooperation_id=draft.cooperation_id,
                since=clock.local_date(written[0], draft.charter.cooperation.zone),
            )


def _votes(actor: Actor, on: dt.date) -> Iterator[Waiting]:
    """Each text that a board of this person may vote now and has not, once per organisation: one before the boards, one
    in force that it has not approved yet, one whose approval is stale."""
    seats = {(role.cooperation_id, role.organisation_id) for role in actor if role.kind in _BOARD}
    cooperations = Cooperation.objects.filter(pk__in={cooperation_id for cooperation_id, _seat in seats})
    for cooperation in cooperations.order_by("pk"):
        known = set(Charter.objects.visible_to(actor).filter(cooperation=cooperation).values_list("pk", flat=True))
        for version, rows, title in _asked(cooperation, on):
            for row in rows:
                if version.charter_id not in known or (cooperation.pk, row.organisation_id) not in seats:
                    continue
                if row.waits_for in MEETING:
                    continue
                if row.vote is not None:
                    yield to_settle(version, row, row.vote)
                    continue
                yield Waiting(
                    code="approval_waiting",
                    title=format_lazy(title, title=version.charter.title, number=version.number),
                    resource="charter-versions",
                    id=version.pk,
                    cooperation_id=cooperation.pk,
                    since=row.since,
                )


def _asked(cooperation: Cooperation, on: dt.date) -> Iterator[tuple[CharterVersion, Iterable[PartyRow], Any]]:
    asked = _("Faire voter par votre instance « {title} », version {number}")
    for ballot in ballots(cooperation, on):
        irregular = (row for row in ballot.held_back if row.waits_for == Wait.IRREGULAR_VOTE)
        yield ballot.version, (*ballot.awaited, *irregular), asked
    for entry in entries_in_force(cooperation, on):
        yield entry.version, entry.newcomers, asked
        yield entry.version, entry.awaited, _("Faire confirmer par votre instance « {title} », version {number}")


def _reviews(actor: Actor, on: dt.date) -> Iterator[Waiting]:
    mine = {role.cooperation_id for role in actor if role.kind == RoleKind.COORDINATION}
    for cooperation in Cooperation.objects.filter(pk__in=mine).order_by("pk"):
        for version in versions_in_force(cooperation):
            announced = review_due_on(version) - ANNOUNCED
            if announced <= on:
                yield Waiting(
                    code="charter_review_due",
                    title=format_lazy(
                        _("Réviser la charte « {title} » au plus tard le {day}"),
                        title=version.charter.title,
                        day=wording.day(review_due_on(version)),
                    ),
                    resource="charters",
                    id=version.charter_id,
                    cooperation_id=cooperation.pk,
                    since=announced,
                    due_on=review_due_on(version),
                )
