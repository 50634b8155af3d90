"""What is wrong with the agreements of a cooperation: a term that comes, signatures that do not."""

import datetime as dt
from collections.abc import Iterator

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from charters.models import Agreement
from charters.selectors.agreements import TERM_NEAR, in_force, missing_signatures, signature_days, term_facts
from charters.selectors.report import names_of
from coopproject import wording
from governance.actor import Actor
from governance.models import Cooperation
from governance.vital_signs import Concern, Severity, VitalSign

# Every code that `examine` can raise.
CODES = frozenset({"agreement_term_near", "agreement_signature_missing"})


def examine(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    """The signs about the agreements that this actor may know of."""
    known = set(Agreement.objects.visible_to(actor).filter(cooperation=cooperation).values_list("pk", flat=True))
    for agreement in in_force(cooperation):
        if agreement.pk in known:
            yield from _term(agreement, on)
    limit = signature_days(cooperation)
    for agreement, unsigned, since in missing_signatures(cooperation):
        if agreement.pk in known and on - since >= limit:
            names = names_of(party.organisation_id for party in unsigned)
            yield VitalSign(
                code="agreement_signature_missing",
                severity=Severity.WARNING,
                title=wording.filled(
                    ngettext_lazy(
                        "« %(title)s » : %(count)d signature manque",
                        "« %(title)s » : %(count)d signatures manquent",
                        len(unsigned),
                    ),
                    title=agreement.title,
                    count=len(unsigned),
                ),
                why=format_lazy(_("Proposée le {day}, elle n’engage personne tant que toutes ne l’ont pas signée."),
                                day=wording.day(since)),
                clears=_("Chaque partie signe par sa présidence ou sa direction, ou la proposition est retirée."),
                since=since + limit,
                objects=(_concern(agreement), *(Concern("organisations", str(pk), name) for pk, name in names.items())),
            )  # fmt: skip


def _term(agreement: Agreement, on: dt.date) -> Iterator[VitalSign]:
    facts = term_facts(agreement, on)
    if facts is None or facts.term.last_day is None or facts.term.last_day - on > TERM_NEAR:
        return
    term, ends = facts.term, wording.day(facts.term.last_day)
    if not term.renews:
        severity, clears = Severity.WARNING, _("Convenir de la suite par un avenant, ou clore ce qu’elle couvre.")
        why = format_lazy(_("Elle prend fin le {day} et n’est pas reconduite."), day=ends)
    else:
        severity = Severity.INFO
        clears = _("S’efface au terme ; d’ici là, vérifier que la reconduction est voulue.")
        if term.last_notice_on is not None and on <= term.last_notice_on:
            limit = wording.day(term.last_notice_on)
            why = format_lazy(
                _("Sans préavis donné au plus tard le {limit}, elle se reconduit après le {day}."),
                limit=limit,
                day=ends,
            )
        else:
            why = format_lazy(_("Elle se reconduit après le {day} : le temps du préavis est passé."), day=ends)
    yield VitalSign(
        code="agreement_term_near",
        severity=severity,
        title=format_lazy(_("La convention « {title} » arrive à son terme"), title=agreement.title),
        why=why,
        clears=clears,
        since=facts.term.last_day - TERM_NEAR,
        objects=(_concern(agreement),),
    )


def _concern(agreement: Agreement) -> Concern:
    return Concern("agreements", str(agreement.pk), agreement.title)
