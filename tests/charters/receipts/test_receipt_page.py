"""`GET /approvals/{id}/receipt/?file_format=pdf`: one page for a president, which carries the signed file."""

import io
from typing import Any

import pypdf
import pytest

from charters.models import Approval
from tests.cast import Cast
from tests.charters.receipts.verifier import approved, keys, receipt_of, verdict

ODD = "Les Éco-logis 🌱 <b>#1</b> $x$ " + "\u202e" + "M" * 150


def page(cast: Cast, approval: Approval, query: str = "?file_format=pdf", **headers: str) -> bytes:
    client = cast.api(cast.observer)
    response = client.get(f"/api/v1/approvals/{approval.pk}/receipt/{query}", headers=headers)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf"), response.content
    assert response["Content-Disposition"].startswith(f'attachment; filename="recu-{approval.pk}.pdf"')
    return bytes(response.content)


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """Its words, on one line, with plain spaces."""
    return " ".join("\n".join(found.extract_text() for found in read(pdf).pages).split())


def test_a_president_reads_who_when_on_which_text_and_by_which_votes(cast: Cast) -> None:
    approval = approved(cast, present=7, represented=0, votes_abstain=1)
    text, siren = text_of(page(cast, approval)), cast.alpha.siren
    for said in (
        f"Alpha (SIREN {siren[:3]} {siren[3:6]} {siren[6:]}) a approuvé",
        "conseil d’administration",
        "version 1 de la charte",
        "La Belle Équipe",
        "9 en exercice, 7 présent(s)",
        "5 pour, 1 contre, 1 abstention(s)",
        "7 ≥ 4 1/2",
        "5 pour > 1 contre",
        "PV 2026-11",
        "présidence",
        "verify_receipt.py",
        "non signature qualifiée",
    ):
        assert said in text, said
    hash_in_groups = [approval.content_hash[start : start + 8] for start in range(0, 64, 8)]
    assert all(group in text for group in hash_in_groups)


def test_it_is_one_tagged_page_in_french_and_names_nobody(cast: Cast) -> None:
    pdf = read(page(cast, approved(cast)))
    root: Any = pdf.trailer["/Root"]
    assert len(pdf.pages) == 1
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("fr", True)
    assert "/StructTreeRoot" in root
    assert pdf.metadata
    assert pdf.metadata.title == "Reçu d’approbation"
    assert cast.chair_alpha.family_name not in text_of(page(cast, Approval.objects.get()))


@pytest.mark.parametrize("name", ["Alpha", ODD])
def test_it_carries_the_signed_receipt_to_the_byte(cast: Cast, name: str) -> None:
    type(cast.alpha).objects.filter(pk=cast.alpha.pk).update(name=name)
    approval = approved(cast)
    pdf = page(cast, approval)
    (attached,) = read(pdf).attachments["receipt.json"]
    assert attached == receipt_of(cast, approval)
    assert verdict(attached, keys=keys())[0] == 0
    assert len(read(pdf).pages) == 1
    assert page(cast, approval) == pdf


def test_the_accept_of_the_caller_chooses_too_and_the_parameter_wins(cast: Cast) -> None:
    approval = approved(cast)
    pdf = page(cast, approval, "", Accept="application/pdf")
    assert pdf == page(cast, approval, Accept="application/json")
    client, url = cast.api(cast.observer), f"/api/v1/approvals/{approval.pk}/receipt/"
    browser = "text/html,application/xhtml+xml,*/*;q=0.8"
    assert client.get(url, headers={"Accept": browser})["Content-Type"] == "application/json"
    assert client.get(f"{url}?file_format=pdf", headers={"Accept": browser})["Content-Type"] == "application/pdf"
    refused = client.get(f"{url}?file_format=docx", headers={"Accept": "application/pdf"})
    assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")
    assert refused.json()["errors"][0]["pointer"] == "?file_format"


def test_a_page_that_the_caller_has_already_is_not_made_again(cast: Cast) -> None:
    approval = approved(cast)
    client, url = cast.api(cast.observer), f"/api/v1/approvals/{approval.pk}/receipt/?file_format=pdf"
    tag = client.get(url)["ETag"]
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(url.partition("?")[0])["ETag"] != tag


@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("foreign_chair", 404), (None, 401)])
def test_the_page_is_for_those_who_may_know_of_the_approval(cast: Cast, who: str | None, status: int) -> None:
    approval = approved(cast)
    client = cast.api(cast.everyone[who] if who else None)
    response = client.get(f"/api/v1/approvals/{approval.pk}/receipt/", headers={"Accept": "application/pdf"})
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
