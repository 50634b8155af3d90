"""`charter-versions` and `articles`: writing, submitting, comparing, and what a reader is told of the entry."""

import hashlib
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charters.enums import VersionState
from charters.models import Article, Charter, CharterVersion
from governance.models import JournalEntry
from tests.cast import Cast
from tests.charters.factories import REJECTED, make_charter, make_draft, make_in_force, make_submitted, vote
from tests.governance.factories import consultation, decision
from tests.queries import assert_constant_queries
from tests.requests import act, codes, pointers

VERSIONS = "/api/v1/charter-versions/"
ARTICLES = "/api/v1/articles/"


def everything() -> tuple[Any, ...]:
    """What a refusal must leave as it was."""
    return (
        list(CharterVersion.objects.order_by("pk").values_list("pk", "state", "version", "content_hash")),
        list(Article.objects.order_by("pk").values_list("pk", "position", "title", "body", "version")),
        JournalEntry.objects.count(),
    )


def test_a_charter_goes_from_the_template_to_submission_through_the_api(cast: Cast) -> None:
    client = cast.api(cast.coordinator)
    charter = act(
        client,
        "/api/v1/charters/",
        {"cooperation": str(cast.cooperation.pk), "title": "Charte", "entry_rule": {"kind": "n_of_m", "n": 2}},
    )
    assert charter.status_code == 201, charter.content
    assert charter.json()["entry_rule"] == {"kind": "n_of_m", "n": 2, "m": None}
    draft = act(client, VERSIONS, {"charter": charter.json()["id"], "from_template": True})
    assert draft.status_code == 201, draft.content
    assert draft.json()["number"] == 1
    assert draft.json()["articles"][0]["section"] == "origin_and_triggers"
    url = f"{VERSIONS}{draft.json()['id']}/"
    submitted = act(client, f"{url}submit/", **{"If-Match": client.get(url).headers["ETag"]})
    assert submitted.status_code == 200, submitted.content
    assert submitted.json()["state"] == "submitted"
    text = cast.api(cast.observer).get(f"{url}content/").json()
    assert hashlib.sha256(text["content"].encode()).hexdigest() == submitted.json()["content_hash"]


@pytest.mark.parametrize(
    ("rule", "pointer"),
    [
        ({"kind": "everybody"}, "/entry_rule/kind"),
        ({"kind": "n_of_m"}, "/entry_rule/n"),
        ({"kind": "all_members", "n": 2}, "/entry_rule/n"),
        ({"kind": "weight_threshold", "threshold": "2/3"}, "/entry_rule/weights"),
        ({"kind": "weight_threshold", "threshold": 0.66, "weights": {}}, "/entry_rule/threshold"),
        ("all_members", "/entry_rule"),
    ],
)
def test_an_entry_rule_that_cannot_be_applied_is_refused(cast: Cast, rule: object, pointer: str) -> None:
    body = {"cooperation": str(cast.cooperation.pk), "title": "Charte", "entry_rule": rule}
    response = act(cast.api(cast.coordinator), "/api/v1/charters/", body)
    assert response.status_code == 400, response.content
    assert pointer in pointers(response)
    assert not Charter.objects.exists()


def test_a_weight_for_an_organisation_of_another_cooperation_is_refused(cast: Cast) -> None:
    rule = {"kind": "weight_threshold", "threshold": "1/2", "weights": {str(cast.zeta.pk): 1}}
    body = {"cooperation": str(cast.cooperation.pk), "title": "Charte", "entry_rule": rule}
    response = act(cast.api(cast.coordinator), "/api/v1/charters/", body)
    assert (response.status_code, codes(response)) == (400, {"not_a_member"})


class TestTheTextIsWrittenOnWhatWasRead:
    def test_changing_a_text_needs_if_match(self, cast: Cast) -> None:
        draft = make_draft(cast)
        article = draft.articles.get(position=1)
        client = cast.api(cast.facilitator)
        before = everything()
        assert client.patch(f"{VERSIONS}{draft.pk}/", {"change_summary": "x"}, format="json").status_code == 428
        assert client.patch(f"{ARTICLES}{article.pk}/", {"body": "x"}, format="json").status_code == 428
        assert client.delete(f"{ARTICLES}{article.pk}/").status_code == 428
        assert cast.api(cast.coordinator).post(f"{VERSIONS}{draft.pk}/submit/").status_code == 428
        assert everything() == before

    def test_a_stale_text_is_not_overwritten(self, cast: Cast) -> None:
        article = make_draft(cast).articles.get(position=1)
        client, url = cast.api(cast.facilitator), f"{ARTICLES}{article.pk}/"
        read = client.get(url).headers["ETag"]
        first = client.patch(url, {"body": "Un"}, format="json", headers={"If-Match": read})
        second = client.patch(url, {"body": "Deux"}, format="json", headers={"If-Match": read})
        assert (first.status_code, second.status_code) == (200, 412)
        assert client.get(url).json()["body"] == "Un"

    def test_what_is_submitted_is_what_was_read(self, cast: Cast) -> None:
        draft = make_draft(cast)
        client, url = cast.api(cast.coordinator), f"{VERSIONS}{draft.pk}/"
        read = client.get(url).headers["ETag"]
        created = act(client, ARTICLES, {"charter_version": str(draft.pk), "title": "De plus", "body": "Un mot."})
        assert created.status_code == 201
        assert act(client, f"{url}submit/", **{"If-Match": read}).status_code == 412
        draft.refresh_from_db()
        assert draft.state == VersionState.DRAFT


def test_articles_are_added_moved_and_removed_in_their_order(cast: Cast) -> None:
    draft = make_draft(cast, articles=3)
    client = cast.api(cast.facilitator)
    body = {"charter_version": str(draft.pk), "title": "Nouveau", "body": "Texte", "position": 2}
    created = act(client, ARTICLES, body)
    assert (created.status_code, created.json()["position"]) == (201, 2)
    last = draft.articles.get(key="article-3")
    headers = {"If-Match": "*"}
    moved = client.patch(f"{ARTICLES}{last.pk}/", {"position": 1}, format="json", headers=headers)
    assert (moved.status_code, moved.json()["position"]) == (200, 1)
    first = draft.articles.get(key="article-1")
    assert client.delete(f"{ARTICLES}{first.pk}/", headers=headers).status_code == 204
    titles = draft.articles.order_by("position").values_list("position", "title")
    assert list(titles) == [(1, "Article 3"), (2, "Nouveau"), (3, "Article 2")]
    deleted = JournalEntry.objects.get(act="article.deleted")
    assert deleted.payload["body"] == "Nous voulons la chose numéro 1."


@pytest.mark.parametrize("who", ["coordinator", "facilitator"])
def test_a_submitted_text_refuses_every_change(cast: Cast, who: str) -> None:
    version = make_submitted(cast)
    article = version.articles.get(position=1)
    client = cast.api(cast.everyone[who])
    headers = {"If-Match": "*"}
    before = everything()
    attempts = [
        client.patch(f"{ARTICLES}{article.pk}/", {"body": "Autre"}, format="json", headers=headers),
        client.delete(f"{ARTICLES}{article.pk}/", headers=headers),
        act(client, ARTICLES, {"charter_version": str(version.pk), "title": "De plus", "body": "."}),
        client.patch(f"{VERSIONS}{version.pk}/", {"stated_on": "2031-01-01"}, format="json", headers=headers),
    ]
    assert [(response.status_code, codes(response)) for response in attempts] == [(409, {"text_is_frozen"})] * 4
    assert everything() == before


@pytest.mark.parametrize(
    "who",
    ["chair_alpha", "member_alpha", "director_alpha", "pilot_beta", "employees_alpha", "funder", "observer"],
)
def test_members_read_a_draft_and_do_not_write_it(cast: Cast, who: str) -> None:
    draft = make_draft(cast)
    article = draft.articles.get(position=1)
    client = cast.api(cast.everyone[who])
    headers = {"If-Match": "*"}
    before = everything()
    assert client.get(f"{VERSIONS}{draft.pk}/").status_code == 200
    attempts = [
        client.patch(f"{VERSIONS}{draft.pk}/", {"change_summary": "x"}, format="json", headers=headers),
        client.patch(f"{ARTICLES}{article.pk}/", {"body": "x"}, format="json", headers=headers),
        client.delete(f"{ARTICLES}{article.pk}/", headers=headers),
        act(client, ARTICLES, {"charter_version": str(draft.pk), "title": "x", "body": "x"}),
        act(client, VERSIONS, {"charter": str(draft.charter_id)}),
        *[act(client, f"{VERSIONS}{draft.pk}/{name}/", body) for name, body in ACTS.items()],
    ]
    assert {response.status_code for response in attempts} == {403}
    assert everything() == before


ACTS: dict[str, dict[str, Any]] = {
    "submit": {},
    "withdraw": {"reason": "x"},
    "reject": {"reason": "x"},
    "amend": {},
}


@pytest.mark.parametrize("name", ["submit", "withdraw", "reject"])
def test_facilitation_writes_but_only_coordination_engages_the_boards(cast: Cast, name: str) -> None:
    draft = make_draft(cast)
    before = everything()
    assert act(cast.api(cast.facilitator), f"{VERSIONS}{draft.pk}/{name}/", ACTS[name]).status_code == 403
    assert everything() == before


@pytest.mark.parametrize(
    "who", ["former_chair", "yesterday_chair_alpha", "foreign_coordinator", "foreign_chair", "stranger"]
)
def test_who_may_not_know_of_it_gets_the_same_answer_as_for_nothing(cast: Cast, who: str) -> None:
    version = make_submitted(cast)
    client = cast.api(cast.everyone[who])
    nowhere = "01890000-0000-7000-8000-000000000000"
    for suffix in ("", "entry/", "diff/", "content/"):
        there = client.get(f"{VERSIONS}{version.pk}/{suffix}")
        missing = client.get(f"{VERSIONS}{nowhere}/{suffix}")
        assert (there.status_code, missing.status_code) == (404, 404)
        assert {**there.json(), "request_id": ""} == {**missing.json(), "request_id": ""}
    for collection in ("charters", "charter-versions", "articles", "motivations", "expected-effects", "approvals"):
        assert client.get(f"/api/v1/{collection}/").json()["results"] == []
    assert client.get(f"{VERSIONS}?content_hash={version.content_hash}&count=exact").json()["count"] == 0


def test_a_confidential_charter_is_known_to_its_circle_only(cast: Cast) -> None:
    version = make_submitted(cast, charter=make_charter(cast, confidentiality="core"))
    seen = {
        name
        for name in ("chair_alpha", "director_beta", "chair_gamma", "chair_delta", "funder", "coordinator")
        if cast.api(cast.everyone[name]).get(f"{VERSIONS}{version.pk}/").status_code == 200
    }
    assert seen == {"chair_alpha", "director_beta", "coordinator"}
    assert cast.api(cast.chair_gamma).get(f"{ARTICLES}?charter_version={version.pk}").json()["results"] == []


def test_an_amendment_answers_with_the_next_draft(cast: Cast) -> None:
    former = make_in_force(cast)
    body = {"amendment_type": "substantial", "change_summary": "Un article de plus"}
    response = act(cast.api(cast.facilitator), f"{VERSIONS}{former.pk}/amend/", body)
    assert response.status_code == 201, response.content
    assert (response.json()["number"], response.json()["state"]) == (2, "draft")
    assert response.headers["Location"].endswith(f"{VERSIONS}{response.json()['id']}/")
    again = act(cast.api(cast.facilitator), f"{VERSIONS}{former.pk}/amend/", body)
    assert (again.status_code, codes(again)) == (409, {"draft_exists"})
    third = act(cast.api(cast.facilitator), VERSIONS, {"charter": str(former.charter_id)})
    assert (third.status_code, codes(third)) == (409, {"draft_exists", "use_amend"})


def test_the_difference_is_told_article_by_article_and_word_by_word(cast: Cast) -> None:
    former = make_in_force(cast)
    client = cast.api(cast.facilitator)
    draft = act(client, f"{VERSIONS}{former.pk}/amend/", {}).json()
    article = Article.objects.get(charter_version=draft["id"], position=2)
    client.patch(
        f"{ARTICLES}{article.pk}/",
        {"body": "Nous voulons la chose numéro 3."},
        format="json",
        headers={"If-Match": "*"},
    )
    found = cast.api(cast.chair_alpha).get(f"{VERSIONS}{draft['id']}/diff/?against={former.pk}").json()
    assert (found["old"], found["new"]) == (str(former.pk), draft["id"])
    assert [change["kind"] for change in found["changes"]] == ["unchanged", "modified"]
    changed = [segment for segment in found["changes"][1]["body"] if segment["kind"] != "equal"]
    assert changed == [{"kind": "delete", "text": "2"}, {"kind": "insert", "text": "3"}]
    assert cast.api(cast.chair_alpha).get(f"{VERSIONS}{draft['id']}/diff/").json() == found


@pytest.mark.parametrize("against", ["nothing", "01890000-0000-7000-8000-000000000000", "other charter"])
def test_a_difference_with_what_is_not_of_this_charter_is_refused(cast: Cast, against: str) -> None:
    version = make_draft(cast)
    named = str(make_draft(cast).pk) if against == "other charter" else against
    response = cast.api(cast.observer).get(f"{VERSIONS}{version.pk}/diff/?against={named}")
    assert (response.status_code, pointers(response)) == (400, {"?against"})


class TestTheEntrySaysWhoIsAwaited:
    def test_who_approved_who_refused_who_is_silent_and_since_when(self, cast: Cast) -> None:
        version = make_submitted(cast)
        vote(cast, version, cast.alpha)
        vote(cast, version, cast.beta, REJECTED)
        report = cast.api(cast.observer).get(f"{VERSIONS}{version.pk}/entry/").json()
        rows = {row["name"]: row for row in report["parties"]}
        assert {name: (row["status"], row["waits_for"]) for name, row in rows.items()} == {
            "Alpha": ("approved", "other_boards"),
            "Bêta": ("pending", "rejected_by_own_board"),
            "Gamma": ("pending", "own_board"),
        }
        assert {row["since"] for row in rows.values()} == {cast.today.isoformat()}
        assert (report["in_force"], report["met_on"], report["content_hash"]) == (False, None, version.content_hash)

    def test_what_holds_a_board_back_is_told_to_those_who_may_know_the_decision(self, cast: Cast) -> None:
        of = decision(cast, cast.alpha, confidentiality="active")
        consultation(cast, of)
        version = make_submitted(cast, decision=of)
        url = f"{VERSIONS}{version.pk}/"

        def told(name: str) -> tuple[list[str], Any]:
            client = cast.api(cast.everyone[name])
            rows = {row["name"]: row for row in client.get(f"{url}entry/").json()["parties"]}
            assert rows["Bêta"]["blockers"] == []
            return [blocker["code"] for blocker in rows["Alpha"]["blockers"]], client.get(url).json()["decision"]

        assert told("chair_gamma") == (["clock_not_started"], str(of.pk))
        assert told("chair_delta") == ([], None)

    def test_a_draft_says_who_would_be_called(self, cast: Cast) -> None:
        report = cast.api(cast.observer).get(f"{VERSIONS}{make_draft(cast).pk}/entry/").json()
        assert [row["status"] for row in report["parties"]] == ["pending"] * 3

    def test_it_costs_the_same_for_three_parties_and_for_twelve(
        self, cast: Cast, django_assert_num_queries: Any
    ) -> None:

        def cost(version: CharterVersion) -> int:
            with CaptureQueriesContext(connection) as captured:
                assert cast.api(cast.observer).get(f"{VERSIONS}{version.pk}/entry/").status_code == 200
            return len(captured)

        few = make_submitted(cast)
        cost(few)
        before = cost(few)
        for number in range(9):
            cast.organisation(f"Autre {number}", circle="active")  # type: ignore[arg-type]
        assert cost(make_submitted(cast)) == before


def test_a_long_text_and_missing_sections_are_warnings_that_refuse_nothing(cast: Cast) -> None:
    draft = make_draft(cast)
    Article.objects.filter(charter_version=draft, position=1).update(body="mot " * 401)
    body = cast.api(cast.observer).get(f"{VERSIONS}{draft.pk}/").json()
    assert ("not_short", "/articles/0/body") in {(row["code"], row["pointer"]) for row in body["warnings"]}
    assert "section_missing" in {row["code"] for row in body["warnings"]}


def test_a_decision_of_another_cooperation_does_not_exist_here(cast: Cast) -> None:
    foreign = decision(cast, cast.zeta, cooperation=cast.foreign_cooperation)
    draft = make_draft(cast)
    response = cast.api(cast.coordinator).patch(
        f"{VERSIONS}{draft.pk}/", {"decision": str(foreign.pk)}, format="json", headers={"If-Match": "*"}
    )
    assert (response.status_code, codes(response)) == (400, {"does_not_exist"})


def test_lists_cost_the_same_for_two_rows_and_for_forty(cast: Cast) -> None:
    client = cast.api(cast.chair_alpha)
    assert_constant_queries(client, VERSIONS, lambda n: [make_draft(cast, articles=1) for _index in range(n)])


def test_articles_cost_the_same_for_two_rows_and_for_forty(cast: Cast) -> None:
    drafts = [make_draft(cast, articles=0)]

    def more(n: int) -> None:
        start = Article.objects.count() + 1
        Article.objects.bulk_create(
            Article(
                cooperation=cast.cooperation, charter_version=drafts[0], position=start + index, title="x", body="x"
            )
            for index in range(n)
        )

    assert_constant_queries(cast.api(cast.chair_alpha), ARTICLES, more)
