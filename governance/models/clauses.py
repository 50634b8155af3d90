"""What people agreed to keep among some of them: the register of confidentiality clauses (docs/adr/0025)."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.enums import ClauseSource, Confidentiality
from governance.models.identity import Person
from governance.models.organisations import Organisation
from governance.models.tenancy import TenantModel, TenantQuerySet

if TYPE_CHECKING:
    import datetime as dt

    from governance.actor import Actor


class ClauseQuerySet(TenantQuerySet):
    def visible_to(self, actor: "Actor") -> Self:
        """Whoever its level lets in, and the people of the organisations that it binds: one knows what binds one."""
        bound = Q(pk__in=[])
        for cooperation_id in actor.cooperation_ids:
            if own := actor.organisations_in(cooperation_id):
                of_mine = self.model.bound.through.objects.filter(organisation__in=sorted(own))
                bound |= Q(cooperation=cooperation_id, pk__in=of_mine.values("confidentialityclause"))
        if not actor.roles:
            return self.none()
        return self.filter(actor.visibility(level="confidentiality", organisation=None) | bound)

    def in_force(self, day: "dt.date") -> Self:
        """Those that hold on that day: the SQL twin of `governance.rules.clauses.clause_state`."""
        return self.filter(
            Q(until__isnull=True) | Q(until__gte=day), Q(lifted_on__isnull=True) | Q(lifted_on__gt=day), since__lte=day
        )


@pghistory.track()
class ConfidentialityClause(TenantModel):
    """One clause of a text, the people whom it binds, and what it covers until which day.

    `confidentiality` is the level that it asks for, and from which it is itself read. `text_at` and `covers` name
    objects of this cooperation: `{"resource": "agreements", "id": …}`, and for `covers` the `fields` that it hides,
    none for the whole object. `restores`: `[{"id": …, "level": …}]`, the whole object and what followed it, with the
    level that each had before the clause raised it; emptied when its end gave them back. Of employees under contract
    it says how many and in what functions, never who.
    """

    confidentiality_lookup: ClassVar[str | None] = "confidentiality"

    source = models.CharField(_("texte"), max_length=20, choices=ClauseSource)
    reference = models.CharField(_("référence du texte"), max_length=200)
    text_at = models.JSONField(_("texte tenu ici"), null=True, blank=True)
    title = models.CharField(_("intitulé"), max_length=200)
    text = models.TextField(_("clause"), max_length=20_000, blank=True)
    bound = models.ManyToManyField(Organisation, related_name="+", blank=True, verbose_name=_("organisations tenues"))
    bound_people = models.PositiveIntegerField(_("nombre de contrats"), null=True, blank=True)
    bound_functions = models.CharField(_("fonctions tenues"), max_length=300, blank=True)
    confidentiality = models.CharField(_("niveau"), max_length=12, choices=Confidentiality)
    covers = models.JSONField(_("ce qu’elle couvre"), null=True, blank=True)
    restores = models.JSONField(_("niveaux à rendre"), default=list, blank=True)
    since = models.DateField(_("posée le"))
    until = models.DateField(_("jusqu’au"), null=True, blank=True)
    set_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("posée par")
    )
    on_behalf_of = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pour le compte de")
    )
    reason = models.TextField(_("motif"), max_length=5_000)
    lifted_on = models.DateField(_("levée le"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("levée par")
    )
    lift_reason = models.TextField(_("motif de la levée"), max_length=5_000, blank=True)

    objects: ClassVar[Any] = ClauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("clause de confidentialité")
        verbose_name_plural = _("clauses de confidentialité")
        ordering = ["-since", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(confidentiality=Confidentiality.RESTRICTED), name="governance_clause_is_of_several"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="governance_clause_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(lifted_on__isnull=True, lift_reason="")
                | (Q(lifted_on__isnull=False, lifted_on__gte=F("since")) & ~Q(lift_reason="")),
                name="governance_clause_lifted_with_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(source=ClauseSource.EMPLOYMENT_CONTRACT) | Q(bound_people__isnull=True, bound_functions=""),
                name="governance_clause_counts_contracts_only",
            ),
            models.CheckConstraint(
                condition=Q(restores=[]) | Q(covers__isnull=False), name="governance_clause_restores_what_it_covers"
            ),
        ]

    def __str__(self) -> str:
        return self.title
