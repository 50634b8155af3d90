"""The register of confidentiality clauses: who sets what, what it covers, until when (docs/adr/0025)."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from coopproject.exceptions import InvalidInput
from governance.actor import Actor
from governance.enums import CircleKind
from governance.models import ConfidentialityClause, Decision, JournalEntry
from governance.services import dossiers
from governance.services.clause_levels import clauses_end_due
from tests.cast import Cast
from tests.clock import set_clock
from tests.governance import factories
from tests.governance.dossier.documents import minimal
from tests.queries import assert_constant_queries
from tests.requests import act, codes, pointers

BASE = "/api/v1/confidentiality-clauses/"
BATCH = Actor.system("test")
# As an author writes it in a dossier.
ROW: dict[str, Any] = {
    "source": "agreement",
    "reference": "Convention de prêt, article 9",
    "title": "Discrétion sur les décisions",
    "bound": ["alpha"],
    "confidentiality": "core",
    "covers": {"resource": "decisions", "id": "charte", "fields": ["outcome"]},
    "since": "D-3",
    "until": "D+30",
    "restores": [{"id": "charte", "level": "network"}],
    "reason": "Négociation en cours",
}


def body(cast: Cast, **fields: Any) -> dict[str, Any]:
    return {
        "cooperation": str(cast.cooperation.pk),
        "source": "agreement",
        "reference": "Convention de prêt, article 9",
        "title": "Discrétion sur les décisions",
        "confidentiality": "core",
        "reason": "Négociation en cours",
        **fields,
    }


def covering(resource: str, obj: Any, *fields: str) -> dict[str, Any]:
    return {"resource": resource, "id": str(obj.pk), "fields": list(fields)}


def post(cast: Cast, person: str = "coordinator", **fields: Any) -> Any:
    return act(cast.api(cast.everyone[person]), BASE, body(cast, **fields))


def read(cast: Cast, person: str, path: str) -> Any:
    response = cast.api(cast.everyone[person]).get(f"/api/v1/{path}")
    assert response.status_code == 200, response.content
    return response.json()


def signs(cast: Cast, person: str = "coordinator") -> dict[str, Any]:
    found = read(cast, person, f"cooperations/{cast.cooperation.pk}/vital-signs/")["signs"]
    return {sign["code"]: sign for sign in found if sign["code"].startswith("clause_")}


def test_a_clause_says_who_set_it_for_whom_and_whom_it_binds(cast: Cast) -> None:
    made = post(
        cast,
        "director_alpha",
        source="employment_contract",
        bound=[str(cast.alpha.pk), str(cast.delta.pk)],
        bound_people=3,
        bound_functions="Comptabilité",
        on_behalf_of=str(cast.alpha.pk),
        until=(cast.today + dt.timedelta(days=365)).isoformat(),
    )
    assert made.status_code == 201, made.content
    said = made.json()
    assert (said["set_by"], said["on_behalf_of"]) == (str(cast.director_alpha.pk), str(cast.alpha.pk))
    assert (said["state"], said["since"], said["bound_people"]) == ("in_force", cast.today.isoformat(), 3)
    entry = JournalEntry.objects.get(act="confidentiality_clause.created")
    assert (entry.confidentiality, entry.on_behalf_of_id) == ("core", cast.alpha.pk)
    # Whom it binds reads it, whatever its level; another of the same circle does not.
    assert read(cast, "chair_delta", f"confidentiality-clauses/{said['id']}/")["title"] == said["title"]
    assert read(cast, "chair_gamma", "confidentiality-clauses/?count=exact")["count"] == 0


@pytest.mark.parametrize(
    ("person", "fields", "code", "pointer"),
    [
        ("coordinator", {"confidentiality": "public"}, "level_not_allowed", "/confidentiality"),
        ("coordinator", {"confidentiality": "restricted"}, "level_not_allowed", "/confidentiality"),
        ("coordinator", {"until": "2001-01-01"}, "in_the_past", "/until"),
        ("coordinator", {"bound_people": 3}, "contracts_only", "/bound_people"),
        ("coordinator", {"bound": ["omega"]}, "not_a_member", "/bound/0"),
        ("coordinator", {"covers": ("memberships", "alpha", "left_on")}, "unknown_choice", "/covers/fields"),
        ("coordinator", {"covers": ("organisations", "alpha", "name")}, "unknown_choice", "/covers/resource"),
        ("coordinator", {"covers": ("memberships", "zeta", "leave_reason")}, "does_not_exist", "/covers/id"),
        ("coordinator", {"text_at": ("agreements", "alpha")}, "does_not_exist", "/text_at/id"),
        (
            "coordinator",
            {"covers": ("memberships", "alpha", "leave_reason"), "confidentiality": "network"},
            "covers_nothing_more",
            "/confidentiality",
        ),
        ("chair_gamma", {"on_behalf_of": "gamma"}, "level_above_yours", "/confidentiality"),
    ],
)
def test_a_clause_that_cannot_be_is_refused_where_it_is_wrong_and_nothing_is_written(
    cast: Cast, person: str, fields: dict[str, Any], code: str, pointer: str
) -> None:
    given = dict(fields)
    if "bound" in given:
        given["bound"] = [str(getattr(cast, name).pk) for name in given["bound"]]
    if "on_behalf_of" in given:
        given["on_behalf_of"] = str(getattr(cast, given["on_behalf_of"]).pk)
    for name in ("covers", "text_at"):
        if name in given:
            resource, owner, *names = given[name]
            membership = getattr(cast, owner).memberships.get()
            given[name] = {"resource": resource, "id": str(membership.pk)} | ({"fields": names} if names else {})
    before = JournalEntry.objects.count()
    response = post(cast, person, **given)
    assert (response.status_code, codes(response), pointers(response)) == (400, {code}, {pointer}), response.content
    assert not ConfidentialityClause.objects.exists()
    assert JournalEntry.objects.count() == before


def test_a_field_that_is_covered_is_null_says_so_and_opens_on_the_day_after(cast: Cast) -> None:
    secret = "Le prix proposé est de 12 000 euros"
    decision = factories.decision(cast, state="draft", submitted_on=None)
    path = f"decisions/{decision.pk}/"
    client, reader = cast.api(cast.coordinator), cast.api(cast.chair_gamma)
    changed = client.patch(f"/api/v1/{path}", {"description": secret}, headers={"If-Match": "*"})
    assert changed.status_code == 200
    seen = reader.get(f"/api/v1/{path}")
    assert (seen.json()["description"], seen.json()["masked"]) == (secret, {})
    until = cast.today + dt.timedelta(days=10)
    covers = covering("decisions", decision, "description")
    made = post(cast, covers=covers, until=until.isoformat())
    assert made.status_code == 201, made.content
    # A tag kept from before is no longer the tag of what this reader is served.
    now = reader.get(f"/api/v1/{path}", headers={"If-None-Match": seen["ETag"]})
    assert (now.status_code, now.json()["description"], now.json()["masked"]) == (200, None, {"description": "core"})
    [row] = reader.get("/api/v1/decisions/?fields=description,masked").json()["results"]
    assert row == {"description": None, "masked": {"description": "core"}}
    entries = reader.get(f"/api/v1/journal/?object_id={decision.pk}").json()["results"]
    assert [(row["act"], row["payload"], row["masked"]) for row in entries] == [
        ("decision.updated", None, {"payload": "core", "reason": "core"})
    ]
    assert read(cast, "chair_alpha", path)["description"] == secret
    # The clause of the level « core » names what it covers to whoever reaches it, and is not there for the others.
    assert made.json()["covers"] == covers
    assert read(cast, "chair_gamma", "confidentiality-clauses/")["results"] == []
    set_clock(until - dt.timedelta(days=1))
    assert signs(cast)["clause_ending"]["objects"][0]["id"] == made.json()["id"]
    assert signs(cast, "chair_gamma") == {}
    set_clock(until)
    assert read(cast, "chair_gamma", path)["description"] is None
    set_clock(until + dt.timedelta(days=1))
    opened = read(cast, "chair_gamma", path)
    assert (opened["description"], opened["masked"]) == (secret, {})
    assert signs(cast)["clause_ended"]["severity"] == "info"
    kept = read(cast, "coordinator", f"confidentiality-clauses/{made.json()['id']}/")
    assert (kept["state"], kept["covers"]) == ("ended", covers)
    assert read(cast, "coordinator", "confidentiality-clauses/?in_force=true")["results"] == []
    set_clock(until + dt.timedelta(days=32))
    assert signs(cast) == {}


def test_the_highest_of_two_clauses_is_asked(cast: Cast) -> None:
    decision = factories.decision(cast, confidentiality="network", description="Secret")
    factories.clause(cast, covering=decision, fields=["description"], confidentiality="core")
    factories.clause(cast, covering=decision, fields=["description", "outcome"], confidentiality="active")
    path = f"decisions/{decision.pk}/"
    assert read(cast, "funder", path)["masked"] == {"description": "core", "outcome": "active"}
    assert read(cast, "chair_gamma", path)["masked"] == {"description": "core"}


def test_a_replay_gives_back_nothing_that_was_closed_meanwhile(cast: Cast) -> None:
    membership = cast.gamma.memberships.get()
    client, key = cast.api(cast.chair_gamma), "replay-of-a-notice"
    path, given = f"/api/v1/memberships/{membership.pk}/give-notice/", {"reason": "Le motif que voici"}
    first = act(client, path, given, **{"Idempotency-Key": key})
    assert first.status_code == 200, first.content
    factories.clause(cast, covering=membership, fields=["notice_reason"], confidentiality="core")
    again = act(client, path, given, **{"Idempotency-Key": key})
    assert (again.status_code, again["Idempotency-Replayed"]) == (200, "true")
    assert (again.json()["notice_reason"], again.json()["masked"]) == (None, {"notice_reason": "core"})
    assert "ETag" not in again.headers


def test_a_clause_on_a_whole_object_raises_it_and_holds_it_there_until_it_is_lifted(cast: Cast) -> None:
    decision = factories.decision(cast, state="draft", submitted_on=None)
    consultation = factories.consultation(cast, decision)
    client, path = cast.api(cast.coordinator), f"/api/v1/decisions/{decision.pk}/"
    assert client.patch(path, {"title": "Racheter Zeta"}, headers={"If-Match": "*"}).status_code == 200
    made = post(cast, covers={"resource": "decisions", "id": str(decision.pk)})
    assert made.status_code == 201, made.content
    decision.refresh_from_db()
    consultation.refresh_from_db()
    assert (decision.confidentiality, consultation.confidentiality) == ("core", "core")
    # Gone for the active partners, with what the journal said of it when it was open.
    gamma = cast.api(cast.chair_gamma)
    assert gamma.get(path).status_code == 404
    assert "Racheter" not in gamma.get("/api/v1/journal/?page_size=200").content.decode()
    lowered = client.patch(path, {"confidentiality": "active"}, headers={"If-Match": "*"})
    assert (lowered.status_code, codes(lowered)) == (409, {"clause_in_force"})
    assert client.patch(path, {"confidentiality": "board"}, headers={"If-Match": "*"}).status_code == 200
    assert client.patch(path, {"confidentiality": "core"}, headers={"If-Match": "*"}).status_code == 200
    lifted = act(client, f"{BASE}{made.json()['id']}/lift/", {"reason": "Annoncé"})
    assert (lifted.status_code, lifted.json()["state"]) == (200, "lifted"), lifted.content
    # What it had raised is back; the consultation stays where the coordination brought it, at the level of the boards.
    decision.refresh_from_db()
    consultation.refresh_from_db()
    assert (decision.confidentiality, consultation.confidentiality) == ("active", "board")
    assert (gamma.get(path).status_code, lifted.json()["restores_to"]) == (200, None)
    assert signs(cast) == {}
    again = act(client, f"{BASE}{made.json()['id']}/lift/", {"reason": "Encore"})
    assert (again.status_code, codes(again)) == (409, {"wrong_state"})


def test_a_decision_that_is_taken_is_closed_by_a_clause_and_opens_on_the_day_after(cast: Cast) -> None:
    decision = factories.decision(cast, state="taken", taken_on=cast.today, requirements_at_taking=[])
    late = factories.consultation(cast, decision, confidentiality="core")
    sent = factories.consultation(cast, decision, organisation=cast.beta)
    heir = factories.decision(cast, state="draft", submitted_on=None)
    heir.supersedes.add(decision)
    until = cast.today + dt.timedelta(days=40)
    covers = {"resource": "decisions", "id": str(decision.pk)}
    made = post(cast, covers=covers, until=until.isoformat())
    assert (made.status_code, made.json()["restores_to"]) == (201, "active"), made.content

    def levels() -> list[str]:
        return [type(obj).objects.get(pk=obj.pk).confidentiality for obj in (decision, sent, late, heir)]

    # What replaces it would tell of it: it is closed with it.
    assert levels() == ["core", "core", "core", "core"]
    # Content stays frozen, and nobody opens it by hand.
    patched = cast.api(cast.coordinator).patch(
        f"/api/v1/decisions/{decision.pk}/", {"confidentiality": "active"}, headers={"If-Match": "*"}
    )
    assert (patched.status_code, codes(patched)) == (409, {"wrong_state"})
    set_clock(until)
    assert (clauses_end_due(), levels()[0]) == (0, "core")
    set_clock(until + dt.timedelta(days=1))
    assert (clauses_end_due(), levels()) == (1, ["active", "active", "core", "active"])
    assert clauses_end_due() == 0
    assert cast.api(cast.chair_gamma).get(f"/api/v1/decisions/{decision.pk}/").status_code == 200
    assert JournalEntry.objects.filter(act="confidentiality_clause.ended", object_id=made.json()["id"]).count() == 1
    assert signs(cast) == {}


@pytest.mark.parametrize("first", [0, 1])
def test_two_clauses_over_one_object_give_it_back_whichever_ends_first(cast: Cast, first: int) -> None:
    decision = factories.decision(cast, state="taken", taken_on=cast.today, requirements_at_taking=[])
    covers = {"resource": "decisions", "id": str(decision.pk)}
    made = [post(cast, covers=covers, confidentiality=level).json()["id"] for level in ("core", "board")]
    client = cast.api(cast.coordinator)

    def lift(pk: str) -> str:
        assert act(client, f"{BASE}{pk}/lift/", {"reason": "Fini"}).status_code == 200
        decision.refresh_from_db()
        return str(decision.confidentiality)

    held = ["board", "core"][first]
    assert [lift(made[first]), lift(made[1 - first])] == [held, "active"]


def test_what_somebody_closed_further_meanwhile_stays_closed(cast: Cast) -> None:
    decision = factories.decision(cast, state="draft", submitted_on=None)
    made = post(cast, covers={"resource": "decisions", "id": str(decision.pk)}).json()
    client = cast.api(cast.coordinator)
    path = f"/api/v1/decisions/{decision.pk}/"
    assert client.patch(path, {"confidentiality": "board"}, headers={"If-Match": "*"}).status_code == 200
    assert act(client, f"{BASE}{made['id']}/lift/", {"reason": "Fini"}).status_code == 200
    assert client.get(path).json()["confidentiality"] == "board"


def test_a_consultation_given_back_is_never_more_open_than_its_decision(cast: Cast) -> None:
    decision = factories.decision(cast, state="submitted")
    consultation = factories.consultation(cast, decision)
    own = post(cast, covers={"resource": "consultations", "id": str(consultation.pk)}).json()
    assert post(cast, covers={"resource": "decisions", "id": str(decision.pk)}).status_code == 201
    assert act(cast.api(cast.coordinator), f"{BASE}{own['id']}/lift/", {"reason": "Fini"}).status_code == 200
    consultation.refresh_from_db()
    assert consultation.confidentiality == "core"


def test_an_object_already_as_closed_keeps_its_level_until_somebody_lowers_it(cast: Cast) -> None:
    decision = factories.decision(cast, state="draft", submitted_on=None, confidentiality="core")
    made = post(cast, covers={"resource": "decisions", "id": str(decision.pk)})
    assert (made.status_code, made.json()["restores_to"]) == (201, None), made.content
    client = cast.api(cast.coordinator)
    assert act(client, f"{BASE}{made.json()['id']}/lift/", {"reason": "Fini"}).status_code == 200
    assert signs(cast)["clause_ended"]["severity"] == "warning"
    path = f"/api/v1/decisions/{decision.pk}/"
    assert client.patch(path, {"confidentiality": "active"}, headers={"If-Match": "*"}).status_code == 200
    assert signs(cast) == {}


def test_a_member_covers_what_is_its_own_and_nothing_else(cast: Cast) -> None:
    """Who sets and lifts: the coordination anything, a head for its own organisation; nobody for another one."""
    own = covering("memberships", cast.alpha.memberships.get(), "leave_reason")
    other = covering("memberships", cast.gamma.memberships.get(), "leave_reason")
    for_alpha = {"on_behalf_of": str(cast.alpha.pk)}
    assert post(cast, "director_alpha", covers=own, **for_alpha).status_code == 201
    assert post(cast, "director_alpha", covers=other, **for_alpha).status_code == 403
    assert post(cast, "director_alpha", covers=own).status_code == 403
    assert post(cast, "director_alpha", covers=own, on_behalf_of=str(cast.delta.pk)).status_code == 403
    assert post(cast, covers=other).status_code == 201
    mine = ConfidentialityClause.objects.get(on_behalf_of=cast.alpha)
    lift = f"{BASE}{mine.pk}/lift/"
    assert act(cast.api(cast.chair_beta), lift, {"reason": "Non"}).status_code == 403
    stale = act(cast.api(cast.director_alpha), lift, {"reason": "Oui"}, **{"If-Match": '"99"'})
    assert stale.status_code == 412
    assert act(cast.api(cast.director_alpha), lift, {"reason": "Oui"}).status_code == 200
    mine.refresh_from_db()
    assert (mine.lifted_on, mine.lifted_by) == (cast.today, cast.director_alpha)


def test_whom_a_clause_binds_is_not_told_of_an_object_above_their_level(cast: Cast) -> None:
    decision = factories.decision(cast, confidentiality="core")
    made = factories.clause(cast, covering=decision, confidentiality="core")
    made.bound.add(cast.delta)
    seen = read(cast, "chair_delta", f"confidentiality-clauses/{made.pk}/")
    assert (seen["covers"], str(decision.pk) in json.dumps(seen)) == (None, False)
    assert read(cast, "chair_beta", f"confidentiality-clauses/{made.pk}/")["covers"]["id"] == str(decision.pk)


def test_a_list_costs_the_same_for_two_rows_and_for_forty(cast: Cast) -> None:
    membership = cast.alpha.memberships.get()

    def make(count: int) -> None:
        for _index in range(count):
            made = factories.clause(cast, covering=membership, fields=["leave_reason"])
            made.bound.add(cast.alpha, cast.beta)

    assert_constant_queries(cast.api(cast.coordinator), f"{BASE}?expand=bound,set_by", make)


def test_a_list_of_masked_rows_costs_the_same_under_two_clauses_and_under_forty(cast: Cast) -> None:
    numbers = iter(range(100))

    def make(count: int) -> None:
        for _index in range(count):
            organisation = cast.organisation(f"Membre {next(numbers)}", headcount="1.00", circle=CircleKind.NETWORK)
            factories.clause(cast, covering=organisation.memberships.get(), fields=["leave_reason"])

    assert_constant_queries(cast.api(cast.chair_delta), "/api/v1/memberships/", make)


def test_the_register_comes_back_from_a_dossier_byte_for_byte(db: None) -> None:
    document = minimal()
    document["confidentiality_clauses"] = [ROW]
    with transaction.atomic():
        text = dossiers.dossier_export(dossiers.dossier_import(actor=BATCH, document=document).cooperation)
        transaction.set_rollback(True)
    assert "Discrétion" in text
    again = dossiers.dossier_import(actor=BATCH, document=json.loads(text)).cooperation
    assert dossiers.dossier_export(again) == text
    made = ConfidentialityClause.objects.get()
    assert made.covers == {"resource": "decisions", "id": str(Decision.objects.get().pk), "fields": ["outcome"]}
    assert made.restores == [{"id": made.covers["id"], "level": "network"}]


@pytest.mark.parametrize(
    ("changed", "code", "pointer"),
    [
        ({"confidentiality": "restricted"}, "level_not_allowed", "/confidentiality"),
        ({"since": "D+999", "until": None}, "in_the_future", "/since"),
        ({"lifted_on": "D-1"}, "required", "/lift_reason"),
        ({"covers": {"resource": "decisions"}}, "invalid", "/covers"),
        ({"restores": [{"id": "charte", "level": "secret"}]}, "invalid", "/restores"),
        ({"covers": None, "restores": [{"id": "charte", "level": "active"}]}, "invalid", "/restores"),
        ({"covers": {"resource": "people", "id": "x", "fields": []}}, "unknown_choice", "/covers"),
    ],
)
def test_a_dossier_whose_clauses_do_not_hold_together_is_refused(
    db: None, changed: dict[str, Any], code: str, pointer: str
) -> None:
    document = minimal()
    document["confidentiality_clauses"] = [ROW | changed]
    with pytest.raises(InvalidInput) as refused:
        dossiers.dossier_import(actor=BATCH, document=document)
    found = [(violation.code, violation.pointer) for violation in refused.value.violations]
    assert found == [(code, f"/confidentiality_clauses/0{pointer}")]
    assert not ConfidentialityClause.objects.exists()


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("governance_clause_is_of_several", {"confidentiality": "restricted"}),
        ("governance_clause_ends_after_it_starts", {"until": dt.date(2001, 1, 1)}),
        ("governance_clause_lifted_with_its_reason", {"lifted_on": dt.date(2099, 1, 1)}),
        ("governance_clause_lifted_with_its_reason", {"lift_reason": "Sans jour"}),
        ("governance_clause_counts_contracts_only", {"bound_people": 3}),
        ("governance_clause_counts_contracts_only", {"bound_functions": "Comptabilité"}),
        ("governance_clause_restores_what_it_covers", {"restores": [{"id": "x", "level": "active"}]}),
    ],
)
def test_the_database_itself_refuses(cast: Cast, name: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        factories.clause(cast, **wrong)


def test_of_two_clauses_on_one_object_the_other_still_holds_when_one_is_lifted_or_ends(cast: Cast) -> None:
    decision = factories.decision(cast, state="draft", submitted_on=None, confidentiality="core")
    strict = factories.clause(cast, covering=decision, confidentiality="core", until=cast.today + dt.timedelta(days=9))
    factories.clause(cast, covering=decision, confidentiality="active")
    client, path = cast.api(cast.coordinator), f"/api/v1/decisions/{decision.pk}/"

    def lower(level: str) -> tuple[int, set[str]]:
        response = client.patch(path, {"confidentiality": level}, headers={"If-Match": "*"})
        return response.status_code, codes(response) if response.status_code != 200 else set()

    set_clock(cast.today + dt.timedelta(days=9))
    assert lower("active") == (409, {"clause_in_force"})
    set_clock(cast.today + dt.timedelta(days=10))
    # What is over is not lifted any more, and its reason is not rewritten.
    over = act(client, f"{BASE}{strict.pk}/lift/", {"reason": "Trop tard"})
    assert (over.status_code, codes(over)) == (409, {"wrong_state"})
    strict.refresh_from_db()
    assert (strict.lifted_on, strict.lift_reason) == (None, "")
    assert lower("active") == (200, set())
    assert lower("network") == (409, {"clause_in_force"})


def test_a_lift_is_told_in_the_journal_with_who_why_and_for_whom(cast: Cast) -> None:
    made = factories.clause(cast)
    lifted = act(cast.api(cast.chair_alpha), f"{BASE}{made.pk}/lift/", {"reason": "Annoncé"})
    assert (lifted.status_code, lifted.json()["lifted_by"]) == (200, str(cast.chair_alpha.pk)), lifted.content
    entry = JournalEntry.objects.get(act="confidentiality_clause.lifted")
    assert (entry.reason, entry.on_behalf_of_id, entry.confidentiality) == ("Annoncé", cast.alpha.pk, "active")
