"""CSV in all its forms gives the same rows, each with its first line."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import NewsletterError
from newsletter.model.project import People
from newsletter.read.people import delimited
from newsletter.read.people.delimited import read_delimited
from newsletter.read.people.findings import ROW, Findings
from newsletter.read.people.header_names import CUSTOMER_HEADERS

Look = Callable[..., People]


def cells(text: str) -> tuple[list[str], list[tuple[object, ...]], Findings]:
    """Return headers, rows (line last) and findings."""
    findings = Findings(shown="f.csv")
    raw = read_delimited(text.encode(), CUSTOMER_HEADERS, findings=findings)
    return raw.headers, raw.cells.select(*raw.headers, ROW).rows(), findings


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_are_recognised(delimiter: str, end: str) -> None:
    """Four separators and three line ends."""
    text = end.join(["E-Mail,Vorname,Umsatz", "a@example.com,Ida,1", "b@example.com,,2", ""])
    headers, rows, findings = cells(text.replace(",", delimiter))
    assert headers == ["E-Mail", "Vorname", "Umsatz"]
    assert rows == [("a@example.com", "Ida", "1", 2), ("b@example.com", None, "2", 3)]
    assert not findings.faults


def test_separators_within_quotes_do_not_count() -> None:
    """Commas in an address or an amount do not make the file comma-separated."""
    text = 'Name;Address;Umsatz\n"Meyer, Ida";"Weg 1, 10115 Berlin, DE";1,5\nB;"a,b,c,d";2,5\n'
    assert cells(text)[1][0] == ("Meyer, Ida", "Weg 1, 10115 Berlin, DE", "1,5", 2)


def test_a_sep_line_names_the_separator() -> None:
    """`sep=;` is no row, but counts as a line."""
    assert cells("sep=;\r\nemail;name\r\na@example.com;A,B\r\n")[1] == [
        ("a@example.com", "A,B", 3)
    ]
    assert cells('"sep=\t"\nemail\tname\na@example.com\tA\n')[1] == [("a@example.com", "A", 3)]


def test_quoted_line_breaks_keep_the_line_numbers() -> None:
    """A row has the line it begins on, also below cells with line breaks."""
    text = 'name,note\nA,"one\ntwo\r\nthree"\nB,x\n"C\n",y\nD,z\n'
    assert [row[-1] for row in cells(text)[1]] == [2, 5, 6, 8]


def test_a_title_above_the_header() -> None:
    """The header is the row with the most known names."""
    headers, rows, _ = cells("Our customers 2026;;\n;;\nKundennr.;Vorname;PLZ\n7;Ida;01067\n")
    assert headers == ["Kundennr.", "Vorname", "PLZ"]
    assert rows == [("7", "Ida", "01067", 4)]


def test_ragged_rows_are_bad_rows() -> None:
    """A row with too few or too many cells is left out; empty cells at its end do no harm."""
    text = "email,name\na@example.com,A\nb@example.com\nc@example.com,C,,\nd@example.com,D,x\n"
    _, rows, findings = cells(text)
    assert [row[0] for row in rows] == ["a@example.com", "c@example.com"]
    assert [str(problem) for problem in findings.bad_rows()] == [
        "f.csv:3: the row has 1 cells, but the header has 2\n"
        "  hint: look for a separator or line break in a cell without quotes around it",
        "f.csv:5: the row has 3 cells, but the header has 2\n"
        "  hint: look for a separator or line break in a cell without quotes around it",
    ]


def test_empty_rows_and_cells() -> None:
    """Empty rows are skipped, empty cells are null; words such as NULL or n/a stay text."""
    _, rows, findings = cells("name,city\n\nNull,n/a\n,\n  ,  \nNo, NULL \n\n")
    assert rows == [("Null", "n/a", 3), ("No", "NULL", 6)]
    assert not findings.faults


def test_quotes_inside_a_cell() -> None:
    """Stray quotes are text; doubled quotes are one."""
    assert cells('name,note\nA,5" wide\nB,"say ""hi"""\n')[1] == [
        ("A", '5" wide', 2),
        ("B", 'say "hi"', 3),
    ]


def test_an_unclosed_quote_is_reported_where_it_opens() -> None:
    """It would swallow the rest of the file."""
    text = "email,name\na@example.com,A\n" + 'b@example.com,"B\n' + "c@example.com,C\n" * 3
    with pytest.raises(NewsletterError) as error:
        cells(text)
    assert str(error.value) == (
        "f.csv:3: a quote that opens in this row is never closed\n"
        '  hint: close it, or write a quote inside a cell twice: ""'
    )


def test_a_huge_cell() -> None:
    """Beyond the limit of csv it is an unclosed quote; beyond Excel's limit, a bad row."""
    with pytest.raises(NewsletterError, match="never closed"):
        cells('name,note\nA,"' + "x" * 200_000)
    _, _, findings = cells("name,note\nA," + "x" * 40_000 + "\n")
    assert "has more than 32,767 characters" in findings.bad_rows()[0].message
    assert len(str(findings.bad_rows()[0])) < 300


def test_too_many_columns() -> None:
    """A header of thousands of columns means a wrong separator or an attack."""
    with pytest.raises(NewsletterError, match="the header has more than 1,000 columns"):
        cells(",".join(f"h{i}" for i in range(1500)) + "\n")


def test_headers_are_made_unique() -> None:
    """A column with an empty or repeated name gets a name of its own."""
    headers, _, _ = cells("email,,Tags,Tags\na@example.com,x,y,z\n")
    assert headers == ["email", "column 2", "Tags", "Tags (2)"]


def test_a_file_may_have_one_column() -> None:
    """A list of addresses is a table as well."""
    assert cells("email\na@example.com\nb@example.com\n")[1] == [
        ("a@example.com", 2),
        ("b@example.com", 3),
    ]


CELL = st.text(st.sampled_from('ab,;"\n\r \té'), max_size=6)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8))
def test_the_fast_reader_agrees_with_the_careful_one(table: list[tuple[str, str]]) -> None:
    """Where Polars is used, it gives the cells and lines of Python's csv module."""
    quoted = ["".join(('"', cell.replace('"', '""'), '"')) for row in table for cell in row]
    lines = [",".join(quoted[i : i + 2]) for i in range(0, len(quoted), 2)]
    body = "\n".join(lines)
    fast = delimited._fast(body, ["a", "b"], delimiter=",", lines_before=1)
    findings = Findings(shown="f")
    careful = delimited._careful(body, ["a", "b"], delimiter=",", first=2, findings=findings)
    assert not findings.faults
    if fast is not None:
        assert fast.rows() == careful.rows()


@given(st.text(st.sampled_from('a,"\n'), max_size=20))
def test_the_fast_reader_agrees_or_is_not_used_for_any_text(body: str) -> None:
    """For any text, Polars is not used or agrees with the careful reader."""
    body = body.rstrip("\n")
    fast = delimited._fast(body, ["a", "b"], delimiter=",", lines_before=1)
    if fast is None:
        return
    findings = Findings(shown="f")
    careful = delimited._careful(body, ["a", "b"], delimiter=",", first=2, findings=findings)
    empty = {(None, None), ("", "")}
    assert not findings.faults
    assert [row for row in fast.fill_null("").rows() if row[:2] not in empty] == [
        row for row in careful.rows() if row[:2] not in empty
    ]


def test_a_gigantic_row_is_refused(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    """On one line or, with line breaks in its cells, on many; a row of usual length is not."""
    monkeypatch.setattr(delimited, "MOST_OF_ROW", 1000)
    long = "id,name\n1,A\n2" + "," * 1000
    with pytest.raises(NewsletterError, match=r":3: the row has more than 1,000 characters"):
        look(long)
    with pytest.raises(NewsletterError, match=r":3: the row has more than 1,000 characters"):
        look("id,name\n1,A\n" + '2,"\n",' * 300)
    assert look("id,name\n" + "1,A,\n" * 300).rows == 300


def test_a_row_of_hundreds_of_megabytes_is_refused_undecoded(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes without a line break are looked for before anything else is done with them."""
    monkeypatch.setattr(delimited, "MOST_OF_ROW", 1000)
    monkeypatch.setattr(delimited, "decode", None)
    for after in ("", "\n3,C\n"):
        with pytest.raises(NewsletterError, match=r":3: the row has more than 1,000 characters"):
            look('id,name\n1,A\n2,"' + "x" * 5_000 + after)


def test_quotes_with_a_backslash() -> None:
    """As MySQL and PHP write them, with \\N for nothing; a backslash in other files is one."""
    text = r"""id,name,city
"1","Ada \"Addie\" Hill","Ulm"
"2","Ben\'s, Ltd","C:\\x"
3,\N,"5\""
"""
    _, rows, findings = cells(text)
    assert rows == [
        ("1", 'Ada "Addie" Hill', "Ulm", 2),
        ("2", "Ben's, Ltd", "C:\\x", 3),
        ("3", None, '5"', 4),
    ]
    assert not findings.faults
    _, rows, _ = cells('id,name,city\n1,"C:\\","say ""x"""\n2,a "b,c\n')
    assert rows == [("1", "C:\\", 'say "x"', 2), ("2", 'a "b', "c", 3)]
