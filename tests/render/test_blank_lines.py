"""The text part has at most one empty line in a row, whichever branches are taken."""

from __future__ import annotations

from itertools import product

import pytest

from newsletter.render import tokens
from newsletter.render.blank_lines import tidy


def _with_borders(text: str) -> str:
    """Turn `[0 … |0 … ]0` into a condition and `(0 … )0` into a loop."""
    kinds = (tokens.IF, tokens.ELSE, tokens.END_IF, tokens.FOR, tokens.END_FOR)
    for sign, kind in zip("[|]()", kinds, strict=True):
        for number in range(3):
            text = text.replace(f"{sign}{number}", tokens.token(kind, number))
    return text


def _taken(text: str, choice: dict[int, bool]) -> str:
    """Return a text of conditions with the branches chosen; a loop is repeated twice or once."""
    for number, is_taken in choice.items():
        for start, end in ((tokens.IF, tokens.END_IF), (tokens.FOR, tokens.END_FOR)):
            opening, closing = tokens.token(start, number), tokens.token(end, number)
            while opening in text:
                before, opened = text.split(opening, 1)
                body, after = opened.split(closing, 1)
                then, _, otherwise = body.partition(tokens.token(tokens.ELSE, number))
                rounds = (then * 2, then) if start == tokens.FOR else (then, otherwise)
                text = before + rounds[not is_taken] + after
    return text


@pytest.mark.parametrize(
    "text",
    [
        "Head\n\n[0para\n\n|0]0\nNEWS\nlast\n",
        "Head\n[0para\n\n|0]0\nNEWS\nlast\n",
        "[0Head\n\n[1para\n\n|1]1\n|0]0[2\nNEWS\n|2]2last\n",
        "What we did\n\n(0* title\n[1  detail\n|1]1)0\nNEWS\n",
        "Name\n[0Phone\n|0]0[1Email\n|1]1\nNEWS\n",
        "a\n\n\n\n[0b\n\n\n|0c\n]0\n\n\nd\n\n\n",
    ],
)
def test_no_choice_of_branches_makes_two_empty_lines(text: str) -> None:
    """Every combination has at most one empty line in a row, and loses no line."""
    tidied = tidy(_with_borders(text))

    for taken_branches in product((True, False), repeat=3):
        choice = dict(enumerate(taken_branches))
        result = _taken(tidied, choice)
        assert "\n\n\n" not in result
        assert [line for line in result.split("\n") if line] == [
            line for line in _taken(_with_borders(text), choice).split("\n") if line
        ]


def test_an_empty_line_stays_where_a_branch_is_left_out() -> None:
    """Text after a condition keeps its distance."""
    tidied = tidy(_with_borders("Ann\n[0Phone\n|0]0\nHow are we doing?\n"))

    assert _taken(tidied, {0: False}) == "Ann\n\nHow are we doing?\n"
    assert _taken(tidied, {0: True}) == "Ann\nPhone\n\nHow are we doing?\n"
