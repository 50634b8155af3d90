"""Signs of belonging: the size, steps left half done, an empty shell; and the settings that change their thresholds."""

import datetime as dt
from typing import Any

import pytest

from coopproject.exceptions import InvalidInput
from governance.actor import Actor
from governance.enums import CircleKind
from governance.models import CircleStay, Cooperation, Decision, Membership, Person, Role, StepCompletion
from governance.services import dossiers
from tests.cast import Cast
from tests.charters.factories import make_comment, make_submitted
from tests.clock import set_clock
from tests.governance import factories
from tests.governance.dossier.documents import minimal

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def sign(cast: Cast, code: str, person: Person | None = None) -> dict[str, Any] | None:
    address = f"/api/v1/cooperations/{cast.cooperation.pk}/vital-signs/"
    signs = cast.api(person or cast.coordinator).get(address).json()["signs"]
    return next((row for row in signs if row["code"] == code), None)


def change(cast: Cast, **body: Any) -> Any:
    return cast.api(cast.coordinator).patch(f"/api/v1/cooperations/{cast.cooperation.pk}/", body, format="json")


def test_about_ten_participants_the_guide_advises_new_functions(cast: Cast) -> None:
    assert sign(cast, "size_threshold_reached") is None
    joined = cast.today - 40 * DAY
    for number in range(6):
        member = cast.organisation(f"Membre {number}", headcount="1.00", circle=CircleKind.NETWORK)
        Membership.objects.filter(organisation=member).update(joined_on=joined)
        CircleStay.objects.filter(membership__organisation=member).update(since=joined)
    found = sign(cast, "size_threshold_reached")
    assert found is not None
    assert (found["severity"], found["since"]) == ("info", joined.isoformat())
    assert found["why"].startswith("10 participants")
    Role.objects.filter(person=cast.facilitator).delete()
    found = sign(cast, "size_threshold_reached")
    assert found is not None
    assert (found["severity"], "animation" in found["why"]) == ("warning", True)
    # Who announced a joining for later does not take part yet; a last day still counts.
    Membership.objects.filter(organisation=member).update(joined_on=cast.today + DAY)
    CircleStay.objects.filter(membership__organisation=member).update(since=cast.today + DAY)
    assert sign(cast, "size_threshold_reached") is None
    CircleStay.objects.filter(membership__organisation=cast.omega).update(until=cast.today)
    assert sign(cast, "size_threshold_reached") is not None
    assert change(cast, size_alert=12).status_code == 200
    assert sign(cast, "size_threshold_reached") is None
    assert change(cast, size_alert=2, settings={"size_alert_circles": ["core"]}).status_code == 200
    found = sign(cast, "size_threshold_reached")
    assert found is not None
    assert found["why"].startswith("3 participants")


def test_steps_left_half_done_for_long_are_a_sign(cast: Cast) -> None:
    first = factories.onboarding_step(cast, "core", title="Première")
    factories.onboarding_step(cast, "core", title="Seconde")
    begun = StepCompletion.objects.create(
        cooperation=cast.cooperation,
        membership=Membership.objects.get(organisation=cast.gamma),
        step=first,
        completed_on=cast.today - 90 * DAY,
    )
    assert sign(cast, "onboarding_pending") is None
    StepCompletion.objects.filter(pk=begun.pk).update(completed_on=cast.today - 91 * DAY)
    found = sign(cast, "onboarding_pending")
    assert found is not None
    assert (found["severity"], found["since"]) == ("info", (cast.today - 91 * DAY).isoformat())
    assert [row["label"] for row in found["objects"]] == ["Gamma"]
    assert change(cast, settings={"onboarding_pending_days": 120}).status_code == 200
    assert sign(cast, "onboarding_pending") is None
    CircleStay.objects.filter(membership__organisation=cast.alpha).update(onboarding_waiver="Fondatrice")
    found = sign(cast, "onboarding_pending")
    assert found is not None
    assert [row["label"] for row in found["objects"]] == ["Alpha"]


def test_a_cooperation_where_nothing_happens_is_asked_whether_it_is_a_shell(cast: Cast) -> None:
    set_clock(dt.date(2026, 8, 31))
    Cooperation.objects.update(started_on=dt.date(2025, 1, 1))
    found = sign(cast, "substance_alert")
    assert found is not None
    assert (found["severity"], found["since"]) == ("warning", "2025-07-01")
    assert "1er janvier 2025" in found["why"]
    decision = factories.decision(
        cast,
        state="taken",
        submitted_on=dt.date(2025, 6, 1),
        taken_on=dt.date(2026, 2, 28),
        requirements_at_taking=[],
        confidentiality="network",
    )
    found = sign(cast, "substance_alert")
    # Six months after 28 February is 28 August.
    assert found is not None
    assert (found["since"], "une décision prise" in found["why"]) == ("2026-08-28", True)
    assert change(cast, settings={"substance_alert_months": 7}).status_code == 200
    assert sign(cast, "substance_alert") is None
    assert change(cast, settings={}).status_code == 200
    Decision.objects.filter(pk=decision.pk).update(taken_on=dt.date(2026, 3, 1))
    assert sign(cast, "substance_alert") is None
    Decision.objects.filter(pk=decision.pk).update(taken_on=dt.date(2025, 9, 1))
    assert sign(cast, "substance_alert") is not None
    Cooperation.objects.update(ended_on=dt.date(2026, 8, 30))
    assert sign(cast, "substance_alert") is None


def test_what_a_reader_may_not_know_keeps_the_cooperation_alive_and_is_not_told(cast: Cast) -> None:
    today = cast.today
    for level, ago in (("network", 500), ("core", 300)):
        factories.decision(cast, submitted_on=today - ago * DAY, confidentiality=level)
    Cooperation.objects.update(started_on=today - 800 * DAY)
    known = sign(cast, "substance_alert", cast.chair_alpha)
    unknown = sign(cast, "substance_alert", cast.chair_delta)
    assert known is not None
    assert unknown is not None
    assert known["since"] is not None
    # The day of the last sign would be told by the first day of the silence.
    assert unknown["since"] is None
    assert known["why"] != unknown["why"]
    # Alive by what the network does not see: nobody is told that it is empty.
    factories.decision(cast, submitted_on=today - 10 * DAY, confidentiality="core")
    assert sign(cast, "substance_alert", cast.chair_delta) is None
    assert sign(cast, "substance_alert", cast.chair_alpha) is None


def test_each_app_tells_its_signs_of_life(cast: Cast) -> None:
    set_clock(cast.today)
    Cooperation.objects.update(started_on=cast.today - 800 * DAY)
    assert sign(cast, "substance_alert") is not None
    version = make_submitted(cast)
    assert sign(cast, "substance_alert") is None
    set_clock(cast.today + 300 * DAY)
    assert sign(cast, "substance_alert") is not None
    make_comment(cast, version, cast.chair_alpha)
    assert sign(cast, "substance_alert") is None


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ([], {("invalid", "/settings")}),
        ({"substance_alert_month": 6}, {("unknown_setting", "/settings/substance_alert_month")}),
        ({"a/b": 1}, {("unknown_setting", "/settings/a~1b")}),
        (
            {"substance_alert_months": 0, "onboarding_pending_days": "90", "charter_answer_days": True},
            {
                ("invalid", "/settings/substance_alert_months"),
                ("invalid", "/settings/onboarding_pending_days"),
                ("invalid", "/settings/charter_answer_days"),
            },
        ),
        ({"size_alert_circles": []}, {("invalid", "/settings/size_alert_circles")}),
        (
            {"size_alert_circles": ["core", "moon", "core"]},
            {("invalid_choice", "/settings/size_alert_circles/1"), ("repeated", "/settings/size_alert_circles/2")},
        ),
        ({"weekend_extension": "never"}, {("invalid_choice", "/settings/weekend_extension")}),
        ({"form_checks_off": "gie"}, {("invalid", "/settings/form_checks_off")}),
        (
            {"adhoc_deferral": "6_months", "carence_validity_months": 0, "host_is_consulted": "no"},
            {
                ("invalid_choice", "/settings/adhoc_deferral"),
                ("invalid", "/settings/carence_validity_months"),
                ("invalid", "/settings/host_is_consulted"),
            },
        ),
        (
            {"evaluation_thresholds": {"green": 1}},
            {("unknown_field", "/settings/evaluation_thresholds/green")},
        ),
        ({"evaluation_thresholds": 1}, {("invalid", "/settings/evaluation_thresholds")}),
    ],
)
def test_a_setting_that_nobody_would_follow_is_refused_where_it_stands(
    cast: Cast, settings: Any, found: set[tuple[str, str]]
) -> None:
    refused = change(cast, settings=settings)
    assert refused.status_code == 400
    assert {(error["code"], error["pointer"]) for error in refused.json()["errors"]} == found
    document = minimal()
    document["cooperation"]["settings"] = settings
    with pytest.raises(InvalidInput) as at_import:
        dossiers.dossier_import(actor=Actor.system("test"), document=document)
    assert {(one.code, one.pointer) for one in at_import.value.violations} == {
        (code, f"/cooperation{pointer}") for code, pointer in found
    }


def test_the_size_alert_starts_at_two_and_known_settings_are_kept(cast: Cast) -> None:
    refused = change(cast, size_alert=1)
    assert [(error["code"], error["pointer"]) for error in refused.json()["errors"]] == [("min_value", "/size_alert")]
    kept = {"weekend_extension": "prudent", "charter_answer_days": 45, "evaluation_thresholds": {"amber_levels": 0}}
    assert change(cast, settings=kept).json()["settings"] == kept
