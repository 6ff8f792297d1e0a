"""The world's scripts on paper: fonts, and characters that no font here can print."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape

from newsletter.errors import Problem
from newsletter.export.print.post import PostItem
from newsletter.export.print.typst import Press
from newsletter.model.channels import PENNED
from newsletter.model.language import first_match

_CJK_REGIONS = {"ja": "JP", "ko": "KR", "zh-hant": "TC", "zh-tw": "TC", "zh-hk": "HK", "zh": "SC"}
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


def font_stack(theme_fonts: str, language: str) -> list[str]:
    """
    Return fonts in the order in which they are tried; typst skips missing ones.

    *theme_fonts* is the theme's `font_print`: names separated by commas. For characters that none
    of them has, typst tries every other font of the computer.
    """
    region = first_match(_CJK_REGIONS, language.lower()) or "SC"
    cjk = [f"Noto {style} CJK {region}" for style in ("Serif", "Sans")]
    wanted = [name.strip() for name in theme_fonts.split(",")] + cjk + list(_WORLD)
    return list(dict.fromkeys(wanted))


# Beginnings of Unicode names → the package of Debian and Ubuntu, and the font by its own name.
_CJK = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC", "FULLWIDTH")
_CJK_FONT = "fonts-noto-cjk (Noto Sans CJK)"
_EMOJI_FONT = "fonts-noto-color-emoji (Noto Color Emoji)"
_OTHER_FONT = "fonts-noto-core (the Noto font of that script)"
_UNSEEN = {"Cc", "Cf", "Zl", "Zp", "Zs"}
"""Categories that print as nothing."""


def glyph_remarks(items: Iterable[PostItem], press: Press) -> Iterator[Problem]:
    """Yield a remark for each customer whose name, address or text would print with gaps."""
    texts = [(item.customer, "\n".join(_texts(item))) for item in items]
    missing = missing_glyphs((text for _, text in texts), press)
    for customer, text in texts:
        gaps = sorted(missing.keys() & set(text))
        if gaps:
            yield _remark(customer, gaps)


def missing_glyphs(texts: Iterable[str], press: Press) -> Mapping[str, str]:
    """Return each character that no font has, with the first text that contains it."""
    example: dict[str, str] = {}
    for text in texts:
        for character in set(text):
            example.setdefault(character, text)
    missing = press.unprintable(filter(_seen, example), font_stack(_WORLD[0], "en"))
    return {character: example[character] for character in sorted(missing)}


def _texts(item: PostItem) -> Iterator[str]:
    """Yield the printed texts of an item; the inside of a card is written by hand."""
    yield from (item.whose, *item.lines)
    if item.channel not in PENNED:
        yield from (item.subject, item.greeting, unescape(item.html), item.gift)
    else:
        yield item.front
        yield item.gift if item.code else ""


def _seen(character: str) -> bool:
    """Return whether a character leaves ink; variation selectors and joiners do not."""
    selector = unicodedata.name(character, "").startswith("VARIATION SELECTOR")
    return not selector and unicodedata.category(character) not in _UNSEEN


def _remark(customer: str, missing: Sequence[str]) -> Problem:
    shown = ", ".join(f"'{character}' ({_code(character)})" for character in missing[:3])
    more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
    packages = " and ".join(dict.fromkeys(map(_package, missing)))
    return Problem(
        message=f"no font can print {shown}{more}, which the letter or card to {customer} needs",
        hint=f"install the font package {packages}, then build again",
    )


def _code(character: str) -> str:
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()


def _package(character: str) -> str:
    if unicodedata.name(character, "").startswith(_CJK) or 0x2E80 <= ord(character) <= 0x9FFF:
        return _CJK_FONT
    return _EMOJI_FONT if unicodedata.category(character) in ("So", "Sk") else _OTHER_FONT
