"""The signed receipt of an approval. Append-only (triggers of the migration)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from charters.models.approvals import Approval
from governance.models import SigningKey, TenantModel


class Receipt(TenantModel):
    """What this installation saw and signed of one approval, in the transaction of the approval (docs/adr/0014).

    `content` is the RFC 8785 canonical JSON that is signed; `signature` its ed25519 signature in base64. Kept as it was
    issued, so that a name that changes or a key that is replaced does not alter it.

    In no dossier: a dossier is what its holder says, a receipt what its issuer saw, and its file is complete in itself.
    An approval that came with a dossier has none.
    """

    confidentiality_lookup = "approval__charter_version__charter__confidentiality"

    approval = models.OneToOneField(Approval, models.PROTECT, related_name="receipt", verbose_name=_("approbation"))
    content = models.TextField(_("contenu signé"))
    key = models.ForeignKey(SigningKey, models.PROTECT, related_name="+", verbose_name=_("clé de signature"))
    signature = models.CharField(_("signature"), max_length=88)

    class Meta:
        verbose_name = _("reçu d’approbation")
        verbose_name_plural = _("reçus d’approbation")
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.approval_id} {self.key_id}"

    @property
    def document(self) -> str:
        """The file that is handed over: canonical JSON too, so that its every byte is fixed."""
        return f'{{"receipt":{self.content},"signature":"{self.signature}"}}'
