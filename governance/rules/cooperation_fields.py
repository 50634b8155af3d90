"""What the fields of a cooperation must be, however they come in: by an act or by a dossier."""

import zoneinfo
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation


def field_violations(fields: Mapping[str, Any]) -> list[Violation]:
    """Why these values cannot be those of a cooperation, all at once; a field that is not there is not looked at."""
    return list(_field_violations(fields))


def _field_violations(fields: Mapping[str, Any]) -> Iterator[Violation]:
    if "zone" in fields and fields["zone"] not in zoneinfo.available_timezones():
        yield Violation("unknown_zone", _("Un fuseau de la base IANA est attendu, p. ex. Europe/Paris."), "/zone")
    currency = fields.get("currency", "EUR")
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()):
        yield Violation("invalid", _("Un code ISO 4217 de trois lettres est attendu, p. ex. EUR."), "/currency")
    types = fields.get("types", [])
    if len(set(types)) != len(types):
        yield Violation("repeated", _("Chaque forme n’est citée qu’une fois."), "/types")
    if fields.get("size_alert", 2) < 2:
        yield Violation("min_value", _("Une coopération compte au moins deux participants."), "/size_alert")
