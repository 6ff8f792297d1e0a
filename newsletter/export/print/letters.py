"""letters.pdf: letters with the address in the window of the envelope."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from typing import Any, get_args
from urllib.parse import unquote

from newsletter.export.print.blocks import blocks_of
from newsletter.export.print.paper import window_of
from newsletter.export.print.post import PostItem, no_more_post
from newsletter.export.print.scripts import font_stack
from newsletter.export.print.typst import Document, Press, batches
from newsletter.model.artifact import Artifact
from newsletter.model.config import Business, Config
from newsletter.model.language import direction_of_text, text_direction
from newsletter.model.picture import Kind, Picture, Version
from newsletter.model.picture_addresses import photo_addresses, picture_at
from newsletter.model.project import Project
from newsletter.model.team import TeamMember
from newsletter.read.content.picture_versions import version_bytes
from newsletter.render.language_filters import language_filters
from newsletter.render.view import by_name

MOST = 200
"""Letters of one file."""


def letters(
    project: Project, items: Sequence[PostItem], *, press: Press, day: dt.date, folder: str
) -> Iterator[Artifact]:
    """Yield letters.pdf, then letters-2.pdf and so on with 200 letters each."""
    document = letters_document(project, day)
    return batches(press, f"{folder}/letters", document, items, most=MOST)


def letters_document(project: Project, day: dt.date) -> Document:
    """Return the document of letters."""
    return Document(
        theme=project.theme,
        templates=("print/base.typ", "print/text.typ", "print/letter.typ"),
        data=lambda items, _: letters_data(project, items),
        day=day,
    )


def letters_data(project: Project, items: Sequence[PostItem]) -> dict[str, object]:
    """Return the data for print/letter.typ; lengths in millimetres, pictures as bytes."""
    config, pictures = project.config, Pictures(project)
    return {
        "window": asdict(window_of(config.output.letters, config.business.country)),
        "business": letterhead(config.business),
        "accent": project.theme.values["accent"],
        "letters": [_letter(project, item, pictures) for item in items],
        "pictures": pictures.data,
    }


class Pictures:
    """The pictures that letters contain, each read once; *kinds* are those that can be shown."""

    def __init__(self, project: Project, kinds: Collection[Kind] = get_args(Kind)) -> None:
        self._project, self._website = project, f"{project.config.business.website}/"
        self._kinds = kinds
        self.data: dict[str, bytes] = {}
        self.versions: dict[str, Version] = {}

    def key(self, address: str) -> str:
        """Return the key of the picture in `data`; empty: it cannot be printed."""
        picture = self._photos.get(address)
        if picture is None and address.startswith(self._website):
            picture = picture_at(unquote(address.removeprefix(self._website)), self._project)
        version = picture.version("message") if picture else None
        if picture is None or version is None or version.kind not in self._kinds:
            return ""
        if picture.path not in self.data:
            self.versions[picture.path] = version
            self.data[picture.path] = version_bytes(version, self._project.made_pictures)
        return picture.path

    @cached_property
    def _photos(self) -> Mapping[str, Picture]:
        """The photos of the team by their addresses in messages."""
        project = self._project
        photos = {member.id: member.photo for member in project.config.team}
        addresses = photo_addresses(project)
        return {address: project.images[photos[key]] for key, address in addresses.items()}


def letterhead(business: Business) -> dict[str, Any]:
    """Return the sender; the name, printed above, is not part of the address lines."""
    parts = [part.strip() for part in re.split(r",|\n", business.postal_address) if part.strip()]
    lines = parts[1:] if parts[0] == business.name else parts
    ways = (business.phone, business.email, re.sub(r"^https?://", "", business.website))
    return {
        "name": business.name,
        "lines": lines,
        "ways": [way for way in ways if way],
        "sender": " · ".join([business.name, *lines]),
    }


def _letter(project: Project, item: PostItem, pictures: Pictures) -> dict[str, Any]:
    return letter_values(project, item) | {"body": blocks_of(item.html, picture=pictures.key)}


def letter_values(project: Project, item: PostItem) -> dict[str, Any]:
    """Return the data of a letter besides its text."""
    config, theme = project.config, project.theme
    words = by_name(theme.words, item.language, config.language)
    date = language_filters(item.language, business=config.business)["date"]
    return {
        "language": item.language,
        "direction": text_direction(item.language),
        "fonts": font_stack(theme.values["font_print"], item.language),
        "address": [{"text": line, "direction": direction_of_text(line)} for line in item.lines],
        "date": date(item.date),
        "tagline": config.business.tagline.in_language(item.language, config.language),
        "subject": item.subject,
        "greeting": f"{item.greeting}," if item.greeting else "",
        "closing": item.closing,
        "contact": _contact(config.member(item.member), item, config, words),
        "no_more_post": no_more_post(project, item.language),
        "voucher": _voucher(item, words, until=date(item.expires) if item.expires else ""),
    }


def _contact(
    member: TeamMember, item: PostItem, config: Config, words: Mapping[str, str]
) -> dict[str, str]:
    return {
        "label": words["your_contact"] + words["colon"],
        "name": member.name,
        "role": member.role.in_language(item.language, config.language),
        "phone": member.phone,
        "email": member.email or "",
    }


def _voucher(item: PostItem, words: Mapping[str, str], *, until: str) -> dict[str, str] | None:
    if not item.code:
        return None
    return {
        "label": words["your_voucher"],
        "gift": item.gift,
        "code": item.code,
        "until": f"{words['valid_until']} {until}" if until else "",
    }
