"""Where things stand on a letter, in millimetres from its upper left corner, and how they look."""

from __future__ import annotations

from dataclasses import dataclass

from newsletter.export.merge_letters.merge_letter import MergeLetter
from newsletter.export.print.paper import Window
from newsletter.model.picture import Version

LEFT, RIGHT, TOP, BOTTOM = 25.0, 20.0, 25.0, 22.0
"""Margins of the text."""
HEAD_TOP, HEAD_HEIGHT = 13.0, 10.0
"""Of the name of the business."""
FOOT = 10.0
"""From the lower edge."""
INK, SOFT = "1A1A1A", "595959"
_BROUGHT = {"Libertinus Serif": "Cambria"}
"""A font that the program brings → one that comes with Word, and with LibreOffice its twin."""
_DETAILS_WIDTH = 65.0
_HIGHEST_PICTURE = 70.0
_MILLIMETRES_PER_POINT = 25.4 / 72
_SIZES = [n / 2 for n in range(22, 13, -1)]
"""Of an address, in points; the largest that fits."""
_LINE, _LETTER = 1.2, 0.5
"""Height of a line and width of a letter, in parts of the size."""


@dataclass(frozen=True)
class Frame:
    """A place on the sheet that does not move with the text."""

    x: float
    y: float
    width: float
    height: float


def font_of(letter: MergeLetter) -> str:
    """Return the font of the letter."""
    return _BROUGHT.get(letter.font, letter.font)


def text_width(window: Window) -> float:
    """Return the width of the text."""
    return window.paper.width - LEFT - RIGHT


def sender_frame(window: Window) -> Frame:
    """Return the place of the sender in the window."""
    return Frame(window.x + 5, window.address - 5.2, window.width - 5, 4.2)


def address_frame(window: Window) -> Frame:
    """Return the place of the address."""
    height = window.y + window.height - window.address - 1
    return Frame(window.x + 5, window.address, window.width - 10, height)


def details_frame(window: Window) -> Frame:
    """Return the place of date, sender and contact."""
    return Frame(window.details_x, window.y + 2, _DETAILS_WIDTH, window.text - window.y - 4)


def address_size(letter: MergeLetter) -> float:
    """Return the size in points at which every address fits into the window."""
    frame = address_frame(letter.window)
    names = [name for name in letter.table.columns if name.startswith("address_")]
    longest = max(len(line) for name in names for line in letter.table[name])
    for size in _SIZES:
        height = size * _LINE * len(names) * _MILLIMETRES_PER_POINT
        if height <= frame.height and _width(longest, size) <= frame.width:
            return size
    return _SIZES[-1]


def sender_size(letter: MergeLetter) -> float:
    """Return the size in points at which the sender fits into one line."""
    width = sender_frame(letter.window).width
    return max(5, min(7.5, int(width / _width(len(letter.sender), 1) * 2) / 2))


def _width(letters: int, size: float) -> float:
    return letters * _LETTER * size * _MILLIMETRES_PER_POINT


def picture_size(version: Version, window: Window) -> tuple[float, float]:
    """Return width and height: no wider than the text, no higher than a quarter of the sheet."""
    width, height = version.width / 96 * 25.4, version.height / 96 * 25.4
    part = min(1, text_width(window) / width, _HIGHEST_PICTURE / height)
    return width * part, height * part
