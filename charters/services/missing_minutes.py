"""Bringing back minutes that came as a hash only."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from charters.models import BoardDeliberation
from charters.services.outcomes import lock_deliberation
from coopproject.exceptions import RuleViolated, Violation
from governance import journal
from governance.actor import Actor
from governance.services import files


@transaction.atomic
def board_deliberation_restore_minutes(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, content: bytes
) -> BoardDeliberation:
    """Bring back the minutes, of the vote or of its regularisation, that a dossier told of by their hash.

    Nothing of the deliberation changes. Raises InvalidInput(`other_bytes`), RuleViolated(`no_file`,
    `file_not_missing`).
    """
    _locked, deliberation = lock_deliberation(pk, expected_version)
    ratification = getattr(deliberation, "regularisation", None)
    held = [row.minutes_file for row in (deliberation, ratification) if row is not None and row.minutes_file]
    if not held:
        raise RuleViolated(Violation("no_file", _("Aucun procès-verbal n’est joint à cette délibération.")))
    stored = next((document for document in held if document.is_missing), held[0])
    files.restore(stored, content)
    journal.record(
        "board_deliberation.minutes_restored",
        deliberation,
        actor=actor,
        on_behalf_of=deliberation.organisation_id,
        minutes_sha256=stored.sha256,
    )
    return deliberation
