"""What documents say in words: the state of a version, its rule of entry into force, votes."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from charters.enums import VersionState
from charters.models import BoardDeliberation, CharterVersion
from charters.rendering.typography import french, seen
from charters.rules.entry_into_force import EntryKind, EntryRule
from charters.rules.fractions import show_fraction
from charters.rules.voting import Compare
from coopproject import wording


def language() -> str:
    """`fr` or `en`: the reader's."""
    return (get_language() or "fr")[:2]


def said(sentence: object) -> str:
    """A sentence of ours in the reader's language, with its typography."""
    text = seen(str(sentence))
    return french(text) if language() == "fr" else text


def day(value: dt.date | str | None) -> str:
    """The day in words; what is not a day, as it is."""
    if isinstance(value, str):
        try:
            value = dt.date.fromisoformat(value)
        except ValueError:
            return seen(str(value))
    return str(wording.day(value)) if value else ""


def state_of(version: CharterVersion, submitted_on: dt.date | None) -> str:
    """Where the version stands, as a sentence."""
    values = {
        "since": day(version.in_force_on),
        "until": day(version.superseded_on),
        "on": day(version.withdrawn_on),
        "submitted": day(submitted_on),
        "reason": version.withdrawn_reason,
    }
    match version.state:
        case VersionState.DRAFT:
            return said(_("Projet — non soumis : ce texte peut encore changer et n’engage personne."))
        case VersionState.SUBMITTED:
            return said(_("Soumise aux instances le %(submitted)s, pas encore en vigueur.") % values)
        case VersionState.IN_FORCE:
            return said(_("En vigueur depuis le %(since)s.") % values)
        case VersionState.SUPERSEDED:
            return said(_("En vigueur du %(since)s au %(until)s, remplacée depuis.") % values)
        case VersionState.REJECTED:
            return said(_("Rejetée le %(on)s : %(reason)s") % values)
    return said(_("Retirée le %(on)s : %(reason)s") % values)


def banner_of(version: CharterVersion) -> str:
    """What a reader of any single page must know; nothing for a version in force."""
    match version.state:
        case VersionState.DRAFT:
            return said(_("Projet — non soumis"))
        case VersionState.SUBMITTED:
            return said(_("Texte soumis aux instances — pas encore en vigueur"))
        case VersionState.SUPERSEDED:
            return said(_("Version remplacée — n’est plus en vigueur"))
        case VersionState.REJECTED:
            return said(_("Version rejetée — n’est pas en vigueur"))
        case VersionState.WITHDRAWN:
            return said(_("Version retirée — n’est pas en vigueur"))
    return ""


def rule_in_words(rule: EntryRule) -> str:
    match rule.kind:
        case EntryKind.ALL_MEMBERS:
            return said(_("Toutes les organisations parties doivent approuver ce texte."))
        case EntryKind.ALL_CORE_CIRCLE:
            return said(_("Toutes les organisations du noyau dur doivent approuver ce texte."))
        case EntryKind.N_OF_M:
            n = rule.n or 0
            sentence = ngettext(
                "Il faut que %(n)d organisation approuve ce texte.",
                "Il faut que %(n)d organisations approuvent ce texte.",
                n,
            )
            return said(sentence % {"n": n})
    share = show_fraction(rule.threshold) if rule.threshold is not None else ""
    if rule.compare is Compare.MORE_THAN:
        return said(
            _("Les organisations qui approuvent doivent réunir plus de %(share)s des poids.") % {"share": share}
        )
    return said(_("Les organisations qui approuvent doivent réunir au moins %(share)s des poids.") % {"share": share})


def agreeing(count: int | None) -> int:
    """The number that words agree with: French counts nothing in the singular, English in the plural."""
    return count or (1 if language() == "fr" else 0)


def votes_of(vote: BoardDeliberation) -> tuple[str, ...]:
    """« 8 pour », « 1 contre »… one line each."""
    abstain, blank = agreeing(vote.votes_abstain), agreeing(vote.votes_blank)
    counts = (
        (_("%(count)d pour"), vote.votes_for),
        (_("%(count)d contre"), vote.votes_against),
        (ngettext("%(count)d abstention", "%(count)d abstentions", abstain), vote.votes_abstain),
        (ngettext("%(count)d blanc ou nul", "%(count)d blancs ou nuls", blank), vote.votes_blank),
    )
    return _counted(counts)


def quorum_of(vote: BoardDeliberation) -> tuple[str, ...]:
    """Who was there, of how many."""
    present, represented = agreeing(vote.present), agreeing(vote.represented)
    counts = (
        (ngettext("%(count)d présent", "%(count)d présents", present), vote.present),
        (ngettext("%(count)d représenté", "%(count)d représentés", represented), vote.represented),
        (_("%(count)d en exercice"), vote.in_office),
    )
    return _counted(counts)


def _counted(counts: Iterable[tuple[str, int | None]]) -> tuple[str, ...]:
    return tuple(said(sentence % {"count": count or 0}) for sentence, count in counts)
