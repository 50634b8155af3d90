"""Who acts: the person, their roles today, and what they may know of. Built once per request, read everywhere.

Services, policies and `visible_to` receive an `Actor`, never a request. A batch or a tick acts as `Actor.system(...)`.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q

from coopproject import clock
from coopproject.logs import request_id as current_request_id
from coopproject.withholding import Unnamed
from governance.enums import CircleKind, Confidentiality, RoleKind

if TYPE_CHECKING:
    from governance.models import User
    from governance.selectors.clauses import Hidden

_CIRCLE_LEVELS: dict[str, tuple[Confidentiality, ...]] = {
    CircleKind.NETWORK: (Confidentiality.PUBLIC, Confidentiality.NETWORK),
    CircleKind.ACTIVE: (Confidentiality.PUBLIC, Confidentiality.NETWORK, Confidentiality.ACTIVE),
    CircleKind.CORE: (Confidentiality.PUBLIC, Confidentiality.NETWORK, Confidentiality.ACTIVE, Confidentiality.CORE),
}
_ALL = frozenset(Confidentiality) - {Confidentiality.RESTRICTED}
_STAFF = (RoleKind.COORDINATION, RoleKind.FACILITATION)
_BOARD = (RoleKind.BOARD_CHAIR, RoleKind.BOARD_MEMBER)
_GUESTS = (RoleKind.FUNDER, RoleKind.OBSERVER)


@dataclass(frozen=True)
class HeldRole:
    """One role in force today. `circle` is that of the organisation in this cooperation, None when not a member."""

    cooperation_id: UUID
    organisation_id: UUID | None
    kind: str
    circle: str | None

    @property
    def counts(self) -> bool:
        """A role on behalf of an organisation ends with its membership; staff and guests need none."""
        return self.kind in _STAFF or self.kind in _GUESTS or self.circle is not None

    @property
    def levels(self) -> frozenset[Confidentiality]:
        """The levels of confidentiality that this role opens (`restricted` is told by organisation, not here)."""
        if self.kind in _STAFF:
            return _ALL
        if self.kind in _GUESTS:
            return frozenset(_CIRCLE_LEVELS[CircleKind.NETWORK])
        levels = frozenset(_CIRCLE_LEVELS[self.circle]) if self.circle else frozenset[Confidentiality]()
        # The levels are nested, so that « the highest of the parts » is safe for what is derived (docs/adr/0008).
        return levels | {Confidentiality.BOARD} if self.kind in _BOARD and Confidentiality.CORE in levels else levels


@dataclass(frozen=True)
class Actor:
    """The one who acts or reads. An actor without a user is anonymous, unless `system_name` names a batch."""

    user: "User | None" = None
    person_id: UUID | None = None
    roles: tuple[HeldRole, ...] = ()
    system_name: str = ""
    request_id: str = field(default="")
    # How they proved who they are: `session` (password) or `token`; nothing for a batch.
    means: str = ""

    @classmethod
    def anonymous(cls) -> "Actor":
        return cls(request_id=current_request_id.get())

    @classmethod
    def system(cls, name: str) -> "Actor":
        """A named batch (`reminders`, `import`…): may act through services, sees nothing through the API."""
        return cls(system_name=name, request_id=current_request_id.get())

    @classmethod
    def operator_of(cls, cooperation_id: UUID) -> "Actor":
        """The command line of the instance, reading one cooperation as its coordination would."""
        role = HeldRole(cooperation_id, None, RoleKind.COORDINATION, None)
        return cls(system_name="operator", roles=(role,))

    @classmethod
    def for_user(cls, user: Any, *, on: dt.date | None = None, means: str = "") -> "Actor":
        """Load the roles in force on `on` (today by the database's clock): two queries, whatever their number."""
        from governance.models import CircleStay, Role

        if user is None or not user.is_authenticated or user.person_id is None:
            known = user if user is not None and user.is_authenticated else None
            return cls(user=known, request_id=current_request_id.get(), means=means)
        day = on or clock.today()
        rows = list(
            Role.objects.in_force(day)
            .filter(person_id=user.person_id)
            .order_by("pk")
            .values_list("cooperation_id", "organisation_id", "kind")
        )
        circles: dict[tuple[UUID, UUID], str] = {
            (cooperation_id, organisation_id): circle
            for cooperation_id, organisation_id, circle in CircleStay.objects.in_force(day)
            .filter(membership__organisation_id__in={row[1] for row in rows if row[1]})
            .order_by("pk")
            .values_list("cooperation_id", "membership__organisation_id", "circle")
        }
        roles = (
            HeldRole(cooperation_id, organisation_id, kind, circles.get((cooperation_id, organisation_id)))
            for cooperation_id, organisation_id, kind in rows
        )
        return cls(
            user=user,
            person_id=user.person_id,
            roles=tuple(role for role in roles if role.counts),
            request_id=current_request_id.get(),
            means=means,
        )

    @property
    def is_authenticated(self) -> bool:
        return self.user is not None

    @property
    def is_operator(self) -> bool:
        """The person who runs the instance: creates cooperations and accounts, sees no confidential content by it."""
        return self.user is not None and self.user.is_staff

    @cached_property
    def cooperation_ids(self) -> frozenset[UUID]:
        return frozenset(role.cooperation_id for role in self.roles)

    @cached_property
    def levels(self) -> dict[UUID, frozenset[Confidentiality]]:
        """For each cooperation, the levels that the actor may know of."""
        found: dict[UUID, frozenset[Confidentiality]] = {}
        for role in self.roles:
            found[role.cooperation_id] = found.get(role.cooperation_id, frozenset()) | role.levels
        return found

    def organisations_in(self, cooperation_id: UUID) -> frozenset[UUID]:
        """The member organisations on whose behalf the actor holds a role in this cooperation."""
        return frozenset(
            role.organisation_id
            for role in self.roles
            if role.cooperation_id == cooperation_id and role.organisation_id and role.kind not in _GUESTS
        )

    @cached_property
    def own_organisations(self) -> frozenset[UUID]:
        """The organisations on whose behalf the actor holds a role, in whatever cooperation."""
        return frozenset(
            role.organisation_id for role in self.roles if role.organisation_id and role.kind not in _GUESTS
        )

    def holds(
        self, cooperation_id: UUID | None, kinds: Collection[str], *, organisation_id: UUID | None = None
    ) -> bool:
        """Whether a role of one of these kinds is held there, on behalf of `organisation_id` when it is given."""
        return any(
            role.kind in kinds
            and role.cooperation_id == cooperation_id
            and (organisation_id is None or role.organisation_id == organisation_id)
            for role in self.roles
        )

    @cached_property
    def closed_members(self) -> Mapping[UUID, Mapping[UUID, bool]]:
        """Cooperation -> the organisations whose belonging to it is closed to the actor (docs/adr/0029) -> whether an
        earlier membership, which was open, is known.

        Read once for the life of the actor, one request; not at all for who reaches every level.
        """
        from governance.selectors.members import members_closed_to

        return members_closed_to(self) if any(_ALL - levels for levels in self.levels.values()) else {}

    @cached_property
    def unnamed(self) -> Unnamed | None:
        """The organisations that no answer to the actor names; None when there is none."""
        from governance.models import Organisation

        here = {
            str(cooperation_id): frozenset(str(pk) for pk, was_known in closed.items() if not was_known)
            for cooperation_id, closed in self.closed_members.items()
        }
        everyone = frozenset[str]().union(*here.values())
        if not everyone:
            return None
        known = Organisation.objects.visible_to(self).filter(pk__in=sorted(everyone)).order_by()
        return Unnamed(here, everyone - {str(pk) for pk in known.values_list("pk", flat=True)})

    def told_whole(self, text: str, of: Any) -> str:
        """A frozen text of this object; empty when it names an organisation that no answer to the actor names."""
        return text if self.unnamed is None else self.unnamed.whole(text, of.cooperation_id)

    def may_know_role(self, role: Any) -> bool:
        """Python twin of `Role.objects.visible_to`."""
        own = role.person_id == self.person_id or role.organisation_id in self.organisations_in(role.cooperation_id)
        closed = role.organisation_id in self.closed_members.get(role.cooperation_id, ())
        return own or (not closed and self.may_know(role.cooperation_id, role.confidentiality))

    def knows_member(self, organisation: str) -> Q:
        """The condition « not of a member whose belonging is closed to the actor »; always true when there is none."""
        condition = Q()
        for cooperation_id, closed in self.closed_members.items():
            condition &= ~Q(cooperation=cooperation_id, **{f"{organisation}__in": sorted(closed)})
        return condition

    def owns(self, *, organisation: str | None = None, person: str | None = None) -> Q:
        """The condition « of an organisation for which the actor acts in that cooperation, or of the actor »."""
        condition = Q()
        if organisation is not None:
            for cooperation_id in self.cooperation_ids:
                if own := self.organisations_in(cooperation_id):
                    condition |= Q(cooperation=cooperation_id, **{f"{organisation}__in": sorted(own)})
        if person is not None and self.person_id is not None:
            condition |= Q(cooperation__in=sorted(self.cooperation_ids), **{person: self.person_id})
        return condition

    @cached_property
    def cooperations_by_levels(self) -> dict[frozenset[Confidentiality], list[UUID]]:
        """The cooperations of the actor, by what the actor may know of there."""
        found: dict[frozenset[Confidentiality], list[UUID]] = {}
        for cooperation_id, levels in self.levels.items():
            found.setdefault(levels, []).append(cooperation_id)
        return found

    def visibility(self, *, level: str | None, organisation: str | None, cooperation: str = "cooperation") -> Q:
        """The condition « may be known to this actor ».

        `level` is the lookup of the confidentiality (None: whoever is in the cooperation may know), `organisation`
        that of the organisation to which `restricted` limits the object, `cooperation` that of the tenant.
        """
        condition = Q(pk__in=[])
        for levels, cooperation_ids in self.cooperations_by_levels.items():
            tenant = Q(**{f"{cooperation}__in": cooperation_ids})
            condition |= tenant if level is None else tenant & Q(**{f"{level}__in": sorted(levels)})
        if level is not None and organisation is not None:
            for cooperation_id in self.cooperation_ids:
                if own := self.organisations_in(cooperation_id):
                    condition |= Q(
                        **{
                            cooperation: cooperation_id,
                            level: Confidentiality.RESTRICTED,
                            f"{organisation}__in": sorted(own),
                        }
                    )
        return condition

    def may_know(self, cooperation_id: UUID, level: str) -> bool:
        """Python twin of `visibility` for one level (not `restricted`)."""
        return level in self.levels.get(cooperation_id, frozenset())

    @cached_property
    def _hidden(self) -> "Hidden":
        from governance.selectors.clauses import Hidden, hidden_from

        return hidden_from(self) if self.roles else Hidden()

    def hidden_fields(self, label: str, pk: Any) -> Mapping[str, str]:
        """The fields of this object (`app.model`, identifier) that clauses keep from the actor -> the level asked.

        Read once for the life of the actor, one request: whoever sets a clause reaches its level anyway.
        """
        return self._hidden.fields.get((label, str(pk)), {})

    @property
    def hidden_objects(self) -> frozenset[str]:
        """The identifiers of the objects that clauses keep whole from the actor."""
        return frozenset(self._hidden.whole)

    def __iter__(self) -> Iterator[HeldRole]:
        return iter(self.roles)
