"""What waits for a person: the agreements that they may sign and that their organisation has not signed."""

import datetime as dt
from collections.abc import Iterator

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from charters.rules.agreement_checks import SIGNATORY_ROLES
from charters.selectors.agreements import missing_signatures
from governance.actor import Actor
from governance.models import Cooperation
from governance.waiting import Waiting


def provide(actor: Actor, on: dt.date) -> Iterator[Waiting]:
    """Each agreement once, for the chairs and directors of the parties that have not signed."""
    own = {(role.cooperation_id, role.organisation_id) for role in actor if role.kind in SIGNATORY_ROLES}
    cooperations = Cooperation.objects.filter(pk__in={cooperation_id for cooperation_id, _organisation in own})
    for cooperation in cooperations.order_by("pk"):
        for agreement, unsigned, since in missing_signatures(cooperation):
            if any((cooperation.pk, party.organisation_id) in own for party in unsigned):
                yield Waiting(
                    code="agreement_to_sign",
                    title=format_lazy(_("Signer la convention « {title} »"), title=agreement.title),
                    resource="agreements",
                    id=agreement.pk,
                    cooperation_id=cooperation.pk,
                    since=since,
                )
