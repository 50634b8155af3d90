"""`charters/{id}/history/` and the template: who changed what, when and why; what to start from."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charters import services
from charters.enums import ArticleSection
from charters.models import Article, CharterVersion
from tests.cast import Cast
from tests.charters.factories import (
    actor_of,
    make_charter,
    make_correction,
    make_draft,
    make_in_force,
    make_submitted,
    vote,
)
from tests.clock import set_clock
from tests.requests import act, codes, pointers

ARTICLES = "/api/v1/articles/"


def history(cast: Cast, version: CharterVersion, who: str = "observer", query: str = "") -> Any:
    response = cast.api(cast.everyone[who]).get(f"/api/v1/charters/{version.charter_id}/history/{query}")
    assert response.status_code == 200, response.content
    return response.json()


def change(cast: Cast, version: CharterVersion, key: str, **fields: Any) -> Any:
    article = version.articles.get(key=key)
    return cast.api(cast.facilitator).patch(
        f"{ARTICLES}{article.pk}/", fields, format="json", headers={"If-Match": "*"}
    )


def test_each_version_says_who_drafted_submitted_and_entered_it_and_what_it_changed(cast: Cast) -> None:
    former = make_in_force(cast)
    draft = services.charter_version_amend(
        pk=former.pk, actor=actor_of(cast.facilitator), change_summary="Un préavis plus long"
    )
    services.article_create(actor=actor_of(cast.facilitator), charter_version=draft, title="Neuf", body="Neuf.")
    change(cast, draft, "article-1", body="Nous voulons autre chose.")
    services.charter_version_submit(pk=draft.pk, actor=actor_of(cast.coordinator))
    set_clock(cast.today + dt.timedelta(days=1))
    vote(cast, draft, cast.alpha, held_on=cast.today)
    latest, first = history(cast, former)["results"]
    assert [latest["number"], first["number"]] == [2, 1]
    assert (latest["state"], latest["amendment_type"], latest["change_summary"]) == (
        "submitted",
        "substantial",
        "Un préavis plus long",
    )
    assert latest["compared_with"] == str(former.pk)
    assert latest["counts"] == {"added": 1, "removed": 0, "modified": 1, "moved": 0, "unchanged": 1}
    assert latest["diff"] == f"/api/v1/charter-versions/{draft.pk}/diff/?against={former.pk}"
    assert cast.api(cast.observer).get(latest["diff"]).status_code == 200
    assert (latest["approvals"], first["approvals"]) == (1, 3)
    acts = [(row["act"], row["person"], row["capacity"]) for row in latest["acts"]]
    assert acts == [
        ("drafted", str(cast.facilitator.pk), "facilitation"),
        ("submitted", str(cast.coordinator.pk), "coordination"),
    ]
    assert latest["acts"][0]["name"] == "Fanny Animatrice"
    assert [row["act"] for row in first["acts"]] == ["drafted", "submitted", "entered_into_force"]
    assert (first["compared_with"], first["counts"]["added"]) == (None, 2)


def test_a_draft_says_who_changed_which_article_when_and_why(cast: Cast) -> None:
    draft = make_draft(cast)
    said = change(cast, draft, "article-1", body="Autre chose.", title="Titre", reason="Demande de Bêta")
    assert said.status_code == 200, said.content
    change(cast, draft, "article-2", position=1, reason="D’abord le principal")
    created = act(
        cast.api(cast.coordinator),
        ARTICLES,
        {"charter_version": str(draft.pk), "title": "Sortie", "body": "Un préavis.", "reason": "Il manquait"},
    )
    gone = draft.articles.get(key="article-1")
    url = f"{ARTICLES}{gone.pk}/"
    deleted = cast.api(cast.facilitator).delete(f"{url}?reason=Fait double emploi", headers={"If-Match": "*"})
    assert deleted.status_code == 204
    [row] = history(cast, draft)["results"]
    assert row["edit_count"] == 6
    told = [(edit["act"], edit["key"], edit["changed"], edit["reason"], edit["person"]) for edit in row["edits"]]
    staff, lead = str(cast.facilitator.pk), str(cast.coordinator.pk)
    assert told == [
        ("deleted", "article-1", [], "Fait double emploi", staff),
        ("created", created.json()["key"], [], "Il manquait", lead),
        ("moved", "article-2", ["position"], "D’abord le principal", staff),
        ("updated", "article-1", ["body", "title"], "Demande de Bêta", staff),
        ("created", "article-2", [], "", lead),
        ("created", "article-1", [], "", lead),
    ]
    assert [edit["title"] for edit in row["edits"]][:2] == ["Titre", "Sortie"]


def test_a_reason_alone_changes_nothing(cast: Cast) -> None:
    draft = make_draft(cast)
    before = history(cast, draft)
    assert change(cast, draft, "article-1", reason="Pour voir").status_code == 200
    assert history(cast, draft) == before


def test_a_reason_that_is_too_long_deletes_nothing(cast: Cast) -> None:
    article = make_draft(cast).articles.get(key="article-1")
    client = cast.api(cast.facilitator)
    refused = client.delete(f"{ARTICLES}{article.pk}/?reason={'x' * 501}", headers={"If-Match": "*"})
    assert (refused.status_code, pointers(refused)) == (400, {"?reason"})
    assert Article.objects.filter(pk=article.pk).exists()


def test_only_the_latest_changes_are_told_and_their_number_is_whole(cast: Cast) -> None:
    draft = make_draft(cast, articles=1)
    for number in range(40):
        services.article_update(
            pk=draft.articles.get().pk,
            actor=actor_of(cast.facilitator),
            expected_version=None,
            changes={"body": f"Version {number}."},
        )
    [row] = history(cast, draft)["results"]
    assert (row["edit_count"], len(row["edits"])) == (41, 30)
    assert {edit["act"] for edit in row["edits"]} == {"updated"}


def test_a_withdrawn_version_says_who_and_why_and_the_next_is_compared_with_the_text_in_force(cast: Cast) -> None:
    former = make_in_force(cast)
    correction = make_correction(cast, former)
    services.charter_version_withdraw(pk=correction.pk, actor=actor_of(cast.coordinator), reason="Contestée")
    services.charter_version_amend(pk=correction.pk, actor=actor_of(cast.facilitator))
    latest, withdrawn, _first = history(cast, former)["results"]
    assert latest["compared_with"] == str(former.pk)
    assert latest["counts"]["modified"] == 1
    last = withdrawn["acts"][-1]
    assert (last["act"], last["reason"], withdrawn["withdrawn_reason"]) == ("withdrawn", "Contestée", "Contestée")


def test_a_withdrawn_or_rejected_first_text_lets_the_next_begin(cast: Cast) -> None:
    draft = make_draft(cast)
    staff = actor_of(cast.coordinator)
    services.charter_version_withdraw(pk=draft.pk, actor=staff, reason="Autre voie")
    second = services.charter_version_amend(pk=draft.pk, actor=staff)
    services.charter_version_submit(pk=second.pk, actor=staff)
    for organisation in (cast.alpha, cast.beta, cast.gamma):
        vote(cast, second, organisation)
    second.refresh_from_db()
    assert (second.number, second.state) == (2, "in_force")


def test_it_is_read_page_by_page_newest_first(cast: Cast) -> None:
    version = make_draft(cast, articles=1)
    staff = actor_of(cast.coordinator)
    for _index in range(4):
        services.charter_version_withdraw(pk=version.pk, actor=staff, reason="Autre voie")
        version = services.charter_version_amend(pk=version.pk, actor=staff)
    client = cast.api(cast.observer)
    page, numbers = history(cast, version, query="?page_size=2"), []
    while True:
        numbers += [row["number"] for row in page["results"]]
        if page["next"] is None:
            break
        page = client.get(page["next"]).json()
    assert numbers == [5, 4, 3, 2, 1]
    refused = client.get(f"/api/v1/charters/{version.charter_id}/history/?ordering=number")
    assert (refused.status_code, codes(refused)) == (400, {"unknown_parameter"})


@pytest.mark.parametrize(("who", "status"), [("chair_alpha", 200), ("coordinator", 200), ("chair_gamma", 404)])
def test_it_is_known_to_whoever_knows_the_charter(cast: Cast, who: str, status: int) -> None:
    version = make_submitted(cast, charter=make_charter(cast, confidentiality="core"))
    client = cast.api(cast.everyone[who])
    assert client.get(f"/api/v1/charters/{version.charter_id}/history/").status_code == status


def test_it_costs_the_same_for_two_versions_and_for_twelve(cast: Cast) -> None:
    staff = actor_of(cast.coordinator)
    versions = [make_draft(cast)]

    def more(count: int) -> None:
        for _index in range(count):
            services.charter_version_withdraw(pk=versions[-1].pk, actor=staff, reason="Autre voie")
            versions.append(services.charter_version_amend(pk=versions[-1].pk, actor=staff))

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            history(cast, versions[0])
        return len(captured)

    more(1)
    cost()
    few = cost()
    more(10)
    assert len(history(cast, versions[0])["results"]) == 12
    assert cost() == few


def test_the_template_says_what_the_guide_expects_of_each_part(cast: Cast) -> None:
    found = cast.api(cast.stranger).get("/api/v1/charter-template/").json()
    sections = {row["section"]: row for row in found["sections"]}
    assert set(sections) == set(ArticleSection.values) - {"free"}
    assert sections["collective_wager"]["founding"] is True
    assert all(row["guidance"] and row["body"] and row["section_label"] for row in found["sections"])
    draft = act(
        cast.api(cast.coordinator),
        "/api/v1/charter-versions/",
        {"charter": str(make_charter(cast).pk), "from_template": True},
    ).json()
    assert [row["title"] for row in draft["articles"]] == [row["title"] for row in found["sections"]]
    assert "section_missing" not in {row["code"] for row in draft["warnings"]}
    assert cast.api(None).get("/api/v1/charter-template/").status_code == 401
