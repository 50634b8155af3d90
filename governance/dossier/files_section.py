"""Files in a dossier: those that its rows hold, by their hash, with their bytes while there is room (docs/adr/0013)."""

import hashlib
from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import InvalidInput, Violation
from governance.dossier.sections import Draft, Row, Section
from governance.models import StoredFile
from governance.rules.files import MediaType, clean_name, read_type


def _check(row: Row, draft: Draft) -> Iterator[Violation]:
    """What an upload would be asked. Without its bytes a file is what it says, until they come back."""
    stored = row.obj
    if stored.media_type not in set(MediaType):
        yield row.wrong("unknown_choice", _("Ce type de fichier n’est pas admis."), "media_type")
        return
    if clean_name(stored.name, MediaType(stored.media_type)) != stored.name:
        yield row.wrong("wrong_format", _("Ce nom de fichier n’est pas admis."), "name")
    if not 0 < stored.size <= settings.MAX_FILE_SIZE:
        yield row.wrong("out_of_range", _("Cette taille n’est pas admise."), "size")
    if stored.content is None:
        return
    if (hashlib.sha256(stored.content).hexdigest(), len(stored.content)) != (stored.sha256, stored.size):
        yield row.wrong("other_bytes", _("Ces octets n’ont pas l’empreinte ou la taille annoncée."), "content")
    try:
        differs = read_type(stored.name, stored.content) != stored.media_type
    except InvalidInput as refused:
        yield from (row.wrong(found.code, found.detail, "content") for found in refused.violations)
        return
    if differs:
        yield row.wrong("wrong_type", _("Ces octets sont ceux d’un fichier d’un autre type."), "media_type")


SECTION = Section(
    key="files",
    model=StoredFile,
    fields=("name", "media_type", "size", "sha256", "content"),
    owner="",
    check=_check,
)
