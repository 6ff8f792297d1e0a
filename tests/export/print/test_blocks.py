"""Texts of letters: every element is laid out, over as many sheets as it takes."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path

from on_paper import Read, lines_of, touch
from support import EXAMPLE_DAY, content_of

from newsletter.export.print import printed
from newsletter.export.print.blocks import blocks_of
from newsletter.export.print.post import PostItem
from newsletter.export.print.typst import Press
from newsletter.model.project import Project
from newsletter.render.markdown import to_html

ISSUE = """\
The clocks have gone back, and the shop is open until eight on Thursdays.

## Thursdays until eight

![A lamp over a long table](https://paperandbean.example/images/coffee-and-notebook.png)

From November the **long table** is lit until eight. Bring:

- a pen, or borrow one
- a letter that has *waited*
    1. since spring
    2. or longer

[Read all of it](https://paperandbean.example/updates/winter-hours/), or write to
[hello@example.com](mailto:hello@example.com).

### What it costs

| Drink | Price |
|---|---|
| Coffee | €3 |
| Tea | €2.50 |

> I wrote eleven cards in one evening.

## A story from Trier

<div lang="he" markdown="0"><p>שלום</p></div>

"""
LONG_ISSUE = ISSUE + "\n\n".join(["She came for one folder and left with thirty-eight. " * 9] * 4)


def _letter(markdown: str, **more: object) -> PostItem:
    """Return the letter of an issue: several entries under headings, no practice."""
    values: dict[str, object] = {
        "date": dt.date(2026, 11, 5),
        "subject": "The November letter",
        "greeting": "Dear Zoë",
        "html": to_html(markdown),
    }
    return PostItem(**vars(touch(**(values | more))))


def _pdf(project: Project, *items: PostItem) -> bytes:
    files = printed(project, items, press=Press(), day=EXAMPLE_DAY, folder="private/print/2026-11")
    by_path = {artifact.path: artifact for artifact in files}
    assert list(by_path) == [
        "private/print/2026-11/letters.pdf",
        "private/print/2026-11/labels-L7160.pdf",
    ]
    return content_of(by_path["private/print/2026-11/letters.pdf"])


def test_a_letter_of_an_issue_has_all_its_parts(project: Project, tmp_path: Path) -> None:
    """Headings, nested lists, tables and quotations, in order; links with their address."""
    lines = [line for line in lines_of(_pdf(project, _letter(ISSUE)), tmp_path) if line]

    assert lines[lines.index("The November letter") :] == [
        "The November letter",
        "Dear Zoë,",
        "The clocks have gone back, and the shop is open until eight on Thursdays.",
        "Thursdays until eight",
        "From November the long table is lit until eight. Bring:",
        "– a pen, or borrow one",
        "– a letter that has waited",
        "1. since spring",
        "2. or longer",
        "Read all of it (paperandbean.example/updates/winter-hours), "
        "or write to hello@example.com.",
        "What it costs",
        "Drink Price",
        "Coffee €3",
        "Tea €2.50",
        "Would you rather not get post from us any more? Just tell us: "
        "+352 20 00 27 10, hello@example.com",
        "I wrote eleven cards in one evening.",
        "A story from Trier",
        "שלום",
        "Kind regards,",
        "Nora Feltes",
        "Pens, paper and repairs, Paper & Bean",
        "2",
    ]


def test_a_long_letter_continues_on_a_second_sheet(project: Project, words: Read) -> None:
    """The second sheet is numbered; nothing runs over the margins or is lost."""
    there = words(_pdf(project, _letter(LONG_ISSUE)))

    assert {word.page for word in there} == {1, 2}
    assert [word.page for word in there if word.text == "Feltes"] == [1, 2]
    assert [word.text for word in there if word.top > 277 and word.page == 2] == ["2"]
    assert max(word.right for word in there) <= 190.5
    assert sum(word.text == "thirty-eight." for word in there) == 36


def test_a_picture_of_the_website_is_printed(project: Project, tmp_path: Path) -> None:
    """It is read from content/; a missing picture is replaced by its description."""
    foreign_picture = "![A quiet street](https://elsewhere.example/street.png)"
    pdf = _pdf(project, _letter(f"{ISSUE}\n{foreign_picture}"))
    (tmp_path / "letter.pdf").write_bytes(pdf)
    command = ["pdfimages", "-list", str(tmp_path / "letter.pdf")]
    listed = subprocess.run(command, capture_output=True, check=True).stdout.decode()

    assert sum(" image " in line for line in listed.splitlines()) == 1
    assert "A quiet street" in lines_of(pdf, tmp_path)


def test_the_address_of_a_link_is_printed_once() -> None:
    """A link named by its address is printed as it is, and paper has no places to go to."""
    html = (
        '<p><a href="https://a.example/">a.example</a> <a href="tel:+352 1">+352 1</a> '
        '<a href="#x">below</a> <a href="https://a.example/b?c=d">there</a></p>'
    )
    (paragraph,) = blocks_of(html, picture=str)

    assert [part["address"] for part in paragraph["text"] if "link" in part] == [
        "", "", "a.example/b?c=d",
    ]  # fmt: skip
