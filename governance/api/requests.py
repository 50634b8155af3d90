"""What filters and plain views ask of a request."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

from coopproject import clock
from governance.actor import Actor


def actor_of(request: Any) -> Actor:
    """The actor of the view that serves this request; anonymous while the schema is generated."""
    view = (getattr(request, "parser_context", None) or {}).get("view")
    actor = getattr(view, "actor", None)
    return actor if isinstance(actor, Actor) else Actor.anonymous()


def day_in(context: Any, zone: str) -> dt.date:
    """Today in a cooperation's zone. The clock is read once for all the rows of an answer."""
    if "now" not in context:
        context["now"] = clock.now()
    return clock.local_date(context["now"], zone)


def refuse_parameters(request: Request) -> None:
    """For addresses that take no query parameter: one is a 400, never ignored."""
    if request.query_params:
        detail = ErrorDetail(str(_("Cette adresse n’admet aucun paramètre.")), "unknown_parameter")
        raise ValidationError({f"?{name}": [detail] for name in request.query_params})
