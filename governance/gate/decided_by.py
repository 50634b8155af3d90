"""Who must have decided before a decision is taken: boards, the assembly, or a holder of a delegation (ADR 0024)."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from governance import gate
from governance.enums import DecidedBy
from governance.gate import Requirement, RequirementStatus, Taking
from governance.models import Decision, Organisation
from governance.rules.deciding import CountedVote, Standing, options_adopted, standing
from governance.rules.delegations import Asked, DelegationCode, answers
from governance.selectors.deciding import delegations_in, members_on, organisations_asked, votes_of

_MET, _OPEN, _BLOCKED = RequirementStatus.MET, RequirementStatus.OPEN, RequirementStatus.BLOCKED
type Stood = tuple[Standing, CountedVote | None]

# Standing of a board -> (code, status, sentence, what clears it)
_BOARD: Mapping[Standing, tuple[str, RequirementStatus, Any, Any]] = {
    Standing.ADOPTED: ("board_decision_given", _MET, _("%(name)s : l’instance a adopté."), ""),
    Standing.AGAINST: (
        "board_decision_against",
        _BLOCKED,
        _("%(name)s : l’instance a décidé autrement."),
        _("Un nouveau vote de cette instance, ou une autre décision."),
    ),
    Standing.IRREGULAR: (
        "board_decision_irregular",
        _BLOCKED,
        _("%(name)s : l’instance a voté avant ce qu’elle devait attendre ; son vote ne compte pas encore."),
        _("La ratification du vote par cette instance, ou un nouveau vote."),
    ),
    Standing.NO_QUORUM: (
        "board_decision_missing",
        _OPEN,
        _("%(name)s : l’instance s’est réunie sans quorum."),
        _("Une nouvelle réunion de cette instance."),
    ),
    Standing.UNDECIDED: (
        "board_decision_missing",
        _OPEN,
        _("%(name)s : le vote de l’instance n’a rien donné, il est à refaire."),
        _("Un nouveau vote de cette instance."),
    ),
    Standing.MISSING: (
        "board_decision_missing",
        _OPEN,
        _("%(name)s : l’instance n’a pas encore décidé."),
        _("Le procès-verbal de la décision de cette instance."),
    ),
}
_ASSEMBLY: Mapping[Standing, tuple[str, RequirementStatus, Any, Any]] = {
    Standing.ADOPTED: ("assembly_decided", _MET, _("L’assemblée des membres a adopté."), ""),
    Standing.AGAINST: (
        "assembly_against",
        _BLOCKED,
        _("L’assemblée des membres a décidé autrement."),
        _("Un nouveau vote de l’assemblée, ou une autre décision."),
    ),
    Standing.IRREGULAR: (
        "assembly_irregular",
        _BLOCKED,
        _("L’assemblée a voté avant ce qu’elle devait attendre ; son vote ne compte pas encore."),
        _("La ratification du vote par l’assemblée, ou un nouveau vote."),
    ),
    Standing.NO_QUORUM: (
        "assembly_no_quorum",
        _OPEN,
        _("L’assemblée des membres s’est réunie sans quorum."),
        _("Une nouvelle réunion de l’assemblée."),
    ),
    Standing.UNDECIDED: (
        "assembly_missing",
        _OPEN,
        _("Le vote de l’assemblée n’a rien donné, il est à refaire."),
        _("Un nouveau vote de l’assemblée."),
    ),
    Standing.MISSING: (
        "assembly_missing",
        _OPEN,
        _("L’assemblée des membres n’a pas encore décidé."),
        _("Le procès-verbal du vote de l’assemblée."),
    ),
}


def provide(decisions: Sequence[Decision], on: dt.date, taking: Taking) -> Mapping[UUID, list[Requirement]]:
    """What the rule of each decision still asks for, on that day. Nothing for a decision that names no rule."""
    asked = [decision for decision in decisions if decision.decided_by]
    if not asked:
        return {}
    cooperations = {decision.cooperation_id for decision in asked}
    by_rule = {decision.decided_by for decision in asked}
    members = members_on(cooperations, on) if DecidedBy.EACH_BOARD in by_rule else {}
    votes = votes_of(asked) if by_rule & {DecidedBy.EACH_BOARD, DecidedBy.ASSEMBLY} else {}
    delegations = delegations_in(cooperations) if DecidedBy.COORDINATION in by_rule else {}
    found: dict[UUID, list[Requirement]] = {}
    for decision in asked:
        if decision.decided_by == DecidedBy.EACH_BOARD:
            boards = organisations_asked(decision, members[decision.cooperation_id])
            own = votes[decision.pk]
            stood = {
                board.pk: standing(_as_known_now(decision, board.pk, own.get(board.pk, ())), on) for board in boards
            }
            found[decision.pk] = list(_by_boards(decision, boards, stood, taking))
        elif decision.decided_by == DecidedBy.ASSEMBLY:
            stood_by = standing(_as_known_now(decision, None, votes[decision.pk].get(None, ())), on)
            found[decision.pk] = [_by_assembly(decision, stood_by, taking)]
        else:
            found[decision.pk] = list(_by_delegation(decision, delegations[decision.cooperation_id], on, taking))
    return found


def _as_known_now(
    decision: Decision, organisation_id: UUID | None, votes: Iterable[CountedVote]
) -> Iterator[CountedVote]:
    """The votes of one organ, those that are now known to have come too early told apart.

    A judge who lengthens a consultation, information that proves incomplete: what the vote had to wait for was not
    over on its day, whatever was known then. It counts for nothing until it is ratified, as if recorded so.
    """
    for vote in votes:
        day = vote.counts_from
        early = day is not None and gate.violations(
            gate.requirements(decision, on=day, organisation_id=organisation_id)
        )
        yield replace(vote, irregular=True, ratified_on=None) if early else vote


def _by_boards(
    decision: Decision, boards: Sequence[Organisation], stood: Mapping[UUID, Stood], taking: Taking
) -> Iterator[Requirement]:
    if not boards:
        yield _requirement(
            decision,
            "nobody_to_decide",
            _BLOCKED,
            _("Plus aucun membre n’est appelé à décider."),
            _("Retirer la décision, ou la soumettre aux membres actuels."),
        )
        return
    if taking.rejected:
        against = [board for board in boards if stood[board.pk][0] is Standing.AGAINST]
        if not against:
            yield _requirement(
                decision,
                "no_board_against",
                _BLOCKED,
                _("Aucune instance n’a voté contre : la décision n’est pas rejetée."),
                _("Le vote contraire d’une instance, ou le retrait de la décision."),
            )
        for board in against:
            refused = wording.filled(_("%(name)s : l’instance a voté contre."), name=board)
            yield _requirement(decision, "board_refused", _MET, refused, "", board.pk, stood[board.pk][1])
        return
    for board in boards:
        code, status, detail, clears = _BOARD[_for_option(stood[board.pk], taking)]
        sentence = wording.filled(detail, name=board)
        yield _requirement(decision, code, status, sentence, clears, board.pk, stood[board.pk][1])
    if taking.option_id is None and len(options_adopted(stood.values())) > 1:
        yield _requirement(
            decision,
            "board_options_differ",
            _BLOCKED,
            _("Les instances n’ont pas retenu la même option."),
            _("Un nouveau vote des instances sur une même option."),
        )


def _by_assembly(decision: Decision, stood: Stood, taking: Taking) -> Requirement:
    if taking.rejected and stood[0] is Standing.AGAINST:
        refused = _("L’assemblée des membres a voté contre.")
        return _requirement(decision, "assembly_refused", _MET, refused, "", None, stood[1])
    if taking.rejected and stood[0] is Standing.ADOPTED:
        return _requirement(
            decision,
            "assembly_in_favour",
            _BLOCKED,
            _("L’assemblée des membres a adopté : la décision n’est pas rejetée."),
            _("Un nouveau vote de l’assemblée."),
            None,
            stood[1],
        )
    code, status, detail, clears = _ASSEMBLY[_for_option(stood, taking)]
    return _requirement(decision, code, status, detail, clears, None, stood[1])


def _for_option(stood: Stood, taking: Taking) -> Standing:
    """Adopting another option is deciding otherwise."""
    found, vote = stood
    differs = vote is not None and taking.option_id is not None and vote.option != taking.option_id
    return Standing.AGAINST if found is Standing.ADOPTED and differs else found


def _by_delegation(decision: Decision, delegations: Any, on: dt.date, taking: Taking) -> Iterator[Requirement]:
    committed = Decimal(0) if taking.rejected else decision.amount
    if committed is None:
        # A draft: its submission asks for it.
        yield _requirement(
            decision,
            "amount_missing",
            _BLOCKED,
            _("Le montant qu’elle engage n’est pas dit : aucun plafond ne s’y compare."),
            _("Dire quel montant elle engage, 0,00 si elle n’engage rien."),
        )
        return
    asked = Asked(decision.subject, decision.impact_flags, committed)
    for answer in answers(delegations, asked, on, person=taking.person_id):
        held = answer.code is DelegationCode.HELD
        named = ({"resource": "delegations", "id": str(answer.delegation)},) if answer.delegation else ()
        yield Requirement(
            code=str(answer.code),
            status=_MET if held else _BLOCKED,
            detail=answer.detail,
            clears=answer.clears,
            since=decision.submitted_on,
            basis=decision.decided_by,
            objects=named,
        )


def _requirement(
    decision: Decision,
    code: str,
    status: RequirementStatus,
    detail: str | Promise,
    clears: str | Promise,
    organisation_id: UUID | None = None,
    vote: CountedVote | None = None,
) -> Requirement:
    return Requirement(
        code=code,
        status=status,
        detail=detail,
        clears=clears,
        organisation_id=organisation_id,
        since=vote.held_on if vote else decision.submitted_on,
        basis=decision.decided_by,
        objects=({"resource": "decision-votes", "id": str(vote.id)},) if vote else (),
    )
