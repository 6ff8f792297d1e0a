"""Makes versions of pictures: upright, in sRGB, small, only pixels; of drawings clean ones."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from newsletter.errors import NewsletterError, Place
from newsletter.model.picture import MOST_BYTES, Kind, Picture, Version
from newsletter.read.content.svg import cleaned_svg

_QUALITIES = (82, 68, 50)
"""Of JPEG, WebP and AVIF: the first whose file is small enough."""
_SRGB = ImageCms.createProfile("sRGB")
_COPY_AGAIN = "the file breaks off or is damaged: copy it again from the phone, camera or computer"


def version_bytes(version: Version, made: Path | None = None) -> bytes:
    """
    Return the bytes of a version: of the folder *made*, of the picture itself, or made anew.

    Raises:
        NewsletterError: the picture is damaged.
    """
    with suppress(OSError):
        if file := version_file(version, made):
            return file.read_bytes()
    return made_versions(version.picture, [version])[0]


def version_file(version: Version, made: Path | None) -> Path | None:
    """Return the file that holds a version: the picture itself, or one in the folder *made*."""
    if version.as_it_is:
        return version.picture.file
    return made / version.key if made else None


def made_versions(picture: Picture, versions: Sequence[Version]) -> list[bytes]:
    """
    Return the bytes of *versions* of a picture, which is read once: the same in every build.

    Raises:
        NewsletterError: the picture is damaged.
    """
    try:
        data = picture.file.read_bytes()
        if picture.kind == "svg":
            return [cleaned_svg(data)[0] for _ in versions]
        only = [version.measures for version in versions] == [_unchanged(picture)]
        if only and (content := _without_metadata(data, picture)):
            return [content]
        image = _upright(data, max((version.width, version.height) for version in versions))
        return [_encoded(image, version) for version in versions]
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError) as error:
        message = f"the picture is damaged: {error}"
        place = Place(path=picture.shown)
        raise NewsletterError.at(message, place, hint=_COPY_AGAIN) from error


def _unchanged(picture: Picture) -> tuple[Kind, int, int]:
    return picture.kind, picture.width, picture.height


def _without_metadata(data: bytes, picture: Picture) -> bytes | None:
    """Return a small JPEG saved as it was, but for its metadata; None if more must change."""
    if picture.kind != "jpeg" or picture.size > MOST_BYTES:
        return None
    image = Image.open(io.BytesIO(data))
    turned = image.getexif().get(0x0112, 1) != 1
    if image.format != "JPEG" or image.mode not in ("L", "RGB") or turned:
        return None
    if image.info.get("icc_profile"):
        return None
    image.load()
    image.info.clear()
    return _saved(image, "JPEG", quality="keep", optimize=True)


def _upright(data: bytes, size: tuple[int, int]) -> Image.Image:
    """Return the decoded picture, turned upright, in sRGB; a large photo at a fraction."""
    image: Image.Image = Image.open(io.BytesIO(data))
    wide, high = sorted(size, reverse=image.width > image.height)
    image.draft(None, (wide, high))
    image.load()
    profile = image.info.get("icc_profile")
    turned = ImageOps.exif_transpose(image) or image
    return _in_srgb(_with_eight_bits(turned), profile)


def _with_eight_bits(image: Image.Image) -> Image.Image:
    """Return the picture in one of the modes L, LA, RGB, RGBA and CMYK."""
    if image.mode.startswith("I") or image.mode == "F":  # 16 bits of grey
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("P", "PA", "1") or "transparency" in image.info:
        transparent = image.mode == "PA" or "transparency" in image.info
        grey = image.mode in ("1", "L")
        return image.convert(("LA" if grey else "RGBA") if transparent else "L" if grey else "RGB")
    return image if image.mode in ("L", "LA", "RGB", "RGBA", "CMYK") else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the picture in the colours of the web; a profile that makes no sense is ignored."""
    mode = {"CMYK": "RGB", "LA": "LA", "L": "L"}.get(image.mode, image.mode)
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode=mode)
        except (ImageCms.PyCMSError, OSError):
            converted = None
        if converted is not None:
            return converted
    return image if image.mode == mode else image.convert(mode)


def _encoded(image: Image.Image, version: Version) -> bytes:
    """Return the picture as a file of the version's kind and size, without any metadata."""
    if image.size != (version.width, version.height):
        image = image.resize((version.width, version.height), Image.Resampling.LANCZOS)
    image.info = {}
    if version.kind == "png":
        return _png(image)
    if version.kind == "gif":
        return _saved(image, "GIF")
    if version.kind == "jpeg":
        return _jpeg(image, version.picture)
    if version.kind == "avif":
        return _small(image, "AVIF", max_threads=1)  # with more, the bytes might differ
    return _small(image, "WEBP", method=4)


def _png(image: Image.Image) -> bytes:
    """Return a PNG; with 256 colours if it would be too large."""
    content = _saved(image, "PNG")
    if len(content) <= MOST_BYTES:
        return content
    few = image.convert("RGBA").quantize(256, method=Image.Quantize.FASTOCTREE)
    return min(content, _saved(few, "PNG"), key=len)


def _jpeg(image: Image.Image, picture: Picture) -> bytes:
    if image.mode in ("RGBA", "LA"):
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")
    # Drawings and screenshots keep sharp edges; photos need no more colour than the camera wrote.
    subsampling = 2 if picture.kind == "jpeg" else 0
    return _small(image, "JPEG", optimize=True, progressive=True, subsampling=subsampling)


def _small(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return the first file that is small enough, else the smallest."""
    content = b""
    for quality in _QUALITIES:
        content = _saved(image, kind, quality=quality, **options)
        if len(content) <= MOST_BYTES:
            break
    return content


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()
