"""Converts Markdown to sanitised XHTML; tokens of open parts pass through. Home of nh3."""

from __future__ import annotations

import functools
import itertools
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from html import escape, unescape

import nh3

from newsletter.model.template import Slot
from newsletter.render import tokens
from newsletter.render.borders import set_apart
from newsletter.render.converter import quick_converter
from newsletter.render.headings import OWN_NAME, refuse_dead_links, without_unlinked_names
from newsletter.render.late import RefusedError
from newsletter.render.notes import NOTE
from newsletter.render.shown_tags import PRINTED
from newsletter.render.token_checks import refuse_lost, refuse_moved

_ATTRIBUTES = {
    "*": {"lang", "dir", "title"},
    "a": {"href", "id"},
    **{tag: {"id"} for tag in ("h2", "h3", "h4", "h5", "h6", "li")},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "td": {"align", "colspan", "rowspan"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
_SCHEME = re.compile(
    rf"""<(?:a|img)\s(?:[^>]*\s)?(?:href|src)=["']?(?!(?:{"|".join(sorted(_SCHEMES))}):)([a-z][a-z0-9+.-]*):""",
    re.I,
)
"""A scheme of an address that is removed."""
_CLEANER = nh3.Cleaner(
    tags=PRINTED,
    attributes=_ATTRIBUTES,
    allowed_classes={"a": {"button"}},
    url_schemes=_SCHEMES,
    link_rel=None,
)

MOST_CHARACTERS = 200_000
"""Characters of a text; nobody reads a hundred pages in a newsletter."""
_CODE = re.compile(
    r"^[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*(?P<f>`{3,}(?=[^`\n]*$)|~{3,})[^\n]*$"
    r"(?:.*?^[ \t>]*(?P=f)[`~]*[ \t]*$|.*)"
    r"|(?<![`\\])(?P<t>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=t)(?!`)",
    re.M | re.S,
)
_JINJA = re.compile(r"\{(?=[{%#])")
_PARAGRAPH = re.compile(rf"<p>((?:\s*{tokens.BLOCK.pattern})+\s*)</p>")
_NESTING = re.compile(r"<(?!br|hr|img)/?[a-z]", re.I)
_DEEPEST = 200
_DEEPEST_RAW = 2_000
"""Before cleaning, which takes time in the square of it; `<p>` and `<li>` need not be closed."""
_TARGET = re.compile(r"""(<(?:a|img)(?:\s+[a-z]+="[^"]*")*?\s+(?:href|src)=")([^"]*)(")""")
"""The target of a link or picture, as nh3 writes it."""
_SHOWN_BRACE = re.compile(rf"{tokens.BRACE}(?!#[\w.-]+\}})")
_CODE_ELEMENT = re.compile(r"<code[^>]*>[^<]*</code>")


def shield_code(text: str) -> str:
    """Return *text* with the braces of code, and of `{#name}`, hidden from Jinja."""
    if not _JINJA.search(text):  # most texts have no tags, and searching for code is slow
        return text
    text = OWN_NAME.sub(lambda match: tokens.BRACE + match[0][1:], text)
    return _CODE.sub(lambda match: _JINJA.sub(tokens.BRACE, match[0]), text)


def is_in_code(text: str, offset: int) -> bool:
    """Return whether the character at *offset* of a Markdown text is in a code span or block."""
    starts, ends = _code_in(text)
    before = bisect_right(starts, offset)
    return before > 0 and offset < ends[before - 1]


@functools.lru_cache(maxsize=1)
def _code_in(text: str) -> tuple[list[int], list[int]]:
    """Return where code begins and ends."""
    spans = [match.span() for match in _CODE.finditer(text)]
    return [start for start, _ in spans], [end for _, end in spans]


def to_html(text: str, *, language: str = "en") -> str:
    """Return sanitised XHTML of Markdown without open parts."""
    html = _clean(_markdown(text, language.partition("-")[0]))
    refuse_dead_links(html)
    return html


def with_links(html: str, link: Callable[[str], str]) -> str:
    """
    Return sanitised HTML with *link* applied to each target of a link or picture.

    Of the ids of headings, those that a link leads to stay: a message may hold several texts.
    """

    def linked(match: re.Match[str]) -> str:
        written = unescape(match[2])
        target = link(written)
        return match[0] if target == written else f"{match[1]}{escape(target)}{match[3]}"

    return without_unlinked_names(_TARGET.sub(linked, html))


def _clean(html: str) -> str:
    if match := _SCHEME.search(html):
        message = f"an address that begins with {match[1]}: would be removed"
        hint = "write one that begins with https:, mailto: or tel:"
        raise RefusedError(message, hint=hint, near=f"{match[1]}:")
    if html.count("<") > _DEEPEST_RAW and _depth(html) > _DEEPEST_RAW:
        raise RefusedError(f"elements are nested more than {_DEEPEST} deep")
    html = _CLEANER.clean(html)
    if html.count("</") > _DEEPEST and _depth(html) > _DEEPEST:
        raise RefusedError(f"elements are nested more than {_DEEPEST} deep")
    html = _TARGET.sub(lambda m: f"{m[1]}{m[2].replace(' ', '%20')}{m[3]}", html)
    return _PARAGRAPH.sub(r"\1", html)


def _depth(html: str) -> int:
    """Return how deep elements are nested; css-inline crashes at some ten thousand levels."""
    steps = (-1 if tag[1] == "/" else 1 for tag in _NESTING.findall(html))
    return max(itertools.accumulate(steps), default=0)


@functools.lru_cache(maxsize=1000)
def _markdown(text: str, language: str) -> str:
    """Return the HTML of Markdown; several editions and the site share a text."""
    if len(text) > MOST_CHARACTERS:
        message = f"the text has more than {MOST_CHARACTERS:,} characters"
        raise RefusedError(message, hint="divide it into several")
    return quick_converter(language).reset().convert(text)


def bound_to_html(text: str, slots: Sequence[Slot], *, language: str = "en") -> str:
    """
    Return sanitised XHTML of bound, shielded Markdown; tokens stand for *slots*.

    Raises:
        RefusedError: if Markdown would move or lose a token, or take code for text.
    """
    if not slots and tokens.BRACE not in text:
        return to_html(text, language=language)
    apart = set_apart(text, slots)
    converted = _markdown(apart, language.partition("-")[0])
    html = _clean(converted)
    for code in _CODE_ELEMENT.findall(html):
        if token := tokens.TOKEN.search(code):
            message = "a line that begins with four spaces is code, which holds no {{ … }}"
            at = slots[int(token[2])].at
            raise RefusedError(message, hint="begin the line further left", at=at)
    if _SHOWN_BRACE.search(_CODE_ELEMENT.sub("", html)):
        message = "{{ … }} or {% … %} is between two backquotes that do not make code"
        raise RefusedError(message, hint="write a single backquote as \\`")
    refuse_lost(text, html, slots, stage="Markdown")
    _refuse_notes_in_conditions(html, slots)
    refuse_dead_links(html)
    refuse_moved(converted, html, slots, stage="Markdown")
    return html.replace(tokens.BRACE, "{")


def _refuse_notes_in_conditions(html: str, slots: Sequence[Slot]) -> None:
    branches_at = tokens.branches_in(html)
    for match in re.finditer(f'<a href="{NOTE}', html):
        if branches := branches_at(match.start()):
            message = "a note is referred to inside {% … %}, but stands at the end for everybody"
            at = slots[int(branches[-1][1:])].at
            raise RefusedError(message, hint="write it in brackets there, without a note", at=at)
