"""The vital signs of stakeholders: a family of the guide that is empty, and those who are heard too late."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from governance.actor import Actor
from governance.enums import RoleFamily, RoleKind
from governance.models import Cooperation, Role, Stakeholder
from governance.rules.stakeholders import EARLY
from governance.vital_signs import Concern, Severity, VitalSign


def examine_stakeholders(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    """A family is empty for everybody or for nobody: whoever sees little is not told that nobody is there."""
    everyone = Stakeholder.objects.in_force(on).filter(cooperation=cooperation)
    known = set(everyone.order_by().values_list("role_family", flat=True).distinct())
    heads = Role.objects.in_force(on).filter(
        cooperation=cooperation, kind__in=[RoleKind.BOARD_CHAIR, RoleKind.DIRECTOR]
    )
    if RoleFamily.TEAM not in known and heads.exists():
        # The presidents and directors of the members are the team, recorded as roles.
        known.add(RoleFamily.TEAM)
    if empty := [family.label for family in RoleFamily if family not in known]:
        yield VitalSign(
            code="stakeholder_family_empty",
            severity=Severity.INFO,
            title=_("Famille de parties prenantes sans personne"),
            why=_("Le guide compte trois piliers ; personne n’est inscrit parmi : %(families)s.")
            % {"families": ", ".join(map(str, empty))},
            clears=_("Inscrire qui accompagne et qui soutient (accompagnateur, usagers, partenaires publics…)."),
            objects=(Concern("cooperations", str(cooperation.pk), cooperation.name),),
        )
    unheard = everyone.visible_to(actor).filter(kind__in=EARLY, associated_on__isnull=True)
    if rows := list(unheard.select_related("person").order_by("since", "pk")):
        yield VitalSign(
            code="stakeholders_not_associated",
            severity=Severity.INFO,
            title=_("Usagers ou partenaires publics pas encore associés"),
            why=_("Le guide demande de les associer le plus en amont possible : %(names)s.")
            % {"names": ", ".join(map(str, rows))},
            clears=_("Les associer, et inscrire le jour où ils l’ont été (associated_on)."),
            since=rows[0].since,
            objects=tuple(Concern("stakeholders", str(row.pk), str(row)) for row in rows),
        )
