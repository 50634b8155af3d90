"""The quiz of the guide: four questions, one answer each, ties told whole."""

from collections import Counter
from itertools import product

import pytest

from coopproject.exceptions import InvalidInput
from governance.rules.cooperative_profile import PROFILES, QUESTIONS, Profile, score_profile

ALL_IDEAS = {"why": "ideas", "when": "sometimes", "involvement": "brainstorms", "motto": "ideas"}


def test_there_are_four_questions_each_with_one_answer_for_each_profile() -> None:
    assert [len(question.choices) for question in QUESTIONS] == [3, 3, 3, 3]
    assert all({choice.profile for choice in question.choices} == set(Profile) for question in QUESTIONS)
    assert [entry.code for entry in PROFILES] == list(Profile)


def test_four_answers_of_one_kind_make_that_profile() -> None:
    found = score_profile(ALL_IDEAS)
    assert (dict(found.counts), found.profiles) == (
        {Profile.LEADER: 0, Profile.BUSINESS_BRINGER: 0, Profile.IDEA_GIVER: 4},
        (Profile.IDEA_GIVER,),
    )


def test_every_possible_sheet_names_all_the_profiles_with_the_most_answers() -> None:
    for sheet in product(*(question.choices for question in QUESTIONS)):
        found = score_profile({question.code: choice.code for question, choice in zip(QUESTIONS, sheet, strict=True)})
        counts = Counter(choice.profile for choice in sheet)
        assert set(found.profiles) == {kind for kind in Profile if counts[kind] == max(counts.values())}
        assert sum(found.counts.values()) == 4


@pytest.mark.parametrize(
    ("answers", "code", "pointer"),
    [
        (ALL_IDEAS | {"motto": "peace"}, "unknown_choice", "/answers/motto"),
        ({key: value for key, value in ALL_IDEAS.items() if key != "when"}, "required", "/answers/when"),
        (ALL_IDEAS | {"who": "me"}, "unknown_question", "/answers/who"),
    ],
)
def test_a_sheet_that_is_not_that_of_the_quiz_is_refused(answers: dict[str, str], code: str, pointer: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        score_profile(answers)
    assert [(found.code, found.pointer) for found in refused.value.violations] == [(code, pointer)]
