"""Contesting that a version only corrects words: one objection suffices to hold it back."""

from uuid import UUID

from django.db import transaction

from charters.models import AmendmentContest, CharterVersion
from charters.rules.amendments import ContestFacts, contest_violations
from charters.selectors import EntryReader
from charters.services.locks import lock_version
from charters.speaking import HEADS, speaker
from coopproject import clock
from coopproject.exceptions import RuleViolated
from governance.actor import Actor
from governance.models import Organisation
from governance.services import records


@transaction.atomic
def charter_version_contest_editorial(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    reason: str,
    organisation: Organisation | None = None,
) -> CharterVersion:
    """Say, for a party, that this correction changes more than words. It does not enter into force any more: the staff
    withdraw it and put it to the vote as what it is. An objection is not taken back.

    Raises RuleViolated with every reason: `wrong_state`, `not_editorial`, `contest_period_over`, `not_a_party`,
    `already_contested`, `charter_archived`; InvalidInput when the actor must say for which organisation.
    """
    locked = lock_version(pk, expected_version)
    charter, version = locked.charter, locked.version
    organisation_id, capacity = speaker(actor, charter.cooperation_id, organisation, HEADS)
    today = clock.today(charter.cooperation.zone)
    reader = EntryReader(version, today)
    found = contest_violations(
        ContestFacts(
            state=str(version.state),
            archived=charter.archived_on is not None,
            kind=str(version.amendment_type),
            period=reader.contest_period,
            at=today,
            organisation=str(organisation_id),
            parties={party.id for party in reader.parties()},
            contesting={str(contest.organisation_id) for contest in reader.contests},
        )
    )
    if found:
        raise RuleViolated(*found)
    assert organisation_id is not None
    assert actor.person_id is not None
    contest = AmendmentContest(
        cooperation_id=charter.cooperation_id,
        charter_version=version,
        organisation_id=organisation_id,
        contested_by_id=actor.person_id,
        capacity=capacity,
        reason=reason,
        contested_at=clock.now(),
    )
    records.create(
        contest,
        actor=actor,
        act="charter_version.contested",
        on_behalf_of=organisation_id,
        reason=reason,
        charter_version=version.pk,
        content_hash=version.content_hash,
    )
    return version
