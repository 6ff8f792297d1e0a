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
from newsletter.read.people import excel, sheet_parts

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


@pytest.mark.parametrize(
    ("part", "tag"),
    [
        ("xl/worksheets/sheet1.xml", b"<sheetData>"),
        ("xl/sharedStrings.xml", b"</sst>"),
        ("xl/styles.xml", b"</styleSheet>"),
        ("xl/workbook.xml", b"</workbook>"),
    ],
)
def test_a_part_of_blanks_is_refused(
    look: Look, monkeypatch: pytest.MonkeyPatch, part: str, tag: bytes
) -> None:
    """The reader would go through hundreds of megabytes; a long list of customers is none."""
    monkeypatch.setattr(sheet_parts, "MOST_BETWEEN", 5_000)
    many = [["id", "name"], *([number, f"Ida {number}"] for number in range(1_000))]
    assert look(workbook(A=many), "list.xlsx").rows == 1_000
    data = rewritten(workbook(A=many[:3]), tag, b" " * 20_000 + tag, part=part)
    with pytest.raises(NewsletterError, match=f"millions of bytes in {part} that are no cells"):
        look(data, "list.xlsx")


def test_blanks_in_an_ods_are_refused(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in an .xlsx."""
    monkeypatch.setattr(sheet_parts, "MOST_BETWEEN", 5_000)
    row = "<table:table-row>" + text_cell("id") + "</table:table-row>"
    assert look(ods(row * 500), "list.ods").rows == 499
    with pytest.raises(NewsletterError, match=r"content\.xml that are no cells"):
        look(ods(row + " " * 20_000 + row), "list.ods")


def test_a_long_workbook_is_told_a_quicker_way(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A .csv is read three times as fast."""
    monkeypatch.setattr(excel, "MANY_ROWS", 3)
    people = look(workbook(A=[["id", "name"], [1, "Ida"], [2, "Bo"], [3, "Cy"]]), "list.xlsx")
    assert str(people.remarks[0]) == (
        "list.xlsx: the workbook has 4 rows, which take longer to read than those of a .csv\n"
        "  hint: save the list as 'CSV UTF-8', and use that file"
    )
    assert not any(
        "longer" in str(remark)
        for remark in look(workbook(A=[["id", "name"], [1, "Ida"]]), "list.xlsx").remarks
    )


def test_a_list_may_begin_in_another_column(look: Look) -> None:
    """Empty columns before it are left aside; lines are those of the sheet."""
    (ida,) = look(
        workbook(A=[[], ["", "", "id", "name"], ["", "", 1, "Ida"]]), "list.xlsx"
    ).customers.to_dicts()
    assert (ida["id"], ida["name"], ida["row"]) == ("1", "Ida", 3)


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


def test_a_stray_cell_far_away_is_refused_before_memory_is_asked_for(look: Look) -> None:
    """The error names the sheet, the cell and the cure."""
    with pytest.raises(NewsletterError) as refused:
        look(stray("XFD60000"), "list.xlsx")
    assert str(refused.value) == (
        "list.xlsx: the sheet 'Kunden' reaches to cell XFD60000, which makes 983,040,000 cells; "
        "at most 20,000,000 can be read\n"
        "  hint: delete the rows and columns beyond the list, even if they look empty (Ctrl+End "
        "shows the last cell), and save; or copy the list into a new workbook"
    )


def test_a_far_cell_without_value_or_in_a_sheet_that_is_not_read_does_no_harm(look: Look) -> None:
    """Programs write formats of empty cells down to the last row."""
    assert look(stray("XFD60000", value=None), "list.xlsx").rows == 1
    assert look(stray("XFD60000", sheet="Orders"), "list.xlsx").rows == 1
    assert look(stray("F60000"), "list.xlsx").rows == 2


def stray(cell: str, *, value: str | None = "x", sheet: str = "Kunden") -> bytes:
    """Return a workbook of one customer and one further cell, which has a format."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheets = {name: book.add_worksheet(name) for name in ("Kunden", "Orders")}
    for line, row in enumerate([["id", "name", "email"], [1, "Ida", "ida@example.com"]]):
        sheets["Kunden"].write_row(line, 0, row)
    sheets[sheet].write(cell, value, book.add_format({"bold": True}))
    book.close()
    return file.getvalue()


def test_repeated_cells_of_an_ods_are_counted(look: Look) -> None:
    """Filled ones only: LibreOffice repeats empty cells to the last row and column."""
    row = "<table:table-row>" + text_cell("id") + text_cell("name") + "</table:table-row>"
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    below = '<table:table-row table:number-rows-repeated="1048000">{}</table:table-row>'
    assert look(ods(row * 2 + below.format(empty)), "list.ods").rows == 1
    wide = text_cell("x", ' table:number-columns-repeated="500"')
    with pytest.raises(
        NewsletterError, match="a sheet reaches to cell SF1048001, which makes 524"
    ):
        look(ods(row + below.format(wide)), "list.ods")


def text_cell(text: str, attributes: str = "") -> str:
    """Return a cell of an .ods."""
    kind = ' office:value-type="string"'
    return f"<table:table-cell{kind}{attributes}><text:p>{text}</text:p></table:table-cell>"


def ods(rows: str) -> bytes:
    """Return an .ods with these rows in its one sheet."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    table = f'<table:table table:name="A">{rows}</table:table>'
    sheets = f"<office:spreadsheet>{table}</office:spreadsheet>"
    body = f"<office:body>{sheets}</office:body>"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        content = f"<office:document-content {spaces}>{body}</office:document-content>"
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return file.getvalue()


def test_formulas_without_a_result_are_listed(look: Look) -> None:
    """Programs that write workbooks leave the results to Excel."""
    data = rewritten(
        workbook(A=[["id", "name"], [1, "=UPPER(A1)"], [2, "=UPPER(A2)"]]), b"<v>0</v>", b""
    )
    assert [str(remark) for remark in look(data, "list.xlsx").remarks][:1] == [
        "list.xlsx: 2 formulas have no stored result, so empty cells were read: B2, B3\n"
        "  hint: open the workbook in Excel or LibreOffice and save it, which stores the results"
    ]


@pytest.mark.parametrize("tags", [b"<v></v>", b"<v />", b"<v/>"])
def test_an_empty_result_of_a_formula_is_none(look: Look, tags: bytes) -> None:
    """As openpyxl writes them."""
    data = rewritten(workbook(A=[["id", "name"], [1, "=UPPER(A1)"]]), b"<v>0</v>", tags)
    assert "a formula has no stored result" in str(look(data, "list.xlsx").remarks[0])


def test_tags_with_a_prefix_are_measured(look: Look) -> None:
    """Some programs write `<x:c>`."""
    data = stray("XFD60000")
    for tag in (b"worksheet", b"sheetData", b"row", b"c", b"v"):
        for end in (b" ", b">"):
            data = rewritten(data, b"<" + tag + end, b"<x:" + tag + end)
        data = rewritten(data, b"</" + tag + b">", b"</x:" + tag + b">")
    data = rewritten(data, b"xmlns=", b"xmlns:x=")
    with pytest.raises(NewsletterError, match="reaches to cell XFD60000"):
        look(data, "list.xlsx")


def rewritten(data: bytes, old: bytes, new: bytes, *, part: str = "/sheet") -> bytes:
    """Return the workbook with other text in its sheets, or in another part."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(file, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            after.writestr(name, text.replace(old, new) if part in name else text)
    return file.getvalue()


def test_merged_cells_give_their_value_to_each_row(look: Look) -> None:
    """Below the header; a remark says so. A merged title does no harm."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    sheet.merge_range("A1:C2", "Kunden")
    sheet.write_row(2, 0, ["id", "name", "city", "email"])
    for row, name in enumerate(["Ada", "Bo", "Cy"], 3):
        sheet.write_row(row, 0, [row, name])
    sheet.merge_range("C4:C6", "Ulm")
    sheet.merge_range("D5:D20", "")
    book.close()
    people = look(file.getvalue(), "list.xlsx")
    assert people.customers["city"].to_list() == ["Ulm", "Ulm", "Ulm"]
    assert str(people.remarks[0]) == (
        "list.xlsx:4: merged cells give their value to each of their rows, such as 4 to 6\n"
        "  hint: unmerge them and fill each row if that is wrong"
    )
