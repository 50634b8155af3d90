"""`article-comments`: threads on an article, several people at once, an outcome, and nothing lost on the way."""

import datetime as dt
from typing import Any

import pytest

from charters import services
from charters.models import ArticleComment, CharterVersion
from governance.enums import RoleKind
from governance.models import JournalEntry, Role
from governance.waiting import waiting_for
from tests.cast import Cast
from tests.charters.factories import (
    actor_of,
    make_charter,
    make_comment,
    make_draft,
    make_in_force,
    make_submitted,
)
from tests.clock import set_clock
from tests.queries import assert_constant_queries
from tests.requests import act, codes, pointers

COMMENTS = "/api/v1/article-comments/"
VERSIONS = "/api/v1/charter-versions/"


def everything() -> tuple[Any, ...]:
    """What a refusal must leave as it was."""
    comments = ArticleComment.objects.order_by("pk")
    return list(comments.values_list("pk", "version", "body", "state", "withdrawn_at")), JournalEntry.objects.count()


def on(version: CharterVersion, **fields: Any) -> dict[str, Any]:
    return {"charter_version": str(version.pk), "article_key": "article-1", "body": "Pourquoi ?", **fields}


def warnings(cast: Cast, version: CharterVersion) -> list[tuple[str, str]]:
    body = cast.api(cast.facilitator).get(f"{VERSIONS}{version.pk}/").json()
    return [(row["pointer"], row["detail"]) for row in body["warnings"] if row["code"] == "threads_open"]


def test_a_thread_is_opened_answered_settled_and_opened_again(cast: Cast) -> None:
    draft = make_draft(cast)
    director, staff = cast.api(cast.director_beta), cast.api(cast.facilitator)
    opened = act(director, COMMENTS, on(draft, quote="la chose numéro 1", body="**Laquelle** ?"))
    assert opened.status_code == 201, opened.content
    thread = opened.json()
    assert (thread["state"], thread["author"]) == ("open", str(cast.director_beta.pk))
    assert (thread["organisation"], thread["capacity"]) == (str(cast.beta.pk), "director")
    assert thread["article_removed"] is False
    reply = act(staff, COMMENTS, {"parent": thread["id"], "body": "La nôtre."})
    assert reply.status_code == 201, reply.content
    assert {name: reply.json()[name] for name in ("charter_version", "article_key", "state", "organisation")} == {
        "charter_version": str(draft.pk),
        "article_key": "article-1",
        "state": "",
        "organisation": None,
    }
    assert reply.json()["capacity"] == "facilitation"
    url = f"{COMMENTS}{thread['id']}/"
    closed = act(director, f"{url}resolve/", {"outcome": "Le texte la nomme."})
    assert (closed.status_code, closed.json()["state"], closed.json()["outcome"]) == (
        200,
        "resolved",
        "Le texte la nomme.",
    )
    assert closed.json()["resolved_by"] == str(cast.director_beta.pk)
    late = act(staff, COMMENTS, {"parent": thread["id"], "body": "Encore."})
    assert (late.status_code, codes(late)) == (409, {"thread_resolved"})
    again = act(staff, f"{url}reopen/", {"reason": "Pas partout"})
    assert (again.json()["state"], again.json()["resolved_by"], again.json()["outcome"]) == ("open", None, "")
    told = JournalEntry.objects.filter(object_id=thread["id"]).order_by("sequence")
    assert list(told.values_list("act", "reason")) == [
        ("article_comment.created", ""),
        ("article_comment.resolved", "Le texte la nomme."),
        ("article_comment.reopened", "Pas partout"),
    ]


def test_the_journal_says_who_spoke_of_what_and_not_the_words(cast: Cast) -> None:
    comment = make_comment(cast, make_draft(cast), cast.pilot_beta, body="Demandez à Basile")
    services.article_comment_update(
        pk=comment.pk, actor=actor_of(cast.pilot_beta), expected_version=None, changes={"body": "Demandez à Berthe"}
    )
    entries = JournalEntry.objects.filter(object_id=str(comment.pk))
    assert {entry.on_behalf_of_id for entry in entries} == {cast.beta.pk}
    assert {entry.payload["article_key"] for entry in entries} == {"article-1"}
    assert not [entry for entry in entries if "Basile" in str(entry.payload) or "Berthe" in str(entry.payload)]


@pytest.mark.parametrize("who", ["funder", "observer", "chair_delta"])
def test_whoever_reads_without_being_a_partner_does_not_comment(cast: Cast, who: str) -> None:
    draft = make_draft(cast)
    thread = make_comment(cast, draft, cast.chair_alpha)
    before = everything()
    client = cast.api(cast.everyone[who])
    assert client.get(f"{COMMENTS}{thread.pk}/").status_code == 200
    attempts = [
        act(client, COMMENTS, on(draft)),
        act(client, COMMENTS, {"parent": str(thread.pk), "body": "Oui"}),
        act(client, f"{COMMENTS}{thread.pk}/resolve/"),
        act(client, f"{COMMENTS}{thread.pk}/withdraw/"),
    ]
    assert {response.status_code for response in attempts} == {403}
    assert everything() == before


def test_nobody_speaks_for_an_organisation_that_is_not_theirs(cast: Cast) -> None:
    draft = make_draft(cast)
    before = everything()
    for person in (cast.director_beta, cast.coordinator, cast.chair_delta):
        response = act(cast.api(person), COMMENTS, on(draft, organisation=str(cast.alpha.pk)))
        assert response.status_code == 403, response.content
    assert everything() == before


def test_whoever_speaks_for_two_organisations_says_for_which(cast: Cast) -> None:
    draft = make_draft(cast)
    Role.objects.create(
        cooperation=cast.cooperation,
        person=cast.pilot_beta,
        organisation=cast.gamma,
        kind=RoleKind.DIRECTOR,
        since=cast.since,
    )
    client = cast.api(cast.pilot_beta)
    unsaid = act(client, COMMENTS, on(draft))
    assert (unsaid.status_code, pointers(unsaid), codes(unsaid)) == (400, {"/organisation"}, {"required"})
    said = act(client, COMMENTS, on(draft, organisation=str(cast.gamma.pk)))
    assert (said.status_code, said.json()["capacity"]) == (201, "director")


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"quote": "la chose numéro 9"}, "/quote", "quote_not_found"),
        ({"article_key": "nowhere"}, "/article_key", "does_not_exist"),
        ({"article_key": ""}, "/article_key", "blank"),
        ({"body": "   "}, "/body", "blank"),
        ({"body": "x" * 5001}, "/body", "max_length"),
        ({"quote": "x" * 1001}, "/quote", "max_length"),
        ({"state": "resolved"}, "/state", "unknown_field"),
    ],
)
def test_a_comment_that_points_nowhere_is_refused(cast: Cast, fields: dict[str, Any], pointer: str, code: str) -> None:
    draft = make_draft(cast)
    before = everything()
    response = act(cast.api(cast.chair_gamma), COMMENTS, on(draft, **fields))
    assert (response.status_code, pointers(response), codes(response)) == (400, {pointer}, {code})
    assert everything() == before


def test_a_thread_needs_a_version_and_an_article(cast: Cast) -> None:
    response = act(cast.api(cast.chair_gamma), COMMENTS, {"body": "Pourquoi ?"})
    assert (response.status_code, pointers(response)) == (400, {"/charter_version", "/article_key"})


def test_threads_have_one_level_and_one_article(cast: Cast) -> None:
    draft = make_draft(cast)
    thread = make_comment(cast, draft, cast.chair_alpha)
    reply = make_comment(cast, draft, cast.chair_beta, article_key="", parent=thread)
    elsewhere = make_comment(cast, make_draft(cast, charter=make_charter(cast, title="Autre")), cast.chair_alpha)
    client = cast.api(cast.chair_gamma)
    before = everything()
    attempts = {
        "/parent": {"parent": str(reply.pk), "body": "Oui"},
        "/article_key": {"parent": str(thread.pk), "article_key": "article-2", "body": "Oui"},
        "/quote": {"parent": str(thread.pk), "quote": "chose", "body": "Oui"},
    }
    for pointer, body in attempts.items():
        response = act(client, COMMENTS, body)
        assert (response.status_code, pointers(response)) == (400, {pointer}), response.content
    crossed = act(client, COMMENTS, on(draft, parent=str(elsewhere.pk)))
    assert (crossed.status_code, codes(crossed)) == (400, {"other_charter"})
    assert everything() == before


class TestOnesOwnWords:
    def test_are_rewritten_and_withdrawn_while_nobody_answered(self, cast: Cast) -> None:
        draft = make_draft(cast)
        client, url = cast.api(cast.pilot_beta), ""
        created = act(client, COMMENTS, on(draft, quote="la chose"))
        url = f"{COMMENTS}{created.json()['id']}/"
        changed = client.patch(url, {"body": "Pourquoi donc ?"}, format="json")
        assert (changed.status_code, changed.json()["body"]) == (200, "Pourquoi donc ?")
        assert changed.json()["edited_at"] is not None
        gone = act(client, f"{url}withdraw/")
        assert (gone.status_code, gone.json()["body"], gone.json()["quote"]) == (200, "", "")
        seen = cast.api(cast.observer).get(url).json()
        assert (seen["body"], seen["withdrawn_at"] is not None) == ("", True)
        assert ArticleComment.objects.get().body == "Pourquoi donc ?"
        assert warnings(cast, draft) == []
        refused = [client.patch(url, {"body": "x"}, format="json"), act(client, f"{url}resolve/")]
        assert [(response.status_code, codes(response)) for response in refused] == [(409, {"comment_withdrawn"})] * 2

    def test_stay_once_somebody_answered(self, cast: Cast) -> None:
        draft = make_draft(cast)
        thread = make_comment(cast, draft, cast.pilot_beta)
        first = make_comment(cast, draft, cast.chair_alpha, article_key="", parent=thread)
        second = make_comment(cast, draft, cast.chair_gamma, article_key="", parent=thread)
        before = everything()
        for comment, person in ((thread, cast.pilot_beta), (first, cast.chair_alpha)):
            client, url = cast.api(person), f"{COMMENTS}{comment.pk}/"
            refused = [client.patch(url, {"body": "Autre"}, format="json"), act(client, f"{url}withdraw/")]
            assert [(r.status_code, codes(r)) for r in refused] == [(409, {"already_answered"})] * 2
        assert everything() == before
        last = act(cast.api(cast.chair_gamma), f"{COMMENTS}{second.pk}/withdraw/")
        assert last.status_code == 200
        assert act(cast.api(cast.chair_alpha), f"{COMMENTS}{first.pk}/withdraw/").status_code == 200

    def test_are_nobody_else_s_to_change(self, cast: Cast) -> None:
        thread = make_comment(cast, make_draft(cast), cast.pilot_beta)
        before = everything()
        for person in (cast.director_beta, cast.chair_beta, cast.coordinator):
            client, url = cast.api(person), f"{COMMENTS}{thread.pk}/"
            assert client.patch(url, {"body": "x"}, format="json").status_code == 403
            assert act(client, f"{url}withdraw/").status_code == 403
        assert act(cast.api(cast.chair_beta), f"{COMMENTS}{thread.pk}/resolve/").status_code == 403
        assert everything() == before

    def test_are_not_overwritten_by_a_stale_page(self, cast: Cast) -> None:
        thread = make_comment(cast, make_draft(cast), cast.pilot_beta)
        client, url = cast.api(cast.pilot_beta), f"{COMMENTS}{thread.pk}/"
        stale = client.patch(url, {"body": "x"}, format="json", headers={"If-Match": '"9-x"'})
        assert stale.status_code == 412


def test_a_reply_is_not_what_one_closes(cast: Cast) -> None:
    draft = make_draft(cast)
    thread = make_comment(cast, draft, cast.pilot_beta)
    reply = make_comment(cast, draft, cast.chair_alpha, article_key="", parent=thread)
    response = act(cast.api(cast.coordinator), f"{COMMENTS}{reply.pk}/resolve/")
    assert (response.status_code, codes(response)) == (409, {"not_a_thread"})


def test_a_frozen_text_is_commented_and_stays_as_it_is(cast: Cast) -> None:
    version = make_submitted(cast)
    before = CharterVersion.objects.values("version", "content_hash", "state").get()
    assert act(cast.api(cast.chair_alpha), COMMENTS, on(version)).status_code == 201
    assert CharterVersion.objects.values("version", "content_hash", "state").get() == before


def test_a_text_that_is_no_longer_discussed_takes_no_comment(cast: Cast) -> None:
    version = make_submitted(cast)
    thread = make_comment(cast, version, cast.chair_alpha)
    services.charter_version_withdraw(pk=version.pk, actor=actor_of(cast.coordinator), reason="Faute")
    before = everything()
    for body in (on(version), {"parent": str(thread.pk), "body": "Oui"}):
        response = act(cast.api(cast.chair_gamma), COMMENTS, body)
        assert (response.status_code, codes(response)) == (409, {"wrong_state"})
    assert everything() == before


def test_an_archived_charter_takes_no_comment(cast: Cast) -> None:
    version = make_in_force(cast)
    thread = make_comment(cast, version, cast.chair_alpha)
    services.charter_archive(pk=version.charter_id, actor=actor_of(cast.coordinator), reason="Finie")
    before = everything()
    client, url = cast.api(cast.chair_alpha), f"{COMMENTS}{thread.pk}/"
    attempts = [
        act(client, COMMENTS, on(version)),
        client.patch(url, {"body": "x"}, format="json"),
        act(client, f"{url}withdraw/"),
        act(client, f"{url}resolve/"),
    ]
    assert [(response.status_code, codes(response)) for response in attempts] == [(409, {"charter_archived"})] * 4
    assert everything() == before


class TestWhatWasSaidOfOneTextServesTheNext:
    def test_open_threads_follow_their_article_into_the_draft(self, cast: Cast) -> None:
        version = make_in_force(cast)
        kept = make_comment(cast, version, cast.chair_alpha)
        settled = make_comment(cast, version, cast.chair_alpha, article_key="article-2")
        services.article_comment_resolve(pk=settled.pk, actor=actor_of(cast.coordinator))
        assert warnings(cast, version) == []
        draft = services.charter_version_amend(pk=version.pk, actor=actor_of(cast.coordinator))
        assert warnings(cast, draft) == [("/articles/0", "1 fil de commentaires est ouvert sur cet article.")]
        client = cast.api(cast.observer)
        address = f"{COMMENTS}?charter={version.charter_id}&unresolved=true"
        assert [row["id"] for row in client.get(address).json()["results"]] == [str(kept.pk)]
        assert len(client.get(f"{address}&article_key=article-1").json()["results"]) == 1
        assert client.get(f"{address}&article_key=article-2").json()["results"] == []
        others = client.get(address.replace("true", "false")).json()["results"]
        assert [row["id"] for row in others] == [str(settled.pk)]
        reply = make_comment(cast, draft, cast.chair_beta, article_key="", parent=kept)
        assert (reply.charter_version_id, ArticleComment.objects.count()) == (draft.pk, 3)

    def test_a_reply_goes_to_the_text_that_is_discussed_now(self, cast: Cast) -> None:
        version = make_submitted(cast)
        thread = make_comment(cast, version, cast.chair_alpha)
        services.charter_version_withdraw(pk=version.pk, actor=actor_of(cast.coordinator), reason="Faute")
        draft = services.charter_version_amend(pk=version.pk, actor=actor_of(cast.coordinator))
        reply = act(cast.api(cast.chair_beta), COMMENTS, {"parent": str(thread.pk), "body": "Réécrit"})
        assert (reply.status_code, reply.json()["charter_version"]) == (201, str(draft.pk))

    def test_threads_on_an_article_taken_out_say_so(self, cast: Cast) -> None:
        version = make_in_force(cast)
        thread = make_comment(cast, version, cast.chair_alpha)
        draft = services.charter_version_amend(pk=version.pk, actor=actor_of(cast.coordinator))
        client = cast.api(cast.observer)

        def removed() -> bool:
            rows = client.get(f"{COMMENTS}?article_removed=true").json()["results"]
            said = client.get(f"{COMMENTS}{thread.pk}/").json()["article_removed"]
            assert said is bool(rows)
            return bool(said)

        assert removed() is False
        services.article_delete(pk=draft.articles.get(key="article-1").pk, actor=actor_of(cast.coordinator))
        assert removed() is True
        assert warnings(cast, draft) == [("/articles", "1 fil de commentaires est ouvert sur un article retiré.")]
        services.charter_version_withdraw(pk=draft.pk, actor=actor_of(cast.coordinator), reason="Autre voie")
        assert removed() is False

    def test_open_threads_warn_and_do_not_hold_a_submission_back(self, cast: Cast) -> None:
        draft = make_draft(cast)
        make_comment(cast, draft, cast.chair_alpha)
        make_comment(cast, draft, cast.chair_beta)
        response = act(cast.api(cast.coordinator), f"{VERSIONS}{draft.pk}/submit/")
        assert response.status_code == 200
        told = [row["detail"] for row in response.json()["warnings"] if row["code"] == "threads_open"]
        assert told == ["2 fils de commentaires sont ouverts sur cet article."]


def test_whoever_writes_the_draft_is_told_how_many_threads_wait(cast: Cast) -> None:
    draft = make_draft(cast)
    for person in (cast.chair_alpha, cast.chair_beta, cast.chair_gamma):
        thread = make_comment(cast, draft, person)
    make_comment(cast, draft, cast.chair_alpha, article_key="", parent=thread)

    def waiting(name: str) -> list[str]:
        found = waiting_for(actor_of(cast.everyone[name]), on=cast.today)
        return [str(item.title) for item in found if item.code == "threads_open"]

    sentence = "3 fils ouverts sur le brouillon de « Charte de la Belle Équipe »"
    told = {name: waiting(name) for name in ("coordinator", "facilitator", "chair_alpha", "foreign_coordinator")}
    assert told == {"coordinator": [sentence], "facilitator": [sentence], "chair_alpha": [], "foreign_coordinator": []}
    set_clock(cast.today + dt.timedelta(days=1))
    [item] = [one for one in waiting_for(actor_of(cast.coordinator), on=cast.today) if one.code == "threads_open"]
    assert (item.since, item.id) == (cast.today, draft.pk)


def test_comments_are_known_to_whoever_knows_the_charter(cast: Cast) -> None:
    draft = make_draft(cast, charter=make_charter(cast, confidentiality="core"))
    thread = make_comment(cast, draft, cast.chair_alpha)
    for person in (cast.chair_gamma, cast.funder, cast.foreign_chair):
        client = cast.api(person)
        assert client.get(f"{COMMENTS}{thread.pk}/").status_code == 404
        assert client.get(f"{COMMENTS}?count=exact").json()["count"] == 0
        refused = act(client, COMMENTS, on(draft))
        assert (refused.status_code, codes(refused)) == (400, {"does_not_exist"})


def test_comments_cost_the_same_for_two_rows_and_for_forty(cast: Cast) -> None:
    draft = make_draft(cast)
    client = cast.api(cast.chair_alpha)
    assert_constant_queries(
        client, "/api/v1/article-comments/", lambda n: [make_comment(cast, draft, cast.chair_beta) for _ in range(n)]
    )
    expanded = "/api/v1/article-comments/?expand=charter_version,author,organisation,parent"
    thread = make_comment(cast, draft, cast.chair_beta)
    assert_constant_queries(
        client,
        expanded,
        lambda n: [make_comment(cast, draft, cast.chair_beta, article_key="", parent=thread) for _ in range(n)],
    )
