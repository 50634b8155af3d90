"""Keeping a charter: its frame, its reviews, its end."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from charters.enums import VersionState
from charters.models import Charter, CharterVersion, Motivation
from charters.rules.acts import ARCHIVED
from charters.rules.content import normalise
from charters.rules.entry_into_force import EntryKind, EntryRule
from charters.selectors.motivations import CONFIRMED
from charters.services.locks import lock_charter
from coopproject import clock
from coopproject.exceptions import InvalidInput, RuleViolated, Violation
from governance import journal
from governance.actor import Actor
from governance.models import Cooperation, Membership
from governance.services import records


@transaction.atomic
def charter_create(*, actor: Actor, cooperation: Cooperation, **fields: Any) -> Charter:
    """Found a charter. Its first text is a version of its own (`charter_version_create`)."""
    fields["entry_rule"] = _entry_rule(fields.get("entry_rule"), cooperation)
    charter = Charter(cooperation=cooperation, **_normalised(fields))
    records.create(charter, actor=actor)
    return charter


@transaction.atomic
def charter_update(*, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]) -> Charter:
    """Change the frame. A version already submitted keeps the title and the rule that were frozen with it."""
    charter = lock_charter(pk, expected_version)
    if charter.archived_on:
        raise RuleViolated(ARCHIVED)
    wanted = _normalised(dict(changes))
    if "entry_rule" in wanted:
        wanted["entry_rule"] = _entry_rule(wanted["entry_rule"], charter.cooperation)
    records.save_changes(charter, actor=actor, changes=wanted)
    return charter


@transaction.atomic
def charter_archive(*, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str) -> Charter:
    """Put a charter away: nothing is erased, nothing more can be done with it. Withdraw what is submitted first."""
    charter = lock_charter(pk, expected_version)
    found = [ARCHIVED] if charter.archived_on else []
    if CharterVersion.objects.filter(charter=charter, state=VersionState.SUBMITTED).exists():
        found.append(Violation("version_submitted", _("Une version est soumise aux instances : retirez-la d’abord.")))
    if found:
        raise RuleViolated(*found)
    changes = {"archived_on": clock.today(charter.cooperation.zone)}
    records.save_changes(charter, actor=actor, changes=changes, act="charter.archived", reason=reason)
    return charter


@transaction.atomic
def charter_record_review(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    reviewed_on: dt.date | None = None,
    conclusion: str = "",
) -> Charter:
    """Record that the members reviewed the charter together; the next review is counted from that day.

    What they concluded is not what their boards vote: where approvals expire at reviews, those given before this one
    are stale from its day (`charters.rules.staleness`), whatever the conclusion.
    """
    charter = lock_charter(pk, expected_version)
    today = clock.today(charter.cooperation.zone)
    day = reviewed_on or today
    if charter.archived_on:
        raise RuleViolated(ARCHIVED)
    if day > today:
        raise InvalidInput(Violation("in_the_future", _("Une révision tenue ne peut être à venir."), "/reviewed_on"))
    if charter.last_reviewed_on and day < charter.last_reviewed_on:
        detail = _("Une révision plus récente est déjà enregistrée.")
        raise RuleViolated(Violation("review_before_the_last", detail, "/reviewed_on"))
    changes: dict[str, Any] = {"last_reviewed_on": day}
    if charter.last_reviewed_on not in (None, day):
        changes["earlier_reviews"] = charter.reviews
    records.save_changes(charter, actor=actor, changes=changes, act="charter.reviewed", reason=conclusion)
    return charter


@transaction.atomic
def charter_confirm_motivations(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, note: str = ""
) -> Charter:
    """Record that the members read the motivations again and stand by them, whether or not one of them changed."""
    charter = lock_charter(pk, expected_version)
    if charter.archived_on:
        raise RuleViolated(ARCHIVED)
    charter.motivations_confirmed_on = clock.today(charter.cooperation.zone)
    charter.save(update_fields=["motivations_confirmed_on"])
    standing = Motivation.objects.filter(charter=charter, retired_on__isnull=True).order_by("pk")
    journal.record(
        CONFIRMED,
        charter,
        actor=actor,
        reason=note,
        confirmed_on=charter.motivations_confirmed_on,
        motivations=list(standing.values_list("pk", flat=True)),
    )
    return charter


def _entry_rule(data: object, cooperation: Cooperation) -> dict[str, object]:
    """The rule in its normal form; every weight must be that of an organisation that is or was a member."""
    rule = EntryRule.from_dict(data, pointer="/entry_rule")
    found = []
    if rule.kind is EntryKind.WEIGHT_THRESHOLD:
        if not rule.weights:
            detail = _("Le poids de chaque organisation est attendu.")
            found.append(Violation("must_be_declared", detail, "/entry_rule/weights"))
        members = Membership.objects.filter(cooperation=cooperation).values_list("organisation_id", flat=True)
        known = {str(organisation_id) for organisation_id in members}
        detail = _("Cette organisation n’est pas membre de la coopération.")
        foreign = [key for key, _weight in rule.weights if key not in known]
        found += [Violation("not_a_member", detail, f"/entry_rule/weights/{key}") for key in foreign]
    if found:
        raise InvalidInput(*found)
    return rule.to_dict()


def _normalised(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: normalise(value) if name in ("title", "purpose") and isinstance(value, str) else value
        for name, value in fields.items()
    }
