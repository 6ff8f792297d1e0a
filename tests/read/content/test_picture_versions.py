"""Versions of pictures: upright, in sRGB, small, and with nothing but their pixels."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from photos import GPS, MAKE, exif, photo, write_photo
from PIL import Image, ImageChops, ImageStat

from newsletter.errors import NewsletterError
from newsletter.model.picture import MOST_BYTES, Picture
from newsletter.read.content.picture_files import read_pictures
from newsletter.read.content.picture_versions import made_versions, version_bytes, version_file
from newsletter.read.project_files import ProjectFiles


def _picture(file: Path) -> Picture:
    files = ProjectFiles(file.parent)
    path = f"images/{file.name}"
    pictures = read_pictures({path: file}, files, in_texts=[path], small=())
    assert not files.problems
    return pictures[path]


def _made(file: Path) -> tuple[bytes, Image.Image]:
    picture = _picture(file)
    (content,) = made_versions(picture, [picture.version("page")])
    image = Image.open(io.BytesIO(content))
    image.load()
    assert image.size == (picture.version("page").width, picture.version("page").height)
    return content, image


def _difference(one: Image.Image, other: Image.Image) -> float:
    """Return how much two pictures differ on average: 0 to 255."""
    difference = ImageChops.difference(one.convert("RGB"), other.convert("RGB"))
    return max(ImageStat.Stat(difference).mean)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_upright(tmp_path: Path, orientation: int) -> None:
    """Large or small, and says nothing of a turn any more."""
    for width in (120, 2400):
        turned = {
            1: None,
            2: Image.Transpose.FLIP_LEFT_RIGHT,
            3: Image.Transpose.ROTATE_180,
            4: Image.Transpose.FLIP_TOP_BOTTOM,
            5: Image.Transpose.TRANSPOSE,
            6: Image.Transpose.ROTATE_90,
            7: Image.Transpose.TRANSVERSE,
            8: Image.Transpose.ROTATE_270,
        }[orientation]
        upright = photo(width, width // 4 * 3)
        # The sensor sees the upright picture turned the other way.
        on_sensor = upright if turned is None else upright.transpose(turned)
        on_sensor.save(tmp_path / "a.jpg", quality=95, exif=exif(orientation=orientation))
        _, image = _made(tmp_path / "a.jpg")
        assert dict(image.getexif()) == {}
        assert _difference(image, upright.resize(image.size)) < 6


@pytest.mark.parametrize("width", [300, 3000])
def test_nothing_but_pixels_is_left(tmp_path: Path, width: int) -> None:
    """Neither where a photo was taken nor by what, also if it needs no other size."""
    for name in ("a.jpg", "a.png", "a.webp"):
        photo(width, width // 2).save(tmp_path / name, exif=exif(), comment=b"at home")
        source = (tmp_path / name).read_bytes()
        content, image = _made(tmp_path / name)
        assert b"Phone of Maya" in source
        assert b"Phone of Maya" not in content
        assert b"at home" not in content
        assert not {MAKE, GPS} & set(image.getexif())
        assert not {"exif", "comment", "xmp", "icc_profile"} & set(image.info)


def test_a_small_photo_without_its_metadata_looks_the_same(tmp_path: Path) -> None:
    """It is compressed as the camera did."""
    file = write_photo(tmp_path / "a.jpg", width=400, height=300)
    _, image = _made(file)
    before = Image.open(io.BytesIO(file.read_bytes()))
    assert _difference(image, before) < 0.5
    assert image.quantization == before.quantization


def test_a_large_file_becomes_a_small_one(tmp_path: Path) -> None:
    """Even noise, which no compression likes."""
    noise = Image.effect_noise((2600, 2000), 90)
    Image.merge("RGB", (noise, noise.rotate(90, expand=False), noise)).save(
        tmp_path / "a.jpg", quality=98
    )
    content, _ = _made(tmp_path / "a.jpg")
    assert (tmp_path / "a.jpg").stat().st_size > 5_000_000
    assert len(content) < 2 * MOST_BYTES


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_stays(tmp_path: Path, mode: str) -> None:
    """Its corner is see-through before and after."""
    image = photo(2000, 1000).convert("RGBA")
    image.paste((0, 0, 0, 0), (1000, 0, 2000, 500))
    image.convert(mode).save(tmp_path / "a.png")
    _, made = _made(tmp_path / "a.png")
    alpha = made.convert("RGBA").getchannel("A")
    assert (alpha.getpixel((1590, 10)), alpha.getpixel((10, 10))) == (0, 255)


def test_sixteen_bits_of_grey_stay_grey(tmp_path: Path) -> None:
    """Not white, which a plain conversion makes of it."""
    Image.new("I;16", (2000, 1000), 128 * 257).save(tmp_path / "a.png")
    _, image = _made(tmp_path / "a.png")
    assert abs(image.convert("L").getpixel((5, 5)) - 128) <= 1


def test_colours_for_print_become_those_of_screens(tmp_path: Path) -> None:
    """CMYK is not shown by all programs, and inverted by some."""
    Image.new("RGB", (64, 64), (200, 30, 30)).convert("CMYK").save(tmp_path / "a.jpg", quality=95)
    _, image = _made(tmp_path / "a.jpg")
    assert image.mode == "RGB"
    assert _difference(image, Image.new("RGB", (64, 64), (200, 30, 30))) < 8


def test_the_bytes_are_the_same_each_time(tmp_path: Path) -> None:
    """For pages and for messages, alone or together."""
    picture = _picture(write_photo(tmp_path / "a.jpg"))
    both = [picture.version("page"), picture.version("message")]
    assert made_versions(picture, both) == made_versions(picture, both)


def test_a_photo_that_breaks_off_is_named(tmp_path: Path) -> None:
    """With its file and the cure."""
    file = write_photo(tmp_path / "a.jpg")
    file.write_bytes(file.read_bytes()[:-5000])
    picture = _picture(file)
    with pytest.raises(NewsletterError) as caught:
        made_versions(picture, [picture.version("page")])
    (problem,) = caught.value.problems
    assert problem.message.startswith("the picture is damaged: image file is truncated")
    assert str(problem.at) == "a.jpg"
    assert "copy it again" in problem.hint


def test_a_version_is_the_file_itself_or_lies_in_the_folder_or_is_made(tmp_path: Path) -> None:
    """A missing file of the folder is made anew."""
    drawing = tmp_path / "a.png"
    photo(80, 60).save(drawing)
    version = _picture(drawing).version("page")
    assert version_file(version, None) == drawing
    assert version_bytes(version) == drawing.read_bytes()

    version = _picture(write_photo(tmp_path / "b.jpg")).version("page")
    assert version_file(version, None) is None
    made = version_bytes(version, tmp_path)
    (tmp_path / version.key).write_bytes(b"made before")
    assert made.startswith(b"\xff\xd8\xff")
    assert version_bytes(version, tmp_path) == b"made before"
