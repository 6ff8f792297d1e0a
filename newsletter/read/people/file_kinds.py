"""Names files that are no tables for what they are, with the way to a table."""

from __future__ import annotations

import io
import zipfile

_EXPORT = "export the customers as .csv or .xlsx"
_STARTS = (
    (b"%PDF", "a PDF", _EXPORT),
    (b"\x89PNG", "a picture", _EXPORT),
    (b"\xff\xd8\xff", "a picture", _EXPORT),
    (b"GIF8", "a picture", _EXPORT),
    (b"\x1f\x8b", "a compressed file", "unpack it, and name the table in it"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed file", "unpack it, and name the table in it"),
    (b"Rar!", "a compressed file", "unpack it, and name the table in it"),
    (b"SQLite format 3", "a database", _EXPORT),
    (b"{\\rtf", "a text document", _EXPORT),
    (b"<!DOCTYPE", "a web page", _EXPORT),
    (b"<html", "a web page", _EXPORT),
    (b"BEGIN:VCARD", "a vCard file", _EXPORT),
    (b'{"url"', "a link to an online table", "open it in the browser and download it as .xlsx"),
    (b"[InternetShortcut]", "a link", "open it and download the table as .xlsx"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "a shortcut", "name the file that it leads to"),
    (b"{", "a JSON file", _EXPORT),
    (b"[{", "a JSON file", _EXPORT),
)
_IN_ZIP = (
    ("word/document.xml", "a Word document", "copy its table into Excel and save it as .xlsx"),
    ("ppt/presentation.xml", "a PowerPoint document", _EXPORT),
    ("Index/Document.iwa", "a document of Apple's", "open it and export it to Excel or CSV"),
)
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
_LONGEST = 100
"""Bytes of a media type."""
_PICTURES = (b"heic", b"heix", b"mif1", b"msf1", b"avif")
_FROM_WORD = "WordDocument".encode("utf-16-le")


def is_json(data: bytes) -> bool:
    """Return whether the bytes of a file are JSON or JSON Lines, and no table."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))


def other_kind(name: str, data: bytes) -> tuple[str, str]:
    """Return what a file is that is no table, and the cure; empty texts for one that may be."""
    if name.startswith("~$"):
        hint = f"close Excel and name the file itself: {name.removeprefix('~$')}"
        return "a lock that Excel keeps while a file is open", hint
    if data[4:8] == b"ftyp" and data[8:12] in _PICTURES:
        return "a picture", _EXPORT
    if data.startswith(b"\xd0\xcf\x11\xe0") and _FROM_WORD in data:
        return "a Word document", "copy its table into Excel and save it as .xlsx"
    if data.startswith(b"PK"):
        return _kind_in_zip(data)
    kinds = ((kind, hint) for start, kind, hint in _STARTS if data.startswith(start))
    return next(kinds, ("", ""))


def _kind_in_zip(data: bytes) -> tuple[str, str]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.namelist()
        document = archive.open("mimetype").read(_LONGEST) if "mimetype" in parts else b""
    except (zipfile.BadZipFile, RuntimeError):
        return "", ""  # the reader of workbooks reports it better
    if document.startswith(_OPEN_DOCUMENT) and b"spreadsheet" not in document:
        return "a text document", "copy its table into a spreadsheet and save it as .ods or .xlsx"
    for part, kind, hint in _IN_ZIP:
        if part in parts:
            return kind, hint
    if document or any(part.startswith(("xl/", "[Content_Types]")) for part in parts):
        return "", ""  # a workbook
    return "a compressed file", "unpack it, and name the table in it"
