"""The sheet with the customers is read: no other one, however many columns it has."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xlsxwriter
from made import settings

from newsletter.errors import NewsletterError
from newsletter.model.project import People
from newsletter.plan.reach import on_list
from newsletter.read.people.people_files import read_people
from newsletter.read.project_files import ProjectFiles

if TYPE_CHECKING:
    from newsletter.errors import Problem

Look = Callable[..., People]
FEW, MANY = ["id", "name", "email"], ["id", "name", "email", "phone", "city"]


def workbook(sheets: dict[str, list[list[object]]], *, hidden: tuple[str, ...] = ()) -> bytes:
    """Return an .xlsx; a sheet is its header and the ids of its rows."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    for name, (header, *ids) in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, header)
        for line, id_ in enumerate(ids, 1):
            sheet.write_row(line, 0, [id_, f"Name {id_}", f"{id_}@example.com"])
        if name in hidden:
            sheet.hide()
    book.close()
    return file.getvalue()


def read(root: Path, data: bytes, **config: object) -> tuple[People, list[Problem]]:
    """Return the people of a project with this workbook, and what is wrong."""
    folder = root / "content/customers"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "customers.xlsx").write_bytes(data)
    files = ProjectFiles(root)
    return read_people(settings(**config), files, year=2026), files.problems


@pytest.mark.parametrize(
    "other", ["Lieferanten", "Test", "Bestellungen 2026", "Suppliers", "Vorlage", "Produits"]
)
def test_a_sheet_named_after_something_else_is_not_read(other: str, tmp_path: Path) -> None:
    """Though it comes first and has more columns."""
    data = workbook({other: [MANY, "s1"], "Tabelle1": [FEW, "c1", "c2"]})
    people, problems = read(tmp_path, data)
    assert not problems
    assert people.customers["id"].to_list() == ["c1", "c2"]
    assert f"the sheet 'Tabelle1' was read, not '{other}'" in str(people.remarks)


def test_a_hidden_sheet_is_never_read(tmp_path: Path) -> None:
    """It is often last year's list."""
    data = workbook({"neu": [FEW, "c1"], "alt": [MANY, "old"]}, hidden=("alt",))
    people, problems = read(tmp_path, data)
    assert not problems
    assert people.customers["id"].to_list() == ["c1"]


@pytest.mark.parametrize("hidden", [(), ("Abgemeldet",)])
def test_those_on_a_sheet_of_the_unsubscribed_get_nothing(
    hidden: tuple[str, ...], tmp_path: Path
) -> None:
    """The sheet is part of the suppression list, even if it is hidden."""
    data = workbook({"Kunden": [FEW, "c1", "c2"], "Abgemeldet": [MANY, "c2", "x"]}, hidden=hidden)
    people, problems = read(tmp_path, data)
    assert not problems
    assert people.customers["id"].to_list() == ["c1", "c2"]
    listed = people.customers.filter(on_list(people.tables["suppressed"]))
    assert listed["id"].to_list() == ["c2"]
    assert "was read, not" not in str(people.remarks)


def test_a_sheet_of_the_unsubscribed_that_names_nobody_stops_the_build(tmp_path: Path) -> None:
    """The problem names the sheet."""
    data = workbook({"Kunden": [FEW, "c1"], "Abgemeldet": [["Wer", "Wann"], "c2"]})
    _, problems = read(tmp_path, data)
    assert "customers.xlsx (Abgemeldet)" in str(problems[0])


def test_of_two_plausible_sheets_newsletter_yml_says_which(tmp_path: Path) -> None:
    """Nothing is guessed in a build."""
    data = workbook({"2025": [FEW, "old"], "2026": [FEW, "c1"]})
    _, problems = read(tmp_path, data)
    assert [str(problem) for problem in problems] == [
        "content/customers/customers.xlsx: the sheets '2025', '2026' can all be meant\n"
        "  hint: name the right one in newsletter.yml, such as: sheet: 2025"
    ]
    people, problems = read(tmp_path, data, sheet="2026")
    assert not problems
    assert people.customers["id"].to_list() == ["c1"]
    _, problems = read(tmp_path, data, sheet="2027")
    assert "there is no sheet '2027', which newsletter.yml names under 'sheet'" in str(problems[0])


def test_a_sheet_named_after_customers_goes_first(tmp_path: Path) -> None:
    """Nobody needs to be asked."""
    data = workbook({"Adventsliste": [MANY, "x"], "Kunden 2026": [FEW, "c1"]})
    people, problems = read(tmp_path, data)
    assert not problems
    assert people.customers["id"].to_list() == ["c1"]


def test_look_reads_the_first_of_several(look: Look) -> None:
    """And says which, and that a build will ask."""
    people = look(workbook({"2025": [FEW, "old"], "2026": [FEW, "c1"]}), "list.xlsx")
    assert people.customers["id"].to_list() == ["old"]
    told = [remark.message for remark in people.remarks]
    assert told[:2] == [
        "the sheets '2025', '2026' can all be meant, so a build will stop: "
        "name the right one in newsletter.yml, such as: sheet: 2025",
        "the sheet '2025' was read, not '2026'",
    ]


def test_a_workbook_of_other_things_alone_is_refused(look: Look) -> None:
    """The error has a cure."""
    with pytest.raises(NewsletterError, match="none of the sheets 'Abgemeldet' is visible and"):
        look(workbook({"Abgemeldet": [FEW, "c1"]}), "list.xlsx")
