"""Delegations, circuits, the rules of the assembly and the votes on decisions, in a dossier."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import InvalidInput, Violation
from governance import voting_rules
from governance.dossier.checks import in_order, minutes_are_a_pdf, not_in_the_future
from governance.dossier.sections import Draft, Row, Section
from governance.enums import DecidedBy, RoleKind
from governance.models import AssemblyRule, DecisionCircuit, DecisionVote, Delegation
from governance.rules import vote_figures


def _delegation_check(row: Row, draft: Draft) -> Iterator[Violation]:
    role = draft.by_id("roles")[row.obj.role_id].obj
    if role.kind != RoleKind.COORDINATION:
        detail = _("Une délégation se donne à qui exerce la coordination.")
        yield row.wrong("not_a_coordination_role", detail, "role")
    if role.since > draft.today:
        yield row.wrong("role_to_come", _("Ce rôle n’a pas encore commencé."), "role")
    yield from not_in_the_future(row, draft, "revoked_on")
    yield from in_order(row, "since", "revoked_on")
    if row.obj.granted_by_id is not None:
        source = draft.by_id("decisions")[row.obj.granted_by_id].obj
        if source.taken_on is None or source.rejected or source.decided_by == DecidedBy.COORDINATION:
            detail = _("Seule une décision prise, adoptée et en vigueur donne une délégation.")
            yield row.wrong("not_in_force", detail, "granted_by")


def _assembly_rule_check(row: Row, draft: Draft) -> Iterator[Violation]:
    yield from voting_rules.violations(row.obj.definition, f"{row.pointer}/definition")


def _vote_complete(row: Row, draft: Draft) -> Iterable[Violation]:
    """The minutes name an organ and figures; the rule in force that day, the seats and the result follow."""
    vote = row.obj
    if vote.board_id is not None:
        board = draft.by_id("boards")[vote.board_id].obj
        vote.organisation_id = vote.organisation_id or board.organisation_id
        vote.in_office = board.seats_in_office if vote.in_office is None else vote.in_office
    rule_name = "voting_rule_id" if vote.board_id is not None else "assembly_rule_id"
    if getattr(vote, rule_name) is None:
        key = "voting_rules" if vote.board_id is not None else "assembly_rules"
        known = [found.obj for found in draft[key] if vote.board_id is None or found.obj.board_id == vote.board_id]
        known = [rule for rule in known if rule.valid_from <= vote.held_on]
        if not known:
            detail = _("Aucune règle de vote n’était connue ce jour-là.")
            return [row.wrong("voting_rule_missing", detail)]
        setattr(vote, rule_name, max(known, key=lambda rule: rule.valid_from).pk)
    if vote.in_office is None:
        return [row.wrong("required", _("Ce champ est obligatoire."), "in_office")]
    if not vote.result:
        counted = _counted(row, draft)
        if isinstance(counted, list):
            return counted
        vote.result, vote.explanation = counted.result, counted.explanation
    return ()


def _counted(row: Row, draft: Draft) -> voting_rules.Counted | list[Violation]:
    """What the figures give by the rule, or why they cannot come from one meeting."""
    vote = row.obj
    key, rule_id = ("voting_rules", vote.voting_rule_id) if vote.voting_rule_id else ("assembly_rules", None)
    definition = draft.by_id(key)[rule_id or vote.assembly_rule_id].obj.definition
    figures = {name: getattr(vote, name) for name in ("in_office", "held_on", *vote_figures.COUNTED)}
    if not isinstance(vote.particulars, dict) or set(vote.particulars) - set(vote_figures.PARTICULARS):
        return [row.wrong("unknown_field", _("Champ inconnu."), "particulars")]
    try:
        return voting_rules.count(definition, figures | vote_figures.read(vote.particulars))
    except InvalidInput as error:
        pointed = map(vote_figures.pointed_at, error.violations)
        return [Violation(found.code, found.detail, row.pointer + found.pointer) for found in pointed]
    except ValueError:
        return [row.wrong("invalid_date", _("Cette date n’existe pas."), "particulars")]


def _vote_check(row: Row, draft: Draft) -> Iterator[Violation]:
    vote = row.obj
    decision = draft.by_id("decisions")[vote.decision_id].obj
    if decision.decided_by != (DecidedBy.EACH_BOARD if vote.board_id else DecidedBy.ASSEMBLY):
        yield row.wrong("not_decided_so", _("Cette décision ne se prend pas ainsi."), "decision")
    yield from not_in_the_future(row, draft, "held_on", "ratified_on")
    yield from in_order(row, "held_on", "ratified_on")
    if vote.option_id is not None and draft.by_id("options")[vote.option_id].obj.decision_id != vote.decision_id:
        yield row.wrong("not_an_option", _("Cette option est d’une autre décision."), "option")
    if vote.board_id is not None:
        board = draft.by_id("boards")[vote.board_id].obj
        if vote.organisation_id != board.organisation_id:
            yield row.wrong("other_organisation", _("Cette instance est d’une autre organisation."), "organisation")
    counted = _counted(row, draft)
    if isinstance(counted, list):
        yield from counted
    elif counted.result != vote.result:
        yield row.wrong("outcome_mismatch", _("Les chiffres donnent un autre résultat."), "result")
    yield from minutes_are_a_pdf(row, draft)


SECTIONS = (
    Section(
        key="delegations",
        model=Delegation,
        fields=(
            "role",
            "subjects",
            "excluded_impacts",
            "scope",
            "ceiling",
            "total_ceiling",
            "since",
            "until",
            "granted_by",
            "reference",
            "revoked_on",
            "revoked_reason",
            "confidentiality",
        ),
        check=_delegation_check,
    ),
    Section(
        key="decision_circuits",
        model=DecisionCircuit,
        fields=("subject", "title", "decided_by", "asked", "ceiling", "valid_from", "confidentiality"),
    ),
    Section(
        key="assembly_rules",
        model=AssemblyRule,
        fields=("valid_from", "definition", "source", "confidentiality"),
        check=_assembly_rule_check,
    ),
    Section(
        key="decision_votes",
        model=DecisionVote,
        fields=(
            "decision",
            "board",
            "organisation",
            "option",
            "held_on",
            "voting_rule",
            "assembly_rule",
            "in_office",
            *vote_figures.COUNTED,
            "particulars",
            "result",
            "explanation",
            "minutes_reference",
            "minutes_file",
            "irregular",
            "irregular_codes",
            "ratified_on",
            "ratified_reference",
            "ratified_reason",
            "recorded_by",
            "capacity",
        ),
        optional=frozenset({"in_office", "result", "explanation"}),
        complete=_vote_complete,
        check=_vote_check,
    ),
)
