"""A correction that no board votes: the rule that says so is in the open, and one objection holds it back."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charters import reminders, services
from charters.models import AmendmentContest, Article, CharterVersion
from governance.enums import RoleKind
from governance.models import JournalEntry, Membership, Role
from governance.reminding import ReminderKind
from governance.vital_signs import examine
from governance.waiting import waiting_for
from tests.cast import Cast
from tests.charters.factories import (
    actor_of,
    make_annex,
    make_charter,
    make_correction,
    make_draft,
    make_in_force,
    make_motivation,
    make_submitted,
)
from tests.clock import set_clock
from tests.queries import assert_constant_queries
from tests.requests import act, codes, pointers

VERSIONS = "/api/v1/charter-versions/"
WHY = {"reason": "« La nôtre » change qui paie."}


def contest(cast: Cast, version: CharterVersion, who: str, **body: Any) -> Any:
    return act(cast.api(cast.everyone[who]), f"{VERSIONS}{version.pk}/contest-editorial/", WHY | body)


def check(cast: Cast, version: CharterVersion, who: str = "observer") -> Any:
    response = cast.api(cast.everyone[who]).get(f"{VERSIONS}{version.pk}/amendment-check/")
    assert response.status_code == 200, response.content
    return response.json()


def entry(cast: Cast, version: CharterVersion) -> Any:
    return cast.api(cast.observer).get(f"{VERSIONS}{version.pk}/entry/").json()


def later(cast: Cast, days: int) -> dt.date:
    day: dt.date = cast.today + dt.timedelta(days=days)
    set_clock(day)
    return day


def untouched(version: CharterVersion) -> tuple[Any, ...]:
    """What a refusal must leave as it was."""
    row = CharterVersion.objects.values("state", "version", "in_force_on").get(pk=version.pk)
    return row, AmendmentContest.objects.count(), JournalEntry.objects.count()


def test_a_correction_says_until_when_it_can_be_contested_and_when_it_counts(cast: Cast) -> None:
    version = make_correction(cast)
    found = entry(cast, version)
    until = cast.today + dt.timedelta(days=15)
    assert found["contest"] == {"until": until.isoformat(), "open": True, "contests": []}
    assert (found["in_force"], found["enters_on"]) == (False, (until + dt.timedelta(days=1)).isoformat())
    assert {row["waits_for"] for row in found["parties"]} == {"entry_date"}
    assert "si personne ne la conteste" in found["summary"]
    later(cast, 16)
    assert services.entry_tick() == 1
    version.refresh_from_db()
    assert (version.state, version.in_force_on) == ("in_force", until + dt.timedelta(days=1))
    assert entry(cast, version)["contest"]["open"] is False


def test_a_later_stated_date_is_waited_for_too(cast: Cast) -> None:
    stated = cast.today + dt.timedelta(days=40)
    version = make_correction(cast, stated_on=stated)
    assert entry(cast, version)["enters_on"] == stated.isoformat()
    later(cast, 16)
    refused = contest(cast, version, "chair_alpha")
    assert (refused.status_code, codes(refused)) == (409, {"contest_period_over"})


@pytest.mark.parametrize("who", ["chair_alpha", "member_alpha", "director_beta", "chair_gamma"])
def test_one_objection_suffices_to_hold_a_correction_back(cast: Cast, who: str) -> None:
    version = make_correction(cast)
    later(cast, 15)
    response = contest(cast, version, who)
    assert response.status_code == 200, response.content
    found = entry(cast, version)
    [told] = found["contest"]["contests"]
    assert (told["reason"], told["contested_by"]) == (WHY["reason"], str(cast.everyone[who].pk))
    assert [problem["code"] for problem in found["problems"]] == ["contested"]
    assert told["name"] in found["problems"][0]["detail"]
    assert WHY["reason"] in found["problems"][0]["detail"]
    assert (found["met_on"], found["enters_on"]) == (None, None)
    assert {(row["status"], row["waits_for"]) for row in found["parties"]} == {("carried", None)}
    assert "Ne peut plus entrer en vigueur" in found["summary"]
    for days in (16, 400):
        later(cast, days)
        assert services.entry_tick() == 0
    said = JournalEntry.objects.get(act="charter_version.contested")
    assert (said.reason, str(said.on_behalf_of_id)) == (WHY["reason"], told["organisation"])


def test_whoever_may_not_know_of_the_member_that_contests_reads_that_one_does(cast: Cast) -> None:
    version = make_correction(cast)
    assert contest(cast, version, "chair_alpha").status_code == 200
    Membership.objects.filter(organisation=cast.alpha, cooperation=cast.cooperation).update(confidentiality="core")
    found = entry(cast, version)
    assert [problem["detail"] for problem in found["problems"]] == [
        "Un membre conteste que ce ne soit qu’une correction."
    ]
    assert (found["contest"]["contests"], "Alpha" in str(found)) == ([], False)


def test_what_is_contested_is_withdrawn_and_voted_as_what_it_is(cast: Cast) -> None:
    former = make_in_force(cast)
    version = make_correction(cast, former)
    contest(cast, version, "chair_beta")
    staff = cast.api(cast.coordinator)
    withdrawn = act(staff, f"{VERSIONS}{version.pk}/withdraw/", {"reason": "Contestée"})
    assert withdrawn.json()["state"] == "withdrawn"
    draft = act(staff, f"{VERSIONS}{version.pk}/amend/", {"amendment_type": "substantial"})
    assert draft.status_code == 201
    submitted = act(staff, f"{VERSIONS}{draft.json()['id']}/submit/")
    assert submitted.json()["state"] == "submitted"
    found = entry(cast, CharterVersion.objects.get(pk=draft.json()["id"]))
    assert (found["contest"], {row["waits_for"] for row in found["parties"]}) == (None, {"approved_another_text"})
    former.refresh_from_db()
    assert former.state == "in_force"


@pytest.mark.parametrize(
    "who", ["coordinator", "facilitator", "pilot_beta", "employees_alpha", "chair_delta", "funder", "observer"]
)
def test_only_who_heads_a_party_contests(cast: Cast, who: str) -> None:
    version = make_correction(cast)
    before = untouched(version)
    assert contest(cast, version, who).status_code == 403
    assert untouched(version) == before


@pytest.mark.parametrize("who", ["foreign_chair", "former_chair", "yesterday_chair_alpha", "stranger"])
def test_to_whoever_may_not_know_of_it_there_is_nothing_to_contest(cast: Cast, who: str) -> None:
    version = make_correction(cast)
    before = untouched(version)
    assert contest(cast, version, who).status_code == 404
    assert cast.api(cast.everyone[who]).get(f"{VERSIONS}{version.pk}/amendment-check/").status_code == 404
    assert untouched(version) == before


def test_a_member_that_was_no_party_yet_does_not_contest(cast: Cast) -> None:
    version = make_correction(cast)
    newcomer = cast.organisation("Epsilon", circle="active")  # type: ignore[arg-type]
    chair = cast.person("Éva", "Présidente", RoleKind.BOARD_CHAIR, newcomer)
    before = untouched(version)
    response = act(cast.api(chair), f"{VERSIONS}{version.pk}/contest-editorial/", WHY)
    assert (response.status_code, codes(response)) == (409, {"not_a_party"})
    assert untouched(version) == before


def test_an_organisation_contests_once_and_others_may_too(cast: Cast) -> None:
    version = make_correction(cast)
    assert contest(cast, version, "chair_alpha").status_code == 200
    again = contest(cast, version, "director_alpha")
    assert (again.status_code, codes(again)) == (409, {"already_contested"})
    assert contest(cast, version, "chair_gamma").status_code == 200
    assert [row["name"] for row in entry(cast, version)["contest"]["contests"]] == ["Alpha", "Gamma"]


def test_an_objection_has_a_reason_and_an_organisation(cast: Cast) -> None:
    version = make_correction(cast)
    before = untouched(version)
    silent = act(cast.api(cast.chair_alpha), f"{VERSIONS}{version.pk}/contest-editorial/", {"reason": " "})
    assert (silent.status_code, pointers(silent)) == (400, {"/reason"})
    Role.objects.create(
        cooperation=cast.cooperation,
        person=cast.chair_alpha,
        organisation=cast.gamma,
        kind=RoleKind.DIRECTOR,
        since=cast.since,
    )
    unsaid = contest(cast, version, "chair_alpha")
    assert (unsaid.status_code, pointers(unsaid)) == (400, {"/organisation"})
    another = contest(cast, version, "chair_alpha", organisation=str(cast.beta.pk))
    assert (another.status_code, pointers(another), codes(another)) == (400, {"/organisation"}, {"not_yours"})
    assert untouched(version) == before
    assert contest(cast, version, "chair_alpha", organisation=str(cast.gamma.pk)).status_code == 200
    assert AmendmentContest.objects.get().capacity == "director"


def test_what_boards_vote_is_not_contested(cast: Cast) -> None:
    version = make_submitted(cast)
    before = untouched(version)
    response = contest(cast, version, "chair_alpha")
    assert (response.status_code, codes(response)) == (409, {"not_editorial"})
    assert untouched(version) == before


@pytest.mark.parametrize("state", ["draft", "withdrawn", "in_force"])
def test_only_a_submitted_correction_is_contested(cast: Cast, state: str) -> None:
    if state == "draft":
        actor = actor_of(cast.coordinator)
        version = services.charter_version_amend(pk=make_in_force(cast).pk, actor=actor, amendment_type="editorial")
    else:
        version = make_correction(cast)
    if state == "withdrawn":
        services.charter_version_withdraw(pk=version.pk, actor=actor_of(cast.coordinator), reason="Faute")
    if state == "in_force":
        later(cast, 16)
        services.entry_tick()
    before = untouched(version)
    response = contest(cast, version, "chair_alpha")
    assert (response.status_code, codes(response)) == (409, {"wrong_state"})
    assert untouched(version) == before


class TestTheTimeToContestIsThatOfTheCharter:
    def test_each_charter_says_how_long(self, cast: Cast) -> None:
        charter = make_charter(cast, editorial_contest_days=3)
        version = make_correction(cast, make_in_force(cast, charter=charter))
        assert entry(cast, version)["contest"]["until"] == (cast.today + dt.timedelta(days=3)).isoformat()

    def test_shortening_it_touches_no_correction_under_way_and_lets_no_other_through(self, cast: Cast) -> None:
        version = make_correction(cast)
        client, charter = cast.api(cast.coordinator), version.charter_id
        changed = client.patch(f"/api/v1/charters/{charter}/", {"editorial_contest_days": 1}, format="json")
        assert (changed.status_code, changed.json()["editorial_contest_days"]) == (200, 1)
        assert entry(cast, version)["contest"]["until"] == (cast.today + dt.timedelta(days=15)).isoformat()
        act(client, f"{VERSIONS}{version.pk}/withdraw/", {"reason": "Faute"})
        draft = act(client, f"{VERSIONS}{version.pk}/amend/", {"amendment_type": "editorial"})
        refused = act(client, f"{VERSIONS}{draft.json()['id']}/submit/")
        assert (refused.status_code, codes(refused)) == (409, {"frame_changed"})

    @pytest.mark.parametrize("days", [0, 91, -1])
    def test_it_is_never_nothing(self, cast: Cast, days: int) -> None:
        charter = make_charter(cast)
        client = cast.api(cast.coordinator)
        refused = client.patch(f"/api/v1/charters/{charter.pk}/", {"editorial_contest_days": days}, format="json")
        assert (refused.status_code, pointers(refused)) == (400, {"/editorial_contest_days"})
        charter.refresh_from_db()
        assert charter.editorial_contest_days == 15


class TestTheRuleIsShown:
    def draft(self, cast: Cast, kind: str = "editorial") -> CharterVersion:
        former = make_in_force(cast)
        return services.charter_version_amend(pk=former.pk, actor=actor_of(cast.coordinator), amendment_type=kind)

    def write(self, cast: Cast, version: CharterVersion, **changes: Any) -> None:
        article = version.articles.get(key="article-1")
        services.article_update(pk=article.pk, actor=actor_of(cast.facilitator), expected_version=None, changes=changes)

    def test_a_correction_of_form_is_admitted_and_says_who_does_not_vote(self, cast: Cast) -> None:
        draft = self.draft(cast)
        self.write(cast, draft, body="Nous voulons, la chose numéro 1 !")
        found = check(cast, draft)
        assert (found["amendment_type"], found["admitted"]) == ("editorial", True)
        assert found["former"] == str(CharterVersion.objects.get(number=1).pk)
        assert (found["voters"]["kind"], found["voters"]["organisations"]) == ("nobody", [])
        assert [(row["code"], row["pointer"]) for row in found["changes"]] == [("form_changed", "/articles/0/body")]
        assert (found["contest_days"], found["contest"]) == (15, None)

    def test_another_word_is_pointed_at_and_called_substance(self, cast: Cast) -> None:
        draft = self.draft(cast)
        self.write(cast, draft, body="Nous voulons la chose numéro 10.")
        found = check(cast, draft)
        assert found["admitted"] is False
        [change] = found["changes"]
        assert (change["code"], change["pointer"]) == ("words_changed", "/articles/0/body")
        assert "« 1 » → « 10 »" in change["detail"]
        said = {row["amendment_type"]: row for row in found["types"]}
        assert [row["code"] for row in said["editorial"]["violations"]] == ["substance_changed"]
        assert [row["code"] for row in said["annex_only"]["violations"]] == ["articles_changed"]
        assert [row["code"] for row in said["initial"]["violations"]] == ["wrong_amendment_type"]
        assert (said["substantial"]["admitted"], said["substantial"]["voters"]) == (True, "all_boards")

    def test_who_would_vote_is_named(self, cast: Cast) -> None:
        found = check(cast, self.draft(cast, "substantial"))
        assert [row["name"] for row in found["voters"]["organisations"]] == ["Alpha", "Bêta", "Gamma"]

    def test_articles_that_come_go_move_and_change_of_part_are_told(self, cast: Cast) -> None:
        former = make_in_force(cast, articles=4)
        actor = actor_of(cast.coordinator)
        draft = services.charter_version_amend(pk=former.pk, actor=actor, amendment_type="editorial")
        rows = {article.key: article for article in draft.articles.all()}
        services.article_delete(pk=rows["article-1"].pk, actor=actor)
        for key, changes in (("article-4", {"position": 1}), ("article-2", {"section": "exit"})):
            services.article_update(pk=rows[key].pk, actor=actor, expected_version=None, changes=changes)
        services.article_create(actor=actor, charter_version=draft, title="Neuf", body="Neuf.", key="neuf")
        found = {(row["code"], row["pointer"]) for row in check(cast, draft)["changes"]}
        assert found == {
            ("article_moved", "/articles/0"),
            ("section_changed", "/articles/1/section"),
            ("article_added", "/articles/3"),
            ("article_removed", "/former/articles/0"),
        }

    def test_what_surrounds_the_articles_is_told(self, cast: Cast) -> None:
        draft = self.draft(cast)
        make_motivation(cast, draft.charter)
        found = check(cast, draft)
        assert [row["code"] for row in found["changes"]] == ["frame_changed"]
        assert "motivations" in found["changes"][0]["detail"]
        assert found["admitted"] is False

    def test_a_changed_annex_is_told_and_named_to_whoever_may_know_it(self, cast: Cast) -> None:
        draft = self.draft(cast, "annex_only")
        make_annex(cast, draft, title="Barème secret", body="Cent.", confidentiality="core")
        shown = check(cast, draft, "chair_alpha")
        assert [(row["code"], row["pointer"]) for row in shown["changes"]] == [("annex_added", "/annexes/0")]
        assert "Barème secret" in shown["changes"][0]["detail"]
        told = check(cast, draft, "chair_gamma")
        assert [(row["code"], row["pointer"]) for row in told["changes"]] == [("annexes_changed", "/annexes")]
        assert "Barème" not in str(told)
        assert [row["amendment_type"] for row in told["types"] if row["admitted"]] == ["substantial", "annex_only"]

    @pytest.mark.parametrize("kind", ["editorial", "substantial", "annex_only"])
    @pytest.mark.parametrize("change", [{}, {"title": "ARTICLE 1"}, {"title": "Article 9"}])
    def test_it_says_what_the_submission_does(self, cast: Cast, kind: str, change: dict[str, str]) -> None:
        draft = self.draft(cast, kind)
        if change:
            self.write(cast, draft, **change)
        admitted = check(cast, draft)["admitted"]
        response = act(cast.api(cast.coordinator), f"{VERSIONS}{draft.pk}/submit/")
        assert (response.status_code == 200) is admitted, response.content

    def test_a_first_text_is_compared_with_nothing(self, cast: Cast) -> None:
        found = check(cast, make_draft(cast))
        assert (found["admitted"], found["former"], found["changes"]) == (True, None, [])
        refused = {row["amendment_type"] for row in found["types"] if not row["admitted"]}
        assert refused == {"editorial", "substantial", "annex_only"}

    def test_it_stays_to_be_read_once_the_correction_is_in_force(self, cast: Cast) -> None:
        version = make_correction(cast)
        before = check(cast, version)
        later(cast, 16)
        services.entry_tick()
        after = check(cast, version)
        assert (after["changes"], after["former"]) == (before["changes"], before["former"])
        assert [row["code"] for row in after["changes"]] == ["form_changed"]

    def test_it_costs_the_same_for_few_articles_and_for_many(self, cast: Cast) -> None:
        draft = self.draft(cast)
        client, url = cast.api(cast.observer), f"{VERSIONS}{draft.pk}/amendment-check/"
        client.get(url)
        with CaptureQueriesContext(connection) as few:
            client.get(url)
        Article.objects.bulk_create(
            Article(cooperation=cast.cooperation, charter_version=draft, position=rank, title="x", body="x")
            for rank in range(3, 30)
        )
        with CaptureQueriesContext(connection) as many:
            assert len(client.get(url).json()["changes"]) == 27
        assert len(many) == len(few)


class TestThoseConcernedAreTold:
    def codes(self, cast: Cast, who: str, on: dt.date) -> list[str]:
        return [item.code for item in waiting_for(actor_of(cast.everyone[who]), on=on)]

    def signs(self, cast: Cast, on: dt.date) -> dict[str, Any]:
        found = examine(cast.cooperation, actor=actor_of(cast.coordinator), on=on)
        return {sign.code: sign for sign in found if sign.code.startswith("charter_")}

    def test_heads_of_the_parties_check_it_while_they_may_contest(self, cast: Cast) -> None:
        make_correction(cast)
        told = {
            who: self.codes(cast, who, cast.today)
            for who in ("chair_alpha", "member_alpha", "director_beta", "pilot_beta", "chair_delta", "coordinator")
        }
        heads = ("chair_alpha", "member_alpha", "director_beta")
        assert told == {who: ["correction_to_check"] if who in heads else [] for who in told}
        [item] = waiting_for(actor_of(cast.chair_alpha), on=cast.today)
        assert item.since == cast.today
        assert self.codes(cast, "chair_alpha", cast.today + dt.timedelta(days=15)) == ["correction_to_check"]
        assert self.codes(cast, "chair_alpha", cast.today + dt.timedelta(days=16)) == []

    def test_once_contested_it_waits_for_the_staff(self, cast: Cast) -> None:
        version = make_correction(cast)
        contest(cast, version, "chair_beta")
        assert self.codes(cast, "chair_alpha", cast.today) == []
        assert self.codes(cast, "coordinator", cast.today) == ["correction_contested"]
        services.charter_version_withdraw(pk=version.pk, actor=actor_of(cast.coordinator), reason="Contestée")
        assert self.codes(cast, "coordinator", cast.today) == []

    def test_a_sign_says_when_it_counts_then_that_it_is_contested(self, cast: Cast) -> None:
        version = make_correction(cast)
        sign = self.signs(cast, cast.today)["charter_correction_open"]
        assert (str(sign.severity), sign.since) == ("info", cast.today)
        contest(cast, version, "chair_gamma")
        found = self.signs(cast, cast.today)
        assert list(found) == ["charter_correction_contested"]
        contested = found["charter_correction_contested"]
        assert str(contested.severity) == "critical"
        assert [concern.label for concern in contested.objects if concern.resource == "organisations"] == ["Gamma"]

    def test_chairs_are_reminded_before_the_last_day(self, cast: Cast) -> None:
        version = make_correction(cast)

        def told() -> set[tuple[Any, dt.date]]:
            return {
                (item.recipient_id, item.due_on)
                for item in reminders.expected(cast.cooperation, cast.today)
                if item.kind == ReminderKind.CORRECTION_TO_CHECK
            }

        until = cast.today + dt.timedelta(days=15)
        assert told() == {(chair.pk, until) for chair in (cast.chair_alpha, cast.chair_beta, cast.chair_gamma)}
        contest(cast, version, "chair_gamma")
        assert told() == set()

    def test_nothing_of_a_confidential_correction_reaches_other_circles(self, cast: Cast) -> None:
        former = make_in_force(cast, charter=make_charter(cast, confidentiality="core"))
        make_correction(cast, former)
        assert self.codes(cast, "chair_gamma", cast.today) == []
        assert self.codes(cast, "chair_alpha", cast.today) == ["correction_to_check"]


def test_versions_with_objections_cost_the_same_in_a_list(cast: Cast) -> None:
    version = make_correction(cast)
    contest(cast, version, "chair_alpha")
    assert_constant_queries(
        cast.api(cast.chair_beta), VERSIONS, lambda count: [make_draft(cast, articles=1) for _ in range(count)]
    )
