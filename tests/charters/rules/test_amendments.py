"""An amendment changes what its kind allows, so that no board is passed over."""

import pytest

from charters.rules.amendments import AmendmentKind, Voters, amendment_violations, voters
from charters.rules.content import AnnexText, ArticleText

OLD = [
    ArticleText("game_rules", "Règles", "Le préavis est de trois mois, soit 90 jours."),
    ArticleText("exit", "Sortie", "Par écrit."),
]
ANNEX = [AnnexText("Pilotes", "Ana")]


def rewritten(body: str) -> list[ArticleText]:
    return [ArticleText("game_rules", "Règles", body), OLD[1]]


@pytest.mark.parametrize(
    ("kind", "delegated", "who"),
    [
        ("initial", True, Voters.ALL_BOARDS),
        ("substantial", True, Voters.ALL_BOARDS),
        ("annex_only", True, Voters.DELEGATED_BODY),
        ("annex_only", False, Voters.ALL_BOARDS),
        ("editorial", True, Voters.NOBODY),
    ],
)
def test_who_votes_follows_from_the_kind_of_amendment(kind, delegated, who):
    assert voters(AmendmentKind(kind), annex_delegated=delegated) == who


@pytest.mark.parametrize(
    ("new", "substance"),
    [
        (OLD, False),
        (rewritten("Le preavis est de TROIS mois ; soit\n90 jours !"), False),
        (rewritten("Le préavis est de deux mois, soit 90 jours."), True),
        (rewritten("Le préavis est de trois mois, soit 9 jours."), True),
        (rewritten("Le préavis est de trois mois, soit 9,0 jours."), True),
        (rewritten("Le préavis est de trois mois, soit 90 % jours."), True),
        (OLD[:1], True),
        (OLD[::-1], True),
        ([*OLD, ArticleText("free", "Fonds", "Commun.")], True),
        ([ArticleText("free", "Règles", OLD[0].body), OLD[1]], True),
        ([ArticleText("game_rules", "Principes", OLD[0].body), OLD[1]], True),
    ],
)
def test_without_a_vote_nothing_but_form_changes(new, substance):
    found = amendment_violations(AmendmentKind.EDITORIAL, old_articles=OLD, new_articles=new)

    assert [violation.code for violation in found] == (["substance_changed"] if substance else [])


def test_an_editorial_amendment_leaves_the_annexes_alone():
    found = amendment_violations(
        AmendmentKind.EDITORIAL,
        old_articles=OLD,
        new_articles=OLD,
        old_annexes=ANNEX,
        new_annexes=[AnnexText("Pilotes", "Bob")],
    )

    assert [violation.code for violation in found] == ["annexes_changed"]


def test_an_amendment_of_annexes_leaves_the_articles_alone():
    new = rewritten("Le préavis est de trois mois, soit 90 jours")
    kind = AmendmentKind.ANNEX_ONLY

    assert amendment_violations(kind, old_articles=OLD, new_articles=OLD, old_annexes=ANNEX) == ()
    assert [v.code for v in amendment_violations(kind, old_articles=OLD, new_articles=new)] == ["articles_changed"]


def test_what_every_board_votes_may_change_everything():
    assert amendment_violations(AmendmentKind.SUBSTANTIAL, old_articles=OLD, new_articles=[]) == ()


def test_only_the_first_version_is_initial():
    assert amendment_violations(AmendmentKind.INITIAL, old_articles=[], new_articles=OLD) == ()
    found = amendment_violations(AmendmentKind.INITIAL, old_articles=OLD, new_articles=OLD)
    assert [violation.code for violation in found] == ["not_initial"]
