"""Splits the body of a practice into a section for each channel."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.errors import Place, Problem, did_you_mean
from newsletter.model.channels import CHANNELS
from newsletter.model.source import Source

_HEADING = re.compile(r"# +(.*?)[ #]*")


@dataclass(frozen=True)
class Sections:
    """The body of one file."""

    general: Source | None
    """The text above the first heading of a channel."""
    by_channel: Mapping[str, Source]
    """Channel → the text below its heading."""
    headings: Mapping[str, Place]
    """Channel → where its heading stands."""


def split_words(body: Source, *, problems: list[Problem]) -> Sections:
    """
    Return the sections of a body; every line keeps its place.

    A heading of level 1 names a channel. Other names, repeated ones and empty sections are
    appended to *problems*.
    """
    headings = _headings(body, problems=problems)
    lines = body.text.split("\n")
    ends = [*(line for line, _ in headings), len(lines)][1:]
    by_channel: dict[str, Source] = {}
    places: dict[str, Place] = {}
    for (line, channel), end in zip(headings, ends, strict=True):
        at = body.place(line + 1, 1)
        section = _part(body, lines, line + 1, end)
        if channel in by_channel:
            message, hint = f"'{channel}' has words already", "make one section of the two"
            problems.append(Problem(message=message, at=at, hint=hint))
        elif section is None:
            message, hint = f"there are no words for '{channel}'", "write them below, or delete it"
            problems.append(Problem(message=message, at=at, hint=hint))
        if channel in CHANNELS:
            by_channel.setdefault(channel, section or body)
            places.setdefault(channel, at)
    first = headings[0][0] if headings else len(lines)
    return Sections(_part(body, lines, 0, first), by_channel, places)


def _headings(body: Source, *, problems: list[Problem]) -> list[tuple[int, str]]:
    """Return line (from 0) and name of each heading of level 1 that stands outside of code."""
    headings, fence = [], ""
    for number, line in enumerate(body.text.split("\n")):
        opening = re.match(r" {0,3}(`{3,}|~{3,})", line)
        heading = _HEADING.fullmatch(line)
        if fence:
            fence = "" if line.strip().startswith(fence) else fence
        elif opening:
            fence = opening[1]
        elif heading:
            name = heading[1].lower()
            headings.append((number, name))
            if name not in CHANNELS:
                problems.append(_no_channel(heading[1], body.place(number + 1, 3)))
    return headings


def _no_channel(name: str, at: Place) -> Problem:
    hint = did_you_mean(name, CHANNELS) or (
        f"a heading with one # names a channel ({', '.join(CHANNELS)}); within the words write ##"
    )
    return Problem(message=f"'{name}' is no channel", at=at, hint=hint)


def _part(body: Source, lines: list[str], start: int, end: int) -> Source | None:
    """Return those lines (from 0) without the blank ones around them; None if there are none."""
    while start < end and not lines[start].strip():
        start += 1
    text = "\n".join(lines[start:end]).rstrip()
    at = Place(path=body.at.path, line=body.at.line + start)
    return Source(f"{text}\n", at) if text else None
