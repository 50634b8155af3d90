"""How decisions travel: by the circuit of their subject or not, in how many days, contradicting each other or not."""

import datetime as dt
from decimal import Decimal
from typing import Any

from governance.models import Decision, DecisionOption
from tests.cast import Cast
from tests.governance import factories
from tests.requests import act, codes

DAY = dt.timedelta(days=1)
CIRCUITS = "/api/v1/decision-circuits/"


def travelled(cast: Cast, days: int, **fields: Any) -> Decision:
    """A decision on purchases that was taken today, that many days after its submission."""
    values = {
        "subject": "achats",
        "state": "taken",
        "submitted_on": cast.today - days * DAY,
        "taken_on": cast.today,
        "requirements_at_taking": [],
        **fields,
    }
    return factories.decision(cast, cast.gamma, **values)


def report(cast: Cast, person: Any, subject: str = "achats") -> dict[str, Any]:
    found = cast.api(person).get(f"/api/v1/cooperations/{cast.cooperation.pk}/decision-circuits/")
    assert found.status_code == 200, found.json()
    return next((row for row in found.json()["circuits"] if row["subject"] == subject), {})


def test_a_circuit_tells_who_decides_how_long_it_takes_and_what_left_it(cast: Cast) -> None:
    circuit = factories.circuit(cast, asked="Le groupe achats")
    held = factories.delegation(cast)
    inside = {"decided_by": "coordination", "delegation": held}
    for days in (2, 3, 9):
        travelled(cast, days, amount=Decimal("1000.00"), **inside)
    above = travelled(cast, 20, amount=Decimal("1000.01"), **inside)
    silent = travelled(cast, 31, confidentiality="core")
    pending = factories.decision(cast, cast.gamma, subject="achats", submitted_on=cast.today - 5 * DAY)
    factories.decision(cast, cast.gamma, subject="achats", state="draft")
    found = report(cast, cast.coordinator)
    assert (found["circuit"], found["decided_by"], found["ceiling"]) == (str(circuit.pk), "coordination", "1000.00")
    assert found["asked"] == "Le groupe achats"
    figures = ("taken", "total_days", "average_days", "median_days")
    assert [found[name] for name in figures] == [5, 65, "13.00", "9.00"]
    assert found["pending"] == [
        {"decision": str(pending.pk), "title": pending.title, "since": (cast.today - 5 * DAY).isoformat()}
    ]
    assert {row["detail"] for row in found["outside_circuit"]} == {
        "Décidée au-delà du plafond du circuit.",
        "Décidée par d’autres que ceux que le circuit désigne.",
    }
    outside = {row["decision"]: (row["decided_by"], row["why"]) for row in found["outside_circuit"]}
    assert outside == {
        str(above.pk): ("coordination", ["above_the_ceiling"]),
        str(silent.pk): ("", ["decided_by_another"]),
    }
    # Whoever may not know of one reads figures without it; whoever may know of none, none.
    known = report(cast, cast.chair_gamma)
    assert [known[name] for name in figures] == [4, 34, "8.50", "6.00"]
    assert str(silent.pk) not in str(known)
    nothing = report(cast, cast.chair_delta)
    assert [nothing[name] for name in figures] == [0, 0, None, None]
    assert (nothing["pending"], nothing["outside_circuit"]) == ([], [])
    assert nothing["circuit"] == str(circuit.pk)


def test_decisions_in_force_that_say_different_things_are_flagged_until_one_replaces_the_other(cast: Cast) -> None:
    first = travelled(cast, 9, taken_on=cast.today - DAY)
    second = travelled(cast, 2, rejected=True, confidentiality="core")
    travelled(cast, 2, rejected=True, subject="paie")
    (pair,) = report(cast, cast.coordinator)["contradictions"]
    assert pair == {
        "decisions": [str(first.pk), str(second.pk)],
        "titles": [first.title, second.title],
        "why": "adopted_and_rejected",
        "detail": "L’une adopte, l’autre rejette, sur le même sujet.",
        "since": cast.today.isoformat(),
    }

    def sign(person: Any) -> list[str]:
        found = cast.api(person).get(f"/api/v1/cooperations/{cast.cooperation.pk}/vital-signs/").json()["signs"]
        return [item["id"] for row in found if row["code"] == "decisions_contradict" for item in row["objects"]]

    assert sign(cast.chair_alpha) == [str(first.pk), str(second.pk)]
    # Gamma does not know of the second one: it reads of no contradiction.
    assert report(cast, cast.chair_gamma)["contradictions"] == []
    assert sign(cast.chair_gamma) == []
    Decision.objects.filter(pk=first.pk).update(superseded_by=second, out_of_force_on=cast.today)
    assert report(cast, cast.coordinator)["contradictions"] == []
    assert sign(cast.chair_alpha) == []


def test_options_are_compared_by_their_title_accents_and_case_apart(cast: Cast) -> None:
    def chose(title: str) -> Decision:
        made = travelled(cast, 3)
        option = DecisionOption.objects.create(cooperation=cast.cooperation, decision=made, position=1, title=title)
        Decision.objects.filter(pk=made.pk).update(chosen_option=option)
        return made

    one, same, other = chose("Véhicule"), chose("VEHICULE"), chose("Train")
    found = {tuple(pair["decisions"]): pair["why"] for pair in report(cast, cast.coordinator)["contradictions"]}
    expected = {tuple(sorted((str(row.pk), str(other.pk)))) for row in (one, same)}
    assert {tuple(sorted(pair)) for pair in found} == expected
    assert set(found.values()) == {"chose_differently"}


def test_a_circuit_is_followed_by_another_and_only_its_words_change(cast: Cast) -> None:
    client = cast.api(cast.coordinator)
    body = {
        "cooperation": str(cast.cooperation.pk),
        "subject": "achats",
        "title": "Achats",
        "decided_by": "assembly",
        "valid_from": cast.today.isoformat(),
    }
    made = client.post(CIRCUITS, body, format="json")
    assert made.status_code == 201, made.json()
    twice = client.post(CIRCUITS, body, format="json")
    assert (twice.status_code, codes(twice)) == (400, {"already_recorded"})
    ceiling = client.post(CIRCUITS, body | {"subject": "paie", "ceiling": "5.00"}, format="json")
    assert codes(ceiling) == {"not_applicable"}
    odd = client.post(CIRCUITS, body | {"subject": "Achats !"}, format="json")
    assert (odd.status_code, codes(odd)) == (400, {"invalid"})
    path = f"{CIRCUITS}{made.json()['id']}/"
    assert client.patch(path, {"asked": "Les trésoriers"}, format="json").json()["asked"] == "Les trésoriers"
    assert codes(client.patch(path, {"decided_by": "each_board"}, format="json")) == {"unknown_field"}
    later = body | {"decided_by": "each_board", "valid_from": (cast.today + DAY).isoformat()}
    assert client.post(CIRCUITS, later, format="json").status_code == 201
    assert report(cast, cast.observer)["decided_by"] == "assembly"
    assert act(cast.api(cast.chair_alpha), CIRCUITS, body).status_code == 403
