"""Activities that nobody pilots, mandates that end, pilots who promised more time than they have."""

import datetime as dt
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from charters.enums import AgreementEnding, AgreementState
from charters.models import Agreement
from governance.actor import Actor
from governance.models import Cooperation
from governance.vital_signs import Concern, Severity, VitalSign
from milestones.enums import MandateState
from milestones.models import Activity, Mandate
from milestones.rules.mandates import load
from milestones.services.mandates import facts_of
from milestones.vital_signs.wording import day, days, minutes

ENDING = dt.timedelta(days=30)


def pilot_signs(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    running = Q(started_on__lte=on) & (Q(ended_on__isnull=True) | Q(ended_on__gte=on))
    activities = list(Activity.objects.visible_to(actor).filter(running, cooperation=cooperation).order_by("pk"))
    by_activity: dict[UUID, list[Mandate]] = {}
    mandates = Mandate.objects.visible_to(actor).filter(activity__in=[activity.pk for activity in activities])
    for mandate in mandates.select_related("person").order_by("since", "pk"):
        by_activity.setdefault(mandate.activity_id, []).append(mandate)
    for activity in activities:
        yield from _activity(activity, by_activity.get(activity.pk, []), on)
    by_person: dict[UUID, list[Mandate]] = {}
    for mandate in (row for rows in by_activity.values() for row in rows if row.covers(on)):
        by_person.setdefault(mandate.person_id, []).append(mandate)
    for held in by_person.values():
        yield from _load(held, on)


def _activity(activity: Activity, mandates: Sequence[Mandate], on: dt.date) -> Iterator[VitalSign]:
    current = next((mandate for mandate in mandates if mandate.covers(on)), None)
    accepted = [mandate for mandate in mandates if mandate.state == MandateState.ACCEPTED]
    of_activity = Concern("activities", str(activity.pk), activity.name)
    if current is not None:
        until = current.until
        followed = until is not None and any(m.since > until and m.pk != current.pk for m in accepted)
        if until is not None and until - on <= ENDING and not followed:
            yield VitalSign(
                code="mandate_ending",
                severity=Severity.WARNING,
                title=_("Mandat bientôt terminé : %(person)s") % {"person": current.person},
                why=_(
                    "Le mandat sur « %(activity)s » prend fin le %(until)s, dans %(left)s, et personne ne prend la "
                    "suite."
                )
                % {"activity": activity.name, "until": day(until), "left": days((until - on).days)},
                clears=_("Proposer un nouveau mandat, que son pilote accepte."),
                since=until - ENDING,
                objects=(Concern("mandates", str(current.pk), str(current.person)), of_activity),
            )
        return
    expired = [mandate for mandate in accepted if mandate.until is not None and mandate.until < on]
    if expired:
        last = max(expired, key=lambda mandate: (mandate.until or on, mandate.pk))
        assert last.until is not None
        yield VitalSign(
            code="mandate_expired",
            severity=Severity.CRITICAL,
            title=_("Mandat expiré : %(person)s") % {"person": last.person},
            why=_(
                "Le mandat sur « %(activity)s » a expiré le %(until)s, il y a %(ago)s ; l’activité n’a plus de pilote."
            )
            % {"activity": activity.name, "until": day(last.until), "ago": days((on - last.until).days)},
            clears=_("Proposer un nouveau mandat, que son pilote accepte."),
            since=last.until + dt.timedelta(days=1),
            objects=(Concern("mandates", str(last.pk), str(last.person)), of_activity),
        )
        return
    since, why = _why_without(activity, mandates)
    yield VitalSign(
        code="activity_without_pilot",
        severity=Severity.CRITICAL,
        title=_("Activité sans pilote : « %(activity)s »") % {"activity": activity.name},
        why=why,
        clears=_("Proposer un mandat, que son pilote accepte."),
        since=since,
        objects=(of_activity, *(Concern("mandates", str(m.pk), str(m.person)) for m in _pending(mandates))),
    )


def agreement_signs(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    """Agreements that are over while pilots still act by virtue of them; not those that an amendment continues."""
    over = Agreement.objects.visible_to(actor).filter(cooperation=cooperation, state=AgreementState.ENDED)
    over = over.exclude(ending=AgreementEnding.REPLACED)
    used = Mandate.objects.visible_to(actor).in_force(on).filter(agreement__in=over)
    by_agreement: dict[UUID, list[Mandate]] = {}
    for mandate in used.select_related("person", "activity").order_by("since", "pk"):
        assert mandate.agreement_id is not None
        by_agreement.setdefault(mandate.agreement_id, []).append(mandate)
    for agreement in over.filter(pk__in=by_agreement).order_by("ended_on", "pk"):
        assert agreement.ended_on is not None
        held = by_agreement[agreement.pk]
        names = ", ".join(dict.fromkeys(f"« {mandate.activity.name} »" for mandate in held))
        yield VitalSign(
            code="agreement_over_still_used",
            severity=Severity.CRITICAL,
            title=_("La convention « %(title)s » a pris fin et sert encore") % {"title": agreement.title},
            why=_("Terminée le %(ended)s, elle fonde encore des mandats en cours : %(names)s.")
            % {"ended": day(agreement.ended_on), "names": names},
            clears=_("Convenir d’une autre convention et y rattacher ces mandats, ou y mettre fin."),
            since=agreement.ended_on + dt.timedelta(days=1),
            objects=(
                Concern("agreements", str(agreement.pk), agreement.title),
                *(Concern("mandates", str(mandate.pk), str(mandate.person)) for mandate in held),
            ),
        )


def _pending(mandates: Sequence[Mandate]) -> list[Mandate]:
    return [m for m in mandates if m.state in (MandateState.PROPOSED, MandateState.SUSPENDED)]


def _why_without(activity: Activity, mandates: Sequence[Mandate]) -> tuple[dt.date, str]:
    left = [mandate.suspended_on or mandate.ended_on for mandate in mandates if mandate.accepted_at is not None]
    known = [value for value in left if value is not None]
    since = max(known) if known else activity.started_on
    if any(mandate.state == MandateState.SUSPENDED for mandate in mandates):
        return since, _("Le mandat est suspendu depuis le %(since)s.") % {"since": day(since)}
    if any(mandate.state == MandateState.PROPOSED for mandate in mandates):
        return since, _("Un mandat est proposé, mais son pilote ne l’a pas accepté.")
    if known:
        return since, _("Le dernier mandat a pris fin le %(since)s et personne n’a pris la suite.") % {
            "since": day(since)
        }
    return since, _("Personne n’a reçu de mandat depuis son début, le %(since)s.") % {"since": day(since)}


def _load(held: Sequence[Mandate], on: dt.date) -> Iterator[VitalSign]:
    """The time that the activities ask for against the time given to them; silent while one availability is unknown."""
    given = [mandate.availability_minutes_per_week for mandate in held]
    available = None if None in given else sum(value or 0 for value in given)
    person = held[0].person
    found = load([facts_of(m) for m in held], person=str(person.pk), at=on, available=available)
    if not found.excess:
        return
    yield VitalSign(
        code="pilot_overloaded",
        severity=Severity.WARNING,
        title=_("Charge supérieure à la disponibilité : %(person)s") % {"person": person},
        why=_("Les mandats demandent %(promised)s par semaine pour %(available)s disponibles : %(excess)s de trop.")
        % {
            "promised": minutes(found.promised),
            "available": minutes(found.available or 0),
            "excess": minutes(found.excess),
        },
        clears=_("Alléger un mandat, y mettre fin ou dégager du temps."),
        since=max(mandate.since for mandate in held),
        objects=tuple(Concern("mandates", str(m.pk), str(person)) for m in held),
    )
