"""Where each board stands with a text: convened, voting, without quorum, irregular; and when it may meet again."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from charters.enums import DeliberationResult, DeliberationState
from charters.models import BoardDeliberation
from charters.rules import voting
from charters.rules.entry_into_force import Wait
from governance.actor import Actor
from governance.models import VotingRule

_CALLED_AGAIN = (DeliberationResult.NO_QUORUM, DeliberationResult.REVOTE)


def wait_of(vote: BoardDeliberation) -> Wait | None:
    """What a board whose last deliberation is this one waits for; None when that vote counts."""
    if vote.state == DeliberationState.CONVENED:
        return Wait.BOARD_CONVENED
    if vote.state == DeliberationState.OPEN:
        return Wait.VOTE_OPEN
    if vote.result in _CALLED_AGAIN:
        return Wait.NO_QUORUM if vote.result == DeliberationResult.NO_QUORUM else Wait.REVOTE
    return Wait.IRREGULAR_VOTE if vote.irregular and not hasattr(vote, "regularisation") else None


def call_again_from(vote: BoardDeliberation) -> dt.date | None:
    """Without quorum on a first call: the first day on which the statutes allow a second one, when they do."""
    if vote.result != DeliberationResult.NO_QUORUM or vote.call != 1 or vote.voting_rule is None:
        return None
    second = voting.VotingRule.from_dict(vote.voting_rule.definition).second_call
    return vote.held_on + dt.timedelta(days=second.min_days or 0) if second.allowed else None


def rules_known_to(actor: Actor, votes: Iterable[BoardDeliberation]) -> frozenset[UUID]:
    """Of the rules by which these votes were counted, those that the actor may read: one query."""
    named = {vote.voting_rule_id for vote in votes if vote.voting_rule_id is not None}
    known = VotingRule.objects.visible_to(actor).filter(pk__in=named) if named else VotingRule.objects.none()
    return frozenset(known.order_by().values_list("pk", flat=True))


def irregular_codes_for(vote: BoardDeliberation, actor: Actor) -> list[str]:
    """Why a vote is irregular, to whoever may know of the decision that held it back. Select `charter_version`."""
    decision = vote.charter_version.decision
    if decision is not None and not actor.may_know(decision.cooperation_id, decision.confidentiality):
        return []
    return list(vote.irregular_codes)
