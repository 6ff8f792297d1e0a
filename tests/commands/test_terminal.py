"""Tables are aligned by the width of characters in a terminal."""

import pytest

from newsletter.commands.terminal import columns, wrapped


def test_columns_are_aligned_by_display_width() -> None:
    """A CJK letter takes two cells."""
    assert columns([["李小明", "1"], ["Zoë", "20"]], right=[1]) == "李小明   1\nZoë     20"


def test_a_row_is_as_high_as_its_highest_cell() -> None:
    """Cells may have several lines."""
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
def test_lines_are_wrapped_to_the_width_of_the_terminal(
    text: str, width: int, most: int, lines: list[str]
) -> None:
    """A word that does not fit ends in an ellipsis."""
    assert wrapped(text, width, most=most) == lines
