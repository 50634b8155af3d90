"""Who is a member, what a delegation still allows and what is in force are counted once, under one lock, both ways."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from coopproject.exceptions import RuleViolated
from governance.actor import Actor
from governance.enums import ConsultationState, DecisionState
from governance.models import Decision, DecisionVote, Membership
from governance.services import consultations, decision_votes, delegations, memberships, taking
from tests.cast import Cast
from tests.clock import clock_at
from tests.governance import factories
from tests.governance.test_gate_races import in_thread

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.timedelta(days=1)


@pytest.fixture
def cast_then(transactional_db: None) -> Any:
    """One day for every thread."""
    with clock_at(dt.date(2026, 4, 2)):
        yield Cast()


def take(decision: Decision, cast: Cast, **more: Any) -> Any:
    actor = Actor.for_user(cast.coordinator.account)
    return taking.decision_take(pk=decision.pk, actor=actor, outcome="Oui", **more)


def by_boards(cast: Cast) -> Decision:
    """Every member is asked; all but Delta have adopted."""
    decision = factories.decision(
        cast, decided_by="each_board", impact_flags=[], submitted_on=cast.today - 9 * DAY, no_impact_reason="Aucun"
    )
    decision.concerned.clear()
    for organisation in (cast.alpha, cast.beta, cast.gamma):
        factories.board_vote(cast, decision, organisation, held_on=cast.today - DAY)
    return decision


def leave(cast: Cast, organisation: Any) -> Any:
    """Its last day was yesterday: today it is no member any more."""
    membership = Membership.objects.get(cooperation=cast.cooperation, organisation=organisation)
    actor = Actor.for_user(cast.coordinator.account)
    return memberships.membership_leave(pk=membership.pk, actor=actor, reason="Départ", left_on=cast.today - DAY)


def test_a_taking_waits_for_the_departure_in_progress_and_then_asks_those_who_stay(cast_then: Cast) -> None:
    cast, decision = cast_then, by_boards(cast_then)
    with pytest.raises(RuleViolated, match="board_decision_missing"):
        take(decision, cast)
    with transaction.atomic():
        leave(cast, cast.delta)
        thread, outcome = in_thread(lambda: take(decision, cast))
        thread.join(0.4)
        assert thread.is_alive(), "the taking did not wait for the lock of the members"
    thread.join()
    assert "error" not in outcome, outcome
    decision.refresh_from_db()
    assert decision.state == DecisionState.TAKEN
    assert str(cast.delta.pk) not in {fact["organisation"] for fact in decision.requirements_at_taking or []}


def test_a_departure_waits_for_the_last_vote_that_closes_and_the_vote_counted_its_member(cast_then: Cast) -> None:
    cast, decision = cast_then, by_boards(cast_then)
    with transaction.atomic():
        vote = decision_votes.decision_vote_record(
            actor=Actor.for_user(cast.chair_delta.account),
            decision=decision,
            board=cast.delta.boards.get(),
            held_on=cast.today - DAY,
            minutes_reference="PV 1",
            present=6,
            votes_for=6,
            votes_against=0,
        )
        thread, outcome = in_thread(lambda: leave(cast, cast.delta))
        thread.join(0.4)
        assert thread.is_alive(), "the departure did not wait for the vote in progress"
    thread.join()
    assert "error" not in outcome, outcome
    assert DecisionVote.objects.get(pk=vote.pk).result == "adopted"
    # It is no member any more: the others decided, and its vote stays as a fact.
    assert take(decision, cast).state == DecisionState.TAKEN


def test_a_vote_of_the_assembly_waits_for_a_departure_and_counts_the_members_that_are_left(cast_then: Cast) -> None:
    cast = cast_then
    factories.assembly_rule(cast)
    decision = factories.decision(cast, cast.gamma, decided_by="assembly", submitted_on=cast.today - 9 * DAY)

    def vote() -> Any:
        return decision_votes.decision_vote_record(
            actor=Actor.for_user(cast.coordinator.account),
            decision=decision,
            held_on=cast.today,
            minutes_reference="PV 1",
            present=2,
            votes_for=2,
            votes_against=0,
        )

    with transaction.atomic():
        leave(cast, cast.delta)
        thread, outcome = in_thread(vote)
        thread.join(0.4)
        assert thread.is_alive(), "the vote did not wait for the lock of the members"
    thread.join()
    assert outcome["result"].in_office == 3


def test_two_decisions_under_one_delegation_never_pass_its_total_together(cast_then: Cast) -> None:
    cast = cast_then
    factories.delegation(cast, total_ceiling=Decimal("1500.00"))
    first, second = (
        factories.decision(cast, cast.gamma, decided_by="coordination", amount=Decimal("800.00")) for _index in range(2)
    )
    with transaction.atomic():
        take(first, cast)
        thread, outcome = in_thread(lambda: take(second, cast))
        thread.join(0.4)
        assert thread.is_alive(), "the second taking did not wait for the first"
    thread.join()
    assert isinstance(outcome["error"], RuleViolated)
    assert {violation.code for violation in outcome["error"].violations} == {"above_ceiling"}


def test_a_taking_waits_for_the_revocation_in_progress_and_is_then_refused(cast_then: Cast) -> None:
    cast = cast_then
    delegation = factories.delegation(cast, since=cast.today - 9 * DAY)
    decision = factories.decision(cast, cast.gamma, decided_by="coordination", amount=Decimal("800.00"))
    chair = Actor.for_user(cast.chair_alpha.account)
    with transaction.atomic():
        delegations.delegation_revoke(pk=delegation.pk, actor=chair, reason="Confiance retirée")
        thread, outcome = in_thread(lambda: take(decision, cast))
        thread.join(0.4)
        assert thread.is_alive(), "the taking did not wait for the revocation"
    thread.join()
    assert {violation.code for violation in outcome["error"].violations} == {"delegation_expired"}


@pytest.fixture
def deemed(cast_then: Cast) -> Any:
    """The council of alpha was deemed consulted on 2 April; a judge seized in time may still rule."""
    decision = factories.decision(cast_then, submitted_on=dt.date(2026, 3, 1))
    consultation = factories.consultation(
        cast_then,
        decision,
        state=ConsultationState.DEEMED_NEGATIVE,
        information_delivered_on=dt.date(2026, 3, 2),
        information_complete=True,
        regime="CSE_2018",
        opinion="deemed_negative",
        opinion_on=dt.date(2026, 4, 2),
        nominal_deadline=dt.date(2026, 4, 2),
        extended_deadline=dt.date(2026, 4, 2),
        act_from=dt.date(2026, 4, 3),
    )
    return decision, consultation


def reopen(cast: Cast, consultation: Any) -> Any:
    """A judge seized in time rules after the end: the council has until May."""
    actor = Actor.for_user(cast.director_alpha.account)
    return consultations.consultation_extend(
        pk=consultation.pk,
        actor=actor,
        judge_seized_on=dt.date(2026, 3, 30),
        judge_fixed_on=dt.date(2026, 5, 7),
    )


def test_a_taking_waits_for_the_reopening_in_progress_and_is_then_refused(deemed: Any, cast_then: Cast) -> None:
    cast, (decision, consultation) = cast_then, deemed
    with clock_at(dt.date(2026, 4, 4)):
        with transaction.atomic():
            reopen(cast, consultation)
            thread, outcome = in_thread(lambda: take(decision, cast))
            thread.join(0.4)
            assert thread.is_alive(), "the taking did not wait for the reopening"
        thread.join()
    assert {violation.code for violation in outcome["error"].violations} == {"decision_before_consultation"}
    assert Decision.objects.get(pk=decision.pk).state == DecisionState.SUBMITTED


def test_a_reopening_waits_for_the_taking_in_progress_and_the_decision_keeps_what_it_rested_on(
    deemed: Any, cast_then: Cast
) -> None:
    cast, (decision, consultation) = cast_then, deemed
    with clock_at(dt.date(2026, 4, 4)):
        with transaction.atomic():
            take(decision, cast)
            thread, outcome = in_thread(lambda: reopen(cast, consultation))
            thread.join(0.4)
            assert thread.is_alive(), "the reopening did not wait for the taking"
        thread.join()
    # What a judge rules afterwards is a fact too: it is recorded, and the decision stands on what was true that day.
    assert "error" not in outcome, outcome
    taken = Decision.objects.get(pk=decision.pk)
    assert taken.state == DecisionState.TAKEN
    assert [fact["code"] for fact in taken.requirements_at_taking or []] == ["consultation_done"]
