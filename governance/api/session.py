"""`session` for our own pages, and `users/me`: who am I, what do I hold, what waits for me."""

from typing import Any

from django.contrib.auth import authenticate, login, logout
from django.middleware.csrf import get_token
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from coopproject import clock
from coopproject.api.serializers import Input
from coopproject.api.views import ApiViewSet
from governance.actor import Actor
from governance.api.memberships import RoleOutput
from governance.api.people import PersonOutput
from governance.api.requests import refuse_parameters
from governance.models import ApiToken, Cooperation, Person, Role
from governance.waiting import waiting_for


class WaitingOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    resource = serializers.CharField()
    id = serializers.UUIDField()
    cooperation = serializers.UUIDField()
    since = serializers.DateField(allow_null=True, help_text=_("Le jour depuis lequel cela vous attend."))
    due_on = serializers.DateField(allow_null=True, help_text=_("Pour quand c’est attendu, si un jour a été fixé."))
    url = serializers.CharField()


class NamedOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class UsedTokenOutput(serializers.ModelSerializer[ApiToken]):
    id = serializers.CharField(source="key", read_only=True)

    class Meta:
        model = ApiToken
        fields = ("id", "name", "scopes", "expires_at")


class MeOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    email = serializers.EmailField()
    is_operator = serializers.BooleanField()
    person = PersonOutput(allow_null=True)
    roles = RoleOutput(many=True, help_text=_("Les rôles en cours."))
    cooperations = NamedOutput(many=True)
    token = UsedTokenOutput(allow_null=True, help_text=_("Le jeton de cette requête ; vide dans une session."))
    waiting = WaitingOutput(many=True, help_text=_("Ce qui vous attend."))


class MeViewSet(ApiViewSet):
    """The account that asks."""

    http_method_names = ["get", "head", "options"]
    serializer_class = PersonOutput
    detail = True

    @extend_schema(responses=MeOutput, parameters=[])
    def retrieve(self, request: Request) -> Response:
        """Account, person, roles in force, cooperations, and what waits for me."""
        refuse_parameters(request)
        return Response(me(self.actor, request.auth, self.get_serializer_context()))


def me(actor: Actor, auth: Any, context: dict[str, Any]) -> dict[str, Any]:
    """What `users/me` says of a signed-in actor."""
    assert actor.user is not None
    today = clock.today()
    person = PersonOutput.prefetch(Person.objects.filter(account=actor.user)).first()
    roles = Role.objects.in_force(today).filter(person_id=actor.person_id, cooperation__in=actor.cooperation_ids)
    return {
        "id": str(actor.user.pk),
        "email": actor.user.email,
        "is_operator": actor.is_operator,
        "person": PersonOutput(person, context=context).data if person else None,
        "roles": RoleOutput(roles.order_by("since", "pk"), many=True, context=context).data,
        "cooperations": [
            {"id": str(row.pk), "name": row.name}
            for row in Cooperation.objects.visible_to(actor).order_by("search_name", "pk")
        ],
        "token": UsedTokenOutput(auth).data if isinstance(auth, ApiToken) else None,
        "waiting": [item.as_data() for item in waiting_for(actor, on=today)],
    }


class LoginInput(Input):
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=1000, trim_whitespace=False, style={"input_type": "password"})


class SessionOutput(serializers.Serializer[Any]):
    authenticated = serializers.BooleanField()
    csrf_token = serializers.CharField(help_text=_("À renvoyer dans l’en-tête X-CSRFToken des requêtes d’écriture."))
    user = MeOutput(allow_null=True)


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class SessionView(APIView):
    """The session of our own pages, by cookie. Programs use tokens."""

    permission_classes = (AllowAny,)
    http_method_names = ["get", "post", "delete", "head", "options"]

    @extend_schema(responses=SessionOutput)
    def get(self, request: Request) -> Response:
        """Whether a session is open; sets the CSRF cookie that a login needs."""
        refuse_parameters(request)
        return self._answer(request)

    @extend_schema(request=LoginInput, responses=SessionOutput)
    def post(self, request: Request) -> Response:
        """Sign in. The session identifier and the CSRF token change; a refusal never says what was wrong."""
        refuse_parameters(request)
        SessionAuthentication().enforce_csrf(request)
        given = LoginInput(data=request.data)
        given.is_valid(raise_exception=True)
        # Django hashes a password for an unknown address too: both refusals take the same time.
        user = authenticate(request, username=given.validated_data["email"], password=given.validated_data["password"])
        if user is None:
            raise AuthenticationFailed(_("L’adresse ou le mot de passe est inexact."))
        login(request, user)
        request.user, request.auth = user, None
        return self._answer(request)

    @extend_schema(responses={204: OpenApiResponse(description=_("La session est close."))})
    def delete(self, request: Request) -> Response:
        """Sign out: the session is erased on our side too."""
        refuse_parameters(request)
        logout(request)
        return Response(status=204)

    def _answer(self, request: Request) -> Response:
        actor = Actor.for_user(request.user) if request.user.is_authenticated else None
        return Response(
            {
                "authenticated": actor is not None,
                "csrf_token": get_token(request),
                "user": me(actor, request.auth, {"actor": actor}) if actor else None,
            },
            headers={"Cache-Control": "no-store", "Vary": "Cookie, Authorization, Accept-Language"},
        )
