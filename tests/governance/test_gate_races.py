"""One lock for a decision and what holds it back: neither a taking nor a reopening slips past the other."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from coopproject.exceptions import RuleViolated
from governance.actor import Actor
from governance.enums import ConsultationState, DecisionState
from governance.models import Consultation, Decision
from governance.services import consultation_documents, consultations, taking
from tests.cast import Cast
from tests.clock import clock_at
from tests.governance import factories

pytestmark = pytest.mark.django_db(transaction=True)


def in_thread(call: Callable[[], Any]) -> tuple[threading.Thread, dict[str, Any]]:
    outcome: dict[str, Any] = {}

    def run() -> None:
        try:
            outcome["result"] = call()
        except Exception as error:  # noqa: BLE001 - examined by the test
            outcome["error"] = error
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, outcome


@pytest.fixture
def case(transactional_db: None) -> Any:
    """The council of alpha was informed in March; on 3 April its silence has just let the decision go."""
    with clock_at(dt.date(2026, 4, 2)):
        cast = Cast()
        decision = factories.decision(cast, submitted_on=dt.date(2026, 3, 1))
        consultation = factories.consultation(
            cast,
            decision,
            state=ConsultationState.INFORMATION_SENT,
            information_delivered_on=dt.date(2026, 3, 2),
            information_complete=True,
            regime="CSE_2018",
        )
        yield cast, decision, consultation


def extend(consultation: Consultation, cast: Cast) -> Any:
    return consultations.consultation_extend(
        pk=consultation.pk, actor=Actor.for_user(cast.director_alpha.account), common_agreement_on=dt.date(2026, 5, 7)
    )


def test_a_decision_waits_for_the_extension_in_progress_and_is_then_refused(case: Any) -> None:
    cast, decision, consultation = case
    actor = Actor.for_user(cast.coordinator.account)
    with transaction.atomic():
        extend(consultation, cast)
        thread, outcome = in_thread(lambda: taking.decision_take(pk=decision.pk, actor=actor, outcome="Oui"))
        thread.join(0.4)
        assert thread.is_alive(), "the taking did not wait for the lock of the decision"
    thread.join()
    assert isinstance(outcome["error"], RuleViolated)
    decision.refresh_from_db()
    assert decision.state == DecisionState.SUBMITTED


def test_an_extension_waits_for_the_decision_in_progress(case: Any) -> None:
    cast, decision, consultation = case
    Consultation.objects.filter(pk=consultation.pk).update(
        state=ConsultationState.OPINION_GIVEN, opinion="favourable", opinion_on=dt.date(2026, 3, 20)
    )
    actor = Actor.for_user(cast.coordinator.account)
    with transaction.atomic():
        taking.decision_take(pk=decision.pk, actor=actor, outcome="Oui")
        thread, outcome = in_thread(lambda: extend(consultation, cast))
        thread.join(0.4)
        assert thread.is_alive(), "the extension did not wait for the lock of the decision"
    thread.join()
    assert isinstance(outcome["error"], RuleViolated)
    assert Decision.objects.get(pk=decision.pk).state == DecisionState.TAKEN


def test_a_document_being_handed_over_is_not_changed_meanwhile(case: Any) -> None:
    cast, _decision, consultation = case
    director = Actor.for_user(cast.director_alpha.account)
    document = factories.document(cast, consultation)
    with transaction.atomic():
        consultation_documents.document_hand_over(pk=document.pk, actor=director, handed_on=dt.date(2026, 4, 2))
        thread, outcome = in_thread(
            lambda: consultation_documents.document_update(
                pk=document.pk, actor=director, expected_version=None, changes={"title": "Autre"}
            )
        )
        thread.join(0.4)
        assert thread.is_alive(), "the change did not wait for the lock of the decision"
    thread.join()
    assert isinstance(outcome["error"], RuleViolated)
    document.refresh_from_db()
    assert document.title == "Note au CSE"
