"""CSV files."""

from __future__ import annotations

import csv
import datetime as dt
import io

import polars as pl
import pytest

from newsletter.export import table


def machine_csv(frame: pl.DataFrame) -> bytes:
    """Return the whole file for programs."""
    return b"".join(table.machine_csv([frame]))


def excel_csv(frame: pl.DataFrame, *, country: str) -> bytes:
    """Return the whole file for people."""
    return b"".join(table.excel_csv([frame], country=country))


def cell(value: object, *, country: str = "US") -> str:
    """Return a value as written in the file for people."""
    text = excel_csv(pl.DataFrame({"x": [value]}), country=country).decode("utf-8-sig")
    separator = "," if country == "US" else ";"
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))[1][0]


def test_the_file_for_programs_is_quoted_utf8() -> None:
    """No byte order mark, CRLF; yes is 1, no and missing are empty."""
    frame = pl.DataFrame(
        {
            "name": ['Zoë "Z"', None],
            "show_offer": [True, False],
            "spent": [12.5, 100.0],
            "since": [dt.date(2020, 2, 29), None],
            "interests": [["tea", "paper"], []],
            "points": [None, -3],
        }
    )
    assert machine_csv(frame).decode() == (
        '"name","show_offer","spent","since","interests","points"\r\n'
        '"Zoë ""Z""","1","12.5","2020-02-29","tea, paper",""\r\n'
        '"","","100","","","-3"\r\n'
    )


def test_python_reads_the_file_for_programs_unchanged() -> None:
    """Line breaks, quotes, separators, leading zeros and formulas arrive as they are."""
    values = ["a\r\nb", '"', ",;\t|", "01234", "=1+1", "'x", "\\", "NULL", "x" * 9000, "ünï 👋"]
    text = machine_csv(pl.DataFrame({"x": values})).decode()
    assert [row[0] for row in csv.reader(io.StringIO(text, newline=""))][1:] == values


def test_an_empty_table_has_its_header() -> None:
    """A program that reads it finds its columns."""
    assert machine_csv(pl.DataFrame(schema={"a": pl.String, "b": pl.Date})) == b'"a","b"\r\n'


@pytest.mark.parametrize(
    "value", ["=1+1", '=HYPERLINK("http://x")', "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(1)",
              "\t=x", "\r@x", "\n+A1", "＝1", "+A1", "-A1", "+(1", "+49 30 1234 ext", "--1"]
)  # fmt: skip
def test_possible_formulas_get_an_apostrophe(value: str) -> None:
    """As OWASP advises."""
    assert cell(value) == "'" + value


@pytest.mark.parametrize(
    "value", ["+49 30 1234-56", "+49301234", "+1 (555) 123-4567", "-5.20", "-1,234.50", "a=b",
              "Ada", "o-o", "", "1+1", "'x", "x@y.example"]
)  # fmt: skip
def test_phone_numbers_and_amounts_stay(value: str) -> None:
    """They begin like formulas, but are none."""
    assert cell(value) == value


def test_repeated_texts_are_disarmed_too() -> None:
    """Columns of few different texts are kept as numbers."""
    frame = pl.DataFrame({"x": ["=1+1"]}, schema={"x": pl.Categorical})
    assert b"'=1+1" in excel_csv(frame, country="US")


def test_negative_numbers_stay() -> None:
    """A negative amount gets no apostrophe."""
    assert (cell(-5.2), cell(-3), cell(20.0)) == ("-5.2", "-3", "20")


def test_lists_are_checked_by_their_first_item() -> None:
    """Only the beginning of a cell makes it a formula."""
    assert cell(["=1", "x"]) == "'=1, x"


def test_the_separator_follows_the_country() -> None:
    """A German Excel expects semicolons, an American one commas."""
    frame = pl.DataFrame({"a": ["1"], "b": ["=2"]})
    assert excel_csv(frame, country="DE") == b'\xef\xbb\xbf"a";"b"\r\n"1";"\'=2"\r\n'
    assert excel_csv(frame, country="US") == b'\xef\xbb\xbf"a","b"\r\n"1","\'=2"\r\n'
    assert cell("=x", country="FR") == "'=x"


def test_a_table_in_chunks_has_one_header() -> None:
    """Header and byte order mark are written once, however many chunks there are."""
    frame = pl.DataFrame({"a": ["1", "2", "3"]})
    pieces = [frame[:1], frame[1:]]
    assert b"".join(table.machine_csv(pieces)) == machine_csv(frame)
    assert b"".join(table.excel_csv(pieces, country="DE")) == excel_csv(frame, country="DE")
