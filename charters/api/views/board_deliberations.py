"""What the boards decided, and the votes that they hold here: wiring only."""

from collections.abc import Collection
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from charters import services
from charters.api import filters
from charters.api.serializers import common, votes
from charters.api.views.receipts import ReceiptMixin
from charters.enums import BallotKind
from charters.models import BoardDeliberation
from coopproject.api.downloads import FILE_RESPONSE, FileRenderer, stored_file_response
from coopproject.api.uploads import ReceivesFiles, UploadInput
from coopproject.api.views import ActMixin, CreateMixin, ReadViewSet, act


class BoardDeliberationViewSet(ReceivesFiles, CreateMixin, ActMixin, ReadViewSet):
    """Votes of the boards on the exact text of a charter: recorded from minutes, or held here, ballot by ballot."""

    serializer_class = votes.BoardDeliberationOutput
    inputs = {"create": votes.BoardDeliberationInput}
    create_service = staticmethod(services.board_deliberation_create)
    filterset_class = filters.BoardDeliberationFilter
    ordering = ("-held_on", "-created_at")
    ordering_fields = ("held_on", "created_at")
    legal_actions = frozenset({"create"})
    file_actions = frozenset({"restore_minutes"})
    extra_parameters = {"minutes": ("of",)}

    def forgotten_fields(self) -> Collection[str]:
        """A retry of a secret ballot is known by its key: what was voted is kept nowhere, not even as a digest."""
        secret = {"cast": {"choice"}, "close": {"casting_vote"}}.get(self.action or "")
        if secret is None:
            return ()
        deliberation = BoardDeliberation.objects.filter(pk=self.kwargs["pk"], ballot=BallotKind.SECRET)
        return secret if deliberation.exists() else ()

    @act(legal=True, guarded=True)
    def open(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Open the vote: the rule of this day, the seats in office and the electorate are frozen."""
        return self.perform(services.board_deliberation_open)

    @act(votes.VoteCastInput, legal=True)
    def cast(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Cast one's own vote, or that of somebody whose proxy one holds. Nobody reads it before the close."""
        return self.perform(services.board_deliberation_cast)

    @act(legal=True)
    def lift_objection(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """At consent, no longer maintain one's objection."""
        return self.perform(services.board_deliberation_lift_objection)

    @act(votes.VoteAttendInput)
    def attend(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Be counted as present without voting: whoever is there and has not voted at the close abstains."""
        return self.perform(services.board_deliberation_attend)

    @act(votes.VoteRecuseInput)
    def recuse(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Step aside from this vote; who leads the session may record it for another."""
        return self.perform(services.board_deliberation_recuse)

    @act(votes.VoteDeclareProxyInput)
    def declare_proxy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Be represented; who leads the session may record a written proxy of another."""
        return self.perform(services.board_deliberation_declare_proxy)

    @act(votes.VoteRevokeProxyInput)
    def revoke_proxy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take back a proxy that has not been used."""
        return self.perform(services.board_deliberation_revoke_proxy)

    @act(votes.VoteCloseInput, legal=True, guarded=True)
    def close(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Close the vote and count it: from then on its figures are known."""
        return self.perform(services.board_deliberation_close)

    @act(votes.VoteMinutesInput, legal=True)
    def record(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Type the minutes of a convened meeting that did not vote here."""
        return self.perform(services.board_deliberation_record_convened)

    @act(common.CharterReasonInput)
    def cancel(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give up a meeting or an open vote; what was cast is forgotten."""
        return self.perform(services.board_deliberation_cancel)

    @act(votes.VoteRegulariseInput, legal=True)
    def regularise(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record that the board ratified its irregular vote, once nothing held it back."""
        return self.perform(services.board_deliberation_regularise)

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "of", str, enum=["regularisation"], description=_("Le procès-verbal de la régularisation, non du vote.")
            )
        ],
        responses=FILE_RESPONSE,
    )
    @action(detail=True, methods=["get"], renderer_classes=[FileRenderer])
    def minutes(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The minutes as they were sent, to whoever may know of the deliberation."""
        deliberation, of = self.get_object(), request.query_params.get("of")
        if of not in {None, "regularisation"}:
            raise ValidationError({"?of": [ErrorDetail(str(_("Seule valeur admise : regularisation.")), "invalid")]})
        holder = deliberation if of is None else getattr(deliberation, "regularisation", None)
        return stored_file_response(request, getattr(holder, "minutes_file", None))

    @act(UploadInput)
    @extend_schema(request={"multipart/form-data": UploadInput})
    def restore_minutes(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Bring back minutes that an imported dossier knew by their hash only: the very same bytes."""
        deliberation = self.get_object()
        content, expected = self.validated_input()["file"].read(), self.expected_version()
        restored = services.board_deliberation_restore_minutes(
            pk=deliberation.pk, actor=self.actor, expected_version=expected, content=content
        )
        return self.respond(restored)


class ApprovalViewSet(ReceiptMixin, ReadViewSet):
    """The approvals that adopted votes made: who approved which text, by its hash, since when. Read only."""

    serializer_class = votes.ApprovalOutput
    extra_parameters = {"receipt": ("file_format",)}
    filterset_class = filters.ApprovalFilter
    ordering = ("-approved_on",)
    ordering_fields = ("approved_on", "created_at")
