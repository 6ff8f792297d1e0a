"""The files of letters for a mail merge: tables of text, pictures, the same bytes each time."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import replace

import docx
import polars as pl
import pytest
from letter_reading import rows_of
from PIL import Image
from python_calamine import CalamineWorkbook
from support import EXAMPLE_DAY, ROOT, content_of

from newsletter.errors import NewsletterError
from newsletter.export.merge_letters import processors
from newsletter.export.merge_letters.contact_tables import ods, xlsx
from newsletter.export.merge_letters.letter_columns import LetterColumns
from newsletter.export.merge_letters.letter_mailings import merge_letters
from newsletter.export.merge_letters.merge_letter import MergeLetter
from newsletter.export.merge_letters.paragraphs import Paragraph, Run
from newsletter.export.merge_letters.processors import PROCESSORS
from newsletter.model.picture import Picture
from newsletter.plan.planning import plan_day
from newsletter.read.assembly import read_project

ODD = [
    "01067",
    "=1+1",
    "@SUM(A1)",
    "+352 20 00 27 10",
    " two  spaces ",
    "a\u00a0b",
    "<b>&amp;",
    "",
]


@pytest.fixture(scope="module")
def letter() -> MergeLetter:
    """Return the English letters of the example's issue."""
    project = read_project(ROOT, today=EXAMPLE_DAY)
    plan = plan_day(project, today=EXAMPLE_DAY, issue="2026-11")
    return next(merge_letters(project, plan, issue="2026-11"))


def test_everybody_has_a_row_and_only_emails_an_address(letter: MergeLetter) -> None:
    """Those by letter and those by email; `via` says which."""
    rows = letter.table.select("via", "email").rows()
    assert [via for via, _ in rows].count("letter") == 1
    assert len(rows) == 14
    assert all(bool(email) == (via == "email") for via, email in rows)


@pytest.mark.parametrize("write", [ods, lambda table: xlsx(table, day=dt.date(2026, 11, 3))])
def test_cells_arrive_as_text(write: object) -> None:
    """Postcodes with their zeros, spaces at ends, no formula and no number."""
    table = pl.DataFrame({"odd": ODD, "year": ["2026"] * len(ODD)})
    content = write(table)  # type: ignore[operator]
    assert [row["odd"] for row in rows_of(content)] == ODD
    assert [row["year"] for row in rows_of(content)] == ["2026"] * len(ODD)
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names == ["contacts"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = b"".join(map(archive.read, archive.namelist()))
    assert b"<f>" not in parts
    assert b"table:formula" not in parts


@pytest.mark.parametrize("name", PROCESSORS)
def test_the_same_letters_give_the_same_bytes(letter: MergeLetter, name: str) -> None:
    """No file has a time of writing."""
    first, second = (
        [content_of(artifact) for artifact in PROCESSORS[name].artifacts([letter])]
        for _ in range(2)
    )
    assert first == second
    for content in first:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert {info.date_time[0] for info in archive.infolist()} == {1980}


def test_pictures_and_links_are_there(letter: MergeLetter) -> None:
    """As wide as the text at most; with their descriptions."""
    file = ROOT / "tests/picture.png"
    picture = Picture(
        file=file, path="a.png", kind="png", width=4000, height=1000, digest="", size=1
    )
    buffer = io.BytesIO()
    Image.new("RGB", (40, 10)).save(buffer, "PNG")
    body = [
        Paragraph(look="picture", picture="a.png", runs=(Run("A lamp"),)),
        Paragraph(runs=(Run("our page", link="https://a.example/?a=1&b=2"),)),
    ]
    shown = {"a.png": (buffer.getvalue(), picture.version("message"))}
    files = {
        artifact.path.rpartition(".")[2]: content_of(artifact)
        for name in PROCESSORS
        for artifact in PROCESSORS[name].artifacts([replace(letter, body=body, pictures=shown)])
    }
    document = docx.Document(io.BytesIO(files["docx"]))
    [shape] = document.inline_shapes
    assert (round(shape.width.mm), round(shape.height.mm)) == (165, 41)
    assert shape._inline.docPr.get("descr") == "A lamp"
    links = {rel.target_ref for rel in document.part.rels.values() if rel.is_external}
    assert links == {"https://a.example/?a=1&b=2"}
    with zipfile.ZipFile(io.BytesIO(files["odt"])) as archive:
        shown_as = f"Pictures/1.{picture.version('message').kind}"
        assert archive.read(shown_as) == buffer.getvalue()
        content = archive.read("content.xml").decode()
    assert 'svg:width="165.00mm"' in content
    assert "<svg:desc>A lamp</svg:desc>" in content
    assert 'xlink:href="https://a.example/?a=1&amp;b=2"' in content


def test_too_many_columns_are_refused_with_their_number() -> None:
    """What Word does not read is not written."""
    columns = LetterColumns(pl.DataFrame({f"c{n}": ["x"] for n in range(256)}))
    with pytest.raises(NewsletterError, match="need 256 columns, and Word reads 255"):
        columns.table()


def test_a_missing_library_is_named(letter: MergeLetter, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what installs it."""
    monkeypatch.setattr(processors, "find_spec", lambda module: module != "docx" or None)
    with pytest.raises(NewsletterError, match="python-docx not installed") as caught:
        list(PROCESSORS["word"].artifacts([letter]))
    assert "pip install python-docx" in str(caught.value)
    assert len(list(PROCESSORS["libreoffice"].artifacts([letter]))) == 2
