"""What charters knows that shows a cooperation alive: texts put to the boards, votes held, comments, reviews."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from charters.enums import DeliberationState
from charters.models import Agreement, ArticleComment, BoardDeliberation, Charter, CharterVersion
from governance.signs_of_life import Kind


def _held() -> QuerySet[Any]:
    """The day of a vote that is only planned, or was cancelled, is no sign."""
    rows: QuerySet[Any] = BoardDeliberation.objects.filter(state=DeliberationState.CLOSED)
    return rows


KINDS = (
    Kind(_("un vote d’une instance"), _held, "held_on"),
    Kind(_("un texte soumis aux instances"), CharterVersion.objects.all, "submitted_at"),
    Kind(_("un texte entré en vigueur"), CharterVersion.objects.all, "in_force_on"),
    Kind(_("un commentaire d’un article"), ArticleComment.objects.all, "written_at"),
    Kind(_("une révision d’une charte"), Charter.objects.all, "last_reviewed_on"),
    Kind(_("une convention entrée en vigueur"), Agreement.objects.all, "in_force_on"),
)
