"""A vote cast ballot by ballot: who may do what while it is open, and the figures that it gives (domain.md 2.2).

Nothing here looks at what somebody voted, but `tally`: before the close the answers depend on the turn-out alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from charters.rules import voting
from charters.rules.voting.tally import needs_casting_vote
from coopproject.exceptions import Violation

_NOT_AN_ELECTOR = _("Cette personne n’est pas électrice de cette délibération.")
_TIES_BY_ONE = (voting.Tie.CHAIR_CASTING_VOTE, voting.Tie.OLDER_MEMBER)
_SETTLED_BY_TIES = (voting.MajorityKind.SIMPLE, voting.MajorityKind.ABSOLUTE)
# Where the engine's reasons about a proxy lie in the body that declares it.
_POINTERS = {
    "proxy_limit_exceeded": "/holder",
    "proxy_outside_body": "/holder",
    "proxy_to_self": "/holder",
    "proxy_not_written": "/written",
    "proxy_given_twice": "/giver",
    "proxy_giver_present": "/giver",
}


@dataclass(frozen=True)
class Elector:
    """A person who has a vote; references, not names. `attended`: present, at a distance too (`remote`)."""

    person: str
    chair: bool = False
    attended: bool = False
    remote: bool = False
    voted: bool = False
    recused: bool = False


@dataclass(frozen=True)
class Proxy:
    """A proxy that was not revoked. `used`: the holder has voted for the giver."""

    giver: str
    holder: str
    written: bool = False
    used: bool = False


@dataclass(frozen=True)
class Session:
    """What everybody may know of an open vote."""

    electors: tuple[Elector, ...]
    proxies: tuple[Proxy, ...]

    def elector(self, person: str) -> Elector | None:
        return next((elector for elector in self.electors if elector.person == person), None)

    def proxy_of(self, giver: str) -> Proxy | None:
        return next((proxy for proxy in self.proxies if proxy.giver == giver), None)

    def is_represented(self, elector: Elector) -> bool:
        """Absent, and their holder is there and does not step aside, or has voted for them already."""
        proxy = self.proxy_of(elector.person)
        if elector.attended or proxy is None:
            return False
        holder = self.elector(proxy.holder)
        return proxy.used or (holder is not None and holder.attended and not holder.recused)


@dataclass(frozen=True)
class Urn:
    """What was voted, once it may be known: ballots by choice, and the objections that remain (consent)."""

    choices: Mapping[voting.Choice, int]
    open_objections: int = 0


@dataclass(frozen=True)
class Meeting:
    """The frame of the vote, frozen when it was opened."""

    in_office: int
    held_on: date
    call: int = 1
    first_call_on: date | None = None


def electorate_violations(electors: int, seats: int) -> list[Violation]:
    """Why a vote cannot be opened with that many electors for that many seats."""
    if not electors:
        detail = _("Personne n’exerce de rôle dans cette instance aujourd’hui : enregistrez ses membres.")
        return [Violation("no_elector", detail)]
    if electors > seats:
        detail = format_lazy(
            _("{electors} personnes exercent un rôle dans cette instance, qui compte {seats} sièges en exercice."),
            electors=electors,
            seats=seats,
        )
        return [Violation("more_electors_than_seats", detail)]
    return []


def kind_violations(rule: voting.VotingRule, *, secret: bool) -> list[Violation]:
    """An objection is reasoned, and lifted by its author: consent is not asked by secret ballot. Nobody says here of
    which college an elector is: a vote that is weighed by college is minuted."""
    if rule.colleges:
        detail = _("Un vote par collège s’enregistre d’après son procès-verbal : il ne se tient pas ici.")
        return [Violation("colleges_are_recorded", detail, "/board")]
    if secret and rule.majority.kind is voting.MajorityKind.CONSENT:
        detail = _("Au consentement, les objections sont argumentées : le vote ne peut être secret.")
        return [Violation("consent_is_not_secret", detail, "/ballot")]
    return []


def remote_violations(rule: voting.VotingRule, *, remote: bool) -> list[Violation]:
    """Whether the statutes admit who says that they take part at a distance."""
    if remote and not rule.remote.allowed:
        detail = _("Les statuts n’admettent pas la participation à distance.")
        return [Violation("remote_not_allowed", detail, "/remote")]
    return []


def cast_violations(session: Session, *, person: str, voter: str) -> list[Violation]:
    """Why `voter` cannot cast the vote of the elector `person`: their own, or by a proxy that they hold."""
    elector = session.elector(person)
    pointer = "" if person == voter else "/elector"
    if elector is None:
        return [Violation("not_an_elector", _NOT_AN_ELECTOR, pointer)]
    found = []
    if elector.recused:
        found.append(Violation("recused", _("Une personne déportée ne prend pas part au vote."), pointer))
    if elector.voted:
        found.append(Violation("already_voted", _("Ce vote est déjà émis."), pointer))
    if person == voter:
        return found
    proxy = session.proxy_of(person)
    if proxy is None or proxy.holder != voter:
        found.append(Violation("no_proxy", _("Vous ne détenez pas le pouvoir de cette personne."), pointer))
    if elector.attended and not elector.voted:
        found.append(Violation("proxy_giver_present", _("Une personne présente vote elle-même."), pointer))
    holder = session.elector(voter)
    if holder is not None and holder.recused:
        found.append(Violation("holder_recused", _("Qui se déporte ne vote pas non plus pour autrui."), pointer))
    return found


def attend_violations(session: Session, *, person: str) -> list[Violation]:
    """Why this person cannot be counted as present."""
    elector = session.elector(person)
    if elector is None:
        return [Violation("not_an_elector", _NOT_AN_ELECTOR)]
    if elector.voted and not elector.attended:
        return [Violation("already_represented", _("Votre pouvoir a déjà servi : vous êtes représentée."))]
    return []


def recuse_violations(session: Session, *, person: str) -> list[Violation]:
    """Why this elector cannot step aside now."""
    elector = session.elector(person)
    if elector is None:
        return [Violation("not_an_elector", _NOT_AN_ELECTOR, "/elector")]
    if elector.recused:
        return [Violation("already_recused", _("Cette personne s’est déjà déportée."), "/elector")]
    if elector.voted:
        return [Violation("already_voted", _("Ce vote est déjà émis."), "/elector")]
    return []


def proxy_violations(session: Session, rule: voting.VotingRule, new: Proxy) -> list[Violation]:
    """Why this proxy is refused beside those that stand: the limits of the rule (V14), one proxy each, no chain."""
    found = []
    giver, holder = session.elector(new.giver), session.elector(new.holder)
    if giver is None:
        found.append(Violation("not_an_elector", _NOT_AN_ELECTOR, "/giver"))
    else:
        if giver.recused:
            found.append(Violation("recused", _("Une personne déportée ne se fait pas représenter."), "/giver"))
        if giver.voted:
            found.append(Violation("already_voted", _("Ce vote est déjà émis."), "/giver"))
    if holder is not None and holder.recused:
        found.append(Violation("holder_recused", _("Qui se déporte ne vote pas non plus pour autrui."), "/holder"))
    others = [proxy for proxy in session.proxies if proxy.giver != new.giver]
    if any(new.holder == proxy.giver or new.giver == proxy.holder for proxy in others):
        detail = _("Qui a donné pouvoir n’en détient pas, et un pouvoir ne se transmet pas.")
        found.append(Violation("proxy_of_a_proxy", detail, "/holder"))
    known = {elector.person for elector in session.electors}
    listed = [
        voting.Proxy(proxy.giver, proxy.holder, proxy.written, proxy.holder in known)
        for proxy in (*session.proxies, new)
    ]
    attended = {elector.person for elector in session.electors if elector.attended}
    of_the_rule = voting.proxy_violations(listed, rule, present=attended | {new.holder} - {new.giver})
    last = f"/proxies/{len(listed) - 1}"
    found += [
        Violation(violation.code, violation.detail, _POINTERS.get(violation.code, ""))
        for violation in of_the_rule
        if violation.pointer == last
    ]
    return found


def standing_proxies(session: Session, rule: voting.VotingRule) -> tuple[list[Proxy], list[tuple[Proxy, list[str]]]]:
    """The proxies given before the opening that its rule and its electorate admit, and the others with their codes."""
    kept: list[Proxy] = []
    dropped: list[tuple[Proxy, list[str]]] = []
    for proxy in session.proxies:
        found = proxy_violations(Session(session.electors, tuple(kept)), rule, proxy)
        if found:
            dropped.append((proxy, sorted({violation.code for violation in found})))
        else:
            kept.append(proxy)
    return kept, dropped


def chair_who_voted(session: Session) -> str | None:
    """The one chair, who cast their own vote: in a named vote their ballot says how they break a tie."""
    chairs = [elector for elector in session.electors if elector.chair]
    return chairs[0].person if len(chairs) == 1 and chairs[0].voted and chairs[0].attended else None


def reads_casting_vote(session: Session, rule: voting.VotingRule, *, named: bool) -> bool:
    """Whether a tie would be broken by a ballot that is known, so that nobody types it."""
    return rule.tie is voting.Tie.CHAIR_CASTING_VOTE and named and chair_who_voted(session) is not None


def casting_vote_violations(
    session: Session, rule: voting.VotingRule, meeting: Meeting, *, named: bool, given: bool
) -> list[Violation]:
    """Whether the one who closes must say how a tie would be broken.

    It depends on the rule and the turn-out only, never on whether the votes are tied: to be asked for it must not tell
    how they stand.
    """
    attendance = _attendance(session, meeting, rule)
    needed = (
        rule.tie in _TIES_BY_ONE
        and rule.majority.kind in _SETTLED_BY_TIES
        and voting.quorum(attendance, rule).met
        and not reads_casting_vote(session, rule, named=named)
    )
    if given and not needed:
        detail = _("Aucune voix prépondérante n’est à saisir pour ce vote.")
        return [Violation("casting_vote_not_expected", detail, "/casting_vote")]
    if needed and not given:
        detail = _("Dites comment vote, en cas d’égalité, la personne dont la voix est prépondérante.")
        return [Violation("casting_vote_missing", detail, "/casting_vote")]
    return []


def tally(
    session: Session, urn: Urn, rule: voting.VotingRule, meeting: Meeting, *, casting_vote: str | None = None
) -> voting.Tally:
    """The figures of the vote: who is there and does not vote, or is represented and not voted for, abstains.

    `casting_vote` is kept only where it decides.
    """
    base = _attendance(session, meeting, rule)
    choices = urn.choices
    silent = base.voters - sum(choices.values())
    consent = rule.majority.kind is voting.MajorityKind.CONSENT
    counted = replace(
        base,
        votes_for=choices.get(voting.Choice.FOR, 0),
        votes_against=choices.get(voting.Choice.AGAINST, 0),
        abstentions=choices.get(voting.Choice.ABSTENTION, 0) + silent,
        blank_or_void=choices.get(voting.Choice.BLANK_OR_VOID, 0),
        open_objections=urn.open_objections if consent else None,
    )
    if casting_vote is not None and not consent and needs_casting_vote(counted, rule):
        return replace(counted, casting_vote=casting_vote)
    return counted


def _attendance(session: Session, meeting: Meeting, rule: voting.VotingRule) -> voting.Tally:
    here = [elector for elector in session.electors if elector.attended]
    away = [elector for elector in session.electors if session.is_represented(elector)]
    proxies = [proxy for elector in away if (proxy := session.proxy_of(elector.person)) is not None]
    remote = _count(elector.remote for elector in here)
    known = {elector.person for elector in session.electors}
    return voting.Tally(
        in_office=meeting.in_office,
        present=len(here),
        represented=len(away),
        recused=_count(elector.recused for elector in here),
        recused_represented=_count(elector.recused for elector in away),
        remote=remote,
        remote_kind=rule.remote.kind.value if remote and rule.remote.kind else None,
        proxies_by_holder=_by_holder(proxies, len(here)),
        proxies_written=all(proxy.written for proxy in proxies) if proxies else None,
        proxies_same_body=all(proxy.holder in known for proxy in proxies) if proxies else None,
        call=meeting.call,
        held_on=meeting.held_on,
        first_call_on=meeting.first_call_on,
    )


def _by_holder(proxies: Sequence[Proxy], present: int) -> tuple[int, ...] | None:
    """How many each holder holds, without saying who; None when holders from outside the board are too many to tell."""
    held: dict[str, int] = {}
    for proxy in proxies:
        held[proxy.holder] = held.get(proxy.holder, 0) + 1
    return tuple(sorted(held.values(), reverse=True)) if held and len(held) <= present else None


def _count(flags: Iterable[bool]) -> int:
    return sum(1 for flag in flags if flag)
