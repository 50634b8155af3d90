"""What charters knows that a person leaves behind: votes that they lead or are awaited in, proxies that they hold."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charters.enums import DeliberationState
from charters.models import BoardDeliberation, Elector, Proxy
from charters.models.deliberations import PENDING
from charters.selectors.electorate import BOARD_KINDS
from coopproject import wording
from governance.actor import Actor
from governance.departures import Consequence
from governance.departures.people import give_role
from governance.enums import RoleKind
from governance.handovers import DAY, Leaving, LeftOpen, Matter
from governance.models import Cooperation, Person, Role

_VOTES = "board-deliberations"


def of_person(actor: Actor, cooperation: Cooperation, person_id: UUID, on: dt.date) -> Iterator[Consequence]:
    """The votes of their boards that nobody would lead, their own vote in each, and the votes entrusted to them."""
    seats = Role.objects.filter(
        Q(until__isnull=True) | Q(until__gt=on), cooperation=cooperation, person=person_id, kind__in=BOARD_KINDS
    )
    pending = BoardDeliberation.objects.visible_to(actor).filter(cooperation=cooperation, state__in=PENDING)
    own = set(seats.order_by().values_list("organisation_id", flat=True))
    led = _Leaders(cooperation, on + DAY, without=person_id)
    votes = list(pending.select_related("charter_version__charter", "organisation").order_by("held_on", "pk"))
    awaited = _awaited(person_id, votes)
    entrusted = _entrusted(votes, holder=person_id)
    for vote in votes:
        title = vote.charter_version.charter.title
        if vote.organisation_id in own and not led.lead(vote):
            yield Consequence(
                "vote_without_chair",
                wording.filled(_("Plus personne ne pourrait ouvrir ni clore le vote de « %(title)s »."), title=title),
                _("Confier la présidence à une autre personne, clore le vote avant, ou dire pourquoi il attend."),
                _VOTES,
                vote.pk,
                day=vote.held_on,
            )
        if vote.pk in awaited:
            yield Consequence(
                "vote_to_cast",
                wording.filled(_("Son vote sur « %(title)s » est attendu, et le reste après son départ."), title=title),
                _("Voter, se déporter ou donner pouvoir avant le départ."),
                _VOTES,
                vote.pk,
                day=vote.held_on,
            )
        elif vote.state == DeliberationState.CONVENED and vote.organisation_id in own and vote.held_on > on:
            yield Consequence(
                "seat_in_convened_vote",
                wording.filled(_("Son instance votera « %(title)s » sans elle ou lui."), title=title),
                _("Rien à faire, ou pourvoir son siège avant la séance."),
                _VOTES,
                vote.pk,
                day=vote.held_on,
            )
        if vote.pk in entrusted:
            yield Consequence(
                "proxy_without_holder",
                wording.filled(_("Un pouvoir lui est confié pour le vote de « %(title)s »."), title=title),
                _("Que la personne représentée le reprenne ou vote elle-même ; sinon, dire pourquoi il attend."),
                _VOTES,
                vote.pk,
                day=vote.held_on,
            )


class _Leaders:
    """Who may open and close the votes of a cooperation on a day (`policies_votes.leads_the_session`)."""

    def __init__(self, cooperation: Cooperation, day: dt.date, *, without: UUID | None = None) -> None:
        rows = Role.objects.in_force(day).filter(cooperation=cooperation, kind__in=BOARD_KINDS).exclude(person=without)
        seats = list(rows.order_by("pk").values_list("organisation_id", "person_id", "kind"))
        self._chaired = {organisation for organisation, _person, kind in seats if kind == RoleKind.BOARD_CHAIR}
        self._seats = {(organisation, person) for organisation, person, _kind in seats}

    def lead(self, vote: BoardDeliberation) -> bool:
        convened = vote.recorded_by_id is not None and (vote.organisation_id, vote.recorded_by_id) in self._seats
        return vote.organisation_id in self._chaired or convened


def _awaited(person_id: UUID, votes: Sequence[BoardDeliberation]) -> set[UUID]:
    electors = Elector.objects.filter(
        person=person_id,
        deliberation__in=[vote.pk for vote in votes if vote.state == DeliberationState.OPEN],
        voted=False,
        recused=False,
    )
    return set(electors.order_by().values_list("deliberation_id", flat=True))


def _entrusted(votes: Sequence[BoardDeliberation], *, holder: UUID) -> set[UUID]:
    standing = Proxy.objects.filter(
        holder=holder, used=False, revoked_on__isnull=True, deliberation__in=[vote.pk for vote in votes]
    )
    return set(standing.order_by().values_list("deliberation_id", flat=True))


def _take_chair(leaving: Leaving, vote: BoardDeliberation, to: Person) -> None:
    give_role(leaving, RoleKind.BOARD_CHAIR, vote.organisation, to)


def _votes_unsettled(cooperation: Cooperation, left: Sequence[LeftOpen], on: dt.date) -> Iterable[LeftOpen]:
    led = _Leaders(cooperation, on)
    return (item for item in left if item.obj.state in PENDING and not led.lead(item.obj))


def _proxies_unsettled(cooperation: Cooperation, left: Sequence[LeftOpen], on: dt.date) -> Iterable[LeftOpen]:
    pending = [item for item in left if item.obj.state in PENDING]
    standing = Proxy.objects.filter(
        deliberation__in=[item.obj.pk for item in pending], used=False, revoked_on__isnull=True
    )
    held = set(standing.order_by().values_list("deliberation_id", "holder_id"))
    return (item for item in pending if (item.obj.pk, item.person_id) in held)


def _title(vote: BoardDeliberation) -> str:
    return vote.charter_version.charter.title


MATTERS = {
    "vote_without_chair": Matter(
        BoardDeliberation, _title, _votes_unsettled, _("Donner à l’instance une présidence."), _take_chair
    ),
    "proxy_without_holder": Matter(
        BoardDeliberation, _title, _proxies_unsettled, _("Que la personne représentée reprenne son pouvoir.")
    ),
}
