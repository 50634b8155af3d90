"""`POST /cooperations/import/` and `GET /cooperations/{id}/export/`."""

from typing import IO, Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject.api.parsers import StrictJSONParser
from coopproject.api.policy import Policy
from coopproject.api.problems import ApiProblem
from coopproject.api.views import ApiViewSet
from coopproject.exceptions import InvalidInput
from governance.dossier import reading
from governance.grants import coordinates
from governance.models import Cooperation
from governance.services import dossiers

policy = Policy(export=coordinates)


class DossierYamlParser(BaseParser):
    """YAML for this one door. A text that cannot be read is a body that cannot be read."""

    media_type = "application/yaml"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        raw = stream.read(reading.MAX_BYTES + 1)
        try:
            return reading.read(raw)
        except InvalidInput as error:
            violation = error.violations[0]
            if violation.code != "malformed_dossier":
                raise ApiProblem("body_too_large") from error
            raise ParseError(str(violation.detail)) from error


class ImportedOutput(serializers.Serializer[Any]):
    """What an import made."""

    id = serializers.UUIDField(source="cooperation.pk", help_text=_("La coopération."))
    name = serializers.CharField(source="cooperation.name")
    sha256 = serializers.CharField(
        help_text=_("Empreinte SHA-256 de la forme RFC 8785 du dossier, inscrite au journal.")
    )
    counts = serializers.DictField(
        child=serializers.IntegerField(), help_text=_("Nombre de lignes enregistrées, par section.")
    )


class DossierViewSet(ApiViewSet):
    """A cooperation as one portable document (docs/reference/dossier.md)."""

    queryset = Cooperation.objects.all()
    parser_classes = (StrictJSONParser, DossierYamlParser)
    legal_actions = frozenset({"import_dossier"})

    @property
    def policy(self) -> Policy:
        return policy

    def get_queryset(self) -> Any:
        return Cooperation.objects.visible_to(self.actor)

    @extend_schema(
        request={"application/json": OpenApiTypes.OBJECT, "application/yaml": OpenApiTypes.OBJECT},
        responses={201: ImportedOutput},
    )
    def import_dossier(self, request: Request) -> Response:
        """Import a portable dossier: all of it, or nothing if a single row is wrong."""
        done = dossiers.dossier_import(actor=self.actor, document=request.data)
        location = request.build_absolute_uri(f"/api/v1/cooperations/{done.cooperation.pk}/")
        return Response(ImportedOutput(done).data, status=201, headers={"Location": location})

    @extend_schema(responses={(200, "application/json"): OpenApiResponse(OpenApiTypes.OBJECT)})
    def export(self, request: Request, pk: str) -> HttpResponse:
        """The portable dossier of the cooperation, in its canonical form (coordination)."""
        cooperation = self.get_object()
        response = HttpResponse(
            dossiers.dossier_export(cooperation, reader=self.actor), content_type="application/json; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="cooperation-{cooperation.pk}.json"'
        return response
