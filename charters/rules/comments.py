"""Why a comment on an article cannot be written, changed or settled now: facts in, every violation out at once."""

from django.utils.translation import gettext_lazy as _

from charters.enums import VersionState
from charters.rules.acts import ARCHIVED
from charters.rules.content import normalise
from coopproject.exceptions import Violation

# The versions that people still discuss: what is said of the one in force serves the next amendment.
DISCUSSED = (VersionState.DRAFT, VersionState.SUBMITTED, VersionState.IN_FORCE)
_WITHDRAWN = Violation("comment_withdrawn", _("Ce commentaire a été retiré par son auteur."))
_RESOLVED = Violation("thread_resolved", _("Ce fil est clos : rouvrez-le d’abord."))


def writing_violations(*, version_state: str, archived: bool, thread_resolved: bool = False) -> list[Violation]:
    """Why nothing can be said of a version, or in a thread."""
    found = [ARCHIVED] if archived else []
    if version_state not in DISCUSSED:
        detail = _("Cette version n’est plus discutée : commentez celle qui l’est.")
        found.append(Violation("wrong_state", detail, "/charter_version"))
    return [*found, _RESOLVED] if thread_resolved else found


def target_violations(*, quote: str, texts: tuple[str, str] | None) -> list[Violation]:
    """`texts`: title and body of the article, None when the version has none of that key. A quote is word for word."""
    if texts is None:
        return [Violation("does_not_exist", _("Aucun article de cette version ne porte cette clé."), "/article_key")]
    if not any(normalise(quote) in normalise(text) for text in texts):
        return [Violation("quote_not_found", _("Ce passage n’est pas dans l’article."), "/quote")]
    return []


def changing_violations(*, archived: bool, withdrawn: bool, thread_resolved: bool, followed: bool) -> list[Violation]:
    """An author rewrites or takes back only what nobody has answered. `followed`: the thread went on after it."""
    found = [ARCHIVED] if archived else []
    if withdrawn:
        found.append(_WITHDRAWN)
    if thread_resolved:
        found.append(_RESOLVED)
    if followed:
        detail = _("Le fil a continué : ajoutez une réponse plutôt que de changer ce qui a été lu.")
        found.append(Violation("already_answered", detail))
    return found


def settling_violations(*, archived: bool, is_thread: bool, withdrawn: bool) -> list[Violation]:
    """A thread is closed or opened again by its first comment."""
    found = [ARCHIVED] if archived else []
    if not is_thread:
        detail = _("Une réponse suit le sort de son fil : c’est le premier commentaire que l’on clôt.")
        found.append(Violation("not_a_thread", detail))
    return [*found, _WITHDRAWN] if withdrawn else found
