"""Sheets of paper, sheets of labels and the windows of envelopes, as data.

All lengths are millimetres, from the upper left corner of the sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Paper:
    """A sheet of paper, upright."""

    width: float
    height: float


A4 = Paper(210, 297)
LETTER = Paper(215.9, 279.4)

_ON_LETTER = frozenset(
    ["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"]
)
"""Countries that print on US Letter (CLDR, measurementData, paperSize)."""


def paper_of(country: str) -> Paper:
    """Return the paper used in the offices of a country."""
    return LETTER if country in _ON_LETTER else A4


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Self-adhesive labels: a grid of equal labels."""

    paper: Paper
    columns: int
    rows: int
    width: float
    """Of one label."""
    height: float
    left: float
    """Left edge of the first label."""
    top: float
    across: float
    """From the left edge of one label to that of the next."""
    down: float

    @property
    def count(self) -> int:
        """Return how many labels a sheet holds."""
        return self.columns * self.rows


def _touching(
    paper: Paper, grid: tuple[int, int], size: tuple[float, float], **at: float
) -> Sheet:
    """Return a sheet whose labels touch from row to row."""
    (columns, rows), (width, height) = grid, size
    return Sheet(
        paper=paper, columns=columns, rows=rows, width=width, height=height, down=height, **at
    )


_5160 = _touching(LETTER, (3, 10), (66.67, 25.4), left=4.76, top=12.7, across=69.85)

# Sizes as Avery (Zweckform) sells them; positions as in its templates for Word, which LibreOffice
# and glabels carry too. Every grid is centred on its sheet.
SHEETS: Mapping[str, Sheet] = {
    "L7159": _touching(A4, (3, 8), (64, 33.86), left=6.46, top=13.06, across=66.54),
    "L7160": _touching(A4, (3, 7), (63.5, 38.1), left=7.2, top=15.15, across=66.04),
    "L7161": _touching(A4, (3, 6), (63.5, 46.56), left=7.21, top=8.82, across=66.04),
    "L7163": _touching(A4, (2, 7), (99.06, 38.1), left=4.67, top=15.15, across=101.6),
    "L7165": _touching(A4, (2, 4), (99.06, 67.73), left=4.67, top=13.04, across=101.6),
    "L7173": _touching(A4, (2, 5), (99.06, 57), left=4.67, top=6, across=101.6),
    "3422": _touching(A4, (3, 8), (70, 35), left=0, top=8.5, across=70),
    "3474": _touching(A4, (3, 8), (70, 37), left=0, top=0.5, across=70),
    "5160": _5160,
    "5161": _touching(LETTER, (2, 10), (101.6, 25.4), left=3.96, top=12.7, across=106.36),
    "5163": _touching(LETTER, (2, 5), (101.6, 50.8), left=3.96, top=12.7, across=106.36),
    "8160": _5160,
}
"""By the name on the package."""


def sheet_name(wanted: str, country: str) -> str:
    """Return the sheet of newsletter.yml; for `usual` that of the country's paper."""
    if wanted != "usual":
        return wanted
    return "5160" if paper_of(country) is LETTER else "L7160"


@dataclass(frozen=True, kw_only=True)
class Window:
    """The place of the address on a letter, so that it shows through the envelope."""

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
    """Whether the sender is in the window, above the address."""


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
