"""A picture of content/, and the versions of it that pages and messages show."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from newsletter.model.key import key_of

Kind = Literal["jpeg", "png", "gif", "webp", "avif", "svg"]
Use = Literal["page", "message"]
"""Where a picture is shown."""

ENDINGS: dict[Kind, tuple[str, ...]] = {
    "jpeg": (".jpg", ".jpeg"),
    "png": (".png",),
    "gif": (".gif",),
    "webp": (".webp",),
    "avif": (".avif",),
    "svg": (".svg",),
}
"""Kind → the endings of its files, the usual one first."""
LONGEST: dict[Use, int] = {"page": 1600, "message": 1200}
"""Most pixels of the longer side: twice the width at which it is shown, for sharp screens."""
LONGEST_SMALL = 640
"""The same of logos and faces."""
MOST_BYTES = 400_000
"""A larger file is compressed again, whatever its pixels."""
_IN_MESSAGES = {"jpeg", "png", "gif", "svg"}
"""SVG is shown by no mail program; a remark says so."""
CID_DOMAIN = "pictures"


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture as somebody put it into content/images/."""

    path: str
    """Below content/: images/shop.jpg. Of a theme: assets/logo.png."""
    file: Path
    shown: str = ""
    """The file as the user would type it."""
    digest: str
    """Hash of its bytes."""
    kind: Kind
    """By its content, whatever its name says."""
    width: int
    """In pixels, upright; 0 of an SVG, whose size is that of its place."""
    height: int
    size: int
    """Bytes."""
    bare: bool = True
    """Whether the file has nothing but pixels in sRGB: no place, date, thumbnail or profile."""
    lost: tuple[str, ...] = ()
    """What is left out of an SVG when it is published: scripts, and what it would load."""
    transparent: bool = False
    """Whether it may have transparent pixels."""
    animated: bool = False
    small: bool = False
    """Whether it is always shown small: the logo or a face, and in no text."""

    def version(self, use: Use) -> Version:
        """Return the version for a use; uses share one whose pixels are the same."""
        page = self._fitted("page")
        version = page if use == "page" else self._fitted(use)
        if version.measures == page.measures:
            return page
        path = PurePosixPath(version.path)
        numbered = path.with_name(f"{path.stem}-{self._longest(use)}{path.suffix}")
        return Version(self, str(numbered), version.kind, version.width, version.height)

    def _fitted(self, use: Use) -> Version:
        kind = self._kind(use)
        width, height = self.width, self.height
        longest, most = max(width, height), self._longest(use)
        if longest > most and not self._is_left(use):
            width, height = (max(1, round(side * most / longest)) for side in (width, height))
        path = self.path
        if PurePosixPath(path).suffix.lower() not in ENDINGS[kind]:
            path += ENDINGS[kind][0]
        return Version(self, path, kind, width, height)

    def _longest(self, use: Use) -> int:
        return LONGEST_SMALL if self.small else LONGEST[use]

    def _is_left(self, use: Use) -> bool:
        """Return whether it is never made again: drawings and animations."""
        return self.kind == "svg" or (
            self.animated and (use == "page" or self.kind in _IN_MESSAGES)
        )

    def _kind(self, use: Use) -> Kind:
        if self._is_left(use):
            return self.kind
        shown = use == "page" or self.kind in _IN_MESSAGES
        large = self.size > MOST_BYTES or max(self.width, self.height) > LONGEST["page"]
        if shown and not (large and self.kind in ("png", "gif")):
            return self.kind
        return "png" if self.transparent or self.kind == "gif" else "jpeg"


@dataclass(frozen=True)
class Version:
    """A file that is made from a picture, or the picture itself."""

    picture: Picture
    path: str
    """On the site."""
    kind: Kind
    width: int
    height: int

    @property
    def measures(self) -> tuple[Kind, int, int]:
        """The kind of the file with its width and height in pixels."""
        return self.kind, self.width, self.height

    @property
    def as_it_is(self) -> bool:
        """Whether it is the picture itself, byte for byte."""
        picture = self.picture
        if picture.animated and self.kind == picture.kind:
            return True
        same = self.measures == (picture.kind, picture.width, picture.height)
        return same and picture.bare and picture.size <= MOST_BYTES

    @property
    def pixels(self) -> bool:
        """
        Whether the file has nothing but pixels.

        Drawings have texts, animations their remarks, and behind a GIF or WebP more may follow.
        """
        if self.as_it_is:
            return self.picture.kind in ("jpeg", "png") and not self.picture.animated
        return self.kind != "svg"

    @property
    def key(self) -> str:
        """Key of everything that its bytes are made from."""
        return key_of(self.picture.digest, *self.measures, self.as_it_is)

    @property
    def cid(self) -> str:
        """Its address in messages that carry their pictures (RFC 2392), without `cid:`."""
        return f"{self.key[:32]}@{CID_DOMAIN}"
