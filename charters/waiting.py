"""What waits for a person: the votes of the boards on which they sit."""

import datetime as dt
from collections.abc import Iterator

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from charters.models import Charter
from charters.selectors import ballots
from governance.actor import Actor
from governance.enums import RoleKind
from governance.models import Cooperation
from governance.waiting import Waiting

_BOARD = (RoleKind.BOARD_CHAIR, RoleKind.BOARD_MEMBER)


def provide(actor: Actor, on: dt.date) -> Iterator[Waiting]:
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
