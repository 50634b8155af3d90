"""The rule set by which the assembly of members votes. A rule in use is never changed, only followed."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import InvalidInput, Violation
from coopproject.locking import lock
from governance import voting_rules
from governance.actor import Actor
from governance.enums import Confidentiality
from governance.models import AssemblyRule, Cooperation
from governance.services import records
from governance.services.levels import require_level, require_new_level


@transaction.atomic
def assembly_rule_create(
    *,
    actor: Actor,
    cooperation: Cooperation,
    valid_from: dt.date,
    definition: Any,
    source: str = "",
    confidentiality: str = Confidentiality.NETWORK,
) -> AssemblyRule:
    """Declare the quorum and the majority of the assembly from a day on. Raises InvalidInput, pointing to the field."""
    Cooperation.objects.select_for_update(no_key=True).get(pk=cooperation.pk)
    require_level(confidentiality, actor, [cooperation.pk])
    found = voting_rules.violations(definition, "/definition")
    if AssemblyRule.objects.filter(cooperation=cooperation, valid_from=valid_from).exists():
        detail = _("Une règle de l’assemblée commence déjà ce jour-là.")
        found.append(Violation("already_recorded", detail, "/valid_from"))
    if found:
        raise InvalidInput(*found)
    rule = AssemblyRule(
        cooperation=cooperation,
        valid_from=valid_from,
        definition=definition,
        source=source,
        confidentiality=confidentiality,
    )
    records.create(rule, actor=actor)
    return rule


@transaction.atomic
def assembly_rule_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]
) -> AssemblyRule:
    """Say who may know of it, and no more: votes were counted by what it says."""
    rule = lock(AssemblyRule.objects.all(), pk, expected_version)
    require_new_level(rule, changes, actor, [rule.cooperation_id])
    updated: AssemblyRule = records.save_changes(rule, actor=actor, changes=changes)
    return updated
