"""`tokens`: one's own API tokens. The secret is in the answer to the creation and nowhere else."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject.api.filters import FilterSet, InstantFilter
from coopproject.api.serializers import Input, Output
from coopproject.api.views import ReadViewSet
from governance import policies
from governance.enums import TokenScope
from governance.models import ApiToken
from governance.services import tokens as services


class TokenOutput(Output):
    policy = policies.token

    id = serializers.CharField(source="key", read_only=True, help_text=_("La partie publique du jeton."))

    class Meta:
        model = ApiToken
        fields = (
            "id",
            "name",
            "scopes",
            "allowed_addresses",
            "created_at",
            "expires_at",
            "last_used_at",
            "revoked_at",
            "abilities",
        )


class TokenCreated(TokenOutput):
    token = serializers.CharField(help_text=_("Le jeton entier, montré cette seule fois."))

    class Meta:
        model = ApiToken
        fields = (*TokenOutput.Meta.fields, "token")


class TokenInput(Input):
    name = serializers.CharField(max_length=100)
    scopes = serializers.ListField(child=serializers.ChoiceField(TokenScope.choices), allow_empty=False, max_length=3)
    expires_at = serializers.DateTimeField(
        required=False, help_text=_("Un an au plus ; quatre-vingt-dix jours si rien n’est dit.")
    )
    allowed_addresses = serializers.ListField(
        child=serializers.IPAddressField(), required=False, default=list, max_length=20
    )


class TokenFilter(FilterSet):
    updated_since = InstantFilter(field_name="created_at", lookup_expr="gte")
    revoked_at__isnull = django_filters.BooleanFilter(field_name="revoked_at", lookup_expr="isnull")

    class Meta:
        model = ApiToken
        fields = ()


class TokenViewSet(ReadViewSet):
    """My own tokens. The secret is shown once, when it is made; deleting revokes."""

    http_method_names = ["get", "post", "delete", "head", "options"]
    serializer_class = TokenOutput
    inputs = {"create": TokenInput}
    filterset_class = TokenFilter
    lookup_value_regex = "[a-z0-9]{12}"
    ordering = ("-created_at",)
    ordering_fields = ("created_at", "expires_at", "last_used_at")

    def get_queryset(self) -> QuerySet[Any]:
        """Nobody sees the tokens of another, whatever their role."""
        user = self.actor.user
        return ApiToken.objects.filter(user=user) if user is not None else ApiToken.objects.none()

    @extend_schema(responses={201: TokenCreated})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make a token. Keep the secret: nothing can show it again, a replay by Idempotency-Key included."""
        self._full = ""
        made_with = request.auth if isinstance(request.auth, ApiToken) else None
        token, self._full = services.token_create(actor=self.actor, made_with=made_with, **self.validated_input())
        return self.respond(token, 201)

    def _run_once(self, request: Request, run: Any) -> Response:
        """The secret is added after the answer was stored for its Idempotency-Key: it is never written anywhere."""
        response = super()._run_once(request, run)
        if full := getattr(self, "_full", ""):
            response.data = {**response.data, "token": full}
        return response

    @extend_schema(responses={204: OpenApiResponse(description=_("Révoqué, de suite et pour toujours."))})
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Revoke. The row stays, with its date."""
        services.token_revoke(key=self.get_object().key, actor=self.actor)
        return Response(status=204)
