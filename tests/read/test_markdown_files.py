"""Markdown files are split at their front matter, and every line keeps its number."""

from pathlib import Path

import pytest

from newsletter.errors import Problem
from newsletter.read.markdown_files import parse_name, slug_of, split_page
from newsletter.read.project_files import ProjectFiles


def test_keys_and_body_have_their_lines() -> None:
    """Empty lines around the body are cut."""
    page = split_page("---\ntitle: A\n---\n\n\nText\n\n", shown="x.md", problems=[])
    assert page
    assert page.document.key_place(("title",)).line == 2
    assert (page.body.text, page.body.at.line) == ("Text\n", 6)


def test_dashes_in_the_body_are_a_rule() -> None:
    """They do not end the front matter again."""
    page = split_page("---\ntitle: A\n---\nText\n\n---\nMore\n", shown="x.md", problems=[])
    assert page
    assert page.body.text == "Text\n\n---\nMore\n"


def test_a_file_may_be_front_matter_alone() -> None:
    """Its body is empty."""
    page = split_page("---\ntitle: A\n---", shown="x.md", problems=[])
    assert page
    assert page.body.text == ""


@pytest.mark.parametrize("text", ["", "\n", "Text", "---", "---\n---\n"])
def test_nearly_empty_files_are_refused_or_empty(text: str) -> None:
    """None crashes."""
    problems: list[Problem] = []
    assert split_page(text, shown="x.md", problems=problems) or problems


@pytest.mark.parametrize(
    "data", ["\ufeff---\ntitle: A\n---\nText\n", "---\r\ntitle: A\r\n---\r\nText\r\n"]
)
def test_a_byte_order_mark_and_crlf_make_no_difference(data: str, tmp_path: Path) -> None:
    """As Windows programs write them."""
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
        (
            b"x" * 2_000_001,
            "x.md: the file has 2,000,001 bytes; a text may have at most 2,000,000",
        ),
    ],
)
def test_bytes_that_are_no_text_are_refused(data: bytes, problem: str, tmp_path: Path) -> None:
    """With their position."""
    file = tmp_path / "x.md"
    file.write_bytes(data)
    files = ProjectFiles(tmp_path)
    files.parse(file, split_page)
    assert str(files.problems[0]).split("\n")[0] == problem


def test_a_name_that_is_too_long_is_called_too_long() -> None:
    """With its length and a shorter one."""
    problems: list[Problem] = []
    name = "2014-05-11-what-is-possible-in-government-with-open-data-and-friends"
    parse_name(f"content/articles/{name}.md", default_language="en", problems=problems)
    assert [str(problem) for problem in problems] == [
        f"content/articles/{name}.md: the name has 68 letters and is too long; it may have 64\n"
        f"  hint: shorten it: {name[:64].rstrip('-')}.md"
    ]


@pytest.mark.parametrize("title", ["Con", "NUL", "Com1", "Aux!"])
def test_a_title_becomes_no_device_of_windows(title: str) -> None:
    """The next build would refuse such a file."""
    name, problems = slug_of(title), list[Problem]()
    assert parse_name(f"updates/{name}.md", default_language="en", problems=problems)
    assert problems == []
