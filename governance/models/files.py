"""Files: bytes that people send, kept in the database beside what refers to them (docs/adr/0013)."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from coopproject.models import new_id
from governance.models.identity import Person
from governance.rules.files import NAME_LENGTH

if TYPE_CHECKING:
    from governance.actor import Actor


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def visible_to(self, actor: "Actor") -> Self:
        """One's own uploads, whatever one's role: what holds a file serves it to others."""
        return self.filter(uploaded_by_id=actor.person_id) if actor.person_id is not None else self.none()

    def unused(self) -> Self:
        """Files that no row holds yet. Every reference to a file is found: it needs a reverse name to exist."""
        for relation in self.model._meta.related_objects:
            if relation.related_model is FileContent:
                continue
            held: Any = relation.related_model
            self = self.filter(~Exists(held.objects.filter(**{relation.field.name: OuterRef("pk")})))
        return self


class StoredFile(models.Model):
    """A file as it was received: never changed (trigger of the migration), deleted only while nothing holds it.

    It belongs to no cooperation and has no level of its own: it is served through the object that holds it, to whoever
    may know of that object. No section in a dossier: the object that holds it carries it there.
    """

    id = models.UUIDField(_("identifiant"), primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("nom"), max_length=NAME_LENGTH)
    media_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("taille (octets)"))
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64)
    # Nobody for a file that came with a dossier.
    uploaded_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("déposé par")
    )
    created_at = models.DateTimeField(_("créé le"), db_default=Now(), editable=False)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("fichier")
        verbose_name_plural = _("fichiers")
        ordering = ["-created_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="governance_file_has_its_hash"),
            models.CheckConstraint(condition=Q(size__gte=1), name="governance_file_not_empty"),
        ]
        indexes = [models.Index(fields=["uploaded_by", "-created_at"], name="governance_file_of_person")]

    def __str__(self) -> str:
        return self.name

    def read(self) -> bytes:
        """The bytes, in one query."""
        return bytes(FileContent.objects.values_list("content", flat=True).get(file_id=self.pk))


class FileContent(models.Model):
    """The bytes of a file, apart so that no list ever reads them."""

    file = models.OneToOneField(
        StoredFile, models.CASCADE, primary_key=True, related_name="content_row", verbose_name=_("fichier")
    )
    content = models.BinaryField(_("octets"))

    class Meta:
        verbose_name = _("contenu de fichier")
        verbose_name_plural = _("contenus de fichiers")

    def __str__(self) -> str:
        return str(self.file_id)
