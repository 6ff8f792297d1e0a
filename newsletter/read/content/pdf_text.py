"""Reads what a PDF says: pages, links, forms, comments, attachments and metadata."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

# pypdf passes on what the damaged parts of a file make Python raise.
NOT_READ = (
    PyPdfError,
    DependencyError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
)
"""Errors of PDFs that are locked or damaged."""


def pdf_text(data: bytes) -> str:
    """
    Return all text of a PDF, as lines and with words joined that a line end parts.

    Raises:
        PyPdfError and others of NOT_READ: it is locked with a password, or damaged.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = PdfReader(io.BytesIO(data))
    text = "\n".join(_texts(reader))
    return f"{text}\n{text.replace(chr(0xAD), '').replace('-' + chr(10), '')}"


def _texts(reader: PdfReader) -> Iterator[str]:
    yield from map(str, (reader.metadata or {}).values())
    if packet := reader.root_object.get("/Metadata"):
        yield packet.get_object().get_data().decode("utf-8", "replace")
    yield from map(str, (reader.get_form_text_fields() or {}).values())
    for page in reader.pages:
        yield page.extract_text()
        for annotation in page.annotations or ():
            yield str(annotation.get_object())
    for name, contents in reader.attachments.items():
        yield name
        yield from (content.decode("utf-8", "replace") for content in contents)
