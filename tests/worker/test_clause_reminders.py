"""The mail before a clause of confidentiality ends: to whom, when, and what it says (docs/adr/0025)."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail

from governance.enums import CircleKind
from governance.models import CircleStay, ConfidentialityClause, Role
from tests.cast import Cast
from tests.clock import PARIS, set_clock
from tests.governance import factories
from tests.requests import act
from worker.services import ticks

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def sent(on: dt.date) -> list[mail.EmailMessage]:
    """What leaves in one tick at noon of that day about clauses."""
    set_clock(dt.datetime.combine(on, dt.time(12), PARIS))
    before = len(mail.outbox)
    ticks.every_tick()
    return [message for message in mail.outbox[before:] if "clause" in message.subject.lower()]


def to(messages: list[mail.EmailMessage]) -> list[str]:
    return sorted(address for message in messages for address in message.to)


def test_whoever_set_the_clause_is_told_thirty_days_before_what_will_open_and_what_to_do(cast: Cast) -> None:
    secret = factories.decision(cast, state="taken", taken_on=cast.today, requirements_at_taking=[], title="Racheter Z")
    until = cast.today + 60 * DAY
    client = cast.api(cast.coordinator)
    body = {
        "cooperation": str(cast.cooperation.pk),
        "source": "agreement",
        "reference": "Convention de prêt, article 9",
        "title": "Discrétion",
        "confidentiality": "core",
        "reason": "Négociation en cours",
        "covers": {"resource": "decisions", "id": str(secret.pk)},
        "until": until.isoformat(),
    }
    made = act(client, "/api/v1/confidentiality-clauses/", body)
    assert made.status_code == 201, made.content
    assert sent(until - 31 * DAY) == []
    (first,) = sent(until - 30 * DAY)
    assert first.to == [cast.coordinator.email]
    assert first.subject == "Dans 30 jours : la clause de confidentialité « Discrétion » prend fin"
    assert "revient au niveau d’avant" in first.body
    assert "posez une nouvelle clause avant ce jour" in first.body
    assert "Racheter" not in first.body
    assert str(secret.pk) not in first.body
    assert sent(until - 29 * DAY) == []
    cast.coordinator.language = "en"
    cast.coordinator.save()
    # Another last day moves the series, said at once, once; the mail is in the language of its reader.
    ConfidentialityClause.objects.update(until=until + 10 * DAY)
    (moved,) = sent(until + 2 * DAY)
    assert moved.subject == "In 8 days: the confidentiality clause “Discrétion” ends"
    (second,) = sent(until + 3 * DAY)
    assert second.subject == "In 7 days: the confidentiality clause “Discrétion” ends"
    assert "goes back to its former level" in second.body
    lifted = act(client, f"/api/v1/confidentiality-clauses/{made.json()['id']}/lift/", {"reason": "Annoncé"})
    assert lifted.status_code == 200
    assert sent(until + 9 * DAY) == []


@pytest.mark.parametrize(
    ("who", "told"),
    [
        # A head of the organisation set it and still is one.
        ("stays", ["director_alpha"]),
        # Gone: those who may set one now, the coordination and the heads of the organisation.
        ("left", ["chair_alpha", "coordinator"]),
        # Still a head, but the organisation is of a circle that the clause is closed to: those who may read it.
        ("moved", ["coordinator"]),
    ],
)
def test_when_who_set_it_is_gone_those_who_may_set_one_are_told(cast: Cast, who: str, told: list[str]) -> None:
    until = cast.today + 20 * DAY
    fields: dict[str, Any] = {"confidentiality": "core", "until": until, "set_by": cast.director_alpha}
    factories.clause(cast, covering=cast.alpha.memberships.get(), fields=["leave_reason"], **fields)
    if who == "left":
        Role.objects.filter(person=cast.director_alpha).update(until=cast.today - DAY)
    if who == "moved":
        CircleStay.objects.filter(membership__organisation=cast.alpha).update(circle=CircleKind.ACTIVE)
    messages = sent(until - 7 * DAY)
    assert to(messages) == sorted(cast.everyone[name].email for name in told)
    assert all("les champs qu’elle ferme s’ouvrent" in message.body for message in messages)


def test_a_clause_without_an_end_or_over_says_nothing(cast: Cast) -> None:
    factories.clause(cast, covering=cast.alpha.memberships.get(), fields=["leave_reason"])
    factories.clause(cast, until=cast.today, since=cast.today)
    assert sent(cast.today + DAY) == []
