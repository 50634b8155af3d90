"""Works-council (CSE) consultations: one per employer concerned by a decision, never a shared one (domain.md 1.4)."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.enums import Confidentiality, ConsultationState, OpinionKind
from governance.models.decisions import Decision
from governance.models.organisations import Organisation
from governance.models.tenancy import TenantModel


@pghistory.track()
class Consultation(TenantModel):
    """The facts of one consultation. Deadlines are computed from them by `governance.rules`, and kept beside them.

    The regime is frozen when the information is handed over. `deemed_negative` is written by the system only. Votes
    are counts: no names, no union label (domain.md 6).
    """

    confidentiality_lookup = "confidentiality"
    restricted_lookup = "organisation"

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="consultations", verbose_name=_("décision"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="consultations", verbose_name=_("employeur")
    )
    state = models.CharField(_("état"), max_length=20, choices=ConsultationState, default=ConsultationState.DRAFT)
    confidentiality = models.CharField(
        _("confidentialité"), max_length=12, choices=Confidentiality, default=Confidentiality.ACTIVE
    )

    # The clock
    information_delivered_on = models.DateField(_("information transmise le"), null=True, blank=True)
    bdese_notice_on = models.DateField(_("mise à disposition dans la BDESE le"), null=True, blank=True)
    bdese_required = models.BooleanField(_("BDESE exigée par la loi ou l’accord"), default=False)
    information_complete = models.BooleanField(_("information complète"), default=False)
    missing_information = models.TextField(_("information manquante"), blank=True)
    # The day on which this was written down here, which may be long after it happened.
    information_recorded_on = models.DateField(_("transmission enregistrée le"), null=True, blank=True)
    regime = models.CharField(_("régime gelé"), max_length=40, blank=True)
    weekend_extension = models.CharField(_("report de fin de semaine"), max_length=10, blank=True)
    expert_designated_on = models.DateField(_("expert désigné le"), null=True, blank=True)
    both_levels = models.BooleanField(_("CSE central et d’établissement"), default=False)
    agreement_days = models.PositiveSmallIntegerField(_("délai d’accord (jours)"), null=True, blank=True)
    agreement_months = models.PositiveSmallIntegerField(_("délai d’accord (mois)"), null=True, blank=True)
    agreement_reference = models.CharField(_("référence de l’accord"), max_length=200, blank=True)
    common_agreement_on = models.DateField(_("date fixée d’un commun accord"), null=True, blank=True)
    judge_seized_on = models.DateField(_("juge saisi le"), null=True, blank=True)
    judge_fixed_on = models.DateField(_("date fixée par le juge"), null=True, blank=True)
    suspended_days = models.PositiveSmallIntegerField(_("jours de suspension"), default=0)
    # The days on which the employer wrote an accord or a suspension down.
    extended_on = models.DateField(_("accord enregistré le"), null=True, blank=True)
    suspended_on = models.DateField(_("suspension enregistrée le"), null=True, blank=True)

    # What the rules computed from the facts above; null while the clock has not started
    nominal_deadline = models.DateField(_("échéance"), null=True, blank=True)
    extended_deadline = models.DateField(_("échéance prorogée"), null=True, blank=True)
    act_from = models.DateField(_("décision possible à partir du"), null=True, blank=True)

    # The opinion
    opinion = models.CharField(_("avis"), max_length=30, choices=OpinionKind, blank=True)
    opinion_on = models.DateField(_("avis rendu le"), null=True, blank=True)
    opinion_text = models.TextField(_("texte de l’avis"), blank=True)
    votes_present = models.PositiveSmallIntegerField(_("titulaires présents"), null=True, blank=True)
    votes_for = models.PositiveSmallIntegerField(_("pour"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("contre"), null=True, blank=True)
    votes_abstain = models.PositiveSmallIntegerField(_("abstentions"), null=True, blank=True)
    votes_blank = models.PositiveSmallIntegerField(_("blancs ou nuls"), null=True, blank=True)

    # What the employer answers (L2312-15)
    response_text = models.TextField(_("suite donnée"), blank=True)
    response_on = models.DateField(_("suite donnée le"), null=True, blank=True)
    response_meeting_on = models.DateField(_("réunion où la suite est présentée"), null=True, blank=True)
    changes_made = ArrayField(
        models.CharField(max_length=500),
        default=list,
        blank=True,
        size=50,
        verbose_name=_("ce que l’avis a fait changer"),
    )
    closed_on = models.DateField(_("close le"), null=True, blank=True)
    closed_without_response = models.BooleanField(_("close sans suite donnée"), default=False)

    class Meta:
        verbose_name = _("consultation du CSE")
        verbose_name_plural = _("consultations du CSE")
        ordering = ["-created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "organisation"],
                name="governance_one_consultation_per_employer",
                violation_error_message=_("Une consultation existe déjà pour cet employeur."),
            ),
            models.CheckConstraint(
                condition=Q(extended_deadline__isnull=True)
                | Q(nominal_deadline__isnull=False, extended_deadline__gte=F("nominal_deadline")),
                name="governance_consultation_extended_after_nominal",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "information_sent"], opinion="", opinion_on__isnull=True)
                | (~Q(state__in=["draft", "information_sent"]) & ~Q(opinion="") & Q(opinion_on__isnull=False)),
                name="governance_consultation_opinion_with_its_state",
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(information_delivered_on__isnull=False)
                | Q(bdese_notice_on__isnull=False),
                name="governance_consultation_informed_before_opinion",
            ),
            models.CheckConstraint(
                condition=Q(agreement_days__isnull=True) | Q(agreement_months__isnull=True),
                name="governance_consultation_agreement_in_one_unit",
                violation_error_message=_("Un accord fixe le délai soit en jours, soit en mois."),
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_on__isnull=False),
                name="governance_consultation_closed_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(response_meeting_on__isnull=True, changes_made=[]) | ~Q(response_text=""),
                name="governance_consultation_response_is_reasoned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} / {self.decision_id}"
