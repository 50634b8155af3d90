"""Writing the annexes of a draft, as its articles are; and bringing back a file that came as a hash only."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from charters.models import CharterAnnex, CharterVersion
from charters.rules.content import normalise
from charters.services.locks import Locked, lock_version, require_draft
from charters.services.ranks import renumber
from coopproject.exceptions import InvalidInput, NotVisible, RuleViolated, Violation
from coopproject.locking import lock
from governance import journal
from governance.actor import Actor
from governance.enums import Confidentiality
from governance.models import Membership, Organisation
from governance.rules.confidentiality import highest
from governance.services import files, records

_TEXTS = ("title", "body", "key")


@transaction.atomic
def annex_create(
    *,
    actor: Actor,
    charter_version: CharterVersion,
    position: int | None = None,
    concerns: Iterable[Organisation] = (),
    **fields: Any,
) -> CharterAnnex:
    """Add an annex at a rank (the last by default), at the level of the charter unless a more closed one is given.

    Raises RuleViolated(`text_is_frozen`) when the version is no longer a draft; InvalidInput `text_or_file`,
    `lower_than_charter`, `not_a_member`.
    """
    locked = lock_version(charter_version.pk)
    require_draft(locked)
    organisations = list(concerns)
    order = _order(locked)
    annex = CharterAnnex(
        cooperation_id=locked.version.cooperation_id,
        charter_version=locked.version,
        position=len(order) + 1,
        **{"confidentiality": locked.charter.confidentiality, **_normalised(fields)},
    )
    _refuse([*_violations(locked, annex), *_not_members(locked, organisations)])
    records.check(annex)
    annex.save(force_insert=True)
    annex.concerns.set(organisations)
    journal.record(
        "charter_annex.created",
        annex,
        actor=actor,
        **records.values_of(annex),
        file_sha256=_file_hash(annex),
        concerns=sorted(str(organisation.pk) for organisation in organisations),
    )
    order.insert(min(position or len(order) + 1, len(order) + 1) - 1, annex)
    renumber(order)
    locked.version.save(update_fields=[])
    return annex


@transaction.atomic
def annex_update(*, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]) -> CharterAnnex:
    """Change an annex of a draft, or move it to another rank."""
    locked, annex = _lock_annex(pk, expected_version)
    require_draft(locked)
    wanted = _normalised(dict(changes))
    rank, organisations = wanted.pop("position", None), wanted.pop("concerns", None)
    # The charter may have been closed since: what is written again is at least as closed.
    if "confidentiality" not in wanted:
        wanted["confidentiality"] = highest(annex.confidentiality, locked.charter.confidentiality)
    before = annex.version
    proposed = CharterAnnex(
        **{name: getattr(annex, name) for name in ("body", "file", "confidentiality")}
        | {name: value for name, value in wanted.items() if name in ("body", "file", "confidentiality")}
    )
    _refuse([*_violations(locked, proposed), *_not_members(locked, organisations or [])])
    records.save_changes(annex, actor=actor, changes=wanted)
    if organisations is not None:
        _set_concerns(annex, organisations, actor)
    if rank is not None:
        _move(locked, annex, rank, actor)
    if annex.version != before:
        locked.version.save(update_fields=[])
    return annex


@transaction.atomic
def annex_delete(*, pk: UUID, actor: Actor, expected_version: int | None = None) -> None:
    """Take an annex out of a draft; the journal keeps its text or the hash of its file."""
    locked, annex = _lock_annex(pk, expected_version)
    require_draft(locked)
    journal.record(
        "charter_annex.deleted", annex, actor=actor, **records.values_of(annex), file_sha256=_file_hash(annex)
    )
    annex.delete()
    renumber(_order(locked))
    locked.version.save(update_fields=[])


@transaction.atomic
def annex_restore_file(*, pk: UUID, actor: Actor, expected_version: int | None = None, content: bytes) -> CharterAnnex:
    """Bring back the bytes of an annex that a dossier told of by its hash.

    The annex does not change: what was approved is the hash. Raises InvalidInput(`other_bytes`),
    RuleViolated(`file_not_missing`).
    """
    _locked, annex = _lock_annex(pk, expected_version)
    if annex.file is None:
        raise RuleViolated(Violation("no_file", _("Cette annexe est un texte : elle n’attend aucun fichier.")))
    files.restore(annex.file, content)
    journal.record("charter_annex.file_restored", annex, actor=actor, file_sha256=annex.file.sha256)
    return annex


def _lock_annex(pk: UUID, expected_version: int | None) -> tuple[Locked, CharterAnnex]:
    version_id = CharterAnnex.objects.filter(pk=pk).values_list("charter_version_id", flat=True).first()
    if version_id is None:
        raise NotVisible
    locked = lock_version(version_id)
    annex: CharterAnnex = lock(CharterAnnex.objects.all(), pk, expected_version)
    annex.charter_version = locked.version
    return locked, annex


def _set_concerns(annex: CharterAnnex, organisations: list[Organisation], actor: Actor) -> None:
    before = sorted(str(pk) for pk in annex.concerns.values_list("pk", flat=True))
    after = sorted(str(organisation.pk) for organisation in organisations)
    if before != after:
        annex.concerns.set(organisations)
        annex.save(update_fields=[])
        journal.record("charter_annex.concerns_changed", annex, actor=actor, before=before, after=after)


def _move(locked: Locked, annex: CharterAnnex, rank: int, actor: Actor) -> None:
    order = [item for item in _order(locked) if item.pk != annex.pk]
    rank = min(rank, len(order) + 1)
    if rank == annex.position:
        return
    journal.record("charter_annex.moved", annex, actor=actor, before=annex.position, after=rank)
    order.insert(rank - 1, annex)
    renumber(order)
    annex.save(update_fields=["position"])


def _order(locked: Locked) -> list[CharterAnnex]:
    return list(CharterAnnex.objects.filter(charter_version=locked.version).order_by("position"))


def _violations(locked: Locked, annex: CharterAnnex) -> list[Violation]:
    found = []
    if annex.file_id is not None and annex.body:
        detail = _("Une annexe est un texte ou un fichier, pas les deux.")
        found.append(Violation("text_or_file", detail, "/file"))
    if annex.confidentiality == Confidentiality.RESTRICTED:
        detail = _("Une annexe ne se limite pas à une seule organisation.")
        found.append(Violation("restricted_to_one", detail, "/confidentiality"))
    if highest(annex.confidentiality, locked.charter.confidentiality) != annex.confidentiality:
        detail = _("Une annexe n’est jamais plus ouverte que sa charte.")
        found.append(Violation("lower_than_charter", detail, "/confidentiality"))
    return found


def _not_members(locked: Locked, organisations: list[Organisation]) -> list[Violation]:
    members = Membership.objects.filter(cooperation_id=locked.version.cooperation_id, left_on__isnull=True)
    known = set(members.values_list("organisation_id", flat=True))
    detail = _("Cette organisation n’est pas membre de la coopération.")
    return [
        Violation("not_a_member", detail, f"/concerns/{index}")
        for index, organisation in enumerate(organisations)
        if organisation.pk not in known
    ]


def _refuse(found: list[Violation]) -> None:
    if found:
        raise InvalidInput(*found)


def _file_hash(annex: CharterAnnex) -> str | None:
    return annex.file.sha256 if annex.file else None


def _normalised(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: normalise(value) if name in _TEXTS and isinstance(value, str) else value for name, value in fields.items()
    }
