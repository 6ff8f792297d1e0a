"""Columns written at once equal the values written one by one."""

from __future__ import annotations

import datetime as dt
import quopri

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.merge.escape import WRITERS, BadValue
from newsletter.merge.quoted_printable import encode
from newsletter.merge.written import KINDS, written_at_once
from newsletter.model.template import Position


def _one_by_one(value: str, position: Position) -> bytes | str | None:
    try:
        text = WRITERS[position](value)
    except BadValue:
        return None
    return text if position == "header" else encode(text).encode()


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=90), min_size=1))
@example(["Zoë  ", " a", "a\u2009b", "a\u00a0b"])
@example(["From here", ".", "a ", " a", "a=b", "https://a.example/x?y=z&w", "x" * 75, "x" * 76])
@example(["https://a.example/" + "y" * 57, "https://a.example/?" + "y=" * 28, "javascript:x"])
def test_a_written_column_equals_its_values_written(values: list[str]) -> None:
    """Each value of the column equals the escaped and encoded value."""
    for position, kind in KINDS.items():
        cells = written_at_once(pl.Series("field", values), kind)
        for value, cell in zip(values, cells, strict=True):
            assert cell is None or cell == _one_by_one(value, position)


def test_simple_values_are_written_at_once() -> None:
    """Usual names, numbers and addresses take the fast way."""
    values = [("text", "Anna Weber"), ("text", 120), ("url", "https://a.example/u/1f")]

    for kind, value in values:
        assert written_at_once(pl.Series([value]), kind).to_list() == [f"{value}=\n".encode()]
    assert written_at_once(pl.Series(["Zoë & Ann"]), "line").to_list() == ["Zoë & Ann"]


def test_a_column_of_another_type_is_null_in_every_row() -> None:
    """Dates, fractions and booleans are written one by one, so no row is lost."""
    for cells in (["a", "b"], [dt.date(2026, 5, 1)] * 2, [1.5, None], [True, False]):
        column = pl.Series("field", cells)
        for kind in set(KINDS.values()):
            assert len(written_at_once(column, kind)) == len(cells)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=400))
@example("x" * 75)
@example("x" * 76)
@example("x" * 73 + "ü")
def test_no_line_is_longer_than_76(text: str) -> None:
    """Quoted-printable lines decode to the text (RFC 2045)."""
    encoded = encode(text)

    assert max(map(len, encoded.split("\n"))) <= 76
    assert quopri.decodestring(encoded.encode()).decode() == text
