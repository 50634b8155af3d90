"""Small files of each kind, true and false, and the multipart bodies that carry them."""

import io
import struct
import zipfile
import zlib
from typing import Any

import pypdf

FILES = "/api/v1/files/"
_BOUNDARY = "limite-de-test"
_OFFICE = {
    "docx": ("[Content_Types].xml", "word/document.xml"),
    "xlsx": ("[Content_Types].xml", "xl/workbook.xml"),
}
_OPEN = {"odt": "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet"}


def pdf(*, pages: int = 1, title: str = "Procès-verbal", password: str = "") -> bytes:
    """A PDF that opens; `title` makes two of them differ."""
    writer = pypdf.PdfWriter()
    for _index in range(pages):
        writer.add_blank_page(200, 200)
    writer.add_metadata({"/Title": title})
    if password:
        writer.encrypt(password, algorithm="AES-256")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def archive(entries: dict[str, bytes], *, stored: bool = False) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as found:
        for name, content in entries.items():
            how = zipfile.ZIP_STORED if name == "mimetype" else None
            found.writestr(name, content, compress_type=how)
    return written.getvalue()


def office(kind: str, **more: bytes) -> bytes:
    """The entries by which a document of this kind (docx, xlsx, odt, ods) is recognised."""
    if kind in _OFFICE:
        return archive(dict.fromkeys(_OFFICE[kind], b"<x/>") | more)
    return archive({"mimetype": _OPEN[kind].encode(), "content.xml": b"<x/>"} | more)


def swelling() -> bytes:
    """Six hundred megabytes of nothing, said of itself: the sizes in the directory of the archive are what is read."""
    written = bytearray(office("docx", bombe=b"0" * 1000))
    directory = written.rindex(b"bombe") - 46
    written[directory + 24 : directory + 28] = struct.pack("<I", 600 * 2**20)
    return bytes(written)


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def jpeg() -> bytes:
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 20 + b"\xff\xd9"


def multipart(*parts: tuple[str, str | None, bytes]) -> dict[str, Any]:
    """What `client.post` needs for a body with these (field, file name, content), the name written as it is."""
    body = b""
    for field, name, content in parts:
        shown = "" if name is None else f'; filename="{name}"'
        body += f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"{shown}\r\n\r\n'.encode()
        body += content + b"\r\n"
    body += f"--{_BOUNDARY}--\r\n".encode()
    return {"data": body, "content_type": f"multipart/form-data; boundary={_BOUNDARY}"}


def send(client: Any, content: bytes, name: str = "pv.pdf", **headers: str) -> Any:
    """`POST /files/` with this file."""
    return client.post(FILES, **multipart(("file", name, content)), headers=headers)
