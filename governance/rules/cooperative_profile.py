"""The guide's quiz « Découvrir son profil coopératif » (seed S2, p. 4): four questions, three answers each.

The seed lost the signs that tie an answer to a profile; the tie below is read from the descriptions of the profiles
(docs/adr/0021). For a workshop's first five minutes: nothing is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import InvalidInput, Violation


class Profile(StrEnum):
    LEADER = "leader"
    BUSINESS_BRINGER = "business_bringer"
    IDEA_GIVER = "idea_giver"


@dataclass(frozen=True)
class ProfileEntry:
    code: Profile
    label: str | Promise
    description: str | Promise


@dataclass(frozen=True)
class Choice:
    code: str
    label: str | Promise
    profile: Profile


@dataclass(frozen=True)
class Question:
    code: str
    label: str | Promise
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class ProfileScore:
    """`profiles`: those with the most answers, all of them when there is a tie, in the order of the guide."""

    counts: Mapping[Profile, int]
    profiles: tuple[Profile, ...]


PROFILES = (
    ProfileEntry(
        Profile.LEADER,
        _("leader"),
        _(
            "Vous êtes référent sur votre domaine d’intervention et incontournable lorsqu’il s’agit de travailler sur "
            "des projets de coopération, dans lesquels vous vous positionnez naturellement comme chef de file."
        ),
    ),
    ProfileEntry(
        Profile.BUSINESS_BRINGER,
        _("apporteur d’affaires"),
        _(
            "Vous avez cette capacité à mettre en relation des personnes ou des structures grâce à votre bonne "
            "connaissance des acteurs du territoire, ce qui vous confère souvent le rôle pivot "
            "d’animateur-coordonnateur."
        ),
    ),
    ProfileEntry(
        Profile.IDEA_GIVER,
        _("idéateur"),
        _("Vous êtes un apporteur d’idées, et à ce titre un partenaire de choix dans les projets de coopération."),
    ),
)

QUESTIONS = (
    Question(
        "why",
        _("Pourquoi coopérez-vous ?"),
        (
            Choice("network", _("Pour travailler votre réseau"), Profile.BUSINESS_BRINGER),
            Choice("ideas", _("Pour partager vos idées"), Profile.IDEA_GIVER),
            Choice("nature", _("Coopérer fait partie de votre ADN"), Profile.LEADER),
        ),
    ),
    Question(
        "when",
        _("Quand coopérez-vous ?"),
        (
            Choice("sometimes", _("De manière occasionnelle"), Profile.IDEA_GIVER),
            Choice("daily", _("Au quotidien"), Profile.LEADER),
            Choice("regularly", _("Régulièrement"), Profile.BUSINESS_BRINGER),
        ),
    ),
    Question(
        "involvement",
        _("Quel est votre niveau d’implication ?"),
        (
            Choice("initiates", _("Vous êtes l’initiateur de toutes les réunions"), Profile.LEADER),
            Choice("brainstorms", _("Vous êtes là quand il s’agit de brainstormer"), Profile.IDEA_GIVER),
            Choice("facilitates", _("Vous êtes l’animateur de toutes les réunions"), Profile.BUSINESS_BRINGER),
        ),
    ),
    Question(
        "motto",
        _("Quelle est votre devise ?"),
        (
            Choice("leader", _("Pour tout projet, il faut un leader"), Profile.LEADER),
            Choice("coordination", _("Pour réussir, un projet doit être bien coordonné"), Profile.BUSINESS_BRINGER),
            Choice("ideas", _("Ce sont les idées qui font avancer les projets"), Profile.IDEA_GIVER),
        ),
    ),
)


def score_profile(answers: Mapping[str, str]) -> ProfileScore:
    """Count the answers (question code -> choice code). Raises InvalidInput unless each question has one of its own
    answers, and nothing else."""
    known = {question.code for question in QUESTIONS}
    found = [
        Violation("unknown_question", _("Cette question n’est pas du quiz."), f"/answers/{code}")
        for code in answers
        if code not in known
    ]
    counts = dict.fromkeys(Profile, 0)
    for question in QUESTIONS:
        choice = next((each for each in question.choices if each.code == answers.get(question.code)), None)
        if choice is not None:
            counts[choice.profile] += 1
        elif question.code in answers:
            detail = _("Cette réponse n’est pas de celles de la question.")
            found.append(Violation("unknown_choice", detail, f"/answers/{question.code}"))
        else:
            detail = _("Choisissez une réponse à chaque question.")
            found.append(Violation("required", detail, f"/answers/{question.code}"))
    if found:
        raise InvalidInput(*found)
    most = max(counts.values())
    return ProfileScore(MappingProxyType(counts), tuple(kind for kind in Profile if counts[kind] == most))
