"""The path through the challenges in a dossier."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.dossier.sections import COOPERATION, Draft, Row, Section
from governance.models import JourneyEntry
from governance.rules.journey import answer_violations, entry_violations


def _check(row: Row, draft: Draft) -> Iterator[Violation]:
    obj = row.obj
    found = entry_violations(
        challenge=obj.challenge,
        level=obj.level,
        of_organisation=obj.organisation_id is not None,
        since=obj.since,
        started_on=draft[COOPERATION][0].obj.started_on,
        today=draft.today,
    )
    found += answer_violations(obj.challenge, obj.answers)
    for violation in found:
        yield Violation(violation.code, violation.detail, row.pointer + violation.pointer)
    if obj.organisation_id is not None and not _was_member(row, draft):
        yield row.wrong("not_a_member", _("Cette organisation n’était pas membre ce jour-là."), "organisation")


def _was_member(row: Row, draft: Draft) -> bool:
    return any(
        stay.obj.organisation_id == row.obj.organisation_id
        and stay.obj.joined_on <= row.obj.since
        and (stay.obj.left_on is None or row.obj.since <= stay.obj.left_on)
        for stay in draft["memberships"]
    )


SECTION = Section(
    key="journey_entries",
    model=JourneyEntry,
    fields=("organisation", "challenge", "level", "since", "reason", "answers", "recorded_by", "confidentiality"),
    check=_check,
)
