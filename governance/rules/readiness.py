"""The questions to ask before any cooperation (seed S2, first challenge) and its preconditions (seed S3).

Each member answers for itself; comparing the answers says where members agree, never who is right.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation


class Answer(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"


# The four questions of the guide, by the field that answers each; the third has two sides.
QUESTIONS: Mapping[str, str | Promise] = {
    "why": _("Pourquoi veut-on mettre en place un partenariat ?"),
    "stakes": _("Quel regard porte-t-on sur les enjeux de notre activité principale ?"),
    "benefits": _("Quels sont les avantages d’une telle participation sur notre cœur de métier ?"),
    "drawbacks": _("Quels en sont les inconvénients ?"),
    "pooling": _("Quel est le niveau de mise en commun recherché, et son impact sur notre organisation actuelle ?"),
}

PRECONDITIONS: Mapping[str, str | Promise] = {
    "shared_values": _("Des valeurs partagées, dans le respect des identités, de l’histoire et des projets de chacun."),
    "voluntary": _("Une démarche volontaire."),
    "clear_goals": _("Des objectifs clairement définis."),
    "transparency": _("La transparence dans le fonctionnement."),
    "solidarity": _("La solidarité face à la mise en concurrence."),
    "complementarity": _("Une réponse cohérente, coordonnée et complémentaire aux besoins."),
    "improvement": _("Le souci d’améliorer la qualité des actions et de faire évoluer les pratiques."),
}


def precondition_violations(answers: Any, pointer: str = "/preconditions") -> list[Violation]:
    """An object of known preconditions, each answered yes, partly or no."""
    if not isinstance(answers, dict):
        return [Violation("invalid", _("Un objet JSON est attendu."), pointer)]
    found = []
    for code, answer in answers.items():
        if code not in PRECONDITIONS:
            found.append(Violation("unknown_precondition", _("Ce préalable n’est pas connu."), f"{pointer}/{code}"))
        elif answer not in set(Answer):
            found.append(Violation("unknown_choice", _("Répondez yes, partly ou no."), f"{pointer}/{code}"))
    return found


def missing_answers(texts: Mapping[str, str], pooled: Iterable[str], answers: Mapping[str, str]) -> list[Violation]:
    """What is still to be answered before an assessment may be submitted, all at once."""
    detail = _("Cette question attend une réponse.")
    found = [Violation("answer_missing", detail, f"/{name}") for name in QUESTIONS if not texts[name].strip()]
    if not list(pooled):
        found.append(Violation("answer_missing", detail, "/pooled"))
    found += [
        Violation("answer_missing", detail, f"/preconditions/{code}") for code in PRECONDITIONS if code not in answers
    ]
    return found


class Accord(StrEnum):
    """`untold`: fewer than two answers, so nothing to compare."""

    AGREED = "agreed"
    DIVIDED = "divided"
    UNTOLD = "untold"


@dataclass(frozen=True)
class Compared:
    """One point on which members answered: answer -> who gave it, in the order given."""

    code: str
    accord: Accord
    by_answer: Mapping[str, tuple[str, ...]]


def compare(code: str, answers: Iterable[tuple[str, str]], values: Iterable[str]) -> Compared:
    """Group (who, answer) pairs by answer. Divided as soon as two answers differ."""
    given = list(answers)
    by_answer = {value: tuple(who for who, answer in given if answer == value) for value in values}
    used = sum(bool(who) for who in by_answer.values())
    accord = Accord.UNTOLD if len(given) < 2 else (Accord.AGREED if used == 1 else Accord.DIVIDED)
    return Compared(code, accord, by_answer)
