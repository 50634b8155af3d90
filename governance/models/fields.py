"""Fields that several models of governance share."""

from typing import Any

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.enums import Confidentiality

SUBJECT = r"^[a-z0-9]+([_-][a-z0-9]+)*\Z"


def subject_code(label: Any, **options: Any) -> "models.CharField[str, str]":
    """What a decision is about, as a short code that circuits, delegations and contradictions compare."""
    message = _("Un code en minuscules sans accent, chiffres et tirets : « achats », « pret-de-materiel ».")
    return models.CharField(label, max_length=60, validators=[RegexValidator(SUBJECT, message)], **options)


def money(label: Any, **options: Any) -> "models.DecimalField[Any, Any]":
    """An exact amount in the currency of the cooperation, to the cent; never negative."""
    return models.DecimalField(label, max_digits=14, decimal_places=2, validators=[MinValueValidator(0)], **options)


def level(**options: Any) -> "models.CharField[str, str]":
    """Who may know of the object: everybody in the cooperation unless its authors close it (docs/adr/0029)."""
    return models.CharField(
        _("confidentialité"), max_length=12, choices=Confidentiality, default=Confidentiality.NETWORK, **options
    )


def level_is_shared(name: str) -> models.CheckConstraint:
    """The coordination always knows of what a cooperation is made of: no level limits it to one organisation."""
    return models.CheckConstraint(
        condition=~Q(confidentiality=Confidentiality.RESTRICTED),
        name=name,
        violation_error_message=_("La coordination en a toujours connaissance : ce niveau la laisserait dehors."),
    )
