"""letters.pdf: one letter for each touch of the channel letter, its address in the window."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from newsletter.export.print.paper import window_of
from newsletter.export.print.scripts import address_of, font_stack
from newsletter.export.print.typst import Press, batches
from newsletter.model.artifact import Artifact
from newsletter.model.care import Touch
from newsletter.model.config import Business, Config, TeamMember
from newsletter.model.language import direction_of_text, text_direction
from newsletter.model.project import Project
from newsletter.render.filters import language_filters
from newsletter.render.view import by_name

MOST = 200
"""Letters of one file."""
_TEMPLATES = ("print/base.typ", "print/letter.typ")
_ITEM = re.compile(r"(?:[-*•]|\d+\.) +")


def letters(
    project: Project, touches: Sequence[Touch], *, press: Press, day: dt.date
) -> Iterator[Artifact]:
    """Yield private/care/print/letters.pdf, then letters-2.pdf … with 200 letters each."""

    def make(part: Sequence[Touch], _: int) -> bytes:
        return press.pdf(project.theme, _TEMPLATES, letters_data(project, part, press), day=day)

    return batches("letters", touches, most=MOST, make=make)


def letters_data(project: Project, touches: Sequence[Touch], press: Press) -> dict[str, object]:
    """Return what print/letter.typ is given; lengths in millimetres."""
    config = project.config
    return {
        "window": asdict(window_of(config.output.letters, config.business.country)),
        "business": _letterhead(config.business),
        "accent": project.theme.values["accent"],
        "letters": [_letter(project, touch, press.families) for touch in touches],
    }


def _letterhead(business: Business) -> dict[str, object]:
    """Return the sender; the name, which stands above them, is no part of the address lines."""
    parts = [part.strip() for part in re.split(r",|\n", business.postal_address) if part.strip()]
    lines = parts[1:] if parts[0] == business.name else parts
    ways = (business.phone, business.email, re.sub(r"^https?://", "", business.website))
    return {
        "name": business.name,
        "lines": lines,
        "ways": [way for way in ways if way],
        "sender": " · ".join([business.name, *lines]),
    }


def _letter(project: Project, touch: Touch, families: frozenset[str]) -> dict[str, object]:
    config, theme = project.config, project.theme
    words = by_name(theme.words, touch.language, config.language)
    date = language_filters(touch.language, business=config.business)["date"]
    text, signed = _unsigned(touch.text, [member.name for member in config.team])
    return {
        "language": touch.language,
        "direction": text_direction(touch.language),
        "fonts": font_stack(theme.values["font_print"], touch.language, families),
        "address": [
            {"text": line, "direction": direction_of_text(line)} for line in address_of(touch)
        ],
        "date": date(touch.date),
        "tagline": config.business.tagline.in_language(touch.language, config.language),
        "subject": touch.subject,
        "greeting": f"{touch.greeting}," if touch.greeting else "",
        "paragraphs": list(_paragraphs(text)),
        "closing": "" if signed else words["closing"],
        "contact": _contact(config.member(touch.member), touch, config, words),
        "voucher": _voucher(touch, words, until=date(touch.expires) if touch.expires else ""),
    }


def _unsigned(text: str, team: Sequence[str]) -> tuple[str, bool]:
    """
    Return the words without the name of who signs, and whether it stood there.

    It is printed below the place for the signature; words that end with it have a closing, too.
    """
    before, _, last = text.rstrip().rpartition("\n")
    return (before.rstrip(), True) if last.strip() in team else (text, False)


def _paragraphs(text: str) -> Iterator[dict[str, object]]:
    """Yield paragraphs, quotations and lists, which plain text marks at the lines' beginning."""
    for paragraph in re.split(r"\n{2,}", re.sub(r"(?<=\S) {2,}", " ", text).strip()):
        lines = paragraph.splitlines()
        if lines and all(_ITEM.match(line) for line in lines):
            yield {"items": [_ITEM.sub("", line, count=1) for line in lines]}
        elif lines and all(line.startswith(">") for line in lines):
            yield {"quote": "\n".join(line.removeprefix(">").strip() for line in lines)}
        elif lines:
            yield {"text": paragraph}


def _contact(
    member: TeamMember, touch: Touch, config: Config, words: Mapping[str, str]
) -> dict[str, str]:
    return {
        "label": words["your_contact"],
        "name": member.name,
        "role": member.role.in_language(touch.language, config.language),
        "phone": member.phone,
        "email": member.email or "",
    }


def _voucher(touch: Touch, words: Mapping[str, str], *, until: str) -> dict[str, str] | None:
    if not touch.code:
        return None
    return {
        "label": words["your_voucher"],
        "gift": touch.gift,
        "code": touch.code,
        "until": f"{words['valid_until']} {until}" if until else "",
    }
