"""The annexes of a version: a text or a file, each with its own level, frozen by its hash with the text."""

import pghistory
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Deferrable, Q
from django.utils.translation import gettext_lazy as _

from charters.models.charters import CharterVersion, new_key
from governance.enums import Confidentiality
from governance.models import Organisation, StoredFile, TenantModel


@pghistory.track()
class CharterAnnex(TenantModel):
    """One annex of a version. All the boards approve its hash; those who may know of its level read it (ADR 0013).

    Its own level is never more open than the charter's: a charter that is closed later closes it too. `key` follows it
    from one version to the next.
    """

    confidentiality_lookup = "confidentiality"
    part_lookups = ("charter_version__charter__confidentiality",)

    charter_version = models.ForeignKey(
        CharterVersion, models.PROTECT, related_name="annexes", verbose_name=_("version de charte")
    )
    key = models.CharField(_("clé"), max_length=64, default=new_key)
    position = models.PositiveSmallIntegerField(_("rang"), validators=[MinValueValidator(1)])
    title = models.CharField(
        _("titre"),
        max_length=200,
        help_text=_("Figé avec le texte : quiconque lit la charte le lit, même si l’annexe est plus confidentielle."),
    )
    body = models.TextField(_("texte (Markdown)"), blank=True)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="annexes", verbose_name=_("fichier")
    )
    confidentiality = models.CharField(
        _("confidentialité"), max_length=12, choices=Confidentiality, default=Confidentiality.NETWORK
    )
    # Whose boards a change of it asks again; none named: all.
    concerns = models.ManyToManyField(
        Organisation, related_name="+", blank=True, verbose_name=_("organisations concernées")
    )

    class Meta:
        verbose_name = _("annexe")
        verbose_name_plural = _("annexes")
        ordering = ["charter_version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["charter_version", "key"], name="charters_one_annex_per_key"),
            models.UniqueConstraint(
                fields=["charter_version", "position"],
                deferrable=Deferrable.DEFERRED,
                name="charters_one_annex_per_position",
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="charters_annex_position_from_one"),
            models.CheckConstraint(
                condition=Q(file__isnull=True) | Q(body=""),
                name="charters_annex_text_or_file",
                violation_error_message=_("Une annexe est un texte ou un fichier, pas les deux."),
            ),
            # All the boards approve it: it cannot be known to one organisation only.
            models.CheckConstraint(
                condition=~Q(confidentiality="restricted"),
                name="charters_annex_not_restricted_to_one",
                violation_error_message=_("Une annexe ne se limite pas à une seule organisation."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"
