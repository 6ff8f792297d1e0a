"""Files that are no tables are named for what they are."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.errors import NewsletterError, Problem
from newsletter.model.project import People
from newsletter.read.people.people_files import read_look

Look = Callable[..., People]
Read = Callable[..., tuple[People, list[Problem]]]


def zipped(name: str, text: str = "x") -> bytes:
    """Return an archive with one part."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, text)
    return file.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
ODT = "application/vnd.oasis.opendocument.text"


@pytest.mark.parametrize(
    ("name", "data", "message", "hint"),
    [
        ("~$a.xlsx", b"\x05Maya \0" * 20, "a lock that Excel keeps", "the file itself: a.xlsx"),
        ("a.docx", zipped("word/document.xml"), "a Word document", "copy its table into Excel"),
        ("a.doc", OLE + "WordDocument".encode("utf-16-le"), "a Word document", "copy its table"),
        ("a.odt", zipped("mimetype", ODT), "a text document", "copy its table"),
        ("a.numbers", zipped("Index/Document.iwa"), "a document of Apple's", "export it to Excel"),
        ("a.xlsx", zipped("kunden.csv"), "a compressed file", "unpack it"),
        ("a.csv", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a picture", "export the customers"),
        (
            "a.gsheet",
            b'{"url":"https://docs.google.com"}',
            "a link to an online table",
            "download",
        ),
        ("a.json", b'[{"id": 1}]', "a JSON file", "export the customers"),
    ],
)
def test_the_error_names_the_kind(
    look: Look, name: str, data: bytes, message: str, hint: str
) -> None:
    """By its content, whatever its ending, and with the way to a table."""
    with pytest.raises(NewsletterError) as refused:
        look(data, name)
    assert f"{name}: the file is {message}" in str(refused.value)
    assert hint in str(refused.value)


def test_a_folder_is_none(tmp_path: Path) -> None:
    """The hint names a file in it."""
    (tmp_path / "kunden.xlsx").write_bytes(b"PK")
    with pytest.raises(NewsletterError) as refused:
        read_look(tmp_path, shown="my", year=2026)
    assert str(refused.value) == (
        "my: this is a folder, not a file\n  hint: name the file in it, such as my/kunden.xlsx"
    )


def test_customers_of_another_kind_are_named_in_a_project(read: Read) -> None:
    """Not only as missing."""
    _, problems = read({"customers.vcf": "BEGIN:VCARD\n"})
    assert [problem.message for problem in problems] == [
        "the file is a vCard file, not a table",
        "there is no customer file",
    ]
