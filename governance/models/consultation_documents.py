"""The documents that an employer hands to its works council, frozen by their hash on the day they are handed over."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.enums import Confidentiality, RoleKind
from governance.models.consultations import Consultation
from governance.models.files import StoredFile
from governance.models.tenancy import TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from governance.actor import Actor

# Those who act for the employer towards its works council (docs/adr/0006).
EMPLOYER_KINDS = (RoleKind.BOARD_CHAIR, RoleKind.DIRECTOR, RoleKind.EMPLOYEES_CONTACT)


class ConsultationDocumentQuerySet(TenantQuerySet):
    def visible_to(self, actor: "Actor") -> Self:
        """Whoever may know of the consultation and of the source; the employer's people know of all that is theirs.

        Until it is handed over a document is in preparation, and the employer's alone.
        """
        own = Q(pk__in=[])
        for cooperation_id in actor.cooperation_ids:
            for role in actor:
                if role.cooperation_id == cooperation_id and role.kind in EMPLOYER_KINDS and role.organisation_id:
                    own |= Q(cooperation=cooperation_id, consultation__organisation=role.organisation_id)
        source = actor.visibility(level="source_level", organisation="consultation__organisation")
        return super().visible_to(actor).filter(own | (Q(handed_on__isnull=False) & source))


@pghistory.track()
class ConsultationDocument(TenantModel):
    """One document of a consultation: a stored file, or the reference of one that was handed over otherwise.

    `source_level`: how closed the document is in the cooperation. The duty of discretion of the representatives needs
    both that it be confidential by nature and presented as such (C. trav. L2315-3, domain.md C28). `sha256` is written
    when it is handed over: of the file, or of the reference in UTF-8.
    """

    confidentiality_lookup = "consultation__confidentiality"
    restricted_lookup = "consultation__organisation"

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, related_name="documents", verbose_name=_("consultation")
    )
    title = models.CharField(_("titre"), max_length=200)
    file = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="consultation_documents",
        verbose_name=_("fichier"),
    )
    reference = models.CharField(_("référence"), max_length=500, blank=True)
    is_required = models.BooleanField(_("exigé par la loi ou l’accord"), default=False)
    source_level = models.CharField(_("niveau du document source"), max_length=12, choices=Confidentiality)
    confidential_by_nature = models.BooleanField(_("confidentiel par nature"), default=False)
    presented_as_confidential = models.BooleanField(_("présenté comme confidentiel"), default=False)
    notice = models.TextField(_("mention de confidentialité"), max_length=2000, blank=True)
    confidential_until = models.DateField(
        _("confidentiel jusqu’au"),
        null=True,
        blank=True,
        help_text=_("Durée choisie par l’employeur ; aucune n’est imposée ici."),
    )
    handed_on = models.DateField(_("remis le"), null=True, blank=True)
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64, blank=True)

    objects: ClassVar[Any] = ConsultationDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document remis au CSE")
        verbose_name_plural = _("documents remis au CSE")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=False, reference="") | (Q(file__isnull=True) & ~Q(reference="")),
                name="governance_document_file_or_reference",
                violation_error_message=_("Un document est un fichier ou une référence : l’un des deux."),
            ),
            models.CheckConstraint(
                condition=Q(handed_on__isnull=True, sha256="")
                | Q(handed_on__isnull=False, sha256__regex=r"^[0-9a-f]{64}$"),
                name="governance_document_handed_over_with_its_hash",
            ),
            models.CheckConstraint(
                condition=Q(presented_as_confidential=False, notice="", confidential_until__isnull=True)
                | (Q(presented_as_confidential=True) & ~Q(notice="")),
                name="governance_document_notice_with_its_presentation",
                violation_error_message=_("Un document présenté comme confidentiel porte une mention, un autre non."),
            ),
            models.CheckConstraint(
                condition=Q(source_level__in=["public", "network", "active"]) | Q(presented_as_confidential=True),
                name="governance_document_closed_source_is_presented_so",
                violation_error_message=_("Un document du noyau dur est remis « présenté comme confidentiel »."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
