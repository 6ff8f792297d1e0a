"""The files in which customers' data is searched: tables, PDFs, archives, drawings, texts."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import polars as pl
import pytest
import xlsxwriter
from PIL import Image, PngImagePlugin
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject
from support import EXAMPLE_DAY, Silent

from newsletter.build import build
from newsletter.check.leaks import find_leaks
from newsletter.errors import NewsletterError, Problem
from newsletter.model.artifact import Artifact
from newsletter.render.icalendar import calendar

MINIMAL = Path(__file__).parent.parent / "projects/valid/minimal"
PEOPLE = pl.DataFrame(
    {
        "row": [2],
        "name": ["Jürgen Müller-Lüdenscheidt"],
        "email": ["juergen@example.net"],
        "phone": ["+49 30 1234567"],
    }
)
NAME = "Jürgen Müller-Lüdenscheidt"


def problems_in(data: bytes, name: str = "x.bin", **more: bool) -> list[Problem]:
    """Return the problems of one file of the theme."""
    return find_leaks(PEOPLE, [Artifact(f"site/assets/{name}", data, **more)])


def _workbook() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet().write_row(0, 0, ["Name", NAME])
    return file.getvalue()


def _zipped(name: str, data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return file.getvalue()


def _pdf(text: str = "", **metadata: str) -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(300, 300)
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    names = {NameObject(key): NameObject(value) for key, value in font.items()}
    names[NameObject("/Encoding")] = NameObject("/WinAnsiEncoding")
    fonts = DictionaryObject({NameObject("/F1"): DictionaryObject(names)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    stream = DecodedStreamObject()
    lines = b"".join(f"({line}) Tj 0 -20 Td ".encode("cp1252") for line in text.split("\n"))
    stream.set_data(b"BT /F1 12 Tf 20 200 Td " + lines + b"ET")
    page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    writer.add_metadata({f"/{key}": value for key, value in metadata.items()})
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _linked_pdf() -> bytes:
    writer = PdfWriter(io.BytesIO(_pdf("Hello")))
    writer.add_uri(0, "mailto:juergen@example.net", (0, 0, 9, 9))
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _locked_pdf() -> bytes:
    writer = PdfWriter(io.BytesIO(_pdf("Hello")))
    writer.encrypt("secret", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _animation(kind: str) -> bytes:
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    remark = PngImagePlugin.PngInfo()
    remark.add_text("Author", NAME)
    file = io.BytesIO()
    more = {"pnginfo": remark, "comment": NAME.encode(), "xmp": f"<x>{NAME}</x>".encode()}
    frames[0].save(file, kind, save_all=True, append_images=frames[1:], **more)
    return file.getvalue()


DOCUMENT = (
    "<w:p><w:r><w:t>Jür</w:t></w:r><w:r><w:t>gen </w:t></w:r><w:t>Müller-Lüdenscheidt</w:t></w:p>"
)
EVENT = [("SUMMARY", f"An evening with the most charming of all our customers, {NAME}")]
FILES: dict[str, Callable[[], bytes]] = {
    "customers.xlsx": _workbook,
    "letter.docx": lambda: _zipped("word/document.xml", DOCUMENT.encode()),
    "all.zip": lambda: _zipped("customers.xlsx", _workbook()),
    "name.zip": lambda: _zipped(f"{NAME}.txt", b"Hello"),
    "site.tar.gz": lambda: gzip.compress(b"\xff\x00" + NAME.encode()),
    "list.bz2": lambda: bz2.compress(NAME.encode()),
    "list.xz": lambda: lzma.compress(NAME.encode()),
    "menu.pdf": lambda: _pdf(f"Dear {NAME}"),
    "parted.pdf": lambda: _pdf("Dear Jürgen Müller-Lüden-\nscheidt"),
    "author.pdf": lambda: _pdf("Hello", Author=NAME),
    "linked.pdf": _linked_pdf,
    "windows.csv": lambda: f"id;name\r\n1;{NAME}".encode("cp1252"),
    "excel.csv": lambda: f"id\tname\r\n1\t{NAME}".encode("utf-16"),
    "old.xls": lambda: b"\xd0\xcf\x11\xe0\xff" + NAME.encode("utf-16-le") + b"\xff\xfe\xfd",
    "drawing.svg": (
        "<svg><text>Jürgen <tspan>Mül</tspan><tspan>ler</tspan>-Lüdenscheidt</text></svg>"
    ).encode,
    "titled.svg": f"<svg><title>{NAME}</title></svg>".encode,
    "made.svg": f"<svg><metadata><x by='{NAME}'/></metadata></svg>".encode,
    "event.ics": lambda: calendar([EVENT], stamp=EXAMPLE_DAY),
    "escaped.ics": lambda: (
        b"BEGIN:VEVENT\r\nLOCATION:Shop\\, J\xc3\xbcrgen\r\n  M\xc3\xbcller-L\r\n "
        b"\xc3\xbcdenscheidt\\, Berlin\r\nEND:VEVENT"
    ),
    "list.json": lambda: b'["J\\u00fcrgen M\\u00fcller-L\\u00fcdenscheidt"]',
    "list.js": lambda: b"const people = ['J\\xfcrgen M\\xfcller-L\\xfcdenscheidt']",
    "minified.js": ("a" * 300_000 + f"%20{quote(NAME)}@" + "b" * 300_000).encode,
    "style.css": f"/* for {NAME} */ body {{}}".encode,
    "list.xml": "<a><b>Jürgen</b><c>Müller-Lüdenscheidt</c></a>".encode,
    "animation.gif": lambda: _animation("GIF"),
    "animation.png": lambda: _animation("PNG"),
    "animation.webp": lambda: _animation("WEBP"),
}


@pytest.mark.parametrize("name", FILES)
def test_files_of_every_kind_are_searched(name: str) -> None:
    """Also files that are copied as they are, and what is packed in them."""
    (problem,) = problems_in(FILES[name](), name)
    assert "of the customer in line 2" in problem.message


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("all.7z", b"7z\xbc\xaf\x27\x1c\xff\xfe", "a 7z archive"),
        ("all.rar", b"Rar!\x1a\x07\xff", "a RAR archive"),
        ("broken.zip", b"PK\x03\x04\xff\xff", "an archive that is locked or damaged"),
        ("broken.gz", b"\x1f\x8b\xff\xff", "a damaged archive"),
        ("broken.pdf", b"%PDF-1.7 \xff\xff", "a PDF that is locked or damaged"),
        ("locked.pdf", _locked_pdf(), "a PDF that is locked or damaged"),
        (
            "deep.zip",
            _zipped("a.zip", _zipped("b.zip", _zipped("c.zip", _zipped("d.zip", b"\xff")))),
            "archives in archives",
        ),
    ],
)
def test_files_that_cannot_be_searched_are_refused(name: str, data: bytes, reason: str) -> None:
    """A locked archive may hold the customer file."""
    (problem,) = problems_in(data, name)
    assert str(problem).startswith(
        f"site/assets/{name}: the file cannot be searched for customers' data: {reason}"
    )


def test_a_locked_archive_is_refused() -> None:
    """The mark of encryption is bit 0 of the flags, here and in the directory (APPNOTE 4.4.4)."""
    data = bytearray(_zipped("customers.csv", b"Hello"))
    for start, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(start) + flags] |= 1
    (problem,) = problems_in(bytes(data))
    assert "an archive that is locked or damaged" in problem.message


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small archive can fill the memory."""
    monkeypatch.setattr("newsletter.read.content.public_files._MOST_BYTES", 1000)
    for data in (_zipped("x", bytes(2000)), gzip.compress(bytes(2000))):
        (problem,) = problems_in(data)
        assert "an archive of more than 200 MB" in problem.message


def test_of_pictures_without_metadata_only_the_path_is_searched() -> None:
    """Pixels are not read: they may look like anything."""
    assert problems_in(NAME.encode(), "tea.jpg", pixels=True) == []
    assert len(problems_in(b"", "juergen-mueller-luedenscheidt.jpg", pixels=True)) == 1


@pytest.mark.slow
class TestWholeBuild:
    """A build of a small project with customers' data in its files."""

    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        """Return the project with one customer."""
        root = Path(shutil.copytree(MINIMAL, tmp_path / "project"))
        (root / "content/customers/customers.csv").write_text(
            f"id,name,email\nK-1042,{NAME},juergen@example.net\n"
        )
        return root

    @staticmethod
    def faults(root: Path) -> list[str]:
        """Return the first line of each problem of a build."""
        try:
            build(root, output=root / "output", today=EXAMPLE_DAY, issue=None, progress=Silent())
        except NewsletterError as error:
            return [str(problem).partition("\n")[0] for problem in error.problems]
        return []

    def test_places_are_lines_of_texts_and_files_of_the_theme(self, root: Path) -> None:
        """Front matter, file names and copied files are searched, and named as users know them."""
        hours = root / "content/updates/hours.md"
        hours.write_text(
            hours.read_text().replace("title: ", "title: Jürgen Müllerlüdenscheidts ", 1)
        )
        hours.rename(root / "content/updates/k1042.md")
        assets = root / "themes/default/site/assets"
        assets.mkdir(parents=True)
        (assets / "list.txt").write_text("Hello\njuergen (at) example.net\n")
        whose = "of the customer in line 2 of the customer file would be public"
        assert self.faults(root) == [
            f"content/updates/k1042.md: the id {whose}: 'k1042'",
            f"content/updates/k1042.md:2: the full name {whose}: 'Jürgen Müllerlüdenscheidts'",
            f"site/assets/list.txt:2: the email address {whose}: 'juergen@example.net'",
        ]

    def test_what_the_settings_allow_may_be_public(self, root: Path) -> None:
        """A person of public life may have the name of a customer, in any spelling."""
        hours = root / "content/updates/hours.md"
        hours.write_text(
            f"{hours.read_text()}\nWe read {NAME}'s book. Write to Juergen Mueller.\n"
        )
        assert len(self.faults(root)) == 1
        settings = root / "content/newsletter.yml"
        settings.write_text(
            f"{settings.read_text()}may_be_public: [Juergen Mueller-Luedenscheidt]\n"
        )
        assert self.faults(root) == []

    def test_authors_of_shared_articles_may_be_public(self, root: Path) -> None:
        """Who writes for the public is named with the article."""
        shared = root / "content/articles/tea.md"
        shared.parent.mkdir()
        keys = (
            f"title: Tea\ndate: 2026-11-01\nsummary: Tea.\nsource: {NAME}\nurl: https://a.example"
        )
        shared.write_text(f"---\n{keys}\n---\n")
        assert self.faults(root) == []
