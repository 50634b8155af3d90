"""What clauses of confidentiality remind of: the last day on which they hold."""

import datetime as dt
from collections.abc import Iterator
from types import SimpleNamespace
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from governance.actor import Actor
from governance.enums import RoleKind
from governance.models import ConfidentialityClause, Cooperation
from governance.policies import HEADS
from governance.reminding import ExpectedReminder, Holders, ReminderKind, unique


def expected(cooperation: Cooperation, today: dt.date) -> Iterator[ExpectedReminder]:
    """To whoever set the clause while they may still set one and read it; else to all who may set one now."""
    clauses = list(ConfidentialityClause.objects.in_force(today).filter(cooperation=cooperation, until__isnull=False))
    if not clauses:
        return
    holders = Holders(cooperation, today)
    coordination = holders.of(RoleKind.COORDINATION)
    readable: dict[UUID, set[UUID]] = {}
    for clause in sorted(clauses, key=lambda found: found.pk):
        heads = holders.of(*HEADS, organisation_id=clause.on_behalf_of_id) if clause.on_behalf_of_id else []
        told = unique([*coordination, *heads])
        author = clause.set_by_id
        if author in told:
            if author not in readable:
                readable[author] = _readable(author, cooperation, today)
            told = [author] if clause.pk in readable[author] else told
        for person_id in told:
            assert clause.until is not None, "filtered"
            yield ExpectedReminder(
                kind=ReminderKind.CLAUSE_ENDING,
                subject=clause,
                recipient_id=person_id,
                due_on=clause.until,
                label=clause.title,
                advice=_advice(clause),
            )


def _readable(person_id: UUID, cooperation: Cooperation, today: dt.date) -> set[UUID]:
    actor = Actor.for_user(SimpleNamespace(is_authenticated=True, person_id=person_id), on=today)
    known = ConfidentialityClause.objects.visible_to(actor).filter(cooperation=cooperation)
    return set(known.values_list("pk", flat=True))


def _advice(clause: ConfidentialityClause) -> str | Promise:
    """What happens on the day after, and what to do: without naming what it covers, which its reader may not know."""
    if clause.covers is None:
        return _(
            "Après ce jour, elle n’oblige plus personne ici ; elle ne fermait rien par elle-même. Si le secret doit"
            " durer, convenez d’une nouvelle clause ; sinon, il n’y a rien à faire."
        )
    if clause.covers.get("fields"):
        return _(
            "Le lendemain, les champs qu’elle ferme s’ouvrent à qui lit leur objet. Si le secret doit durer, posez une"
            " nouvelle clause avant ce jour ; sinon, il n’y a rien à faire."
        )
    if clause.restores:
        return _(
            "Le lendemain, ce qu’elle a fermé revient au niveau d’avant : d’autres personnes pourront le lire. Si le"
            " secret doit durer, posez une nouvelle clause avant ce jour ; sinon, il n’y a rien à faire."
        )
    return _(
        "Elle n’avait rien eu à fermer de plus : l’objet qu’elle couvre garde son niveau. Pour l’ouvrir ensuite,"
        " abaissez son niveau ; sinon, il n’y a rien à faire."
    )
