"""The side states of a consultation and what went wrong in it, computed from dated facts (`domain.md` 1.6).

A side state says how the consultation stands; an irregularity is flagged as data and never refuses anything by itself.
What is of confidence K is a setting of the cooperation, named by `configurable`, and is no law.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from governance.rules.consultation_deadlines import ConsultationFacts, Deadline
from governance.rules.consultation_documents import is_late
from governance.rules.regimes import Confidence

# An agenda leaves at least three days before the meeting, from fifty employees on (L2315-30, domain.md C20).
AGENDA_DAYS = 3


@dataclass(frozen=True)
class Contest:
    """The body found the information lacking on that day; answered, it no longer stands."""

    contested_on: date
    lacking: str
    answered_on: date | None = None


@dataclass(frozen=True)
class Meeting:
    held_on: date
    agenda_sent_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class DialogueFacts:
    """What is known of one consultation besides its clock.

    `required_handed_on`: the days on which documents that law or agreement requires were handed over. `meetings`:
    without those annulled. `recorded_on`: the day on which the information was written down here. `from_50`: None when
    the size is unknown. `opinion_on`: that of silence too. `decided_on`: the day on which the decision was taken.
    `response_days`: the cooperation's own number.
    """

    clock: ConsultationFacts
    limit: Deadline
    required_handed_on: tuple[date, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    recorded_on: date | None = None
    contests: tuple[Contest, ...] = ()
    from_50: bool | None = None
    extended_on: date | None = None
    suspended_on: date | None = None
    opinion_on: date | None = None
    response_on: date | None = None
    closed_on: date | None = None
    closed_without_response: bool = False
    decided_on: date | None = None
    response_days: int = 30


@dataclass(frozen=True, kw_only=True)
class SideState:
    """`since`: the first day, None when nobody wrote it down. `legal_reference` is law only for confidence A or B."""

    code: str
    since: date | None
    why: str | Promise
    legal_reference: str
    confidence: Confidence
    configurable: str = ""


@dataclass(frozen=True, kw_only=True)
class Irregularity:
    """`since`: the day on which it arose. `configurable`: the setting on which it rests, "" when law settles it."""

    code: str
    since: date | None
    detail: str | Promise
    legal_reference: str
    confidence: Confidence
    configurable: str = ""


def side_states(facts: DialogueFacts) -> list[SideState]:
    """How the consultation stands beside its state, in the order of `domain.md` 1.6."""
    return list(_side_states(facts))


def _side_states(facts: DialogueFacts) -> Iterator[SideState]:
    for contest in facts.contests:
        if contest.answered_on is None:
            yield SideState(
                code="information_contested",
                since=contest.contested_on,
                why=wording.filled(
                    _("Le CSE estime qu’il manque : %(what)s. Cela n’arrête pas le délai ; il peut saisir le juge."),
                    what=contest.lacking.rstrip(" ."),
                ),
                legal_reference="C. trav. L2312-15",
                confidence=Confidence.A,
            )
    judge = facts.clock.judge
    if judge is not None:
        fixed = judge.extended_to
        pending = _("Le juge est saisi : sa saisine seule ne prolonge pas le délai.")
        ruled = wording.filled(_("Le juge a fixé l’échéance au %(day)s."), day=wording.day(fixed)) if fixed else pending
        yield SideState(
            code="judge_seized",
            since=judge.seized_on,
            why=ruled,
            legal_reference="C. trav. L2312-15",
            confidence=Confidence.A,
        )
    if facts.clock.common_agreement_on is not None:
        yield SideState(
            code="extended_by_agreement",
            since=facts.extended_on,
            why=wording.filled(
                _("Délai prolongé d’un commun accord jusqu’au %(day)s."),
                day=wording.day(facts.clock.common_agreement_on),
            ),
            legal_reference="Cass. soc. 08/07/2020, n° 19-10.987",
            confidence=Confidence.B,
        )
    if facts.clock.suspended_days:
        yield SideState(
            code="suspended",
            since=facts.suspended_on,
            why=wording.filled(
                _("Délai suspendu %(count)s jours par la contestation de l’expertise : effet réglable, non établi."),
                count=facts.clock.suspended_days,
            ),
            legal_reference="C. trav. L2315-86",
            confidence=Confidence.K,
            configurable="expert_challenge_suspends",
        )
    if (early := _decided_too_early(facts)) is not None:
        yield SideState(
            code="irregular",
            since=early,
            why=_("La décision est enregistrée avant la fin de la consultation."),
            legal_reference="C. trav. L2312-14",
            confidence=Confidence.A,
        )


def irregularities(facts: DialogueFacts, on: date) -> list[Irregularity]:
    """What went wrong, as it is known on that day: oldest first, those without a day last."""
    return sorted(_irregularities(facts, on), key=lambda found: (found.since or date.max, found.code))


def _irregularities(facts: DialogueFacts, on: date) -> Iterator[Irregularity]:
    if (early := _decided_too_early(facts)) is not None:
        yield Irregularity(
            code="decision_too_early",
            since=early,
            detail=_("La décision a précédé la fin de la consultation qu’elle devait attendre."),
            legal_reference="C. trav. L2312-14",
            confidence=Confidence.A,
        )
    start = facts.clock.start
    opinion = facts.clock.opinion
    if opinion is not None and (start is None or opinion.given_on < start):
        yield Irregularity(
            code="opinion_before_information",
            since=opinion.given_on,
            detail=_("L’avis précède l’information complète : il ne compte pas."),
            legal_reference="C. trav. L2312-15, R2312-5",
            confidence=Confidence.A,
        )
    late = [day for day in facts.required_handed_on if is_late(day, start)]
    if late:
        yield Irregularity(
            code="late_information",
            since=min(late),
            detail=_(
                "Un document exigé a été remis après l’information dite complète. Le délai n’en est pas changé : si "
                "l’information était incomplète, l’employeur le constate et le délai reprend à zéro."
            ),
            legal_reference="C. trav. L2312-15",
            confidence=Confidence.A,
        )
    if recorded_after_limit(facts.limit, facts.recorded_on):
        assert facts.recorded_on is not None, "late is a day"
        yield Irregularity(
            code="recorded_after_limit",
            since=facts.recorded_on,
            detail=told_after_limit(facts.recorded_on),
            legal_reference="C. trav. R2312-5",
            confidence=Confidence.A,
        )
    yield from _agendas(facts)
    yield from _responses(facts, on)


def recorded_after_limit(limit: Deadline, recorded_on: date | None) -> bool:
    """Whether silence is relied on, though nobody could read here that a limit ran before it was over.

    What was done on paper may be recorded later; only the proof of the hand-over then says that the limit ever ran.
    """
    silent_on = None if limit.opinion_on is not None else limit.deemed_negative_on
    return recorded_on is not None and silent_on is not None and recorded_on > silent_on


def told_after_limit(recorded_on: date) -> Promise:
    """The sentence for it."""
    return wording.filled(
        _(
            "La transmission au CSE n’a été enregistrée ici que le %(day)s, une fois le délai passé : seule la preuve "
            "de la remise, à garder, établit que ce délai a couru."
        ),
        day=wording.day(recorded_on),
    )


def _agendas(facts: DialogueFacts) -> Iterator[Irregularity]:
    if not facts.from_50:
        return
    for meeting in facts.meetings:
        sent = meeting.agenda_sent_on
        if sent is None or meeting.held_on - sent < timedelta(days=AGENDA_DAYS):
            yield Irregularity(
                code="agenda_late",
                since=meeting.held_on,
                detail=wording.filled(
                    _("Réunion du %(day)s : l’ordre du jour n’a pas été envoyé au moins trois jours avant."),
                    day=wording.day(meeting.held_on),
                ),
                legal_reference="C. trav. L2315-30",
                confidence=Confidence.A,
            )


def _responses(facts: DialogueFacts, on: date) -> Iterator[Irregularity]:
    if facts.closed_without_response:
        yield Irregularity(
            code="closed_without_response",
            since=facts.closed_on,
            detail=_("La consultation est close sans que l’employeur ait répondu, avec ses motifs, à l’avis."),
            legal_reference="C. trav. L2312-15",
            confidence=Confidence.A,
        )
    elif facts.opinion_on is not None and facts.response_on is None:
        expected = facts.opinion_on + timedelta(days=facts.response_days)
        if on > expected:
            yield Irregularity(
                code="response_missing",
                since=expected + timedelta(days=1),
                detail=wording.filled(
                    _(
                        "La réponse motivée de l’employeur n’est pas enregistrée %(days)s jours après l’avis. La "
                        "réponse est due ; ce délai est un réglage de la coopération."
                    ),
                    days=facts.response_days,
                ),
                legal_reference="C. trav. L2312-15",
                confidence=Confidence.K,
                configurable="cse_response_days",
            )


def _decided_too_early(facts: DialogueFacts) -> date | None:
    """The day of a decision that did not wait; None when it did, or when none was taken."""
    if facts.decided_on is None:
        return None
    waited = facts.limit.act_from is not None and facts.decided_on >= facts.limit.act_from
    return None if waited else facts.decided_on
