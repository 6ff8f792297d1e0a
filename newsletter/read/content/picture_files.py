"""Looks at the pictures that texts and settings name, and explains those that nobody could see."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from PIL import Image, UnidentifiedImageError

from newsletter.errors import Place, Problem
from newsletter.model.picture import Kind, Picture
from newsletter.read.content.svg import UnreadableSvgError, cleaned_svg
from newsletter.read.project_files import ProjectFiles

Image.MAX_IMAGE_PIXELS = None  # the limit is ours, below, and has a cure
_MOST_PIXELS = 120_000_000
"""Of a picture that is decoded whole, which takes four bytes for each."""
_MOST_PIXELS_OF_PHOTOS = 300_000_000
"""Of a JPEG, which is decoded at a fraction of its size."""
_KINDS: dict[str, Kind] = {
    "JPEG": "jpeg",
    "MPO": "jpeg",  # several photos in one file, as some phones write
    "PNG": "png",
    "GIF": "gif",
    "WEBP": "webp",
    "AVIF": "avif",
}
_BARE_CHUNKS = {
    *("IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "sBIT", "bKGD", "pHYs"),
    *("acTL", "fcTL", "fdAT"),
}
"""The parts of a PNG that say how it looks; others may say who made it, where and when."""
_TRANSPARENT_MODES = {"RGBA", "LA", "PA", "RGBa", "La"}
_HEIC = (
    "open it on a computer and export it as JPEG; on the iPhone, choose Settings > Camera > "
    "Formats > Most Compatible, and new photos are JPEG"
)
_AS_JPEG = "open it and save it as JPEG: 'Save as' or 'Export' in the program that shows it"
_AS_PNG = "open it and save it as PNG: 'Save as' or 'Export' in the program that shows it"
_RAW = (*(".arw", ".cr2", ".cr3", ".dng", ".nef", ".orf", ".pef", ".raf", ".raw", ".rw2", ".srw"),)
_UNSEEN = {
    **dict.fromkeys((".heic", ".heif", ".hif"), ("a HEIC photo", _HEIC)),
    **dict.fromkeys(_RAW, ("a raw photo", _AS_JPEG)),
    **dict.fromkeys((".tif", ".tiff"), ("a TIFF picture", _AS_JPEG)),
    **dict.fromkeys((".jp2", ".jxl"), ("a JPEG 2000 or JPEG XL picture", _AS_JPEG)),
    ".bmp": ("a BMP picture", _AS_PNG),
    ".ico": ("an icon", _AS_PNG),
    ".psd": ("a Photoshop file", _AS_JPEG),
    ".ai": ("a drawing", _AS_PNG),
    ".eps": ("a drawing", _AS_PNG),
    ".pdf": ("a PDF", "save its page as JPEG or PNG, or link to the PDF on your website"),
    **dict.fromkeys((".mov", ".mp4"), ("a video", "use a photo, and link to the video")),
}
"""Ending → what such a file is, and how it becomes a picture that everybody sees."""
_STARTS = (
    (re.compile(rb"....ftyp(?:hei[cxms]|hev[cx]|mif1|msf1)", re.S), ".heic"),
    (re.compile(rb"II\*\0|MM\0\*"), ".tiff"),
    (re.compile(rb"BM"), ".bmp"),
    (re.compile(rb"8BPS"), ".psd"),
    (re.compile(rb"%PDF"), ".pdf"),
    (re.compile(rb"\0\0\0\x0cJXL |\xff\x0a|\0\0\0\x0cjP  "), ".jxl"),
    (re.compile(rb"....ftyp(?!avif|avis)", re.S), ".mp4"),
)
"""First bytes of files with a wrong ending → the right one."""
_SVG = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<(?:svg|\?xml|!--|!DOCTYPE svg)", re.I)


def read_pictures(
    pictures: Mapping[str, Path],
    files: ProjectFiles,
    *,
    in_texts: Collection[str],
    small: Collection[str],
) -> dict[str, Picture]:
    """
    Return path → picture of those that texts show, and of the *small* ones: logo and faces.

    All paths are below content/, and may be those of other files. Of *pictures*, all that there
    are, no others are opened. Reports those that nobody could see.
    """
    read = {}
    for path in sorted({*in_texts, *small} & set(pictures)):
        picture = _read(path, pictures[path], files)
        if picture:
            shown = files.shown(pictures[path])
            read[path] = replace(picture, small=path not in in_texts, shown=shown)
    return read


def unseen(path: str) -> tuple[str, str] | None:
    """Return what a file of that name is if browsers do not show it, and the cure."""
    return _UNSEEN.get(PurePosixPath(path).suffix.lower())


def _read(path: str, file: Path, files: ProjectFiles) -> Picture | None:
    """Return the picture, or None after reporting why it is none."""
    try:
        stat = file.stat()
    except OSError:
        return None

    def look(problems: list[Problem]) -> Picture | None:
        seen = _look(path, file)
        if isinstance(seen, Picture):
            return seen
        message, hint = seen
        problems.append(Problem(message, Place(path=files.shown(file)), hint=hint))
        return None

    # Photos are too large to be read again after each save.
    state = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
    key = ("picture", path, str(file), *state)
    return files.parsed.result(key, look, problems=files.problems)


def _look(path: str, file: Path) -> Picture | tuple[str, str]:
    """Return the picture, or what is wrong with it and the cure."""
    try:
        data = file.read_bytes()
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        return f"the picture cannot be read: {reason}", "look at its permissions"
    if _SVG.match(data):
        return _drawing(path, file, data)
    return _wrong_kind(data) or _decoded(path, file, data)


def _drawing(path: str, file: Path, data: bytes) -> Picture | tuple[str, str]:
    try:
        _, lost = cleaned_svg(data)
    except UnreadableSvgError as error:
        return error.message, error.hint
    return _picture(path, file, data, kind="svg", width=0, height=0, bare=False, lost=lost)


def _wrong_kind(data: bytes) -> tuple[str, str] | None:
    """Return what a file is that only has the name of a picture, and the cure."""
    if not data:
        return "the file is empty", "copy the picture again"
    ending = next((ending for start, ending in _STARTS if start.match(data)), "")
    if not ending:
        return None
    what, cure = _UNSEEN[ending]
    return f"this is {what}, whatever its name says; browsers do not show it", cure


def _decoded(path: str, file: Path, data: bytes) -> Picture | tuple[str, str]:
    try:
        with Image.open(io.BytesIO(data)) as image:
            return _opened(path, file, data, image)
    except UnidentifiedImageError:
        return "this is no picture, or a damaged one", f"if a program shows it, {_AS_JPEG}"
    except (OSError, ValueError, SyntaxError, MemoryError, EOFError) as error:
        return f"the picture is damaged: {error}", "copy it again from the camera or the computer"


def _opened(path: str, file: Path, data: bytes, image: Image.Image) -> Picture | tuple[str, str]:
    kind = _KINDS.get(image.format or "")
    if kind is None:
        return f"this is a {image.format} picture, which browsers do not show", _AS_JPEG
    width, height = image.size
    most = _MOST_PIXELS_OF_PHOTOS if kind == "jpeg" else _MOST_PIXELS
    if width * height > most:
        return (
            f"the picture has {width:,} × {height:,} pixels; at most {most:,} are read",
            "make it smaller: 3,000 pixels on the longer side are plenty",
        )
    if _orientation(image) > 4:
        width, height = height, width
    return _picture(
        path,
        file,
        data,
        kind=kind,
        width=width,
        height=height,
        bare=_is_bare(kind, image, data),
        transparent=image.mode in _TRANSPARENT_MODES or "transparency" in image.info,
        animated=kind != "jpeg" and bool(getattr(image, "is_animated", False)),
    )


def _picture(path: str, file: Path, data: bytes, **values: object) -> Picture:
    digest = hashlib.sha256(data).hexdigest()
    return Picture(path=path, file=file, digest=digest, size=len(data), **values)  # type: ignore[arg-type]  # as its fields say


def _orientation(image: Image.Image) -> int:
    """Return how the picture is turned, 1–8 (EXIF); 5–8 exchange width and height."""
    return int(image.getexif().get(0x0112, 1) or 1)


def _is_bare(kind: Kind, image: Image.Image, data: bytes) -> bool:
    info = image.info
    if kind == "png":
        return _png_chunks(data) <= _BARE_CHUNKS
    if kind == "jpeg":
        markers = {name for name, _ in getattr(image, "applist", ())}
        bare = markers <= {"APP0", "APP14"} and "comment" not in info
        return bare and image.mode in ("L", "RGB") and data.endswith(b"\xff\xd9")
    if kind == "gif":
        return not {"comment", "extension"} & set(info) or bool(
            getattr(image, "is_animated", False)
        )
    return not any(info.get(name) for name in ("exif", "xmp", "icc_profile"))


def _png_chunks(data: bytes) -> set[str]:
    """Return the names of the chunks of a PNG; one that nobody knows if it ends elsewhere."""
    names, at = set(), 8
    while at + 8 <= len(data):
        length, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        names.add(name.decode("latin-1"))
        at += 12 + length
        if name == b"IEND":
            break
    return names if at == len(data) and "IEND" in names else names | {"?"}
