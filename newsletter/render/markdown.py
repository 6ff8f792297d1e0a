"""Markdown → clean XHTML; home of Python-Markdown and nh3. Tokens of open parts pass through."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Sequence
from html import escape, unescape

import nh3

from newsletter.model.template import Slot
from newsletter.render import tokens
from newsletter.render.borders import set_apart
from newsletter.render.converter import quick_converter
from newsletter.render.kept import refuse_lost, refuse_moved
from newsletter.render.late import Refused
from newsletter.render.lists import indent_by_four

_TAGS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote"),
    *("a", "img", "em", "strong", "b", "i", "u", "s", "del", "ins", "sub", "sup", "small", "abbr"),
    *("cite", "q", "code", "pre", "kbd", "hr", "br", "table", "thead", "tbody", "tfoot", "tr"),
    *("th", "td", "caption", "figure", "figcaption", "div", "span", "bdi"),
}
_ATTRIBUTES = {
    "*": {"lang", "dir", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "th": {"align", "colspan", "rowspan"},
    "td": {"align", "colspan", "rowspan"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}

_CODE = re.compile(
    r"^(?P<f>```+|~~~+)[^\n]*\n.*?^(?P=f)[ \t]*$"
    r"|(?<![`\\])(?P<t>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=t)(?!`)",
    re.M | re.S,
)
_JINJA = re.compile(r"\{(?=[{%#])")
_PARAGRAPH = re.compile(rf"<p>((?:\s*{tokens.BLOCK.pattern})+\s*)</p>")
_NESTING = re.compile(r"<(?!br|hr|img)/?[a-z]")
_DEEPEST = 200
_TARGET = re.compile(r"""(<(?:a|img)(?:\s+[a-z]+="[^"]*")*?\s+(?:href|src)=")([^"]*)(")""")
"""As nh3 writes them."""
_CODE_ELEMENT = re.compile(r"<code[^>]*>[^<]*</code>")


def shield_code(text: str) -> str:
    """Return *text* with the braces of code spans and fenced blocks hidden from Jinja."""
    if not _JINJA.search(text):  # most texts have none, and looking for code takes long
        return text
    return _CODE.sub(lambda match: _JINJA.sub(tokens.BRACE, match[0]), text)


def to_html(text: str, *, language: str = "en") -> str:
    """Return sanitised XHTML of Markdown without open parts."""
    return _clean(_markdown(indent_by_four(text), language.partition("-")[0]))


def with_links(html: str, link: Callable[[str], str]) -> str:
    """Return sanitised HTML with *link* of each target of a link or picture in its place."""

    def linked(found: re.Match[str]) -> str:
        written = unescape(found[2])
        target = link(written)
        return found[0] if target == written else f"{found[1]}{escape(target)}{found[3]}"

    return _TARGET.sub(linked, html)


def _clean(html: str) -> str:
    html = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    if _depth(html) > _DEEPEST:
        raise Refused(f"elements are nested more than {_DEEPEST} deep")
    return _PARAGRAPH.sub(r"\1", html)


def _depth(html: str) -> int:
    """Return how deep elements are nested; css-inline would crash at some ten thousand."""
    steps = (-1 if tag[1] == "/" else 1 for tag in _NESTING.findall(html))
    return max(itertools.accumulate(steps), default=0)


@functools.lru_cache(maxsize=1000)
def _markdown(text: str, language: str) -> str:
    """Return the HTML of Markdown; one text stands in several editions and on the site."""
    return quick_converter(language).reset().convert(text)


def bound_to_html(text: str, slots: Sequence[Slot], *, language: str = "en") -> str:
    """
    Return sanitised XHTML of bound, shielded Markdown; tokens stand for *slots*.

    Raises:
        Refused: when Markdown would move or lose one of them, or take code for text.
    """
    if not slots and tokens.BRACE not in text:
        return to_html(text, language=language)
    apart = set_apart(indent_by_four(text), slots)
    converted = _markdown(apart, language.partition("-")[0])
    html = _clean(converted)
    for code in _CODE_ELEMENT.findall(html):
        if found := tokens.TOKEN.search(code):
            message = "a line that begins with four spaces is code, which holds no {{ … }}"
            at = slots[int(found[2])].at
            raise Refused(message, hint="begin the line further left", at=at)
    if tokens.BRACE in _CODE_ELEMENT.sub("", html):
        message = "{{ … }} or {% … %} stands between two backquotes that make no code"
        raise Refused(message, hint="write a single backquote as \\`")
    refuse_lost(text, html, slots, stage="Markdown")
    refuse_moved(converted, html, slots, stage="Markdown")
    return html.replace(tokens.BRACE, "{")
