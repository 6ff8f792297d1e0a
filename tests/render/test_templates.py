"""Templates of a theme are compiled once, with the filters of each language."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support import EXAMPLE_DAY, ROOT

from newsletter.errors import NewsletterError
from newsletter.read.assembly import read_project
from newsletter.render.templates import environment_of, rendered

TEXT = "{{ 1234.5 | number }} {{ name }}"


def test_languages_share_code_but_not_filters() -> None:
    """A filtered constant is not cached for readers of another language."""
    project = read_project(ROOT, today=EXAMPLE_DAY)
    theme = replace(project.theme, texts={"care/x.html": TEXT}, places={"care/x.html": "x"})
    project = replace(project, theme=theme)
    rendered_texts = [
        rendered(environment_of(project, language), "care/x.html", {"name": "<Zoë>"}, theme=theme)
        for language in ("en", "de", "en")
    ]

    assert rendered_texts == ["1,234.5 &lt;Zoë&gt;", "1.234,5 &lt;Zoë&gt;", "1,234.5 &lt;Zoë&gt;"]


def test_an_edited_template_is_compiled_again() -> None:
    """Code is found by the text of the template, not by its name."""
    project = read_project(ROOT, today=EXAMPLE_DAY)
    rendered_texts = []
    for text in ("before", "after"):
        theme = replace(project.theme, texts={"care/x.html": text}, places={"care/x.html": "x"})
        environment = environment_of(replace(project, theme=theme), "en")
        rendered_texts.append(rendered(environment, "care/x.html", {}, theme=theme))

    assert rendered_texts == ["before", "after"]


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ('{% include "care/x.html" %}', ""),
        ('{% extends "care/x.html" %}', ""),
        ('{% extends "care/y.html" %}', '{% extends "care/x.html" %}'),
        ('{% import "care/y.html" as y %}', '{% import "care/x.html" as x %}'),
        ('{% include "care/y.html" %}', '{% include "care/x.html" %}'),
        ("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", ""),
        ("{% block a %}{{ self.a() }}{% endblock %}", ""),
    ],
)
def test_a_template_that_uses_itself_is_named(text: str, other: str) -> None:
    """Python says how deep it went, which tells nobody what to change."""
    project = read_project(ROOT, today=EXAMPLE_DAY)
    texts = {"care/x.html": text, "care/y.html": other}
    theme = replace(project.theme, texts=texts, places={"care/x.html": "x", "care/y.html": "y"})
    with pytest.raises(NewsletterError) as error:
        rendered(
            environment_of(replace(project, theme=theme), "en"), "care/x.html", {}, theme=theme
        )
    (problem,) = error.value.problems
    assert problem.message == "a macro or template uses itself without end"
    assert problem.at
    assert problem.at.line == 1
    assert problem.hint
