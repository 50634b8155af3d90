"""Files: bytes that people send, kept in the database beside what refers to them (docs/adr/0013)."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from coopproject.models import new_id
from governance.models.identity import Person
from governance.rules.files import NAME_LENGTH

if TYPE_CHECKING:
    from governance.actor import Actor

_HASH = Func(
    Func(F("content"), function="sha256", output_field=models.BinaryField()),
    Value("hex"),
    function="encode",
    output_field=models.CharField(),
)
_LENGTH = Func(F("content"), function="octet_length", output_field=models.IntegerField())


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def visible_to(self, actor: "Actor") -> Self:
        """One's own uploads, whatever one's role: what holds a file serves it to others."""
        return self.filter(uploaded_by_id=actor.person_id) if actor.person_id is not None else self.none()

    def unused(self) -> Self:
        """Files that no row holds. Every reference to a file is found: it needs a reverse name to exist."""
        found = self
        for relation in self.model._meta.related_objects:
            held: Any = relation.related_model
            found = found.filter(~Exists(held.objects.filter(**{relation.field.name: OuterRef("pk")})))
        return found


class StoredFileManager(models.Manager.from_queryset(StoredFileQuerySet)):  # type: ignore[misc]
    """Never reads the bytes with the row; `StoredFile.read` does."""

    def get_queryset(self) -> StoredFileQuerySet:
        return StoredFileQuerySet(self.model, using=self._db).defer("content")


class StoredFile(models.Model):
    """A file as it was received: never changed (trigger of the migration), deleted only while nothing holds it.

    It belongs to no cooperation and has no level of its own: it is served through the object that holds it, to whoever
    may know of that object. `is_missing`: a dossier told of it by its hash, and nobody brought its bytes yet.
    """

    id = models.UUIDField(_("identifiant"), primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("nom"), max_length=NAME_LENGTH)
    media_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("taille (octets)"))
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64)
    content = models.BinaryField(_("octets"), null=True, blank=True)
    is_missing = models.GeneratedField(
        expression=Q(content__isnull=True),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    # Nobody for a file that came with a dossier.
    uploaded_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("déposé par")
    )
    created_at = models.DateTimeField(_("créé le"), db_default=Now(), editable=False)

    objects = StoredFileManager()

    class Meta:
        verbose_name = _("fichier")
        verbose_name_plural = _("fichiers")
        ordering = ["-created_at", "pk"]
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="governance_file_has_a_hash"),
            models.CheckConstraint(condition=Q(size__gte=1), name="governance_file_not_empty"),
            models.CheckConstraint(
                condition=Q(content__isnull=True) | Q(sha256=_HASH, size=_LENGTH),
                name="governance_file_is_what_it_says",
            ),
        ]
        indexes = [models.Index(fields=["uploaded_by", "-created_at"], name="governance_file_of_person")]

    def __str__(self) -> str:
        return self.name

    def read(self) -> bytes:
        """The bytes, in one query. Raises ValueError when they are missing."""
        found = StoredFile.objects.values_list("content", flat=True).get(pk=self.pk)
        if found is None:
            raise ValueError(f"the bytes of {self.pk} are missing")
        return bytes(found)
