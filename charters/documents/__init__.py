"""Documents for people: a version of a charter with its approvals, and what changed from one version to the next."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from charters.documents.changes import changes_page
from charters.documents.charter_version import file_name, version_document
from charters.rendering import docx, html
from charters.rendering.blocks import Document, as_json
from coopproject.typesetting import typeset

_TEMPLATE = "charters/rendering/document.typ"


@dataclass(frozen=True)
class FileFormat:
    media_type: str
    write: Callable[[Document], bytes]


FORMATS: Mapping[str, FileFormat] = {
    "pdf": FileFormat("application/pdf", lambda document: typeset(_TEMPLATE, as_json(document))),
    "docx": FileFormat(docx.MEDIA_TYPE, docx.docx_of),
    "html": FileFormat("text/html", lambda document: html.page(document).encode()),
}

_RENDERING = Path(docx.__file__).parent
_WRITERS = hashlib.sha256(
    b"".join(path.read_bytes() for path in sorted(_RENDERING.iterdir()) if path.is_file()) + version("typst").encode()
).hexdigest()


def document_tag(document: Document, file_format: str) -> str:
    """SHA-256 of all that makes the file, known without writing it: the same document, the same bytes."""
    said = json.dumps([_WRITERS, file_format, as_json(document)], ensure_ascii=True)
    return hashlib.sha256(said.encode()).hexdigest()


__all__ = ["FORMATS", "FileFormat", "changes_page", "document_tag", "file_name", "version_document"]
