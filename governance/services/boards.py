"""The organs that decide for an organisation, and the dated rules by which they vote."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import InvalidInput, RuleViolated, Violation
from coopproject.locking import lock
from governance import voting_rules
from governance.actor import Actor
from governance.enums import Confidentiality
from governance.models import Board, Organisation, VotingRule
from governance.selectors.identity import open_cooperation_ids
from governance.services import records
from governance.services.levels import require_level, require_new_level


@transaction.atomic
def board_create(*, actor: Actor, organisation: Organisation, **fields: Any) -> Board:
    """Record an organ. Only one approves charters for an organisation."""
    lock(Organisation.objects.all(), organisation.pk)
    require_level(fields.get("confidentiality", Confidentiality.NETWORK), actor, open_cooperation_ids(organisation))
    board = Board(organisation=organisation, **fields)
    _check(board)
    records.create(board, actor=actor, on_behalf_of=organisation.pk)
    return board


@transaction.atomic
def board_update(*, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]) -> Board:
    """Change the seats in office, the name of the organ, whether it approves charters, or who may know of it."""
    organisation_id = Board.objects.values_list("organisation_id", flat=True).filter(pk=pk).first()
    if organisation_id is not None:
        lock(Organisation.objects.all(), organisation_id)
    board = lock(Board.objects.select_related("organisation"), pk, expected_version)
    if "confidentiality" in changes:
        require_new_level(board, changes, actor, open_cooperation_ids(board.organisation))
    _check(Board(pk=board.pk, organisation_id=board.organisation_id, **_merged(board, changes)))
    saved = records.save_changes(board, actor=actor, changes=changes, on_behalf_of=board.organisation_id)
    assert isinstance(saved, Board)
    return saved


@transaction.atomic
def voting_rule_create(
    *, actor: Actor, board: Board, valid_from: dt.date, definition: Any, source: str = ""
) -> VotingRule:
    """Declare the rule set of a board from a day on, as its statutes say it."""
    lock(Board.objects.all(), board.pk)
    found = voting_rules.violations(definition, "/definition")
    if VotingRule.objects.filter(board=board, valid_from=valid_from).exists():
        found.append(
            Violation("already_recorded", _("Une règle commence déjà ce jour-là pour cette instance."), "/valid_from")
        )
    if found:
        raise InvalidInput(*found)
    rule = VotingRule(board=board, valid_from=valid_from, definition=definition, source=source)
    records.create(rule, actor=actor, on_behalf_of=board.organisation_id)
    return rule


@transaction.atomic
def voting_rule_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]
) -> VotingRule:
    """Correct a rule by which nobody has voted yet. Afterwards a new rule follows it."""
    rule = lock(VotingRule.objects.all(), pk, expected_version)
    if "definition" in changes and (found := voting_rules.violations(changes["definition"], "/definition")):
        raise InvalidInput(*found)
    if voting_rules.in_use(rule):
        detail = _("Un vote a été compté selon cette règle : déclarez la suivante, à partir d’un autre jour.")
        raise RuleViolated(Violation("voting_rule_in_use", detail))
    saved = records.save_changes(rule, actor=actor, changes=changes)
    assert isinstance(saved, VotingRule)
    return saved


def _merged(board: Board, changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: changes.get(name, getattr(board, name)) for name in ("body", "seats_in_office", "approves_charters")}


def _check(board: Board) -> None:
    found = []
    if board.seats_in_office < 1:
        found.append(Violation("min_value", _("Une instance a au moins un siège."), "/seats_in_office"))
    others = Board.objects.filter(organisation_id=board.organisation_id, approves_charters=True).exclude(pk=board.pk)
    if board.approves_charters and others.exists():
        detail = _("Une autre instance approuve déjà les chartes de cette organisation.")
        found.append(Violation("another_board_approves", detail, "/approves_charters"))
    if found:
        raise InvalidInput(*found)
