"""Recording what the board of a member, or the assembly of members, decided; ratifying a vote held too early."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, NotVisible, RuleViolated, StaleVersion, Violation
from governance import gate, journal, voting_rules
from governance.actor import Actor
from governance.enums import DecidedBy, DecisionState, RoleKind
from governance.models import (
    AssemblyRule,
    Board,
    Decision,
    DecisionOption,
    DecisionVote,
    Organisation,
    StoredFile,
    VotingRule,
)
from governance.rules import vote_figures
from governance.selectors.deciding import members_on, organisations_asked
from governance.selectors.employers import with_facts
from governance.services import files, records
from governance.services.taking import lock_decision

_CAPACITIES = (RoleKind.BOARD_CHAIR, RoleKind.BOARD_MEMBER, RoleKind.COORDINATION)


@transaction.atomic
def decision_vote_record(
    *,
    actor: Actor,
    decision: Decision,
    held_on: dt.date,
    minutes_reference: str,
    board: Board | None = None,
    option: DecisionOption | None = None,
    minutes_file: StoredFile | None = None,
    particulars: Mapping[str, Any] | None = None,
    **counts: int,
) -> DecisionVote:
    """Record the minutes of one vote: of `board`, or of the assembly of members when there is none.

    The result is computed by the organ's own rule on the day of the vote, never typed. Of the assembly, the members of
    that day are counted under the lock of the cooperation, one vote each. A vote held before what it had to wait for is
    kept, `irregular`, with the codes of the gate.

    Raises InvalidInput for a day to come, another decision's option, figures that cannot come from one meeting;
    RuleViolated with every reason: `wrong_state`, `not_decided_so`, `not_asked`, `voting_rule_missing`,
    `voted_before_submission`.
    """
    decision = lock_decision(decision.pk)
    today = clock.today(decision.cooperation.zone)
    if wrong := list(_wrong_input(decision, option, held_on, today)):
        raise InvalidInput(*wrong)
    members = members_on([decision.cooperation_id], held_on)[decision.cooperation_id]
    rule = _rule_of(decision, board, held_on)
    if found := _refusals(decision, board, held_on, members, rule):
        raise RuleViolated(*found)
    assert rule is not None
    particulars = particulars or {}
    in_office = board.seats_in_office if board else len(members)
    figures = {**counts, **particulars, "in_office": in_office, "held_on": held_on}
    try:
        counted = voting_rules.count(rule.definition, figures)
    except InvalidInput as error:
        raise InvalidInput(*map(vote_figures.pointed_at, error.violations)) from error
    early = held_back(decision, board.organisation_id if board else None, {held_on, today})
    vote = DecisionVote(
        cooperation_id=decision.cooperation_id,
        decision=decision,
        board=board,
        organisation_id=board.organisation_id if board else None,
        option=option,
        held_on=held_on,
        voting_rule=rule if isinstance(rule, VotingRule) else None,
        assembly_rule=rule if isinstance(rule, AssemblyRule) else None,
        in_office=in_office,
        particulars=vote_figures.stored(particulars),
        result=counted.result,
        explanation=counted.explanation,
        minutes_reference=minutes_reference,
        minutes_file=files.minutes_file(minutes_file),
        irregular=bool(early),
        irregular_codes=early,
        recorded_by_id=actor.person_id,
        capacity=_capacity(actor, decision, board),
        **counts,
    )
    records.create(vote, actor=actor, act="decision_vote.recorded", on_behalf_of=vote.organisation_id)
    return vote


@transaction.atomic
def decision_vote_regularise(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    ratified_on: dt.date,
    minutes_reference: str,
    reason: str,
) -> DecisionVote:
    """Record that the organ ratified its irregular vote on a day when nothing held it back: it counts from that day.

    Raises InvalidInput for a day to come or before the vote; RuleViolated with every reason: `wrong_state`,
    `nothing_to_regularise`, and the codes of the gate.
    """
    decision_id = DecisionVote.objects.filter(pk=pk).values_list("decision_id", flat=True).first()
    if decision_id is None:
        raise NotVisible
    decision = lock_decision(decision_id)
    vote = DecisionVote.objects.get(pk=pk)
    if expected_version is not None and vote.version != expected_version:
        raise StaleVersion(vote.version, expected_version)
    today = clock.today(decision.cooperation.zone)
    if ratified_on > today:
        detail = _("Une ratification à venir ne s’enregistre pas.")
        raise InvalidInput(Violation("in_the_future", detail, "/ratified_on"))
    if ratified_on < vote.held_on:
        detail = _("Un vote ne se ratifie qu’après avoir eu lieu.")
        raise InvalidInput(Violation("before_the_vote", detail, "/ratified_on"))
    found = _state_violations(decision)
    if not vote.irregular:
        # What is known since may show that it came too early: a judge who lengthened the consultation.
        vote.irregular_codes = held_back(decision, vote.organisation_id, {vote.held_on})
        vote.irregular = bool(vote.irregular_codes)
    if not vote.irregular or vote.ratified_on is not None:
        detail = _("Seul un vote irrégulier qui n’est pas encore ratifié se régularise.")
        found.append(Violation("nothing_to_regularise", detail))
    found += _held_back(decision, vote.organisation_id, {ratified_on, today})
    if found:
        raise RuleViolated(*found)
    vote.ratified_on, vote.ratified_reference, vote.ratified_reason = ratified_on, minutes_reference, reason
    records.check(vote)
    vote.save(update_fields=["irregular", "irregular_codes", "ratified_on", "ratified_reference", "ratified_reason"])
    journal.record(
        "decision_vote.regularised",
        vote,
        actor=actor,
        on_behalf_of=vote.organisation_id,
        reason=reason,
        irregular_codes=vote.irregular_codes,
        ratified_on=ratified_on,
        minutes_reference=minutes_reference,
    )
    return vote


def held_back(decision: Decision, organisation_id: UUID | None, days: Collection[dt.date]) -> list[str]:
    """The codes of what had to come before this organ's vote, on any of these days (domain.md 1.2, C07)."""
    return [violation.code for violation in _held_back(decision, organisation_id, days)]


def _held_back(decision: Decision, organisation_id: UUID | None, days: Collection[dt.date]) -> list[Violation]:
    found: dict[str, Violation] = {}
    for day in sorted(days):
        fresh = with_facts(Decision.objects.filter(pk=decision.pk), day).get()
        for violation in gate.violations(gate.requirements(fresh, on=day, organisation_id=organisation_id)):
            found.setdefault(violation.code, violation)
    return list(found.values())


def _wrong_input(
    decision: Decision, option: DecisionOption | None, held_on: dt.date, today: dt.date
) -> Collection[Violation]:
    found = []
    if held_on > today:
        found.append(Violation("in_the_future", _("Un vote à venir ne s’enregistre pas."), "/held_on"))
    if option is not None and option.decision_id != decision.pk:
        found.append(Violation("not_an_option", _("Cette option est d’une autre décision."), "/option"))
    if option is None and decision.options.exists():
        found.append(Violation("required", _("Dites sur quelle option le vote a porté."), "/option"))
    return found


def _refusals(
    decision: Decision,
    board: Board | None,
    held_on: dt.date,
    members: Collection[Organisation],
    rule: VotingRule | AssemblyRule | None,
) -> list[Violation]:
    found = _state_violations(decision)
    if decision.decided_by != (DecidedBy.EACH_BOARD if board else DecidedBy.ASSEMBLY):
        found.append(Violation("not_decided_so", _("Cette décision ne se prend pas ainsi."), "/board"))
    elif board is not None and board.organisation_id not in {
        organisation.pk for organisation in organisations_asked(decision, members)
    }:
        detail = _("Cette organisation n’était pas appelée à décider ce jour-là.")
        found.append(Violation("not_asked", detail, "/board"))
    if decision.submitted_on is not None and held_on < decision.submitted_on:
        detail = _("Le vote précède la soumission de la décision.")
        found.append(Violation("voted_before_submission", detail, "/held_on"))
    if rule is None:
        where = _("Déclarez d’abord la règle de vote qui s’appliquait ce jour-là.")
        found.append(Violation("voting_rule_missing", where, "/board" if board else ""))
    elif voting_rules.violations(rule.definition, ""):
        detail = _("La règle de vote enregistrée est incomplète : complétez-la d’abord.")
        found.append(Violation("voting_rule_unusable", detail, "/board" if board else ""))
    return found


def _state_violations(decision: Decision) -> list[Violation]:
    if decision.state == DecisionState.SUBMITTED:
        return []
    return [Violation("wrong_state", _("On ne vote que sur une décision soumise et pas encore prise."), "/decision")]


def _rule_of(decision: Decision, board: Board | None, day: dt.date) -> VotingRule | AssemblyRule | None:
    """The last rule that applies on that day, of the board or of the assembly of the cooperation."""
    if board is not None:
        return VotingRule.objects.filter(board=board, valid_from__lte=day).order_by("-valid_from").first()
    rules = AssemblyRule.objects.filter(cooperation=decision.cooperation_id, valid_from__lte=day)
    found: AssemblyRule | None = rules.order_by("-valid_from").first()
    return found


def _capacity(actor: Actor, decision: Decision, board: Board | None) -> str:
    """The role by which this person records the vote."""
    organisation_id = board.organisation_id if board else None
    for kind in _CAPACITIES:
        if actor.holds(decision.cooperation_id, (kind,), organisation_id=organisation_id):
            return kind
    return ""
