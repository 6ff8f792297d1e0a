"""Work lists that come back filled in."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from newsletter.errors import NewsletterError
from newsletter.model.tables import DONE, HISTORY
from newsletter.read.returned.earlier_output import unrecorded
from newsletter.read.returned.work_lists import read_worklist

FIXTURES = Path(__file__).parents[2] / "fixtures/worklists"
TODAY = dt.date(2026, 11, 5)
DAY = dt.date(2026, 11, 3)
NEXT = dt.date(2026, 11, 4)
HEADER = (
    "done;date;outcome;remark;reason for leaving;promise;promised by;customer;practice;channel;"
    "key;prompt keys;list"
)


def read(tmp_path: Path, *rows: str, **more: str) -> pl.DataFrame:
    """Return what was done according to a list of these rows."""
    file = tmp_path / "list.csv"
    text = "\r\n".join([more.pop("header", HEADER), *rows])
    file.write_bytes(text.encode(more.pop("encoding", "utf-8-sig")))
    ids = pl.Series(["C-1", "C-2", "007"])
    return read_worklist(file, shown="list.csv", today=TODAY, ids=ids, **more).done


def row(filled: str, task: str = "C-1;birthday;call;2026;;2026-11-03 nora") -> str:
    """Return a row: done, date, outcome, remark, reason, promise, promised by; then the task."""
    return f"{filled};{task}"


@pytest.mark.parametrize("kind", ["csv", "ods", "xlsx"])
def test_a_list_saved_by_libreoffice(kind: str) -> None:
    """Ticks, real dates, a boolean, a line break and ids with leading zeros are understood."""
    ids = pl.Series(["C-1", "C-2", "007"])
    work_list = read_worklist(FIXTURES / f"libreoffice.{kind}", shown="", today=TODAY, ids=ids)
    assert work_list.left == 0
    assert work_list.done.schema == DONE
    assert work_list.done.select(
        "customer", "practice", "channel", "key", "date", "outcome", "remark"
    ).rows() == [
        (
            "C-2",
            "promise",
            "call",
            "2026-10-20",
            dt.date(2026, 11, 4),
            "done",
            "Thanks, and\nmore",
        ),
        ("007", "follow-up", "text", "2026-11-03", DAY, "not reached", None),
        ("C-1", "birthday", "handwritten", "2026", dt.date(2026, 11, 5), "done", None),
    ]
    assert work_list.done.select("promise", "promised_by", "prompts", "code", "member").rows() == [
        ("A call", dt.date(2026, 12, 1), None, None, "nora"),
        (None, None, None, None, "nora"),
        (None, None, ["order 2026-10-31", "years 4"], "7K4M-QX2P", "nora"),
    ]


@pytest.mark.parametrize(
    "tick",
    ["x", "X", "yes", "ja", "oui", "1", "TRUE", "wahr", "VRAI", "✓", "✔", "☑", "☒", "ok",
     "erledigt", "fait", "done", "2026-11-03", "3.11.2026", "3 November 2026"],
)  # fmt: skip
def test_ticks(tmp_path: Path, tick: str) -> None:
    """In English, German and French, as a sign or as a date."""
    done = read(tmp_path, row(f"{tick};;;;;;"))
    assert done.select("customer", "outcome", "date").rows() == [("C-1", "done", DAY)]


@pytest.mark.parametrize("tick", ["", "no", "nein", "non", "0", "FALSE", "falsch", "-", "☐"])
def test_rows_without_a_tick_are_not_done(tmp_path: Path, tick: str) -> None:
    """Nothing is read from them."""
    assert read(tmp_path, row(f"{tick};;;;;;")).is_empty()


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("not reached", "not reached"),
        ("Nicht erreicht", "not reached"),
        ("pas joint", "not reached"),
        ("nicht gewünscht", "not wanted"),
        ("refusé", "not wanted"),
        ("Erledigt", "done"),
    ],
)
@pytest.mark.parametrize("place", ["done", "outcome"])
def test_an_outcome_is_understood_in_either_column(
    tmp_path: Path, word: str, outcome: str, place: str
) -> None:
    """It needs no tick beside it."""
    filled = f"{word};;;;;;" if place == "done" else f";;{word};;;;"
    assert read(tmp_path, row(filled))["outcome"].to_list() == [outcome]


def test_dates_are_read_in_the_order_that_is_near_the_list(tmp_path: Path) -> None:
    """11/4 is the day after the list, not the eleventh of April; promises and keys follow."""
    task = "C-1;promise;call;10/20/2026;;2026-11-03 nora"
    done = read(tmp_path, row("x;11/4/2026;;;;A call;12/1/2026", task))
    assert done.select("date", "promised_by", "key").rows() == [
        (dt.date(2026, 11, 4), dt.date(2026, 12, 1), "2026-10-20")
    ]
    done = read(
        tmp_path,
        row("x;4/11/2026;;;;A call;1/12/2026", "C-2;promise;call;20.10.2026;;2026-11-03 nora"),
    )
    assert done.select("date", "promised_by", "key").rows() == [
        (dt.date(2026, 11, 4), dt.date(2026, 12, 1), "2026-10-20")
    ]


def test_a_list_in_an_old_encoding(tmp_path: Path) -> None:
    """As German Excel saves CSV: semicolons and Windows-1252."""
    done = read(tmp_path, row("x;;;Grüße;war zu teuer;;"), encoding="cp1252")
    assert done.select("remark", "reason").rows() == [("Grüße", "war zu teuer")]


def test_all_problems_are_reported_at_once(tmp_path: Path) -> None:
    """Each with row and column, and what to write instead."""
    with pytest.raises(NewsletterError) as caught:
        read(
            tmp_path,
            row("perhaps;;;;;;"),
            row(";;never;;;;"),
            row(";;;A note;;;"),
            row("no;3.11.2026;;;;;"),
            row("x;6.11.2026;;;;;"),
            row("x;31.2.2026;;;;;"),
            row("x;;;;;;1.12.2026"),
            row("x;;;;;A call;1.10.2026"),
            row("x;;;;;;", "C-9;birthday;call;2026;;2026-11-03 nora"),
            row("x;;;;;;", ";birthday;call;2026;;2026-11-03 nora"),
            row("✗;;;;;;"),
        )
    reported = [(p.at.line if p.at else 0, p.message) for p in caught.value.problems]
    assert reported == [
        (2, "column 'done': 'perhaps' is not a tick"),
        (3, "column 'outcome': 'never' is not an outcome"),
        (4, "column 'remark': 'A note' is in a row that is not ticked"),
        (5, "column 'done': 'no' says that it was not done, but there is a date or an outcome"),
        (6, "column 'date': '6.11.2026' is in the future"),
        (7, "column 'date': '31.2.2026' is not a date"),
        (8, "column 'promised by': '1.12.2026' is a day without a promise"),
        (9, "column 'promised by': '1.10.2026' is before the day of the promise"),
        (10, "column 'customer': 'C-9' is not a customer"),
        (11, "column 'customer': the cell is empty"),
        (12, "column 'done': '✗' is not a tick"),
    ]
    assert all(problem.hint for problem in caught.value.problems)


def test_planned_rows_of_a_plan_count_as_done(tmp_path: Path) -> None:
    """If their day has come; an issue is recorded by its name."""
    file = tmp_path / "plan.csv"
    file.write_text(
        "date,customer,name,member,practice,channel,arrives,key,because,skipped_because,rule\n"
        "2026-11-03,C-1,Anna,nora,birthday,email,2026-11-03,2026,birthday,,\n"
        "2026-11-03,C-2,Bob,nora,birthday,call,2026-11-03,2026,birthday,not today,quiet\n"
        "2026-11-06,C-2,Bob,nora,birthday,call,2026-11-06,2026,birthday,,\n"
        "2026-11-03,C-2,Bob,nora,issue,email,2026-11-03,2026-11,issue,,\n"
    )
    work_list = read_worklist(file, shown="plan.csv", today=TODAY)
    assert work_list.done.select("customer", "practice", "key", "date", "outcome").rows() == [
        ("C-1", "birthday", "2026", DAY, "done")
    ]
    assert work_list.issues == ("2026-11",)
    assert work_list.left == 0


def test_a_list_without_its_column_of_ticks_is_no_plan(tmp_path: Path) -> None:
    """Somebody removed the column, which does not mean that every task was done."""
    with pytest.raises(NewsletterError, match="no column 'done' among: customer, practice, key"):
        read(tmp_path, "C-1;birthday;2026", header="customer;practice;key")


def test_rows_in_the_history_are_not_new() -> None:
    """Same customer, practice and key; "not reached" must also be of the same day."""
    history = _rows(
        ("C-1", DAY, "birthday", "2026", None, None),
        ("C-1", DAY, "issue", None, "2026-11", None),
        ("C-2", DAY, "birthday", "2026", None, "not reached"),
    )
    later = dt.date(2026, 11, 4)
    done = _rows(
        ("C-1", later, "birthday", "2026", None, "done"),
        ("C-1", later, "issue", "2026-11", "2026-11", None),
        ("C-2", DAY, "birthday", "2026", None, "not reached"),
        ("C-2", later, "birthday", "2026", None, "not reached"),
        ("C-2", later, "birthday", "2026", None, "done"),
        ("C-2", later, "birthday", "2026", None, "done"),
        ("C-1", later, "birthday", "2027", None, "done"),
    )
    new = unrecorded(done, history)
    assert new.select("customer", "date", "key", "outcome").rows() == [
        ("C-2", later, "2026", "not reached"),
        ("C-2", later, "2026", "done"),
        ("C-1", later, "2027", "done"),
    ]
    assert unrecorded(done, pl.concat([history, new])).is_empty()


def _rows(*rows: tuple[object, ...]) -> pl.DataFrame:
    names = ("customer", "date", "practice", "key", "issue", "outcome")
    full = [dict.fromkeys(HISTORY) | dict(zip(names, row, strict=True)) for row in rows]
    return pl.DataFrame(full, schema=HISTORY)
