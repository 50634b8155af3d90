"""The rule set by which the assembly of members votes. A rule in use is never changed, only followed."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import InvalidInput, Violation
from governance import voting_rules
from governance.actor import Actor
from governance.models import AssemblyRule, Cooperation
from governance.services import records


@transaction.atomic
def assembly_rule_create(
    *, actor: Actor, cooperation: Cooperation, valid_from: dt.date, definition: Any, source: str = ""
) -> AssemblyRule:
    """Declare the quorum and the majority of the assembly from a day on. Raises InvalidInput, pointing to the field."""
    Cooperation.objects.select_for_update(no_key=True).get(pk=cooperation.pk)
    found = voting_rules.violations(definition, "/definition")
    if AssemblyRule.objects.filter(cooperation=cooperation, valid_from=valid_from).exists():
        detail = _("Une règle de l’assemblée commence déjà ce jour-là.")
        found.append(Violation("already_recorded", detail, "/valid_from"))
    if found:
        raise InvalidInput(*found)
    rule = AssemblyRule(cooperation=cooperation, valid_from=valid_from, definition=definition, source=source)
    records.create(rule, actor=actor)
    return rule
