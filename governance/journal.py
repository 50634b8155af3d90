"""Writing and verifying the journal. One call, in the transaction of the act that it records."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import rfc8785
from django.db import transaction

from coopproject import bell, clock
from coopproject.models import new_id
from governance.actor import Actor
from governance.enums import Confidentiality
from governance.models.journal import JournalEntry, JournalHead

FORMAT = 1
GENESIS = "0" * 64


def _plain(value: Any) -> Any:
    """What RFC 8785 can carry: identifiers, dates and exact numbers become strings, never floats."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = [_plain(item) for item in value]
        return sorted(items) if isinstance(value, set | frozenset) else items
    if value is None or isinstance(value, bool | str | int):
        return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**53 else value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def entry_hash(entry: JournalEntry) -> str:
    """SHA-256, in hexadecimal, of the format number, the previous hash and the canonical JSON of the entry."""
    content = {
        "id": str(entry.id),
        "chain": entry.chain,
        "sequence": entry.sequence,
        "recorded_at": entry.recorded_at.isoformat(),
        "actor": entry.actor,
        "on_behalf_of": str(entry.on_behalf_of_id) if entry.on_behalf_of_id else None,
        "act": entry.act,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "confidentiality": entry.confidentiality,
        "reason": entry.reason,
        "payload": entry.payload,
        "request_id": entry.request_id,
    }
    material = f"{entry.format}\n{entry.previous_hash}\n".encode() + rfc8785.dumps(content)
    return hashlib.sha256(material).hexdigest()


def actor_reference(actor: Actor) -> str:
    """`person:<id>`, `user:<id>` for an operator without a person, or `system:<name>`."""
    if actor.person_id:
        return f"person:{actor.person_id}"
    return f"user:{actor.user.pk}" if actor.user else f"system:{actor.system_name or 'unknown'}"


def record(
    act: str,
    obj: Any,
    *,
    actor: Actor,
    on_behalf_of: UUID | None = None,
    reason: str = "",
    confidentiality: str | None = None,
    cooperation_id: UUID | None = None,
    **payload: Any,
) -> JournalEntry:
    """Append one entry about `obj` to the chain of its cooperation. Must run inside the act's transaction.

    `cooperation_id`: where the act was done, for what exists across cooperations (a person who leaves one of them).

    `act` is `<object>.<past participle>` in English snake case. `payload` holds identifiers and values, never names
    or addresses of people. The level of the entry is that of the object (see `level_of`).
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("journal.record must run in the transaction of the act")
    cooperation_id = cooperation_id or getattr(obj, "cooperation_id", None)
    chain = str(cooperation_id or "")
    JournalHead.objects.get_or_create(chain=chain, defaults={"hash": GENESIS})
    head = JournalHead.objects.select_for_update().get(chain=chain)
    entry = JournalEntry(
        id=new_id(),
        chain=chain,
        sequence=head.sequence + 1,
        cooperation_id=cooperation_id,
        recorded_at=clock.now(),
        actor=actor_reference(actor),
        on_behalf_of_id=on_behalf_of,
        act=act,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        confidentiality=confidentiality or level_of(obj),
        reason=reason,
        payload=_plain(payload),
        request_id=actor.request_id,
        format=FORMAT,
        previous_hash=head.hash,
    )
    entry.hash = entry_hash(entry)
    entry.save(force_insert=True)
    head.sequence, head.hash = entry.sequence, entry.hash
    head.save(update_fields=["sequence", "hash"])
    bell.ring_on_commit(chain)
    return entry


def level_of(obj: Any) -> str:
    """The confidentiality of an object, followed through `confidentiality_lookup`; `network` when it has none."""
    lookup: str | None = getattr(type(obj), "confidentiality_lookup", None)
    if lookup is None:
        return Confidentiality.NETWORK
    value = obj
    for part in lookup.split("__"):
        value = getattr(value, part)
    return str(value)


@dataclass(frozen=True)
class Fault:
    """The first entry of a chain that does not verify, and why."""

    chain: str
    sequence: int
    entry_id: str
    why: str


def verify(chain: str) -> Fault | None:
    """Walk a chain from its first entry. None when whole; else the first bad entry."""
    previous, expected = GENESIS, 1
    for entry in JournalEntry.objects.filter(chain=chain).order_by("sequence").iterator(chunk_size=500):
        if entry.sequence != expected:
            return Fault(chain, expected, "", "missing_entry")
        if entry.previous_hash != previous:
            return Fault(chain, entry.sequence, str(entry.id), "broken_link")
        if entry_hash(entry) != entry.hash:
            return Fault(chain, entry.sequence, str(entry.id), "altered_content")
        if (str(entry.cooperation_id) if entry.cooperation_id else "") != chain:
            return Fault(chain, entry.sequence, str(entry.id), "foreign_entry")
        previous, expected = entry.hash, expected + 1
    head = JournalHead.objects.filter(chain=chain).first()
    if head is None and expected == 1:
        return None
    if head is None or (head.sequence, head.hash) != (expected - 1, previous):
        return Fault(chain, expected, "", "head_mismatch")
    return None


def verify_all() -> list[Fault]:
    """Every chain of the instance, heads and entries alike: a chain whose head was deleted is still walked."""
    chains = set(JournalHead.objects.order_by().values_list("chain", flat=True))
    chains |= set(JournalEntry.objects.order_by().values_list("chain", flat=True).distinct())
    return [fault for chain in sorted(chains) if (fault := verify(chain))]
