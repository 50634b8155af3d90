"""Taking a dossier in, and giving it back."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import NotAllowed
from governance import journal
from governance.actor import Actor
from governance.dossier import exporter, importer, writing
from governance.enums import RoleKind


@dataclass(frozen=True)
class Imported:
    """What an import made. `sha256` is that of the RFC 8785 form; `counts` the rows written, by section."""

    cooperation: Any
    sha256: str
    counts: dict[str, int]


@transaction.atomic
def dossier_import(*, actor: Actor, document: Any, source: str = "") -> Imported:
    """Bring a whole cooperation in, past states included; one journal entry with the fingerprint of the document.

    `document`: plain data, see `governance.dossier.reading`. The operator and batches may import any; another person
    only a dossier that makes them its coordination today, and without touching organisations that they do not know.
    Raises InvalidInput with every violation and its pointer (nothing is written), NotAllowed.
    """
    today = clock.today()
    trusted = actor.is_operator or bool(actor.system_name)
    plan = importer.prepare(document, today=today, reader=None if trusted else actor)
    if not trusted and not _coordinates(plan, actor, today):
        raise NotAllowed(_("Seul l’opérateur importe un dossier dont vous n’exercez pas la coordination."))
    counts = writing.write(plan)
    fingerprint = importer.fingerprint(document)
    payload: dict[str, Any] = {"sha256": fingerprint, "counts": counts} | ({"source": source} if source else {})
    journal.record("cooperation.imported", plan.cooperation, actor=actor, **payload)
    return Imported(plan.cooperation, fingerprint, counts)


def _coordinates(plan: importer.Plan, actor: Actor, today: dt.date) -> bool:
    return actor.person_id is not None and any(
        row.obj.person_id == actor.person_id
        and row.obj.kind == RoleKind.COORDINATION
        and row.obj.since <= today
        and (row.obj.until is None or row.obj.until >= today)
        for row in plan.rows.get("roles", [])
    )


def dossier_export(cooperation: Any, *, reader: Actor | None = None) -> str:
    """The canonical text of the dossier; what `reader` may not know of is left out (None: everything)."""
    return exporter.text(exporter.document(cooperation, reader=reader))
