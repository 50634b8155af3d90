"""Recorded minutes, computed again: what does not add up is refused before it can count (domain.md 2.2, V14)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from charters.rules.voting.colleges import COLLEGE_FIGURES, college_votes_violations
from charters.rules.voting.rule_set import MajorityKind, RemoteKind, VotingRule
from charters.rules.voting.tally import (
    Choice,
    Outcome,
    Tally,
    VoteResult,
    compute_quorum,
    compute_result,
    needs_casting_vote,
)
from coopproject.exceptions import RuleViolated, Violation

_COUNTS = (
    "in_office",
    "present",
    "represented",
    "votes_for",
    "votes_against",
    "abstentions",
    "blank_or_void",
    "recused",
    "recused_represented",
    "remote",
)


@dataclass(frozen=True)
class Proxy:
    """One absent member (`giver`) represented by another (`holder`); references, not names."""

    giver: str
    holder: str
    written: bool
    holder_in_body: bool


def tally_violations(tally: Tally, rule: VotingRule) -> tuple[Violation, ...]:
    """Why the figures cannot have come from one meeting of this body; every reason, each pointing to its figure.

    The outcome that the minutes declare is not compared here: `check_minutes` does.
    """
    if malformed := tuple(_malformed(tally)):
        return malformed
    return (
        *_attendance(tally),
        *_proxies(tally, rule),
        *_remote(tally, rule),
        *call_violations(tally, rule),
        *_votes(tally, rule),
        *_colleges(tally, rule),
    )


def check_minutes(tally: Tally, rule: VotingRule) -> tuple[Violation, ...]:
    """Every reason why recorded minutes cannot stand, the outcome that they declare included (`outcome_mismatch`)."""
    if violations := tally_violations(tally, rule):
        return violations
    declared = tally.declared_outcome
    if declared is None or declared == (computed := compute_result(tally, rule)).outcome:
        return ()
    detail = format_lazy(_("Les chiffres donnent un autre résultat : {formula}."), formula=computed.formula)
    return (Violation("outcome_mismatch", detail, "/declared_outcome"),)


def result(tally: Tally, rule: VotingRule) -> VoteResult:
    """The outcome by this rule set. Raises `RuleViolated` when the figures do not add up: no outcome rests on them."""
    if violations := tally_violations(tally, rule):
        raise RuleViolated(*violations)
    return compute_result(tally, rule)


def proxy_violations(
    proxies: Sequence[Proxy], rule: VotingRule, *, present: Iterable[str], pointer: str = "/proxies"
) -> tuple[Violation, ...]:
    """Why proxies are refused, each with its index: the third of a holder limited to two is the one refused (V14)."""
    here, givers = set(present), set[str]()
    held: dict[str, int] = {}
    found: list[Violation] = []

    def refuse(index: int, code: str, detail: str | Promise) -> None:
        found.append(Violation(code, detail, f"{pointer}/{index}"))

    for index, proxy in enumerate(proxies):
        if rule.proxy is None:
            refuse(index, "proxy_must_be_declared", _("Les statuts doivent d’abord dire si les pouvoirs sont admis."))
        elif not rule.proxy.allowed:
            refuse(index, "proxy_not_allowed", _("Les statuts n’admettent pas de pouvoir."))
        else:
            limit = rule.proxy.max_per_holder
            if limit is not None and held.get(proxy.holder, 0) >= limit:
                refuse(
                    index,
                    "proxy_limit_exceeded",
                    format_lazy(_("Cette personne détient déjà {limit} pouvoir(s), le maximum."), limit=limit),
                )
            if rule.proxy.written and not proxy.written:
                refuse(index, "proxy_not_written", _("Les statuts exigent un pouvoir écrit."))
            if rule.proxy.same_body_only and not proxy.holder_in_body:
                refuse(index, "proxy_outside_body", _("Le pouvoir doit être donné à un membre du même organe."))
        if proxy.giver == proxy.holder:
            refuse(index, "proxy_to_self", _("Personne ne se donne pouvoir à soi-même."))
        elif proxy.holder not in here:
            refuse(index, "proxy_holder_absent", _("La personne qui détient le pouvoir n’est pas présente."))
        if proxy.giver in here:
            refuse(index, "proxy_giver_present", _("Une personne présente vote elle-même."))
        if proxy.giver in givers:
            refuse(index, "proxy_given_twice", _("Cette personne a déjà donné pouvoir."))
        givers.add(proxy.giver)
        held[proxy.holder] = held.get(proxy.holder, 0) + 1
    return tuple(found)


def _malformed(tally: Tally) -> Iterator[Violation]:
    numbers = [(name, getattr(tally, name)) for name in _COUNTS]
    if tally.open_objections is not None:
        numbers.append(("open_objections", tally.open_objections))
    numbers += [(f"proxies_by_holder/{i}", n) for i, n in enumerate(tally.proxies_by_holder or ())]
    for name, number in numbers:
        if isinstance(number, bool) or not isinstance(number, int) or number < 0:
            yield Violation("not_a_count", _("Un nombre entier de personnes est attendu."), f"/{name}")
    choices = (
        ("casting_vote", tally.casting_vote, Choice),
        ("remote_kind", tally.remote_kind, RemoteKind),
        ("declared_outcome", tally.declared_outcome, Outcome),
    )
    for name, value, known in choices:
        if value is not None and value not in set(known):
            yield Violation("unknown_choice", _("Ce choix n’existe pas."), f"/{name}")
    if tally.call not in (1, 2):
        yield Violation("unknown_choice", _("Une réunion est sur première ou sur seconde convocation."), "/call")


def _attendance(tally: Tally) -> Iterator[Violation]:
    if tally.present + tally.represented > tally.in_office:
        yield Violation(
            "more_members_than_in_office",
            _("Il y a plus de membres présents ou représentés que de membres en exercice."),
            "/present",
        )
    if tally.recused > tally.present:
        yield Violation("more_recused_than_present", _("Les personnes déportées sont parmi les présentes."), "/recused")
    if tally.recused_represented > tally.represented:
        yield Violation(
            "more_recused_than_represented",
            _("Les personnes déportées sont parmi les représentées."),
            "/recused_represented",
        )
    if tally.remote > tally.present:
        yield Violation("more_remote_than_present", _("Les personnes à distance sont parmi les présentes."), "/remote")


def _proxies(tally: Tally, rule: VotingRule) -> Iterator[Violation]:
    held = tally.proxies_by_holder
    if held is not None:
        if sum(held) != tally.represented:
            yield Violation(
                "proxies_do_not_add_up",
                _("Le total des pouvoirs n’est pas le nombre de membres représentés."),
                "/proxies_by_holder",
            )
        if sum(1 for number in held if number) > tally.present:
            yield Violation(
                "more_holders_than_present",
                _("Il y a plus de porteurs de pouvoirs que de présents."),
                "/proxies_by_holder",
            )
    if not tally.represented:
        return
    if rule.proxy is None:
        yield Violation(
            "proxy_must_be_declared",
            _("Les statuts doivent d’abord dire si les pouvoirs sont admis."),
            "/represented",
        )
        return
    if not rule.proxy.allowed:
        yield Violation("proxy_not_allowed", _("Les statuts n’admettent pas de pouvoir."), "/represented")
        return
    if not tally.present:
        yield Violation("proxy_holder_absent", _("Personne n’est présent pour porter un pouvoir."), "/represented")
    limit = rule.proxy.max_per_holder
    if limit is not None:
        too_many = format_lazy(_("Une personne détient au plus {limit} pouvoir(s)."), limit=limit)
        for index, number in enumerate(held or ()):
            if number > limit:
                yield Violation("proxy_limit_exceeded", too_many, f"/proxies_by_holder/{index}")
        if held is None and tally.represented > limit * tally.present:
            yield Violation("proxy_limit_exceeded", too_many, "/represented")
    if rule.proxy.written and tally.proxies_written is False:
        yield Violation("proxy_not_written", _("Les statuts exigent un pouvoir écrit."), "/proxies_written")
    if rule.proxy.same_body_only and tally.proxies_same_body is False:
        yield Violation(
            "proxy_outside_body",
            _("Le pouvoir doit être donné à un membre du même organe."),
            "/proxies_same_body",
        )


def _remote(tally: Tally, rule: VotingRule) -> Iterator[Violation]:
    if not tally.remote:
        return
    if not rule.remote.allowed:
        yield Violation("remote_not_allowed", _("Les statuts n’admettent pas la participation à distance."), "/remote")
    elif tally.remote_kind is not None and tally.remote_kind != rule.remote.kind:
        yield Violation(
            "remote_kind_not_allowed", _("Les statuts admettent une autre forme de vote à distance."), "/remote_kind"
        )


def call_violations(tally: Tally, rule: VotingRule) -> Iterator[Violation]:
    """Why a meeting cannot be held as a second call on that day."""
    if tally.call == 1:
        return
    if not rule.second_call.allowed:
        yield Violation("second_call_not_allowed", _("Les statuts n’admettent pas de seconde convocation."), "/call")
        return
    if tally.first_call_on is None:
        yield Violation("first_call_missing", _("La date de la réunion sans quorum est attendue."), "/first_call_on")
    if tally.held_on is None:
        yield Violation("held_on_missing", _("La date de la réunion est attendue."), "/held_on")
    if tally.first_call_on is None or tally.held_on is None:
        return
    days = (tally.held_on - tally.first_call_on).days
    if days < (rule.second_call.min_days or 0) or days < 0:
        yield Violation(
            "second_call_too_early",
            format_lazy(
                _("La seconde réunion se tient au moins {days} jour(s) après la première."),
                days=rule.second_call.min_days,
            ),
            "/held_on",
        )


def _votes(tally: Tally, rule: VotingRule) -> Iterator[Violation]:
    consent = rule.majority.kind is MajorityKind.CONSENT
    if tally.cast > tally.voters:
        yield Violation(
            "more_votes_than_voters",
            format_lazy(
                _("{cast} votes pour {voters} votants (présents et représentés, moins les déportés)."),
                cast=tally.cast,
                voters=tally.voters,
            ),
            "/votes_for",
        )
    elif tally.cast < tally.voters and not consent and compute_quorum(tally, rule).met:
        yield Violation(
            "votes_missing",
            format_lazy(
                _("{cast} votes pour {voters} votants : qui ne prend pas part au vote s’abstient."),
                cast=tally.cast,
                voters=tally.voters,
            ),
            "/abstentions",
        )
    if consent and tally.open_objections is None:
        yield Violation(
            "objections_missing",
            _("Le nombre d’objections argumentées non levées est attendu, même s’il est nul."),
            "/open_objections",
        )
    if not consent and tally.casting_vote is None and needs_casting_vote(tally, rule):
        yield Violation(
            "casting_vote_missing",
            _("À égalité, il faut savoir comment a voté la personne dont la voix est prépondérante."),
            "/casting_vote",
        )


def _colleges(tally: Tally, rule: VotingRule) -> Iterator[Violation]:
    """The figures by college, where the statutes weigh them; nothing is weighed without a quorum."""
    if tally.college_votes is None:
        if rule.colleges and compute_quorum(tally, rule).met:
            detail = _("Les votes de chaque collège sont attendus : les statuts les pèsent.")
            yield Violation("college_votes_missing", detail, "/college_votes")
        return
    if not rule.colleges:
        yield Violation("no_colleges", _("La règle de vote ne compte pas par collège."), "/college_votes")
        return
    totals = {name: getattr(tally, name) for name in COLLEGE_FIGURES}
    yield from college_votes_violations(tally.college_votes, rule.colleges, totals)
