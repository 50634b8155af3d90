"""Who may do what with agreements. States, dates and texts belong to the rules."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from charters.rules.agreement_checks import SIGNATORY_ROLES
from coopproject import wording
from coopproject.api.policy import Policy, either, granted_to
from governance.actor import Actor
from governance.grants import coordinates, named, staff


@granted_to(wording.filled(_("%(roles)s d’une partie"), roles=named(*SIGNATORY_ROLES)))
def _heads_of_a_party(actor: Actor, obj: Any) -> bool:
    """The chair or the director of one of the parties; `obj` is an agreement or the input of one."""
    parties = getattr(obj, "parties", ())
    named = (
        [row.organisation_id for row in parties.all()]
        if hasattr(parties, "all")
        else [row["organisation"].pk for row in parties]
    )
    return any(
        actor.holds(obj.cooperation_id, SIGNATORY_ROLES, organisation_id=organisation_id) for organisation_id in named
    )


# A party binds itself only, and leaves by notice; what ends it for all otherwise is recorded by the coordination.
agreement = Policy(
    create=either(staff, _heads_of_a_party),
    update=either(staff, _heads_of_a_party),
    propose=either(coordinates, _heads_of_a_party),
    sign=_heads_of_a_party,
    withdraw=either(coordinates, _heads_of_a_party),
    give_notice=_heads_of_a_party,
    end=coordinates,
    amend=either(staff, _heads_of_a_party),
)
