"""What looks like a field, but is not between `{{` and `}}`, is refused with its cure."""

from __future__ import annotations

import pytest
from render.pipeline import Edition

from newsletter.errors import NewsletterError, Place
from newsletter.model.source import Source
from newsletter.render.almost_tags import almost_tags

FIRST_NAME = (
    "{ customer.first_name }}",
    "{ { customer.first_name } }",
    "{customer.first_name}",
    "{ customer . first_name }",
    "{Vorname}",
    "${first name}",
    "{$vorname}",
    "｛｛ customer.first_name ｝｝",
    "｛customer．first_name｝",
    "[[first_name]]",
    "[[ Vorname ]]",
    "%first_name%",
    "%%Vorname%%",
    "*|FNAME|*",
    "<<Vorname>>",
    "{\u00a0customer.first_name\u00a0}",
)


def _problems(text: str) -> list[tuple[int, int, str, str]]:
    problems = almost_tags(Source(text, Place(path="a.md", line=4)))
    return [(p.at.line, p.at.column, p.message, p.hint) for p in problems if p.at]


@pytest.mark.parametrize("written", FIRST_NAME)
def test_near_misses_and_marks_of_other_programs_have_a_cure(written: str) -> None:
    """A reader would see them as they are."""
    ((line, column, message, hint),) = _problems(f"One\ntwo {written}, three")
    assert (line, column) == (5, 5)
    assert message == f"'{written}' would be printed as it is"
    assert hint.startswith("write {{ customer.first_name }};")


@pytest.mark.parametrize(
    "text",
    [
        "{{ customer.first_name }}",
        "`{customer.first_name}` and ``{Vorname}``",
        "```\n[[name]]\n```",
        "{x} {#anchor} {.button} [[x]] 100 % name % {{ {'name': 1} }}",
        "<name> [name] %20%C3",
        "{% if customer.name %}{% endif %}",
    ],
)
def test_code_and_other_braces_stay(text: str) -> None:
    """Only names of fields and of usual columns are meant."""
    assert not _problems(text)


def test_all_are_named_together_with_other_faults() -> None:
    """In one build."""
    with pytest.raises(NewsletterError) as caught:
        Edition().body("{customer.city} {{ customer.nam }} {Vorname}")
    assert [problem.message for problem in caught.value.problems] == [
        "customers have no field 'nam'",
        "'{customer.city}' would be printed as it is",
        "'{Vorname}' would be printed as it is",
    ]
