"""Whether a person takes part in a cooperation, and for whom: asked by whatever names somebody in charge."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.models import Consultation, Cooperation, Decision, Membership, Organisation, Person, Role


def person_violations(
    cooperation: Cooperation, person: Person, organisation: Organisation | None, today: dt.date, at: str
) -> list[Violation]:
    """Why this person cannot be named here, for that organisation: they hold no role, or none on its behalf.

    A role whose last day is today is none: what is entrusted lasts.
    """
    roles = Role.objects.in_force(today).filter(cooperation=cooperation, person=person).exclude(until=today)
    if not roles.exists():
        detail = _("Cette personne n’exerce aucun rôle dans la coopération, ou plus après aujourd’hui.")
        return [Violation("not_in_the_cooperation", detail, at)]
    if organisation is not None and not roles.filter(organisation=organisation).exists():
        detail = _("Cette personne n’agit pas pour cette organisation ici.")
        return [Violation("not_on_its_behalf", detail, "/organisation")]
    return []


def link_violations(
    cooperation: Cooperation, decision: Decision | None, consultation: Consultation | None
) -> list[Violation]:
    """Links stay in their cooperation, and a consultation is that of the decision named with it."""
    detail = _("Cet objet est d’une autre coopération.")
    found = [
        Violation("other_cooperation", detail, f"/{name}")
        for name, linked in (("decision", decision), ("consultation", consultation))
        if linked is not None and linked.cooperation_id != cooperation.pk
    ]
    if decision is not None and consultation is not None and consultation.decision_id != decision.pk:
        other = _("Cette consultation est celle d’une autre décision.")
        found.append(Violation("other_decision", other, "/consultation"))
    return found


def member_violations(cooperation: Cooperation, organisation: Organisation | None) -> list[Violation]:
    """Why this organisation cannot be concerned: it is no member."""
    members = Membership.objects.filter(cooperation=cooperation, left_on__isnull=True)
    if organisation is None or members.filter(organisation=organisation).exists():
        return []
    detail = _("Cette organisation n’est pas membre de la coopération.")
    return [Violation("not_a_member", detail, "/organisation")]
