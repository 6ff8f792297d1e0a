"""Links and pictures are found where Markdown would make them, and nowhere else."""

import pytest

from newsletter.errors import Place
from newsletter.model.source import Source
from newsletter.read.content.body_links import (
    check_links,
    check_links_without_website,
    find_links,
)


@pytest.mark.parametrize(
    ("text", "hrefs"),
    [
        ("[a](b.md)", ["b.md"]),
        ('[a](b.md "Title")', ["b.md"]),
        ("[a](<b c.md>)", ["b c.md"]),
        ("[a](b(1).md)", ["b(1).md"]),
        ("[![x](i.png)](b.md)", ["i.png", "b.md"]),
        ("[a [b] c](d.md)", ["d.md"]),
        ("[a]: b.md\n", ["b.md"]),
        ("[a][b]\n\n[b]: <c.md> 'T'\n", ["c.md"]),
        ('<a class="x" href="b.md">a</a>', ["b.md"]),
        ("- item\n\n    [a](b.md)\n", ["b.md"]),
        ("`[a](b.md)`", []),
        ("``a ` [a](b.md)``", []),
        ("```\n[a](b.md)\n```", []),
        ("~~~ md\n[a](b.md)\n~~~\n[c](d.md)", ["d.md"]),
        ("> - ```\n>   [a](b.md)\n>   ```\n[c](d.md)", ["d.md"]),
        ("Text\n\n    [a](b.md)\n", []),
        ("<!-- [a](b.md) -->", []),
        (r"\[a](b.md)", []),
        ("{{ f['[a](b.md)'] }}", []),
        ("[a](b.md", []),
    ],
)
def test_links_in_code_comments_and_jinja_do_not_count(text: str, hrefs: list[str]) -> None:
    """Nor those that are escaped."""
    assert [link.href for link in find_links(text)] == hrefs


@pytest.mark.parametrize(
    ("text", "alt"),
    [
        ("![A cup](i.png)", "A cup"),
        ("![](i.png)", ""),
        ("![A cup][c]\n\n[c]: i.png", "A cup"),
        ("![c]\n\n[c]: i.png", "c"),
        ('<img src="i.png" alt="A cup">', "A cup"),
        ("<img src=i.png>", ""),
    ],
)
def test_pictures_are_told_from_links(text: str, alt: str) -> None:
    """Each has its alternative text."""
    assert [(link.is_image, link.alt) for link in find_links(text)] == [(True, alt)]


@pytest.mark.parametrize(
    "href",
    [
        "hours.md",
        "../updates/hours.md",
        "/updates/hours.md",
        "hours.md#sunday",
        "../images/shop.png",
        "https://example.com/x.md",
        "mailto:a@example.com",
        "tel:+49301234",
        "#top",
        "{{ address }}",
    ],
)
def test_links_to_files_other_sites_and_jinja_are_valid(href: str) -> None:
    """A file must exist; an address made by Jinja is not checked."""
    assert messages(f"[a]({href})") == []


@pytest.mark.parametrize(
    "href", ["no.md", "Hours.md", "../../secret.md", "/", "../customers/c.csv"]
)
def test_other_links_are_dead(href: str) -> None:
    """Case counts, and nothing outside content/ is public."""
    assert len(messages(f"[a]({href})")) == 1


def test_a_web_address_without_a_scheme_is_dead() -> None:
    """The hint adds the scheme."""
    body = Source("[a](www.example.org/x)", Place(path="content/updates/x.md", line=1))
    (problem,) = check_links(body, pages=(), private=(), images=())
    assert problem.hint == "did you mean 'https://www.example.org/x'?"


def test_the_path_of_a_picture_is_whole() -> None:
    """A part that differs by customer cannot be checked, and a backslash divides no folders."""
    text = "![A]({{ customer.city }}.png) ![B](..\\images\\b.png) ![C]({{ customer.photo }})"
    body = Source(text, Place(path="content/updates/x.md", line=1))
    found = check_links(body, pages=(), private=(), images=())
    assert [(problem.message, problem.hint) for problem in found] == [
        (
            "the path of a picture cannot contain '{{ }}'",
            "write the whole path, a different one in each branch of {% if … %}",
        ),
        ("a path has no backslashes: ..\\images\\b.png", "write it with /: ../images/b.png"),
    ]


def test_a_page_is_no_picture() -> None:
    """Its link is refused as a picture."""
    assert messages("![a](hours.md)") == ["there is no picture content/updates/hours.md"]


def messages(text: str) -> list[str]:
    """Return the problems of a body in updates/x.md."""
    body = Source(text, Place(path="content/updates/x.md", line=5))
    problems = check_links(
        body, pages={"updates/hours.md"}, private=set(), images={"images/shop.png"}
    )
    return [problem.message for problem in problems]


def test_a_photo_that_nobody_sees_is_named_with_a_picture_of_the_same_name() -> None:
    """As seen from the text; else with the way to a picture."""
    text = "![A](../images/a.heic) ![B](../images/b.HEIC)"
    body = Source(text, Place(path="content/updates/x.md", line=1))
    first, second = check_links(body, pages=(), private=(), images=("images/a.jpg",))
    assert first.message == (
        "content/images/a.heic is a HEIC photo, which browsers and mail programs do not show"
    )
    assert first.hint == "write '../images/a.jpg', the picture of the same name"
    assert second.hint.startswith("open it on a computer and export it as JPEG; on the iPhone, ")


def test_without_a_website_only_pictures_and_other_websites_are_named() -> None:
    """A link to a page, a picture or an issue would lead nowhere."""
    text = "[A](b.md) ![B](../images/b.png) [C](../images/b.png) [D](https://d.example) [E](#e)"
    body = Source(text, Place(path="content/updates/x.md", line=1))
    found = list(check_links_without_website(body))
    assert [str(problem.at) for problem in found] == [
        "content/updates/x.md:1:1",
        "content/updates/x.md:1:33",
    ]
    assert {problem.message for problem in found} == {
        "this link leads to your website, but newsletter.yml names none"
    }
