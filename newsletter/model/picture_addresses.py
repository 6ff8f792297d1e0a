"""The addresses of pictures in messages: on the website, or inside the message itself."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from newsletter.model.config import Config
from newsletter.model.picture import Picture, Version
from newsletter.model.project import Project

CARRIED = "private/pictures"
"""Folder of the pictures that messages carry, for the pages that show messages."""


def message_address(version: Version, config: Config) -> str:
    """Return the address of a picture in messages, which carry it themselves as `cid:…`."""
    return f"cid:{version.cid}" if config.carries_pictures else page_address(version, config)


def page_address(version: Version, config: Config) -> str:
    """Return the address of a picture on the website."""
    return f"{config.business.website}/{quote(version.path)}"


def picture_at(path: str, project: Project) -> Picture | None:
    """Return the picture of a path on the site: its path below content/, or with an ending."""
    images = project.images
    return images.get(path) or images.get(path.rpartition(".")[0])


def carried(project: Project) -> Mapping[str, Version]:
    """Return Content-ID → picture, of all that messages may carry; none if they load them."""
    if not project.config.carries_pictures:
        return {}
    versions = (picture.version("message") for picture in project.images.values())
    return {version.cid: version for version in versions}


def photo_addresses(project: Project, *, on_pages: bool = False) -> Mapping[str, str]:
    """Return id of a team member → address of their photo in messages, or on pages."""
    address = page_address if on_pages else message_address
    return {
        member.id: address(project.images[member.photo].version("message"), project.config)
        for member in project.config.team
        if member.photo in project.images
    }
