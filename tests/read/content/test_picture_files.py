"""Pictures are looked at by their content; those that nobody could see are explained."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import pytest
from photos import HEIC, exif, photo, write_photo
from PIL import Image, ImageCms, PngImagePlugin

from newsletter.errors import Problem
from newsletter.model.picture import Picture
from newsletter.read.content.picture_files import read_pictures, unseen
from newsletter.read.project_files import ParsedFiles, ProjectFiles


def _read(root: Path, *names: str) -> tuple[dict[str, Picture], list[Problem]]:
    files = ProjectFiles(root)
    pictures = {f"images/{f.name}": f for f in (root / "content/images").iterdir()}
    paths = {f"images/{name}" for name in names} or set(pictures)
    return read_pictures(pictures, files, in_texts=paths, small=()), files.problems


def _one(root: Path, name: str, content: bytes) -> Picture:
    file = root / "content/images" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    pictures, problems = _read(root, name)
    assert not problems
    return pictures[f"images/{name}"]


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def test_only_named_pictures_are_opened(tmp_path: Path) -> None:
    """A folder of a thousand photos costs nothing but the few that a text shows."""
    write_photo(tmp_path / "content/images/a.jpg", width=64, height=48)
    (tmp_path / "content/images/b.jpg").write_bytes(b"no picture")
    pictures, problems = _read(tmp_path, "a.jpg", "gone.jpg", "../updates/x.md")
    assert (list(pictures), problems) == (["images/a.jpg"], [])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_width_and_height_are_those_of_the_upright_picture(tmp_path, orientation) -> None:
    """From the fifth orientation on, the phone was held upright."""
    picture = _one(
        tmp_path, "a.jpg", _saved(photo(80, 60), "JPEG", exif=exif(orientation=orientation))
    )
    assert (picture.width, picture.height) == ((80, 60) if orientation < 5 else (60, 80))
    assert not picture.bare


def _png_with_text() -> bytes:
    about = PngImagePlugin.PngInfo()
    about.add_text("Author", "Maya")
    return _saved(photo(8, 8), "PNG", pnginfo=about)


_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize(
    ("name", "content", "bare"),
    [
        ("a.jpg", _saved(photo(8, 8), "JPEG"), True),
        ("a.jpg", _saved(photo(8, 8), "JPEG", exif=exif()), False),
        ("a.jpg", _saved(photo(8, 8), "JPEG", comment=b"at home"), False),
        ("a.jpg", _saved(photo(8, 8), "JPEG", icc_profile=_SRGB), False),
        ("a.jpg", _saved(photo(8, 8), "JPEG") + b"a film behind the photo", False),
        ("a.jpg", _saved(photo(8, 8).convert("CMYK"), "JPEG"), False),
        ("a.png", _saved(photo(8, 8), "PNG"), True),
        ("a.png", _png_with_text(), False),
        ("a.png", _saved(photo(8, 8), "PNG", exif=exif()), False),
        ("a.png", _saved(photo(8, 8), "PNG") + b"something behind it", False),
        ("a.gif", _saved(photo(8, 8), "GIF"), True),
        ("a.gif", _saved(photo(8, 8), "GIF", comment=b"at home"), False),
        ("a.webp", _saved(photo(8, 8), "WEBP"), True),
        ("a.webp", _saved(photo(8, 8), "WEBP", exif=exif()), False),
        ("a.avif", _saved(photo(8, 8), "AVIF"), True),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", False),
    ],
)
def test_a_picture_with_anything_but_pixels_is_not_bare(tmp_path, name, content, bare) -> None:
    """Place, author, comments, profiles, and whatever follows the picture in its file."""
    assert _one(tmp_path, name, content).bare is bare


def test_kind_transparency_and_animation_come_from_the_content(tmp_path: Path) -> None:
    """Whatever the name says."""
    glass = photo(8, 8)
    glass.putalpha(100)
    moving = {"save_all": True, "append_images": [Image.new("RGB", (8, 8))]}
    assert _one(tmp_path, "a.png", _saved(photo(8, 8), "JPEG")).kind == "jpeg"
    assert _one(tmp_path, "b.PNG", _saved(glass, "PNG")).transparent
    assert not _one(tmp_path, "c.png", _saved(photo(8, 8), "PNG")).transparent
    assert _one(tmp_path, "d.gif", _saved(photo(8, 8), "GIF", **moving)).animated
    assert not _one(tmp_path, "e.gif", _saved(photo(8, 8), "GIF")).animated


def _bomb() -> bytes:
    """Return a PNG of a few bytes that says it has 3,600 million pixels."""
    size = (60_000).to_bytes(4) * 2 + b"\x08\x02\0\0\0"
    parts = [(b"IHDR", size), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    chunks = [
        len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)
        for name, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


_AS_JPEG = "open it and save it as JPEG: 'Save as' or 'Export' in the program that shows it"


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        (
            HEIC,
            "this is a HEIC photo, whatever its name says; browsers do not show it",
            "open it on a computer and export it as JPEG; on the iPhone, choose Settings > Camera "
            "> Formats > Most Compatible, and new photos are JPEG",
        ),
        (
            _saved(photo(8, 8), "TIFF"),
            "this is a TIFF picture, whatever its name says; browsers do not show it",
            _AS_JPEG,
        ),
        (b"", "the file is empty", "copy the picture again"),
        (b"<html>", "this is no picture, or a damaged one", f"if a program shows it, {_AS_JPEG}"),
        (
            _bomb(),
            "the picture has 60,000 × 60,000 pixels; at most 120,000,000 are read",
            "make it smaller: 3,000 pixels on the longer side are plenty",
        ),
    ],
    ids=["heic", "tiff", "empty", "web page", "bomb"],
)
def test_what_nobody_could_see_is_explained(tmp_path: Path, content, message, hint) -> None:
    """With the name of the file and the way to a picture, before it is decoded."""
    file = tmp_path / "content/images/photo.jpg"
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    _, (problem,) = _read(tmp_path)
    assert (problem.message, problem.hint) == (message, hint)
    assert str(problem.at) == "content/images/photo.jpg"


@pytest.mark.parametrize("name", ["a.HEIC", "a.tif", "a.bmp", "a.CR2", "a.pdf", "a.mov"])
def test_files_with_the_ending_of_no_web_picture_are_named(name: str) -> None:
    """A picture of the web is not."""
    assert unseen(f"images/{name}")
    assert unseen("images/a.jpeg") is None


def test_a_photo_is_not_read_again_until_it_changes(tmp_path: Path) -> None:
    """A project in memory looks at its state only."""
    file = write_photo(tmp_path / "content/images/a.jpg", width=64, height=48)
    parsed = ParsedFiles()
    seen = []
    for width in (64, 64, 80):
        if width != 64:
            write_photo(file, width=width, height=48)
        files = ProjectFiles(tmp_path, parsed=parsed)
        pictures = read_pictures(
            {"images/a.jpg": file}, files, in_texts=["images/a.jpg"], small=()
        )
        seen.append((pictures["images/a.jpg"].width, parsed.parses))
    assert seen == [(64, 1), (64, 1), (80, 2)]
