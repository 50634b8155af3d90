"""Taking a file in, giving it up, and forgetting what nobody used."""

import datetime as dt
import hashlib
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, NotAllowed, NotVisible, RuleViolated, Violation
from governance import journal
from governance.actor import Actor
from governance.models import Person, StoredFile
from governance.rules.files import MediaType, clean_name, read_type, refused

# An upload that nothing holds after this long was abandoned.
KEPT_UNUSED = dt.timedelta(days=30)
# How many uploads of one person may wait to be held by something.
WAITING = 20


@transaction.atomic
def file_create(*, actor: Actor, name: str, content: bytes) -> StoredFile:
    """Keep an upload under a cleaned name, with the type that its bytes say.

    Raises InvalidInput for bytes that are not of a type that we keep (`governance.rules.files.read_type`);
    RuleViolated(`too_many_waiting_files`).
    """
    if actor.person_id is None:
        raise NotAllowed
    kind = read_type(name, content)
    Person.objects.select_for_update(no_key=True).get(pk=actor.person_id)
    if StoredFile.objects.filter(uploaded_by_id=actor.person_id).unused().count() >= WAITING:
        detail = _("Déjà {count} fichiers déposés ne servent à rien : employez-les ou supprimez-les d’abord.")
        raise RuleViolated(Violation("too_many_waiting_files", format_lazy(detail, count=WAITING), "/file"))
    stored = keep(name=clean_name(name, kind), media_type=kind, content=content, uploaded_by_id=actor.person_id)
    # No name: people write who is who in the names of files.
    journal.record(
        "stored_file.created", stored, actor=actor, sha256=stored.sha256, size=stored.size, media_type=stored.media_type
    )
    return stored


def keep(*, name: str, media_type: str, content: bytes, uploaded_by_id: UUID | None = None) -> StoredFile:
    """Write a file whose type is known, with its hash. The caller says why in the journal."""
    stored: StoredFile = StoredFile.objects.create(
        name=name,
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        uploaded_by_id=uploaded_by_id,
    )
    return stored


def restore(stored: StoredFile, content: bytes) -> None:
    """Bring back the bytes of a file that came without them: those that have its hash.

    The caller has locked what holds the file, and journals. Raises InvalidInput(`other_bytes`),
    RuleViolated(`file_not_missing`).
    """
    if not stored.is_missing:
        raise RuleViolated(Violation("file_not_missing", _("Ce fichier n’a pas à être retrouvé : il est là.")))
    if hashlib.sha256(content).hexdigest() != stored.sha256 or read_type(stored.name, content) != stored.media_type:
        raise refused("other_bytes", _("Ce n’est pas ce fichier : l’empreinte diffère."))
    StoredFile.objects.filter(pk=stored.pk, content__isnull=True).update(content=content)


def minutes_file(upload: StoredFile | None) -> StoredFile | None:
    """The document of minutes, a PDF. Raises InvalidInput(`not_a_pdf`) for any other file."""
    if upload is not None and upload.media_type != MediaType.PDF:
        raise InvalidInput(Violation("not_a_pdf", _("Un procès-verbal se joint en PDF."), "/minutes_file"))
    return upload


@transaction.atomic
def file_delete(*, pk: UUID, actor: Actor) -> None:
    """Give up an upload. Raises RuleViolated(`file_in_use`) once something holds it."""
    stored = StoredFile.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if stored is None:
        raise NotVisible
    try:
        with transaction.atomic():
            journal.record("stored_file.deleted", stored, actor=actor, sha256=stored.sha256)
            stored.delete()
    except ProtectedError as held:
        detail = _("Un objet porte ce fichier : c’est avec lui qu’il disparaîtrait.")
        raise RuleViolated(Violation("file_in_use", detail)) from held


def forget_unused_files() -> int:
    """Delete the uploads that nothing held for `KEPT_UNUSED`; returns how many. One that is being used is left."""
    actor, forgotten = Actor.system("files"), 0
    old = StoredFile.objects.filter(created_at__lt=clock.now() - KEPT_UNUSED).unused().order_by("created_at", "pk")
    for pk in list(old.values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                stored = StoredFile.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
                if stored is None:
                    continue
                journal.record("stored_file.forgotten", stored, actor=actor, sha256=stored.sha256)
                stored.delete()
        except (ProtectedError, IntegrityError):
            continue
        forgotten += 1
    return forgotten
