"""Work lists: as written, and as they come back from Excel and Calc."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import polars as pl
import pytest
from care_day import DAY, TOUCHES, day_plan
from python_calamine import CalamineWorkbook
from support import ROOT

from newsletter.export.lists import excel_remarks, keep_filled, workbook, worklists
from newsletter.model.artifact import Artifact
from newsletter.model.project import Project
from newsletter.model.tables import HISTORY
from newsletter.read.assembly import read_project
from newsletter.read.returned.work_lists import read_worklist
from newsletter.write import write_output
from newsletter.write.files import chunks_of


@pytest.fixture(scope="module")
def project() -> Project:
    """Return the example."""
    return read_project(ROOT, today=DAY)


@pytest.fixture
def lists(project: Project) -> dict[str, bytes]:
    """Return path → bytes of every list of the day."""
    artifacts = worklists(project, day_plan(TOUCHES), TOUCHES)
    return {
        artifact.path.rpartition("/")[2]: b"".join(chunks_of(artifact.content))
        for artifact in artifacts
    }


def test_a_list_has_a_row_for_each_task(lists: dict[str, bytes]) -> None:
    """One file for each member; owed tasks first, eight empty columns, no formulas."""
    assert list(lists) == [
        f"2026-11-03-{member}.{kind}" for member in ("nora", "tomas") for kind in ("csv", "xlsx")
    ]
    assert lists["2026-11-03-nora.csv"].decode("utf-8-sig").splitlines() == [
        '"done";"date";"outcome";"again on";"remark";"reason for leaving";"promise";'
        '"promised by";"customer";"name";"what";"channel";"phone";"what to say";"prompts";'
        '"because";"key";"code";"practice";'
        '"prompt keys";"entry";"list"',
        '"";"";"";"";"";"";"";"";"C-2";"Anna Kayser";"A promise is due";"call";"+352 621 000 102";'
        '"Begin with the promise. - Say when it comes.";"";'
        '"promised for 2026-10-20: A catalogue";"2026-10-20";"";"promise";"";"";"2026-11-03 nora"',
        '"";"";"";"";"";"";"";"";"007";"\'=Zoë Ångström";"How are you?";"text message";'
        '"+49 171 39200 12";'
        '"Your pen is ready.";"";"last contact 1 Aug 2026 (call), every quarter";"2026-11-03";'
        '"";"follow-up";"";"";"2026-11-03 nora"',
        '"";"";"";"";"";"";"";"";"C-1";"Müller, Anna <Dr.>";"Birthday wishes";'
        '"handwritten note";"";'
        '"Alles Gute zum Geburtstag!";'
        '"bought on 31 October: Ink, oak gall · a customer for 4 years";'
        '"birthday on 6 Nov 2026; years_as_customer >= 1";"2026";"7K4M-QX2P";'
        '"birthday";"order 2026-10-31; years 4";"";"2026-11-03 nora"',
    ]


def test_a_workbook_has_the_same_cells_as_the_csv(lists: dict[str, bytes]) -> None:
    """All are text, also keys that look like days and numbers with leading zeros."""
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(lists["2026-11-03-nora.xlsx"]))
    rows = sheet.get_sheet_by_index(0).to_python()
    assert all(isinstance(cell, str) for row in rows for cell in row)
    assert rows[0][:3] == ["done", "date", "outcome"]
    assert rows[2][8:11] == ["007", "=Zoë Ångström", "How are you?"]
    assert rows[1][16] == "2026-10-20"


def test_a_workbook_validates_what_people_fill_in(lists: dict[str, bytes]) -> None:
    """Excel checks ticks, outcomes and days; the header stays in view and prints on each page."""
    package = zipfile.ZipFile(io.BytesIO(lists["2026-11-03-nora.xlsx"]))
    sheet = package.read("xl/worksheets/sheet1.xml").decode()
    offered = "done,not reached,message left,somebody else answered,visit announced,not wanted"
    assert f'"{offered}"' in sheet.replace("&quot;", '"')
    assert sheet.count("<dataValidation ") == 5
    assert 'state="frozen"' in sheet
    assert "<autoFilter" in sheet
    assert 'orientation="landscape"' in sheet
    assert "_xlnm.Print_Titles" in package.read("xl/workbook.xml").decode()


def test_the_same_day_gives_the_same_bytes(project: Project, lists: dict[str, bytes]) -> None:
    """No time of writing is stored, and the order of touchpoints does not matter."""
    shuffled = [TOUCHES[i] for i in (2, 0, 3, 1)]
    second = {
        artifact.path.rpartition("/")[2]: b"".join(chunks_of(artifact.content))
        for artifact in worklists(project, day_plan(TOUCHES), shuffled)
    }
    assert second == lists


def test_without_xlsxwriter_there_are_csv_lists_and_a_remark(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The remark says what to install."""
    assert excel_remarks() == ()
    monkeypatch.setattr(workbook, "find_spec", lambda _: None)
    paths = [artifact.path for artifact in worklists(project, day_plan(TOUCHES), TOUCHES)]
    assert paths == [f"private/care/lists/2026-11-03-{member}.csv" for member in ("nora", "tomas")]
    assert [remark.hint for remark in excel_remarks()] == ["pip install xlsxwriter"]


def test_an_unfilled_list_reads_back_with_nothing_done(
    lists: dict[str, bytes], tmp_path: Path
) -> None:
    """Every row counts as not done."""
    for name, data in lists.items():
        (tmp_path / name).write_bytes(data)
        worklist = read_worklist(tmp_path / name, shown=name, today=DAY)
        assert worklist.done.is_empty()
        assert worklist.left == (3 if "nora" in name else 1)


def _fill(file: Path) -> None:
    """Tick the first row and note an outcome in the second, as a program writes a CSV."""
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    lines[1] = lines[1].replace('"";"";"";"";"";"";"";""', '"x";"";"";"";"Thanks";"";"";""', 1)
    lines[2] = lines[2].replace('"";"";""', '"";"4.11.2026";"not reached"', 1)
    file.write_text("\n".join(lines), encoding="utf-8-sig")


def test_a_filled_list_stays_until_it_is_recorded(lists: dict[str, bytes], tmp_path: Path) -> None:
    """Both today's list and one of an earlier day; a remark names each."""
    output = tmp_path / "output"
    folder = output / "private/care/lists"
    new = [Artifact(f"private/care/lists/{name}", data) for name, data in lists.items()]
    old = Artifact("private/care/lists/2026-11-02-nora.csv", lists["2026-11-03-nora.csv"])
    empty = Artifact("private/care/lists/2026-11-02-tomas.csv", lists["2026-11-03-tomas.csv"])
    history = pl.DataFrame(schema=HISTORY)
    assert keep_filled(output, new, history) == (new, ())
    write_output(output, [*new, old, empty])
    assert keep_filled(output, new, history) == (new, ())
    for name in ("2026-11-02-nora.csv", "2026-11-03-nora.csv"):
        _fill(folder / name)
    filled = (folder / "2026-11-03-nora.csv").read_bytes()
    preserved, remarks = keep_filled(output, new, history)
    report = write_output(output, preserved)
    assert (folder / "2026-11-03-nora.csv").read_bytes() == filled
    assert report.removed == ("private/care/lists/2026-11-02-tomas.csv",)
    assert [str(remark) for remark in remarks] == [
        f"private/care/lists/2026-11-{day}-nora.csv: the list has 2 ticks that are not in the "
        "history, so this build has not replaced it\n  hint: record it: newsletter record --plan "
        f"output/private/care/lists/2026-11-{day}-nora.csv"
        for day in ("02", "03")
    ]
    done = read_worklist(folder / "2026-11-03-nora.csv", shown="", today=DAY + dt.timedelta(2))
    assert keep_filled(output, new, done.done.select(list(HISTORY)))[0] == new


def test_an_unreadable_list_stays(lists: dict[str, bytes], tmp_path: Path) -> None:
    """Somebody wrote into it, wrongly; a build must not throw that away."""
    output = tmp_path / "output"
    new = [Artifact(f"private/care/lists/{name}", data) for name, data in lists.items()]
    write_output(output, new)
    file = output / "private/care/lists/2026-11-03-tomas.csv"
    file.write_text(file.read_text().replace('"";', '"perhaps";', 1))
    preserved, remarks = keep_filled(output, new, pl.DataFrame(schema=HISTORY))
    assert preserved[-1] == Artifact("private/care/lists/2026-11-03-tomas.csv", file)
    assert "the list was changed, so this build has not replaced it" in str(remarks[0])
