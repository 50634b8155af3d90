"""Steps to enter a circle: asked, done, undone, waived; a circle without steps is entered as before."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import transaction

from coopproject.exceptions import InvalidInput
from governance.actor import Actor
from governance.enums import RoleKind
from governance.models import CircleStay, JournalEntry, Membership, OnboardingStep, Role, StepCompletion
from governance.services import dossiers
from tests.cast import Cast, luhn_siren
from tests.governance import factories
from tests.governance.dossier.documents import minimal
from tests.queries import assert_constant_queries
from tests.requests import codes

pytestmark = pytest.mark.django_db
BATCH = Actor.system("test")
URL, STEPS = "/api/v1/memberships/", "/api/v1/onboarding-steps/"
DAY = dt.timedelta(days=1)


def address(cast: Cast, organisation: Any) -> str:
    return f"{URL}{Membership.objects.get(cooperation=cast.cooperation, organisation=organisation).pk}/"


def test_a_member_enters_a_circle_once_every_required_step_is_done(cast: Cast) -> None:
    client, delta = cast.api(cast.coordinator), address(cast, cast.delta)
    meet = factories.onboarding_step(cast, "active", title="Rencontrer chaque membre")
    year = factories.onboarding_step(cast, "core", title="Une action menée ensemble")
    factories.onboarding_step(cast, "core", title="Former son conseil", required=False)
    factories.onboarding_step(cast, "network", title="Se présenter")
    OnboardingStep.objects.create(cooperation=cast.foreign_cooperation, circle="core", title="Ailleurs")
    into_the_core = {"circle": "core", "reason": "Confiance acquise"}
    early = client.post(f"{delta}move/", into_the_core)
    # Whoever enters the core goes through the active partners; it is in the network already.
    assert (early.status_code, codes(early)) == (409, {"onboarding_incomplete"})
    assert len(early.json()["errors"]) == 2
    assert "Rencontrer chaque membre" in early.json()["errors"][0]["detail"]
    assert CircleStay.objects.filter(membership__organisation=cast.delta).count() == 1
    facilitator = cast.api(cast.facilitator)
    done = facilitator.post(f"{delta}complete-step/", {"step": str(meet.pk), "evidence": "Tournée de mars"})
    assert done.status_code == 200, done.json()
    assert done.json()["completed_steps"] == [
        {
            "step": str(meet.pk),
            "completed_on": cast.today.isoformat(),
            "recorded_by": str(cast.facilitator.pk),
            "evidence": "Tournée de mars",
        }
    ]
    assert client.post(f"{delta}move/", {"circle": "active", "reason": "x"}).status_code == 200
    # Done today, not by yesterday; and what is later than the circle entered is not asked again.
    facilitator.post(f"{delta}complete-step/", {"step": str(year.pk)})
    stay = CircleStay.objects.get(membership__organisation=cast.delta, until__isnull=True)
    CircleStay.objects.filter(pk=stay.pk).update(since=cast.today - 5 * DAY)
    before = client.post(f"{delta}move/", into_the_core | {"since": (cast.today - DAY).isoformat()})
    assert (before.status_code, codes(before)) == (409, {"onboarding_incomplete"})
    moved = client.post(f"{delta}move/", into_the_core)
    assert (moved.status_code, moved.json()["circle"]) == (200, "core")
    outwards = client.post(f"{delta}move/", {"circle": "network", "reason": "x", "since": str(cast.today + DAY)})
    assert outwards.status_code == 200


def test_joining_directly_asks_the_steps_of_every_circle_and_the_coordination_alone_waives(cast: Cast) -> None:
    for circle in ("network", "active", "core"):
        factories.onboarding_step(cast, circle, title=f"Étape {circle}")
    body = {"cooperation": str(cast.cooperation.pk), "organisation": str(cast.omega.pk), "circle": "active"}
    client = cast.api(cast.coordinator)
    refused = client.post(URL, body)
    assert (refused.status_code, len(refused.json()["errors"])) == (409, 2)
    assert codes(refused) == {"onboarding_incomplete"}
    assert client.post(URL, body | {"onboarding_waiver": " "}).status_code == 400
    operator = cast.person("Omar", "Opérateur")
    operator.account.is_staff = True
    operator.account.save()
    by_operator = cast.api(operator).post(URL, body | {"onboarding_waiver": "Connue de tous"})
    assert (by_operator.status_code, codes(by_operator)) == (409, {"waiver_by_coordination"})
    waived = client.post(URL, body | {"onboarding_waiver": "Membre fondateur qui revient"})
    assert waived.status_code == 201, waived.json()
    assert waived.json()["stays"][0]["onboarding_waiver"] == "Membre fondateur qui revient"
    entry = JournalEntry.objects.get(act="membership.created")
    assert (entry.payload["onboarding_waiver"], len(entry.payload["steps_waived"])) == (
        "Membre fondateur qui revient",
        2,
    )
    created = {"name": "N", "siren": luhn_siren(778), "cooperation": body["cooperation"], "circle": "network"}
    assert codes(client.post("/api/v1/organisations/", created)) == {"onboarding_incomplete"}
    assert client.post("/api/v1/organisations/", created | {"onboarding_waiver": "Vue hier"}).status_code == 201
    moved = client.post(
        f"{address(cast, cast.gamma)}move/", {"circle": "core", "reason": "x", "onboarding_waiver": "Urgence"}
    )
    assert moved.json()["stays"][-1]["onboarding_waiver"] == "Urgence"
    # A waiver of nothing is not kept.
    alpha = client.post(
        f"{address(cast, cast.alpha)}move/", {"circle": "active", "reason": "x", "onboarding_waiver": "Rien"}
    )
    assert (alpha.status_code, alpha.json()["stays"][-1]["onboarding_waiver"]) == (200, "")
    assert "onboarding_waiver" not in JournalEntry.objects.filter(act="membership.moved").latest("sequence").payload


def test_a_step_is_undone_with_a_reason_and_may_be_done_again(cast: Cast) -> None:
    step = factories.onboarding_step(cast, "core")
    client, gamma = cast.api(cast.coordinator), address(cast, cast.gamma)
    body = {"step": str(step.pk)}
    assert codes(client.post(f"{gamma}undo-step/", body | {"reason": "x"})) == {"not_completed"}
    assert client.post(f"{gamma}complete-step/", body).status_code == 200
    again = client.post(f"{gamma}complete-step/", body)
    assert (again.status_code, codes(again)) == (409, {"already_completed"})
    undone = client.post(f"{gamma}undo-step/", body | {"reason": "Pas encore"})
    assert (undone.status_code, undone.json()["completed_steps"]) == (200, [])
    assert codes(client.post(f"{gamma}undo-step/", body | {"reason": "x"})) == {"not_completed"}
    refused = client.post(f"{gamma}move/", {"circle": "core", "reason": "x"})
    assert codes(refused) == {"onboarding_incomplete"}
    assert client.post(f"{gamma}complete-step/", body).status_code == 200
    rows = StepCompletion.objects.filter(membership__organisation=cast.gamma).order_by("pk")
    assert [row.undone_reason for row in rows] == ["Pas encore", ""]
    acts = JournalEntry.objects.filter(object_type="governance.membership").order_by("sequence")
    assert [entry.act for entry in acts] == [
        "membership.step_completed",
        "membership.step_undone",
        "membership.step_completed",
    ]


def test_what_cannot_have_been_done_is_refused_where_it_stands(cast: Cast) -> None:
    step = factories.onboarding_step(cast, "core")
    foreign = OnboardingStep.objects.create(cooperation=cast.foreign_cooperation, circle="core", title="Ailleurs")
    client, gamma = cast.api(cast.coordinator), address(cast, cast.gamma)
    tomorrow = (cast.today + DAY).isoformat()
    for body, status, code, pointer in (
        ({"step": str(step.pk), "completed_on": tomorrow}, 400, "in_the_future", "/completed_on"),
        ({"step": str(foreign.pk)}, 400, "does_not_exist", "/step"),
        ({"step": str(step.pk), "evidence": "x" * 2001}, 400, "max_length", "/evidence"),
        ({}, 400, "required", "/step"),
    ):
        refused = client.post(f"{gamma}complete-step/", body)
        found = [(error["code"], error["pointer"]) for error in refused.json()["errors"]]
        assert (refused.status_code, found) == (status, [(code, pointer)])
    Role.objects.create(
        cooperation=cast.foreign_cooperation, person=cast.coordinator, kind=RoleKind.COORDINATION, since=cast.since
    )
    known = client.post(f"{gamma}complete-step/", {"step": str(foreign.pk)})
    assert (known.status_code, codes(known)) == (400, {"other_cooperation"})
    left = client.post(f"{address(cast, cast.omega)}complete-step/", {"step": str(step.pk)})
    assert codes(left) == {"membership_ended"}
    assert not StepCompletion.objects.exists()


def test_a_step_is_written_reworded_and_retired_never_deleted(cast: Cast) -> None:
    client = cast.api(cast.coordinator)
    body = {"cooperation": str(cast.cooperation.pk), "circle": "core", "title": "Signer la charte", "position": 2}
    made = client.post(STEPS, body)
    assert (made.status_code, made.json()["required"]) == (201, True)
    one = f"{STEPS}{made.json()['id']}/"
    assert client.patch(one, {"position": 0}).status_code == 400
    assert client.patch(one, {"circle": "active"}).json()["errors"][0]["code"] == "unknown_field"
    assert client.patch(one, {"description": "Au complet"}).status_code == 200
    gamma = address(cast, cast.gamma)
    assert client.post(f"{gamma}move/", {"circle": "core", "reason": "x"}).status_code == 409
    retired = client.post(f"{one}retire/", {"reason": "La charte le dit"})
    assert (retired.status_code, retired.json()["retired_on"]) == (200, cast.today.isoformat())
    assert codes(client.post(f"{one}retire/", {"reason": "x"})) == {"step_retired"}
    assert codes(client.patch(one, {"title": "x"})) == {"step_retired"}
    assert codes(client.post(f"{gamma}complete-step/", {"step": made.json()["id"]})) == {"step_retired"}
    assert client.delete(one).status_code == 405
    assert client.get(f"{STEPS}?asked=true").json()["results"] == []
    assert len(client.get(f"{STEPS}?asked=false&circle=core").json()["results"]) == 1
    assert client.post(f"{gamma}move/", {"circle": "core", "reason": "x"}).status_code == 200


def test_a_list_costs_the_same_for_two_rows_and_for_forty(cast: Cast) -> None:
    def make(count: int) -> None:
        for _index in range(count):
            factories.onboarding_step(cast, "core")

    assert_constant_queries(cast.api(cast.coordinator), "/api/v1/onboarding-steps/", make)


def with_steps() -> dict[str, Any]:
    document = minimal()
    document["onboarding_steps"] = [
        {"ref": "presenter", "circle": "active", "title": "Se présenter", "position": 1},
        {
            "circle": "core",
            "title": "Trop lourde",
            "required": False,
            "retired_on": "D-3",
            "retired_reason": "Elle n’aidait personne.",
        },
    ]
    done = {"membership": "membre-alpha", "step": "presenter", "completed_on": "D-30", "recorded_by": "ana"}
    document["step_completions"] = [
        done | {"undone_on": "D-20", "undone_reason": "Reportée"},
        done | {"completed_on": "D-9", "evidence": "Réunion du conseil"},
    ]
    return document


def test_steps_and_what_was_done_of_them_come_back_from_a_dossier_byte_for_byte() -> None:
    with transaction.atomic():
        text = dossiers.dossier_export(dossiers.dossier_import(actor=BATCH, document=with_steps()).cooperation)
        transaction.set_rollback(True)
    assert "Réunion du conseil" in text
    again = dossiers.dossier_import(actor=BATCH, document=json.loads(text)).cooperation
    assert dossiers.dossier_export(again) == text


@pytest.mark.parametrize(
    ("where", "changed", "code"),
    [
        (("onboarding_steps", 1), {"retired_reason": ""}, "required"),
        (("onboarding_steps", 1), {"retired_on": "D+999"}, "in_the_future"),
        (("step_completions", 0), {"undone_reason": ""}, "required"),
        (("step_completions", 0), {"undone_on": "D-99"}, "out_of_order"),
        (("step_completions", 1), {"completed_on": "D+999"}, "in_the_future"),
    ],
)
def test_a_dossier_whose_steps_do_not_hold_together_is_refused(
    where: tuple[str, int], changed: dict[str, Any], code: str
) -> None:
    document = with_steps()
    document[where[0]][where[1]] |= changed
    with pytest.raises(InvalidInput) as refused:
        dossiers.dossier_import(actor=BATCH, document=document)
    assert {violation.code for violation in refused.value.violations} == {code}
    assert not OnboardingStep.objects.exists()
