"""What `GET /charter-versions/{id}/entry/` says."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from charters.models import CharterVersion
from charters.rules.entry_into_force import PartyStatus, Wait
from charters.selectors.entry import EntryReader
from governance import gate
from governance.actor import Actor
from governance.models import Organisation


def names_of(organisation_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of organisations, in one query."""
    return {
        organisation.pk: str(organisation)
        for organisation in Organisation.objects.filter(pk__in=set(organisation_ids)).order_by("pk")
    }


_WAITS: dict[str, Any] = {
    Wait.OWN_BOARD: _("Le vote de son instance."),
    Wait.APPROVED_ANOTHER_TEXT: _("Un nouveau vote de son instance : elle a approuvé un autre texte."),
    Wait.REJECTED_BY_OWN_BOARD: _("Un nouveau vote de son instance, qui a refusé ce texte."),
    Wait.OTHER_BOARDS: _("Le vote des autres instances."),
    Wait.ENTRY_DATE: _("La date d’entrée en vigueur."),
}


def entry_report(version: CharterVersion, actor: Actor, day: dt.date) -> dict[str, Any]:
    """`GET /charter-versions/{id}/entry/`: what holds a board's vote back is told to whoever may know the decision."""
    reader = EntryReader(version, day)
    entry = reader.read()
    names = names_of(row.organisation_id for row in entry.parties)
    blockers: dict[UUID, list[dict[str, Any]]] = {}
    decision = version.decision
    if decision is not None and actor.may_know(decision.cooperation_id, decision.confidentiality):
        found = [requirement for requirement in gate.requirements(decision, on=day) if requirement.holds_back]
        for row in entry.parties:
            own = [requirement for requirement in found if requirement.organisation_id in (None, row.organisation_id)]
            blockers[row.organisation_id] = [requirement.as_data() for requirement in own]
    return {
        "state": version.state,
        "content_hash": version.content_hash,
        "entry_rule": reader.terms.stated_rule.to_dict(),
        "formula": entry.formula,
        "met_on": entry.met_on,
        "enters_on": entry.enters_on,
        "in_force": entry.in_force,
        "problems": [
            {"code": problem.code, "pointer": problem.pointer, "detail": str(problem.detail)}
            for problem in entry.problems
        ],
        "parties": [
            {
                "organisation": row.organisation_id,
                "name": names.get(row.organisation_id, ""),
                "circle": row.circle,
                "status": str(row.status),
                "approved_on": row.approved_on,
                "in_force_from": row.in_force_from,
                "waits_for": str(row.waits_for) if row.waits_for else None,
                "detail": str(_WAITS[row.waits_for]) if row.waits_for else "",
                "since": row.since,
                "blockers": blockers.get(row.organisation_id, []) if row.status == PartyStatus.PENDING else [],
            }
            for row in entry.parties
        ],
    }
