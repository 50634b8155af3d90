"""The tenant is the cooperation: every row below it carries `cooperation_id`, so that scoping needs no join."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coopproject.models import Entity

if TYPE_CHECKING:
    from governance.actor import Actor


class TenantQuerySet(models.QuerySet[Any]):
    """`visible_to` is the only door from the API to the rows of a cooperation."""

    def visible_to(self, actor: "Actor") -> Self:
        """The rows that this actor may know of; none for an anonymous one."""
        if not actor.roles:
            return self.none()
        model: Any = self.model
        condition = actor.visibility(level=model.confidentiality_lookup, organisation=model.restricted_lookup)
        for part in model.part_lookups:
            condition &= Q(**{f"{part}__isnull": True}) | actor.visibility(level=part, organisation=None)
        if (member := model.member_path()) is not None:
            condition &= actor.knows_member(member)
        own = actor.owns(organisation=model.own_organisation_lookup, person=model.own_person_lookup)
        return self.filter(condition | own if own else condition)


class TenantModel(Entity):
    """A row that belongs to exactly one cooperation.

    `confidentiality_lookup`: where the level is (own field, or the parent's: a child is never more visible than its
    parent); None when whoever is in the cooperation may know of it. `restricted_lookup`: the organisation to which
    the level `restricted` limits it. `part_lookups`: the levels of what it is derived from, where there is something;
    a part that is closed later closes it too (docs/adr/0008).

    `member_lookup`: the organisation for which it is said or done. While the belonging of that organisation is closed
    to a reader, so is everything of it (docs/adr/0029). `own_organisation_lookup`, `own_person_lookup`: whoever acts
    for that organisation, and that person, know of it whatever its level.
    """

    confidentiality_lookup: ClassVar[str | None] = None
    restricted_lookup: ClassVar[str | None] = None
    part_lookups: ClassVar[tuple[str, ...]] = ()
    member_lookup: ClassVar[str | None] = "organisation"
    own_organisation_lookup: ClassVar[str | None] = None
    own_person_lookup: ClassVar[str | None] = None

    cooperation = models.ForeignKey(
        "governance.Cooperation", models.PROTECT, verbose_name=_("coopération"), related_name="+"
    )

    objects: ClassVar[Any] = TenantQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def member_path(cls) -> str | None:
        """`member_lookup` where the model has it."""
        if cls.member_lookup is None:
            return None
        names = {field.name for field in cls._meta.concrete_fields}
        return cls.member_lookup if cls.member_lookup.split("__")[0] in names else None
