"""The base of every endpoint. A view wires: it never decides, saves or words a refusal.

One act, always in this order: `visible_to` (404) → policy (403) → input shape (400) → service (409, 412) → output.
"""

import builtins
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from types import SimpleNamespace
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from coopproject.api import etag, idempotency
from coopproject.api.filters import refuse_unknown_parameters
from coopproject.api.policy import Policy
from coopproject.api.serializers import NoInput, Output, mask, represent
from coopproject.exceptions import NotAllowed, RuleViolated, Violation

type Service = Callable[..., Any]


class ApiViewSet(GenericViewSet[Any]):
    """What all our viewsets share: the actor, one transaction per unsafe request, retries, tags."""

    lookup_value_regex = "[0-9a-fA-F-]{36}"
    # Actions, besides those declared by `@act(legal=True)`, that need an Idempotency-Key and the scope `legal`.
    legal_actions: ClassVar[frozenset[str]] = frozenset()
    # Actions, besides those declared by `@act(guarded=True)`, that need If-Match; it is accepted everywhere.
    guarded_actions: ClassVar[frozenset[str]] = frozenset()
    # action -> shape of its body
    inputs: ClassVar[Mapping[str, type[BaseSerializer[Any]]]] = {}
    # action -> query parameters of its own
    extra_parameters: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    # The ability to ask for when it is not the name of the action.
    ability: str | None = None

    @cached_property
    def actor(self) -> Any:
        """The `governance.actor.Actor` of the request; anonymous while the schema is generated."""
        from governance.actor import Actor

        user = getattr(getattr(self, "request", None), "user", None)
        if user is None or not user.is_authenticated:
            return Actor.anonymous()
        return Actor.for_user(user, means="session" if self.request.auth is None else "token")

    @property
    def policy(self) -> Policy:
        serializer: Any = self.serializer_class
        return serializer.policy

    @property
    def _handler(self) -> Any:
        return getattr(type(self), self.action or "", None)

    @property
    def is_legal(self) -> bool:
        return self.action in self.legal_actions or getattr(self._handler, "act_legal", False)

    @property
    def is_guarded(self) -> bool:
        return self.action in self.guarded_actions or getattr(self._handler, "act_guarded", False)

    @property
    def input_class(self) -> type[BaseSerializer[Any]]:
        """The shape of the body that this action takes."""
        declared: type[BaseSerializer[Any]] = getattr(self._handler, "act_input", NoInput)
        return self.inputs.get(self.action or "", declared)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """DRF's dispatch, where an unsafe handler runs in one transaction, once per Idempotency-Key."""
        self.args, self.kwargs = args, kwargs
        self.request = drf_request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            self.initial(drf_request, *args, **kwargs)
            method = (drf_request.method or "").lower()
            known = method in self.http_method_names
            handler = getattr(self, method, self.http_method_not_allowed) if known else self.http_method_not_allowed
            if drf_request.method in SAFE_METHODS:
                response = handler(drf_request, *args, **kwargs)
            else:
                response = self._run_once(drf_request, lambda: handler(drf_request, *args, **kwargs))
        except Exception as error:  # noqa: BLE001 - as DRF does: handle_exception raises again what it does not know
            response = self.handle_exception(error)
        if isinstance(response, Response) and response.data and (unnamed := self.actor.unnamed) is not None:
            response.data = unnamed.leave_out(response.data)
        self.response = self.finalize_response(drf_request, response, *args, **kwargs)
        patch_vary_headers(self.response, ["Authorization", "Cookie", "Accept-Language"])
        self.response.setdefault("Cache-Control", "private, no-cache")
        return self.response

    def _run_once(self, request: Request, run: Callable[[], Response]) -> Response:
        refuse_unknown_parameters(request, self)
        key = idempotency.read_key(request, required=self.is_legal)
        with transaction.atomic():
            if key is None:
                return run()
            return idempotency.once(request, key, run, self._replayed, self.forgotten_fields())

    def forgotten_fields(self) -> Collection[str]:
        """The fields of this body that no memory may keep, not even as a digest: a secret ballot."""
        return ()

    def _replayed(self, data: Any) -> Any:
        """The first answer, for the same person today: 404 when they lost sight of the object, masked as it is now."""
        if self.detail:
            self.get_object()
        output: Any = self.serializer_class
        if not getattr(output, "maskable", ()) or not isinstance(data, dict) or "id" not in data:
            return data
        return mask(data, self.actor.hidden_fields(output.Meta.model._meta.label_lower, data["id"]))

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "actor": self.actor}

    def expected_version(self) -> int | None:
        """The version that the caller read, for the service to compare under the lock."""
        return etag.expected_version(self.request, required=self.is_guarded)

    def validated_input(self, **kwargs: Any) -> dict[str, Any]:
        """The body, checked for shape by the input of this action."""
        serializer_class: Any = self.input_class
        data = self.request.data if self.request.data != "" else {}
        serializer = serializer_class(data=data, context=self.get_serializer_context(), **kwargs)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


class ReadViewSet(ApiViewSet):
    """`list` and `retrieve` of what the actor may know of. Subclasses give `serializer_class` (an `Output`)."""

    ordering: ClassVar[tuple[str, ...]] = ("pk",)
    ordering_fields: ClassVar[tuple[str, ...] | Mapping[str, str]] = ()
    search_fields: ClassVar[tuple[str, ...]] = ()

    @property
    def output(self) -> type[Output]:
        output: Any = self.serializer_class
        return output

    @property
    def model(self) -> Any:
        return self.output.Meta.model

    def get_queryset(self) -> QuerySet[Any]:
        """Only what this actor may know of, with what the output reads."""
        return self.output.prefetch(self.model.objects.visible_to(self.actor))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        assert page is not None
        response = self.get_paginated_response(self._represent(page))
        return self._unless_unchanged(response, etag.list_tag(response.data))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        obj = self.get_object()
        data = self._represent([obj])[0]
        return self._unless_unchanged(Response(data), etag.tag(getattr(obj, "version", 1), data))

    def _represent(self, objects: Any) -> "builtins.list[dict[str, Any]]":
        params = self.request.query_params
        return represent(
            objects,
            self.output,
            context=self.get_serializer_context(),
            fields=params.get("fields"),
            expand=params.get("expand"),
        )

    def _unless_unchanged(self, response: Response, current: str) -> Response:
        if etag.matches_none(self.request, current):
            response = Response(status=304)
        response["ETag"] = current
        return response

    def respond(self, obj: models.Model, status: int = 200) -> Response:
        """The object after an act, read again: with `abilities`, its new ETag and, when created, its address."""
        fresh = self.output.prefetch(self.model.objects.filter(pk=obj.pk)).get()
        data = self._represent([fresh])[0]
        headers = {"ETag": etag.tag(getattr(fresh, "version", 1), data)}
        if status == 201:
            path = reverse(f"{self.basename}-detail", args=[fresh.pk])
            headers["Location"] = self.request.build_absolute_uri(path)
        return Response(data, status=status, headers=headers)


class CreateMixin:
    """`POST` on the collection: shape, then policy on what would be created, then the service."""

    create_service: Service

    def create(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        data = self.validated_input()
        if not self.policy.may_create(self.actor, self.creation_target(data)):
            raise NotAllowed(self.policy.refusal("create"))
        return self.respond(type(self).create_service(actor=self.actor, **data), 201)

    def creation_target(self, data: dict[str, Any]) -> SimpleNamespace:
        """What the policy judges: the input, with `<name>_id` of each reference, and the parents' cooperation."""
        target = SimpleNamespace(**data, cooperation_id=None)
        for name, value in data.items():
            if isinstance(value, models.Model):
                setattr(target, f"{name}_id", value.pk)
                if target.cooperation_id is None:
                    target.cooperation_id = getattr(value, "cooperation_id", None)
        return target


class UpdateMixin:
    """`PATCH` on one object. PUT is not offered: a client that forgets a field must not erase it."""

    ability: str | None

    update_service: Service

    def refuse_hidden(self: Any, obj: models.Model, changes: Mapping[str, Any]) -> None:
        """Nobody overwrites what they may not read. Raises RuleViolated `field_masked` for each such field."""
        hidden = self.actor.hidden_fields(obj._meta.label_lower, obj.pk) if self.output.maskable else {}
        detail = _("Une clause de confidentialité vous ferme ce champ : demandez à qui l’atteint de le changer.")
        if found := [Violation("field_masked", detail, f"/{name}") for name in changes if name in hidden]:
            raise RuleViolated(*found)

    def partial_update(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.ability = "update"
        obj = self.get_object()
        expected = self.expected_version()
        changes = self.validated_input(partial=True)
        self.refuse_hidden(obj, changes)
        updated = type(self).update_service(pk=obj.pk, actor=self.actor, expected_version=expected, changes=changes)
        return self.respond(updated)


class ActMixin:
    """What an act declared with `@act` does."""

    def perform(self: Any, service: Service, **extra: Any) -> Response:
        """Run one act: get (404), ability (403), input (400), service under the lock (409, 412), output."""
        obj = self.get_object()
        expected = self.expected_version()
        data = self.validated_input()
        result = service(pk=obj.pk, actor=self.actor, expected_version=expected, **data, **extra)
        response: Response = self.respond(result)
        return response


class ResourceViewSet(CreateMixin, UpdateMixin, ActMixin, ReadViewSet):
    """The usual resource: list, retrieve, create, update, and acts declared with `@act`."""

    http_method_names = ["get", "post", "patch", "delete", "head", "options"]


def act(
    request: type[BaseSerializer[Any]] = NoInput,
    *,
    legal: bool = False,
    guarded: bool = False,
    url_path: str | None = None,
    **schema: Any,
) -> Callable[..., Any]:
    """Declare `POST /<collection>/{id}/<act>/` with the shape of its body.

    `legal`: the act binds, so it needs an Idempotency-Key and the token scope `legal`. `guarded`: needs If-Match.
    """

    def decorate(method: Callable[..., Response]) -> Any:
        path = url_path or method.__name__.replace("_", "-")
        wired: Any = action(detail=True, methods=["post"], url_path=path)(method)
        wired.act_input, wired.act_legal, wired.act_guarded = request, legal, guarded
        return extend_schema(request=None if request is NoInput else request, **schema)(wired)

    return decorate
