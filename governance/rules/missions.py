"""Accompaniment: the templates that the guide and public sources describe, and what days and dates say of a mission."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.rules.regimes import Confidence


@dataclass(frozen=True)
class PhaseTemplate:
    """One phase as its source describes it. `covers`: what it looks at, where a source lists it."""

    code: str
    name: str | Promise
    covers: tuple[str | Promise, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MissionTemplate:
    """A model of accompaniment. `rhythm` empty: no source says it. `confidence` is that of the phases."""

    code: str
    name: str | Promise
    source: str | Promise
    confidence: Confidence | None
    rhythm: str | Promise = ""
    phases: tuple[PhaseTemplate, ...] = ()


TEMPLATES: tuple[MissionTemplate, ...] = (
    MissionTemplate(
        code="coorace",
        name=_("Accompagnement COORACE en quatre phases"),
        source=_(
            "Guide « Association & Coopération » (France Active), entretien avec le COORACE ; atelier SAP du COORACE"
        ),
        confidence=Confidence.A,
        rhythm=_(
            "Environ 4 à 6 mois, à raison d’une journée de travail par mois, sur place ou en modules de formation."
        ),
        phases=(
            PhaseTemplate(
                "needs",
                _("Identification des besoins à coopérer"),
                (_("Le projet politique et stratégique."),),
            ),
            PhaseTemplate(
                "diagnosis",
                _("Diagnostic économique et organisationnel"),
                (
                    _("Diagnostic stratégique, caractéristiques d’un GES."),
                    _("La gouvernance."),
                    _("L’organisation RH."),
                    _("Le développement économique."),
                    _("L’étude des moyens."),
                    _("L’environnement juridique et fiscal, avec un juriste fiscaliste."),
                    _("L’organisation structurelle."),
                ),
            ),
            PhaseTemplate(
                "structuring", _("Structuration de l’organisation"), (_("Hypothèses de structure comparées."),)
            ),
            PhaseTemplate("change", _("Accompagnement au changement")),
        ),
    ),
    MissionTemplate(
        code="dla",
        name=_("Dispositif local d’accompagnement (DLA)"),
        source=_("Présentations publiques du dispositif"),
        confidence=Confidence.B,
        phases=(
            PhaseTemplate("reception", _("Accueil et orientation")),
            PhaseTemplate("shared_diagnosis", _("Diagnostic partagé")),
            PhaseTemplate("support_committee", _("Comité d’appui")),
            PhaseTemplate(
                "support_path", _("Parcours d’accompagnement"), (_("Missions individuelles ou collectives."),)
            ),
            PhaseTemplate("follow_up", _("Suivi et consolidation")),
        ),
    ),
    MissionTemplate(code="free", name=_("Accompagnement libre"), source=_("Phases de votre choix"), confidence=None),
)
_BY_CODE = {template.code: template for template in TEMPLATES}


def template(code: str) -> MissionTemplate:
    """Raises KeyError for an unknown code."""
    return _BY_CODE[code]


@dataclass(frozen=True)
class Days:
    """Days of a mission, exact. `planned` None: some phase says no number, so nothing can be exceeded as a whole."""

    planned: Decimal | None
    done: Decimal

    @property
    def exceeded_by(self) -> Decimal:
        """How many days more than planned; zero when not exceeded or not known."""
        return Decimal(0) if self.planned is None else max(Decimal(0), self.done - self.planned)


def total_days(phases: Iterable[tuple[Decimal | None, Decimal]]) -> Days:
    """The sum over (planned, done) of each phase."""
    known = list(phases)
    planned = [days for days, _done in known]
    whole = None if not known or None in planned else sum((days for days in planned if days is not None), Decimal(0))
    return Days(whole, sum((done for _planned, done in known), Decimal(0)))


def days_late(due_on: dt.date | None, delivered_on: dt.date | None, today: dt.date) -> int:
    """Whole days after the due day; zero in time, or without one. What is delivered stopped being late that day."""
    return 0 if due_on is None else max(0, ((delivered_on or today) - due_on).days)


def period_violations(starts_on: dt.date, ends_on: dt.date | None) -> list[Violation]:
    if ends_on is not None and ends_on < starts_on:
        return [Violation("ends_before_it_starts", _("La fin ne peut précéder le début."), "/ends_on")]
    return []
