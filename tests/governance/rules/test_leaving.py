"""Which last day a person may have, and which answers are awaited."""

import datetime as dt

from hypothesis import example, given
from hypothesis import strategies as st

from governance.rules.belonging import Period
from governance.rules.leaving import AHEAD, Answer, Left, answer_violations, day_violations, nothing_violations

TODAY = dt.date(2026, 1, 31)
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31))


@given(last_day=DAYS, begun=st.lists(DAYS, max_size=4))
@example(last_day=TODAY + AHEAD, begun=[])
@example(last_day=TODAY - dt.timedelta(days=1), begun=[TODAY])
def test_a_role_that_began_after_the_last_day_was_lived_already(last_day: dt.date, begun: list[dt.date]) -> None:
    found = list(day_violations(last_day=last_day, today=TODAY, roles=[Period(day) for day in begun]))
    lived = any(last_day < day <= TODAY for day in begun)
    expected = (["too_far"] if last_day > TODAY + AHEAD else []) + (["role_began_later"] if lived else [])
    assert [violation.code for violation in found] == expected
    assert {violation.pointer for violation in found} <= {"/left_on"}


def test_nobody_leaves_what_they_do_not_hold_unless_something_was_left() -> None:
    told = {
        (holds, leaves): [violation.code for violation in nothing_violations(holds=holds, leaves=leaves)]
        for holds in (True, False)
        for leaves in (True, False)
    }
    assert told == {(True, True): [], (True, False): [], (False, True): [], (False, False): ["nothing_to_leave"]}


KEYS = st.sampled_from(["a:1", "b:2", "c:3", "d/~:4"])
LEFT = st.builds(Left, KEYS, st.just("Titre."), st.just("Remède."), st.booleans(), st.booleans(), st.booleans())


@given(
    left=st.lists(LEFT, unique_by=lambda item: item.key),
    answers=st.dictionaries(KEYS, st.builds(Answer, st.booleans())),
)
def test_each_thing_that_asks_has_one_answer_that_can_be(left: list[Left], answers: dict[str, Answer]) -> None:
    found = {
        (violation.code, violation.pointer.rpartition("/handovers/")[2])
        for violation in answer_violations(left, answers)
    }
    for item in left:
        written = item.key.replace("~", "~0").replace("/", "~1")
        answer = answers.get(item.key)
        expected = set()
        if item.asks and answer is None:
            expected = {("handover_missing", written)}
        elif not item.asks and answer is not None:
            expected = {("not_left_behind", written)}
        elif answer is not None and answer.taken and not item.reassignable:
            expected = {("not_reassignable", f"{written}/to")}
        elif answer is not None and not answer.taken and item.blocking:
            expected = {("cannot_stay_open", f"{written}/left_open")}
        about = {row for row in found if row[1] in {written, f"{written}/to", f"{written}/left_open"}}
        assert about == expected
    unknown = set(answers) - {item.key for item in left}
    assert sum(code == "not_left_behind" for code, _where in found) == len(unknown) + sum(
        item.key in answers and not item.asks for item in left
    )
