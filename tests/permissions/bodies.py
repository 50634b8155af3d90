"""A valid body for each operation, so that a refusal is one of permission and a permitted act succeeds."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cast import PLAIN_RULE, luhn_siren
from tests.charters.factories import ADOPTED
from tests.governance.dossier.documents import minimal
from tests.permissions.scene import Place

_LATER = dt.timedelta(days=30)


def _day(place: Place, days: int = 0) -> str:
    day: dt.date = place.who.today + dt.timedelta(days=days)
    return day.isoformat()


def _pk(obj: Any) -> str:
    return str(obj.pk)


BODIES: dict[str, Callable[[Place], dict[str, Any]]] = {
    "POST session/": lambda place: {},
    "POST tokens/": lambda place: {"name": "Intranet", "scopes": ["read"]},
    "POST files/": lambda place: {"file": SimpleUploadedFile("pv.txt", b"Le conseil a vot\xc3\xa9.")},
    "POST cooperations/": lambda place: {"name": "Nouvelle", "started_on": _day(place)},
    "PATCH cooperations/{id}/": lambda place: {"purpose": "Faire avec"},
    "POST cooperations/import/": lambda place: minimal(),
    "POST cooperations/{id}/check-form/": lambda place: {"form": "gip"},
    "POST cooperative-profile-quiz/score/": lambda place: {
        "answers": {"why": "ideas", "when": "daily", "involvement": "facilitates", "motto": "ideas"}
    },
    "POST readiness-assessments/": lambda place: {
        "cooperation": place.id("cooperations"),
        # Alpha has answered already.
        "organisation": _pk(getattr(place.who, "gamma", place.who.alpha)),
    },
    "POST arbitration-grids/": lambda place: {
        "cooperation": place.id("cooperations"),
        # Alpha has its grid already.
        "organisation": _pk(getattr(place.who, "gamma", place.who.alpha)),
    },
    "POST confidentiality-clauses/": lambda place: {
        "cooperation": place.id("cooperations"),
        "source": "internal_rules",
        "reference": "Article 12",
        "title": "Discrétion sur les départs",
        "confidentiality": "active",
        "on_behalf_of": place.id("organisations"),
        "reason": "Convenu entre nous",
    },
    "POST confidentiality-clauses/{id}/lift/": lambda place: {"reason": "Annoncé à tous"},
    "PATCH arbitration-grids/{id}/": lambda place: {"scores": {}},
    "PATCH readiness-assessments/{id}/": lambda place: {"why": "Pour durer"},
    "POST people/": lambda place: {
        "given_name": "Nadia",
        "family_name": "Neuve",
        "cooperation": place.id("cooperations"),
        "kind": "observer",
    },
    "PATCH people/{id}/": lambda place: {"phone": "01 02 03 04 05"},
    "POST organisations/": lambda place: {
        "name": "Nouvelle",
        "siren": luhn_siren(777),
        "cooperation": place.id("cooperations"),
        "circle": "network",
    },
    "PATCH organisations/{id}/": lambda place: {"sector": "Animation"},
    "POST organisations/{id}/record-headcounts/": lambda place: {
        "headcounts": [{"month": "2001-01-01", "value": "3.00"}]
    },
    "POST headcounts/": lambda place: {
        "organisation": place.id("organisations"),
        "month": "2001-01-01",
        "value": "3.00",
    },
    "PATCH headcounts/{id}/": lambda place: {"source": "DSN"},
    "POST turnovers/": lambda place: {"organisation": place.id("organisations"), "year": 2019, "amount": "10.00"},
    "PATCH turnovers/{id}/": lambda place: {"source": "Comptes"},
    "POST memberships/": lambda place: {
        "cooperation": place.id("cooperations"),
        "organisation": _pk(place.who.omega),
        "circle": "network",
    },
    "POST memberships/{id}/move/": lambda place: {"circle": "network", "reason": "Moins de temps"},
    "POST memberships/{id}/give-notice/": lambda place: {"reason": "Autre projet"},
    "POST memberships/{id}/leave/": lambda place: {"reason": "Autre projet"},
    "POST roles/": lambda place: {
        "cooperation": place.id("cooperations"),
        "person": _pk(place.who.employees_alpha),
        "organisation": place.id("organisations"),
        "kind": "director",
    },
    "PATCH roles/{id}/": lambda place: {"until": _day(place, 30)},
    "POST roles/{id}/end/": lambda place: {},
    "POST boards/": lambda place: {
        "organisation": place.id("organisations"),
        "body": "ag",
        "seats_in_office": 5,
        "approves_charters": False,
    },
    "PATCH boards/{id}/": lambda place: {"seats_in_office": 7},
    "POST voting-rules/": lambda place: {
        "board": place.id("boards"),
        "valid_from": _day(place, 30),
        "definition": PLAIN_RULE,
    },
    "PATCH voting-rules/{id}/": lambda place: {"source": "Article 12"},
    "POST decisions/": lambda place: {"cooperation": place.id("cooperations"), "title": "Acheter ensemble"},
    "PATCH decisions/{id}/": lambda place: {"title": "Autrement"},
    "POST decisions/{id}/take/": lambda place: {"outcome": "Adoptée"},
    "POST decisions/{id}/withdraw/": lambda place: {"reason": "Sans objet"},
    "POST consultations/": lambda place: {"decision": _pk(place.undecided), "organisation": place.id("organisations")},
    "PATCH consultations/{id}/": lambda place: {"both_levels": True},
    "POST consultations/{id}/send-information/": lambda place: {"delivered_on": _day(place)},
    "POST consultations/{id}/designate-expert/": lambda place: {"designated_on": _day(place)},
    "POST consultations/{id}/extend/": lambda place: {"common_agreement_on": _day(place, 90)},
    "POST consultations/{id}/record-opinion/": lambda place: {"kind": "favourable", "given_on": _day(place)},
    "POST consultations/{id}/record-response/": lambda place: {"text": "Entendu", "given_on": _day(place)},
    "POST charters/": lambda place: {
        "cooperation": place.id("cooperations"),
        "title": "Charte du matériel",
        "entry_rule": {"kind": "all_members"},
    },
    "PATCH charters/{id}/": lambda place: {"purpose": "Durer"},
    "POST charters/{id}/archive/": lambda place: {"reason": "Remplacée"},
    "POST charters/{id}/record-review/": lambda place: {"conclusion": "Rien à changer"},
    "POST charters/{id}/confirm-motivations/": lambda place: {"note": "Relues ensemble"},
    "POST charter-versions/": lambda place: {"charter": _pk(place.unwritten)},
    "PATCH charter-versions/{id}/": lambda place: {"change_summary": "Plus clair"},
    "POST charter-versions/{id}/withdraw/": lambda place: {"reason": "À revoir"},
    "POST charter-versions/{id}/reject/": lambda place: {"reason": "Refusée"},
    "POST charter-versions/{id}/contest-editorial/": lambda place: {"reason": "Un mot change"},
    "POST charter-versions/{id}/amend/": lambda place: {"amendment_type": "substantial"},
    "POST articles/": lambda place: {"charter_version": _pk(place.draft), "section": "free", "title": "Nouveau"},
    "POST annexes/": lambda place: {
        "charter_version": _pk(place.draft),
        "title": "Liste des pilotes",
        "body": "Ana et Bob.",
        "concerns": [place.id("organisations")],
    },
    "POST annexes/{id}/restore-file/": lambda place: {"file": SimpleUploadedFile("pv.txt", b"Rien.")},
    "PATCH annexes/{id}/": lambda place: {"title": "Retouchée"},
    "PATCH articles/{id}/": lambda place: {"title": "Retouché"},
    "POST article-comments/": lambda place: {
        "charter_version": place.id("charter-versions"),
        "parent": place.id("article-comments"),
        "body": "D’accord",
    },
    "PATCH article-comments/{id}/": lambda place: {"body": "Plus clair"},
    "POST article-comments/{id}/resolve/": lambda place: {"outcome": "Fait"},
    "POST motivations/": lambda place: {
        "charter": place.id("charters"),
        "organisation": place.id("organisations"),
        "code": "nouvelle",
        "label": "Former ensemble",
    },
    "PATCH motivations/{id}/": lambda place: {"weight": 2},
    "POST motivations/{id}/retire/": lambda place: {"reason": "Plus d’actualité"},
    "POST expected-effects/": lambda place: {"motivation": place.id("motivations"), "label": "Deux stages"},
    "PATCH expected-effects/{id}/": lambda place: {"expected_level": 2},
    "POST expected-effects/{id}/retire/": lambda place: {"reason": "Hors de portée"},
    "POST board-deliberations/": lambda place: {
        "charter_version": place.id("charter-versions"),
        "board": place.id("boards"),
        "content_hash": place.objects["charter-versions"].content_hash,
        "held_on": _day(place),
        "minutes_reference": "PV 2",
        **ADOPTED,
    },
    "POST agreements/": lambda place: {
        "cooperation": place.id("cooperations"),
        "charter": place.id("charters"),
        "title": "Convention de prêt",
        "starts_on": _day(place),
        "parties": [{"organisation": place.id("organisations")}],
    },
    "PATCH agreements/{id}/": lambda place: {"confidentiality": "core"},
    "POST agreements/{id}/sign/": lambda place: {"content_hash": place.objects["agreements"].content_hash},
    "POST agreements/{id}/withdraw/": lambda place: {"reason": "À revoir"},
    "POST agreements/{id}/give-notice/": lambda place: {"reason": "Autre projet"},
    "POST agreements/{id}/end/": lambda place: {"reason": "D’un commun accord", "reference": "Acte du 3 mars"},
    "POST board-deliberations/{id}/restore-minutes/": lambda place: {"file": SimpleUploadedFile("pv.txt", b"Rien.")},
    "POST board-deliberations/{id}/cast/": lambda place: {"choice": "for"},
    "POST board-deliberations/{id}/recuse/": lambda place: {"reason": "Intérêt personnel"},
    "POST board-deliberations/{id}/declare-proxy/": lambda place: {
        "holder": _pk(place.who.chair_alpha),
        "written": True,
    },
    "POST board-deliberations/{id}/record/": lambda place: {"minutes_reference": "PV 3", **ADOPTED},
    "POST board-deliberations/{id}/cancel/": lambda place: {"reason": "Panne de courant"},
    "POST board-deliberations/{id}/regularise/": lambda place: {
        "ratified_on": _day(place),
        "minutes_reference": "PV 4",
        "reason": "Avis recueilli",
    },
    "POST activities/": lambda place: {"cooperation": place.id("cooperations"), "name": "Achats groupés"},
    "PATCH activities/{id}/": lambda place: {"description": "Chaque mois"},
    "POST mandates/": lambda place: {
        "activity": _pk(place.unpiloted),
        "person": _pk(place.who.pilot_beta),
        "organisation": _pk(place.who.beta),
        "scope": "Piloter",
    },
    "PATCH mandates/{id}/": lambda place: {"powers": "Signer"},
    "POST mandates/{id}/suspend/": lambda place: {"reason": "Congé"},
    "POST mandates/{id}/end/": lambda place: {"reason": "Plus de temps"},
    "POST milestones/": lambda place: {
        "activity": place.id("activities"),
        "title": "Ouvrir",
        "due_on": _day(place, 90),
    },
    "PATCH milestones/{id}/": lambda place: {"description": "Avec la mairie"},
    "POST milestones/{id}/reschedule/": lambda place: {"due_on": _day(place, 99), "reason": "Travaux"},
    "POST milestones/{id}/cancel/": lambda place: {"reason": "Sans objet"},
    "POST budget-lines/": lambda place: {
        "activity": place.id("activities"),
        "label": "Impression",
        "planned": "100.00",
    },
    "PATCH budget-lines/{id}/": lambda place: {"label": "Papier"},
    "POST budget-entries/": lambda place: {"line": place.id("budget-lines"), "kind": "actual", "amount": "5.00"},
    "POST indicators/": lambda place: {"activity": place.id("activities"), "code": "NEUF", "label": "Nuitées"},
    "PATCH indicators/{id}/": lambda place: {"source": "Registre"},
    "POST indicator-targets/": lambda place: {
        "indicator": place.id("indicators"),
        "due_on": _day(place, 200),
        "value": "12",
    },
    "PATCH indicator-targets/{id}/": lambda place: {"value": "13"},
    "POST measurements/": lambda place: {
        "indicator": place.id("indicators"),
        "period_start": _day(place, -60),
        "period_end": _day(place, -31),
        "value": "12",
    },
    "PATCH measurements/{id}/": lambda place: {"comment": "Relu"},
    "POST measurements/{id}/return/": lambda place: {"reason": "Justificatif"},
    "POST evaluations/": lambda place: {
        "cooperation": place.id("cooperations"),
        "title": "Bilan",
        "held_on": _day(place),
        "period_start": _day(place, -90),
        "period_end": _day(place),
    },
    "PATCH evaluations/{id}/": lambda place: {"conclusions": "Tenir"},
    "POST evaluation-gaps/{id}/read/": lambda place: {
        "cause": "Retard du permis",
        "decision": "correct",
        "owner": _pk(place.who.director_alpha),
        "due_on": _day(place, 30),
    },
    "POST corrective-actions/": lambda place: {
        "cooperation": place.id("cooperations"),
        "title": "Relancer",
        "owner": _pk(place.who.director_alpha),
        "due_on": _day(place, 30),
    },
    "PATCH corrective-actions/{id}/": lambda place: {"title": "Relancer encore"},
    "POST corrective-actions/{id}/complete/": lambda place: {"action_taken": "Relancé"},
    "POST corrective-actions/{id}/verify/": lambda place: {"adequate": True},
    "POST reminder-rules/": lambda place: {
        "cooperation": place.id("cooperations"),
        "kind": "review_due",
        "days_before": [30, 7],
    },
    "PATCH reminder-rules/{id}/": lambda place: {"active": False},
    "POST reminders/{id}/snooze/": lambda place: {"until": _day(place, 2)},
}


def body_of(operation: str, place: Place) -> dict[str, Any]:
    return BODIES.get(operation, lambda _place: {})(place)
