"""Columns written at once are what values written one by one are."""

from __future__ import annotations

import quopri

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.merge.escape import PLACES, BadValue
from newsletter.merge.quoted_printable import encode
from newsletter.merge.written import KINDS, add_written


def _one_by_one(value: str, place: str) -> str | None:
    try:
        return encode(PLACES[place](value, 0))
    except BadValue:
        return None


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=90), min_size=1))
@example(["From here", ".", "a ", " a", "a=b", "https://a.example/x?y=z&w", "x" * 75, "x" * 76])
@example(["https://a.example/" + "y" * 57, "https://a.example/?" + "y=" * 28, "javascript:x"])
def test_a_written_column_equals_its_values_written(values: list[str]) -> None:
    """Where a column has a value, it is what escaping and encoding that value gives."""
    wanted = {kind: ("field", kind) for kind in KINDS.values()}

    written = add_written(pl.DataFrame({"field": values}), wanted)

    for place, kind in KINDS.items():
        for value, cell in zip(values, written[kind], strict=True):
            assert cell is None or cell == _one_by_one(value, place)


def test_simple_values_are_written_at_once() -> None:
    """Names, numbers and addresses as most people have them take the fast way."""
    people = pl.DataFrame(
        {"name": ["Anna Weber"], "points": [120], "link": ["https://a.example/u/1f"]}
    )

    written = add_written(
        people,
        {"a": ("name", "text"), "b": ("points", "text"), "c": ("link", "url")},
    )

    assert written.select("a", "b", "c").row(0) == (
        "Anna Weber=\n", "120=\n", "https://a.example/u/1f=\n",
    )  # fmt: skip


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=400))
@example("x" * 75)
@example("x" * 76)
@example("x" * 73 + "ü")
def test_no_line_is_longer_than_76(text: str) -> None:
    """Quoted-printable lines have 76 columns at the most, and decode to the text (RFC 2045)."""
    encoded = encode(text)

    assert max(map(len, encoded.split("\n"))) <= 76
    assert quopri.decodestring(encoded.encode()).decode() == text
