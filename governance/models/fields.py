"""Fields that several models of governance share."""

from typing import Any

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

SUBJECT = r"^[a-z0-9]+([_-][a-z0-9]+)*\Z"


def subject_code(label: Any, **options: Any) -> "models.CharField[str, str]":
    """What a decision is about, as a short code that circuits, delegations and contradictions compare."""
    message = _("Un code en minuscules sans accent, chiffres et tirets : « achats », « pret-de-materiel ».")
    return models.CharField(label, max_length=60, validators=[RegexValidator(SUBJECT, message)], **options)


def money(label: Any, **options: Any) -> "models.DecimalField[Any, Any]":
    """An exact amount in the currency of the cooperation, to the cent; never negative."""
    return models.DecimalField(label, max_digits=14, decimal_places=2, validators=[MinValueValidator(0)], **options)
