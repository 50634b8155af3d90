"""The vital signs of decisions that were taken: reviews overdue, decisions that contradict each other."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from coopproject import wording
from governance.actor import Actor
from governance.models import Cooperation, Decision
from governance.models.decisions import in_force
from governance.rules.circuits import Contradiction
from governance.selectors.circuits import contradicting, known_decisions
from governance.vital_signs import Concern, Severity, VitalSign


def examine(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    """What became of decisions, for whoever may know of them."""
    yield from _reviews(cooperation, actor, on)
    yield from _contradictions(cooperation, actor, on)


def _reviews(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    overdue = Decision.objects.visible_to(actor).filter(in_force(on), cooperation=cooperation, review_on__lt=on)
    for decision in overdue.order_by("review_on", "pk"):
        assert decision.review_on is not None
        yield VitalSign(
            code="decision_review_overdue",
            severity=Severity.WARNING,
            title=_("Revue de décision en retard"),
            why=wording.filled(
                _("« %(title)s » devait être revue le %(day)s."),
                title=decision.title,
                day=wording.day(decision.review_on),
            ),
            clears=_("Tenir la revue et enregistrer ce que la décision a donné."),
            since=decision.review_on + dt.timedelta(days=1),
            objects=(Concern("decisions", str(decision.pk), decision.title),),
        )


def _contradictions(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    decisions = {row.pk: row for row in known_decisions(cooperation, actor, on)}
    for pair in contradicting(decisions.values(), on):
        first, second = decisions[pair.first], decisions[pair.second]
        how = (
            _("« %(second)s » rejette ce que « %(first)s » adopte, ou l’inverse (matière : %(subject)s).")
            if pair.why is Contradiction.ADOPTED_AND_REJECTED
            else _("« %(second)s » et « %(first)s » n’ont pas retenu la même option (matière : %(subject)s).")
        )
        yield VitalSign(
            code="decisions_contradict",
            severity=Severity.WARNING,
            title=_("Décisions contradictoires"),
            why=wording.filled(how, first=first.title, second=second.title, subject=pair.subject),
            clears=_("Prendre une décision qui remplace l’une des deux, ou abandonner l’une lors de sa revue."),
            since=pair.since,
            objects=tuple(Concern("decisions", str(row.pk), row.title) for row in (first, second)),
        )
