"""Who decides: members, votes and delegations, as the rules of deciding read them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from governance.enums import DecisionState
from governance.models import Decision, DecisionVote, Delegation, Membership, Organisation, VotingRule
from governance.models.cooperations import in_force_on
from governance.rules.deciding import CountedVote
from governance.rules.delegations import DelegationFacts


def members_on(cooperation_ids: Collection[UUID], day: dt.date) -> dict[UUID, list[Organisation]]:
    """The members of each cooperation on that day, by name. Counted once: read it under the lock of the cooperation."""
    found: dict[UUID, list[Organisation]] = {cooperation_id: [] for cooperation_id in cooperation_ids}
    rows = Membership.objects.filter(in_force_on(day, "joined_on", "left_on"), cooperation__in=cooperation_ids)
    for row in rows.select_related("organisation").order_by("organisation__search_name", "organisation_id"):
        found[row.cooperation_id].append(row.organisation)
    return found


def organisations_asked(decision: Decision, members: Iterable[Organisation]) -> list[Organisation]:
    """Whose boards decide: the members concerned where the decision names some, else every member (docs/adr/0024)."""
    concerned = {organisation.pk for organisation in decision.concerned.all()}
    return [member for member in members if not concerned or member.pk in concerned]


def votes_of(decisions: Collection[Decision]) -> dict[UUID, dict[UUID | None, list[CountedVote]]]:
    """Decision -> organisation (None: the assembly) -> its votes, the oldest first."""
    found: dict[UUID, dict[UUID | None, list[CountedVote]]] = {decision.pk: defaultdict(list) for decision in decisions}
    rows = DecisionVote.objects.filter(decision__in=list(found)).order_by("created_at", "pk")
    for order, row in enumerate(rows):
        found[row.decision_id][row.organisation_id].append(
            CountedVote(
                id=row.pk,
                held_on=row.held_on,
                result=row.result,
                order=order,
                option=row.option_id,
                irregular=row.irregular,
                ratified_on=row.ratified_on,
            )
        )
    return found


def delegations_in(cooperation_ids: Collection[UUID]) -> dict[UUID, list[DelegationFacts]]:
    """The delegations of each cooperation, with what was decided under each so far."""
    found: dict[UUID, list[DelegationFacts]] = {cooperation_id: [] for cooperation_id in cooperation_ids}
    rows = list(
        Delegation.objects.filter(cooperation__in=cooperation_ids).select_related("role", "granted_by").order_by("pk")
    )
    spent = spent_under(rows)
    for row in rows:
        found[row.cooperation_id].append(
            DelegationFacts(
                id=row.pk,
                person=row.role.person_id,
                since=row.since,
                until=row.until if row.role.until is None else min(row.until, row.role.until),
                ceiling=row.ceiling,
                subjects=tuple(row.subjects),
                excluded_impacts=tuple(row.excluded_impacts),
                total_ceiling=row.total_ceiling,
                spent=spent.get(row.pk, Decimal(0)),
                revoked_on=_ended_on(row),
            )
        )
    return found


def _ended_on(row: Delegation) -> dt.date | None:
    """The first day without it: revoked, or its decision superseded or abandoned."""
    undone = row.granted_by.out_of_force_on if row.granted_by else None
    return min((day for day in (row.revoked_on, undone) if day is not None), default=None)


def spent_under(delegations: Sequence[Delegation]) -> dict[UUID, Decimal]:
    """Delegation -> the sum of what was decided under it: in one query, exact. A refusal commits nothing."""
    rows = Decision.objects.filter(
        delegation__in=[row.pk for row in delegations], state=DecisionState.TAKEN, rejected=False
    )
    totals = rows.order_by().values("delegation").annotate(total=Sum("amount"))
    return {row["delegation"]: row["total"] or Decimal(0) for row in totals}


def rule_in_use(rule: VotingRule) -> bool:
    """Whether a vote on a decision was counted by this rule of a board."""
    return DecisionVote.objects.filter(voting_rule=rule).exists()
