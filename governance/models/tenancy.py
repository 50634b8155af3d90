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
        return self.filter(condition)


class TenantModel(Entity):
    """A row that belongs to exactly one cooperation.

    `confidentiality_lookup`: where the level is (own field, or the parent's: a child is never more visible than its
    parent); None when whoever is in the cooperation may know of it. `restricted_lookup`: the organisation to which
    the level `restricted` limits it. `part_lookups`: the levels of what it is derived from, where there is something;
    a part that is closed later closes it too (docs/adr/0008).
    """

    confidentiality_lookup: ClassVar[str | None] = None
    restricted_lookup: ClassVar[str | None] = None
    part_lookups: ClassVar[tuple[str, ...]] = ()

    cooperation = models.ForeignKey(
        "governance.Cooperation", models.PROTECT, verbose_name=_("coopération"), related_name="+"
    )

    objects: ClassVar[Any] = TenantQuerySet.as_manager()

    class Meta:
        abstract = True
