"""The colours of each packaged theme: text can be read, and boxes can be seen."""

from __future__ import annotations

import re

import pytest
import yaml
from support import ROOT

TEXT = {
    "background": ("text", "accent", "muted"),
    "card": ("text", "accent", "highlight", "muted"),
    "tint": ("text", "accent", "highlight", "muted"),
    "accent": ("on_accent",),
    "band": ("on_band", "band_muted"),
    "foot": ("on_foot",),
}
"""Ground → the text that stands on it; needs 4.5 (WCAG 2.2, 1.4.3)."""
PARTS = {"background": ("line",), "card": ("line",), "tint": ("line",)}
"""Ground → edges of boxes and fields; they need 3 (WCAG 2.2, 1.4.11)."""
THEMES = sorted(file.parent.name for file in ROOT.glob("themes/*/theme.yml"))
"""All that come with the program."""


def _values(theme: str) -> dict[str, str]:
    files = [ROOT / f"themes/{name}/theme.yml" for name in ("default", theme)]
    return {k: v for file in files for k, v in yaml.safe_load(file.read_text("utf-8")).items()}


def _luminance(colour: str) -> float:
    assert re.fullmatch("#[0-9a-f]{6}", colour), colour
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _ratio(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["", "dark_"])
@pytest.mark.parametrize("theme", THEMES)
def test_text_and_boxes_stand_out(theme: str, scheme: str) -> None:
    """In the light and in the dark scheme."""
    values = _values(theme)
    faint = [
        f"{scheme}{name} on {scheme}{ground}: {ratio:.2f}"
        for pairs, needed in ((TEXT, 4.5), (PARTS, 3.0))
        for ground, names in pairs.items()
        for name in names
        if (ratio := _ratio(values[scheme + name], values[scheme + ground])) < needed
    ]
    assert faint == []


def test_the_ratio_is_that_of_the_guidelines() -> None:
    """Black on white, and the lightest grey on white that passes."""
    assert _ratio("#000000", "#ffffff") == 21
    assert round(_ratio("#ffffff", "#767676"), 2) == 4.54
