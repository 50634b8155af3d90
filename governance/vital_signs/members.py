"""The vital signs of belonging: size, steps that wait, an empty shell."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from coopproject import wording
from governance import signs_of_life
from governance.actor import Actor
from governance.enums import RoleKind
from governance.models import CircleStay, Cooperation, Membership, Role, StepCompletion
from governance.rules.calendars import add_months
from governance.rules.onboarding import Step, pending_since
from governance.rules.size import count_on, reached_on
from governance.selectors.onboarding import asked_steps
from governance.selectors.size import periods
from governance.vital_signs import Concern, Severity, VitalSign

# Conventions of this project (K), which `Cooperation.settings` changes.
SUBSTANCE_ALERT_MONTHS = 6
ONBOARDING_PENDING_DAYS = 90


def examine_size(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    """From about ten participants on, the guide advises functions of facilitation and coordination."""
    known = periods(cooperation, actor)
    here = count_on(known, on)
    if here < cooperation.size_alert:
        return
    kinds = Role.objects.in_force(on).filter(cooperation=cooperation).values_list("kind", flat=True)
    held = set(kinds.order_by().distinct())
    lacking = [kind.label for kind in (RoleKind.COORDINATION, RoleKind.FACILITATION) if kind not in held]
    sentence = ngettext(
        "%(here)d participant : autour d’une dizaine, le guide observe un effet de seuil, et de nouvelles fonctions "
        "d’animation et de coordination deviennent utiles.",
        "%(here)d participants : autour d’une dizaine, le guide observe un effet de seuil, et de nouvelles fonctions "
        "d’animation et de coordination deviennent utiles.",
        here,
    )
    why = sentence % {"here": here}
    if lacking:
        why += " " + str(_("Personne ne les exerce ici : %(lacking)s.")) % {"lacking": ", ".join(map(str, lacking))}
    yield VitalSign(
        code="size_threshold_reached",
        severity=Severity.WARNING if lacking else Severity.INFO,
        title=_("Effet de seuil"),
        why=why,
        clears=_(
            "Confier l’animation et la coordination à des personnes nommées, ou relever le seuil d’alerte "
            "(size_alert) ; en deçà, répartir vite cette charge entre gouvernances et équipes salariées."
        ),
        since=reached_on(known, cooperation.size_alert, on),
        objects=(Concern("cooperations", str(cooperation.pk), cooperation.name),),
    )


def examine_onboarding(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    """Members who began the steps of a circle long ago, or entered it by a waiver, and have not done them all."""
    steps = asked_steps(cooperation.pk)
    if not steps:
        return
    days = cooperation.settings.get("onboarding_pending_days", ONBOARDING_PENDING_DAYS)
    standing = StepCompletion.objects.standing().order_by("completed_on", "pk")
    members = (
        Membership.objects.visible_to(actor)
        .filter(cooperation=cooperation, left_on__isnull=True)
        .select_related("organisation")
        .prefetch_related(
            Prefetch("step_completions", queryset=standing, to_attr="done"),
            Prefetch("stays", queryset=CircleStay.objects.in_force(on).order_by("pk"), to_attr="current"),
        )
    )
    pending: list[tuple[dt.date, Any]] = []
    for member in members.order_by("organisation__search_name", "pk"):
        since = _pending_since(member, steps, on)
        if since is not None and (on - since).days > days:
            pending.append((since, member))
    if pending:
        yield VitalSign(
            code="onboarding_pending",
            severity=Severity.INFO,
            title=_("Étapes d’entrée en attente"),
            why=_("Commencées ou dispensées, et pas toutes faites : %(names)s.")
            % {"names": ", ".join(str(member.organisation) for _since, member in pending)},
            clears=_("Faire les étapes qui restent, ou abandonner celles qui ne servent plus."),
            since=min(since for since, _member in pending),
            objects=tuple(Concern("memberships", str(row.pk), str(row.organisation)) for _since, row in pending),
        )


def _pending_since(member: Any, steps: list[Step], on: dt.date) -> dt.date | None:
    """Of a member prefetched by `examine_onboarding`; None for one that is in no circle on that day."""
    if not member.current:
        return None
    (stay,) = member.current[:1]
    return pending_since(
        steps,
        {str(row.step_id): row.completed_on for row in member.done},
        circle=stay.circle,
        waived_on=stay.since if stay.onboarding_waiver else None,
        on=on,
    )


def examine_substance(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    """No sign of life for N months: judged on everything, told as far as the reader may know (docs/adr/0023)."""
    months = cooperation.settings.get("substance_alert_months", SUBSTANCE_ALERT_MONTHS)
    if cooperation.ended_on is not None and cooperation.ended_on < on:
        return
    last = signs_of_life.latest(cooperation, on=on)
    silent_from = add_months(max(last.day, cooperation.started_on) if last else cooperation.started_on, months)
    if on < silent_from:
        return
    known = signs_of_life.latest(cooperation, on=on, reader=actor) if last is not None else None
    if known is None:
        told = _("Vous n’en connaissez aucun depuis son début, le %(day)s.") % {
            "day": wording.day(cooperation.started_on)
        }
    else:
        told = _("Le dernier que vous connaissez : %(label)s, le %(day)s.") % {
            "label": known.label,
            "day": wording.day(known.day),
        }
    yield VitalSign(
        code="substance_alert",
        severity=Severity.WARNING,
        title=_("Coquille vide ?"),
        why=str(
            ngettext(
                "Aucun échange, réunion, décision ni relevé depuis %(months)d mois au moins.",
                "Aucun échange, réunion, décision ni relevé depuis %(months)d mois au moins.",
                months,
            )
        )
        % {"months": months}
        + f" {told}",
        clears=_(
            "Se réunir, décider, mesurer ou évaluer, et l’inscrire ici ; sinon dire que la coopération est terminée."
        ),
        # The day would tell of the last sign to whoever does not know of it.
        since=silent_from if last == known else None,
        objects=(Concern("cooperations", str(cooperation.pk), cooperation.name),),
    )
