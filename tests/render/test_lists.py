"""Lists are nested as their author indented them: by two, three or four spaces."""

from __future__ import annotations

import pytest

from newsletter.render.lists import indent_by_four
from newsletter.render.markdown import to_html

INDENTED = [
    ("- a\n  - b\n    - c\n- d", "- a\n    - b\n        - c\n- d"),
    ("1. a\n   - b\n2. c", "1. a\n    - b\n2. c"),
    ("- a\n\n  more of a\n\n  - b\n- c", "- a\n\n    more of a\n\n    - b\n- c"),
    ("- a\n    - b\n        - c", "- a\n    - b\n        - c"),
    ("- a\n\t- b", "- a\n    - b"),
    (" - a\n - b", "- a\n- b"),
    ("- a\n  goes on\n- b", "- a\n    goes on\n- b"),
    ("- a\n\nparagraph\n\n  - b", "- a\n\nparagraph\n\n- b"),
    (
        "text\n\n    code\n\n- a\n\n        code of a",
        "text\n\n    code\n\n- a\n\n        code of a",
    ),
    ("```\n- a\n  - b\n```", "```\n- a\n  - b\n```"),
    ("* * *\n\n- - -", "* * *\n\n- - -"),
    ("2026. A year", "2026. A year"),
    ("- a\n  -b", "- a\n    -b"),
]


@pytest.mark.parametrize(("written", "indented"), INDENTED)
def test_every_level_is_indented_by_four(written: str, indented: str) -> None:
    """Python-Markdown requires it; code and rules stay unchanged."""
    assert indent_by_four(written) == indented


@pytest.mark.parametrize(("_", "indented"), INDENTED)
def test_indenting_twice_changes_nothing(_: str, indented: str) -> None:
    """Indented lists stay unchanged."""
    assert indent_by_four(indented) == indented


def test_two_spaces_nest() -> None:
    """As in other Markdown programs."""
    assert to_html("- a\n  - b").replace("\n", "") == "<ul><li>a<ul><li>b</li></ul></li></ul>"
