"""The vital signs of the dialogue with works councils: what was done out of order, what is contested or missing."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from coopproject import wording
from governance.actor import Actor
from governance.enums import DecisionState
from governance.models import Consultation, ConsultationDocument, Cooperation
from governance.rules.consultation_situations import irregularities, side_states
from governance.selectors.consultation_dialogue import dialogue_facts, with_dialogue
from governance.vital_signs import Concern, Severity, VitalSign

# Told already by the sign of an answer that is awaited.
_TOLD = frozenset({"response_missing", "closed_without_response"})


def examine_dialogue(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    """Irregular consultations, contests without an answer, documents whose bytes are missing."""
    rows = Consultation.objects.visible_to(actor).filter(cooperation=cooperation)
    for row in with_dialogue(rows.exclude(decision__state=DecisionState.WITHDRAWN).order_by("pk")):
        yield from _of_consultation(row, actor, on)
    documents = ConsultationDocument.objects.visible_to(actor).filter(cooperation=cooperation, file__is_missing=True)
    for document in documents.order_by("pk"):
        yield VitalSign(
            code="document_file_missing",
            severity=Severity.WARNING,
            title=wording.filled(_("Le fichier de « %(title)s » manque"), title=document.title),
            why=_("Le dossier importé n’en disait que l’empreinte : personne ne peut lire ce qui a été remis au CSE."),
            clears=_("Déposer de nouveau le même fichier : son empreinte le reconnaît."),
            since=document.handed_on,
            objects=(Concern("consultation-documents", str(document.pk), document.title),),
        )


def _of_consultation(row: Consultation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    facts = dialogue_facts(row, actor, on)
    concerns = (Concern("consultations", str(row.pk), f"{row.organisation} — {row.decision}"),)
    for found in irregularities(facts, on):
        if found.code in _TOLD:
            continue
        yield VitalSign(
            code="consultation_irregular",
            severity=Severity.CRITICAL if found.code == "decision_too_early" else Severity.WARNING,
            title=wording.filled(_("Consultation irrégulière : %(who)s"), who=row.organisation),
            why=wording.filled(_("%(who)s : %(why)s"), who=row.organisation, why=wording.going_on(found.detail)),
            clears=_("Le relever dans le dossier de la consultation ; voir avec un conseil ce qui peut être repris."),
            since=found.since,
            objects=concerns,
        )
    for state in side_states(facts):
        if state.code == "information_contested":
            yield VitalSign(
                code="consultation_information_contested",
                severity=Severity.WARNING,
                title=wording.filled(_("Information contestée par le CSE : %(who)s"), who=row.organisation),
                why=wording.filled(_("%(who)s : %(why)s"), who=row.organisation, why=wording.going_on(state.why)),
                clears=_("Répondre au CSE, remettre ce qui manque, ou constater que l’information était incomplète."),
                since=state.since,
                objects=concerns,
            )
