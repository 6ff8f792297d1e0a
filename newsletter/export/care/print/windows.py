"""Where envelopes have a window, and with it the address on a letter, as data.

All lengths are millimetres, from the upper left corner of the sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.export.care.print.sheets import A4, LETTER, Paper, paper_of


@dataclass(frozen=True, kw_only=True)
class Window:
    """Where on a letter the address stands, so that it shows through the envelope."""

    paper: Paper
    x: float
    """Left edge of the part of the sheet that shows wherever the letter slides to."""
    y: float
    width: float
    height: float
    address: float
    """Where the lines of the address begin, below the line of the sender."""
    text: float
    """Where the text of the letter begins."""
    details_x: float
    """Left edge of the block with date and contact, on the other side."""
    folds: tuple[float, ...] = ()
    punch: float = 0
    """Mark for the hole punch; 0: none."""
    sender_line: bool = True
    """Whether the sender stands in the window, above the address."""


WINDOWS: Mapping[str, Window] = {
    # DIN 5008:2020, form A: the letterhead is 27 mm high; the field 85 × 45 mm, 20 mm from the
    # left; of its height 17.7 mm are for the sender and remarks, 27.3 mm for the address.
    "din-5008-a": Window(
        paper=A4, x=20, y=27, width=85, height=45, address=44.7, text=80.5, details_x=125,
        folds=(87, 192), punch=148.5,
    ),
    "din-5008-b": Window(
        paper=A4, x=20, y=45, width=85, height=45, address=62.7, text=98.5, details_x=125,
        folds=(105, 210), punch=148.5,
    ),
    # DL envelope, window 100 × 35 mm, 20 mm from the right and from the bottom, the letter folded
    # in three: what shows wherever it slides. La Poste asks for the address 110 mm from the left
    # and 55 mm from the top.
    "right": Window(
        paper=A4, x=100, y=55, width=90, height=24, address=55.5, text=98.5, details_x=25,
        sender_line=False,
    ),
    # #10 envelope (9 1/2 × 4 1/8 in), window 4 1/2 × 1 1/8 in, 7/8 in from the left and 1/2 in
    # from the bottom; the letter folded in three rests on the bottom of the envelope. Across, what
    # shows wherever it slides. USPS asks for 1/8 in of white around the address (DMM 202).
    "us-10": Window(
        paper=LETTER, x=22.2, y=51.9, width=88.9, height=28.6, address=55.1, text=95,
        details_x=130, sender_line=False,
    ),
}  # fmt: skip
"""By the name in newsletter.yml."""

_ON_THE_RIGHT = frozenset(["BE", "ES", "FR", "IT", "MC", "PT"])


def window_of(wanted: str, country: str) -> Window:
    """Return the window of newsletter.yml; for `usual` that of the country's envelopes."""
    if wanted != "usual":
        return WINDOWS[wanted]
    if paper_of(country) is LETTER:
        return WINDOWS["us-10"]
    return WINDOWS["right" if country in _ON_THE_RIGHT else "din-5008-b"]
