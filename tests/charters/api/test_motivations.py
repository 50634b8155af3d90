"""`motivations`, `expected-effects` and `charters`: who keeps them, when, and that a refusal changes nothing."""

import datetime as dt
from typing import Any

import pytest

from charters.models import Charter, ExpectedEffect, Motivation
from governance.models import JournalEntry
from tests.cast import Cast
from tests.charters.factories import (
    make_charter,
    make_draft,
    make_effect,
    make_in_force,
    make_motivation,
    make_submitted,
    vote,
)
from tests.queries import assert_constant_queries
from tests.requests import act, codes, pointers

MOTIVATIONS, EFFECTS, CHARTERS = "/api/v1/motivations/", "/api/v1/expected-effects/", "/api/v1/charters/"


def everything() -> tuple[Any, ...]:
    return (
        list(Motivation.objects.order_by("pk").values()),
        list(ExpectedEffect.objects.order_by("pk").values()),
        list(Charter.objects.order_by("pk").values()),
        JournalEntry.objects.count(),
    )


def body(charter: Charter, **fields: Any) -> dict[str, Any]:
    return {"charter": str(charter.pk), "code": "m1", "label": "Tenir ensemble", "weight": 5, **fields}


@pytest.mark.parametrize(
    ("who", "of", "status"),
    [
        ("coordinator", None, 201),
        ("facilitator", "beta", 201),
        ("director_alpha", "alpha", 201),
        ("member_alpha", "alpha", 201),
        ("director_alpha", "beta", 403),
        ("director_alpha", None, 403),
        ("employees_alpha", "alpha", 403),
        ("pilot_beta", "beta", 403),
        ("observer", None, 403),
        ("former_chair", "omega", 400),
        ("foreign_coordinator", None, 400),
        (None, None, 401),
    ],
)
def test_an_organisation_states_its_own_motivations(cast: Cast, who: str | None, of: str | None, status: int) -> None:
    draft = make_draft(cast)
    before = everything()
    fields = {"organisation": str(getattr(cast, of).pk)} if of else {}
    response = act(cast.api(cast.everyone[who] if who else None), MOTIVATIONS, body(draft.charter, **fields))
    assert response.status_code == status, response.content
    if status == 201:
        entry = JournalEntry.objects.get(act="motivation.created")
        assert str(entry.on_behalf_of_id) == (fields.get("organisation") or "None")
    else:
        assert everything() == before


def test_a_former_member_has_no_motivation_any_more(cast: Cast) -> None:
    draft = make_draft(cast)
    response = act(cast.api(cast.coordinator), MOTIVATIONS, body(draft.charter, organisation=str(cast.omega.pk)))
    assert (response.status_code, codes(response), pointers(response)) == (400, {"not_a_member"}, {"/organisation"})


def test_once_the_text_left_the_draft_only_coordination_keeps_the_motivations(cast: Cast) -> None:
    version = make_submitted(cast)
    motivation = make_motivation(cast, version.charter, organisation=cast.alpha)
    client, headers = cast.api(cast.director_alpha), {"If-Match": "*"}
    before = everything()
    attempts = [
        act(client, MOTIVATIONS, body(version.charter, organisation=str(cast.alpha.pk))),
        client.patch(f"{MOTIVATIONS}{motivation.pk}/", {"weight": 1}, format="json", headers=headers),
        act(client, EFFECTS, {"motivation": str(motivation.pk), "label": "Effet"}),
    ]
    assert [(response.status_code, codes(response)) for response in attempts] == [(409, {"no_draft"})] * 3
    assert everything() == before
    changed = cast.api(cast.coordinator).patch(f"{MOTIVATIONS}{motivation.pk}/", {"weight": 1}, format="json")
    assert changed.status_code == 200
    entry = JournalEntry.objects.get(act="motivation.updated")
    assert (entry.payload["before"], entry.payload["after"]) == ({"weight": 3}, {"weight": 1})


def test_an_organisation_keeps_the_effects_of_its_own_motivations_only(cast: Cast) -> None:
    draft = make_draft(cast)
    own = make_motivation(cast, draft.charter, organisation=cast.alpha)
    other = make_motivation(cast, draft.charter, organisation=cast.beta)
    client = cast.api(cast.director_alpha)
    assert act(client, EFFECTS, {"motivation": str(own.pk), "label": "Effet"}).status_code == 201
    assert act(client, EFFECTS, {"motivation": str(other.pk), "label": "Effet"}).status_code == 403
    theirs = make_effect(cast, other)
    assert client.patch(f"{EFFECTS}{theirs.pk}/", {"label": "x"}, format="json").status_code == 403
    assert ExpectedEffect.objects.get(pk=theirs.pk).label == theirs.label


@pytest.mark.parametrize("fields", [{"weight": 6}, {"weight": 0}, {"expected_level": 6}, {"code": "pas un code"}])
def test_a_motivation_off_the_scale_is_refused(cast: Cast, fields: dict[str, Any]) -> None:
    draft = make_draft(cast)
    response = act(cast.api(cast.coordinator), MOTIVATIONS, body(draft.charter, **fields))
    assert (response.status_code, pointers(response)) == (400, {f"/{next(iter(fields))}"})
    assert not Motivation.objects.exists()


def test_two_motivations_of_a_charter_never_share_a_code(cast: Cast) -> None:
    draft = make_draft(cast)
    client = cast.api(cast.coordinator)
    assert act(client, MOTIVATIONS, body(draft.charter)).status_code == 201
    assert act(client, MOTIVATIONS, body(draft.charter)).status_code == 400
    assert Motivation.objects.count() == 1


@pytest.mark.parametrize("who", ["facilitator", "chair_alpha", "director_alpha", "observer"])
def test_only_coordination_founds_and_changes_a_charter(cast: Cast, who: str) -> None:
    charter = make_charter(cast)
    client = cast.api(cast.everyone[who])
    before = everything()
    rule = {"kind": "n_of_m", "n": 1}
    attempts = [
        act(client, CHARTERS, {"cooperation": str(cast.cooperation.pk), "title": "x", "entry_rule": rule}),
        client.patch(f"{CHARTERS}{charter.pk}/", {"entry_rule": rule}, format="json"),
        act(client, f"{CHARTERS}{charter.pk}/archive/", {"reason": "x"}),
    ]
    assert {response.status_code for response in attempts} == {403}
    assert everything() == before


def test_a_charter_put_away_accepts_nothing_more(cast: Cast) -> None:
    version = make_in_force(cast)
    client = cast.api(cast.coordinator)
    archived = act(client, f"{CHARTERS}{version.charter_id}/archive/", {"reason": "La coopération s’achève"})
    assert (archived.status_code, archived.json()["archived_on"]) == (200, cast.today.isoformat())
    before = everything()
    attempts = [
        client.patch(f"{CHARTERS}{version.charter_id}/", {"title": "x"}, format="json"),
        act(client, f"/api/v1/charter-versions/{version.pk}/amend/", {}),
        act(client, MOTIVATIONS, body(version.charter)),
        act(client, f"{CHARTERS}{version.charter_id}/record-review/", {}),
        act(client, f"{CHARTERS}{version.charter_id}/archive/", {"reason": "x"}),
    ]
    assert [response.status_code for response in attempts] == [409] * 5
    assert {code for response in attempts for code in codes(response)} == {"charter_archived"}
    assert everything() == before


def test_a_charter_before_the_boards_is_not_put_away(cast: Cast) -> None:
    version = make_submitted(cast)
    response = act(cast.api(cast.coordinator), f"{CHARTERS}{version.charter_id}/archive/", {"reason": "x"})
    assert (response.status_code, codes(response)) == (409, {"version_submitted"})


@pytest.mark.parametrize(("days", "status"), [(0, 200), (1, 400)])
def test_a_review_is_recorded_once_held(cast: Cast, days: int, status: int) -> None:
    charter = make_charter(cast)
    day = (cast.today + dt.timedelta(days=days)).isoformat()
    client = cast.api(cast.facilitator)
    response = act(
        client, f"{CHARTERS}{charter.pk}/record-review/", {"reviewed_on": day, "conclusion": "Rien à changer"}
    )
    assert response.status_code == status
    charter.refresh_from_db()
    assert (charter.last_reviewed_on is not None) == (status == 200)


@pytest.mark.parametrize("url", [CHARTERS, MOTIVATIONS, EFFECTS, "/api/v1/board-deliberations/", "/api/v1/approvals/"])
def test_every_list_costs_the_same_for_two_rows_and_for_forty(cast: Cast, url: str) -> None:
    charter = make_charter(cast)

    def more(n: int) -> None:
        for _index in range(n):
            if url == CHARTERS:
                make_charter(cast)
            elif url == MOTIVATIONS:
                make_motivation(cast, charter, organisation=cast.alpha)
            elif url == EFFECTS:
                make_effect(cast, make_motivation(cast, charter))
            else:
                version = make_submitted(cast, articles=1)
                vote(cast, version, cast.alpha)

    assert_constant_queries(cast.api(cast.director_alpha), url, more)


def test_lists_are_searched_sorted_and_filtered(cast: Cast) -> None:
    charter = make_charter(cast, title="Éthique")
    make_charter(cast, title="Zèle")
    client = cast.api(cast.observer)
    assert [row["title"] for row in client.get(f"{CHARTERS}?q=ethique").json()["results"]] == ["Éthique"]
    titles = [row["title"] for row in client.get(f"{CHARTERS}?ordering=-title").json()["results"]]
    assert titles == ["Zèle", "Éthique"]
    make_motivation(cast, charter, code="commune")
    make_motivation(cast, charter, code="propre", organisation=cast.alpha)
    own = client.get(f"{MOTIVATIONS}?organisation={cast.alpha.pk}").json()["results"]
    assert [row["code"] for row in own] == ["propre"]
    assert client.get(f"{MOTIVATIONS}?organisatoin=x").status_code == 400
