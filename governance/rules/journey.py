"""The four challenges of the guide, what each asks, and the levels of cooperation (seeds S2 and S0).

The guide: « ces accélérateurs ne se manifestent pas forcément de manière linéaire et chronologique ». So nothing here
refuses a step back, or one that leaves a challenge out; what is said is only in which direction it goes.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.rules.readiness import Answer

NOTE_LENGTH = 2000
CHALLENGES = ("team", "training", "joining", "playing")
LEVELS = ("simple", "contractualised", "organised")


@dataclass(frozen=True)
class ChallengeEntry:
    """One challenge in the words of the guide. `items`: what it asks, by the code under which it is answered."""

    code: str
    name: str | Promise
    presentation: str | Promise
    with_whom: str | Promise
    items: Mapping[str, str | Promise]
    advice: tuple[str | Promise, ...]


GUIDE: tuple[ChallengeEntry, ...] = (
    ChallengeEntry(
        "team",
        _("Constituer son équipe"),
        _(
            "L’objectif est de favoriser des rencontres et d’apprendre à connaître les autres structures présentes "
            "dans son environnement."
        ),
        _("L’équipe."),
        {
            "meet_networks": _(
                "Rencontrer des réseaux existants. Faire connaissance avec l’ensemble des participants avant de "
                "s’engager dans un réseau."
            ),
            "connect": _("Se mettre en relation lors de journées de travail communes sur des thématiques."),
            "meet_regularly": _(
                "Se rencontrer régulièrement, apprendre à se connaître et réfléchir à monter des projets en commun."
            ),
            "first_questions": _("Se poser les bonnes questions préalables à toute coopération."),
        },
        (
            _("La coopération se provoque, il ne faut pas être attentiste."),
            _("Ne pas être uniquement dans une « coopération d’affichage »."),
        ),
    ),
    ChallengeEntry(
        "training",
        _("S’entraîner, trouver sa place dans l’équipe"),
        _("Lorsque les structures ont décidé de coopérer, il convient de clarifier le rôle de chacun."),
        _("L’équipe."),
        {
            "trust": _("Accumuler un capital confiance."),
            "common_culture": _("Partager une culture commune par la formation pour donner du sens commun."),
            "roles": _("Clarifier les rôles de chacun : préciser le « qui fait quoi ? »."),
            "facilitation": _("Répartir l’animation des chantiers collaboratifs."),
            "spaces": _("Créer de nouveaux espaces destinés à la réflexion."),
            "partners": _("S’adapter à la typologie des partenaires."),
        },
        (
            _(
                "Les dirigeants rencontrés indiquent passer par des phases de coopérations très fortes et de "
                "difficultés, avec parfois le sentiment de revenir en arrière. Il ne faut pas se décourager."
            ),
            _(
                "Lorsque la coopération nécessite la création de nouvelles fonctions, on observe un effet de seuil "
                "perçu autour d’une dizaine de participants."
            ),
        ),
    ),
    ChallengeEntry(
        "joining",
        _("Adhérer au projet dans l’équipe"),
        _(
            "Lorsque le projet collectif ponctuel ne répond pas ou de façon moins adaptée aux besoins, la question de "
            "formaliser la collaboration peut se poser."
        ),
        _("L’équipe, les supporters, les préparateurs."),
        {
            "charter": _("Produire une charte."),
            "exchanges": _("Communiquer sur les échanges entre les participants."),
            "pilots": _(
                "Identifier les pilotes pour chaque activité mise en commun : clarifier les mandats adossés à des "
                "compétences adéquates et une réelle disponibilité."
            ),
            "milestones": _(
                "Jalonner la démarche : veiller à un calendrier réaliste doublé d’un budget dédié assortis "
                "d’indicateurs de pilotage idéalement co-construits."
            ),
            "key_people": _(
                "Mobiliser les acteurs-clés en interne : consultation des IRP, démarche de groupes de travail "
                "thématiques avec si nécessaire un plan de communication interne."
            ),
            "ad_hoc_structure": _("Créer une structure ad hoc."),
        },
        (
            _(
                "Le projet de coopération est un système vivant : prévoir dès le départ un système d’évaluation "
                "continue."
            ),
            _("Définir le niveau de confidentialité que les structures souhaitent conserver."),
        ),
    ),
    ChallengeEntry(
        "playing",
        _("Jouer dans une équipe soudée"),
        _(
            "« Faire ensemble » dans le cadre de projets collectifs présente de nombreux atouts en termes de "
            "dynamisme, d’ancrage des activités, des emplois et des compétences. Cette mise en commun donne à voir un "
            "nouvel acteur qui ne se substitue pas à l’activité propre de chacun des membres."
        ),
        _("L’équipe, les supporters."),
        {
            "facilitate": _("Créer une fonction « animation » pour resserrer les liens."),
            "coordinate": _(
                "Créer une fonction de coordination pour la gestion du temps et la mobilisation des compétences."
            ),
            "resources": _(
                "Répartir les ressources spécifiques : s’assurer que les modalités de refacturation sont justes et ne "
                "risquent pas d’entraîner une modification du régime fiscal des structures."
            ),
            "offer": _("Construire une offre commune de biens et de services."),
        },
        (
            _(
                "La fonction « animation-coordination » demeure financée de façon résiduelle : découper les demandes "
                "par tranche ou par projet."
            ),
        ),
    ),
)
_BY_CODE = {entry.code: entry for entry in GUIDE}


@dataclass(frozen=True)
class LevelEntry:
    code: str
    name: str | Promise
    meaning: str | Promise


LEVEL_GUIDE: tuple[LevelEntry, ...] = (
    LevelEntry(
        "simple",
        _("La coopération simple"),
        _("Repose sur une confiance mutuelle à l’origine d’une entente tacite profitable à tous."),
    ),
    LevelEntry(
        "contractualised",
        _("La coopération contractualisée"),
        _("Permet d’établir des relations contractuelles, notamment économiques."),
    ),
    LevelEntry(
        "organised",
        _("La coopération organisée et stratégique"),
        _(
            "Repose sur une volonté politique et stratégique des entreprises à travailler durablement en étroite "
            "collaboration."
        ),
    ),
)


def challenge_entry(code: str) -> ChallengeEntry:
    """Raises KeyError for a code that is not one of `CHALLENGES`."""
    return _BY_CODE[code]


class Direction(StrEnum):
    """Where a place lies against the one before it, in the order of the guide."""

    FIRST = "first"
    FORWARD = "forward"
    BACK = "back"
    SAME = "same"


def directions(places: Iterable[str]) -> list[Direction]:
    """One for each place, in the order given. `places`: codes of `CHALLENGES`, or of `LEVELS`."""
    ranks = [(CHALLENGES.index(place) if place in CHALLENGES else LEVELS.index(place)) for place in places]
    if not ranks:
        return []
    return [Direction.FIRST, *(_direction(before, after) for before, after in pairwise(ranks))]


def _direction(before: int, after: int) -> Direction:
    if after == before:
        return Direction.SAME
    return Direction.FORWARD if after > before else Direction.BACK


def answer_violations(challenge: str, answers: Any, pointer: str = "/answers") -> list[Violation]:
    """An object: item of this challenge -> `{answer: yes|partly|no, note}`. A level asks nothing."""
    if not isinstance(answers, dict):
        return [Violation("invalid", _("Un objet JSON est attendu."), pointer)]
    items = _BY_CODE[challenge].items if challenge else {}
    found = []
    for code, given in answers.items():
        where = f"{pointer}/{code}"
        if code not in items:
            found.append(Violation("unknown_item", _("Ce challenge ne demande rien sous ce code."), where))
        elif not isinstance(given, dict) or not set(given) <= {"answer", "note"}:
            found.append(Violation("invalid", _("Une réponse (answer) et une note sont attendues."), where))
        else:
            if given.get("answer") not in list(Answer):
                found.append(Violation("unknown_choice", _("Répondez yes, partly ou no."), f"{where}/answer"))
            note = given.get("note", "")
            if not isinstance(note, str) or len(note) > NOTE_LENGTH:
                found.append(
                    Violation("invalid", _("Une note de 2000 caractères au plus est attendue."), f"{where}/note")
                )
    return found


def entry_violations(
    *, challenge: str, level: str, of_organisation: bool, since: dt.date, started_on: dt.date, today: dt.date
) -> list[Violation]:
    """Why such an entry cannot be, all at once."""
    found = []
    if bool(challenge) == bool(level):
        detail = _("Indiquez un challenge, ou un niveau de coopération, et un seul des deux.")
        found.append(Violation("challenge_or_level", detail, "/challenge"))
    if level and of_organisation:
        detail = _("Le niveau est celui de la coopération, pas d’un membre.")
        found.append(Violation("level_of_cooperation", detail, "/organisation"))
    if since > today:
        found.append(Violation("in_the_future", _("Cette date est à venir : le fait ne peut être constaté."), "/since"))
    if since < started_on:
        detail = _("La coopération n’avait pas commencé ce jour-là.")
        found.append(Violation("before_start", detail, "/since"))
    return found
