"""What is wrong with the charters of a cooperation, since when, and what clears it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from charters.enums import AmendmentType, VersionState
from charters.models import (
    Approval,
    BoardDeliberation,
    Charter,
    CharterAnnex,
    CharterVersion,
    ExpectedEffect,
    Motivation,
)
from charters.selectors import (
    Ballot,
    Correction,
    InForce,
    PartyRow,
    ballots,
    corrections,
    entries_in_force,
    irregular_codes_for,
    names_of,
    review_due_on,
)
from coopproject import clock, wording
from governance.actor import Actor
from governance.models import Cooperation
from governance.vital_signs import Concern, Severity, VitalSign

# Every code that `examine` can raise.
CODES = frozenset(
    {
        "charter_without_version_in_force",
        "charter_boards_silent",
        "charter_board_refused",
        "charter_entry_impossible",
        "charter_members_not_bound",
        "charter_approvals_stale",
        "charter_correction_open",
        "charter_correction_contested",
        "charter_corrected_without_vote",
        "charter_review_overdue",
        "charter_vote_irregular",
        "charter_file_missing",
        "motivation_without_effect",
    }
)
# How long a correction without vote stays announced.
ANNOUNCED = dt.timedelta(days=30)


def examine(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    """The signs about the charters that this actor may know of."""
    charters = Charter.objects.visible_to(actor).filter(cooperation=cooperation, archived_on__isnull=True)
    known = set(charters.values_list("pk", flat=True))
    yield from _without_text(charters, cooperation)
    for ballot in ballots(cooperation, on, actor):
        if ballot.version.charter_id in known:
            yield from _ballot(ballot, actor, on)
    for correction in corrections(cooperation, on, actor):
        if correction.version.charter_id in known:
            yield _correction(correction, cooperation, on)
    for text in entries_in_force(cooperation, on, actor):
        if text.version.charter_id in known:
            yield from _in_force(text, on)
            yield from _stale(text, on)
    yield from _missing_files(cooperation, actor, known)
    yield from _irregular(known, actor)
    yield from _motivations(known, cooperation, on)


def _without_text(charters: QuerySet[Charter], cooperation: Cooperation) -> Iterator[VitalSign]:
    in_force = CharterVersion.objects.filter(charter=OuterRef("pk"), state=VersionState.IN_FORCE)
    for charter in charters.filter(~Exists(in_force)):
        yield VitalSign(
            code="charter_without_version_in_force",
            severity=Severity.WARNING,
            title=format_lazy(_("La charte « {title} » n’est pas en vigueur"), title=charter.title),
            why=_("Aucune version n’a réuni les approbations que demande sa règle d’entrée en vigueur."),
            clears=_("Soumettre un texte aux instances, qui l’approuvent."),
            since=clock.local_date(charter.created_at, cooperation.zone),
            objects=(Concern("charters", str(charter.pk), charter.title),),
        )


def _ballot(ballot: Ballot, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    label = _label(ballot.version)
    if ballot.entry.problems:
        yield VitalSign(
            code="charter_entry_impossible",
            severity=Severity.CRITICAL,
            title=format_lazy(_("{label} ne peut plus entrer en vigueur"), label=label),
            why=" ".join(str(problem.detail) for problem in ballot.entry.problems),
            clears=_("Retirer la version, corriger la règle d’entrée en vigueur, soumettre de nouveau."),
            since=ballot.submitted_on,
            objects=(_version(ballot.version),),
        )
    silent = (*ballot.awaited, *ballot.held_back)
    if silent:
        late = on > ballot.due_on
        why = format_lazy(_("Réponse attendue pour le {day}."), day=wording.day(ballot.due_on))
        decision = ballot.version.decision
        # That a consultation runs is told only to whoever may know of the decision.
        if ballot.held_back and decision and actor.may_know(decision.cooperation_id, decision.confidentiality):
            held = wording.filled(
                ngettext_lazy(
                    "%(count)d instance ne peut pas encore voter : la décision est retenue.",
                    "%(count)d instances ne peuvent pas encore voter : la décision est retenue.",
                    len(ballot.held_back),
                ),
                count=len(ballot.held_back),
            )
            why = format_lazy("{why} {held}", why=why, held=held)
        yield VitalSign(
            code="charter_boards_silent",
            severity=Severity.CRITICAL if late else Severity.WARNING,
            title=wording.filled(
                ngettext_lazy(
                    "%(label)s : %(count)d instance n’a pas répondu",
                    "%(label)s : %(count)d instances n’ont pas répondu",
                    len(silent),
                ),
                count=len(silent),
                label=label,
            ),
            why=why,
            clears=_("Chaque instance délibère sur ce texte et en enregistre le procès-verbal."),
            since=ballot.submitted_on,
            objects=(_version(ballot.version), *_organisations(silent)),
        )
    if ballot.refused:
        yield VitalSign(
            code="charter_board_refused",
            severity=Severity.CRITICAL,
            title=wording.filled(
                ngettext_lazy(
                    "%(label)s : refusée par %(count)d instance",
                    "%(label)s : refusée par %(count)d instances",
                    len(ballot.refused),
                ),
                count=len(ballot.refused),
                label=label,
            ),
            why=_("Une organisation n’est liée que par un texte qu’elle a approuvé."),
            clears=_("Proposer un avenant, convenir d’un nouveau vote, ou constater le rejet."),
            since=min(row.since for row in ballot.refused if row.since),
            objects=(_version(ballot.version), *_organisations(ballot.refused)),
        )


def _correction(correction: Correction, cooperation: Cooperation, on: dt.date) -> VitalSign:
    """A text that no board votes: contested, or in force soon."""
    label = _label(correction.version)
    if correction.contests:
        return VitalSign(
            code="charter_correction_contested",
            severity=Severity.CRITICAL,
            title=format_lazy(_("{label} : la correction sans vote est contestée"), label=label),
            why=" ".join(str(problem.detail) for problem in correction.entry.problems),
            clears=_(
                "Retirer cette version et soumettre le même changement comme substantiel : les instances le votent."
            ),
            since=clock.local_date(correction.contests[0].contested_at, cooperation.zone),
            objects=(
                _version(correction.version),
                *(
                    Concern("organisations", str(row.organisation_id), str(row.organisation))
                    for row in correction.contests
                ),
            ),
        )
    return VitalSign(
        code="charter_correction_open",
        severity=Severity.INFO,
        title=format_lazy(
            _("{label} entre en vigueur sans vote le {day}"),
            label=label,
            day=wording.day(correction.entry.enters_on or correction.until),
        ),
        why=format_lazy(
            _("Une correction ne change que la forme. Jusqu’au {day}, chaque membre peut contester celle-ci."),
            day=wording.day(correction.until),
        ),
        clears=_("S’efface quand la correction entre en vigueur, ou quand elle est retirée."),
        since=correction.submitted_on,
        objects=(_version(correction.version),),
    )


def _stale(text: InForce, on: dt.date) -> Iterator[VitalSign]:
    rows = text.asked_again
    if not rows:
        return
    late = any(on > text.due_on(row) for row in rows)
    yield VitalSign(
        code="charter_approvals_stale",
        severity=Severity.CRITICAL if late else Severity.WARNING,
        title=wording.filled(
            ngettext_lazy(
                "%(label)s : %(count)d instance est à consulter de nouveau",
                "%(label)s : %(count)d instances sont à consulter de nouveau",
                len(rows),
            ),
            count=len(rows),
            label=_label(text.version),
        ),
        why=_("Les approbations durent jusqu’à la révision de la charte. Elle reste en vigueur en attendant."),
        clears=_("Chaque instance vote de nouveau ce texte, ou un avenant entre en vigueur."),
        since=min(row.stale_since for row in rows if row.stale_since),
        objects=(_version(text.version), *_organisations(rows)),
    )


def _in_force(text: InForce, on: dt.date) -> Iterator[VitalSign]:
    version, unbound = text.version, text.unbound
    label = _label(version)
    if unbound:
        yield VitalSign(
            code="charter_members_not_bound",
            severity=Severity.INFO,
            title=wording.filled(
                ngettext_lazy(
                    "%(label)s : %(count)d membre ne l’a pas approuvée",
                    "%(label)s : %(count)d membres ne l’ont pas approuvée",
                    len(unbound),
                ),
                count=len(unbound),
                label=label,
            ),
            why=_("La charte est en vigueur pour ceux qui l’ont approuvée seulement."),
            clears=_("Leur instance approuve la version en vigueur."),
            since=version.in_force_on,
            objects=(_version(version), *_organisations(unbound)),
        )
    started = version.in_force_on
    if version.amendment_type == AmendmentType.EDITORIAL and started and on <= started + ANNOUNCED:
        yield VitalSign(
            code="charter_corrected_without_vote",
            severity=Severity.INFO,
            title=format_lazy(_("{label} corrige la charte sans vote"), label=label),
            why=_("Une correction rédactionnelle ne change que des mots : les membres vérifient qu’il en est ainsi."),
            clears=format_lazy(_("S’efface après {days} jours."), days=ANNOUNCED.days),
            since=started,
            objects=(_version(version),),
        )
    due_on = review_due_on(version)
    if on > due_on:
        yield VitalSign(
            code="charter_review_overdue",
            severity=Severity.WARNING,
            title=format_lazy(_("La révision de la charte « {title} » est en retard"), title=version.charter.title),
            why=format_lazy(_("Révision attendue au plus tard le {day}."), day=wording.day(due_on)),
            clears=_("Tenir la révision et l’enregistrer, ou mettre en vigueur un avenant."),
            since=due_on + dt.timedelta(days=1),
            objects=(Concern("charters", str(version.charter_id), version.charter.title),),
        )


def _irregular(known: set[UUID], actor: Actor) -> Iterator[VitalSign]:
    """Votes that came too early, that nobody ratified and that no regular one replaced."""
    approved = Approval.objects.filter(
        charter_version=OuterRef("charter_version"),
        organisation=OuterRef("organisation"),
        approved_on__gte=OuterRef("held_on"),
    )
    votes = BoardDeliberation.objects.filter(
        ~Exists(approved),
        irregular=True,
        regularisation__isnull=True,
        charter_version__charter__in=known,
        charter_version__state__in=[VersionState.SUBMITTED, VersionState.IN_FORCE],
    )
    related = votes.select_related("organisation", "charter_version__decision").defer("charter_version__content")
    for vote in related.order_by("held_on", "pk"):
        why: str | Promise = _("Il a précédé ce qu’il devait attendre : il ne compte pas.")
        if codes := ", ".join(irregular_codes_for(vote, actor)):
            why = format_lazy(_("Il a précédé ce qu’il devait attendre ({codes}) : il ne compte pas."), codes=codes)
        yield VitalSign(
            code="charter_vote_irregular",
            severity=Severity.CRITICAL,
            title=format_lazy(_("Le vote de {organisation} est irrégulier"), organisation=str(vote.organisation)),
            why=why,
            clears=_("L’instance le ratifie, ou vote de nouveau, une fois levé ce qui la retenait."),
            since=vote.held_on,
            objects=(Concern("board-deliberations", str(vote.pk), str(vote.organisation)),),
        )


def _missing_files(cooperation: Cooperation, actor: Actor, known: set[UUID]) -> Iterator[VitalSign]:
    annexes = CharterAnnex.objects.visible_to(actor).filter(
        file__is_missing=True,
        charter_version__charter__in=known,
        charter_version__state__in=[VersionState.DRAFT, VersionState.SUBMITTED, VersionState.IN_FORCE],
    )
    for annex in annexes.order_by("charter_version", "position"):
        yield VitalSign(
            code="charter_file_missing",
            severity=Severity.WARNING,
            title=format_lazy(_("Le fichier de l’annexe « {title} » manque"), title=annex.title),
            why=_("Le dossier importé n’en disait que l’empreinte : personne ne peut lire ce qui a été approuvé."),
            clears=_("Déposer de nouveau le même fichier : son empreinte le reconnaît."),
            since=clock.local_date(annex.created_at, cooperation.zone),
            objects=(Concern("annexes", str(annex.pk), annex.title),),
        )
    votes = BoardDeliberation.objects.filter(charter_version__charter__in=known).filter(
        Q(minutes_file__is_missing=True) | Q(regularisation__minutes_file__is_missing=True)
    )
    for vote in votes.select_related("organisation").order_by("held_on", "pk"):
        yield VitalSign(
            code="charter_file_missing",
            severity=Severity.WARNING,
            title=format_lazy(_("Le procès-verbal de {organisation} manque"), organisation=str(vote.organisation)),
            why=_("Le dossier importé n’en disait que l’empreinte : personne ne peut relire ce qui a été décidé."),
            clears=_("Déposer de nouveau le même fichier : son empreinte le reconnaît."),
            since=vote.held_on,
            objects=(Concern("board-deliberations", str(vote.pk), str(vote.organisation)),),
        )


def _motivations(known: set[UUID], cooperation: Cooperation, on: dt.date) -> Iterator[VitalSign]:
    effects = ExpectedEffect.objects.standing(on).filter(motivation=OuterRef("pk"))
    motivations = Motivation.objects.standing(on).filter(~Exists(effects), charter__in=known)
    for motivation in motivations.order_by("charter", "code"):
        yield VitalSign(
            code="motivation_without_effect",
            severity=Severity.WARNING,
            title=format_lazy(_("Rien n’est attendu de la motivation « {label} »"), label=motivation.label),
            why=_("Sans effet attendu, on ne saura pas si la coopération y répond."),
            clears=_("Décrire ce que l’on verra si elle est satisfaite, à quel niveau et pour quand."),
            since=clock.local_date(motivation.created_at, cooperation.zone),
            objects=(Concern("motivations", str(motivation.pk), motivation.label),),
        )


def _label(version: CharterVersion) -> str:
    return f"{version.charter.title} v{version.number}"


def _version(version: CharterVersion) -> Concern:
    return Concern("charter-versions", str(version.pk), _label(version))


def _organisations(rows: Iterable[PartyRow]) -> tuple[Concern, ...]:
    names = names_of(row.organisation_id for row in rows)
    return tuple(Concern("organisations", str(pk), name) for pk, name in names.items())
