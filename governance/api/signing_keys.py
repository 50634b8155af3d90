"""`signing-keys`: what anybody needs, signed in or not, to verify a receipt without us (docs/verify.md)."""

import base64
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject.api.policy import READ_ONLY, Policy
from coopproject.api.views import ApiViewSet
from governance import signing
from governance.api.requests import refuse_parameters
from governance.models import SigningKey


class JsonWebKey(serializers.Serializer[Any]):
    """The same key as a JWK (RFC 8037)."""

    kty = serializers.CharField()
    crv = serializers.CharField()
    x = serializers.CharField()
    kid = serializers.CharField()
    use = serializers.CharField()
    alg = serializers.CharField()


class SigningKeyOutput(serializers.ModelSerializer[SigningKey]):
    """A public key: which instants it signed, and whether its private half may be in other hands."""

    algorithm = serializers.SerializerMethodField()
    public_key_base64 = serializers.SerializerMethodField()
    jwk = serializers.SerializerMethodField()

    class Meta:
        model = SigningKey
        fields = (
            "id",
            "algorithm",
            "public_key",
            "public_key_base64",
            "jwk",
            "valid_from",
            "retired_at",
            "revoked_at",
            "revoked_reason",
        )

    def get_algorithm(self, key: SigningKey) -> str:
        return signing.ALGORITHM

    def get_public_key_base64(self, key: SigningKey) -> str:
        return base64.b64encode(bytes.fromhex(key.public_key)).decode()

    @extend_schema_field(JsonWebKey)
    def get_jwk(self, key: SigningKey) -> dict[str, str]:
        x = base64.urlsafe_b64encode(bytes.fromhex(key.public_key)).decode().rstrip("=")
        return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": key.id, "use": "sig", "alg": "EdDSA"}


@extend_schema_serializer(many=False)
class SigningKeyPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = SigningKeyOutput(many=True)


class SigningKeyViewSet(ApiViewSet):
    """Every key that ever signed here, oldest first: few enough for one page."""

    http_method_names = ["get", "head", "options"]
    serializer_class = SigningKeyOutput
    authentication_classes = ()
    permission_classes = (AllowAny,)
    pagination_class = None
    filter_backends = ()
    policy: Policy = READ_ONLY

    @extend_schema(responses=SigningKeyPage)
    def list(self, request: Request) -> Response:
        refuse_parameters(request)
        keys = SigningKeyOutput(SigningKey.objects.order_by("valid_from", "pk"), many=True).data
        return Response({"next": None, "previous": None, "results": keys})
