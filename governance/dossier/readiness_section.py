"""What members answered before cooperating, in a dossier; drafts travel with those who may read them."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.dossier.governance_sections import not_in_the_future
from governance.dossier.sections import Draft, Row, Section
from governance.enums import Confidentiality, SheetState
from governance.models import ReadinessAssessment
from governance.rules.readiness import QUESTIONS, missing_answers, precondition_violations


def _check(row: Row, draft: Draft) -> Iterator[Violation]:
    obj = row.obj
    wrong = precondition_violations(obj.preconditions, f"{row.pointer}/preconditions")
    yield from wrong
    yield from not_in_the_future(row, draft, "submitted_on")
    if (obj.state == SheetState.SUBMITTED) != (obj.submitted_on is not None):
        yield row.wrong("required", _("Des réponses remises le sont un jour, un brouillon non."), "submitted_on")
    if obj.state == SheetState.SUBMITTED and not wrong:
        texts = {name: getattr(obj, name) for name in QUESTIONS}
        for found in missing_answers(texts, obj.pooled, obj.preconditions):
            yield Violation(found.code, found.detail, row.pointer + found.pointer)
    if obj.confidentiality == Confidentiality.RESTRICTED:
        yield row.wrong("level_not_allowed", _("Remises, ces réponses se partagent."), "confidentiality")
    if all(membership.obj.organisation_id != obj.organisation_id for membership in draft["memberships"]):
        yield row.wrong("not_a_member", _("Cette organisation n’est pas membre."), "organisation")


SECTION = Section(
    key="readiness_assessments",
    model=ReadinessAssessment,
    fields=(
        "organisation",
        "state",
        "why",
        "stakes",
        "benefits",
        "drawbacks",
        "pooling",
        "pooled",
        "needs",
        "preconditions",
        "submitted_on",
        "confidentiality",
    ),
    check=_check,
)
