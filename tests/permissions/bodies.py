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


def _chair_role(place: Place) -> str:
    """The role that the person of the scene leaves to nobody."""
    chair = place.objects["people"]
    return _pk(chair.roles.get(cooperation=place.who.cooperation, kind="board_chair"))


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
    "POST journey-entries/": lambda place: {
        "cooperation": place.id("cooperations"),
        "organisation": _pk(place.who.alpha),
        "challenge": "joining",
        "reason": "La charte se discute",
    },
    "PATCH journey-entries/{id}/": lambda place: {"answers": {"trust": {"answer": "partly", "note": "Naissante"}}},
    "POST structure-scenarios/": lambda place: {
        "cooperation": place.id("cooperations"),
        "title": "Union d’associations",
        "forms": ["union"],
        "members": [_pk(place.who.alpha)],
    },
    "PATCH structure-scenarios/{id}/": lambda place: {"cost_once": "1200.00"},
    "POST structure-scenarios/{id}/keep/": lambda place: {"reason": "La plus légère"},
    "POST structure-scenarios/{id}/set-aside/": lambda place: {"reason": "Trop lourde"},
    "POST structure-scenarios/{id}/reopen/": lambda place: {"reason": "Un membre de plus"},
    "POST support-missions/": lambda place: {
        "cooperation": place.id("cooperations"),
        "title": "Structurer le groupe",
        "template": "dla",
        "provider": "DLA 69",
        "starts_on": _day(place),
    },
    "PATCH support-missions/{id}/": lambda place: {"funder": "Région"},
    "POST mission-phases/": lambda place: {"mission": place.id("support-missions"), "name": "Atelier de plus"},
    "PATCH mission-phases/{id}/": lambda place: {"planned_days": "3.50"},
    "POST mission-phases/{id}/reopen/": lambda place: {"reason": "Un membre de plus"},
    "POST mission-deliverables/": lambda place: {"mission": place.id("support-missions"), "title": "Note"},
    "PATCH mission-deliverables/{id}/": lambda place: {"title": "Note finale"},
    "POST mission-deliverables/{id}/deliver/": lambda place: {"reference": "Espace commun"},
    "POST mission-deliverables/{id}/reopen/": lambda place: {"reason": "Incomplet"},
    "POST mission-deliverables/{id}/restore-file/": lambda place: {"file": SimpleUploadedFile("p.txt", b"Remis.")},
    "POST structure-projects/": lambda place: {
        "cooperation": place.id("cooperations"),
        "title": "Groupement",
        "form": "ge",
        "founders": [_pk(place.who.alpha)],
    },
    "PATCH structure-projects/{id}/": lambda place: {"purpose": "Employer ensemble"},
    "POST structure-projects/{id}/register/": lambda place: {"registration_reference": "W691234567"},
    "POST structure-projects/{id}/abandon/": lambda place: {"reason": "Plus de financeur"},
    "POST structure-projects/{id}/reopen/": lambda place: {"reason": "Un financeur revient"},
    "POST project-steps/": lambda place: {"project": place.id("structure-projects"), "title": "Nom et logo"},
    "PATCH project-steps/{id}/": lambda place: {"due_on": _day(place, 30)},
    "POST project-steps/{id}/skip/": lambda place: {"reason": "Sans objet"},
    "POST project-steps/{id}/reopen/": lambda place: {"reason": "À refaire"},
    "POST project-steps/{id}/restore-file/": lambda place: {"file": SimpleUploadedFile("p.txt", b"Remis.")},
    "POST people/": lambda place: {
        "given_name": "Nadia",
        "family_name": "Neuve",
        "cooperation": place.id("cooperations"),
        "kind": "observer",
    },
    "PATCH people/{id}/": lambda place: {"phone": "01 02 03 04 05"},
    "POST people/{id}/leave/": lambda place: {
        "cooperation": place.id("cooperations"),
        "reason": "Fin de mandat",
        "handovers": {
            f"organisation_without_chair:{_chair_role(place)}": {"left_open": "Le conseil élit en mars"},
            f"vote_without_chair:{place.id('board-deliberations')}": {"left_open": "Le conseil élit en mars"},
        },
    },
    "POST people/{id}/erase/": lambda place: {"reason": "À sa demande"},
    "POST organisations/": lambda place: {
        "name": "Nouvelle",
        "siren": luhn_siren(777),
        "cooperation": place.id("cooperations"),
        "circle": "network",
    },
    "PATCH organisations/{id}/": lambda place: {"sector": "Animation"},
    "POST organisations/{id}/record-headcounts/": lambda place: {
        "headcounts": [{"month": "2011-01-01", "value": "3.00"}]
    },
    "POST headcounts/": lambda place: {
        "organisation": place.id("organisations"),
        "month": "2011-01-01",
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
    "PATCH memberships/{id}/": lambda place: {"profile": "solid"},
    "POST memberships/{id}/move/": lambda place: {"circle": "network", "reason": "Moins de temps"},
    "POST memberships/{id}/complete-step/": lambda place: {"step": place.id("onboarding-steps")},
    "POST memberships/{id}/undo-step/": lambda place: {"step": place.id("onboarding-steps"), "reason": "Erreur"},
    "POST onboarding-steps/": lambda place: {
        "cooperation": place.id("cooperations"),
        "circle": "core",
        "title": "Un an parmi les partenaires actifs",
    },
    "PATCH onboarding-steps/{id}/": lambda place: {"required": False},
    "POST onboarding-steps/{id}/retire/": lambda place: {"reason": "Trop lourde"},
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
    "POST stakeholders/": lambda place: {
        "cooperation": place.id("cooperations"),
        "kind": "volunteers",
        "person": _pk(place.who.member_alpha),
    },
    "PATCH stakeholders/{id}/": lambda place: {"expected": "Un avis chaque année"},
    "POST stakeholders/{id}/end/": lambda place: {"reason": "Projet fini"},
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
    "POST decisions/{id}/record-review/": lambda place: {"obtained": "Moitié moins cher", "conclusion": "kept"},
    "POST decisions/{id}/restore-minutes/": lambda place: {"file": SimpleUploadedFile("pv.txt", b"Rien.")},
    "POST decision-votes/": lambda place: {
        "decision": _pk(place.voted),
        "board": place.id("boards"),
        "held_on": _day(place),
        "minutes_reference": "PV 5",
        "present": 6,
        "votes_for": 5,
        "votes_against": 1,
    },
    "POST decision-votes/{id}/regularise/": lambda place: {
        "ratified_on": _day(place),
        "minutes_reference": "PV 6",
        "reason": "Avis recueilli",
    },
    "POST decision-votes/{id}/restore-minutes/": lambda place: {"file": SimpleUploadedFile("pv.txt", b"Rien.")},
    "POST delegations/": lambda place: {
        "role": _pk(place.who.coordinator.roles.get(cooperation=place.who.cooperation)),
        "scope": "Achats courants",
        "ceiling": "500.00",
        "since": _day(place),
        "until": _day(place, 365),
        "reference": "Délibération du 3 mars",
    },
    "POST delegations/{id}/revoke/": lambda place: {"reason": "Confiance retirée"},
    "POST assembly-rules/": lambda place: {
        "cooperation": place.id("cooperations"),
        "valid_from": _day(place, 30),
        "definition": PLAIN_RULE,
    },
    "POST decision-circuits/": lambda place: {
        "cooperation": place.id("cooperations"),
        "subject": "achats",
        "title": "Acheter ensemble",
        "decided_by": "assembly",
        "valid_from": _day(place, 30),
    },
    "PATCH decision-circuits/{id}/": lambda place: {"asked": "Le groupe achats"},
    "POST consultations/": lambda place: {"decision": _pk(place.undecided), "organisation": place.id("organisations")},
    "PATCH consultations/{id}/": lambda place: {"both_levels": True},
    "POST consultations/{id}/send-information/": lambda place: {"delivered_on": _day(place)},
    "POST consultations/{id}/designate-expert/": lambda place: {"designated_on": _day(place)},
    "POST consultations/{id}/extend/": lambda place: {"common_agreement_on": _day(place, 90)},
    "POST consultations/{id}/record-opinion/": lambda place: {"kind": "favourable", "given_on": _day(place)},
    "POST consultations/{id}/record-response/": lambda place: {"text": "Entendu", "given_on": _day(place)},
    "POST consultations/{id}/acknowledge-incomplete/": lambda place: {"missing_information": "Le budget"},
    "POST consultations/{id}/contest-information/": lambda place: {
        "contested_on": _day(place),
        "lacking": "Le calendrier",
    },
    "POST consultations/{id}/answer-contest/": lambda place: {"answered_on": _day(place), "answer": "Le voici"},
    "POST consultation-documents/": lambda place: {
        "consultation": place.id("consultations"),
        "title": "Note au CSE",
        "reference": "Note remise en main propre",
    },
    "PATCH consultation-documents/{id}/": lambda place: {"title": "Autre note"},
    "POST consultation-documents/{id}/hand-over/": lambda place: {"handed_on": _day(place)},
    "POST consultation-documents/{id}/restore-file/": lambda place: {"file": SimpleUploadedFile("pv.txt", b"Rien.")},
    "POST consultation-meetings/": lambda place: {
        "consultation": place.id("consultations"),
        "convened_on": _day(place, -7),
        "held_on": _day(place),
    },
    "POST consultation-meetings/{id}/annul/": lambda place: {"reason": "Saisie en double"},
    "POST working-groups/": lambda place: {
        "cooperation": place.id("cooperations"),
        "theme": "Paie commune",
        "mandate": "Proposer une organisation",
        "lead": _pk(place.who.chair_alpha),
        "organisation": place.id("organisations"),
    },
    "PATCH working-groups/{id}/": lambda place: {"theme": "Paie et comptabilité"},
    "POST working-groups/{id}/add-member/": lambda place: {"person": _pk(place.who.employees_alpha)},
    "POST working-groups/{id}/remove-member/": lambda place: {"person": _pk(place.who.chair_alpha)},
    "POST working-groups/{id}/record-meeting/": lambda place: {"held_on": _day(place), "attendance": 4},
    "POST working-groups/{id}/deliver/": lambda place: {"delivered_on": _day(place), "output_text": "Une note"},
    "POST working-groups/{id}/end/": lambda place: {"reason": "Travail rendu"},
    "POST working-groups/{id}/restore-output/": lambda place: {"file": SimpleUploadedFile("pv.txt", b"Rien.")},
    "POST communication-actions/": lambda place: {
        "cooperation": place.id("cooperations"),
        "audience": "teams",
        "organisation": place.id("organisations"),
        "message": "Ce qui change pour vous",
        "channel": "Réunion d’équipe",
        "planned_on": _day(place, 30),
        "owner": _pk(place.who.employees_alpha),
    },
    "PATCH communication-actions/{id}/": lambda place: {"channel": "Courrier"},
    "POST communication-actions/{id}/complete/": lambda place: {"done_on": _day(place), "said": "Le calendrier"},
    "POST communication-actions/{id}/cancel/": lambda place: {"reason": "Faite autrement"},
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
    "POST measurements/{id}/hand-over/": lambda place: {"to": _pk(place.who.director_alpha)},
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
