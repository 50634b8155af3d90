"""What charters knows of a move between circles: who is asked for its vote, and what would enter into force.

The same reader as for real (`EntryReader`), on the same rows, with one stay changed in memory.
"""

from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from charters.enums import VersionState
from charters.models import (
    Agreement,
    Approval,
    Article,
    ArticleComment,
    BoardDeliberation,
    Charter,
    CharterAnnex,
    CharterVersion,
    ExpectedEffect,
    Motivation,
)
from charters.models.deliberations import PENDING
from charters.rules.entry_into_force import PartyStatus
from charters.selectors.entry import EntryReader
from charters.selectors.record import Record
from coopproject import wording
from governance.actor import Actor
from governance.models import Cooperation
from governance.simulations import Effect, Move

# What this app serves in lists at a level.
LISTS = (
    Charter,
    CharterVersion,
    Article,
    CharterAnnex,
    ArticleComment,
    Motivation,
    ExpectedEffect,
    BoardDeliberation,
    Approval,
    Agreement,
)
_AWAITED = (PartyStatus.PENDING, PartyStatus.STALE)


def on_votes(actor: Actor, cooperation: Cooperation, move: Move) -> Iterator[Effect]:
    """For each text before the boards or in force that the actor may know of, what the move changes."""
    versions = CharterVersion.objects.visible_to(actor).filter(
        cooperation=cooperation,
        state__in=[VersionState.SUBMITTED, VersionState.IN_FORCE],
        charter__archived_on__isnull=True,
    )
    for version in versions.select_related("charter__cooperation").order_by("pk"):
        record = Record([version])
        record.belonging(cooperation.pk)[str(move.organisation_id)].move(move.after, move.since)
        before, after = EntryReader(version, move.on), EntryReader(version, move.on, record)
        yield from _party(version, move.organisation_id, before, after)
        if version.state == VersionState.SUBMITTED:
            yield from _entry(version, before, after)


def _party(version: CharterVersion, organisation_id: UUID, before: EntryReader, after: EntryReader) -> Iterator[Effect]:
    """Whether its board becomes one of those called to approve, or stops being."""
    was, will_be = (any(party.id == str(organisation_id) for party in reader.parties()) for reader in (before, after))
    title = version.charter.title
    if will_be and not was:
        sentence = _("Son instance serait appelée à approuver « %(title)s ».")
        yield Effect("becomes_asked", wording.filled(sentence, title=title), "charter-versions", version.pk)
    if was and not will_be:
        sentence = _("Son instance ne serait plus appelée à approuver « %(title)s ».")
        yield Effect("stops_being_asked", wording.filled(sentence, title=title), "charter-versions", version.pk)
        under_way = BoardDeliberation.objects.filter(
            charter_version=version, organisation=organisation_id, state__in=PENDING
        )
        for vote in under_way.order_by("pk"):
            sentence = _("Le vote en cours de son instance sur « %(title)s » serait abandonné.")
            yield Effect("vote_given_up", wording.filled(sentence, title=title), "board-deliberations", vote.pk)


def _entry(version: CharterVersion, before: EntryReader, after: EntryReader) -> Iterator[Effect]:
    """Whether the rule of the text would be met by the move, out of reach because of it, or still waits and for whom.

    Said of every text before the boards: that a move changes nothing to it is worth knowing before the vote.
    """
    was, will_be, title = before.read(), after.read(), version.charter.title
    if will_be.in_force:
        by_the_move = not was.in_force
        sentence = (
            _("« %(title)s » entrerait en vigueur.")
            if by_the_move
            else _("« %(title)s » entrerait en vigueur ce jour-là, avec ou sans ce changement.")
        )
        code = "enters_into_force" if by_the_move else "enters_anyway"
        yield Effect(code, wording.filled(sentence, title=title), "charter-versions", version.pk, day=will_be.enters_on)
        return
    if will_be.enters_on is not None:
        sentence = _("« %(title)s » n’attendrait plus que sa date d’effet.")
        yield Effect(
            "waits_for_its_day",
            wording.filled(sentence, title=title),
            "charter-versions",
            version.pk,
            day=will_be.enters_on,
        )
        return
    if was.enters_on is not None:
        sentence = _("« %(title)s » ne remplirait plus sa règle d’entrée en vigueur.")
        yield Effect("rule_no_longer_met", wording.filled(sentence, title=title), "charter-versions", version.pk)
    if before.still_reachable() and not after.still_reachable():
        sentence = _("« %(title)s » ne pourrait plus entrer en vigueur.")
        yield Effect("entry_out_of_reach", wording.filled(sentence, title=title), "charter-versions", version.pk)
        return
    if will_be.problems:
        sentence = _("« %(title)s » n’entrerait pas en vigueur : %(why)s")
        why = wording.filled(sentence, title=title, why=will_be.problems[0].detail)
        yield Effect("entry_impeded", why, "charter-versions", version.pk)
        return
    waited = tuple(row.organisation_id for row in will_be.parties if row.status in _AWAITED)
    sentence = _("« %(title)s » attendrait encore (%(formula)s).")
    yield Effect(
        "still_waits",
        wording.filled(sentence, title=title, formula=will_be.formula),
        "charter-versions",
        version.pk,
        organisations=waited,
    )
