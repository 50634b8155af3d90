"""The mail of one reminder: what a volunteer president understands, in their language, with a stable identity."""

import datetime as dt

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from coopproject import wording
from coopproject.logs import request_id
from governance.models import Cooperation, Person
from governance.reminding import ExpectedReminder, ReminderKind
from worker.models import Reminder

# What is awaited, then what the reader can do about it.
_WORDS: dict[ReminderKind, tuple[str | Promise, str | Promise]] = {
    ReminderKind.MILESTONE_DUE: (
        _("le jalon « %(label)s » est à terminer"),
        _("S’il est terminé, déclarez-le ; sinon, dites sa nouvelle date et pourquoi."),
    ),
    ReminderKind.APPROVAL_WAITING: (
        _("votre conseil est attendu pour approuver « %(label)s »"),
        _("Inscrivez ce texte à l’ordre du jour de votre instance, puis enregistrez sa délibération."),
    ),
    ReminderKind.CORRECTION_TO_CHECK: (
        _("fin du délai pour contester la correction « %(label)s »"),
        _("Lisez ce qui change. Si ce n’est pas qu’une correction de forme, contestez-la : vos instances la voteront."),
    ),
    ReminderKind.CONSULTATION_DEADLINE: (
        _("fin du délai de consultation du CSE sur « %(label)s »"),
        _("Si l’avis est rendu, enregistrez-le. Sans avis à cette date, il sera réputé négatif."),
    ),
    ReminderKind.MANDATE_ENDING: (
        _("le mandat « %(label)s » prend fin"),
        _("Décidez s’il est renouvelé, confié à quelqu’un d’autre, ou clos."),
    ),
    ReminderKind.REVIEW_DUE: (
        _("la revue de « %(label)s » est à tenir"),
        _("Fixez la date de la réunion et préparez les mesures qui manquent."),
    ),
    ReminderKind.MEASUREMENT_DUE: (
        _("le relevé de « %(label)s » est attendu"),
        _("Saisissez la valeur de la période, puis soumettez-la à validation."),
    ),
    ReminderKind.CORRECTIVE_ACTION_DUE: (
        _("l’action corrective « %(label)s » est à terminer"),
        _("Si c’est fait, dites ce qui a été fait ; une autre personne le vérifiera."),
    ),
    ReminderKind.AGREEMENT_NOTICE: (
        _("dernier jour pour dénoncer la convention « %(label)s »"),
        _("Sans préavis donné à cette date, elle se reconduit. Si c’est voulu, il n’y a rien à faire."),
    ),
    ReminderKind.AGREEMENT_TERM: (
        _("la convention « %(label)s » arrive à son terme"),
        _("Si elle se reconduit, vérifiez que c’est voulu ; sinon, convenez de la suite par un avenant."),
    ),
    ReminderKind.WORKING_GROUP_MEETING: (
        _("le groupe de travail « %(label)s » se réunit"),
        _("Prévenez la personne qui l’anime si vous ne pouvez pas venir."),
    ),
    ReminderKind.WORKING_GROUP_OUTPUT: (
        _("la production du groupe de travail « %(label)s » est attendue"),
        _("Si elle est prête, remettez-la ; sinon, convenez d’une autre date avec la coordination."),
    ),
    ReminderKind.COMMUNICATION_DUE: (
        _("l’action de communication « %(label)s » est à mener"),
        _("Une fois faite, dites ce qui a été dit et à combien de personnes ; sinon, dites pourquoi vous y renoncez."),
    ),
    ReminderKind.DELIVERABLE_DUE: (
        _("le livrable « %(label)s » est attendu de l’accompagnement"),
        _("S’il est remis, enregistrez-le ; sinon, convenez d’un autre jour avec l’accompagnateur."),
    ),
    ReminderKind.CLAUSE_ENDING: (
        _("la clause de confidentialité « %(label)s » prend fin"),
        _("Si le secret doit durer, posez une nouvelle clause avant ce jour ; sinon, il n’y a rien à faire."),
    ),
    ReminderKind.STRUCTURE_STEP_DUE: (
        _("l’étape « %(label)s » de la création est à faire"),
        _("Si c’est fait, dites-le avec sa preuve ; sinon, donnez-lui un autre jour."),
    ),
}


def compose(
    reminder: Reminder, expected: ExpectedReminder, *, recipient: Person, cooperation: Cooperation, today: dt.date
) -> EmailMessage:
    """The message of this row, from what is true today. Its Message-ID is the row's, whatever the attempt."""
    with translation.override(recipient.language):
        label = " ".join(str(expected.label).split())
        what, advice = _WORDS[ReminderKind(reminder.kind)]
        sentence = str(what) % {"label": label}
        when = _when((expected.due_on - today).days)
        context = {
            "name": recipient.given_name,
            "when": when,
            "sentence": sentence,
            "day": wording.day(expected.due_on),
            "cooperation": " ".join(cooperation.name.split()),
            "advice": str(expected.advice or advice),
            "link": f"{settings.SITE_URL}/api/v1/{reminder.subject_type}/{reminder.subject_id}/",
            "snooze": f"{settings.SITE_URL}/api/v1/reminders/{reminder.pk}/",
        }
        return EmailMessage(
            subject=str(_("%(when)s : %(sentence)s") % context),
            body=str(_BODY) % context,
            to=[recipient.email],
            headers={
                "Message-ID": reminder.message_id,
                "X-Request-ID": reminder.request_id or request_id.get(),
                # RFC 3834: no out-of-office answer to a machine.
                "Auto-Submitted": "auto-generated",
            },
        )


def _when(days: int) -> str:
    if days == 0:
        return str(_("Aujourd’hui"))
    if days == 1:
        return str(_("Demain"))
    if days > 0:
        return ngettext("Dans %(days)d jour", "Dans %(days)d jours", days) % {"days": days}
    return ngettext("En retard de %(days)d jour", "En retard de %(days)d jours", -days) % {"days": -days}


_BODY = _(
    """Bonjour %(name)s,

%(when)s : %(sentence)s.
Échéance : %(day)s
Coopération : %(cooperation)s

%(advice)s

Voir : %(link)s

Ce rappel est automatique et cesse dès que c’est fait. Pour qu’il revienne plus tard : %(snooze)s
"""
)
