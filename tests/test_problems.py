"""Problems as users see them."""

from __future__ import annotations

import pytest

from newsletter.errors import Place, Problem

LONG = "word " * 200


def test_a_long_line_is_cut_round_the_column() -> None:
    """It fits 80 columns, and the caret stands under the same character."""
    text = f"{LONG}{{{{ name }}}}{LONG}"
    at = Place(path="a.md", line=3, column=len(LONG) + 4, text=text)
    place, shown, caret, hint = str(Problem("unknown", at, hint="write it")).split("\n")
    assert place == f"a.md:3:{at.column}: unknown"
    assert len(shown) == 80
    assert shown[4] == shown[-1] == "…"
    assert shown[caret.index("^") :].startswith("name }}")
    assert hint == "  hint: write it"


@pytest.mark.parametrize("column", [1, 30, 999, 1000])
def test_the_ends_of_a_line_are_cut_on_one_side(column: int) -> None:
    """No mark of a cut where there is none."""
    text = f"a{LONG[1:]}"[:1000]
    at = Place(path="a.md", line=1, column=column, text=text)
    _, shown, caret = str(Problem("x", at)).split("\n")
    assert shown[caret.index("^")] == text[column - 1]
    assert shown.endswith("…") == (column < 900)
    assert (shown[4] == "…") == (column >= 900)


def test_without_a_column_the_word_that_the_message_quotes_is_shown() -> None:
    """The part of a long line that is meant."""
    at = Place(path="a.md", line=1, text=f"{LONG}{{{{ titel }}}} {LONG}")
    _, shown = str(Problem("'titel' is not known here", at)).split("\n")
    assert "{{ titel }}" in shown
    _, shown = str(Problem("'other' is not known here", at)).split("\n")
    assert shown == f"    {LONG[:75]}…"


def test_a_tab_moves_the_caret_as_it_moves_the_text() -> None:
    """Under the same character in every terminal."""
    at = Place(path="a.md", line=1, column=3, text="\tab")
    assert str(Problem("x", at)).endswith("\n    \tab\n    \t ^")
