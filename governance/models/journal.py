"""The memory of the living system: append-only, one hash chain per cooperation (docs/adr/0001)."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coopproject.models import new_id

if TYPE_CHECKING:
    from governance.actor import Actor


class JournalHead(models.Model):
    """The last hash of a chain; its row lock is what puts the entries of a chain in order."""

    # "" is the chain of what belongs to no cooperation (people, organisations, accounts).
    chain = models.CharField(_("chaîne"), max_length=36, primary_key=True)
    sequence = models.PositiveBigIntegerField(_("rang"), default=0)
    hash = models.CharField(_("empreinte"), max_length=64)

    class Meta:
        verbose_name = _("tête de chaîne du journal")
        verbose_name_plural = _("têtes de chaîne du journal")

    def __str__(self) -> str:
        return f"{self.chain or 'instance'} {self.sequence} {self.hash}"


class JournalQuerySet(models.QuerySet["JournalEntry"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Entries of the actor's cooperations, up to the level of the object that each is about.

        An entry keeps the level that its object had; a clause that covers the whole object closes those of before too,
        as does closing the belonging of the member for which the act was done.
        """
        if not actor.roles:
            return self.none()
        known = self.filter(
            actor.visibility(level="confidentiality", organisation="on_behalf_of"), actor.knows_member("on_behalf_of")
        )
        return known.exclude(object_id__in=sorted(actor.hidden_objects)) if actor.hidden_objects else known


class JournalEntry(models.Model):
    """One act. People are referenced by id, never named, so that erasure stays possible and the chain still verifies.

    `hash = SHA-256(version ‖ previous ‖ RFC 8785 canonical JSON of the entry)`, see `governance.journal`.
    The triggers that refuse UPDATE, DELETE and TRUNCATE are written by hand in migration 0002: those of the trigger
    library can be switched off by a session variable.
    """

    id = models.UUIDField(_("identifiant"), primary_key=True, default=new_id, editable=False)
    chain = models.CharField(_("chaîne"), max_length=36)
    sequence = models.PositiveBigIntegerField(_("rang"))
    cooperation = models.ForeignKey(
        "governance.Cooperation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("coopération")
    )
    recorded_at = models.DateTimeField(_("inscrit le"), db_default=Now())
    actor = models.CharField(_("auteur (référence)"), max_length=60)
    on_behalf_of = models.ForeignKey(
        "governance.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pour le compte de"),
    )
    act = models.CharField(_("acte"), max_length=80)
    object_type = models.CharField(_("type d’objet"), max_length=60)
    object_id = models.CharField(pgettext_lazy("ce dont on parle", "objet"), max_length=36)
    confidentiality = models.CharField(_("confidentialité"), max_length=12)
    reason = models.TextField(_("motif"), blank=True)
    payload = models.JSONField(_("contenu"), default=dict)
    request_id = models.CharField(_("requête"), max_length=64, blank=True)
    format = models.PositiveSmallIntegerField(_("format de la chaîne"), default=1)
    previous_hash = models.CharField(_("empreinte précédente"), max_length=64)
    hash = models.CharField(_("empreinte"), max_length=64)

    objects = JournalQuerySet.as_manager()

    class Meta:
        verbose_name = _("inscription au journal")
        verbose_name_plural = _("journal")
        ordering = ["chain", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "sequence"], name="governance_journal_one_entry_per_rank"),
        ]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="governance_journal_object"),
            models.Index(fields=["cooperation", "-recorded_at"], name="governance_journal_feed"),
            # What was left open, and who did it: asked by each reading of the vital signs, by filters and by exports.
            models.Index(fields=["cooperation", "act", "-recorded_at"], name="governance_journal_act"),
            models.Index(fields=["actor", "-recorded_at"], name="governance_journal_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.act}"
