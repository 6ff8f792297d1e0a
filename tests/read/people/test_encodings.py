"""Encodings: the byte order mark decides, then UTF-8, then zeros of UTF-16, then Windows-1252."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.errors import NewsletterError
from newsletter.model.project import People
from newsletter.read.people.encodings import Decoded, decode
from newsletter.read.people.people_files import read_look

Look = Callable[..., People]

TEXT = "email,name\nzoe@example.com,Zoë Müller\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-32"), "utf-32"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("cp1252"), "cp1252"),
    ],
)
def test_every_encoding_gives_the_same_text(data: bytes, encoding: str) -> None:
    """Whatever program wrote the file."""
    assert decode(data, shown="f.csv") == Decoded(text=TEXT, encoding=encoding)


def test_windows_1252_is_remarked(look: Look) -> None:
    """The remark says that it is a guess, and how to save the file without doubt."""
    people = look(TEXT.encode("cp1252"))
    assert people.customers["name"].to_list() == ["Zoë Müller"]
    assert str(people.remarks[0]) == (
        "customers.csv: the file is not UTF-8 and was read as Windows-1252\n"
        "  hint: check names with accents; a file saved as 'CSV UTF-8' leaves no doubt"
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "customers.csv: the file is empty"),
        (b" \r\n", "customers.csv: the file is empty"),
        (b"%PDF-1.7 ...", "customers.csv: the file is a PDF, not a table"),
        (b"\x89PNG\r\n\x1a\n", "customers.csv: the file is a picture, not a table"),
        (b"BEGIN:VCARD\n", "customers.csv: the file is a vCard file, not a table"),
        (b"name,x\n" + b"\x01\x02\x03" * 9, "customers.csv: the file is not a text file"),
        (b"\xff\xfeabc", "customers.csv: the file is not valid UTF-16 at byte 4"),
        (b"name\n\x81\x8d", "customers.csv: the file is not valid CP1252 at byte 5"),
        (b"PK\x03\x04 nonsense", "customers.csv: the workbook cannot be read"),
        (b"PAR1 nonsense", "customers.csv: the Parquet file is damaged"),
    ],
)
def test_a_file_that_is_no_table_is_refused(look: Look, data: bytes, message: str) -> None:
    """Empty, binary or damaged: an error with a cure, no traceback."""
    with pytest.raises(NewsletterError) as error:
        look(data)
    assert str(error.value).startswith(message)
    assert "hint: " in str(error.value)


def test_a_missing_file_is_refused() -> None:
    """The name may be mistyped; the error has a cure."""
    with pytest.raises(NewsletterError, match="the file cannot be opened"):
        read_look(Path("gone.csv"), shown="gone.csv", year=2026)


@pytest.mark.parametrize(
    ("stray", "name", "letter"),
    [
        (b"Andr\xe9", "André", "é"),
        (b"caf\xc3", "cafÃ", "Ã"),
        (b"M\xfcller", "Müller", "ü"),
    ],
)
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_a_stray_byte_leaves_the_file_utf8(
    look: Look, stray: bytes, name: str, letter: str, mark: bytes
) -> None:
    """The line is named; all other names stay as they are."""
    people = look(
        mark + TEXT.encode() + b"b@example.com,Zo\xc3\xab\nc@example.com," + stray + b"\n"
    )
    assert people.customers["name"].to_list() == ["Zoë", name, "Zoë Müller"]
    assert str(people.remarks[0]) == (
        f"customers.csv:4: the line is not all UTF-8, and '{letter}' is a guess\n"
        "  hint: check this line; probably two files in different encodings were joined"
    )


def test_more_stray_bytes_than_letters_are_windows_1252(look: Look) -> None:
    """A letter of Windows-1252 that looks like UTF-8 by accident does not decide."""
    people = look("email,name\na@example.com,ÉÉ»\nb@example.com,Müller\n".encode("cp1252"))
    assert people.customers["name"].to_list() == ["ÉÉ»", "Müller"]
    assert "read as Windows-1252" in str(people.remarks[0])
