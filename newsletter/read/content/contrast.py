"""Finds text of a theme that cannot be read on its ground (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

COLOUR = re.compile(r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
"""Hexadecimal only, the one form that all mail programs understand (docs/themes.md)."""
_PAPER = ("background", "card", "tint")
_PAIRS = (
    *((name, ground, 4.5) for name in ("text", "accent", "muted") for ground in _PAPER),
    *(("highlight", ground, 4.5) for ground in ("card", "tint")),
    ("on_accent", "accent", 4.5),
    ("on_band", "band", 4.5),
    ("band_muted", "band", 4.5),
    ("on_foot", "foot", 4.5),
    *(("line", ground, 3.0) for ground in _PAPER),
)
"""Colour, its ground, and the contrast that they need; the same with dark_."""

_DECORATING = ("hairline", "stripe", "stripe_other")
COLOURS = tuple(dict.fromkeys((*(name for pair in _PAIRS for name in pair[:2]), *_DECORATING)))
"""The colours of packaged themes; each has another value with dark_."""


@dataclass(frozen=True)
class FaintPair:
    """Two colours of theme.yml that are too much alike."""

    name: str
    """Of text, or of edges of boxes."""
    ground: str
    contrast: float
    needed: float


def faint_pairs(values: Mapping[str, str], changed: Collection[str]) -> Iterator[FaintPair]:
    """Yield the pairs with one of the *changed* keys whose contrast is too low."""
    for scheme in ("", "dark_"):
        for name, ground, needed in _PAIRS:
            pair = scheme + name, scheme + ground
            colours = [values.get(key, "") for key in pair]
            if set(pair) & set(changed) and all(map(COLOUR.fullmatch, colours)):
                ratio = contrast(*colours)
                if ratio < needed:
                    yield FaintPair(*pair, ratio, needed)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours such as #fff and #1c1712: from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
