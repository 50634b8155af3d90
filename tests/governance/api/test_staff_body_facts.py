"""What decides whether a staff body is consulted, told by HTTP: renewals, agreements, a size stated by hand."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from governance.models import JournalEntry, MonthlyHeadcount, Organisation
from governance.rules.calendars import add_months
from tests.cast import Cast
from tests.clock import set_clock
from tests.governance import factories
from tests.requests import codes, pointers

pytestmark = pytest.mark.django_db
LAST = dt.date(2026, 10, 1)
ORG, LEND_OUT, LEND_IN = ["org_or_management"], ["staff_lending_out"], ["staff_lending_in"]
CSE = {"cse_status": "elected", "cse_first_elected_on": "2019-06-03"}


@pytest.fixture
def in_november(db: None) -> None:
    set_clock(dt.date(2026, 11, 22))


def write(cast: Cast, body: dict[str, Any], *, who: Any = None) -> Any:
    client = cast.api(who or cast.chair_alpha)
    return client.patch(f"/api/v1/organisations/{cast.alpha.pk}/", body, format="json", headers={"If-Match": "*"})


def months(*runs: tuple[str, int]) -> list[dict[str, str]]:
    """Consecutive months that end with October 2026."""
    values = [value for value, length in runs for _month in range(length)]
    first = add_months(LAST, 1 - len(values))
    return [{"month": add_months(first, index).isoformat(), "value": value} for index, value in enumerate(values)]


# id, months, what the organisation says of itself, what the decision changes -> the answer.
VECTORS: dict[str, tuple[list[dict[str, str]], dict[str, Any], list[str], str]] = {
    "R02": (months(("10.90", 12)), {}, ORG, "no_body"),
    "K-R02a one month at 10.99": (months(("11.00", 6), ("10.99", 1), ("11.00", 6)), {}, ORG, "no_body"),
    "R03": (months(("11.00", 12)), {}, ORG, "body_missing"),
    "K-R04a": (
        months(("11.00", 12)),
        {"cse_status": "carence", "carence_recorded_on": "2025-03-03"},
        ORG,
        "body_absent_documented",
    ),
    "R06": (months(("32.00", 12)), CSE, LEND_OUT, "consult_specific"),
    "K-R07a the host": (months(("32.00", 12)), CSE, LEND_IN, "consult_specific"),
    "K-R07b performing arts": (months(("11.00", 12)), {**CSE, "idcc": "1285"}, ORG, "consult_by_agreement"),
    "K-R07c a company agreement": (
        months(("49.99", 12)),
        {**CSE, "wider_powers_reference": "Accord du 3 mars 2024"},
        ORG,
        "consult_by_agreement",
    ),
    "K-R07d several effects": (months(("32.00", 12)), {**CSE, "idcc": "1285"}, ORG + LEND_OUT, "consult_specific"),
    "R08": (months(("50.00", 12)), CSE, ORG, "consult_required"),
    "K-R09a": (months(("49.99", 12)), CSE, ORG, "inform_recommended"),
    "K-R09b eleven months at 50": (months(("49.99", 12), ("50.00", 11)), CSE, ORG, "inform_recommended"),
    "K-R11a a fall in mid mandate": (
        months(("55.00", 12), ("48.00", 12)),
        {**CSE, "cse_mandate_started_on": "2024-11-04"},
        ORG,
        "consult_required",
    ),
    "R12": (
        months(("55.00", 12), ("48.00", 12)),
        {**CSE, "cse_mandate_started_on": "2026-11-05"},
        ORG,
        "inform_recommended",
    ),
    "K-R12a eleven months below": (
        months(("55.00", 12), ("48.00", 11)),
        {**CSE, "cse_mandate_started_on": "2026-11-05"},
        ORG,
        "consult_required",
    ),
    "K-R12b regained after the renewal": (
        months(("55.00", 12), ("40.00", 12), ("50.00", 12)),
        {**CSE, "cse_mandate_started_on": "2025-11-05"},
        ORG,
        "consult_required",
    ),
    "R14": (months(("0.00", 12)), {}, ORG + LEND_OUT, "not_applicable"),
    "K-R15a a size stated by hand": (
        months(("60.00", 12)),
        {**CSE, "size_override": "from_11_to_49", "size_override_reason": "Salariés en insertion comptés à part"},
        ORG,
        "inform_recommended",
    ),
}


def tell(cast: Cast, figures: list[dict[str, str]], said: dict[str, Any]) -> Any:
    """Alpha as if nothing had been known of it before."""
    MonthlyHeadcount.objects.filter(organisation=cast.alpha).delete()
    Organisation.objects.filter(pk=cast.alpha.pk).update(cse_status="none", cse_first_elected_on=None, idcc="")
    path = f"/api/v1/organisations/{cast.alpha.pk}/record-headcounts/"
    assert cast.api(cast.chair_alpha).post(path, {"headcounts": figures}, format="json").status_code == 200
    return write(cast, said)


def asked(cast: Cast, decision: Any) -> dict[str, Any]:
    body = cast.api(cast.coordinator).get(f"/api/v1/decisions/{decision.pk}/requirements/").json()
    (found,) = [row for row in body["requirements"] if row["basis"]]
    answer: dict[str, Any] = found
    return answer


@pytest.mark.parametrize("vector", VECTORS)
def test_what_the_staff_body_is_asked(in_november: None, cast: Cast, vector: str) -> None:
    figures, said, impacts, expected = VECTORS[vector]
    written = tell(cast, figures, said)
    assert written.status_code == 200, written.json()
    assert {name: written.json()[name] for name in said} == said
    decision = factories.decision(cast, impact_flags=impacts)
    found = asked(cast, decision)
    assert found["basis"] == expected
    if reason := said.get("size_override_reason"):
        assert reason in found["detail"] or reason in json.dumps(found["reasons"], ensure_ascii=False)


@pytest.mark.parametrize(
    ("figures", "said", "impacts", "setting", "prudent", "chosen"),
    [
        (
            months(("49.99", 12), ("50.00", 12)),
            CSE,
            ORG,
            {"adhoc_deferral": "12_months"},
            "consult_required",
            "inform_recommended",
        ),
        (
            months(("11.00", 12)),
            {"cse_status": "carence", "carence_recorded_on": "2022-10-03"},
            ORG,
            {"carence_validity_months": 60},
            "body_missing",
            "body_absent_documented",
        ),
        (
            months(("32.00", 12)),
            CSE,
            LEND_IN,
            {"host_is_consulted": False},
            "consult_specific",
            "inform_recommended",
        ),
    ],
    ids=["deferral after crossing 50", "validity of carence minutes", "the host's body"],
)
def test_what_law_leaves_open_is_the_choice_of_the_cooperation(
    in_november: None,
    cast: Cast,
    figures: list[dict[str, str]],
    said: dict[str, Any],
    impacts: list[str],
    setting: dict[str, Any],
    prudent: str,
    chosen: str,
) -> None:
    """Domain.md 1.8: prudent where nothing is said."""
    before = tell(cast, figures, said)
    decision = factories.decision(cast, impact_flags=impacts)
    assert asked(cast, decision)["basis"] == prudent
    path = f"/api/v1/cooperations/{cast.cooperation.pk}/"
    client = cast.api(cast.coordinator)
    changed = client.patch(path, {"settings": setting}, format="json", headers={"If-Match": "*"})
    assert (before.status_code, changed.status_code) == (200, 200), changed.json()
    assert asked(cast, decision)["basis"] == chosen


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"cse_first_elected_on": "2026-11-23"}, "in_the_future", "/cse_first_elected_on"),
        ({"cse_status": "carence", "carence_recorded_on": "9999-12-31"}, "in_the_future", "/carence_recorded_on"),
        (
            {"cse_mandate_started_on": "2026-03-02", "cse_mandate_ends_on": "2026-03-01"},
            "mandate_order",
            "/cse_mandate_ends_on",
        ),
        ({"size_override": "from_50"}, "override_reason_missing", "/size_override_reason"),
        (
            {"size_override": "from_50", "size_override_reason": "  "},
            "override_reason_missing",
            "/size_override_reason",
        ),
        ({"size_override": "unknown", "size_override_reason": "?"}, "invalid_choice", "/size_override"),
        ({"size_override": "60", "size_override_reason": "?"}, "invalid_choice", "/size_override"),
        ({"wider_powers_reference": "x" * 201}, "max_length", "/wider_powers_reference"),
    ],
)
def test_a_fact_that_cannot_be_is_refused_where_it_stands(
    in_november: None, cast: Cast, body: dict[str, str], code: str, pointer: str
) -> None:
    """An election or minutes to come would spare today a consultation that is due."""
    row = Organisation.objects.filter(pk=cast.alpha.pk)
    before = (row.values().get(), JournalEntry.objects.count())
    refused = write(cast, body)
    assert (refused.status_code, codes(refused), pointers(refused)) == (400, {code}, {pointer}), refused.json()
    assert (row.values().get(), JournalEntry.objects.count()) == before


def test_an_organisation_is_not_recorded_with_them_either(in_november: None, cast: Cast) -> None:
    body = {"name": "Neuve", "siren": "732829320", "cooperation": str(cast.cooperation.pk), "circle": "active"}
    told = {"carence_recorded_on": "2026-12-01", "size_override": "under_11"}
    refused = cast.api(cast.coordinator).post("/api/v1/organisations/", body | told, format="json")
    assert (refused.status_code, pointers(refused)) == (400, {"/carence_recorded_on", "/size_override_reason"})
    assert not Organisation.objects.filter(siren="732829320").exists()


def test_a_size_stated_by_hand_is_a_figure(in_november: None, cast: Cast) -> None:
    stated = {"size_override": "from_50", "size_override_reason": "Compté par le cabinet"}
    assert write(cast, stated).status_code == 200
    path = f"/api/v1/organisations/{cast.alpha.pk}/"
    hidden = dict.fromkeys(stated)
    for person, seen in (
        ("member_alpha", stated),
        ("chair_gamma", stated),
        ("funder", hidden),
        ("chair_delta", hidden),
    ):
        client = cast.api(cast.everyone[person])
        shown = client.get(path).json()
        assert {name: shown[name] for name in stated} == seen, person
        (row,) = [
            row
            for row in client.get("/api/v1/organisations/?page_size=200").json()["results"]
            if row["name"] == "Alpha"
        ]
        assert {name: row[name] for name in stated} == seen, person
        boards = client.get(f"/api/v1/boards/?organisation={cast.alpha.pk}&expand=organisation").json()["results"]
        assert all(board["organisation"]["size_override"] == seen["size_override"] for board in boards), person
    settings = {"settings": {"figures_level": "restricted"}}
    cooperation = f"/api/v1/cooperations/{cast.cooperation.pk}/"
    changed = cast.api(cast.coordinator).patch(cooperation, settings, format="json", headers={"If-Match": "*"})
    assert changed.status_code == 200
    exported = cast.api(cast.coordinator).get(f"{cooperation}export/").json()
    (alpha,) = [row for row in exported["organisations"] if row["name"] == "Alpha"]
    assert not stated.keys() & alpha.keys()
    refused = write(cast, {"size_override": "under_11"}, who=cast.coordinator)
    assert (refused.status_code, codes(refused), pointers(refused)) == (409, {"field_masked"}, {"/size_override"})
    assert write(cast, {"sector": "Aide à domicile"}, who=cast.coordinator).status_code == 200
    cast.alpha.refresh_from_db()
    assert cast.alpha.size_override == "from_50"


def test_a_figure_below_zero_is_no_correction(in_november: None, cast: Cast) -> None:
    row = cast.alpha.headcounts.latest("month")
    path = f"/api/v1/headcounts/{row.pk}/"
    refused = cast.api(cast.chair_alpha).patch(path, {"value": "-0.01"}, format="json", headers={"If-Match": "*"})
    assert (refused.status_code, codes(refused), pointers(refused)) == (400, {"headcount_negative"}, {"/value"})
    assert cast.alpha.headcounts.get(pk=row.pk).value == Decimal(row.value)
