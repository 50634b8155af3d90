"""The vital signs of governance: consultations, decisions, members."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain, islice
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from coopproject import wording
from governance import gate
from governance.actor import Actor
from governance.enums import ConsultationState, DecisionState, RoleKind
from governance.models import Consultation, Cooperation, Decision, Membership, Role
from governance.rules.adjustable import adjusted
from governance.rules.consultation_deadlines import DeadlineStatus
from governance.selectors.employers import consultation_deadline, with_facts
from governance.vital_signs import Concern, Severity, VitalSign

NEAR_DEADLINE_DAYS = 7


def examine_consultations(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    """Open consultations with their clock, and opinions that the employer has not answered (L2312-15)."""
    rows = (
        Consultation.objects.visible_to(actor)
        .filter(cooperation=cooperation)
        .exclude(decision__state=DecisionState.WITHDRAWN)
        .select_related("organisation", "decision")
        .order_by("pk")
    )
    for row in rows:
        concerns = (
            Concern("consultations", str(row.pk), f"{row.organisation} — {row.decision}"),
            Concern("decisions", str(row.decision_id), str(row.decision)),
        )
        if row.state in {ConsultationState.DRAFT, ConsultationState.INFORMATION_SENT}:
            yield _running(row, concerns, on)
        elif row.response_on is None and row.opinion_on is not None:
            late = (on - row.opinion_on).days > adjusted(cooperation.settings, "cse_response_days")
            yield VitalSign(
                code="consultation_response_missing",
                severity=Severity.WARNING if late else Severity.INFO,
                title=_("Suite à donner à un avis du CSE : %(who)s") % {"who": row.organisation},
                why=_("%(who)s : l’avis du %(day)s attend la réponse motivée de l’employeur.")
                % {"who": row.organisation, "day": wording.day(row.opinion_on)},
                clears=_("Enregistrer la suite donnée à l’avis."),
                since=row.opinion_on,
                objects=concerns,
            )


def _running(row: Consultation, concerns: tuple[Concern, ...], on: dt.date) -> VitalSign:
    limit = consultation_deadline(row)
    if limit.status is not DeadlineStatus.RUNNING or limit.nominal is None or limit.act_from is None:
        return VitalSign(
            code="consultation_clock_not_started",
            severity=Severity.WARNING,
            title=_("Consultation dont le délai ne court pas : %(who)s") % {"who": row.organisation},
            why=_("%(who)s : %(why)s") % {"who": row.organisation, "why": wording.going_on(limit.reasons[0].detail)},
            clears=_("Transmettre l’information complète au CSE."),
            since=row.information_delivered_on or row.created_at.date(),
            objects=concerns,
        )
    near = (limit.nominal - on).days <= NEAR_DEADLINE_DAYS
    words = {
        "who": row.organisation,
        "nominal": wording.day(limit.nominal),
        "act_from": wording.day(limit.act_from),
    }
    return VitalSign(
        code="consultation_deadline_near" if near else "consultation_open",
        severity=Severity.WARNING if near else Severity.INFO,
        title=(
            _("Échéance proche d’une consultation : %(who)s") if near else _("Consultation du CSE en cours : %(who)s")
        )
        % words,
        why=_("%(who)s : le CSE se prononce jusqu’au %(nominal)s ; décision possible à partir du %(act_from)s.")
        % words,
        clears=_("Un avis exprès du CSE, ou l’attente du %(act_from)s.") % words,
        since=limit.start,
        objects=concerns,
    )


def examine_decisions(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    """Submitted decisions that the gate holds back, and employers whose staff body is missing."""
    mine = Consultation.objects.visible_to(actor).filter(cooperation=cooperation)
    known = {str(pk) for pk in mine.order_by().values_list("pk", flat=True)}
    submitted = Decision.objects.visible_to(actor).filter(cooperation=cooperation, state=DecisionState.SUBMITTED)
    decisions = list(with_facts(submitted.order_by("pk"), on))
    deciding = gate.deciding(decisions, on=on)
    asked = [[*gate.requirements(decision, on=on), *deciding[decision.pk]] for decision in decisions]
    # All at once: what the reader may know of is asked in one query for each kind, whatever the number of decisions.
    told = iter(gate.known_to(chain.from_iterable(asked), actor))
    for decision, requirements in zip(decisions, asked, strict=True):
        found = list(islice(told, len(requirements)))
        concern = Concern("decisions", str(decision.pk), str(decision))
        holding = [requirement for requirement in found if requirement.holds_back]
        names: dict[UUID | None, str] = {None: str(decision)} | {row.pk: str(row) for row in decision.concerned.all()}
        if holding:
            overdue = decision.planned_on is not None and decision.planned_on < on
            yield VitalSign(
                code="decision_blocked",
                severity=Severity.CRITICAL if overdue else Severity.WARNING,
                title=_("Décision retenue : %(title)s") % {"title": decision.title},
                why=" ".join(str(requirement.detail) for requirement in holding),
                clears=" ".join(dict.fromkeys(str(requirement.clears) for requirement in holding)),
                since=decision.submitted_on,
                objects=(concern, *_concerns_of((row for row in holding if _is_known(row, known)), names)),
            )
        else:
            yield VitalSign(
                code="decision_ready",
                severity=Severity.INFO,
                title=_("Décision prête à être prise : %(title)s") % {"title": decision.title},
                why=_("Toutes les conditions sont remplies."),
                clears=_("Prendre la décision, ou la retirer."),
                since=decision.submitted_on,
                objects=(concern,),
            )
        for requirement in found:
            # Whoever may not read the headcounts does not read what they say either: `known_to` left no reason.
            if requirement.code == "body_missing" and requirement.reasons:
                yield VitalSign(
                    code="staff_body_missing",
                    severity=Severity.WARNING,
                    title=_("CSE obligatoire mais absent"),
                    why=requirement.detail,
                    clears=requirement.clears,
                    since=None,
                    objects=(
                        concern,
                        Concern(
                            "organisations",
                            str(requirement.organisation_id),
                            names.get(requirement.organisation_id, ""),
                        ),
                    ),
                )


def _organisation(requirement: gate.Requirement, names: Mapping[UUID | None, str]) -> Concern:
    return Concern("organisations", str(requirement.organisation_id), names.get(requirement.organisation_id, ""))


def _is_known(requirement: gate.Requirement, known: Collection[str]) -> bool:
    """Whether it may be named: it is about nothing, or about consultations that the reader may know of."""
    return all(about["id"] in known for about in requirement.objects if about["resource"] == "consultations")


def _concerns_of(holding: Iterable[gate.Requirement], names: Mapping[UUID | None, str]) -> Iterator[Concern]:
    """What each requirement is about, under the name of its organisation."""
    for requirement in holding:
        for about in requirement.objects[:1]:
            yield Concern(about["resource"], about["id"], names.get(requirement.organisation_id, ""))


def examine_members(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    """Who left, who has no president on record, and whether anybody coordinates."""
    everyone = Membership.objects.visible_to(actor).filter(cooperation=cooperation)
    counts = everyone.aggregate(
        joined=Count("pk", filter=Q(joined_on__gt=on - dt.timedelta(days=365), joined_on__lte=on)),
    )
    left = list(
        everyone.filter(left_on__gt=on - dt.timedelta(days=365), left_on__lte=on)
        .select_related("organisation")
        .order_by("left_on", "pk")
    )
    if len(left) > counts["joined"]:
        yield VitalSign(
            code="circle_shrinking",
            severity=Severity.WARNING,
            title=_("La coopération perd des membres"),
            why=ngettext(
                "En un an, %(left)d départ pour %(joined)d arrivée(s).",
                "En un an, %(left)d départs pour %(joined)d arrivée(s).",
                len(left),
            )
            % {"left": len(left), "joined": counts["joined"]},
            clears=_("Comprendre les départs et actualiser les motivations de chacun."),
            since=left[0].left_on,
            objects=tuple(Concern("memberships", str(row.pk), str(row.organisation)) for row in left),
        )
    chairs = Role.objects.in_force(on).filter(
        cooperation=cooperation, organisation=OuterRef("organisation"), kind=RoleKind.BOARD_CHAIR
    )
    headless = list(
        everyone.filter(left_on__isnull=True)
        .filter(~Exists(chairs))
        .select_related("organisation")
        .order_by("organisation__search_name", "pk")
    )
    if headless:
        yield VitalSign(
            code="sponsor_missing",
            severity=Severity.WARNING,
            title=_("Membres sans portage politique"),
            why=_("Aucune présidence n’est désignée pour : %(names)s.")
            % {"names": ", ".join(str(row.organisation) for row in headless)},
            clears=_("Désigner la présidente ou le président qui porte le projet."),
            objects=tuple(Concern("memberships", str(row.pk), str(row.organisation)) for row in headless),
        )
    if not Role.objects.in_force(on).filter(cooperation=cooperation, kind=RoleKind.COORDINATION).exists():
        yield VitalSign(
            code="coordination_missing",
            severity=Severity.CRITICAL,
            title=_("Aucune coordination"),
            why=_("Personne n’exerce la fonction de coordination."),
            clears=_("Confier la coordination à une personne."),
            objects=(Concern("cooperations", str(cooperation.pk), cooperation.name),),
        )
