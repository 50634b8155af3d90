"""Why an act on a charter is refused now: facts in, every violation out at once (domain.md 2.3)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from charters.enums import VersionState
from charters.rules.amendments import CONTEST_DAYS
from coopproject.exceptions import Violation

FROZEN = Violation(
    "text_is_frozen", _("Ce texte a été soumis aux instances : il ne change plus. Proposez un avenant (amend).")
)
ARCHIVED = Violation("charter_archived", _("Cette charte est archivée."))
VOTING_RULE_MISSING = Violation(
    "voting_rule_missing",
    _("Aucune règle de vote n’est connue pour cette instance à cette date : saisissez ses statuts."),
    "/board",
)
_FRAME = {
    "title": _("titre"),
    "entry_rule": _("règle d’entrée en vigueur"),
    "purpose": _("objet"),
    "motivations": _("motivations"),
    "review": _("révision"),
    "editorial_contest_days": _("délai de contestation"),
    "exit": _("préavis de sortie"),
}


@dataclass(frozen=True)
class VoteFacts:
    """What is known, under the lock, of a vote that a board wants held or recorded. `state` is the version's.

    `already_approved`: the approval of this text stands. `carried`: this amendment does not ask this organisation.
    `asked_from`: the day since which its board is asked again, when the former approval is stale. `first_call_on`: of
    a second call, the day of the meeting without quorum.
    """

    state: str
    archived: bool
    needs_no_vote: bool
    frozen_hash: str
    voted_hash: str
    organisation: str
    parties: Collection[str]
    already_approved: bool
    carried: bool
    asked_from: date | None
    approves_charters: bool
    held_on: date
    submitted_on: date | None
    first_call_on: date | None = None


def vote_violations(facts: VoteFacts) -> list[Violation]:
    """Every reason why this vote cannot be held; the board's rule and the gate of the decision are asked apart."""
    found = []
    if facts.archived:
        found.append(ARCHIVED)
    if facts.state not in ("submitted", "in_force"):
        detail = format_lazy(
            _("L’état actuel (« {state} ») ne permet pas de voter ce texte."), state=VersionState(facts.state).label
        )
        found.append(Violation("wrong_state", detail))
    no_vote = facts.needs_no_vote and facts.state == "submitted"
    if no_vote:
        found.append(Violation("no_vote_needed", _("Une correction rédactionnelle n’appelle pas de vote.")))
    if facts.frozen_hash and facts.voted_hash != facts.frozen_hash:
        detail = _("Le texte voté n’est pas le texte figé de cette version : les empreintes diffèrent.")
        found.append(Violation("hash_mismatch", detail, "/content_hash"))
    if facts.organisation not in facts.parties:
        found.append(Violation("not_a_party", _("Cette organisation n’est pas partie à cette version."), "/board"))
    if facts.carried and not no_vote:
        detail = _("Cet avenant ne touche pas cette organisation : son approbation est reprise sans nouveau vote.")
        found.append(Violation("approval_carried", detail, "/board"))
    elif facts.already_approved and not no_vote:
        found.append(Violation("already_approved", _("Cette organisation a déjà approuvé cette version."), "/board"))
    if facts.asked_from and facts.held_on < facts.asked_from:
        detail = _("Le vote est antérieur au jour depuis lequel cette instance est à consulter de nouveau.")
        found.append(Violation("voted_before_asked_again", detail, "/held_on"))
    if not facts.approves_charters:
        detail = _("Cette instance n’est pas celle qui approuve les chartes pour l’organisation.")
        found.append(Violation("board_does_not_approve", detail, "/board"))
    if facts.submitted_on and facts.held_on < facts.submitted_on:
        detail = _("Le vote est antérieur à la soumission : ce texte n’était pas figé.")
        found.append(Violation("voted_before_submission", detail, "/held_on"))
    # Else a second call, which many statutes spare any quorum, would only need an old date.
    since = max((day for day in (facts.submitted_on, facts.asked_from) if day), default=None)
    if since and facts.first_call_on and facts.first_call_on < since:
        detail = _("La première réunion est antérieure au jour depuis lequel cette instance est consultée.")
        found.append(Violation("first_call_too_early", detail, "/first_call_on"))
    return found


def frame_violations(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Violation]:
    """What an amendment that passes boards over may not bring in beside its texts: another title, entry rule or
    motivation, other terms of review or of exit.

    Both are frozen contents (`charters.rules.content.content_of`).
    """
    facts, former = new.get("frozen_facts") or {}, old.get("frozen_facts") or {}
    changed = [name for name in ("title", "entry_rule") if old.get(name) != new.get(name)]
    changed += [name for name in ("purpose", "motivations", "review", "exit") if facts.get(name) != former.get(name)]
    # Else a correction could shorten the time in which it is contested.
    if facts.get("editorial_contest_days", CONTEST_DAYS) != former.get("editorial_contest_days", CONTEST_DAYS):
        changed.append("editorial_contest_days")
    detail = _("Ce qui entoure les articles a changé ({names}) : une nouvelle version est à voter.")
    if not changed:
        return []
    return [
        Violation(
            "frame_changed",
            format_lazy(detail, names=", ".join(str(_FRAME[name]) for name in changed)),
            "/amendment_type",
        )
    ]
