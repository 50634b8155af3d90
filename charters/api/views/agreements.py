"""Agreements (conventions): wiring only."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from charters import services
from charters.api import filters_agreements as filters
from charters.api.serializers import agreements, common, texts
from coopproject.api.views import ResourceViewSet, act


class AgreementViewSet(ResourceViewSet):
    """What some members agreed, for how long, and how they leave it."""

    serializer_class = agreements.AgreementOutput
    inputs = {"create": agreements.AgreementInput, "partial_update": agreements.AgreementUpdateInput}
    create_service = staticmethod(services.agreement_create)
    update_service = staticmethod(services.agreement_update)
    filterset_class = filters.AgreementFilter
    ordering = ("search_title", "number")
    ordering_fields = {
        "title": "search_title",
        "number": "number",
        "starts_on": "starts_on",
        "ends_on": "ends_on",
        "in_force_on": "in_force_on",
        "created_at": "created_at",
    }
    search_fields = ("search_title",)
    guarded_actions = frozenset({"partial_update"})
    http_method_names = ["get", "post", "patch", "head", "options"]

    @act(guarded=True)
    def propose(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Freeze the text and put it to the signature of every party."""
        return self.perform(services.agreement_propose)

    @act(agreements.AgreementSignInput, legal=True)
    def sign(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Sign the exact text for one's own organisation; the last signature puts it in force."""
        return self.perform(services.agreement_sign)

    @act(common.CharterReasonInput, guarded=True)
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give up a draft, or take back what not everybody has signed."""
        return self.perform(services.agreement_withdraw)

    @act(agreements.NoticeInput, legal=True)
    def give_notice(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give notice for one's own organisation: the answer says on which day the agreement ends, and why."""
        return self.perform(services.agreement_give_notice)

    @act(agreements.AgreementEndInput, guarded=True)
    def end(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record that it was terminated otherwise than by notice, and by which act."""
        return self.perform(services.agreement_end)

    @act(responses={201: agreements.AgreementOutput})
    def amend(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Open the draft of an amendment (avenant), which will end this one when it enters into force."""
        base = self.get_object()
        expected = self.expected_version()
        self.validated_input()
        return self.respond(services.agreement_amend(pk=base.pk, actor=self.actor, expected_version=expected), 201)

    @extend_schema(responses=texts.ContentOutput)
    @action(detail=True, methods=["get"])
    def content(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The frozen text, empty while it is a draft."""
        agreement = self.get_object()
        return Response(
            {"content": self.actor.told_whole(agreement.content, agreement), "content_hash": agreement.content_hash}
        )
