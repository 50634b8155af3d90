"""An amendment of ten boards, from the draft to the entry into force, through the API alone (issue 3).

Three boards vote live (named, secret, with a proxy and a recusal), six record minutes (one with its PDF), one lacks
quorum and is called again. At each step `entry/` says why the text is not in force.
"""

import datetime as dt
import hashlib
import io
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.conf import settings
from django.core.management import call_command
from rest_framework.test import APIClient

from coopproject import wording
from tests.clock import set_clock
from tests.files import pdf, send
from tests.requests import codes, pointers
from tests.stories.plateforme import API, Plateforme

COORDINATION = "Carpentier"
SCRIPT = Path(settings.BASE_DIR) / "docs" / "verify" / "verify_receipt.py"
STATED_AFTER = 45


class Amendment:
    """The third version of the charter, and what the API says of it."""

    def __init__(self, plateforme: Plateforme) -> None:
        self.of = plateforme
        charter = plateforme.list(COORDINATION, f"/charters/?cooperation={plateforme.id}")[0]
        self.charter = charter["id"]
        versions = plateforme.list(COORDINATION, f"/charter-versions/?charter={self.charter}")
        self.former = next(row["id"] for row in versions if row["state"] == "in_force")
        self.second = next(row for row in versions if row["state"] == "submitted")
        self.decision = self.second["decision"]
        self.id = self.hash = ""

    @property
    def state(self) -> str:
        return str(self.of.get(COORDINATION, f"/charter-versions/{self.id}/")["state"])

    def entry(self, who: str = COORDINATION) -> dict[str, Any]:
        answer: dict[str, Any] = self.of.get(who, f"/charter-versions/{self.id}/entry/")
        return answer

    def party(self, name: str) -> dict[str, Any]:
        rows = self.entry()["parties"]
        found: dict[str, Any] = next(row for row in rows if row["organisation"] == self.of.organisation(name))
        return found

    def waits(self) -> Counter[tuple[str, str | None]]:
        """(status, what is awaited) -> how many parties, whether or not they had approved the former text."""
        anew = {"approved_another_text": "own_board"}
        rows = self.entry()["parties"]
        return Counter((row["status"], anew.get(row["waits_for"], row["waits_for"])) for row in rows)

    def minutes(self, who: str, organisation: str, **figures: Any) -> dict[str, Any]:
        return {
            "charter_version": self.id,
            "board": self.of.board(who, organisation)["id"],
            "content_hash": self.hash,
            "held_on": self.of.today.isoformat(),
            "minutes_reference": f"PV {organisation}",
            "votes_against": 0,
            "votes_abstain": 0,
            **figures,
        }

    def record(self, who: str, organisation: str, **figures: Any) -> dict[str, Any]:
        return self.of.do(who, "/board-deliberations/", self.minutes(who, organisation, **figures))

    def convene(self, who: str, organisation: str, ballot: str) -> str:
        body = {
            "mode": "live",
            "charter_version": self.id,
            "board": self.of.board(who, organisation)["id"],
            "content_hash": self.hash,
            "held_on": self.of.today.isoformat(),
            "ballot": ballot,
        }
        return str(self.of.do(who, "/board-deliberations/", body)["id"])

    def vote(self, who: str, deliberation: str, act: str, **body: Any) -> dict[str, Any]:
        return self.of.do(who, f"/board-deliberations/{deliberation}/{act}/", body)


@pytest.fixture
def plateforme(db: None) -> Plateforme:
    return Plateforme()


def long_day(day: dt.date) -> str:
    return str(wording.day(day))


def test_ten_boards_take_an_amendment_into_force(plateforme: Plateforme, tmp_path: Path) -> None:
    text = Amendment(plateforme)
    draft_with_two_more_members(text)
    submitted_to_ten_boards_none_of_which_voted(text)
    two_works_councils_are_heard(text)
    a_board_votes_by_name(text)
    a_board_votes_in_secret(text)
    a_board_votes_with_a_proxy_and_a_recusal(text)
    six_boards_record_their_minutes(text)
    the_last_board_has_no_quorum_and_is_called_again(text)
    the_text_waits_for_its_day_and_replaces_the_former(text)
    ten_receipts_are_verified_by_a_stranger(text, tmp_path)
    the_document_prints_ten_approvals(text)
    call_command("verify_journal", stdout=io.StringIO())


def draft_with_two_more_members(text: Amendment) -> None:
    of = text.of
    reason = "Deux membres du réseau s’engagent : le texte leur est soumis aussi."
    of.do(COORDINATION, f"/charter-versions/{text.second['id']}/withdraw/", {"reason": reason})
    for name in ("jurés", "numérique"):
        row = next(row for known, row in of.memberships.items() if name in known)
        of.do(COORDINATION, f"/memberships/{row['id']}/move/", {"circle": "active", "reason": reason})
    of.appoint("numérique", "board_chair", "Numa")
    of.do(COORDINATION, f"/charters/{text.charter}/", {"entry_rule": {"kind": "all_members"}}, method="patch")
    draft = of.do(
        COORDINATION,
        f"/charter-versions/{text.second['id']}/amend/",
        {
            "amendment_type": "substantial",
            "change_summary": "Sessions tournantes, règle de sortie, et dix parties.",
            "decision": text.decision,
            "stated_on": of.day(STATED_AFTER),
        },
    )
    text.id = draft["id"]
    article = next(row for row in draft["articles"] if row["key"] == "sortie")
    body = {"body": "Qui part prévient neuf mois avant et termine les accompagnements commencés."}
    of.do(COORDINATION, f"/articles/{article['id']}/", body, method="patch")
    assert (text.state, text.entry()["summary"]) == ("draft", "Brouillon : rien n’est encore soumis aux instances.")
    difference = of.get(COORDINATION, f"/charter-versions/{text.id}/diff/?against={text.former}")
    assert {row["key"] for row in difference["changes"] if row["kind"] != "unchanged"} >= {"regles", "sortie"}


def submitted_to_ten_boards_none_of_which_voted(text: Amendment) -> None:
    of = text.of
    submitted = of.do(COORDINATION, f"/charter-versions/{text.id}/submit/")
    text.hash = submitted["content_hash"]
    said = text.entry()
    assert (said["state"], said["in_force"], said["met_on"], said["enters_on"]) == ("submitted", False, None, None)
    assert said["summary"].startswith("Pas encore en vigueur : approuvée par 0 sur 10 ; il manque ")
    assert said["summary"].count(f"(depuis le {long_day(of.today)})") == 10
    assert text.waits() == {("pending", "own_board"): 10}
    assert {row["since"] for row in said["parties"]} == {of.today.isoformat()}
    assert Counter(row["detail"] for row in said["parties"]) == {
        "Le vote de son instance.": 5,
        "Un nouveau vote de son instance : elle a approuvé un autre texte.": 5,
    }
    holding = {row["name"]: [found["code"] for found in row["blockers"]] for row in said["parties"] if row["blockers"]}
    assert holding == {
        "IFTS Deux Rives": ["decision_before_consultation"],
        "EMA du Val": ["clock_not_started"],
    }


def two_works_councils_are_heard(text: Amendment) -> None:
    of = text.of
    early = text.convene("Meunier", "Deux Rives", "named")
    refused = of.try_("Meunier", f"/board-deliberations/{early}/open/")
    assert (refused.status_code, codes(refused)) == (409, {"decision_before_consultation"})
    row = text.party("Deux Rives")
    assert (row["status"], row["waits_for"]) == ("pending", "board_convened")
    assert row["detail"] == f"Le vote de son instance, convoquée pour le {long_day(of.today)}."
    assert f"IFTS Deux Rives (instance convoquée le {long_day(of.today)})" in text.entry()["summary"]
    of.do("Meunier", f"/board-deliberations/{early}/cancel/", {"reason": "Le CSE n’a pas rendu son avis."})
    assert text.party("Deux Rives")["waits_for"] == "approved_another_text"

    found = of.list(COORDINATION, f"/consultations/?decision={text.decision}")
    consultations = {row["organisation"]: row["id"] for row in found}
    for name, director, contact in (
        ("Deux Rives", None, "Brossard"),
        ("accompagnement", "Fontanel", "Sissoko"),
    ):
        where = f"/consultations/{consultations[of.organisation(name)]}"
        if director:
            of.do(director, f"{where}/send-information/", {"delivered_on": of.today.isoformat()})
        opinion = {"kind": "favourable", "given_on": of.today.isoformat()}
        of.do(contact, f"{where}/record-opinion/", opinion)
    assert not [row for row in text.entry()["parties"] if row["blockers"]]


def a_board_votes_by_name(text: Amendment) -> None:
    """IFTS Deux Rives: twelve seats, more than half present or represented, absolute majority of those."""
    of = text.of
    others = ("Aubry", "Barbier", "Colin", "Dupuis", "Étienne")
    of.appoint("Deux Rives", "board_member", *others)
    vote = text.convene("Meunier", "Deux Rives", "named")
    opened = text.vote("Meunier", vote, "open")
    assert (opened["state"], opened["in_office"], len(opened["electors"])) == ("open", 12, 7)
    row = text.party("Deux Rives")
    assert row["waits_for"] == "vote_open"
    assert row["detail"] == f"La clôture du vote de son instance, ouvert le {long_day(of.today)}."
    assert f"IFTS Deux Rives (vote ouvert le {long_day(of.today)})" in text.entry()["summary"]
    for person in ("Meunier", "Lenoir", "Aubry", "Barbier", "Colin"):
        text.vote(person, vote, "cast", choice="for")
    running = text.vote("Dupuis", vote, "cast", choice="against", remote=True)
    assert (running["votes_for"], running["ballots"], running["result"]) == (None, [], "")
    text.vote("Étienne", vote, "attend")
    closed = text.vote("Meunier", vote, "close", minutes_reference="PV en direct")
    assert (closed["result"], closed["present"], closed["remote"]) == ("adopted", 7, 1)
    assert (closed["votes_for"], closed["votes_against"], closed["votes_abstain"]) == (5, 1, 1)
    assert Counter(ballot["choice"] for ballot in closed["ballots"]) == {"for": 5, "against": 1}
    assert text.waits() == {("pending", "own_board"): 9, ("approved", "other_boards"): 1}
    assert text.entry()["summary"].startswith("Pas encore en vigueur : approuvée par 1 sur 10 ; il manque ")


def a_board_votes_in_secret(text: Amendment) -> None:
    of = text.of
    of.appoint("accompagnement", "board_member", "Garnier", "Huet", "Imbert", "Joly")
    vote = text.convene("Danglade", "accompagnement", "secret")
    text.vote("Danglade", vote, "open")
    for person, choice in zip(
        ("Danglade", "Garnier", "Huet", "Imbert", "Joly"),
        ("for", "for", "against", "for", "blank_or_void"),
        strict=True,
    ):
        text.vote(person, vote, "cast", choice=choice)
    closed = text.vote("Danglade", vote, "close")
    assert (closed["result"], closed["votes_for"], closed["votes_against"], closed["votes_blank"]) == (
        "adopted",
        3,
        1,
        1,
    )
    assert closed["ballots"] == []
    assert [row["voted"] for row in closed["electors"]] == [True] * 5
    assert text.waits() == {("pending", "own_board"): 8, ("approved", "other_boards"): 2}


def a_board_votes_with_a_proxy_and_a_recusal(text: Amendment) -> None:
    """IFS Plateau: eleven seats, half of them present; whoever steps aside leaves the base."""
    of = text.of
    of.appoint("santé du Plateau", "board_member", "Klein", "Leroux", "Masson", "Noël", "Olivier", "Picard", "Quentin")
    vote = text.convene("Chabot", "santé du Plateau", "named")
    text.vote("Klein", vote, "declare-proxy", holder=of.people["Leroux"], written=True)
    text.vote("Chabot", vote, "open")
    over = of.try_(
        "Quentin", f"/board-deliberations/{vote}/declare-proxy/", {"holder": of.people["Leroux"], "written": True}
    )
    assert (over.status_code, codes(over), pointers(over)) == (409, {"proxy_limit_exceeded"}, {"/holder"})
    text.vote("Picard", vote, "recuse", reason="Salarié d’un organisme concurrent.")
    for person in ("Chabot", "Leroux", "Masson", "Noël", "Olivier"):
        text.vote(person, vote, "cast", choice="for")
    text.vote("Leroux", vote, "cast", choice="against", elector=of.people["Klein"])
    twice = of.try_("Leroux", f"/board-deliberations/{vote}/cast/", {"choice": "for", "elector": of.people["Klein"]})
    assert (twice.status_code, codes(twice)) == (409, {"already_voted"})
    for_another = of.try_(
        "Masson", f"/board-deliberations/{vote}/cast/", {"choice": "for", "elector": of.people["Quentin"]}
    )
    assert (for_another.status_code, codes(for_another)) == (409, {"no_proxy"})
    closed = text.vote("Chabot", vote, "close")
    assert closed["result"] == "adopted"
    assert (closed["present"], closed["represented"], closed["recused"]) == (6, 1, 1)
    assert (closed["votes_for"], closed["votes_against"]) == (5, 1)
    assert text.waits() == {("pending", "own_board"): 7, ("approved", "other_boards"): 3}


def six_boards_record_their_minutes(text: Amendment) -> None:
    of = text.of
    upload = send(of.client("Marchal"), pdf(), "PV du CA.pdf").json()["id"]
    found = text.record("Marchal", "pratique sociale", present=6, votes_for=4, votes_against=2, minutes_file=upload)
    assert (found["result"], found["minutes_sha256"]) == ("adopted", hashlib.sha256(pdf()).hexdigest())
    consent = {"present": 3, "votes_for": 3, "open_objections": 0}
    for who, name, figures in (
        ("Villard", "éducateurs techniques", {"present": 4, "votes_for": 4}),
        ("Tessier", "domicile", {"present": 5, "represented": 1, "votes_for": 5, "votes_against": 1}),
        ("Delmas", "petite enfance", consent),
        ("Quint", "jurés", consent),
        ("Numa", "numérique", {"present": 4, "votes_for": 3, "votes_abstain": 1}),
    ):
        before = text.waits()["approved", "other_boards"]
        assert text.record(who, name, **figures)["result"] == "adopted"
        row = text.party(name)
        assert (row["status"], row["approved_on"]) == ("approved", of.today.isoformat())
        assert row["detail"] == "Le vote des autres instances."
        assert text.waits()["approved", "other_boards"] == before + 1
    assert text.waits() == {("pending", "own_board"): 1, ("approved", "other_boards"): 9}
    last = f"EAS Combe (depuis le {long_day(of.today)})"
    assert text.entry()["summary"] == f"Pas encore en vigueur : approuvée par 9 sur 10 ; il manque {last}."


def the_last_board_has_no_quorum_and_is_called_again(text: Amendment) -> None:
    of = text.of
    first = text.record("Amrani", "aide-soignants", present=3, votes_for=3)
    assert (first["result"], first["call_again_from"]) == ("no_quorum", of.day(8))
    row = text.party("aide-soignants")
    assert (row["status"], row["waits_for"], row["since"]) == ("pending", "no_quorum", of.today.isoformat())
    again = of.today + dt.timedelta(days=8)
    assert row["detail"] == (
        f"Un nouveau vote de son instance, qui n’avait pas le quorum le {long_day(of.today)}."
        f" Elle peut être convoquée de nouveau à partir du {long_day(again)}."
    )
    early = text.minutes("Amrani", "aide-soignants", follows=first["id"], present=3, votes_for=3)
    refused = of.try_("Amrani", "/board-deliberations/", early)
    assert (refused.status_code, codes(refused)) == (400, {"second_call_too_early"})
    assert text.waits() == {("pending", "no_quorum"): 1, ("approved", "other_boards"): 9}
    set_clock(again)
    second = text.record(
        "Amrani", "aide-soignants", follows=first["id"], held_on=again.isoformat(), present=3, votes_for=3
    )
    assert (second["result"], second["call"], second["first_call_on"]) == ("adopted", 2, of.today.isoformat())


def the_text_waits_for_its_day_and_replaces_the_former(text: Amendment) -> None:
    of = text.of
    day = of.today + dt.timedelta(days=STATED_AFTER)
    said = text.entry()
    assert (text.state, said["in_force"], said["met_on"], said["enters_on"]) == (
        "submitted",
        False,
        of.day(8),
        day.isoformat(),
    )
    assert said["summary"] == f"Entrée en vigueur le {long_day(day)}, approuvée par 10 sur 10."
    assert text.waits() == {("approved", "entry_date"): 10}
    assert {row["detail"] for row in said["parties"]} == {"La date d’entrée en vigueur."}
    set_clock(day - dt.timedelta(days=1))
    call_command("dispatch", stdout=io.StringIO())
    assert text.state == "submitted"
    set_clock(day)
    call_command("dispatch", stdout=io.StringIO())
    said = text.entry()
    assert (text.state, said["in_force"], said["summary"]) == ("in_force", True, "En vigueur pour 10 sur 10.")
    assert {row["in_force_from"] for row in said["parties"]} == {day.isoformat()}
    former = of.get(COORDINATION, f"/charter-versions/{text.former}/")
    assert (former["state"], former["superseded_on"]) == ("superseded", day.isoformat())


def ten_receipts_are_verified_by_a_stranger(text: Amendment, folder: Path) -> None:
    of = text.of
    (folder / "keys.json").write_bytes(APIClient().get(f"{API}/signing-keys/").content)
    content = of.get(COORDINATION, f"/charter-versions/{text.id}/content/")["content"]
    (folder / "content.json").write_text(content, encoding="utf-8")
    (folder / "minutes.pdf").write_bytes(pdf())
    approvals = of.list(COORDINATION, f"/approvals/?charter_version={text.id}&page_size=100")
    assert len({row["organisation"] for row in approvals}) == len(approvals) == 10
    for row in approvals:
        receipt = of.client(COORDINATION).get(f"{API}/approvals/{row['id']}/receipt/").content
        with_minutes = row["organisation"] == of.organisation("pratique sociale")
        options = ["--minutes", "minutes.pdf"] if with_minutes else []
        assert verified(folder, receipt, *options) == 0
        assert verified(folder, receipt.replace(text.hash.encode(), b"0" * 64)) == 1


def verified(folder: Path, receipt: bytes, *options: str) -> int:
    (folder / "receipt.json").write_bytes(receipt)
    words = [sys.executable, "-I", str(SCRIPT), "receipt.json", "--keys", "keys.json", "--content", "content.json"]
    done = subprocess.run([*words, *options], cwd=folder, capture_output=True, check=False)
    return done.returncode


def the_document_prints_ten_approvals(text: Amendment) -> None:
    response = text.of.client(COORDINATION).get(f"{API}/charter-versions/{text.id}/document/")
    assert response["Content-Type"] == "application/pdf"
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(response.content)).pages]
    printed = "".join("".join(pages).split())
    for row in text.entry()["parties"]:
        assert "".join(row["name"].split()) in printed, row["name"]
    assert text.hash in printed
