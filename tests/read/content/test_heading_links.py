"""Links to headings of other texts are checked."""

from __future__ import annotations

import pytest

from newsletter.errors import Place
from newsletter.model.source import Source
from newsletter.read.content.heading_links import check_heading_links

HOURS = "# In winter\n\nOn Sundays\n---\n\n## Über [*uns*](us.md)\n\n### What it costs {#prices}\n"


def _text(path: str, text: str) -> Source:
    return Source(text, Place(path=f"content/{path}", line=1))


def _problems(href: str, *, target: str = HOURS, path: str = "updates/hours.md") -> list[str]:
    link = _text("pages/about.md", f"a\n\n[b]({href})")
    problems = check_heading_links([_text(path, target), link], all_texts=[link])
    return [str(problem) for problem in problems]


@pytest.mark.parametrize(
    "name", ["in-winter", "on-sundays", "über-uns", "prices", "in-winter-1", "In-Winter"]
)
def test_headings_of_other_texts_are_found(name: str) -> None:
    """By their words, underlined or not, or by their own name."""
    assert _problems(f"../updates/hours.md#{name}") == []


def test_a_missing_heading_is_reported_with_its_line() -> None:
    """And the one that is probably meant."""
    (problem,) = _problems("/updates/hours.md#in-wintr")

    assert problem.startswith(
        "content/pages/about.md:3:1: there is no heading #in-wintr in content/updates/hours.md"
    )
    assert "did you mean 'in-winter'?" in problem


def test_any_edition_may_have_the_heading() -> None:
    """Readers of other languages get theirs."""
    assert _problems("/updates/hours.md#in-winter", path="updates/hours.de.md") == []
    assert _problems("/updates/hours.de.md#winter", path="updates/hours.md")


@pytest.mark.parametrize("target", ["# A {{ customer.city }}", "# A <b>c</b>", '<a id="x"></a>'])
def test_what_cannot_be_known_is_not_reported(target: str) -> None:
    """A heading with values, tags or entities has words that are known later."""
    assert _problems("/updates/hours.md#x", target=target) == []


def test_code_has_no_headings() -> None:
    """Nor are links elsewhere, or without a heading, any matter."""
    assert _problems("/updates/hours.md#a", target="```\n# a\n```")
    assert _problems("/updates/hours.md", target="a") == []
    assert _problems("https://a.example/#b") == _problems("/images/a.png#b") == []
