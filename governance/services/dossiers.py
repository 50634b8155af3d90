"""Taking a dossier in, and giving it back."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, NotAllowed, Violation
from governance import journal, policies
from governance.actor import Actor
from governance.dossier import exporter, importer, writing
from governance.enums import RoleKind
from governance.selectors.identity import open_cooperation_ids

_GUESTS = frozenset({RoleKind.FUNDER, RoleKind.OBSERVER})


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
    if not trusted and (found := list(_not_theirs(plan, actor))):
        raise InvalidInput(*found)
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


def _not_theirs(plan: importer.Plan, actor: Actor) -> Iterator[Violation]:
    """What the acts would refuse this person: tying an organisation that is a member elsewhere and for which they do
    not answer (`policies.ties`), or giving themselves a role for one that they do not head (`role_create`)."""
    known = {row.obj.pk: row.obj for row in plan.rows.get("organisations", []) if row.reused}
    for row in plan.rows.get("memberships", []):
        organisation = known.get(row.obj.organisation_id)
        if organisation is None or not open_cooperation_ids(organisation):
            continue
        if not policies.answers_for()(actor, organisation):
            detail = _("Cette organisation est membre d’une autre coopération : qui en répond, ou l’opérateur, la lie.")
            yield row.wrong("not_yours_to_tie", detail, "organisation")
    headed = {role.organisation_id for role in actor.roles if role.kind in policies.HEADS}
    for row in plan.rows.get("roles", []):
        theirs = row.obj.person_id == actor.person_id and row.obj.organisation_id in known
        if theirs and row.obj.kind not in _GUESTS and row.obj.organisation_id not in headed:
            detail = _("Nul ne se donne à soi-même un rôle pour le compte d’une organisation qu’il ne dirige pas.")
            yield row.wrong("self_granted", detail, "person")


def dossier_export(cooperation: Any, *, reader: Actor | None = None) -> str:
    """The canonical text of the dossier; what `reader` may not know of is left out (None: everything)."""
    return exporter.text(exporter.document(cooperation, reader=reader))
