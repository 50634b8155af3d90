"""Every error as RFC 9457 `application/problem+json`, from middleware to 500, and one place that maps them.

`type` is a URL of this instance that explains the code. `errors` lists every reason at once, each with a JSON pointer
into the body (`/articles/0/title`) or a query parameter (`?due_on`), a stable code and a sentence.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions as drf
from rest_framework.response import Response

from coopproject import exceptions as domain
from coopproject.logs import request_id

logger = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True)
class ProblemType:
    """A kind of problem: its code is the contract, its explanation is served at `/api/v1/problems/<code>/`."""

    code: str
    status: int
    title: str | Promise
    explanation: str | Promise


TYPES: dict[str, ProblemType] = {
    kind.code: kind
    for kind in (
        ProblemType(
            "invalid_input",
            400,
            _("Entrée invalide"),
            _("Chaque erreur indique l’endroit du corps ou le paramètre en cause. Rien n’a été enregistré."),
        ),
        ProblemType(
            "malformed_body", 400, _("Corps illisible"), _("Le corps n’est pas un JSON valide selon nos règles.")
        ),
        ProblemType("bad_request", 400, _("Requête refusée"), _("L’hôte ou les en-têtes ne conviennent pas.")),
        ProblemType(
            "unknown_parameter",
            400,
            _("Paramètre inconnu"),
            _("Un paramètre de requête n’existe pas ici ; il n’est jamais ignoré en silence."),
        ),
        ProblemType(
            "invalid_cursor",
            400,
            _("Curseur invalide"),
            _("Le curseur n’a pas été émis pour cette liste, ce tri et ces filtres : reprenez à la première page."),
        ),
        ProblemType(
            "not_authenticated",
            401,
            _("Authentification requise"),
            _("Joignez un jeton : Authorization: Bearer coop_<clé>.<secret>, ou ouvrez une session."),
        ),
        ProblemType(
            "not_allowed",
            403,
            _("Acte non permis"),
            _("Vous pouvez connaître cet objet, mais votre rôle ne permet pas cet acte."),
        ),
        ProblemType(
            "insufficient_scope", 403, _("Portée insuffisante"), _("Le jeton n’a pas la portée que cet acte demande.")
        ),
        ProblemType(
            "not_found",
            404,
            _("Introuvable"),
            _("L’objet n’existe pas, ou vous n’avez pas à le connaître : la réponse est la même."),
        ),
        ProblemType(
            "no_receipt",
            404,
            _("Pas de reçu"),
            _("Cette approbation a été reprise d’un dossier : cette installation ne signe que ce qu’elle a vu."),
        ),
        ProblemType(
            "no_file", 404, _("Pas de fichier"), _("Vous pouvez connaître cet objet, mais il ne porte aucun fichier.")
        ),
        ProblemType(
            "file_missing",
            404,
            _("Fichier manquant"),
            _("L’objet vient d’un dossier qui ne disait de ce fichier que son empreinte : déposez-le de nouveau."),
        ),
        ProblemType(
            "method_not_allowed", 405, _("Méthode non admise"), _("Cette adresse n’accepte pas cette méthode.")
        ),
        ProblemType("not_acceptable", 406, _("Format non disponible"), _("Seul le JSON est servi à cette adresse.")),
        ProblemType(
            "rule_violated",
            409,
            _("Une règle s’y oppose"),
            _("L’acte est refusé maintenant. Toutes les règles en cause sont listées, avec ce qui les lèverait."),
        ),
        ProblemType(
            "conflict",
            409,
            _("Conflit"),
            _("Un autre enregistrement, simultané ou antérieur, empêche celui-ci. Relisez puis recommencez."),
        ),
        ProblemType(
            "idempotency_in_progress",
            409,
            _("Requête déjà en cours"),
            _("La même Idempotency-Key est en cours de traitement. Attendez puis recommencez avec la même clé."),
        ),
        ProblemType(
            "stale_version",
            412,
            _("Version dépassée"),
            _("L’objet a changé depuis votre lecture. Relisez-le, puis recommencez avec le nouvel ETag."),
        ),
        ProblemType(
            "body_too_large", 413, _("Corps trop volumineux"), _("La limite est de 5 Mo et de 20 niveaux imbriqués.")
        ),
        ProblemType(
            "file_too_large",
            413,
            _("Fichier trop volumineux"),
            format_lazy(
                _("Un fichier fait au plus {limit} Mo. Rien n’en a été gardé."), limit=settings.MAX_FILE_SIZE // 2**20
            ),
        ),
        ProblemType(
            "unsupported_media_type",
            415,
            _("Type de corps non pris en charge"),
            _("Envoyez du JSON ; pour un fichier, un corps multipart/form-data."),
        ),
        ProblemType(
            "idempotency_key_reused",
            422,
            _("Idempotency-Key déjà employée"),
            _("Cette clé a servi à une autre requête. Employez une nouvelle clé pour un nouvel acte."),
        ),
        ProblemType(
            "if_match_required",
            428,
            _("If-Match requis"),
            _("Cet objet se modifie sur la version lue : envoyez son ETag dans If-Match."),
        ),
        ProblemType(
            "idempotency_key_required",
            428,
            _("Idempotency-Key requise"),
            _("Un acte juridique ou externe se rejoue sans risque seulement avec une Idempotency-Key."),
        ),
        ProblemType("too_many_requests", 429, _("Trop de requêtes"), _("Attendez le délai indiqué par Retry-After.")),
        ProblemType(
            "internal_error",
            500,
            _("Erreur interne"),
            _("L’erreur est de notre côté et a été consignée sous ce request_id. Rien n’a été enregistré."),
        ),
        ProblemType(
            "unavailable",
            503,
            _("Service momentanément indisponible"),
            _("La base de données n’a pas répondu à temps. Recommencez dans un instant."),
        ),
    )
}


def problem(
    code: str, *, detail: str | Promise | None = None, errors: Iterable[dict[str, Any]] = (), status: int | None = None
) -> dict[str, Any]:
    """The body of a problem document."""
    kind = TYPES[code]
    body: dict[str, Any] = {
        "type": f"{settings.SITE_URL}/api/v1/problems/{code}/",
        "title": str(kind.title),
        "status": status or kind.status,
        "detail": str(kind.explanation if detail is None else detail),
        "code": code,
        "request_id": request_id.get(),
    }
    listed = list(errors)
    if listed:
        body["errors"] = listed
    return body


def problem_http_response(code: str, **kwargs: Any) -> JsonResponse:
    """A problem outside DRF: middleware, unknown addresses, 500."""
    body = problem(code, **kwargs)
    response = JsonResponse(body, status=body["status"], json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = CONTENT_TYPE
    return response


def _pointed(detail: Any, pointer: str = "") -> Iterable[dict[str, Any]]:
    """Flatten DRF's nested error details into pointers."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            name = str(key).replace("~", "~0").replace("/", "~1")
            # A query parameter is its own pointer; an error on the whole keeps the pointer of the whole.
            below = name if name.startswith("?") else f"{pointer}/{name}"
            below = pointer if name == "non_field_errors" else below
            yield from _pointed(value, below)
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            nested = isinstance(value, dict | list)
            yield from _pointed(value, f"{pointer}/{index}" if nested else pointer)
    else:
        yield {"pointer": pointer, "code": getattr(detail, "code", "invalid"), "detail": str(detail)}


def _violations(violations: Iterable[domain.Violation]) -> list[dict[str, Any]]:
    return [{"pointer": v.pointer, "code": v.code, "detail": str(v.detail)} for v in violations]


def _django_errors(error: DjangoValidationError) -> list[dict[str, Any]]:
    if hasattr(error, "error_dict"):
        return [
            {
                "pointer": "" if field == "__all__" else f"/{field}",
                "code": item.code or "invalid",
                "detail": str(next(iter(item.messages))),
            }
            for field, items in error.error_dict.items()
            for item in items
        ]
    return [
        {"pointer": "", "code": item.code or "invalid", "detail": str(next(iter(item.messages)))}
        for item in error.error_list
    ]


def describe(error: Exception) -> dict[str, Any] | None:
    """The problem document of an exception; None for one that nobody foresaw (a 500)."""
    match error:
        case domain.RuleViolated():
            return problem("rule_violated", errors=_violations(error.violations))
        case domain.InvalidInput():
            return problem("invalid_input", errors=_violations(error.violations))
        case domain.StaleVersion():
            return problem("stale_version")
        case domain.NotVisible() | Http404():
            return problem("not_found")
        case domain.NotAllowed():
            return problem("not_allowed", detail=error.detail or None)
        case ApiProblem():
            return problem(error.code, detail=error.problem_detail, errors=error.errors)
        case drf.ParseError():
            return problem("malformed_body", detail=str(error.detail))
        case drf.ValidationError():
            return problem("invalid_input", errors=_pointed(error.detail))
        case drf.NotAuthenticated() | drf.AuthenticationFailed():
            return problem("not_authenticated", detail=str(error.detail) if error.detail else None)
        case drf.PermissionDenied() | PermissionDenied():
            return problem("not_allowed")
        case drf.NotFound():
            return problem("not_found")
        case drf.MethodNotAllowed():
            return problem("method_not_allowed")
        case drf.NotAcceptable():
            return problem("not_acceptable")
        case drf.UnsupportedMediaType():
            return problem("unsupported_media_type")
        case drf.Throttled():
            return problem("too_many_requests")
        case DjangoValidationError():
            return problem("invalid_input", errors=_django_errors(error))
        case RequestDataTooBig():
            return problem("body_too_large")
        case IntegrityError():
            return problem("conflict", errors=_constraint(error))
        case OperationalError():
            return problem("unavailable")
    return None


def _constraint(error: IntegrityError) -> list[dict[str, Any]]:
    """Name the constraint: an engineer finds the invariant, nobody sees SQL."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    return [{"pointer": "", "code": name, "detail": str(_("Une règle de la base s’y oppose."))}] if name else []


class ApiProblem(drf.APIException):
    """Raised by the kernel itself (cursor, If-Match, idempotency): a known code of `TYPES`."""

    def __init__(
        self, code: str, *, detail: str | Promise | None = None, errors: Iterable[dict[str, Any]] = ()
    ) -> None:
        self.code, self.errors, self.problem_detail = code, list(errors), detail
        self.status_code = TYPES[code].status
        super().__init__(detail=str(detail or TYPES[code].title), code=code)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook. What is not foreseen goes up to the middleware, which answers 500 and logs."""
    body = describe(error)
    if body is None:
        return None
    if body["status"] >= 500:
        logger.exception("database_unavailable")
    headers = {}
    if auth_header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return Response(body, status=body["status"], headers=headers, content_type=CONTENT_TYPE)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem_http_response("not_found")


def server_error(request: HttpRequest) -> HttpResponse:
    return problem_http_response("internal_error")


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem_http_response("not_allowed")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem_http_response("bad_request")
