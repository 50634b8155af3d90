"""The public halves of the keys that sign receipts: kept for ever, so that what an old key signed still verifies."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SigningKey(models.Model):
    """One ed25519 key of this installation, its public half only (docs/adr/0014).

    `id` is the beginning of the SHA-256 of the raw public key. `valid_from` and `retired_at` enclose the instants of
    what it signed. Revoked means: the private half may be in other hands since `revoked_at`. Neither the key nor its
    revocation is ever taken back (trigger of migration 0005).

    Outside the cooperations, hence in no dossier: a key is the installation's, not theirs.
    """

    id = models.CharField(_("identifiant"), max_length=16, primary_key=True)
    public_key = models.CharField(_("clé publique (hexadécimal)"), max_length=64)
    valid_from = models.DateTimeField(_("employée depuis le"))
    retired_at = models.DateTimeField(_("remplacée le"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("compromise depuis le"), null=True, blank=True)
    revoked_reason = models.CharField(_("motif de la révocation"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("clé de signature")
        verbose_name_plural = _("clés de signature")
        ordering = ["valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(id__regex=r"^[0-9a-f]{16}$", public_key__regex=r"^[0-9a-f]{64}$"),
                name="governance_signing_key_is_hexadecimal",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_reason="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_reason="")),
                name="governance_revoked_signing_key_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.id
