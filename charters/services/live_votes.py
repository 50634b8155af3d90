"""A vote cast here: opened, cast ballot by ballot, closed and counted by the same engine as minutes.

Before the close nothing that is written where anybody can read it says what was voted: no journal entry, no figure, no
answer. In a secret vote nothing ever ties a choice to an elector (docs/adr/0012).
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from charters import states
from charters.enums import BallotKind, CastingVote, DeliberationState, DeliberationTransition
from charters.models import Ballot, BoardDeliberation, Elector, Proxy, Urn
from charters.policies_votes import leads_the_session
from charters.rules import live_vote, voting
from charters.selectors import EntryReader
from charters.selectors.electorate import board_people, other_seats, session_of, session_to_come
from charters.services import minutes
from charters.services.deliberations import save_counted
from charters.services.locks import Locked
from charters.services.outcomes import (
    count,
    held_back,
    lock_deliberation,
    mark_irregular,
    refusals,
    refuse,
    rule_of,
    settle,
)
from coopproject import clock
from coopproject.exceptions import InvalidInput, NotAllowed, Violation
from governance import journal
from governance.actor import Actor
from governance.models import Organisation, Person, StoredFile

_COLUMNS = {
    CastingVote.FOR: "votes_for",
    CastingVote.AGAINST: "votes_against",
    CastingVote.ABSTENTION: "votes_abstain",
    CastingVote.BLANK_OR_VOID: "votes_blank",
}


@transaction.atomic
def board_deliberation_open(*, pk: UUID, actor: Actor, expected_version: int | None = None) -> BoardDeliberation:
    """Open the vote: freeze the rule of this day, the seats in office and the electorate.

    Raises RuleViolated with every reason for which minutes would be refused, with the codes of the gate (C07: a vote
    that is known to come too early is not held), `before_its_day`, `more_electors_than_seats`, `no_elector`,
    `consent_is_not_secret` and those of a second call held too early.
    """
    locked, deliberation = lock_deliberation(pk, expected_version, members=True)
    today = _today(locked)
    rule, found = rule_of(deliberation.board, today)
    people = board_people(deliberation, today)
    found = [
        *states.board_deliberation.violations(deliberation.state, DeliberationTransition.OPEN),
        *_before_its_day(deliberation, today),
        *refusals(
            locked,
            deliberation.board,
            content_hash=deliberation.content_hash,
            held_on=today,
            today=today,
            approves_charters=deliberation.board.approves_charters,
        ),
        *found,
        *live_vote.electorate_violations(len(people), deliberation.board.seats_in_office),
        *held_back(locked.version, deliberation.organisation_id, {today}),
    ]
    if rule is not None:
        found += live_vote.kind_violations(rule.read, secret=deliberation.ballot == BallotKind.SECRET)
        meeting = voting.Tally(
            in_office=deliberation.board.seats_in_office,
            present=0,
            call=deliberation.call,
            held_on=today,
            first_call_on=deliberation.first_call_on,
        )
        found += voting.call_violations(meeting, rule.read)
    refuse(*found)
    assert rule is not None
    states.board_deliberation.apply(deliberation, DeliberationTransition.OPEN)
    deliberation.held_on = deliberation.opened_on = today
    deliberation.voting_rule, deliberation.in_office = rule.stored, deliberation.board.seats_in_office
    deliberation.save(update_fields=["state", "held_on", "opened_on", "voting_rule", "in_office"])
    _drop_proxies(deliberation, rule.read, actor, today)
    _freeze_electorate(locked, deliberation, people, today)
    if deliberation.ballot == BallotKind.SECRET:
        Urn.objects.create(deliberation=deliberation)
    _record(
        "opened",
        deliberation,
        actor,
        voting_rule=rule.stored.pk,
        in_office=deliberation.in_office,
        electors=sorted(people),
    )
    return deliberation


@transaction.atomic
def board_deliberation_cast(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    choice: str,
    elector: Person | None = None,
    reason: str = "",
    remote: bool = False,
) -> BoardDeliberation:
    """Cast one's own vote, or that of an `elector` whose proxy one holds. A vote that is cast is not changed.

    Whoever casts is present, `remote` when they say so. At consent, `against` is an objection and has its reason.
    """
    locked, deliberation = lock_deliberation(pk, expected_version)
    rule = _require_open(deliberation)
    assert actor.person_id is not None
    person_id = elector.pk if elector is not None else actor.person_id
    _check_reason(deliberation, rule, choice, reason)
    session = session_of(deliberation)
    found = live_vote.cast_violations(session, person=str(person_id), voter=str(actor.person_id))
    found += live_vote.remote_violations(rule, remote=remote)
    refuse(*found)
    if person_id == actor.person_id:
        _revoke_own_proxy(deliberation, person_id, actor, _today(locked))
    else:
        proxies = Proxy.objects.filter(deliberation=deliberation, giver_id=person_id, revoked_on__isnull=True)
        proxy = proxies.get()
        proxy.used = True
        proxy.save(update_fields=["used"])
    _be_there(deliberation, actor.person_id, remote=remote)
    row = Elector.objects.get(deliberation=deliberation, person_id=person_id)
    row.voted = True
    row.save(update_fields=["voted"])
    if deliberation.ballot == BallotKind.SECRET:
        _into_the_urn(deliberation, choice)
    else:
        Ballot.objects.create(
            cooperation_id=deliberation.cooperation_id,
            deliberation=deliberation,
            elector=row,
            choice=choice,
            reason=reason,
            cast_by_id=actor.person_id,
        )
    deliberation.save(update_fields=[])
    _record("ballot_cast", deliberation, actor, elector=person_id, remote=remote)
    return deliberation


@transaction.atomic
def board_deliberation_lift_objection(
    *, pk: UUID, actor: Actor, expected_version: int | None = None
) -> BoardDeliberation:
    """At consent: the author of an objection no longer maintains it. What was voted stays as it was cast."""
    _locked, deliberation = lock_deliberation(pk, expected_version)
    _require_open(deliberation)
    ballots = Ballot.objects.filter(deliberation=deliberation, elector__person=actor.person_id)
    ballot = ballots.filter(choice=CastingVote.AGAINST, lifted=False).first()
    rule = _rule(deliberation)
    if ballot is None or rule.majority.kind is not voting.MajorityKind.CONSENT:
        refuse(Violation("no_objection", _("Vous n’avez pas d’objection à lever sur ce vote.")))
    assert ballot is not None
    ballot.lifted = True
    ballot.save(update_fields=["lifted"])
    deliberation.save(update_fields=[])
    # The name of the act does not tell that there was an objection.
    _record("ballot_revised", deliberation, actor, elector=actor.person_id)
    return deliberation


@transaction.atomic
def board_deliberation_attend(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, remote: bool = False
) -> BoardDeliberation:
    """Be counted as present without voting: who is there and has not voted at the close abstains."""
    locked, deliberation = lock_deliberation(pk, expected_version)
    rule = _require_open(deliberation)
    assert actor.person_id is not None
    found = live_vote.attend_violations(session_of(deliberation), person=str(actor.person_id))
    refuse(*found, *live_vote.remote_violations(rule, remote=remote))
    _revoke_own_proxy(deliberation, actor.person_id, actor, _today(locked))
    _be_there(deliberation, actor.person_id, remote=remote)
    deliberation.save(update_fields=[])
    _record("attended", deliberation, actor, elector=actor.person_id, remote=remote)
    return deliberation


@transaction.atomic
def board_deliberation_recuse(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str, elector: Person | None = None
) -> BoardDeliberation:
    """Step aside, or record that an elector does: they leave the base as the rule says, and nobody votes for them.

    Whoever steps aside by themselves is present. Raises NotAllowed for another person's recusal, but by who leads.
    """
    _locked, deliberation = lock_deliberation(pk, expected_version)
    _require_open(deliberation)
    assert actor.person_id is not None
    person_id = elector.pk if elector is not None else actor.person_id
    own = person_id == actor.person_id
    if not own and not leads_the_session(actor, deliberation):
        raise NotAllowed
    refuse(*live_vote.recuse_violations(session_of(deliberation), person=str(person_id)))
    row = Elector.objects.get(deliberation=deliberation, person_id=person_id)
    row.recused, row.recusal_reason, row.recused_by_id = True, reason, actor.person_id
    row.attended = row.attended or own
    row.save(update_fields=["recused", "recusal_reason", "recused_by", "attended"])
    deliberation.save(update_fields=[])
    _record("recused", deliberation, actor, reason=reason, elector=person_id)
    return deliberation


@transaction.atomic
def board_deliberation_close(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    casting_vote: str = "",
    minutes_reference: str = "",
    minutes_file: StoredFile | None = None,
) -> BoardDeliberation:
    """Close the vote, count it, and let come of it what comes of minutes.

    The organisation decided on this day; if the gate has closed again since the opening, the vote is irregular.
    Raises InvalidInput `casting_vote_missing` (or `…_not_expected`) whether or not the votes are tied; RuleViolated
    when the text is no longer to be voted by this board: then the vote is cancelled.
    """
    locked, deliberation = lock_deliberation(pk, expected_version, members=True)
    rule = _require_open(deliberation)
    today = _today(locked)
    found = refusals(
        locked,
        deliberation.board,
        content_hash=deliberation.content_hash,
        held_on=today,
        today=today,
    )
    refuse(*found)
    assert deliberation.in_office is not None
    assert deliberation.opened_on is not None
    session = session_of(deliberation)
    meeting = live_vote.Meeting(deliberation.in_office, today, deliberation.call, deliberation.first_call_on)
    named = deliberation.ballot == BallotKind.NAMED
    wrong = live_vote.casting_vote_violations(session, rule, meeting, named=named, given=bool(casting_vote))
    if wrong:
        raise InvalidInput(*wrong)
    urn = _emptied(deliberation)
    chair = live_vote.chair_who_voted(session)
    if chair is not None and live_vote.reads_casting_vote(session, rule, named=named):
        casting_vote = Ballot.objects.get(deliberation=deliberation, elector__person=UUID(chair)).choice
    tally = live_vote.tally(session, urn, rule, meeting, casting_vote=casting_vote or None)
    deliberation.held_on, deliberation.minutes_reference = today, minutes_reference
    deliberation.minutes_file = minutes.minutes_file(minutes_file)
    count(deliberation, rule, tally)
    mark_irregular(
        deliberation, held_back(locked.version, deliberation.organisation_id, {deliberation.opened_on, today})
    )
    states.board_deliberation.apply(deliberation, DeliberationTransition.CLOSE)
    save_counted(deliberation, actor=actor, act="board_deliberation.closed")
    if not deliberation.irregular:
        settle(locked, deliberation, actor=actor, approved_on=today)
    return deliberation


def _today(locked: Locked) -> dt.date:
    return clock.today(locked.charter.cooperation.zone)


def _record(act: str, deliberation: BoardDeliberation, actor: Actor, *, reason: str = "", **payload: Any) -> None:
    journal.record(
        f"board_deliberation.{act}",
        deliberation,
        actor=actor,
        on_behalf_of=deliberation.organisation_id,
        reason=reason,
        **payload,
    )


def _before_its_day(deliberation: BoardDeliberation, today: dt.date) -> list[Violation]:
    if deliberation.state == DeliberationState.CONVENED and today < deliberation.held_on:
        return [Violation("before_its_day", _("Le vote s’ouvre au plus tôt le jour pour lequel il est convoqué."))]
    return []


def _rule(deliberation: BoardDeliberation) -> voting.VotingRule:
    """The frozen rule: nobody changes one by which a vote is being held."""
    assert deliberation.voting_rule is not None
    return voting.VotingRule.from_dict(deliberation.voting_rule.definition)


def _require_open(deliberation: BoardDeliberation) -> voting.VotingRule:
    """The frozen rule of an open vote. Raises RuleViolated `wrong_state` for any other."""
    refuse(*states.board_deliberation.violations(deliberation.state, DeliberationTransition.CLOSE))
    return _rule(deliberation)


def _freeze_electorate(
    locked: Locked, deliberation: BoardDeliberation, people: Mapping[UUID, bool], today: dt.date
) -> None:
    parties = {UUID(party.id) for party in EntryReader(locked.version, today).parties()}
    seats = other_seats(deliberation, people, parties, today)
    for person_id, chair in people.items():
        elector = Elector.objects.create(
            cooperation_id=deliberation.cooperation_id, deliberation=deliberation, person_id=person_id, chair=chair
        )
        if person_id in seats:
            elector.also_sits_for.set(Organisation.objects.filter(pk__in=seats[person_id]))


def _drop_proxies(deliberation: BoardDeliberation, rule: voting.VotingRule, actor: Actor, today: dt.date) -> None:
    """Proxies given before are held to the rule and the electorate that were just frozen."""
    session = session_to_come(deliberation, today)
    _kept, dropped = live_vote.standing_proxies(session, rule)
    for refused, codes in dropped:
        row = Proxy.objects.get(deliberation=deliberation, giver=UUID(refused.giver), revoked_on__isnull=True)
        revoke(row, actor=actor, day=today, codes=codes)


def revoke(proxy: Proxy, *, actor: Actor, day: dt.date, **payload: Any) -> None:
    """A proxy stands no more; its row stays as a trace."""
    proxy.revoked_on = day
    proxy.save(update_fields=["revoked_on"])
    _record("proxy_revoked", proxy.deliberation, actor, giver=proxy.giver_id, holder=proxy.holder_id, **payload)


def _revoke_own_proxy(deliberation: BoardDeliberation, person_id: UUID, actor: Actor, day: dt.date) -> None:
    """Who comes takes back the proxy that they had given."""
    for proxy in Proxy.objects.filter(
        deliberation=deliberation, giver_id=person_id, used=False, revoked_on__isnull=True
    ):
        revoke(proxy, actor=actor, day=day)


def _be_there(deliberation: BoardDeliberation, person_id: UUID, *, remote: bool) -> None:
    """Note the presence of an elector, at a distance when they first said so. A holder from outside has no seat."""
    row = Elector.objects.filter(deliberation=deliberation, person_id=person_id, attended=False).first()
    if row is not None:
        row.attended, row.remote = True, remote
        row.save(update_fields=["attended", "remote"])


def _check_reason(deliberation: BoardDeliberation, rule: voting.VotingRule, choice: str, reason: str) -> None:
    consent = rule.majority.kind is voting.MajorityKind.CONSENT
    if consent and choice == CastingVote.AGAINST and not reason.strip():
        detail = _("Au consentement, une objection est argumentée.")
        raise InvalidInput(Violation("objection_without_reason", detail, "/reason"))
    if reason and deliberation.ballot == BallotKind.SECRET:
        detail = _("Un bulletin secret ne porte pas d’explication.")
        raise InvalidInput(Violation("secret_ballot_says_nothing", detail, "/reason"))


def _into_the_urn(deliberation: BoardDeliberation, choice: str) -> None:
    column = _COLUMNS[CastingVote(choice)]
    Urn.objects.filter(deliberation=deliberation).update(**{column: F(column) + 1})


def _emptied(deliberation: BoardDeliberation) -> live_vote.Urn:
    """What was voted, read once, at the close. The four numbers of a secret vote stay in its figures alone."""
    if deliberation.ballot == BallotKind.SECRET:
        urn = Urn.objects.get(deliberation=deliberation)
        choices = {voting.Choice(choice): getattr(urn, column) for choice, column in _COLUMNS.items()}
        urn.delete()
        return live_vote.Urn(choices)
    counted = dict.fromkeys(voting.Choice, 0)
    objections = 0
    for choice, lifted in Ballot.objects.filter(deliberation=deliberation).values_list("choice", "lifted"):
        counted[voting.Choice(choice)] += 1
        objections += choice == CastingVote.AGAINST and not lifted
    return live_vote.Urn(counted, objections)
