"""Photos as phones take them: large, turned, with the place where they were taken."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F
HEIC = b"\0\0\0\x24ftypheic\0\0\0\0mif1heic" + bytes(200)
"""The beginning of a photo of an iPhone, whatever its name says."""


def photo(width: int = 2000, height: int = 1500) -> Image.Image:
    """Return a picture with soft colours, red in its upper left quarter."""
    red = Image.new("RGB", (width // 2, height // 2), "red")
    image = Image.merge(
        "RGB",
        [
            Image.linear_gradient("L").resize((width, height)),
            Image.radial_gradient("L").resize((width, height)),
            Image.new("L", (width, height), 128),
        ],
    )
    image.paste(red)
    return image


def exif(*, orientation: int = 1) -> Image.Exif:
    """Return what a phone writes into a photo: its make, how it was held, and where."""
    data = Image.Exif()
    data[MAKE] = "Phone of Maya"
    data[ORIENTATION] = orientation
    data.get_ifd(GPS)[1] = "N"
    data.get_ifd(GPS)[2] = (52.0, 31.0, 12.0)
    return data


def write_photo(
    file: Path, *, width: int = 2000, height: int = 1500, orientation: int = 1
) -> Path:
    """Write a photo with its metadata; *width* and *height* are those of the sensor."""
    file.parent.mkdir(parents=True, exist_ok=True)
    photo(width, height).save(file, quality=92, exif=exif(orientation=orientation))
    return file
