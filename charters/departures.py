"""What charters knows of the departure of a member: the notice that it owes, and what it leaves behind."""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charters.enums import AgreementState, ArticleSection, DeliberationState, VersionState
from charters.models import Agreement, Article, BoardDeliberation, CharterVersion, Motivation
from charters.selectors.agreements import agreements_of
from charters.selectors.entry import EntryReader
from charters.selectors.record import Record
from coopproject import wording
from governance.actor import Actor
from governance.departures import Consequence, NoticeTerm
from governance.models import Cooperation, Organisation
from governance.rules.calendars import day_after


def exit_notices(cooperation: Cooperation, organisation_id: UUID, on: dt.date) -> Iterator[NoticeTerm]:
    """The notice that each text in force on that day asks of this member: of whoever it binds, by its frozen terms."""
    applied = CharterVersion.objects.filter(
        Q(superseded_on__isnull=True) | Q(superseded_on__gt=on),
        cooperation=cooperation,
        charter__archived_on__isnull=True,
        in_force_on__lte=on,
    )
    versions = list(applied.select_related("charter__cooperation").order_by("in_force_on", "pk"))
    record = Record(versions)
    for version in versions:
        months = record.terms(version.pk).exit_notice_months
        if months is None:
            continue
        row = EntryReader(version, on, record).read().row(organisation_id)
        if row is not None and row.in_force_from is not None and row.in_force_from <= on:
            yield NoticeTerm(months, "charter-versions", version.pk)


def of_organisation(
    actor: Actor, cooperation: Cooperation, organisation_id: UUID, on: dt.date
) -> Iterator[Consequence]:
    """The texts and votes that counted on it, the agreements that it stays bound by, what it must still keep quiet."""
    yield from _votes(actor, cooperation, organisation_id)
    yield from _texts(actor, cooperation, organisation_id, on)
    yield from _agreements(actor, cooperation, organisation_id, on)
    own = Motivation.objects.visible_to(actor).filter(
        cooperation=cooperation, organisation=organisation_id, retired_on__isnull=True
    )
    for motivation in own.order_by("pk"):
        yield Consequence(
            "motivation_of_its_own",
            wording.filled(_("Sa motivation « %(label)s » n’a plus personne pour la porter."), label=motivation.label),
            _("L’abandonner avec son motif, ou la partager par un avenant."),
            "motivations",
            motivation.pk,
        )


def _votes(actor: Actor, cooperation: Cooperation, organisation_id: UUID) -> Iterator[Consequence]:
    live = BoardDeliberation.objects.visible_to(actor).filter(
        cooperation=cooperation,
        organisation=organisation_id,
        state__in=[DeliberationState.CONVENED, DeliberationState.OPEN],
    )
    for vote in live.select_related("charter_version__charter").order_by("pk"):
        yield Consequence(
            "vote_under_way",
            wording.filled(
                _("Son instance vote « %(title)s » : ce vote ne comptera plus."),
                title=vote.charter_version.charter.title,
            ),
            _("Clore le vote avant la sortie, ou l’annuler."),
            "board-deliberations",
            vote.pk,
        )


def _texts(actor: Actor, cooperation: Cooperation, organisation_id: UUID, on: dt.date) -> Iterator[Consequence]:
    """The texts before the boards or in force to which it is a party; without it the same rule counts fewer parties."""
    versions = CharterVersion.objects.visible_to(actor).filter(
        cooperation=cooperation,
        state__in=[VersionState.SUBMITTED, VersionState.IN_FORCE],
        charter__archived_on__isnull=True,
    )
    for version in versions.select_related("charter__cooperation").order_by("pk"):
        now = EntryReader(version, on)
        row = now.read().row(organisation_id)
        if row is None or not any(party.id == str(organisation_id) for party in now.parties()):
            continue
        title = version.charter.title
        if version.state == VersionState.SUBMITTED:
            yield from _ballot(version, organisation_id, on, now)
        elif row.in_force_from is not None:
            yield Consequence(
                "approval_ends",
                wording.filled(_("« %(title)s » ne la lie plus ; son approbation reste au dossier."), title=title),
                _("Rien à faire ; si elle revient, son instance vote à nouveau."),
                "charter-versions",
                version.pk,
            )
            if Article.objects.filter(charter_version=version, section=ArticleSection.CONFIDENTIALITY).exists():
                yield Consequence(
                    "confidentiality_survives",
                    wording.filled(_("La confidentialité promise par « %(title)s » survit à la sortie."), title=title),
                    _("Rien ne la lève : le rappeler à ceux qui partent."),
                    "charter-versions",
                    version.pk,
                )


def _ballot(version: CharterVersion, organisation_id: UUID, on: dt.date, now: EntryReader) -> Iterator[Consequence]:
    record = Record([version])
    record.belonging(version.cooperation_id)[str(organisation_id)].leave(on)
    after = EntryReader(version, day_after(on), record)
    if not after.still_reachable() and now.still_reachable():
        code, sentence = "entry_out_of_reach", _("Sans elle, « %(title)s » ne peut plus entrer en vigueur.")
        clears = _("Retirer cette version et en soumettre une autre, ou obtenir son vote et l’entrée avant la sortie.")
    else:
        code, sentence = "entry_counts_without_it", _("Le compte des approbations de « %(title)s » se fera sans elle.")
        clears = _("Faire voter son instance avant la sortie, ou compter sans elle.")
    yield Consequence(
        code, wording.filled(sentence, title=version.charter.title), clears, "charter-versions", version.pk
    )


def _agreements(actor: Actor, cooperation: Cooperation, organisation_id: UUID, on: dt.date) -> Iterator[Consequence]:
    known = set(Agreement.objects.visible_to(actor).filter(cooperation=cooperation).values_list("pk", flat=True))
    organisation = Organisation.objects.get(pk=organisation_id)
    for leaving in agreements_of(organisation, cooperation, on):
        agreement = leaving.agreement
        if agreement.pk not in known:
            continue
        if agreement.state == AgreementState.PROPOSED:
            yield Consequence(
                "agreement_to_sign",
                wording.filled(_("« %(title)s » attend les signatures, dont la sienne."), title=agreement.title),
                _("La retirer et en proposer une autre sans elle, ou la signer."),
                "agreements",
                agreement.pk,
            )
            continue
        yield Consequence(
            "agreement_still_binds",
            wording.filled(_("« %(title)s » la lie encore : sortir n’y met pas fin."), title=agreement.title),
            _("Donner le préavis propre à cette convention, ou convenir d’un avenant."),
            "agreements",
            agreement.pk,
            day=leaving.earliest_end,
        )
        if agreement.mandatary_id == organisation_id:
            yield Consequence(
                "mandatary_leaves",
                wording.filled(_("Elle agit pour les autres parties de « %(title)s »."), title=agreement.title),
                _("Désigner un autre mandataire par un avenant."),
                "agreements",
                agreement.pk,
            )
        if agreement.confidentiality_clause:
            yield Consequence(
                "confidentiality_survives",
                wording.filled(
                    _("La confidentialité promise par « %(title)s » survit à la sortie."), title=agreement.title
                ),
                _("Rien ne la lève : le rappeler à ceux qui partent."),
                "agreements",
                agreement.pk,
                day=agreement.confidential_until,
            )
