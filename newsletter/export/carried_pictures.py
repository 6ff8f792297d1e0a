"""The pictures inside messages (RFC 2387, RFC 2392): each is read and encoded once."""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from newsletter.model.picture import CID_DOMAIN, Version
from newsletter.model.picture_addresses import carried
from newsletter.model.project import Project
from newsletter.model.template import MessageTemplate, texts_of
from newsletter.read.content.picture_versions import version_bytes

_CID = re.compile(rb"cid:([0-9a-f]{32}@%s)" % CID_DOMAIN.encode())
_PLAIN_NAME = re.compile(r"[\w.-]+", re.ASCII)
_LINE = 57
"""Bytes of a line of 76 characters (RFC 2045)."""
_PART = """
Content-Type: image/{kind}; name="{name}"
Content-Transfer-Encoding: base64
Content-ID: <{cid}>
Content-Disposition: inline; filename="{name}"

{base64}--{boundary}"""


class CarriedPictures:
    """The pictures that the messages of a project carry."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._parts: dict[tuple[str, str], bytes] = {}

    @cached_property
    def versions(self) -> Mapping[str, Version]:
        """Content-ID → picture."""
        return carried(self._project)

    def are_in(self, template: MessageTemplate) -> bool:
        """Return whether any message of this template may carry a picture."""
        if not self._project.config.carries_pictures:
            return False
        printed = any("manager_photo" in slot.expression for slot in template.slots)
        return printed or any("cid:" in text for text in texts_of(template.html))

    def part(self, cid: str, boundary: str) -> bytes:
        """Return a picture as a part of messages; it ends with the next line of *boundary*."""
        if (cid, boundary) not in self._parts:
            version = self.versions[cid]
            content = version_bytes(version, self._project.made_pictures)
            lines = (content[at : at + _LINE] for at in range(0, len(content), _LINE))
            part = _PART.format(
                kind="svg+xml" if version.kind == "svg" else version.kind,
                name=_name(version),
                cid=cid,
                base64=b"".join(map(binascii.b2a_base64, lines)).decode("ascii"),
                boundary=boundary,
            )
            self._parts[cid, boundary] = part.encode("ascii")
        return self._parts[cid, boundary]


def _name(version: Version) -> str:
    """Return a file name that every mail program can write."""
    path = PurePosixPath(version.path)
    plain = _PLAIN_NAME.fullmatch(path.name)
    return path.name if plain else f"picture-{version.key[:8]}{path.suffix}"


@dataclass(frozen=True)
class PictureParts:
    """Writes the parts after the HTML of messages, between the lines of a boundary."""

    pictures: CarriedPictures
    boundary: str
    end: bytes
    """What follows the last line of the boundary."""

    def after(self, content: bytes) -> list[bytes]:
        """Return the pictures that a message shows as parts, and the end of the message."""
        unfolded = content.replace(b"=\n", b"")  # quoted-printable breaks long lines anywhere
        cids = dict.fromkeys(match.decode("ascii") for match in _CID.findall(unfolded))
        shown = (cid for cid in cids if cid in self.pictures.versions)
        parts = [self.pictures.part(cid, self.boundary) for cid in shown]
        return [*parts, b"--\n", self.end]
