"""Who may do what with people, organisations and what ties them to a cooperation."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from coopproject.api.policy import Grant, Policy, either, granted_to
from governance.actor import Actor
from governance.enums import RoleKind
from governance.grants import acts_for, coordinates, is_operator, is_person, named, of_the_organisation, staff
from governance.selectors.identity import open_cooperation_ids

BOARD = (RoleKind.BOARD_CHAIR, RoleKind.BOARD_MEMBER)
HEADS = (RoleKind.BOARD_CHAIR, RoleKind.DIRECTOR)
# Given by whoever heads an organisation to those who act for it.
OWN_KINDS = frozenset({*BOARD, RoleKind.DIRECTOR, RoleKind.PILOT, RoleKind.EMPLOYEES_CONTACT})


@granted_to(_("quiconque a un compte"))
def signed_in(actor: Actor, obj: Any) -> bool:
    """Whoever has an account."""
    return actor.is_authenticated


@granted_to(_("le compte concerné"))
def owns(actor: Actor, obj: Any) -> bool:
    """The very account to which the object belongs."""
    return actor.user is not None and obj.user_id == actor.user.pk


@granted_to(named(RoleKind.COORDINATION))
def coordinates_anywhere(actor: Actor, obj: Any) -> bool:
    """A coordinator of any cooperation."""
    return any(role.kind == RoleKind.COORDINATION for role in actor.roles)


@granted_to(_("la personne elle-même"))
def is_self(actor: Actor, obj: Any) -> bool:
    return actor.person_id is not None and obj.pk == actor.person_id


@granted_to(_("coordination de toutes les coopérations où agit une personne sans compte"))
def keeps_record(actor: Actor, obj: Any) -> bool:
    """Coordination keeps the record of a person who cannot sign in, and only if it coordinates wherever they act.

    An address changed from one cooperation must not divert what another sends.
    """
    if getattr(obj, "account", None) is not None:
        return False
    cooperations = {role.cooperation_id for role in obj.roles.all()}
    return bool(cooperations) and all(actor.holds(pk, (RoleKind.COORDINATION,)) for pk in cooperations)


def sees_off(actor: Actor, person: Any, cooperation_id: Any) -> bool:
    """Says what becomes of what somebody leaves in a cooperation: the person, its coordination, or the head of the
    organisation for which they hold, and held, all their roles there."""
    here = {role.organisation_id for role in person.roles.all() if role.cooperation_id == cooperation_id}
    if not here:
        return False
    if is_self(actor, person) or actor.holds(cooperation_id, (RoleKind.COORDINATION,)):
        return True
    only = here.pop() if len(here) == 1 else None
    return only is not None and actor.holds(cooperation_id, HEADS, organisation_id=only)


@granted_to(_("la personne elle-même"), named(RoleKind.COORDINATION), of_the_organisation(*HEADS))
def sees_off_somewhere(actor: Actor, obj: Any) -> bool:
    """The same for one cooperation at least: the act names which."""
    return any(sees_off(actor, obj, pk) for pk in {role.cooperation_id for role in obj.roles.all()})


def _organisation(obj: Any, path: str) -> Any:
    for part in path.split("."):
        obj = getattr(obj, part) if part else obj
    return obj


def answers_for(path: str = "") -> Grant:
    """Head of the organisation at this path, in any cooperation; or coordination of one of which it is a member."""

    @granted_to(of_the_organisation(*HEADS), _("coordination d’une coopération dont elle est membre"))
    def grant(actor: Actor, obj: Any) -> bool:
        organisation = _organisation(obj, path)
        if any(role.kind in HEADS and role.organisation_id == organisation.pk for role in actor.roles):
            return True
        coordinated = {role.cooperation_id for role in actor.roles if role.kind == RoleKind.COORDINATION}
        return bool(coordinated) and not coordinated.isdisjoint(open_cooperation_ids(organisation))

    return grant


@granted_to(_("coordination, pour une organisation qui n’est membre nulle part ou dont elle répond déjà"))
def ties(actor: Actor, obj: Any) -> bool:
    """Coordination ties to its cooperation an organisation that is a member nowhere, or for which it answers already.

    Membership lets the new coordination write the organisation's record, which all its cooperations share.
    """
    if not coordinates(actor, obj):
        return False
    return not open_cooperation_ids(obj.organisation) or answers_for("organisation")(actor, obj)


@granted_to(named(RoleKind.COORDINATION), _("présidence, direction de l’organisation, pour qui agit en son nom"))
def appoints(actor: Actor, obj: Any) -> bool:
    """Coordination gives any role; the head of an organisation those that are exercised for it."""
    return coordinates(actor, obj) or (obj.kind in OWN_KINDS and acts_for("organisation_id", *HEADS)(actor, obj))


@granted_to(_("quiconque tient un rôle dans une coopération"))
def belongs_somewhere(actor: Actor, obj: Any) -> bool:
    """Whoever holds a role in a cooperation: nobody else has anything to attach a file to."""
    return actor.person_id is not None and bool(actor.roles)


@granted_to(_("qui a envoyé le fichier"))
def uploaded(actor: Actor, obj: Any) -> bool:
    """The very person who sent the file."""
    return actor.person_id is not None and obj.uploaded_by_id == actor.person_id


_heads = acts_for("organisation_id", *HEADS)

token = Policy(create=signed_in, destroy=owns)
stored_file = Policy(create=belongs_somewhere, destroy=uploaded)
_record = either(is_self, keeps_record)
person = Policy(create=coordinates, update=_record, leave=sees_off_somewhere, export=_record, erase=_record)
organisation = Policy(create=either(coordinates, is_operator), update=answers_for(), record_headcounts=answers_for())
figure = Policy(create=answers_for("organisation"), update=answers_for("organisation"))
cooperation = Policy(create=either(is_operator, coordinates_anywhere), update=coordinates)
membership = Policy(
    create=either(ties, is_operator),
    update=either(coordinates, acts_for("organisation_id", *HEADS)),
    move=coordinates,
    complete_step=staff,
    undo_step=staff,
    give_notice=either(coordinates, acts_for("organisation_id", *HEADS)),
    leave=either(coordinates, acts_for("organisation_id", *HEADS)),
)
role = Policy(create=appoints, update=coordinates, end=either(appoints, is_person("person_id")))
board = Policy(create=answers_for("organisation"), update=answers_for("organisation"))
voting_rule = Policy(create=answers_for("board.organisation"), update=answers_for("board.organisation"))
readiness_assessment = Policy(create=_heads, update=_heads, submit=_heads, reopen=_heads)
arbitration_grid = Policy(create=_heads, update=_heads, submit=_heads, reopen=_heads)
