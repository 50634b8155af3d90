"""Levels of confidentiality are nested: what derives from several takes the most closed (docs/adr/0008)."""

from governance.enums import Confidentiality

# From the most open to the most closed. `restricted` stands apart, for one organisation: nothing is below it.
LEVELS = (
    Confidentiality.PUBLIC,
    Confidentiality.NETWORK,
    Confidentiality.ACTIVE,
    Confidentiality.CORE,
    Confidentiality.BOARD,
    Confidentiality.RESTRICTED,
)


def highest(*levels: str) -> Confidentiality:
    """The most closed of these levels."""
    return LEVELS[max(LEVELS.index(Confidentiality(level)) for level in levels)]
