"""Photos of phones in a whole build, with a website and without one."""

from __future__ import annotations

import datetime as dt
import email
import mailbox
import re
import shutil
from contextlib import closing
from email import policy
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from photos import HEIC, write_photo
from PIL import Image
from support import Silent, run

from newsletter.build import build
from newsletter.errors import NewsletterError

pytestmark = pytest.mark.slow

MINIMAL = Path(__file__).parent / "projects/valid/minimal"
TODAY = dt.date(2026, 11, 5)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the minimal project with photos of a phone: in texts, of the team, as the logo."""
    root = Path(shutil.copytree(MINIMAL, tmp_path / "project"))
    images = root / "content/images"
    for name, width in (
        ("door.JPG", 3000),
        ("tea.jpeg", 400),
        ("ann.jpg", 2000),
        ("logo.jpg", 900),
    ):
        write_photo(images / name, width=width, height=width // 2, orientation=6)
    Image.new("RGB", (30, 20), "blue").save(images / "cup.webp")
    hours = root / "content/updates/hours.md"
    keys = "image: images/door.JPG\nimage_alt: Our door\n---"
    text = hours.read_text().replace("\n---", f"\n{keys}", 1)
    hours.write_text(f"{text}\n![Tea](../images/tea.jpeg) ![A cup](../images/cup.webp)\n")
    settings = root / "content/newsletter.yml"
    text = settings.read_text().replace(
        "    name: Ann Archer\n", "    name: Ann Archer\n    photo: images/ann.jpg\n"
    )
    settings.write_text(f"{text}brand:\n  logo: images/logo.jpg\n")
    return root


def _without_website(root: Path) -> None:
    settings = root / "content/newsletter.yml"
    settings.write_text(
        settings.read_text().replace("  website: https://corner-shop.example\n", "")
    )


def _built(root: Path) -> Path:
    build(root, output=root / "output", today=TODAY, issue=None, progress=Silent())
    return root / "output"


def _images(html: str) -> list[dict[str, str]]:
    tags = re.findall(r"<img\b[^>]*>", html)
    return [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in tags]


def _messages(output: Path) -> list[Path]:
    return sorted(output.glob("private/messages/**/*.eml"))


def test_pages_and_messages_show_photos_made_small(root: Path) -> None:
    """Upright, with width and height, without the place; no message loads what no one shows."""
    output = _built(root)
    sizes = {}
    for file in sorted((output / "site/images").iterdir()):
        with Image.open(file) as image:
            sizes[file.name] = image.size
        assert b"Phone of Maya" not in file.read_bytes()
    assert sizes == {
        "ann.jpg": (320, 640),
        "cup.webp": (30, 20),
        "cup.webp-1200.jpg": (30, 20),
        "door-1200.JPG": (600, 1200),
        "door.JPG": (800, 1600),
        "logo.jpg": (320, 640),
        "tea.jpeg": (200, 400),
    }
    page = (output / "site/updates/hours/index.html").read_text()
    shown = {
        unquote(i["src"]).rpartition("/")[2]: (i["width"], i["height"]) for i in _images(page)
    }
    assert shown == {
        "logo.jpg": ("320", "640"),
        "door.JPG": ("800", "1600"),
        "tea.jpeg": ("200", "400"),
        "cup.webp": ("30", "20"),
    }
    message = email.message_from_bytes(_messages(output)[0].read_bytes(), policy=policy.default)
    loaded = {unescape(i["src"]) for i in _images(message.get_body(("html",)).get_content())}
    assert {address.removeprefix("https://corner-shop.example/images/") for address in loaded} == {
        *("logo.jpg", "door-1200.JPG", "tea.jpeg", "cup.webp-1200.jpg", "ann.jpg")
    }


def test_a_second_build_makes_no_picture_again(root: Path) -> None:
    """Not even if a text has changed."""
    output = _built(root)
    cache = next(root.glob(".output.cache/pictures/*"))
    before = {file: file.stat().st_mtime_ns for file in (*cache.iterdir(), *output.rglob("*.jpg"))}
    with (root / "content/updates/hours.md").open("a") as text:
        text.write("\nOne more line.\n")
    _built(root)
    assert {file: file.stat().st_mtime_ns for file in before} == before


def test_without_a_website_messages_carry_their_pictures(root: Path) -> None:
    """And the build says so; there are no pages, and nothing leads to one."""
    _without_website(root)
    output = root / "output"
    result = run("build", "--project", root, "--today", TODAY)
    assert result.exit_code == 0, result.output
    assert (
        "no website: newsletter.yml names none, so no pages are made and messages carry their "
        "pictures\n"
    ) in result.output
    assert "site/index.html" not in result.output
    assert not (output / "site").exists()
    for file in _messages(output):
        message = email.message_from_bytes(file.read_bytes(), policy=policy.default)
        html = message.get_body(("html",)).get_content()
        shown = [image["src"].removeprefix("cid:") for image in _images(html)]
        (related,) = (p for p in message.walk() if p.get_content_type() == "multipart/related")
        _, *pictures = related.iter_parts()
        assert [f"<{cid}>" for cid in dict.fromkeys(shown)] == [p["Content-ID"] for p in pictures]
        assert len(pictures) == 5
        assert 'href="/' not in html
        assert "http" not in message.get_body(("plain",)).get_content()
        preview = file.with_suffix(".html")
        files = [preview.parent / unquote(image["src"]) for image in _images(preview.read_text())]
        assert [file.read_bytes() for file in dict.fromkeys(files)] == [
            p.get_content() for p in pictures
        ]
    with closing(mailbox.mbox(next(output.glob("private/messages/*.mbox")))) as in_mbox:
        parts = [len(list(message.walk())) for message in in_mbox]
    assert parts == [9] * len(_messages(output))


def test_a_preview_without_a_website_shows_the_users_own_pictures(root: Path) -> None:
    """Before any build."""
    _without_website(root)
    result = run("preview", "--no-open", "--project", root, "--today", TODAY, "Sam")
    assert result.exit_code == 0, result.output
    images = _images((root / "output/private/preview.html").read_text())
    assert all(Path(unquote(i["src"].removeprefix("file://"))).is_file() for i in images)
    assert len({image["src"] for image in images}) == 5


def test_without_a_website_a_link_to_a_page_is_an_error(root: Path) -> None:
    """So is one of an issue or a practice; a page is not sent, so it may have some."""
    _without_website(root)
    pages = root / "content/pages"
    pages.mkdir()
    (pages / "about.md").write_text(
        "---\ntitle: About us\ndate: 2026-11-01\n---\n\n[Hours](../updates/hours.md)\n"
    )
    with (root / "content/issues/2026-11.md").open("a") as text:
        text.write("\nSee [our hours](../updates/hours.md).\n")
    with pytest.raises(NewsletterError) as caught:
        _built(root)
    assert [str(problem) for problem in caught.value.problems] == [
        "content/issues/2026-11.md:10:5: this link leads to your website, but newsletter.yml "
        "names none\n"
        "    See [our hours](../updates/hours.md).\n"
        "        ^\n"
        "  hint: write here what that page says and take the link out, or add "
        "'website: https://…' under business: in content/newsletter.yml"
    ]


def test_linked_pictures_need_a_website(root: Path) -> None:
    """An error names both cures."""
    _without_website(root)
    with (root / "content/newsletter.yml").open("a") as settings:
        settings.write("images: linked\n")
    with pytest.raises(NewsletterError) as caught:
        _built(root)
    (problem,) = caught.value.problems
    assert problem.message == "'images: linked' needs a website to load pictures from"
    assert "add 'website: https://…' under business:, or write 'images: attached'" in problem.hint


def test_all_unusable_pictures_are_reported_at_once(root: Path) -> None:
    """Those with the wrong ending where they are named, the others by their file."""
    images = root / "content/images"
    (images / "door.JPG").write_bytes(HEIC)
    (images / "tea.jpeg").write_bytes(b"")
    with (root / "content/updates/hours.md").open("a") as text:
        text.write("\n![Foto](../images/foto.heic)\n")
    with pytest.raises(NewsletterError) as caught:
        _built(root)
    assert [(str(problem.at), problem.message) for problem in caught.value.problems] == [
        (
            "content/images/door.JPG",
            "this is a HEIC photo, whatever its name says; browsers do not show it",
        ),
        ("content/images/tea.jpeg", "the file is empty"),
        (
            "content/updates/hours.md:13:1",
            "content/images/foto.heic is a HEIC photo, which browsers and mail programs do not "
            "show",
        ),
    ]


DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" onload="go()"><script>go()</script>
<image href="https://e.example/track.png"/><text>{}</text></svg>"""


def _with_drawings(root: Path, text: str) -> None:
    """Put a drawing into a text, and into a theme."""
    (root / "content/images/map.svg").write_text(DRAWING.format(text))
    hours = root / "content/updates/hours.md"
    hours.write_text(f"{hours.read_text()}\n![A map](../images/map.svg)\n")
    assets = root / "themes/default/site/assets"
    assets.mkdir(parents=True)
    (assets / "badge.svg").write_text(DRAWING.format("Open"))


def test_drawings_are_published_clean(root: Path) -> None:
    """Those of texts and of themes run and load nothing; a remark names what they lost."""
    _with_drawings(root, "By the river")
    output = _built(root)
    drawings = [(output / f"site/{path}").read_text() for path in _DRAWINGS]
    for drawing in drawings:
        assert "go()" not in drawing
        assert "e.example" not in drawing
    assert "By the river" in drawings[0]
    remarks = (output / "private/remarks.txt").read_text()
    lost = '<script>, href="https://e.example/track.png"'
    assert remarks.count(f"left out of this drawing when it is published: onload, {lost}") == 2


_DRAWINGS = ("images/map.svg", "assets/badge.svg")


def test_the_text_of_a_drawing_is_searched_for_customers(root: Path) -> None:
    """As that of a page is; also when the drawing was published before."""
    _with_drawings(root, "By the river")
    _built(root)
    first = (root / "content/customers/customers.csv").read_text().split("\n")[1]
    address = re.search(r"[\w.]+@[\w.]+", first)
    assert address
    (root / "content/images/map.svg").write_text(DRAWING.format(address[0]))
    with pytest.raises(NewsletterError, match=r"site/images/map\.svg:2: the email address of"):
        _built(root)


def test_texts_among_the_files_of_a_theme_are_searched_for_customers(root: Path) -> None:
    """They are copied to the site, whoever put them there."""
    assets = root / "themes/default/site/assets"
    assets.mkdir(parents=True)
    shutil.copy(root / "content/customers/customers.csv", assets / "list.csv")
    with pytest.raises(NewsletterError, match=r"site/assets/list\.csv:2: the email address of"):
        _built(root)


def test_an_icon_that_runs_something_is_refused(root: Path) -> None:
    """It is a file of the theme, and named."""
    icon = root / "themes/default/site/favicon.svg"
    icon.parent.mkdir(parents=True)
    icon.write_text('<svg xmlns="http://www.w3.org/2000/svg" onload="go()"/>')
    with pytest.raises(NewsletterError, match=r"favicon\.svg: the icon has onload"):
        _built(root)
