"""A list read page by page gives each row once, whatever ties, NULLs and direction; a cursor opens nothing else."""

import datetime as dt
from typing import Any

import pytest

from governance.models import Decision
from tests.cast import Cast
from tests.governance import factories


def walk(client: Any, url: str, rel: str = "next") -> list[str]:
    ids: list[str] = []
    page: str | None = url
    while page:
        body = client.get(page).json()
        rows = [row["id"] for row in body["results"]]
        ids = ids + rows if rel == "next" else rows + ids
        page = body[rel]
    return ids


@pytest.fixture
def thirteen(cast: Cast) -> list[Decision]:
    """Ties on the date and rows without one."""
    days = [cast.today + dt.timedelta(days=index // 4) if index % 3 else None for index in range(13)]
    return [factories.decision(cast, title=f"Décision {index}", planned_on=day) for index, day in enumerate(days)]


@pytest.mark.parametrize("ordering", ["planned_on", "-planned_on", "title", "-planned_on,title", "created_at"])
@pytest.mark.parametrize("size", [1, 2, 5, 13])
def test_each_row_comes_once_forwards_and_back(cast: Cast, thirteen: list[Decision], ordering: str, size: int) -> None:
    client = cast.api(cast.coordinator)
    url = f"/api/v1/decisions/?ordering={ordering}&page_size={size}"
    whole = [row["id"] for row in client.get(f"/api/v1/decisions/?ordering={ordering}&page_size=200").json()["results"]]
    forwards = walk(client, url)
    assert forwards == whole
    assert set(forwards) == {str(decision.pk) for decision in thirteen}
    last = url
    while following := client.get(last).json()["next"]:
        last = following
    assert walk(client, last, "previous") == whole


@pytest.mark.parametrize("path", ["headcounts/", "boards/", "voting-rules/"])
def test_lists_that_follow_a_parent_are_read_to_their_end(cast: Cast, path: str) -> None:
    client = cast.api(cast.coordinator)
    whole = [row["id"] for row in client.get(f"/api/v1/{path}?page_size=200").json()["results"]]
    assert len(whole) > 3
    assert walk(client, f"/api/v1/{path}?page_size=3") == whole


def test_a_row_added_meanwhile_moves_no_other(cast: Cast, thirteen: list[Decision]) -> None:
    client = cast.api(cast.coordinator)
    first = client.get("/api/v1/decisions/?ordering=title&page_size=5").json()
    factories.decision(cast, title="Aaa, avant toutes")
    rest = walk(client, first["next"])
    assert len({row["id"] for row in first["results"]} | set(rest)) == 13


def test_a_cursor_serves_only_the_list_it_was_issued_for(cast: Cast, thirteen: list[Decision]) -> None:
    client = cast.api(cast.coordinator)
    following = client.get("/api/v1/decisions/?ordering=title&page_size=2").json()["next"]
    cursor = following.split("cursor=")[1].split("&")[0]
    for url in (
        f"/api/v1/decisions/?ordering=-title&cursor={cursor}",
        f"/api/v1/decisions/?ordering=title&state=taken&cursor={cursor}",
        f"/api/v1/consultations/?cursor={cursor}",
        f"/api/v1/decisions/?ordering=title&cursor={cursor[:-1]}",
        "/api/v1/decisions/?cursor=abc",
    ):
        response = client.get(url)
        assert (response.status_code, response.json()["code"]) == (400, "invalid_cursor"), url


def test_another_reader_of_the_same_cursor_sees_only_their_own_rows(cast: Cast, thirteen: list[Decision]) -> None:
    following = cast.api(cast.coordinator).get("/api/v1/decisions/?page_size=2").json()["next"]
    assert cast.api(cast.foreign_coordinator).get(following).json()["results"] == []


def test_the_count_is_given_only_when_asked_for_and_counts_what_is_visible(
    cast: Cast, thirteen: list[Decision]
) -> None:
    assert "count" not in cast.api(cast.coordinator).get("/api/v1/decisions/").json()
    assert cast.api(cast.coordinator).get("/api/v1/decisions/?count=exact").json()["count"] == 13
    assert cast.api(cast.chair_delta).get("/api/v1/decisions/?count=exact").json()["count"] == 0


def test_links_are_in_the_header_too(cast: Cast, thirteen: list[Decision]) -> None:
    response = cast.api(cast.coordinator).get("/api/v1/decisions/?page_size=5")
    assert f'<{response.json()["next"]}>; rel="next"' in response["Link"]


@pytest.mark.parametrize("words", ["ete", "ÉTÉ", "bale été", "l'été", "oeuvre"])
def test_search_cares_for_neither_accents_nor_case_nor_ligatures(cast: Cast, words: str) -> None:
    wanted = factories.decision(cast, title="L’Été à Bâle, une œuvre")
    factories.decision(cast, title="Autre chose")
    found = cast.api(cast.coordinator).get("/api/v1/decisions/", {"q": words}).json()["results"]
    assert [row["id"] for row in found] == [str(wanted.pk)]


def test_titles_are_sorted_as_a_french_reader_expects(cast: Cast) -> None:
    for title in ("Zèbre", "étude", "Abeille", "Œuvre", "ombre", "École"):
        factories.decision(cast, title=title)
    rows = cast.api(cast.coordinator).get("/api/v1/decisions/?ordering=title").json()["results"]
    assert [row["title"] for row in rows] == ["Abeille", "École", "étude", "Œuvre", "ombre", "Zèbre"]


def test_fields_narrow_and_expand_opens_only_what_may_be_known(cast: Cast) -> None:
    decision = factories.decision(cast)
    consultation = factories.consultation(cast, decision)
    client = cast.api(cast.coordinator)
    row = client.get("/api/v1/consultations/?fields=id,decision&expand=decision").json()["results"][0]
    assert set(row) == {"id", "decision"}
    assert row["decision"]["title"] == decision.title
    assert row["decision"]["abilities"]["take"] is True
    # The consultation is open to partners, the decision to the core only: its content stays an identifier.
    Decision.objects.filter(pk=decision.pk).update(confidentiality="core")
    shown = cast.api(cast.chair_gamma).get(f"/api/v1/consultations/{consultation.pk}/?expand=decision").json()
    assert shown["decision"] == str(decision.pk)


def test_an_unchanged_answer_is_not_sent_again(cast: Cast) -> None:
    decision = factories.decision(cast)
    client, path = cast.api(cast.coordinator), f"/api/v1/decisions/{decision.pk}/"
    for url in (path, "/api/v1/decisions/"):
        etag = client.get(url)["ETag"]
        again = client.get(url, headers={"If-None-Match": etag})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
        assert client.get(url, headers={"If-None-Match": '"other"'}).status_code == 200
    # The tag covers what is shown: other fields, another language or other rights are another answer.
    assert client.get(f"{path}?fields=id")["ETag"] != client.get(path)["ETag"]
    assert cast.api(cast.member_alpha).get(path)["ETag"] != client.get(path)["ETag"]
