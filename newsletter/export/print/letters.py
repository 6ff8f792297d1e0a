"""letters.pdf: letters with the address in the window of the envelope."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from urllib.parse import unquote

from newsletter.export.print.blocks import blocks_of
from newsletter.export.print.paper import window_of
from newsletter.export.print.post import PostItem, no_more_post
from newsletter.export.print.scripts import font_stack
from newsletter.export.print.typst import Document, Press, batches
from newsletter.model.artifact import Artifact
from newsletter.model.config import Business, Config
from newsletter.model.language import direction_of_text, text_direction
from newsletter.model.picture import Picture
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
    document = Document(
        theme=project.theme,
        templates=("print/base.typ", "print/text.typ", "print/letter.typ"),
        data=lambda items, _: letters_data(project, items),
        day=day,
    )
    return batches(press, f"{folder}/letters", document, items, most=MOST)


def letters_data(project: Project, items: Sequence[PostItem]) -> dict[str, object]:
    """Return the data for print/letter.typ; lengths in millimetres, pictures as bytes."""
    config, pictures = project.config, _Pictures(project)
    return {
        "window": asdict(window_of(config.output.letters, config.business.country)),
        "business": _letterhead(config.business),
        "accent": project.theme.values["accent"],
        "letters": [_letter(project, item, pictures) for item in items],
        "pictures": pictures.data,
    }


class _Pictures:
    """The pictures that letters contain, each read once."""

    def __init__(self, project: Project) -> None:
        self._project, self._website = project, f"{project.config.business.website}/"
        self.data: dict[str, bytes] = {}

    def key(self, address: str) -> str:
        """Return the key of the picture in `data`; empty: it cannot be printed."""
        picture = self._photos.get(address)
        if picture is None and address.startswith(self._website):
            picture = picture_at(unquote(address.removeprefix(self._website)), self._project)
        if picture is None:
            return ""
        if picture.path not in self.data:
            version = picture.version("message")
            self.data[picture.path] = version_bytes(version, self._project.made_pictures)
        return picture.path

    @cached_property
    def _photos(self) -> Mapping[str, Picture]:
        """The photos of the team by their addresses in messages."""
        project = self._project
        photos = {member.id: member.photo for member in project.config.team}
        addresses = photo_addresses(project)
        return {address: project.images[photos[key]] for key, address in addresses.items()}


def _letterhead(business: Business) -> dict[str, object]:
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


def _letter(project: Project, item: PostItem, pictures: _Pictures) -> dict[str, object]:
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
        "body": blocks_of(item.html, picture=pictures.key),
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
