"""`approvals/{id}/receipt/`: the evidence of one approval, as it was signed."""

import hashlib
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request

from charters.api.serializers.receipts import SignedReceipt
from charters.models import Receipt
from coopproject.api import etag
from coopproject.api.problems import ApiProblem


class ReceiptMixin:
    """For the viewset of approvals: whoever may know of the approval may have its receipt."""

    @extend_schema(responses=SignedReceipt)
    @action(detail=True, methods=["get"])
    def receipt(self: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The signed receipt. Its bytes never change: keep the file as it is, and verify it with docs/verify.md."""
        approval = self.get_object()
        issued = Receipt.objects.filter(approval=approval).first()
        if issued is None:
            raise ApiProblem("no_receipt")
        document = issued.document.encode()
        current = f'"{hashlib.sha256(document).hexdigest()}"'
        if etag.matches_none(request, current):
            response = HttpResponse(status=304)
        else:
            response = HttpResponse(document, content_type="application/json")
            response["Content-Disposition"] = f'inline; filename="receipt-{approval.pk}.json"'
        response["ETag"] = current
        return response
