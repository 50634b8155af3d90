"""What the boards decided: wiring only."""

from charters import services
from charters.api import filters
from charters.api.serializers import votes
from charters.api.views.receipts import ReceiptMixin
from coopproject.api.views import CreateMixin, ReadViewSet


class BoardDeliberationViewSet(CreateMixin, ReadViewSet):
    serializer_class = votes.BoardDeliberationOutput
    inputs = {"create": votes.BoardDeliberationInput}
    create_service = staticmethod(services.board_deliberation_record)
    filterset_class = filters.BoardDeliberationFilter
    ordering = ("-held_on", "-created_at")
    ordering_fields = ("held_on", "created_at")
    legal_actions = frozenset({"create"})


class ApprovalViewSet(ReceiptMixin, ReadViewSet):
    serializer_class = votes.ApprovalOutput
    extra_parameters = {"receipt": ("file_format",)}
    filterset_class = filters.ApprovalFilter
    ordering = ("-approved_on",)
    ordering_fields = ("approved_on", "created_at")
