"""How the OpenAPI 3.1 document is made: what the code declares, plus what every operation shares."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.drainage import warn
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_doc
from drf_spectacular.utils import OpenApiParameter

from coopproject.api.filters import serves_the_object
from coopproject.api.problems import CONTENT_TYPE, TYPES
from coopproject.api.serializers import NoInput, Output

_PROBLEM_REF = {"$ref": "#/components/schemas/Problem"}
_SAFE = {"get", "head", "options"}


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "governance.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "coop_<key>.<secret>"}


class ProjectAutoSchema(AutoSchema):
    """Takes the body from the view's `inputs`, and adds `fields`, `expand` and the conditional headers."""

    def get_request_serializer(self) -> Any:
        input_class = getattr(self.view, "input_class", None)
        if input_class is not None and self.method.lower() not in _SAFE:
            return None if input_class is NoInput else input_class
        return super().get_request_serializer()

    def get_description(self) -> str:  # type: ignore[override]
        """What the operation does and, when it changes something, whom it belongs to."""
        return "\n\n".join(part for part in (self._said(), self._whose()) if part)

    def _said(self) -> str:
        """What the operation says of itself, else its view; never a base class, which speaks to engineers."""
        handler = getattr(self.view, getattr(self.view, "action", None) or self.method.lower(), None)
        if said := get_doc(handler):
            return str(said)
        view = type(self.view)
        if not vars(view).get("__doc__"):
            warn(f"{view.__name__} does not say what it serves: give it a docstring.")
            return ""
        return str(get_doc(view))

    def _whose(self) -> str:
        policy = getattr(getattr(self.view, "serializer_class", None), "policy", None)
        if policy is None or self.method.lower() in _SAFE:
            return ""
        name = getattr(self.view, "action", "")
        # An act whose address is a reserved word of Python goes by its address.
        act = getattr(getattr(self.view, name, None), "url_path", name).replace("-", "_")
        who = policy.who_may("update" if act == "partial_update" else act)
        return str(_("Revient à : %(who)s.") % {"who": who}) if who else ""

    def _map_basic_serializer(self, serializer: Any, direction: str) -> Any:
        schema: dict[str, Any] = super()._map_basic_serializer(serializer, direction)
        if isinstance(serializer, Output) and serializer.on_request:
            schema["required"] = [name for name in schema["required"] if name not in serializer.on_request]
        return schema

    def get_override_parameters(self) -> list[Any]:
        parameters: list[Any] = list(super().get_override_parameters())
        output = getattr(self.view, "serializer_class", None)
        if isinstance(output, type) and issubclass(output, Output) and serves_the_object(self.view, self.method):
            fields = str(_("Ne servir que ces champs, séparés par des virgules."))
            parameters.append(OpenApiParameter("fields", str, description=fields))
            if names := ", ".join(sorted(output.expandable)):
                expand = str(_("Remplacer ces références par l’objet (profondeur 2) : %(names)s.") % {"names": names})
                parameters.append(OpenApiParameter("expand", str, description=expand))
        if self.method.lower() not in _SAFE:
            legal, guarded = getattr(self.view, "is_legal", False), getattr(self.view, "is_guarded", False)
            key = str(_("Rejoue la première réponse si la requête est renvoyée."))
            match = str(_("L’ETag lu : l’acte est refusé (412) si l’objet a changé depuis."))
            parameters.append(
                OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=legal, description=key)
            )
            if getattr(self.view, "detail", False):
                parameters.append(
                    OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=guarded, description=match)
                )
        return parameters


def add_common_responses(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Declare the problem document once, and on each operation every status that it can answer."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = {
        "type": "object",
        "description": "RFC 9457 problem details.",
        "required": ["type", "title", "status", "detail", "code", "request_id"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "code": {"type": "string", "enum": sorted(TYPES)},
            "request_id": {"type": "string"},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["pointer", "code", "detail"],
                    "properties": {
                        "pointer": {"type": "string"},
                        "code": {"type": "string"},
                        "detail": {"type": "string"},
                    },
                },
            },
        },
    }
    for path, operations in result.get("paths", {}).items():
        if not path.startswith("/api/v1/"):
            continue
        for method, operation in operations.items():
            statuses = ["400", "401", "403", "500", "503"]
            if "{" in path:
                statuses.append("404")
            if method not in _SAFE:
                statuses += ["409", "412", "413", "415", "422", "428"]
            for status in statuses:
                titles = " / ".join(sorted(str(kind.code) for kind in TYPES.values() if str(kind.status) == status))
                operation.setdefault("responses", {}).setdefault(
                    status, {"description": titles, "content": {CONTENT_TYPE: {"schema": _PROBLEM_REF}}}
                )
    return result
