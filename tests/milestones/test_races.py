"""Two acts at the same instant: one of them waits for the other, and then sees what it did."""

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from charters import services as charters
from coopproject.exceptions import InvalidInput, RuleViolated
from governance.actor import Actor
from milestones import services
from milestones.models import BudgetEntry, Indicator, Mandate
from tests.cast import Cast
from tests.charters.factories import actor_of, make_charter, make_effect, make_motivation
from tests.milestones import factories


def race(first: Callable[[], Any], second: Callable[[], Any]) -> list[str]:
    """Run `first`, and `second` before it commits, from another connection. The refusals of the second."""
    found: list[str] = []
    started = threading.Event()

    def other() -> None:
        try:
            started.set()
            second()
        except (RuleViolated, InvalidInput) as refused:
            found.extend(violation.code for violation in refused.violations)
        finally:
            connection.close()

    thread = threading.Thread(target=other)
    with transaction.atomic():
        first()
        thread.start()
        started.wait(5)
        thread.join(0.5)
        assert thread.is_alive(), "the second act did not wait for the first"
    thread.join(30)
    return found


@pytest.mark.django_db(transaction=True)
def test_two_pilots_accept_at_once_and_one_pilots() -> None:
    cast = Cast()
    activity = factories.activity(cast)
    boris = factories.mandate(cast, activity, state="proposed")
    agnes = factories.mandate(cast, activity, cast.director_alpha, cast.alpha, state="proposed")
    actors = [Actor.for_user(person.account) for person in (cast.pilot_beta, cast.director_alpha)]
    found = race(
        lambda: services.mandate_accept(pk=boris.pk, actor=actors[0]),
        lambda: services.mandate_accept(pk=agnes.pk, actor=actors[1]),
    )
    assert found == ["mandate_overlap"]
    assert list(Mandate.objects.filter(state="accepted")) == [boris]


@pytest.mark.django_db(transaction=True)
def test_two_lines_committed_at_once_share_one_ceiling() -> None:
    cast = Cast()
    activity = factories.activity(cast)
    factories.mandate(cast, activity, spending_ceiling=Decimal("100.00"))
    lines = [factories.budget_line(cast, activity) for _index in range(2)]
    actor = Actor.for_user(cast.pilot_beta.account)

    def commit(index: int) -> BudgetEntry:
        return services.budget_entry_create(actor=actor, line=lines[index], kind="commitment", amount=Decimal("60.00"))

    assert race(lambda: commit(0), lambda: commit(1)) == ["mandate_ceiling_exceeded"]
    assert BudgetEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("erased_first", [True, False])
def test_an_effect_is_erased_or_measured_and_never_both(erased_first: bool) -> None:
    cast = Cast()
    effect = make_effect(cast, make_motivation(cast, make_charter(cast)))
    actor = actor_of(cast.coordinator)

    def erase() -> None:
        charters.expected_effect_delete(pk=effect.pk, actor=actor)

    def measure() -> Indicator:
        return services.indicator_create(actor=actor, effect=effect, code="I", label="Places")

    found = race(erase, measure) if erased_first else race(measure, erase)
    assert found == (["does_not_exist"] if erased_first else ["in_use"])
    assert Indicator.objects.count() == (0 if erased_first else 1)
