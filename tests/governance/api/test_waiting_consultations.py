"""What waits for the employer's own people in a consultation, step by step; and the legal clock for its contact."""

import datetime as dt
from typing import Any

import pytest

from tests.cast import Cast
from tests.clock import set_clock
from tests.governance import factories
from tests.requests import act

pytestmark = pytest.mark.django_db
URL = "/api/v1/consultations/"


@pytest.fixture
def in_march(db: None) -> None:
    set_clock(dt.date(2026, 3, 2))


def test_each_step_waits_for_the_employer_and_for_nobody_else(in_march: None, cast: Cast) -> None:
    made = factories.consultation(cast, factories.decision(cast, submitted_on=dt.date(2026, 3, 1)))

    def waits(person: Any) -> list[str]:
        return sorted(item["code"] for item in cast.api(person).get("/api/v1/users/me/").json()["waiting"])

    def do(name: str, **body: Any) -> None:
        assert act(cast.api(cast.director_alpha), f"{URL}{made.pk}/{name}/", body).status_code == 200

    assert waits(cast.director_alpha) == ["information_to_send"]
    do("send-information", delivered_on="2026-03-02", complete=False, missing_information="Le budget")
    assert waits(cast.director_alpha) == ["information_to_complete"]
    do("send-information", delivered_on="2026-03-02")
    assert (waits(cast.director_alpha), waits(cast.employees_alpha)) == ([], ["consultation_clock"])
    factories.meeting(cast, made)
    assert waits(cast.director_alpha) == ["opinion_to_record"]
    assert waits(cast.employees_alpha) == ["consultation_clock", "opinion_to_record"]
    do("record-opinion", kind="reserved", given_on="2026-03-02")
    assert waits(cast.employees_alpha) == ["response_to_give"]
    do("record-response", text="Entendu", given_on="2026-03-02")
    assert waits(cast.employees_alpha) == ["consultation_to_close"]
    for person in (cast.member_alpha, cast.director_beta, cast.chair_gamma):
        assert waits(person) == []
    do("close")
    assert waits(cast.employees_alpha) == []
