"""What is said of a member inside one cooperation: its profile and its relation to the others (seed S2)."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.enums import MemberProfile, RelationKind


def description_violations(
    *, profile: str, specific_asset: str, relation: str, competes_on: str
) -> Iterator[Violation]:
    """Every reason why these four do not hold together. Each may be empty: nothing is known yet."""
    if profile == MemberProfile.SPECIFIC_ASSET and not specific_asset:
        yield Violation("required", _("Nommez l’actif spécifique pour lequel elle est reconnue."), "/specific_asset")
    elif profile != MemberProfile.SPECIFIC_ASSET and specific_asset:
        detail = _("Un actif spécifique ne se dit que pour ce profil.")
        yield Violation("asset_of_another_profile", detail, "/specific_asset")
    if relation == RelationKind.ALLIANCE and not competes_on:
        detail = _("Une alliance lie des concurrents : dites sur quelle offre et quel territoire.")
        yield Violation("required", detail, "/competes_on")
    elif relation != RelationKind.ALLIANCE and competes_on:
        yield Violation("no_competition", _("Seule une alliance dit sur quoi elle est concurrente."), "/competes_on")
