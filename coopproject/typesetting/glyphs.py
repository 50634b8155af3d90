"""Which characters the embedded fonts show; what is written in place of the others.

PDF/UA refuses a character without a glyph, rather than print an empty box. Controls that turn the order of reading
(U+202A to U+202E, U+2066 to U+2069) or show nothing are left out on purpose: their code shows them.
"""

import re

# Ranges of code points that Libertinus Serif, New Computer Modern and DejaVu Sans Mono have without a hole
# (tests/coopproject/typesetting tries each character).
COVERED = (
    "\n\t\u0020-\u007e\u00a0-\u0377\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u04ff\u0531-\u0556\u0559-\u058a"
    "\u05d0-\u05ea\u0621-\u063a\u0641-\u064a\u0660-\u0669\u10d0-\u10ff\u1d00-\u1f15\u1f18-\u1f1d\u1f20-\u1f45"
    "\u1f48-\u1f4d\u2000-\u200d\u2010-\u2027\u202f-\u2040\u2042\u2044-\u2052\u2054-\u205f\u2070\u2071"
    "\u2074-\u208e\u20a0-\u20c0\u2100-\u211e\u2122\u2124\u2126-\u2151\u2153-\u2184\u2190-\u23ff\u2460-\u2606"
    "\u2609-\u262f\u2638-\u268b\u2701-\u2704\u2706-\u2709\u270c-\u2714\u2717-\u2726\u272a-\u274b\u2761-\u277f"
    "\u2798-\u27af\u27b1-\u2b73\u2c60-\u2c7f\ufffd"
)
LATIN = "\n\t\u0020-\u007e\u00a0-\u017f\u2010-\u2027\u202f-\u203a\u20ac"

_NOT_COVERED = re.compile(f"[^{COVERED}]")
_NOT_LATIN = re.compile(f"[^{LATIN}]")


def displayable(text: str) -> str:
    """The text with each character that no embedded font shows written as its code: `😀` becomes `[U+1F600]`."""
    return _NOT_COVERED.sub(_code, text)


def latin_only(text: str) -> str:
    """The same for all that French does not use: what remains is shown by one font, whatever stands together."""
    return _NOT_LATIN.sub(_code, text)


def _code(match: re.Match[str]) -> str:
    return f"[U+{ord(match[0]):04X}]"
