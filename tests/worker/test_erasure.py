"""A person is erased: their name and addresses are found nowhere any more, but where people wrote them; acts stay."""

import datetime as dt
import json
import uuid
from io import StringIO
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client

from charters.models import Approval
from coopproject import clock
from coopproject.models import IdempotencyKey
from governance import journal
from governance.actor import Actor
from governance.dossier import reading
from governance.enums import RoleKind
from governance.models import ApiToken, JournalEntry, Person, Role, User
from governance.services import dossiers
from governance.services.erasure import person_erase
from governance.services.roles import role_create
from tests.cast import Cast
from tests.charters.factories import actor_of, make_submitted, minutes
from tests.clock import reset_clock, set_clock
from tests.milestones import factories as make
from tests.milestones.test_races import race
from tests.requests import act, codes
from worker.models import Reminder
from worker.services import dispatch
from worker.services.reconcile import reconcile_all

TODAY = dt.date(2026, 3, 2)
NEEDLES = ("Zwingelstein", "Aglaé", "aglae.z", "01 99 88 77 66", "203.0.113.77")
URL = "/api/v1/people/"


@pytest.fixture
def cast(db: None) -> Cast:
    set_clock(TODAY)
    return Cast()


def found_in() -> dict[str, list[str]]:
    """Table -> which of the needles some row of it holds, whatever the column: the whole database is read."""
    hits: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        for (table,) in cursor.fetchall():
            for needle in NEEDLES:
                statement = f'SELECT 1 FROM "{table}" AS held WHERE held::text ILIKE %s LIMIT 1'  # noqa: S608
                cursor.execute(statement, [f"%{needle}%"])
                if cursor.fetchone():
                    hits.setdefault(table, []).append(needle)
    return hits


def reminder(cast: Cast, person: Person, **values: Any) -> Reminder:
    return Reminder.objects.create(
        cooperation=cast.cooperation,
        kind="milestone_due",
        subject_type="milestones",
        subject_id=uuid.uuid4(),
        recipient=person,
        occurrence="2026-03-09/7",
        due_on=TODAY + dt.timedelta(days=7),
        days_before=7,
        confidentiality="active",
        source="charters",
        message_id=f"<{uuid.uuid4()}@coopproject.example>",
        **{"due_at": clock.now(), **values},
    )


def somebody(cast: Cast) -> Person:
    """Aglaé sits on the board of alpha, has an account, a session, tokens, and has acted; her name is everywhere."""
    body = {
        "given_name": "Aglaé",
        "family_name": "Zwingelstein",
        "email": "aglae.z@coopproject.example",
        "phone": "01 99 88 77 66",
        "cooperation": str(cast.cooperation.pk),
        "kind": "board_member",
        "organisation": str(cast.alpha.pk),
        "since": str(cast.since),
    }
    made = act(cast.api(cast.coordinator), URL, body)
    assert made.status_code == 201, made.json()
    person = Person.objects.get(pk=made.json()["id"])
    account = User.objects.create(email="Aglae.Z@coopproject.example", person=person, password="!")
    Client().force_login(account)
    ApiToken.objects.create(
        key="aaaaaaaaaaaa",
        user=account,
        name="Tablette d’Aglaé",
        secret_hash="0" * 64,
        scopes=["read"],
        allowed_addresses=["203.0.113.77"],
        expires_at=clock.now() + dt.timedelta(days=9),
    )
    cast.api(person).patch(f"{URL}{person.pk}/", {"language": "en"}, headers={"Idempotency-Key": "aglae-change"})
    refused = "SMTPRecipientsRefused: {'aglae.z@coopproject.example': (550, b'unknown')}"
    reminder(cast, person)
    dead = reminder(cast, person, state="dead", last_error=refused)
    dead.last_error = f"{refused}, encore"
    dead.save(update_fields=["last_error"])
    return person


def acted(cast: Cast, person: Person) -> Approval:
    """She recorded an approval, and people wrote her name where one writes freely."""
    version = make_submitted(cast)
    recorded = act(cast.api(person), "/api/v1/board-deliberations/", minutes(version, cast.alpha, TODAY))
    assert recorded.status_code == 201, recorded.json()
    comment = {
        "charter_version": str(version.pk),
        "article_key": version.articles.order_by("position")[0].key,
        "body": "Relu par Mme Zwingelstein",
    }
    assert act(cast.api(person), "/api/v1/article-comments/", comment).status_code == 201
    return Approval.objects.get(charter_version=version)


def leave(cast: Cast, person: Person, reason: str = "Départ") -> None:
    said = {"cooperation": str(cast.cooperation.pk), "reason": reason}
    left = act(cast.api(cast.coordinator), f"{URL}{person.pk}/leave/", said)
    assert left.status_code == 200, left.json()


def erase(cast: Cast, person: Person, by: Person | None = None, **headers: str) -> Any:
    return act(cast.api(by or person), f"{URL}{person.pk}/erase/", {"reason": "À sa demande"}, **headers)


def test_the_name_and_the_addresses_are_nowhere_but_where_people_wrote_them(cast: Cast) -> None:
    person = somebody(cast)
    approval = acted(cast, person)
    leave(cast, person, "Mme Zwingelstein change de métier")
    set_clock(TODAY + dt.timedelta(days=1))
    before = found_in()
    assert {
        "governance_person",
        "governance_user",
        "governance_apitoken",
        "coopproject_idempotencykey",
        "worker_reminder",
        "worker_reminderevent",
        "charters_articlecomment",
        "governance_journalentry",
    } <= set(before)
    receipt = approval.receipt.document
    chain = list(JournalEntry.objects.order_by("chain", "sequence").values_list("hash", flat=True))
    roles = list(Role.objects.filter(person=person).values("kind", "organisation", "since", "until"))
    assert Session.objects.count() == 1
    kept = IdempotencyKey.objects.create(
        user=cast.coordinator.account, key="given-role", status=201, body=json.dumps({"person": str(person.pk)})
    )

    response = erase(cast, person)
    assert response.status_code == 200, response.json()
    assert response.json()["name"] == "[personne effacée]"
    assert "ne sont pas réécrits" in response.json()["free_text_notice"]
    assert found_in() == {
        "charters_articlecomment": ["Zwingelstein"],
        "charters_articlecommentevent": ["Zwingelstein"],
        # The reason that the coordination gave for the end of a role.
        "governance_journalentry": ["Zwingelstein"],
    }
    # An answer that only refers to her still answers a retry.
    assert IdempotencyKey.objects.filter(pk=kept.pk).exists()
    # What was done stays: the act, the role, the day, the hash, the receipt; the chain grows and is not rewritten.
    approval.refresh_from_db()
    assert approval.receipt.document == receipt
    assert approval.deliberation.recorded_by_id == person.pk
    assert list(Role.objects.filter(person=person).values("kind", "organisation", "since", "until")) == roles
    after = JournalEntry.objects.order_by("chain", "sequence").values_list("hash", flat=True)
    assert set(chain) < set(after)
    assert JournalEntry.objects.filter(act="person.erased", object_id=str(person.pk), reason="À sa demande").exists()
    assert journal.verify_all() == []
    _nobody_acts_for_them_any_more(cast, person)
    _nothing_is_sent_any_more(person)


def _nobody_acts_for_them_any_more(cast: Cast, person: Person) -> None:
    assert cast.api(person).get("/api/v1/users/me/").status_code == 401
    account = User.objects.get(person=person)
    assert (account.is_active, account.has_usable_password(), Session.objects.count()) == (False, False, 0)
    assert {token.revoked_at is None for token in account.tokens.all()} == {False}
    # The address is free.
    User.objects.create(email="aglae.z@coopproject.example", password="!").delete()
    client = cast.api(cast.coordinator)
    shown = client.get(f"{URL}{person.pk}/").json()
    assert (shown["name"], shown["family_name"], shown["email"]) == ("[personne effacée]", "", "")
    assert client.get(f"{URL}?q=zwingel").json()["results"] == []
    assert client.get(f"{URL}?email=aglae.z@coopproject.example").json()["results"] == []
    role = Role.objects.filter(person=person).order_by("since")[0]
    assert client.get(f"/api/v1/roles/{role.pk}/?expand=person").json()["person"]["name"] == "[personne effacée]"
    given = {
        "cooperation": str(cast.cooperation.pk),
        "person": str(person.pk),
        "kind": "observer",
    }
    assert codes(client.post("/api/v1/roles/", given)) == {"person_erased"}
    assert codes(client.patch(f"/api/v1/roles/{role.pk}/", {"until": None})) == {"person_erased"}


def _nothing_is_sent_any_more(person: Person) -> None:
    rows = Reminder.objects.filter(recipient=person)
    assert set(rows.values_list("state", "last_error")) == {("cancelled", ""), ("dead", "erased")}
    reconcile_all()
    assert dispatch.dispatch_due() == dispatch.Dispatched()


def test_a_dossier_of_an_erased_person_goes_out_and_comes_back_in(cast: Cast) -> None:
    person = somebody(cast)
    leave(cast, person)
    set_clock(TODAY + dt.timedelta(days=1))
    assert erase(cast, person).status_code == 200
    text = dossiers.dossier_export(cast.cooperation)
    row = next(row for row in json.loads(text)["people"] if row["ref"] == str(person.pk))
    assert set(row) == {"ref", "erased_at", "language"}
    assert not [needle for needle in NEEDLES if needle in text]
    with transaction.atomic():
        forget_everything()
        again = dossiers.dossier_import(actor=Actor.system("test"), document=reading.read(text.encode())).cooperation
        assert dossiers.dossier_export(again) == text
        assert str(Person.objects.get(pk=person.pk)) == "[personne effacée]"
        transaction.set_rollback(True)


def forget_everything() -> None:
    """As empty an instance as after its installation, until the caller undoes it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in connection.introspection.table_names():
            if table.partition("_")[0] in {"governance", "charters", "milestones", "worker"}:
                cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_whoever_still_holds_something_leaves_first(cast: Cast) -> None:
    person = somebody(cast)
    future = Role.objects.create(
        cooperation=cast.foreign_cooperation, person=person, kind="observer", since=TODAY + dt.timedelta(days=30)
    )
    mandate = make.mandate(cast, make.activity(cast, name="Minibus"), person, cast.alpha, state="proposed")
    User.objects.filter(person=person).update(is_staff=True)
    entries = JournalEntry.objects.count()
    response = erase(cast, person)
    assert response.status_code == 409
    found = [(error["code"], error["detail"]) for error in response.json()["errors"]]
    assert [code for code, _detail in found] == ["still_held", "still_held", "still_held", "only_operator"]
    assert any("Ailleurs" in detail for _code, detail in found)
    assert any("Minibus" in detail for _code, detail in found)
    assert (JournalEntry.objects.count(), Person.objects.get(pk=person.pk).family_name) == (entries, "Zwingelstein")
    future.delete()
    key = f"mandate_proposed:{mandate.pk}"
    said = {"cooperation": str(cast.cooperation.pk), "reason": "Fini", "handovers": {key: {"left_open": "À voir"}}}
    assert act(cast.api(person), f"{URL}{person.pk}/leave/", said).status_code == 200
    # The last day still counts.
    assert codes(erase(cast, person)) == {"still_held", "only_operator"}
    set_clock(TODAY + dt.timedelta(days=1))
    assert codes(erase(cast, person)) == {"only_operator"}
    cast.director_beta.account.is_staff = True
    cast.director_beta.account.save()
    assert erase(cast, person, **{"If-Match": '"99"'}).status_code == 412
    assert erase(cast, person).status_code == 200


def test_the_coordination_erases_who_cannot_sign_in_once_and_nobody_writes_there_again(cast: Cast) -> None:
    paul = Person.objects.create(given_name="Paul", family_name="Sans Compte", email="paul@coopproject.example")
    last = {"since": cast.since, "until": TODAY - dt.timedelta(days=1)}
    Role.objects.create(cooperation=cast.cooperation, person=paul, kind=RoleKind.OBSERVER, **last)
    other = Role.objects.create(cooperation=cast.foreign_cooperation, person=paul, kind=RoleKind.FUNDER, **last)
    # Of one of two cooperations only: no.
    assert erase(cast, paul, cast.coordinator).status_code == 403
    other.delete()
    assert erase(cast, paul, cast.chair_alpha).status_code == 403
    assert erase(cast, paul, cast.coordinator).status_code == 200
    assert codes(erase(cast, paul, cast.coordinator)) == {"already_erased"}
    client = cast.api(cast.coordinator)
    assert codes(client.patch(f"{URL}{paul.pk}/", {"family_name": "Revenu"})) == {"person_erased"}
    assert client.get(f"{URL}{paul.pk}/export/").status_code == 200
    missing = act(client, f"{URL}{paul.pk}/erase/", {})
    assert (missing.status_code, codes(missing)) == (400, {"required"})


def test_the_operator_erases_on_request_from_the_command_line(cast: Cast) -> None:
    out = StringIO()
    with pytest.raises(CommandError, match="À quitter d’abord"):
        call_command("erase_person", str(cast.chair_alpha.pk), reason="Demande écrite du 2 mars")
    for wrong in ("personne", str(uuid.uuid4())):
        with pytest.raises(CommandError):
            call_command("erase_person", wrong, reason="Demande écrite")
    call_command("erase_person", str(cast.stranger.pk), reason="Demande écrite du 2 mars", stdout=out)
    assert out.getvalue().strip() == f"[personne effacée] {cast.stranger.pk}"
    entry = JournalEntry.objects.get(act="person.erased")
    assert (entry.actor, entry.reason, entry.payload) == (
        "system:operator",
        "Demande écrite du 2 mars",
        {"account_closed": True},
    )
    with pytest.raises(CommandError, match="déjà effacée"):
        call_command("erase_person", str(cast.stranger.pk), reason="Encore")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("given_first", [True, False])
def test_a_role_is_given_before_the_erasure_or_refused_after_it(given_first: bool) -> None:
    reset_clock()
    cast = Cast()
    coordinator = actor_of(cast.coordinator)

    def give() -> Any:
        return role_create(actor=coordinator, cooperation=cast.cooperation, person=cast.stranger, kind="observer")

    def forget() -> Any:
        return person_erase(pk=cast.stranger.pk, actor=actor_of(cast.stranger), reason="Fini")

    assert race(give, forget) == ["still_held"] if given_first else race(forget, give) == ["person_erased"]
    assert Role.objects.filter(person=cast.stranger).exists() is given_first
