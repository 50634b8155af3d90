"""Reading annexes: as the rules compare them, and as this reader may know of them."""

from collections.abc import Iterable

from django.db.models import QuerySet

from charters.models import CharterAnnex, CharterVersion
from charters.rules.amendments import changed_annexes
from charters.rules.content import AnnexText
from governance.actor import Actor


def annexes_of(version: CharterVersion) -> QuerySet[CharterAnnex]:
    """The annexes of a version in their order, with what their texts read."""
    found: QuerySet[CharterAnnex] = CharterAnnex.objects.filter(charter_version=version).order_by("position")
    return found.prefetch_related("file", "concerns")


def annex_texts(annexes: Iterable[CharterAnnex]) -> list[AnnexText]:
    """Annexes as the rules read them, in the order given. `file` and `concerns` were prefetched."""
    return [
        AnnexText(
            annex.title,
            annex.body,
            annex.file.sha256 if annex.file else None,
            annex.key,
            tuple(sorted(str(organisation.pk) for organisation in annex.concerns.all())),
        )
        for annex in annexes
    ]


def annexes_known_to(actor: Actor, annexes: Iterable[CharterAnnex]) -> list[CharterAnnex]:
    """Of the annexes of versions that the actor may know of, those that they may know of too."""
    return [annex for annex in annexes if actor.may_know(annex.cooperation_id, annex.confidentiality)]


def changed_annex_keys(old: CharterVersion, new: CharterVersion) -> tuple[str, ...]:
    """The keys of the annexes that differ from one version to another, whoever may read them."""
    return changed_annexes(annex_texts(annexes_of(old)), annex_texts(annexes_of(new)))
