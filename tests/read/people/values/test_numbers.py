"""Numbers: the column decides whether comma or point is the decimal sign."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.read.people.findings import Column, Findings
from newsletter.read.people.values.numbers import read_number, read_score, read_whole_number

Make = Callable[..., Column]


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (("1.234,50", "12", "0,5"), [1234.5, 12, 0.5]),
        (("1,234.50", "12", "0.5"), [1234.5, 12, 0.5]),
        (("1.234", "0,5"), [1234, 0.5]),
        (("1.234", "0.5"), [1.234, 0.5]),
        (("1,234,567",), [1234567]),
        (("1.234.567",), [1234567]),
        (("1.234,50 €", "€ 3", "EUR 4,00"), [1234.5, 3, 4]),
        (("$1,234.50", "USD 3.00"), [1234.5, 3]),
        (("1'234.50", "1 234.50", "1\u00a0234.5", "1\u202f234.5"), [1234.5] * 4),
        (("-3,10", "3,10-", "(3,10)", "\u22123,10"), [-3.1] * 4),
        (("12", None, "'7"), [12, None, 7]),
        (("0.125",), [0.125]),
    ],
)
def test_amounts(
    texts: tuple[str, ...], numbers: list[float], column: Make, findings: Findings
) -> None:
    """With currency, spaces and minus signs as people write them."""
    assert read_number(column(*texts), findings).values.to_list() == numbers
    assert not findings.faults
    assert not findings.remarks


@pytest.mark.parametrize("text", ["1.234", "1,234"])
def test_an_ambiguous_separator_is_for_thousands(
    text: str, column: Make, findings: Findings
) -> None:
    """Amounts with three decimals are rare; a remark says so."""
    assert read_number(column(text, "5"), findings).values.to_list() == [1234, 5]
    assert f"column 'H': {text} was read as thousands" in str(findings.remarks[0])


@pytest.mark.parametrize(
    "text", ["abc", "1.2.3", "12a", "NaN", "inf", "1,23,4", "--1", "1e5", "½"]
)
def test_a_value_that_is_no_number_makes_a_bad_row(
    text: str, column: Make, findings: Findings
) -> None:
    """The finding has the value and the cure."""
    read_number(column("1.50", text), findings)
    assert [str(problem) for problem in findings.bad_rows()] == [
        f"f.csv:3: column 'H': '{text}' is not a number\n"
        "  hint: write a number such as 1234.50, or leave the cell empty"
    ]


def test_a_mixed_column(column: Make, findings: Findings) -> None:
    """If both signs are used, the more frequent one is right and the others are bad rows."""
    read_number(column("1,50", "2,50", "3.50"), findings)
    assert [problem.at.line for problem in findings.bad_rows() if problem.at] == [4]


def test_whole_numbers_and_scores(column: Make, findings: Findings) -> None:
    """Points are whole numbers, scores go from 0 to 10."""
    assert read_whole_number(column("12", "1.200,0", "3,0"), findings).values.to_list() == [
        12,
        1200,
        3,
    ]
    read_whole_number(column("1.50"), findings)
    read_score(column("5", "11", "-1"), findings)
    assert [problem.message for problem in findings.bad_rows()] == [
        "column 'H': '1.50' is not a whole number",
        "column 'H': '11' is not a score from 0 to 10",
        "column 'H': '-1' is not a score from 0 to 10",
    ]
