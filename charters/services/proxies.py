"""Proxies of a live vote: declared by their giver, or by who leads the session when they are written."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from charters import states
from charters.enums import DeliberationState, DeliberationTransition
from charters.models import BoardDeliberation, Proxy
from charters.policies_votes import leads_the_session
from charters.rules import live_vote, voting
from charters.selectors.electorate import session_of, session_to_come
from charters.services.live_votes import revoke
from charters.services.locks import Locked
from charters.services.outcomes import lock_deliberation, refuse, rule_of
from coopproject import clock
from coopproject.exceptions import InvalidInput, NotAllowed, RuleViolated, Violation
from governance import journal
from governance.actor import Actor
from governance.models import Person, Role


@transaction.atomic
def board_deliberation_declare_proxy(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    holder: Person,
    giver: Person | None = None,
    written: bool = False,
) -> BoardDeliberation:
    """Record that `giver` (by default oneself) is represented by `holder` at this vote, convened or open.

    Before the opening the rule and the board of the planned day are asked; the opening asks again with those that it
    freezes, and revokes what they do not admit. Raises NotAllowed for another person's proxy, but when it is written
    and recorded by who leads the session.
    """
    locked, deliberation = lock_deliberation(pk, expected_version)
    _require_pending(deliberation)
    assert actor.person_id is not None
    giver_id = giver.pk if giver is not None else actor.person_id
    if giver_id != actor.person_id:
        if not leads_the_session(actor, deliberation):
            raise NotAllowed
        if not written:
            detail = _("Un pouvoir qui n’est pas écrit se déclare par la personne qui le donne.")
            raise RuleViolated(Violation("proxy_not_declared_by_giver", detail, "/giver"))
    session, rule = _frame(locked, deliberation)
    if session.elector(str(holder.pk)) is None:
        _require_known_here(deliberation, holder, clock.today(locked.charter.cooperation.zone))
    new = live_vote.Proxy(str(giver_id), str(holder.pk), written)
    refuse(*live_vote.proxy_violations(session, rule, new))
    Proxy.objects.create(
        cooperation_id=deliberation.cooperation_id,
        deliberation=deliberation,
        giver_id=giver_id,
        holder=holder,
        written=written,
        declared_by_id=actor.person_id,
    )
    deliberation.save(update_fields=[])
    journal.record(
        "board_deliberation.proxy_declared",
        deliberation,
        actor=actor,
        on_behalf_of=deliberation.organisation_id,
        giver=giver_id,
        holder=holder.pk,
        written=written,
    )
    return deliberation


@transaction.atomic
def board_deliberation_revoke_proxy(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, giver: Person | None = None
) -> BoardDeliberation:
    """Take back a proxy that has not been used: one's own, or any by who leads the session."""
    locked, deliberation = lock_deliberation(pk, expected_version)
    _require_pending(deliberation)
    assert actor.person_id is not None
    giver_id = giver.pk if giver is not None else actor.person_id
    if giver_id != actor.person_id and not leads_the_session(actor, deliberation):
        raise NotAllowed
    proxy = Proxy.objects.filter(deliberation=deliberation, giver_id=giver_id, revoked_on__isnull=True).first()
    if proxy is None:
        raise RuleViolated(Violation("no_proxy", _("Cette personne n’a pas donné de pouvoir."), "/giver"))
    if proxy.used:
        raise RuleViolated(Violation("proxy_used", _("Ce pouvoir a servi : il ne se reprend plus."), "/giver"))
    proxy.deliberation = deliberation
    revoke(proxy, actor=actor, day=clock.today(locked.charter.cooperation.zone))
    deliberation.save(update_fields=[])
    return deliberation


def _require_pending(deliberation: BoardDeliberation) -> None:
    """Raise RuleViolated `wrong_state` for what is over: exactly what could no longer be cancelled."""
    refuse(*states.board_deliberation.violations(deliberation.state, DeliberationTransition.CANCEL))


def _require_known_here(deliberation: BoardDeliberation, holder: Person, day: dt.date) -> None:
    """Where the statutes admit a holder from outside the board, it is somebody of this cooperation."""
    if not Role.objects.in_force(day).filter(cooperation_id=deliberation.cooperation_id, person=holder).exists():
        detail = _("Cette personne n’exerce aucun rôle dans la coopération.")
        raise InvalidInput(Violation("not_in_the_cooperation", detail, "/holder"))


def _frame(locked: Locked, deliberation: BoardDeliberation) -> tuple[live_vote.Session, voting.VotingRule]:
    """The electors, the proxies and the rule: frozen while open, those of the planned day before."""
    if deliberation.state == DeliberationState.OPEN:
        assert deliberation.voting_rule is not None
        return session_of(deliberation), voting.VotingRule.from_dict(deliberation.voting_rule.definition)
    rule, missing = rule_of(deliberation.board, deliberation.held_on)
    refuse(*missing)
    assert rule is not None
    day = max(deliberation.held_on, clock.today(locked.charter.cooperation.zone))
    return session_to_come(deliberation, day), rule.read
