"""Valid rows of the path to a form, in the state that a test starts from."""

import datetime as dt
from decimal import Decimal
from typing import Any

from governance.enums_path import StepState
from governance.models import (
    Decision,
    JourneyEntry,
    MissionDeliverable,
    MissionPhase,
    Organisation,
    ProjectStep,
    StructureProject,
    StructureScenario,
    SupportMission,
)
from tests.cast import Cast
from tests.charters import factories as charter_factories
from tests.governance import factories


def journey_entry(cast: Cast, organisation: Organisation | None = None, **fields: Any) -> JourneyEntry:
    """Since a month, the cooperation, or this member, trains; unless told otherwise."""
    values = {
        "challenge": "" if "level" in fields else "training",
        "since": cast.today - dt.timedelta(days=30),
        "reason": "Nous nous connaissons",
        "cooperation": cast.cooperation,
        **fields,
    }
    return JourneyEntry.objects.create(organisation=organisation, **values)


def tell_the_project(cast: Cast) -> None:
    """Project, needs and motivations told by those who may: the orientation table answers."""
    cast.cooperation.purpose = "Une plate-forme commune de VAE"
    cast.cooperation.types = ["faire_avec", "faire_ensemble"]
    cast.cooperation.save()
    factories.readiness(cast, cast.alpha)
    charter_factories.make_motivation(cast, charter_factories.make_charter(cast))


def scenario(cast: Cast, *members: Organisation, **fields: Any) -> StructureScenario:
    """A draft: alpha and beta in an association, unless told otherwise."""
    values: dict[str, Any] = {
        "title": "Association commune",
        "forms": ["association"],
        "cooperation": cast.cooperation,
        **fields,
    }
    if values.get("state") in {"proposed", "kept"}:
        values.setdefault("proposed_on", cast.today)
    if values.get("state") in {"kept", "set_aside"}:
        values.setdefault("decided_on", cast.today)
        values.setdefault("state_reason", "Débattu le même jour")
    made = StructureScenario.objects.create(**values)
    made.members.set(members or dict.fromkeys((cast.alpha, cast.beta)))
    return made


def mission(cast: Cast, **fields: Any) -> SupportMission:
    """An accompaniment of the COORACE, for three months; it has no phase of its own."""
    values = {
        "title": "Construire le groupe",
        "template": "coorace",
        "provider": "COORACE",
        "starts_on": cast.today - dt.timedelta(days=90),
        "cooperation": cast.cooperation,
        **fields,
    }
    return SupportMission.objects.create(**values)


def phase(of: SupportMission, position: int = 1, **fields: Any) -> MissionPhase:
    """A phase that is planned for two days."""
    values = {"name": f"Phase {position}", "planned_days": Decimal("2.00"), **fields}
    return MissionPhase.objects.create(cooperation=of.cooperation, mission=of, position=position, **values)


def deliverable(of: SupportMission, **fields: Any) -> MissionDeliverable:
    values = {"title": "Diagnostic", "due_on": of.starts_on + dt.timedelta(days=60), **fields}
    return MissionDeliverable.objects.create(cooperation=of.cooperation, mission=of, **values)


def launching(cast: Cast) -> Decision:
    """The decision, taken today, that launches a structure."""
    said = {"title": "Créer ensemble", "outcome": "Adoptée"}
    return factories.decision(cast, state="taken", taken_on=cast.today, requirements_at_taking=[], **said)


def project(cast: Cast, *founders: Organisation, **fields: Any) -> StructureProject:
    """The file of an association of alpha and beta, under way since two months; it has no step of its own."""
    values: dict[str, Any] = {
        "title": "Association commune",
        "form": "association",
        "state": "under_way",
        "cooperation": cast.cooperation,
        **fields,
    }
    if values["state"] in {"under_way", "created"}:
        values.setdefault("started_on", cast.today - dt.timedelta(days=60))
    if values["state"] == "created":
        values.setdefault("created_on", cast.today)
        values.setdefault("registration_reference", "W691234567")
    if values["state"] == "abandoned":
        values.setdefault("abandoned_on", cast.today)
        values.setdefault("abandoned_reason", "Plus de financeur")
    made = StructureProject.objects.create(**values)
    made.founders.set(founders or dict.fromkeys((cast.alpha, cast.beta)))
    return made


def step(of: StructureProject, position: int = 1, *after: ProjectStep, **fields: Any) -> ProjectStep:
    """A required step that is to be done."""
    values: dict[str, Any] = {"title": f"Étape {position}", "required": True, **fields}
    if values.get("state") == StepState.DONE:
        values.setdefault("done_on", of.started_on)
    if values.get("state") == StepState.SKIPPED:
        values.setdefault("skipped_reason", "Sans objet")
    made = ProjectStep.objects.create(cooperation=of.cooperation, project=of, position=position, **values)
    made.after.set(after)
    return made
