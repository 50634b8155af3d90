"""A whole object is either closed by its clause or opened before it: never opened under it."""

from typing import Any

import pytest
from django.db import transaction

from coopproject.exceptions import RuleViolated
from governance.actor import Actor
from governance.covering import Covered, coverable
from governance.models import Cooperation, Decision
from governance.services.clauses import clause_create
from governance.services.decisions import decision_update
from tests.cast import Cast
from tests.governance import factories
from tests.governance.test_gate_races import in_thread

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("level", ["active", "core"])
def test_an_opening_waits_for_the_clause_in_progress_and_is_then_refused(transactional_db: None, level: str) -> None:
    """Whether the clause raises the level or finds it there already, the row is locked while it is written."""
    cast = Cast()
    decision = factories.decision(cast, state="draft", submitted_on=None, confidentiality=level)
    actor = Actor.for_user(cast.coordinator.account)
    lowered: dict[str, Any] = {"confidentiality": "network"}
    with transaction.atomic():
        clause_create(
            actor=actor,
            cooperation=Cooperation.objects.get(pk=cast.cooperation.pk),
            source="charter",
            reference="Charte, article 9",
            title="Discrétion",
            confidentiality="core",
            reason="Convenu",
            covers=Covered(coverable()["decisions"], decision),
        )
        thread, outcome = in_thread(
            lambda: decision_update(pk=decision.pk, actor=actor, expected_version=None, changes=lowered)
        )
        thread.join(0.4)
        assert thread.is_alive(), "the opening did not wait for the lock of the decision"
    thread.join()
    assert isinstance(outcome["error"], RuleViolated)
    assert [violation.code for violation in outcome["error"].violations] == ["clause_in_force"]
    assert Decision.objects.get(pk=decision.pk).confidentiality == "core"
