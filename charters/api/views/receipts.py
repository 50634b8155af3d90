"""`approvals/{id}/receipt/`: the evidence of one approval, as it was signed, and its page for people."""

import hashlib
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

from charters.api.serializers.receipts import SignedReceipt
from charters.models import Receipt
from charters.receipts import page_tag, receipt_page
from coopproject.api.downloads import file_response
from coopproject.api.problems import ApiProblem
from coopproject.api.renderers import JSONRenderer
from governance.models import VotingRule

_FORMATS = ("json", "pdf")


class PdfRenderer(JSONRenderer):
    """Lets `Accept: application/pdf` in; problems are JSON as everywhere."""

    media_type = "application/pdf"
    format = "pdf"


def _asked(request: Request) -> str:
    """`file_format` when it is given, else what the `Accept` prefers."""
    asked: str = request.query_params.get("file_format", request.accepted_renderer.format)
    if asked not in _FORMATS:
        message = _("Format inconnu. Admis : %(known)s.") % {"known": ", ".join(_FORMATS)}
        raise ValidationError({"?file_format": [ErrorDetail(str(message), "invalid_choice")]})
    return asked


class ReceiptMixin:
    """For the viewset of approvals: whoever may know of the approval and of its board may have its receipt."""

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "file_format",
                {"type": "string", "enum": list(_FORMATS), "default": "json"},
                description=_("Le reçu signé, ou sa page à lire, qui le porte en pièce jointe."),
            )
        ],
        responses={
            (200, "application/json"): SignedReceipt,
            (200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY),
        },
    )
    @action(detail=True, methods=["get"], renderer_classes=[JSONRenderer, PdfRenderer])
    def receipt(self: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The signed receipt. Its bytes never change: keep the file as it is, and verify it as docs/verify.md says."""
        approval = self.get_object()
        # It is signed whole, with the rule of the board: whoever may not read the one has not the other.
        rules = VotingRule.objects.visible_to(self.actor)
        receipt = Receipt.objects.filter(
            approval=approval, approval__deliberation__voting_rule__in=rules.order_by().values("pk")
        ).first()
        if receipt is None:
            raise ApiProblem("no_receipt")
        if _asked(request) == "pdf":
            name, tag = f"recu-{approval.pk}.pdf", page_tag(receipt)
            return file_response(
                request, name=name, media_type="application/pdf", sha256=tag, read=lambda: receipt_page(receipt)
            )
        document = receipt.document.encode()
        tag = hashlib.sha256(document).hexdigest()
        return file_response(
            request,
            name=f"recu-{approval.pk}.json",
            media_type="application/json",
            sha256=tag,
            read=lambda: document,
        )
