"""Bringing back the minutes of a decision or of a vote on it, that a dossier told of by their hash only."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import NotVisible, RuleViolated, Violation
from coopproject.locking import lock
from governance import journal
from governance.actor import Actor
from governance.models import Decision, DecisionVote
from governance.services import files, records


@transaction.atomic
def decision_restore_minutes(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, content: bytes
) -> Decision:
    """The very same bytes; nothing of the decision changes. Raises InvalidInput(`other_bytes`), RuleViolated."""
    decision: Decision = lock(Decision.objects.all(), pk, expected_version)
    _restore(decision, actor, content)
    return decision


@transaction.atomic
def decision_vote_restore_minutes(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, content: bytes
) -> DecisionVote:
    """The very same bytes; nothing of the vote changes. Raises InvalidInput(`other_bytes`), RuleViolated."""
    decision_id = DecisionVote.objects.filter(pk=pk).values_list("decision_id", flat=True).first()
    if decision_id is None:
        raise NotVisible
    lock(Decision.objects.all(), decision_id)
    vote: DecisionVote = lock(DecisionVote.objects.all(), pk, expected_version)
    _restore(vote, actor, content)
    return vote


def _restore(holder: Any, actor: Actor, content: bytes) -> None:
    if holder.minutes_file is None:
        raise RuleViolated(Violation("no_file", _("Aucun procès-verbal n’est joint.")))
    files.restore(holder.minutes_file, content)
    act = f"{records.object_name(holder)}.minutes_restored"
    journal.record(act, holder, actor=actor, minutes_sha256=holder.minutes_file.sha256)
