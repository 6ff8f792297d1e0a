"""Text is aligned by what a terminal shows."""

import pytest

from newsletter.commands.terminal import columns, wrapped


def test_columns() -> None:
    """Columns are aligned by what a terminal shows: a CJK letter takes two cells."""
    assert columns([["李小明", "1"], ["Zoë", "20"]], right=[1]) == "李小明   1\nZoë     20"


def test_cells_of_several_lines() -> None:
    """A row is as high as its highest cell."""
    assert columns([["a", "one\ntwo", "x"], ["bb", "three"]]) == "a   one    x\n    two\nbb  three"


@pytest.mark.parametrize(
    ("text", "width", "most", "lines"),
    [
        ("", 5, 0, [""]),
        ("one two three", 7, 0, ["one two", "three"]),
        ("one two three", 7, 1, ["one tw…"]),
        ("one two three", 7, 2, ["one two", "three"]),
        ("one, two three", 7, 1, ["one…"]),
        ("abcdefgh ij", 3, 0, ["abc", "def", "gh", "ij"]),
        ("長い話です", 4, 0, ["長い", "話で", "す"]),
        ("長い話です", 4, 1, ["長…"]),
    ],
)
def test_wrapped(text: str, width: int, most: int, lines: list[str]) -> None:
    """Lines are as wide as the terminal shows them, and what does not fit is an ellipsis."""
    assert wrapped(text, width, most=most) == lines
