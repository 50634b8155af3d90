"""Motivations through the revisions: coded, retired or deleted, confirmed, and their history."""

import json
from typing import Any

import pytest

from charters import services
from charters.models import CharterVersion, ExpectedEffect, Motivation
from governance.models import JournalEntry
from tests.cast import Cast
from tests.charters.factories import (
    actor_of,
    make_charter,
    make_draft,
    make_effect,
    make_in_force,
    make_motivation,
    make_submitted,
)
from tests.milestones import factories as milestones
from tests.requests import act, codes, pointers

MOTIVATIONS, EFFECTS, CHARTERS = "/api/v1/motivations/", "/api/v1/expected-effects/", "/api/v1/charters/"
CODES = "/api/v1/motivation-codes/"
VERSIONS = "/api/v1/charter-versions/"


def everything() -> tuple[Any, ...]:
    return (
        list(Motivation.objects.order_by("pk").values()),
        list(ExpectedEffect.objects.order_by("pk").values()),
        JournalEntry.objects.count(),
    )


def frozen(version: CharterVersion) -> list[dict[str, Any]]:
    version.refresh_from_db()
    found: list[dict[str, Any]] = json.loads(version.content)["frozen_facts"]["motivations"]
    return found


def amended(cast: Cast, version: CharterVersion, kind: str = "substantial") -> CharterVersion:
    return services.charter_version_amend(pk=version.pk, actor=actor_of(cast.coordinator), amendment_type=kind)


class TestCodes:
    def test_the_reasons_of_the_guide_are_read_by_whoever_signs_in(self, cast: Cast) -> None:
        client = cast.api(cast.stranger)
        rows = client.get(CODES).json()["results"]
        assert len(rows) == 26
        one = client.get(f"{CODES}visibility/").json()
        assert one in rows
        assert (one["label"], one["family"], one["confidence"]) == ("gagner en visibilité", "common_voice", "A")
        assert client.get(f"{CODES}nothing/").status_code == 404
        assert client.get(f"{CODES}?family=common_voice").status_code == 400

    def test_a_motivation_names_a_reason_of_the_guide_or_none(self, cast: Cast) -> None:
        client = cast.api(cast.coordinator)
        charter = make_draft(cast).charter
        body = {"charter": str(charter.pk), "code": "m1", "label": "Être vus"}
        coded = act(client, MOTIVATIONS, {**body, "matrix_code": "visibility"})
        free = act(client, MOTIVATIONS, {**body, "code": "m2"})
        assert (coded.json()["matrix_code"], free.json()["matrix_code"]) == ("visibility", "")
        wrong = act(client, MOTIVATIONS, {**body, "code": "m3", "matrix_code": "fame"})
        assert (wrong.status_code, pointers(wrong)) == (400, {"/matrix_code"})
        found = client.get(f"{MOTIVATIONS}?matrix_code=visibility").json()["results"]
        assert [row["code"] for row in found] == ["m1"]


class TestDeleting:
    def test_what_nothing_holds_is_erased_and_the_journal_keeps_it(self, cast: Cast) -> None:
        motivation = make_motivation(cast, make_draft(cast).charter, organisation=cast.alpha)
        effect = make_effect(cast, motivation)
        client = cast.api(cast.director_alpha)
        before = everything()
        refused = client.delete(f"{MOTIVATIONS}{motivation.pk}/")
        assert (refused.status_code, codes(refused)) == (409, {"has_effects"})
        assert everything() == before
        assert client.delete(f"{EFFECTS}{effect.pk}/").status_code == 204
        assert client.delete(f"{MOTIVATIONS}{motivation.pk}/").status_code == 204
        assert not Motivation.objects.exists()
        entry = JournalEntry.objects.get(act="motivation.deleted")
        assert (entry.payload["label"], entry.on_behalf_of_id) == (motivation.label, cast.alpha.pk)
        assert JournalEntry.objects.get(act="expected_effect.deleted").payload["label"] == effect.label

    def test_what_a_text_was_frozen_with_stays(self, cast: Cast) -> None:
        charter = make_charter(cast)
        motivation = make_motivation(cast, charter)
        effect = make_effect(cast, motivation)
        version = make_submitted(cast, charter=charter)
        client = cast.api(cast.coordinator)
        later = make_effect(cast, motivation, label="Venu après")
        before = everything()
        refused = client.delete(f"{EFFECTS}{effect.pk}/")
        assert (refused.status_code, codes(refused)) == (409, {"frozen_in_a_version"})
        refused = client.delete(f"{MOTIVATIONS}{motivation.pk}/")
        assert (refused.status_code, codes(refused)) == (409, {"frozen_in_a_version", "has_effects"})
        assert "1" in refused.json()["errors"][0]["detail"]
        assert everything() == before
        assert client.delete(f"{EFFECTS}{later.pk}/").status_code == 204
        assert [effect["label"] for effect in frozen(version)[0]["effects"]] == ["Trois marchés obtenus par an"]

    def test_a_draft_given_up_was_frozen_too(self, cast: Cast) -> None:
        charter = make_charter(cast)
        motivation = make_motivation(cast, charter)
        draft = make_draft(cast, charter=charter)
        services.charter_version_withdraw(pk=draft.pk, actor=actor_of(cast.coordinator), reason="Non")
        refused = cast.api(cast.coordinator).delete(f"{MOTIVATIONS}{motivation.pk}/")
        assert (refused.status_code, codes(refused)) == (409, {"frozen_in_a_version"})

    def test_an_effect_that_an_indicator_measures_stays_without_saying_which(self, cast: Cast) -> None:
        effect = make_effect(cast, make_motivation(cast, make_draft(cast).charter, organisation=cast.alpha))
        hidden = milestones.indicator(cast, effect=effect, confidentiality="core", label="Secret")
        before = everything()
        refused = cast.api(cast.director_alpha).delete(f"{EFFECTS}{effect.pk}/")
        assert (refused.status_code, codes(refused)) == (409, {"in_use"})
        assert hidden.label not in refused.content.decode()
        assert everything() == before

    def test_the_last_word_of_another_reader_is_not_erased_unseen(self, cast: Cast) -> None:
        motivation = make_motivation(cast, make_draft(cast).charter)
        response = cast.api(cast.coordinator).delete(f"{MOTIVATIONS}{motivation.pk}/", headers={"If-Match": '"9"'})
        assert response.status_code == 412
        assert Motivation.objects.exists()


class TestRetiring:
    def test_what_is_given_up_leaves_the_texts_to_come_and_no_other(self, cast: Cast) -> None:
        charter = make_charter(cast)
        gone, kept = make_motivation(cast, charter, code="a"), make_motivation(cast, charter, code="b")
        make_effect(cast, kept, label="Gardé")
        effect = make_effect(cast, kept, label="Abandonné")
        first = make_in_force(cast, charter=charter)
        client = cast.api(cast.coordinator)
        response = act(client, f"{MOTIVATIONS}{gone.pk}/retire/", {"reason": "Plus d’actualité"})
        assert response.status_code == 200, response.content
        assert (response.json()["retired_on"], response.json()["retired_reason"]) == (
            cast.today.isoformat(),
            "Plus d’actualité",
        )
        assert act(client, f"{EFFECTS}{effect.pk}/retire/", {"reason": "Hors de portée"}).status_code == 200
        second = amended(cast, first)
        services.charter_version_submit(pk=second.pk, actor=actor_of(cast.coordinator))
        assert [row["code"] for row in frozen(first)] == ["a", "b"]
        assert [row["code"] for row in frozen(second)] == ["b"]
        assert [row["label"] for row in frozen(second)[0]["effects"]] == ["Gardé"]
        standing = client.get(f"{MOTIVATIONS}?retired_on__isnull=true").json()["results"]
        assert [row["code"] for row in standing] == ["b"]
        entry = JournalEntry.objects.get(act="motivation.retired")
        assert (entry.reason, entry.payload["after"]["retired_on"]) == ("Plus d’actualité", cast.today.isoformat())

    def test_what_was_given_up_changes_no_more(self, cast: Cast) -> None:
        motivation = make_motivation(cast, make_draft(cast).charter)
        effect = make_effect(cast, motivation)
        client = cast.api(cast.coordinator)
        assert act(client, f"{MOTIVATIONS}{motivation.pk}/retire/", {"reason": "x"}).status_code == 200
        before = everything()
        attempts = [
            act(client, f"{MOTIVATIONS}{motivation.pk}/retire/", {"reason": "y"}),
            client.patch(f"{MOTIVATIONS}{motivation.pk}/", {"weight": 1}, format="json"),
            client.patch(f"{EFFECTS}{effect.pk}/", {"label": "y"}, format="json"),
            act(client, EFFECTS, {"motivation": str(motivation.pk), "label": "Effet"}),
        ]
        assert [(response.status_code, codes(response)) for response in attempts] == [(409, {"retired"})] * 4
        assert everything() == before

    def test_giving_up_says_why(self, cast: Cast) -> None:
        motivation = make_motivation(cast, make_draft(cast).charter)
        response = act(cast.api(cast.coordinator), f"{MOTIVATIONS}{motivation.pk}/retire/", {})
        assert (response.status_code, pointers(response)) == (400, {"/reason"})

    def test_without_a_draft_only_coordination_gives_up(self, cast: Cast) -> None:
        charter = make_charter(cast)
        motivation = make_motivation(cast, charter, organisation=cast.alpha)
        effect = make_effect(cast, motivation)
        make_submitted(cast, charter=charter)
        client = cast.api(cast.director_alpha)
        before = everything()
        for path in (f"{MOTIVATIONS}{motivation.pk}/", f"{EFFECTS}{effect.pk}/"):
            assert codes(act(client, f"{path}retire/", {"reason": "x"})) == {"no_draft"}
            assert codes(client.delete(path)) == {"no_draft"}
        assert everything() == before

    def test_a_correction_without_vote_retires_nothing(self, cast: Cast) -> None:
        charter = make_charter(cast)
        motivation = make_motivation(cast, charter)
        draft = amended(cast, make_in_force(cast, charter=charter), "editorial")
        services.motivation_retire(pk=motivation.pk, actor=actor_of(cast.coordinator), reason="x")
        refused = act(cast.api(cast.coordinator), f"{VERSIONS}{draft.pk}/submit/")
        assert (refused.status_code, codes(refused)) == (409, {"frame_changed"})


def warnings(cast: Cast, draft: CharterVersion) -> set[str]:
    data = cast.api(cast.coordinator).get(f"{VERSIONS}{draft.pk}/").json()
    return {warning["code"] for warning in data["warnings"]} & {"motivations_not_refreshed"}


class TestRefreshing:
    @pytest.fixture
    def in_force(self, cast: Cast) -> CharterVersion:
        charter = make_charter(cast)
        make_effect(cast, make_motivation(cast, charter))
        return make_in_force(cast, charter=charter)

    def test_a_revision_asks_to_read_the_motivations_again(self, cast: Cast, in_force: CharterVersion) -> None:
        draft = amended(cast, in_force)
        assert warnings(cast, draft) == {"motivations_not_refreshed"}
        assert warnings(cast, in_force) == set()
        confirmed = act(
            cast.api(cast.facilitator), f"{CHARTERS}{draft.charter_id}/confirm-motivations/", {"note": "Relues"}
        )
        assert (confirmed.status_code, confirmed.json()["motivations_confirmed_on"]) == (200, cast.today.isoformat())
        entry = JournalEntry.objects.get(act="charter.motivations_confirmed")
        assert (entry.reason, len(entry.payload["motivations"])) == ("Relues", 1)
        assert warnings(cast, draft) == set()

    def test_changing_one_of_them_is_reading_them(self, cast: Cast, in_force: CharterVersion) -> None:
        draft = amended(cast, in_force)
        motivation = Motivation.objects.get()
        cast.api(cast.coordinator).patch(f"{MOTIVATIONS}{motivation.pk}/", {"weight": 1}, format="json")
        assert warnings(cast, draft) == set()

    def test_a_correction_and_a_first_text_ask_for_nothing(self, cast: Cast, in_force: CharterVersion) -> None:
        assert warnings(cast, amended(cast, in_force, "editorial")) == set()
        other = make_draft(cast)
        make_motivation(cast, other.charter)
        assert warnings(cast, other) == set()

    @pytest.mark.parametrize(("who", "status"), [("chair_alpha", 403), ("observer", 403), ("foreign_coordinator", 404)])
    def test_staff_alone_says_that_they_were_read(
        self, cast: Cast, in_force: CharterVersion, who: str, status: int
    ) -> None:
        path = f"{CHARTERS}{in_force.charter_id}/confirm-motivations/"
        before = JournalEntry.objects.count()
        assert act(cast.api(cast.everyone[who]), path).status_code == status
        in_force.charter.refresh_from_db()
        assert (in_force.charter.motivations_confirmed_on, JournalEntry.objects.count()) == (None, before)

    def test_a_charter_put_away_is_read_no_more(self, cast: Cast, in_force: CharterVersion) -> None:
        services.charter_archive(pk=in_force.charter_id, actor=actor_of(cast.coordinator), reason="x")
        refused = act(cast.api(cast.coordinator), f"{CHARTERS}{in_force.charter_id}/confirm-motivations/")
        assert (refused.status_code, codes(refused)) == (409, {"charter_archived"})


class TestHistory:
    def test_one_motivation_is_followed_through_the_versions(self, cast: Cast) -> None:
        charter = make_charter(cast)
        motivation = make_motivation(cast, charter, code="a", organisation=cast.alpha, label="Tenir", weight=3)
        make_effect(cast, motivation)
        first = make_in_force(cast, charter=charter)
        client = cast.api(cast.coordinator)
        second = amended(cast, first)
        changes = {"weight": 5, "label": "Durer", "code": "b", "matrix_code": "business_model"}
        client.patch(f"{MOTIVATIONS}{motivation.pk}/", changes, format="json")
        act(client, f"{CHARTERS}{charter.pk}/confirm-motivations/", {"note": "Relues"})
        services.charter_version_submit(pk=second.pk, actor=actor_of(cast.coordinator))
        act(client, f"{MOTIVATIONS}{motivation.pk}/retire/", {"reason": "Atteinte"})
        services.charter_version_withdraw(pk=second.pk, actor=actor_of(cast.coordinator), reason="À revoir")
        third = amended(cast, first)
        services.charter_version_submit(pk=third.pk, actor=actor_of(cast.coordinator))

        found = cast.api(cast.observer).get(f"{MOTIVATIONS}{motivation.pk}/history/").json()
        by = f"person:{cast.coordinator.pk}"
        assert [(change["act"], change["actor"], change["reason"]) for change in found["changes"]] == [
            ("motivation.created", by, ""),
            ("motivation.updated", by, ""),
            ("charter.motivations_confirmed", by, "Relues"),
            ("motivation.retired", by, "Atteinte"),
        ]
        assert found["changes"][0]["after"]["weight"] == 3
        assert found["changes"][1]["before"] == {"weight": 3, "label": "Tenir", "code": "a", "matrix_code": ""}
        assert found["changes"][1]["after"] == changes
        assert found["changes"][2]["after"] == {}
        assert found["changes"][3]["after"] == {"retired_on": cast.today.isoformat()}
        versions = found["versions"]
        assert [(row["number"], row["state"]) for row in versions] == [
            (1, "in_force"),
            (2, "withdrawn"),
            (3, "submitted"),
        ]
        told = [row["frozen"] and (row["frozen"]["weight"], row["frozen"]["label"]) for row in versions]
        assert told == [(3, "Tenir"), (5, "Durer"), None]
        assert versions[0]["frozen"]["effects"][0]["label"] == "Trois marchés obtenus par an"
        assert cast.coordinator.family_name not in str(found)

    def test_what_was_done_at_a_level_above_stays_there(self, cast: Cast) -> None:
        charter = make_charter(cast, confidentiality="core")
        motivation = make_motivation(cast, charter)
        path = f"{MOTIVATIONS}{motivation.pk}/history/"
        assert cast.api(cast.chair_gamma).get(path).status_code == 404
        services.charter_update(
            pk=charter.pk,
            actor=actor_of(cast.coordinator),
            expected_version=None,
            changes={"confidentiality": "active"},
        )
        client = cast.api(cast.coordinator)
        client.patch(f"{MOTIVATIONS}{motivation.pk}/", {"weight": 1}, format="json")
        acts = [change["act"] for change in cast.api(cast.chair_gamma).get(path).json()["changes"]]
        assert acts == ["motivation.updated"]
        assert len(client.get(path).json()["changes"]) == 2
