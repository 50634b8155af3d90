"""The approval that comes of an adopted deliberation, whatever way the board voted, with its evidence."""

import datetime as dt

from django.db.models import Max

from charters.models import Approval, BoardDeliberation
from charters.services.receipts import receipt_issue
from governance import journal
from governance.actor import Actor
from governance.services import records


def approve(deliberation: BoardDeliberation, *, actor: Actor, approved_on: dt.date) -> Approval:
    """The organisation's yes to this exact text, in the journal, with its signed receipt. The next round when its board
    had approved it before: the caller knows that it is asked again (`charters.rules.acts.vote_violations`).

    The caller holds the lock on the charter. Raises RuleViolated `signing_key_revoked`.
    """
    earlier = Approval.objects.filter(
        charter_version=deliberation.charter_version_id, organisation=deliberation.organisation_id
    )
    approval = Approval(
        cooperation_id=deliberation.cooperation_id,
        charter_version=deliberation.charter_version,
        organisation_id=deliberation.organisation_id,
        deliberation=deliberation,
        content_hash=deliberation.content_hash,
        approved_on=approved_on,
        round=(earlier.aggregate(last=Max("round"))["last"] or 0) + 1,
    )
    records.check(approval)
    approval.save(force_insert=True)
    entry = journal.record(
        "charter_version.board_approved",
        approval,
        actor=actor,
        on_behalf_of=approval.organisation_id,
        **records.values_of(approval),
    )
    receipt_issue(approval=approval, entry=entry, actor=actor)
    return approval
