"""Decisions in a dossier, with the options between which they choose and the reviews of what they gave."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.dossier.checks import in_order, minutes_are_a_pdf, not_in_the_future
from governance.dossier.sections import Draft, Row, Section
from governance.enums import DecidedBy, DecisionState
from governance.models import Decision, DecisionOption, OutcomeReview
from governance.rules.confidentiality import highest


def _decision_complete(row: Row, draft: Draft) -> Iterable[Violation]:
    if row.obj.state == DecisionState.TAKEN and row.obj.requirements_at_taking is None:
        row.obj.requirements_at_taking = []
    return ()


def _decision_check(row: Row, draft: Draft) -> Iterator[Violation]:
    yield from not_in_the_future(row, draft, "submitted_on", "taken_on")
    yield from in_order(row, "submitted_on", "taken_on")
    yield from not_in_the_future(row, draft, "out_of_force_on")
    yield from minutes_are_a_pdf(row, draft)
    yield from _chosen(row, draft)
    yield from _replaced(row, draft)
    if row.obj.state == DecisionState.WITHDRAWN and not row.obj.withdrawn_reason:
        yield row.wrong("required", _("Un retrait dit pourquoi."), "withdrawn_reason")


def _chosen(row: Row, draft: Draft) -> Iterator[Violation]:
    """What was chosen is one of its options; what was taken by delegation names it."""
    decision = row.obj
    own = {option.obj.pk for option in row.children.get("options", ())}
    if decision.chosen_option_id is not None and decision.chosen_option_id not in own:
        yield row.wrong("not_an_option", _("Cette option est d’une autre décision."), "chosen_option")
    if decision.state != DecisionState.TAKEN:
        return
    if own and not decision.rejected and decision.chosen_option_id is None:
        yield row.wrong("required", _("Dites quelle option est retenue."), "chosen_option")
    if (decision.decided_by == DecidedBy.COORDINATION) != (decision.delegation_id is not None):
        detail = _("Une décision de la coordination nomme la délégation en vertu de laquelle elle est prise.")
        yield row.wrong("delegation_missing", detail, "delegation")


def _replaced(row: Row, draft: Draft) -> Iterator[Violation]:
    """A decision replaces others of its cooperation, no more closed than itself, and is taken from that day."""
    decisions = draft.by_id("decisions")
    for identifier in row.many.get("supersedes", ()):
        other = decisions[identifier].obj
        if highest(other.confidentiality, row.obj.confidentiality) != row.obj.confidentiality:
            detail = _("Une décision n’est pas plus ouverte que celles qu’elle remplace.")
            yield row.wrong("more_open_than_replaced", detail, "supersedes")
    if row.obj.superseded_by_id is None:
        return
    by = decisions[row.obj.superseded_by_id]
    if by.obj.taken_on != row.obj.out_of_force_on or row.obj.pk not in by.many.get("supersedes", ()):
        detail = _("La décision qui la remplace le dit aussi, et la met hors de vigueur le jour où elle est prise.")
        yield row.wrong("not_superseded_so", detail, "superseded_by")


def _review_check(row: Row, draft: Draft) -> Iterator[Violation]:
    yield from not_in_the_future(row, draft, "held_on")
    decision = row.parent.obj if row.parent else None
    if decision is None or decision.taken_on is None or row.obj.held_on < decision.taken_on:
        yield row.wrong("out_of_order", _("Cette revue précède la décision ou sa dernière revue."), "held_on")


SECTION = Section(
    key="decisions",
    model=Decision,
    fields=(
        "title",
        "description",
        "impact_flags",
        "no_impact_reason",
        "concerned",
        "planned_on",
        "subject",
        "decided_by",
        "amount",
        "supersedes",
        "state",
        "submitted_on",
        "taken_on",
        "taken_by",
        "outcome",
        "rejected",
        "chosen_option",
        "delegation",
        "minutes_reference",
        "minutes_file",
        "expected_outcome",
        "review_on",
        "superseded_by",
        "out_of_force_on",
        "requirements_at_taking",
        "withdrawn_reason",
        "confidentiality",
    ),
    children=(
        Section(
            key="options",
            model=DecisionOption,
            parent="decision",
            fields=("position", "title", "description", "pros", "cons", "estimated_cost"),
            order=("position",),
        ),
        Section(
            key="reviews",
            model=OutcomeReview,
            parent="decision",
            fields=("held_on", "obtained", "conclusion", "next_review_on", "recorded_by"),
            order=("held_on",),
            check=_review_check,
        ),
    ),
    complete=_decision_complete,
    check=_decision_check,
)
