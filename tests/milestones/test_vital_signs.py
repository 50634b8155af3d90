"""Each vital sign of milestones: what raises it, its figures, since when, what clears it, who may not see it."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charters.models import Agreement
from governance.actor import Actor
from governance.models import Person
from governance.vital_signs import VitalSign
from milestones.models import Activity, Indicator, Mandate
from milestones.vital_signs import CODES, examine
from tests.cast import Cast
from tests.charters import factories as charter_factories
from tests.milestones import factories


def signs(cast: Cast, person: Person | None = None, *, on: dt.date | None = None) -> list[VitalSign]:
    actor = Actor.for_user((person or cast.coordinator).account)
    return list(examine(cast.cooperation, actor, on or cast.today))


def sign(cast: Cast, code: str, person: Person | None = None) -> VitalSign:
    """The only sign of this code."""
    [found] = [item for item in signs(cast, person) if item.code == code]
    return found


def codes(cast: Cast, person: Person | None = None) -> set[str]:
    return {item.code for item in signs(cast, person)}


def days(count: int) -> dt.timedelta:
    return dt.timedelta(days=count)


@pytest.fixture
def activity(cast: Cast) -> Activity:
    """Of the core, so that the active partners may know of none of it; piloted by Boris for a year."""
    made = factories.activity(cast, name="Plateforme", confidentiality="core")
    factories.mandate(cast, made)
    return made


def indicator(cast: Cast, activity: Activity, value: str | None, **values: Any) -> Indicator:
    made = factories.indicator(cast, activity, label="Places", **values)
    factories.target(made, cast.today - days(65), "100")
    if value is not None:
        factories.measurement(cast, made, value, state="validated")
    return made


def late(cast: Cast, activity: Activity) -> None:
    factories.milestone(
        cast, activity, title="Site", due_on=cast.today - days(20), baseline_due_on=cast.today - days(50)
    )


def slipping(cast: Cast, activity: Activity) -> None:
    first = factories.milestone(
        cast, activity, title="Agrément", due_on=cast.today + days(40), baseline_due_on=cast.today + days(5)
    )
    due = cast.today + days(30)
    factories.milestone(cast, activity, awaits=(first,), due_on=due)


def stale(cast: Cast, activity: Activity) -> None:
    made = indicator(cast, activity, None, frequency="monthly", baseline_on=cast.today - days(300))
    factories.target(made, cast.today + days(300), "200")
    end = cast.today - days(60)
    factories.measurement(cast, made, "5", state="validated", period_start=end - days(20), period_end=end)


def gap(cast: Cast, activity: Activity) -> Any:
    about = factories.milestone(cast, activity)
    evaluation = factories.evaluation(cast, state="open", opened_on=cast.today - days(3))
    return factories.gap(cast, evaluation, about, confidentiality="core")


def done(cast: Cast, ago: int, **values: Any) -> None:
    state = values.pop("state", "completed")
    factories.corrective_action(
        cast,
        confidentiality="core",
        state=state,
        action_taken="x",
        completed_on=cast.today - days(ago),
        **values,
    )


def ended(cast: Cast, activity: Activity, **values: Any) -> None:
    activity.mandates.update(**values)


# code -> what raises it, its severity, how many days ago it began (None: unknown), what its reason says
RAISED: dict[str, tuple[Callable[[Cast, Activity], Any], str, int | None, tuple[str, ...]]] = {
    "milestone_late": (late, "critical", 19, ("20 jours", "50 jours")),
    "milestone_slipping": (slipping, "warning", None, ("Agrément", "35 jours")),
    "milestone_upcoming": (
        lambda cast, activity: factories.milestone(cast, activity, due_on=cast.today + days(14)),
        "info",
        0,
        ("14 jours",),
    ),
    "budget_over_plan": (
        lambda cast, activity: factories.budget_entry(
            cast, factories.budget_line(cast, activity, "1000.00"), "1100.01", dated_on=cast.today - days(4)
        ),
        "critical",
        4,
        ("100,01",),
    ),
    "activity_without_pilot": (
        lambda cast, activity: ended(
            cast, activity, state="ended", ended_on=cast.today - days(6), ended_reason="Départ"
        ),
        "critical",
        6,
        ("dernier mandat",),
    ),
    "mandate_expired": (
        lambda cast, activity: ended(cast, activity, until=cast.today - days(1)),
        "critical",
        0,
        ("Plateforme", "1 jour"),
    ),
    "mandate_ending": (
        lambda cast, activity: ended(cast, activity, until=cast.today + days(30)),
        "warning",
        0,
        ("30 jours",),
    ),
    "pilot_overloaded": (
        lambda cast, activity: ended(cast, activity, load_minutes_per_week=300, availability_minutes_per_week=150),
        "warning",
        30,
        ("5 h", "2 h 30"),
    ),
    "indicator_off_track": (
        lambda cast, activity: indicator(cast, activity, "50"),
        "critical",
        1,
        ("50", "100", "50,0 %"),
    ),
    "indicator_stale": (stale, "warning", 14, ("60 jours", "mensuelle")),
    "indicator_never_measured": (
        lambda cast, activity: indicator(cast, activity, None),
        "warning",
        365,
        ("365 jours",),
    ),
    "indicator_without_target": (
        lambda cast, activity: factories.indicator(cast, activity),
        "warning",
        0,
        (),
    ),
    "gap_without_reading": (gap, "critical", 3, ("Évaluation",)),
    "corrective_action_overdue": (
        lambda cast, activity: factories.corrective_action(cast, due_on=cast.today - days(31), confidentiality="core"),
        "critical",
        30,
        ("31 jours", "Boris Pilote"),
    ),
    "corrective_action_unverified": (lambda cast, activity: done(cast, 15), "warning", 0, ("15 jours",)),
    "corrective_action_inadequate": (
        lambda cast, activity: done(
            cast,
            20,
            state="verified",
            verified_by=cast.coordinator,
            verified_on=cast.today - days(2),
            adequate=False,
        ),
        "warning",
        2,
        ("inadéquate",),
    ),
    "evaluation_overdue": (
        lambda cast, activity: factories.evaluation(cast, held_on=cast.today - days(9), confidentiality="core"),
        "warning",
        8,
        ("9 jours",),
    ),
    "agreement_over_still_used": (
        lambda cast, activity: _agreement_over(cast, activity),
        "critical",
        4,
        ("mandats en cours", "« Plateforme »"),
    ),
    "effect_unmeasured": (
        lambda cast, activity: _unmeasured(cast),
        "warning",
        0,
        ("Mieux former",),
    ),
    "motivation_disappointed": (
        lambda cast, activity: _disappointed(cast, activity),
        "critical",
        1,
        ("Attendu : 4", "avéré : 2", "Plus de places"),
    ),
}


def _agreement_over(cast: Cast, activity: Activity) -> None:
    agreement = charter_factories.make_agreed(cast)
    ended = cast.today - days(5)
    Agreement.objects.filter(pk=agreement.pk).update(
        state="ended", in_force_on=ended, ended_on=ended, ending="expired", confidentiality="core"
    )
    Mandate.objects.filter(activity=activity).update(agreement=agreement)


def _unmeasured(cast: Cast) -> None:
    motivation = factories.motivation(cast)
    motivation.charter.confidentiality = "core"
    motivation.charter.save()
    factories.effect(motivation)


def _disappointed(cast: Cast, activity: Activity) -> None:
    indicator(cast, activity, "50", effect=factories.effect(factories.motivation(cast)))


def test_every_code_is_tried() -> None:
    assert set(RAISED) == CODES


@pytest.mark.parametrize("code", sorted(RAISED))
def test_a_sign_says_how_grave_why_and_since_when(cast: Cast, activity: Activity, code: str) -> None:
    make, severity, ago, words = RAISED[code]
    assert code not in codes(cast)
    make(cast, activity)
    found = sign(cast, code)
    assert found.severity == severity
    assert found.since == (None if ago is None else cast.today - days(ago))
    for word in words:
        assert word in str(found.why)
    assert str(found.clears)
    client = cast.api(cast.coordinator)
    for concern in found.objects:
        if concern.resource != "expected-effects":
            assert client.get(f"/api/v1/{concern.resource}/{concern.id}/").status_code == 200


@pytest.mark.parametrize("code", sorted(RAISED))
def test_a_sign_betrays_nothing_to_those_who_may_not_know(cast: Cast, activity: Activity, code: str) -> None:
    RAISED[code][0](cast, activity)
    assert code in codes(cast, cast.chair_alpha)
    for person in (cast.chair_gamma, cast.chair_delta, cast.foreign_coordinator, cast.stranger):
        assert code not in codes(cast, person)


def test_a_quiet_activity_raises_no_sign(cast: Cast, activity: Activity) -> None:
    factories.milestone(cast, activity, due_on=cast.today + days(15))
    factories.budget_entry(cast, factories.budget_line(cast, activity, "1000.00"), "1000.00")
    indicator(cast, activity, "95")
    factories.evaluation(cast, held_on=cast.today)
    factories.corrective_action(cast, due_on=cast.today)
    assert codes(cast) == set()


@pytest.mark.parametrize(("ago", "severity"), [(1, "warning"), (14, "warning"), (15, "critical")])
def test_a_milestone_is_critical_beyond_fourteen_days(cast: Cast, activity: Activity, ago: int, severity: str) -> None:
    factories.milestone(cast, activity, due_on=cast.today - days(ago))
    assert sign(cast, "milestone_late").severity == severity


def test_a_successor_clears_a_mandate_that_ends(cast: Cast, activity: Activity) -> None:
    until = cast.today + days(10)
    ended(cast, activity, until=until)
    assert "mandate_ending" in codes(cast)
    factories.mandate(cast, activity, cast.director_alpha, cast.alpha, since=until + days(1))
    assert "mandate_ending" not in codes(cast)


def test_an_activity_that_is_over_needs_no_pilot(cast: Cast) -> None:
    factories.activity(cast, ended_on=cast.today - days(1))
    assert "activity_without_pilot" not in codes(cast)


def test_an_unknown_availability_is_not_zero(cast: Cast, activity: Activity) -> None:
    ended(cast, activity, load_minutes_per_week=300)
    assert "pilot_overloaded" not in codes(cast)


def test_loads_of_several_activities_add_up(cast: Cast, activity: Activity) -> None:
    time = {"load_minutes_per_week": 100, "availability_minutes_per_week": 90}
    ended(cast, activity, **time)
    factories.mandate(cast, factories.activity(cast), **time)
    found = sign(cast, "pilot_overloaded")
    assert len(found.objects) == 2
    assert "0 h 20" in str(found.why)


def test_reading_a_red_gap_clears_its_sign(cast: Cast, activity: Activity) -> None:
    row = gap(cast, activity)
    assert "gap_without_reading" in codes(cast)
    row.cause, row.decision, row.owner = "x", "accept", cast.coordinator
    row.due_on = row.read_on = cast.today
    row.save()
    assert "gap_without_reading" not in codes(cast)


def test_signs_cost_the_same_for_two_and_for_many(cast: Cast) -> None:
    def fill(count: int) -> None:
        for _index in range(count):
            activity = factories.activity(cast)
            factories.mandate(cast, activity, until=cast.today + days(3))
            late(cast, activity)
            slipping(cast, activity)
            line = factories.budget_line(cast, activity, "10.00")
            factories.budget_entry(cast, line, "20.00")
            indicator(cast, activity, "50")
            gap(cast, activity)
            factories.corrective_action(cast, due_on=cast.today - days(3))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert signs(cast)
        return len(captured)

    fill(2)
    few = queries()
    fill(10)
    assert queries() == few


def test_money_is_told_to_the_cent(cast: Cast, activity: Activity) -> None:
    line = factories.budget_line(cast, activity, "0.00")
    factories.budget_entry(cast, line, "0.01")
    found = sign(cast, "budget_over_plan")
    assert "0,01" in str(found.why)
    assert Decimal("0.01") == line.entries.get().amount


def test_of_the_motivations_of_a_charter_the_most_disappointed_is_told(cast: Cast, activity: Activity) -> None:
    charter = factories.motivation(cast, code="other").charter
    for code, weight, value in (("light", 1, "50"), ("heavy", 5, "50"), ("slight", 5, "80")):
        effect = factories.effect(factories.motivation(cast, charter, code=code, label=code, weight=weight))
        indicator(cast, activity, value, effect=effect)
    found = sign(cast, "motivation_disappointed")
    assert "heavy" in str(found.title)
    assert "2 autres motivations" in str(found.why)


def test_an_effect_that_is_not_due_yet_disappoints_nobody(cast: Cast, activity: Activity) -> None:
    effect = factories.effect(factories.motivation(cast), due_on=cast.today + days(1))
    indicator(cast, activity, "50", effect=effect)
    assert "motivation_disappointed" not in codes(cast)
    effect.due_on = cast.today
    effect.save()
    assert sign(cast, "motivation_disappointed").since == cast.today


def test_what_was_given_up_raises_no_sign(cast: Cast, activity: Activity) -> None:
    effect = factories.effect(factories.motivation(cast), retired_on=cast.today, retired_reason="x")
    indicator(cast, activity, "50", effect=effect)
    assert codes(cast) & {"motivation_disappointed", "effect_unmeasured"} == set()
    motivation = factories.motivation(cast, retired_on=cast.today, retired_reason="x")
    factories.effect(motivation)
    assert codes(cast) & {"motivation_disappointed", "effect_unmeasured"} == set()


def test_that_an_effect_is_measured_out_of_sight_is_not_told_by_the_want_of_a_sign(
    cast: Cast, activity: Activity
) -> None:
    hidden, open_to_all = factories.effect(factories.motivation(cast)), factories.effect(factories.motivation(cast))
    indicator(cast, activity, "50", effect=hidden)
    found = [item for item in signs(cast, cast.chair_delta) if item.code == "effect_unmeasured"]
    assert {concern.id for item in found for concern in item.objects} == {str(hidden.pk), str(open_to_all.pk)}
    assert [item.objects[0].id for item in signs(cast) if item.code == "effect_unmeasured"] == [str(open_to_all.pk)]
