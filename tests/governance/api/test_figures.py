"""Who reads the headcounts and turnovers of a member, and what rests on them (docs/adr/0025)."""

import json
from decimal import Decimal
from typing import Any

import pytest

from governance.models import Cooperation, YearlyTurnover
from tests.cast import Cast
from tests.governance import factories
from tests.requests import codes, pointers

BASE = "/api/v1/"


def rows(cast: Cast, person: str, path: str) -> list[dict[str, Any]]:
    response = cast.api(cast.everyone[person]).get(f"{BASE}{path}")
    assert response.status_code == 200, response.content
    found: list[dict[str, Any]] = response.json()["results"]
    return found


def test_figures_are_read_from_the_active_partners_on_and_in_no_list_count_filter_or_order_before(cast: Cast) -> None:
    YearlyTurnover.objects.create(organisation=cast.alpha, year=2020, amount=Decimal("1200.00"))
    own = [str(cast.delta.pk)]
    for person, seen in (("chair_gamma", True), ("coordinator", True), ("facilitator", True), ("funder", False)):
        of_alpha = rows(cast, person, f"headcounts/?organisation={cast.alpha.pk}&ordering=-value&expand=organisation")
        assert bool(of_alpha) is seen, person
        assert bool(rows(cast, person, "turnovers/?year__gte=2000&ordering=amount")) is seen, person
        count = cast.api(cast.everyone[person]).get(f"{BASE}headcounts/?count=exact").json()["count"]
        assert (count > 0) is seen, person
        # More than a page of them, whose cursor holds what they are ordered by.
        assert cast.api(cast.everyone[person]).get(f"{BASE}headcounts/").status_code == 200
    # A member of the network reads its own, and nobody else's.
    assert {row["organisation"] for row in rows(cast, "chair_delta", "headcounts/?page_size=200")} == set(own)
    assert rows(cast, "chair_delta", "turnovers/") == []


def test_what_a_cooperation_says_of_figures_is_obeyed_and_a_word_that_is_no_level_refused(cast: Cast) -> None:
    path = f"{BASE}cooperations/{cast.cooperation.pk}/"

    def say(level: Any) -> Any:
        return cast.api(cast.coordinator).patch(path, {"settings": {"figures_level": level}}, headers={"If-Match": "*"})

    for level, network, active, core in (
        ("network", True, True, True),
        ("core", False, False, True),
        ("restricted", False, False, False),
    ):
        assert say(level).status_code == 200
        for person, seen in (("chair_delta", network), ("chair_gamma", active), ("chair_beta", core)):
            assert bool(rows(cast, person, f"headcounts/?organisation={cast.alpha.pk}")) is seen, (level, person)
        assert rows(cast, "member_alpha", f"headcounts/?organisation={cast.alpha.pk}")
    refused = say("everybody")
    assert (refused.status_code, codes(refused), pointers(refused)) == (
        400,
        {"invalid_choice"},
        {"/settings/figures_level"},
    )
    # What got there another way opens nothing.
    Cooperation.objects.filter(pk=cast.cooperation.pk).update(settings={"figures_level": "everybody"})
    assert rows(cast, "coordinator", f"headcounts/?organisation={cast.alpha.pk}") == []


def test_a_member_that_left_keeps_its_figures_to_itself(cast: Cast) -> None:
    assert rows(cast, "coordinator", f"headcounts/?organisation={cast.omega.pk}") == []
    exported = cast.api(cast.coordinator).get(f"{BASE}cooperations/{cast.cooperation.pk}/export/").json()
    figures = {row["name"]: len(row.get("headcounts", [])) for row in exported["organisations"]}
    assert figures["Alpha"] == 24
    assert figures["Oméga"] == 0


def test_what_headcounts_say_of_an_employer_is_not_said_to_whoever_may_not_read_them(cast: Cast) -> None:
    """An open decision: the funder reads what holds it back, not that Alpha has fifty employees."""
    decision = factories.decision(cast, cast.alpha, cast.gamma, confidentiality="network")
    told = "salariés atteint pendant douze mois"
    closed = []
    for person, seen in (("chair_gamma", True), ("funder", False), ("chair_delta", False)):
        client = cast.api(cast.everyone[person])
        requirements = client.get(f"{BASE}decisions/{decision.pk}/requirements/").json()
        signs = client.get(f"{BASE}cooperations/{cast.cooperation.pk}/vital-signs/").json()
        assert (told in json.dumps(requirements, ensure_ascii=False)) is seen, person
        assert (told in json.dumps(signs, ensure_ascii=False)) is seen, person
        if not seen:
            closed = requirements["requirements"]
            assert "salariés" not in json.dumps([requirements, signs], ensure_ascii=False)
    # The obstacle itself stays.
    assert {row["code"]: row["status"] for row in closed}["consultation_missing"] == "blocked"


@pytest.mark.parametrize("level", ["network", "active"])
def test_what_was_met_is_kept_without_what_headcounts_say(cast: Cast, level: str) -> None:
    decision = factories.decision(cast, cast.gamma, confidentiality=level)
    taken = cast.api(cast.coordinator).post(
        f"{BASE}decisions/{decision.pk}/take/",
        {"outcome": "Oui"},
        headers={"If-Match": "*", "Idempotency-Key": "figures-0001"},
    )
    assert taken.status_code == 200, taken.content
    [kept] = taken.json()["requirements_at_taking"]
    assert "Gamma" in kept["detail"]
    assert "salariés" not in kept["detail"]


def test_a_size_stated_by_hand_says_why_decides_what_is_asked_and_is_read_as_headcounts_are(cast: Cast) -> None:
    path = f"{BASE}organisations/{cast.alpha.pk}/"
    decision = factories.decision(cast, cast.alpha, confidentiality="network")

    def say(**changes: Any) -> Any:
        return cast.api(cast.coordinator).patch(path, changes, headers={"If-Match": "*"})

    def basis() -> set[str]:
        told = cast.api(cast.coordinator).get(f"{BASE}decisions/{decision.pk}/requirements/").json()
        return {row["basis"] for row in told["requirements"]}

    assert basis() == {"consult_required"}
    refused = say(size_override="under_11", cse_mandate_started_on="2024-06-01", cse_mandate_ends_on="2024-05-31")
    assert refused.status_code == 400
    assert codes(refused) == {"override_reason_missing", "ends_before_it_starts"}
    assert pointers(refused) == {"/size_override_reason", "/cse_mandate_ends_on"}
    assert say(size_override="enormous").status_code == 400
    stated = say(size_override="under_11", size_override_reason=" Salariés en insertion. ")
    assert (stated.json()["size_override"], stated.json()["size_override_reason"]) == (
        "under_11",
        "Salariés en insertion.",
    )
    assert basis() == {"inform_recommended"}
    for person, seen in (("member_alpha", True), ("chair_gamma", True), ("chair_delta", False), ("funder", False)):
        client = cast.api(cast.everyone[person])
        row = client.get(path).json()
        listed = next(one for one in rows(cast, person, "organisations/") if one["id"] == str(cast.alpha.pk))
        within = rows(cast, person, "memberships/?expand=organisation&page_size=200")
        inside = next(one["organisation"] for one in within if one["organisation"]["id"] == str(cast.alpha.pk))
        for told in (row, listed, inside):
            assert (told["size_override"] == "under_11") is seen, person
            assert ("insertion" in json.dumps(told, ensure_ascii=False)) is seen, person
    # Given up, it takes its reason with it: the headcounts decide again.
    assert say(size_override="").json()["size_override_reason"] == ""
    assert basis() == {"consult_required"}


def test_an_agreement_that_widens_a_council_is_stated_where_the_employer_is_described(cast: Cast) -> None:
    path = f"{BASE}organisations/{cast.alpha.pk}/"
    changes = {
        "size_override": "from_11_to_49",
        "size_override_reason": "Comptage repris avec l’inspection du travail.",
        "wider_powers_reference": "Accord d’entreprise du 12 mars 2024",
        "cse_mandate_started_on": "2024-06-01",
        "cse_mandate_ends_on": "2028-05-31",
    }
    decision = factories.decision(cast, cast.alpha)
    said = cast.api(cast.coordinator).patch(path, changes, headers={"If-Match": "*"})
    assert {name: said.json()[name] for name in changes} == changes
    told = cast.api(cast.coordinator).get(f"{BASE}decisions/{decision.pk}/requirements/").json()["requirements"]
    assert [row["basis"] for row in told] == ["consult_by_agreement"]
