"""The version of a picture for each use: its path, kind and size."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.model.picture import MOST_BYTES, Picture

PHOTO = Picture(
    path="images/shop.JPG",
    file=Path("shop.JPG"),
    digest="a",
    kind="jpeg",
    width=4032,
    height=3024,
    size=5_000_000,
    bare=False,
)
DRAWING = replace(
    PHOTO, path="images/a.png", kind="png", width=1200, height=675, size=20_000, bare=True
)


def _shown(picture: Picture) -> list[tuple[str, str, int, int, bool]]:
    versions = [picture.version("page"), picture.version("message")]
    return [(v.path, v.kind, v.width, v.height, v.as_it_is) for v in versions]


def test_a_photo_of_a_phone_has_a_version_for_pages_and_one_for_messages() -> None:
    """That of pages keeps its path; the longer side has 1,600 or 1,200 pixels."""
    assert _shown(PHOTO) == [
        ("images/shop.JPG", "jpeg", 1600, 1200, False),
        ("images/shop-1200.JPG", "jpeg", 1200, 900, False),
    ]
    upright = replace(PHOTO, width=3024, height=4032)
    assert [(v[2], v[3]) for v in _shown(upright)] == [(1200, 1600), (900, 1200)]


def test_a_small_picture_without_metadata_is_left_as_it_is() -> None:
    """Pages and messages show the same file."""
    assert _shown(DRAWING) == [("images/a.png", "png", 1200, 675, True)] * 2
    assert _shown(replace(DRAWING, bare=False)) == [("images/a.png", "png", 1200, 675, False)] * 2


def test_a_logo_or_a_face_is_small_everywhere() -> None:
    """Twice the 320 pixels at which it is shown at most."""
    assert _shown(replace(PHOTO, small=True)) == [("images/shop.JPG", "jpeg", 640, 480, False)] * 2


@pytest.mark.parametrize(
    ("change", "page", "message"),
    [
        # A photo saved as PNG becomes JPEG; with transparency it stays PNG.
        ({"width": 3000, "height": 2000}, "images/a.png.jpg", "images/a.png-1200.jpg"),
        ({"size": MOST_BYTES + 1}, "images/a.png.jpg", "images/a.png.jpg"),
        ({"size": MOST_BYTES + 1, "transparent": True}, "images/a.png", "images/a.png"),
        # No Outlook shows WebP or AVIF.
        ({"kind": "webp", "path": "images/a.webp"}, "images/a.webp", "images/a.webp-1200.jpg"),
        ({"kind": "avif", "path": "images/a.avif"}, "images/a.avif", "images/a.avif-1200.jpg"),
        # The content decides, not the name.
        ({"kind": "jpeg"}, "images/a.png.jpg", "images/a.png.jpg"),
        # Drawings and animations are never made again.
        ({"kind": "svg", "path": "a.svg", "width": 0, "height": 0}, "a.svg", "a.svg"),
        ({"kind": "gif", "path": "a.gif", "animated": True, "width": 5000}, "a.gif", "a.gif"),
        (
            {"kind": "webp", "path": "a.webp", "animated": True, "width": 2400, "height": 1200},
            "a.webp",
            "a.webp-1200.jpg",
        ),
    ],
)
def test_the_kind_of_a_file_is_one_that_its_readers_show(change, page, message) -> None:
    """Programs for mail show JPEG, PNG and GIF."""
    shown = _shown(replace(DRAWING, **change))
    assert [path for path, *_ in shown] == [page, message]


def test_what_is_never_made_again_is_as_it_is() -> None:
    """Whatever its size and its metadata."""
    animation = replace(
        DRAWING, kind="gif", path="a.gif", animated=True, bare=False, size=9_000_000, width=3000
    )
    assert all(v[-1] for v in _shown(animation))


def test_the_key_and_the_content_id_follow_from_content_and_size() -> None:
    """So the same picture has the same ones in every build, and another one others."""
    version = DRAWING.version("page")
    assert version.key == replace(DRAWING, path="b.png").version("page").key
    assert version.key != replace(DRAWING, digest="b").version("page").key
    assert version.key != replace(DRAWING, width=1000).version("page").key
    assert version.cid == f"{version.key[:32]}@pictures"
