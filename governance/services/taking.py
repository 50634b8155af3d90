"""Taking a decision: everything that must hold is asked under one lock, and what it rested on is kept for ever."""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock, wording
from coopproject.exceptions import InvalidInput, NotVisible, RuleViolated, Violation
from coopproject.locking import lock
from governance import gate, journal, states
from governance.actor import Actor
from governance.enums import DecidedBy, DecisionState, RoleKind
from governance.enums import DecisionTransition as T
from governance.models import Cooperation, Decision, DecisionOption, StoredFile
from governance.rules.confidentiality import highest
from governance.rules.delegations import DelegationCode
from governance.selectors.employers import with_facts
from governance.services.files import minutes_file as read_minutes_file


def lock_decision(pk: UUID, expected_version: int | None = None) -> Decision:
    """Lock who is a member of the cooperation, then the decision: for an act that counts members or delegations.

    Raises NotVisible, StaleVersion.
    """
    cooperation_id = Decision.objects.filter(pk=pk).values_list("cooperation_id", flat=True).first()
    if cooperation_id is None:
        raise NotVisible
    # Against the lock of memberships and delegations, not against rows that refer to the cooperation.
    Cooperation.objects.select_for_update(no_key=True).get(pk=cooperation_id)
    decision: Decision = lock(Decision.objects.select_related("cooperation"), pk, expected_version)
    return decision


@transaction.atomic
def decision_take(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    outcome: str,
    taken_on: dt.date | None = None,
    rejected: bool = False,
    chosen_option: DecisionOption | None = None,
    minutes_reference: str = "",
    minutes_file: StoredFile | None = None,
    expected_outcome: str = "",
    review_on: dt.date | None = None,
) -> Decision:
    """Record that the decision is taken. Refused, with every reason, while a requirement holds it back.

    `taken_on`: legal day of the decision, today by default, never in the future nor before the submission. `rejected`:
    what is taken is a refusal. `chosen_option`: asked for where there are options. The facts on which it rested that
    day are copied into the row: they must be readable for ever. Those that it supersedes are out of force from then.
    """
    decision = lock_decision(pk, expected_version)
    today = clock.today(decision.cooperation.zone)
    day = taken_on or today
    wrong = list(_input_violations(decision, day, rejected, chosen_option, review_on))
    if wrong:
        raise InvalidInput(*wrong)
    violations = states.decision.violations(decision.state, T.TAKE)
    early = day < (decision.submitted_on or today)
    if early:
        violations.append(Violation("before_submission", _("La décision ne peut précéder sa soumission."), "/taken_on"))
    earlier = [] if rejected else list(decision.supersedes.select_for_update(of=("self",), no_key=True).order_by("pk"))
    violations += _replacing_violations(earlier, day)
    option_id = chosen_option.pk if chosen_option else None
    taking = gate.Taking(actor.person_id, option_id, rejected)
    # What held on a day when nobody had been asked yet says nothing.
    found = [] if early else requirements_of(decision, on=day, taking=taking)
    violations += gate.violations(found)
    if violations:
        raise RuleViolated(*violations)
    states.decision.apply(decision, T.TAKE)
    decision.taken_on, decision.outcome, decision.taken_by_id = day, outcome, actor.person_id
    decision.rejected, decision.chosen_option, decision.delegation_id = rejected, chosen_option, _held(decision, found)
    decision.minutes_reference, decision.minutes_file = minutes_reference, read_minutes_file(minutes_file)
    decision.expected_outcome, decision.review_on = expected_outcome, review_on
    with wording.in_the_language_of_records():
        decision.requirements_at_taking = [requirement.as_data() for requirement in found]
    decision.save()
    for other in earlier:
        _supersede(other, decision, actor)
    _record(decision, found, earlier, actor)
    return decision


def requirements_of(decision: Decision, *, on: dt.date, taking: gate.Taking | None = None) -> list[gate.Requirement]:
    """What holds and what is missing on that day, from the providers; reads the facts afresh."""
    fresh = with_facts(Decision.objects.filter(pk=decision.pk), on).get()
    before = gate.requirements(fresh, on=on)
    return before + gate.deciding([fresh], on=on, taking=taking)[fresh.pk]


def requirements_for(decision: Decision, actor: Actor, *, on: dt.date) -> list[gate.Requirement]:
    """The same for this reader: a coordinator is told of their own delegation, the others of anybody's."""
    coordinates = actor.holds(decision.cooperation_id, (RoleKind.COORDINATION,))
    return requirements_of(decision, on=on, taking=gate.Taking(actor.person_id if coordinates else None))


def _input_violations(
    decision: Decision, day: dt.date, rejected: bool, option: DecisionOption | None, review_on: dt.date | None
) -> Iterator[Violation]:
    """What the body may not say of this decision, whatever its state."""
    if day > clock.today(decision.cooperation.zone):
        yield Violation("in_the_future", _("Une décision ne se constate pas d’avance."), "/taken_on")
    if option is not None and (rejected or option.decision_id != decision.pk):
        detail = _("Un refus ne retient aucune option.") if rejected else _("Cette option est d’une autre décision.")
        yield Violation("not_an_option", detail, "/chosen_option")
    if option is None and not rejected and decision.options.exists():
        yield Violation("required", _("Dites quelle option est retenue."), "/chosen_option")
    if review_on is not None and review_on <= day:
        yield Violation("review_before_taking", _("La revue vient après le jour de la décision."), "/review_on")


def _replacing_violations(earlier: list[Decision], day: dt.date) -> Iterator[Violation]:
    for other in earlier:
        if other.state != DecisionState.TAKEN or other.out_of_force_on is not None:
            yield Violation("not_in_force", _("Une décision que celle-ci remplacerait n’est plus en vigueur."))
        elif other.taken_on is not None and other.taken_on > day:
            yield Violation("out_of_order", _("Une décision ne remplace que celles qui l’ont précédée."), "/taken_on")


def _supersede(other: Decision, by: Decision, actor: Actor) -> None:
    other.superseded_by, other.out_of_force_on, other.review_on = by, by.taken_on, None
    other.save(update_fields=["superseded_by", "out_of_force_on", "review_on"])
    # Who may know of the earlier decision may not know of the one that replaces it.
    level = highest(other.confidentiality, by.confidentiality)
    journal.record(
        "decision.superseded", other, actor=actor, confidentiality=level, by=by.pk, out_of_force_on=by.taken_on
    )


def _held(decision: Decision, found: list[gate.Requirement]) -> UUID | None:
    """The delegation under which it is taken, for its ceilings and for whoever asks later."""
    if decision.decided_by != DecidedBy.COORDINATION:
        return None
    return next(UUID(item.objects[0]["id"]) for item in found if item.code == DelegationCode.HELD)


def _record(decision: Decision, found: list[gate.Requirement], earlier: list[Decision], actor: Actor) -> None:
    journal.record(
        "decision.taken",
        decision,
        actor=actor,
        taken_on=decision.taken_on,
        rejected=decision.rejected,
        chosen_option=decision.chosen_option_id,
        delegation=decision.delegation_id,
        minutes_reference=decision.minutes_reference,
        minutes_sha256=decision.minutes_file.sha256 if decision.minutes_file else None,
        review_on=decision.review_on,
        supersedes=[other.pk for other in earlier],
        requirements=[
            {"code": item.code, "status": str(item.status), "organisation": item.organisation_id} for item in found
        ],
    )
