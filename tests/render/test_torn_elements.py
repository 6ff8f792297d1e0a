"""An MJML element that is not closed is found in its own file."""

from __future__ import annotations

import pytest

from newsletter.errors import Place
from newsletter.model.program_files import THEMES
from newsletter.model.source import Source
from newsletter.render.torn_elements import torn_elements


def torn(**files: str) -> list[str]:
    """Return each problem as `file:line:column message`."""
    sources = {
        f"{name}.mjml": Source(text, Place(path=name, line=1)) for name, text in files.items()
    }
    return [f"{problem.at} {problem.message}" for problem in torn_elements(sources)]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("<a>\n <mj-b>\n</a>", "x:2:2 <mj-b> is not closed in this file"),
        ("<a>\n", "x:1:1 <a> is not closed in this file"),
        ("<a></a>\n</a>", "x:2:1 </a> closes nothing here"),
        ('<a title="x > y">{% if "<b>" %}<br>{% endif %}<img src="x" />{# <i> #}</a>', ""),
    ],
)
def test_the_tag_without_a_counterpart_is_named(text: str, problem: str) -> None:
    """Void elements, comments and Jinja's tags do not count."""
    assert torn(x=text, y="<p></p>") == ([problem] if problem else [])


def test_no_file_of_the_packaged_theme_is_torn() -> None:
    """Each closes what it opens."""
    files = {path.stem: path.read_text() for path in THEMES.rglob("*.mjml")}
    assert len(files) > 10
    assert torn(**files) == []
