"""Grids « cooperate or merge » in a dossier."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.dossier.governance_sections import not_in_the_future
from governance.dossier.sections import Draft, Row, Section
from governance.enums import Confidentiality, SheetState
from governance.models import ArbitrationGrid
from governance.rules.arbitration import missing_scores, score_violations


def _check(row: Row, draft: Draft) -> Iterator[Violation]:
    obj = row.obj
    wrong = score_violations(obj.scores, f"{row.pointer}/scores")
    yield from wrong
    yield from not_in_the_future(row, draft, "submitted_on")
    if (obj.state == SheetState.SUBMITTED) != (obj.submitted_on is not None):
        yield row.wrong("required", _("Une grille remise l’est un jour, un brouillon non."), "submitted_on")
    if obj.state == SheetState.SUBMITTED and not wrong:
        for found in missing_scores(obj.scores):
            yield Violation(found.code, found.detail, row.pointer + found.pointer)
    if obj.confidentiality == Confidentiality.RESTRICTED:
        yield row.wrong("level_not_allowed", _("Remise, une grille se partage."), "confidentiality")
    if all(membership.obj.organisation_id != obj.organisation_id for membership in draft["memberships"]):
        yield row.wrong("not_a_member", _("Cette organisation n’est pas membre."), "organisation")


SECTION = Section(
    key="arbitration_grids",
    model=ArbitrationGrid,
    fields=("organisation", "state", "scores", "submitted_on", "confidentiality"),
    check=_check,
)
