"""Workbooks: the right sheet and row are found, and cells are read as displayed."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable

import polars as pl
import pytest
import xlsxwriter

from newsletter.errors import NewsletterError
from newsletter.model.project import People
from newsletter.read.people import excel

Look = Callable[..., People]
HEADER = ["Kundennr.", "Name", "PLZ", "E-Mail", "Geburtsdatum", "Umsatz", "Newsletter", "Größe"]


def workbook(**sheets: list[list[object]]) -> bytes:
    """Return an .xlsx with these sheets."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"default_date_format": "dd.mm.yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write(line, place, cell)
    book.close()
    return file.getvalue()


def test_title_and_several_sheets(look: Look) -> None:
    """The sheet and row with known headers are read; lines are those of the sheet."""
    row = [12.0, "Zoë", "01067", "zoe@example.com", dt.datetime(1984, 2, 29), 1234.5, True, 1.234]
    data = workbook(
        Notizen=[["hello"], ["world"]],
        Kunden=[["Kundenliste 2026"], [], HEADER, row, [], [13, "Bo", 1067, "", "", "", False]],
    )
    people = look(data, "list.xlsx")
    zoe, bo = people.customers.sort("row").to_dicts()
    assert (zoe["id"], zoe["row"], zoe["postcode"]) == ("12", 4, "01067")
    assert (zoe["birthday"], zoe["total_spent"], zoe["groesse"]) == ("1984-02-29", 1234.5, 1.234)
    assert (zoe["consent_email"], bo["consent_email"]) == (True, False)
    assert (bo["id"], bo["row"], bo["postcode"]) == ("13", 6, "1067")
    assert [str(remark) for remark in people.remarks] == [
        "list.xlsx: the sheet 'Kunden' was read, not 'Notizen'\n"
        "  hint: write sheet: in newsletter.yml if that is wrong"
    ]


def test_the_content_decides_the_format(look: Look) -> None:
    """An .xlsx named .csv is read as a workbook."""
    data = workbook(A=[["id", "name"], [1, "Ida"]])
    assert look(data, "customers.csv").customers["id"].to_list() == ["1"]


def test_an_empty_workbook_is_refused(look: Look) -> None:
    """The error has a cure."""
    with pytest.raises(NewsletterError, match="the workbook is empty"):
        look(workbook(A=[]), "list.xlsx")


def test_a_zip_bomb_is_refused(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it is unpacked."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)
    monkeypatch.setattr(excel, "MOST_UNPACKED", 1_000_000)
    with pytest.raises(NewsletterError, match=r"unpacks to 0.0 GB in 1 parts"):
        look(file.getvalue(), "list.xlsx")


def test_typed_columns_of_parquet_are_read_like_text(look: Look) -> None:
    """`row` counts the records."""
    frame = pl.DataFrame(
        {
            "id": [7, 8],
            "email": ["a@example.com", None],
            "postcode": ["01067", "1010"],
            "name": ["A", "B"],
            "birthday": [dt.date(1990, 4, 5), None],
            "total spent": [1.234, 1000.0],
            "consent": [True, False],
            "interests": [["Tea", "paper"], None],
            "seen": [dt.datetime(2026, 1, 2, 3, 4), None],
        }
    )
    file = io.BytesIO()
    frame.write_parquet(file)
    a, b = look(file.getvalue(), "customers.parquet").customers.to_dicts()
    assert (a["id"], a["row"], a["postcode"], a["birthday"]) == ("7", 1, "01067", "1990-04-05")
    assert (a["total_spent"], b["total_spent"]) == (1.234, 1000.0)
    assert (a["interests"], a["consent_email"], a["seen"]) == (
        ["tea", "paper"],
        True,
        dt.date(2026, 1, 2),
    )
