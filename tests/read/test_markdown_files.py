"""Markdown files are split at their front matter, and every line keeps its number."""

from pathlib import Path

import pytest

from newsletter.errors import Problem
from newsletter.read.markdown_files import split_page
from newsletter.read.project_files import ProjectFiles


def test_lines() -> None:
    """Keys and body know their lines in the file; blank lines around the body are cut."""
    page = split_page("---\ntitle: A\n---\n\n\nText\n\n", shown="x.md", problems=[])
    assert page
    assert page.document.key_place(("title",)).line == 2
    assert (page.body.text, page.body.at.line) == ("Text\n", 6)


def test_rule_in_body() -> None:
    """A line of dashes in the body is a rule, not a second end."""
    page = split_page("---\ntitle: A\n---\nText\n\n---\nMore\n", shown="x.md", problems=[])
    assert page
    assert page.body.text == "Text\n\n---\nMore\n"


def test_empty_body() -> None:
    """A file may be front matter alone."""
    page = split_page("---\ntitle: A\n---", shown="x.md", problems=[])
    assert page
    assert page.body.text == ""


@pytest.mark.parametrize("text", ["", "\n", "Text", "---", "---\n---\n"])
def test_never_a_traceback(text: str) -> None:
    """Files that are empty or nearly so are refused or empty, not crashed on."""
    problems: list[Problem] = []
    assert split_page(text, shown="x.md", problems=problems) or problems


@pytest.mark.parametrize(
    "data", ["\ufeff---\ntitle: A\n---\nText\n", "---\r\ntitle: A\r\n---\r\nText\r\n"]
)
def test_windows_files(data: str, tmp_path: Path) -> None:
    """A byte order mark and CRLF line ends make no difference."""
    file = tmp_path / "x.md"
    file.write_bytes(data.encode("utf-8"))
    page = ProjectFiles(tmp_path).parse(file, split_page)
    assert page
    assert (page.document.data, page.body.text) == ({"title": "A"}, "Text\n")


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"---\ntitle: Zo\xeb\n---\n", "x.md:2: the file is not UTF-8: byte 14 is 0xEB"),
        ("---\n".encode("utf-16"), "x.md:1: the file is UTF-16, not UTF-8"),
        (b"---\ntitle: a\x07b\n---\n", "x.md:2:9: the invisible character U+0007 is not allowed"),
        ("a\u2028b".encode(), "x.md:1:2: the invisible character U+2028 is not allowed"),
        (b"x" * 2_000_001, "x.md: the file has 2,000,001 bytes; a text may have 2,000,000"),
    ],
)
def test_unreadable(data: bytes, problem: str, tmp_path: Path) -> None:
    """Bytes that are no text are refused with their position."""
    file = tmp_path / "x.md"
    file.write_bytes(data)
    files = ProjectFiles(tmp_path)
    files.parse(file, split_page)
    assert str(files.problems[0]).split("\n")[0] == problem
