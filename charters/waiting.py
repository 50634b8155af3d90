"""What waits for a person: the votes of the boards on which they sit, the comments on the drafts that they write."""

import datetime as dt
from collections.abc import Iterator

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from charters.enums import VersionState
from charters.models import ArticleComment, Charter, CharterVersion
from charters.selectors import ballots
from charters.speaking import STAFF
from coopproject import clock, wording
from governance.actor import Actor
from governance.enums import RoleKind
from governance.models import Cooperation
from governance.waiting import Waiting

_BOARD = (RoleKind.BOARD_CHAIR, RoleKind.BOARD_MEMBER)


def provide(actor: Actor, on: dt.date) -> Iterator[Waiting]:
    """Everything of charters that this person is expected to do."""
    yield from _votes(actor, on)
    yield from _threads(actor)


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
                since=clock.local_date(written[0], draft.charter.cooperation.zone),
            )


def _votes(actor: Actor, on: dt.date) -> Iterator[Waiting]:
    """Each text before the boards that a board of this person may vote now and has not, once per organisation."""
    seats = {(role.cooperation_id, role.organisation_id) for role in actor if role.kind in _BOARD}
    cooperations = Cooperation.objects.filter(pk__in={cooperation_id for cooperation_id, _seat in seats})
    for cooperation in cooperations.order_by("pk"):
        known = set(Charter.objects.visible_to(actor).filter(cooperation=cooperation).values_list("pk", flat=True))
        for ballot in ballots(cooperation, on):
            if ballot.version.charter_id not in known:
                continue
            for row in ballot.awaited:
                if (cooperation.pk, row.organisation_id) in seats:
                    yield Waiting(
                        code="approval_waiting",
                        title=format_lazy(
                            _("Faire voter par votre instance « {title} », version {number}"),
                            title=ballot.version.charter.title,
                            number=ballot.version.number,
                        ),
                        resource="charter-versions",
                        id=ballot.version.pk,
                        since=row.since,
                    )
