"""The order in which fonts are tried: the theme's own, then those for the world's scripts."""

from __future__ import annotations

from collections.abc import Collection

_CJK = {"ja": "JP", "ko": "KR", "zh-hant": "TC", "zh-tw": "TC", "zh-hk": "HK", "zh": "SC"}
"""Han characters have one code for the forms of all countries: the language decides."""
_WORLD = (
    "Noto Naskh Arabic",
    "Noto Sans Arabic",
    "Noto Serif Hebrew",
    "Noto Sans Hebrew",
    "Noto Serif",
    "Noto Sans",
    "DejaVu Sans",
    "Noto Color Emoji",
)


def font_stack(own: str, language: str, families: Collection[str]) -> list[str]:
    """
    Return those of the fonts that are there, in the order in which they are tried.

    *own* is the theme's `font_print`: names parted by commas. What none of them has, typst looks
    for in every other font of the computer.
    """
    tag = language.lower()
    region = _CJK.get(tag) or _CJK.get(tag.partition("-")[0]) or "SC"
    cjk = [f"Noto {style} CJK {region}" for style in ("Serif", "Sans")]
    wanted = [name.strip() for name in own.split(",")] + cjk + list(_WORLD)
    return [name for name in dict.fromkeys(wanted) if name in families]
