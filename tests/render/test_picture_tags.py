"""Pictures of finished HTML get their addresses, widths and heights."""

from __future__ import annotations

from pathlib import Path

import pytest
from made import project_of, settings

from newsletter.model.picture import Picture
from newsletter.render.picture_tags import Shown, with_pictures, with_pictures_of_messages

SHOP = Shown("cid:shop", 1200, 900)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        # Texts give no size: the column of text is 512 wide.
        (
            '<img src="a.jpg" alt="A > B" />',
            '<img src="cid:shop" width="512" height="384" alt="A > B" />',
        ),
        # MJML writes the width of the column, and `auto`.
        (
            '<img alt="x" height="auto" src="a.jpg" width="568">',
            '<img src="cid:shop" width="568" height="426" alt="x">',
        ),
        # A theme that gives both means them.
        (
            "<img src='a.jpg' width='76' height='76' class='face'>",
            '<img src="cid:shop" width="76" height="76" class=\'face\'>',
        ),
        (
            '<img src="a.jpg" height="90">',
            '<img src="cid:shop" width="120" height="90">',
        ),
        ('<img src="https://other.example/b.jpg">', '<img src="https://other.example/b.jpg">'),
        ('<img data-src="a.jpg">', '<img data-src="a.jpg">'),
        ("<image src='a.jpg'>", "<image src='a.jpg'>"),
    ],
)
def test_a_picture_has_its_width_and_height(tag: str, expected: str) -> None:
    """So that the page does not jump, and Outlook does not show it at its full size."""
    html = with_pictures(f"<p>{tag}</p>", {"a.jpg": SHOP}.get, most_wide=512)
    assert html == f"<p>{expected}</p>"


def test_small_pictures_keep_their_size_and_drawings_have_none() -> None:
    """The width of the column is a limit; that of an SVG is not known."""
    pictures = {"s.png": Shown("s.png", 300, 200), "d.svg": Shown("d.svg", 0, 0)}
    html = with_pictures('<img src="s.png"><img src="d.svg">', pictures.get, most_wide=512)
    assert html == '<img src="s.png" width="300" height="200"><img src="d.svg">'


PHOTO = Picture(
    path="images/mein laden.jpg",
    file=Path("x.jpg"),
    digest="a",
    kind="jpeg",
    width=4000,
    height=3000,
    size=5_000_000,
    bare=False,
)


def test_messages_load_their_pictures_from_the_website() -> None:
    """The version of messages, at an address that every program reads."""
    project = project_of(images={PHOTO.path: PHOTO})
    html = '<img src="https://p.example/images/mein laden.jpg">'
    assert with_pictures_of_messages(html, project) == (
        '<img src="https://p.example/images/mein%20laden-1200.jpg" width="512" height="384">'
    )
    assert with_pictures_of_messages('<img src="/images/mein laden.jpg">', project) == (
        '<img src="/images/mein laden.jpg">'
    )


@pytest.mark.parametrize("website", ["https://p.example", ""])
def test_messages_carry_their_pictures_if_so_set_or_without_a_website(website: str) -> None:
    """Then their address is a Content-ID."""
    business = settings().business.model_copy(update={"website": website})
    config = settings().model_copy(update={"business": business, "images": "attached"})
    project = project_of(images={PHOTO.path: PHOTO}, config=config)
    html = f'<img src="{website}/images/mein%20laden.jpg" alt="x">'
    assert with_pictures_of_messages(html, project) == (
        f'<img src="cid:{PHOTO.version("message").cid}" width="512" height="384" alt="x">'
    )
