"""Who may do what with charters. States, dates and texts belong to the rules."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from charters.speaking import COMMENTING, HEADS, may_speak_by
from coopproject import wording
from coopproject.api.policy import READ_ONLY, Grant, Policy, either, granted_to
from governance.actor import Actor
from governance.enums import RoleKind
from governance.grants import acts_for, coordinates, is_person, named, staff

_of_its_organisation: Grant = either(staff, acts_for("organisation_id", *HEADS))
_of_the_motivation: Grant = either(staff, acts_for("motivation.organisation_id", *HEADS))


def _for_a_partner(kinds: Sequence[RoleKind]) -> Grant:
    """A role of these kinds for a partner; for the very organisation that the input names, when it names one."""

    @granted_to(wording.filled(_("%(roles)s d’un partenaire des deux premiers cercles"), roles=named(*kinds)))
    def grant(actor: Actor, obj: Any) -> bool:
        organisation = getattr(obj, "organisation_id", None)
        return any(
            may_speak_by(role, obj.cooperation_id, kinds) and organisation in {None, role.organisation_id}
            for role in actor
        )

    return grant


@granted_to(named(RoleKind.COORDINATION, RoleKind.FACILITATION))
def _for_nobody(actor: Actor, obj: Any) -> bool:
    """Coordination and facilitation, in their own name."""
    return getattr(obj, "organisation_id", None) is None and staff(actor, obj)


_author: Grant = is_person("author_id", _("l’auteur"))

charter = Policy(
    create=coordinates, update=coordinates, archive=coordinates, record_review=staff, confirm_motivations=staff
)
charter_version = Policy(
    create=staff,
    update=staff,
    amend=staff,
    submit=coordinates,
    withdraw=coordinates,
    reject=coordinates,
    contest_editorial=_for_a_partner(HEADS),
)
article = Policy(create=staff, update=staff, destroy=staff)
charter_annex = Policy(create=staff, update=staff, destroy=staff, restore_file=staff)
motivation = Policy(
    create=_of_its_organisation,
    update=_of_its_organisation,
    destroy=_of_its_organisation,
    retire=_of_its_organisation,
)
expected_effect = Policy(
    create=_of_the_motivation, update=_of_the_motivation, destroy=_of_the_motivation, retire=_of_the_motivation
)
approval = READ_ONLY
article_comment = Policy(
    create=either(_for_nobody, _for_a_partner(COMMENTING)),
    update=_author,
    withdraw=_author,
    resolve=either(staff, _author),
    reopen=either(staff, _author),
)
