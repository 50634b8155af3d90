"""What `GET /charter-versions/{id}/entry/` says."""

import datetime as dt
from collections.abc import Container, Iterable
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from charters.enums import AmendmentType, VersionState
from charters.models import BoardDeliberation, CharterVersion
from charters.rules.entry_into_force import PartyStatus, Wait
from charters.rules.staleness import StaleReason
from charters.selectors.boards import call_again_from, rules_known_to
from charters.selectors.entry import EntryReader
from charters.selectors.rows import Entry, PartyRow, told_to
from coopproject import wording
from governance import gate
from governance.actor import Actor
from governance.models import Organisation


def names_of(organisation_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of organisations, in one query."""
    return {
        organisation.pk: str(organisation)
        for organisation in Organisation.objects.filter(pk__in=set(organisation_ids)).order_by("pk")
    }


_REASONS: dict[str, Any] = {
    StaleReason.REVIEW_HELD: _("La charte a été révisée depuis son approbation."),
    StaleReason.REVIEW_DUE: _("La date de révision de la charte est passée depuis son approbation."),
    StaleReason.LEFT_SINCE: _("Cette organisation était sortie depuis son approbation."),
}
_WAITS: dict[str, Any] = {
    Wait.OWN_BOARD: _("Le vote de son instance."),
    Wait.APPROVED_ANOTHER_TEXT: _("Un nouveau vote de son instance : elle a approuvé un autre texte."),
    Wait.REJECTED_BY_OWN_BOARD: _("Un nouveau vote de son instance, qui a refusé ce texte."),
    Wait.BOARD_CONVENED: _("Le vote de son instance, convoquée pour le {held_on}."),
    Wait.VOTE_OPEN: _("La clôture du vote de son instance, ouvert le {opened_on}."),
    Wait.NO_QUORUM: _("Un nouveau vote de son instance, qui n’avait pas le quorum le {held_on}."),
    Wait.REVOTE: _("Un nouveau vote de son instance, à égalité le {held_on}."),
    Wait.IRREGULAR_VOTE: _("La régularisation du vote irrégulier de son instance, tenu le {held_on}."),
    Wait.OTHER_BOARDS: _("Le vote des autres instances."),
    Wait.ENTRY_DATE: _("La date d’entrée en vigueur."),
}


def contest_report(reader: EntryReader) -> dict[str, Any] | None:
    """The time to contest a submitted correction, and who did; None for what boards vote."""
    period = reader.contest_period
    if period is None:
        return None
    return {
        "until": period.until,
        "open": reader.version.state == VersionState.SUBMITTED and reader.day <= period.until,
        "contests": [
            {
                "organisation": contest.organisation_id,
                "name": str(contest.organisation),
                "contested_by": contest.contested_by_id,
                "capacity": contest.capacity,
                "contested_at": contest.contested_at,
                "reason": contest.reason,
            }
            for contest in reader.contests
        ],
    }


def entry_report(version: CharterVersion, actor: Actor, day: dt.date) -> dict[str, Any]:
    """`GET /charter-versions/{id}/entry/`: what holds a board's vote back is told to whoever may know the decision."""
    reader = EntryReader(version, day)
    entry = told_to(actor, version, reader.read())
    names = names_of(row.organisation_id for row in entry.parties)
    known_rules = rules_known_to(actor, (row.vote for row in entry.parties if row.vote is not None))
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
        "summary": str(summary(version, entry, names)),
        "contest": contest_report(reader),
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
                "detail": _detail(row, known_rules),
                "deliberation": _vote(row.vote, known_rules) if row.vote is not None else None,
                "since": row.since,
                "carried_from": row.carried_from,
                "round": row.round,
                "reason": str(row.reason) if row.reason else None,
                "stale_since": row.stale_since,
                "valid_until": row.valid_until,
                "blockers": blockers.get(row.organisation_id, []) if row in entry.silent else [],
            }
            for row in entry.parties
        ],
    }


def _detail(row: PartyRow, known_rules: Container[UUID | None]) -> str:
    parts = [_REASONS.get(row.reason or ""), _WAITS.get(row.waits_for or "")]
    if row.vote is not None:
        days = {
            "held_on": wording.day(row.vote.held_on),
            "opened_on": wording.day(row.vote.opened_on or row.vote.held_on),
        }
        parts = [format_lazy(part, **days) for part in parts if part]
        if row.vote.voting_rule_id in known_rules and (again := call_again_from(row.vote)):
            sentence = _("Elle peut être convoquée de nouveau à partir du {day}.")
            parts.append(format_lazy(sentence, day=wording.day(again)))
    return " ".join(str(part) for part in parts if part)


def _vote(vote: BoardDeliberation, known_rules: Container[UUID | None]) -> dict[str, Any]:
    return {
        "id": vote.pk,
        "state": vote.state,
        "held_on": vote.held_on,
        "opened_on": vote.opened_on,
        "call": vote.call,
        "result": vote.result,
        "irregular": vote.irregular,
        "call_again_from": call_again_from(vote) if vote.voting_rule_id in known_rules else None,
    }


def summary(version: CharterVersion, entry: Entry, names: dict[UUID, str]) -> str | Promise:
    """Where the text stands, in one sentence for a president: in force for whom, who is missing, who is asked again."""
    match version.state:
        case VersionState.DRAFT:
            return _("Brouillon : rien n’est encore soumis aux instances.")
        case VersionState.WITHDRAWN:
            return _("Retirée : aucune instance n’est plus consultée.")
        case VersionState.REJECTED:
            return _("Rejetée : aucune instance n’est plus consultée.")
        case VersionState.SUPERSEDED if version.superseded_on:
            return format_lazy(_("Remplacée le {day}."), day=wording.day(version.superseded_on))
    if entry.problems:
        reasons = " ".join(str(problem.detail) for problem in entry.problems)
        return format_lazy(_("Ne peut plus entrer en vigueur : {reasons}"), reasons=reasons)
    if (
        version.state == VersionState.SUBMITTED
        and version.amendment_type == AmendmentType.EDITORIAL
        and entry.enters_on
    ):
        sentence = _("Correction sans vote : en vigueur le {day} si personne ne la conteste.")
        return format_lazy(sentence, day=wording.day(entry.enters_on))
    concerned = [row for row in entry.parties if row.status != PartyStatus.NOT_ASKED]
    given = [row for row in concerned if row.status != PartyStatus.PENDING and row.approved_on]
    count, total = len(given), len(concerned)
    if version.state == VersionState.IN_FORCE:
        first = format_lazy(_("En vigueur pour {count} sur {total}"), count=count, total=total)
    elif entry.enters_on:
        day = wording.day(entry.enters_on)
        first = format_lazy(
            _("Entrée en vigueur le {day}, approuvée par {count} sur {total}"), day=day, count=count, total=total
        )
    else:
        first = format_lazy(_("Pas encore en vigueur : approuvée par {count} sur {total}"), count=count, total=total)
    parts: list[str | Promise] = [first]
    for sentence, rows in (
        (_("il manque {names}"), [row for row in concerned if row.status == PartyStatus.PENDING and not _refused(row)]),
        (_("refusée par {names}"), [row for row in concerned if _refused(row)]),
        (_("à consulter de nouveau : {names}"), [row for row in entry.asked_again if not _refused(row)]),
    ):  # fmt: skip
        if rows:
            parts.append(format_lazy(sentence, names=_named(rows, names)))
    return format_lazy("{sentence}.", sentence=" ; ".join(str(part) for part in parts))


def _refused(row: PartyRow) -> bool:
    return row.waits_for == Wait.REJECTED_BY_OWN_BOARD


def _named(rows: list[PartyRow], names: dict[UUID, str]) -> str:
    return ", ".join(_placed(row, names.get(row.organisation_id, "")) for row in rows)


def _placed(row: PartyRow, name: str) -> str:
    """A party and where its board stands: convened for a day, or voting since one, or silent since one."""
    if row.waits_for == Wait.BOARD_CONVENED and row.vote is not None:
        sentence, day = _("{name} (instance convoquée le {day})"), row.vote.held_on
    elif row.waits_for == Wait.VOTE_OPEN and row.vote is not None:
        sentence, day = _("{name} (vote ouvert le {day})"), row.vote.opened_on or row.vote.held_on
    elif row.since:
        sentence, day = _("{name} (depuis le {day})"), row.since
    else:
        return name
    return str(format_lazy(sentence, name=name, day=wording.day(day)))
