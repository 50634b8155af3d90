"""What waits for a person of the votes that their board holds here: their own vote, their session, a vote to settle."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from charters.enums import DeliberationState
from charters.models import BoardDeliberation, CharterVersion, Elector
from charters.models.deliberations import PENDING
from charters.policies_votes import leads_the_session
from charters.rules.entry_into_force import Wait
from charters.selectors import PartyRow
from coopproject import wording
from governance.actor import Actor
from governance.waiting import Waiting

_RESOURCE = "board-deliberations"
_SETTLE: dict[str | None, tuple[str, Any]] = {
    Wait.NO_QUORUM: ("vote_to_call_again", _("Convoquer de nouveau votre instance, sans quorum, sur {text}")),
    Wait.REVOTE: ("vote_to_call_again", _("Faire voter de nouveau votre instance, à égalité, sur {text}")),
    Wait.IRREGULAR_VOTE: ("vote_to_regularise", _("Régulariser le vote irrégulier de votre instance sur {text}")),
}


def to_settle(version: CharterVersion, row: PartyRow, vote: BoardDeliberation) -> Waiting:
    """A board whose last vote on this text approves nothing: without quorum, tied, irregular."""
    code, title = _SETTLE[row.waits_for]
    return Waiting(code, format_lazy(title, text=_text(version)), _RESOURCE, vote.pk, vote.cooperation_id, row.since)


def votes_of(actor: Actor) -> Iterator[Waiting]:
    """Each open vote in which this person has a vote and has not cast it."""
    mine = Elector.objects.filter(
        person=actor.person_id, deliberation__state=DeliberationState.OPEN, voted=False, recused=False
    )
    related = mine.select_related("deliberation__charter_version__charter").order_by("pk")
    for elector in related.defer("deliberation__charter_version__content"):
        vote = elector.deliberation
        title = format_lazy(_("Votre vote est attendu sur {text}"), text=_text(vote.charter_version))
        yield Waiting("vote_expected", title, _RESOURCE, vote.pk, vote.cooperation_id, vote.opened_on)


def sessions_of(actor: Actor, on: dt.date) -> Iterator[Waiting]:
    """For who leads them: those whose day has come, and open votes that everybody has cast or whose day is over."""
    pending = BoardDeliberation.objects.visible_to(actor).filter(state__in=PENDING, held_on__lte=on)
    related = pending.select_related("charter_version__charter").defer("charter_version__content")
    for vote in related.prefetch_related("electors").order_by("held_on", "pk"):
        if not leads_the_session(actor, vote):
            continue
        text = _text(vote.charter_version)
        if vote.state == DeliberationState.CONVENED:
            day = wording.day(vote.held_on)
            title = format_lazy(
                _("Ouvrir le vote de votre instance, convoquée le {day}, sur {text}"), text=text, day=day
            )
            yield Waiting("vote_to_open", title, _RESOURCE, vote.pk, vote.cooperation_id, vote.held_on)
        elif on > vote.held_on or all(elector.voted or elector.recused for elector in vote.electors.all()):
            title = format_lazy(_("Clore le vote de votre instance sur {text}"), text=text)
            yield Waiting("vote_to_close", title, _RESOURCE, vote.pk, vote.cooperation_id, vote.opened_on)


def _text(version: CharterVersion) -> Promise:
    return format_lazy(_("« {title} », version {number}"), title=version.charter.title, number=version.number)
