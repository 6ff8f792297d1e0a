"""Markdown → clean XHTML; the one home of Python-Markdown and nh3. Tokens of open parts pass through."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from xml.etree.ElementTree import Element

import markdown
import nh3
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from newsletter.model.source import Source
from newsletter.render import tokens
from newsletter.render.late import Record, Refused

Link = Callable[[str], str]
"""Turns the target of a link or picture, as written, into the address to print."""

_EXTENSIONS = ["tables", "fenced_code", "def_list", "sane_lists", "smarty"]
_TAGS = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "a", "img", "em",
    "strong", "b", "i", "u", "s", "del", "ins", "sub", "sup", "small", "abbr", "cite", "q", "code", "pre", "kbd", "hr",
    "br", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "figure", "figcaption", "div", "span", "bdi",
}  # fmt: skip
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
    r"^(?P<f>```+|~~~+)[^\n]*\n.*?^(?P=f)[ \t]*$|(?<!`)(?P<t>`+)(?!`).+?(?<!`)(?P=t)(?!`)",
    re.M | re.S,
)
_JINJA = re.compile(r"\{(?=[{%#])")
_BLOCKS = f"(?:{tokens.BLOCK.pattern})"
_ALONE = re.compile(rf"^[ \t]*({_BLOCKS}(?:[ \t]*{_BLOCKS})*)[ \t]*$", re.M)
_GLUED = re.compile(
    rf"^[ \t]*{_BLOCKS}[ \t]*(?:[-*+][ \t]|\d+[.)][ \t]|\#{{1,6}}[ \t]|>|```|~~~|\|)", re.M
)
_IN_TABLE = re.compile(
    rf"^[ \t]*\|[^\n]*\n(?:[ \t]*\n)*[ \t]*{_BLOCKS}+[ \t]*\n(?:[ \t]*\n)*[ \t]*\|", re.M
)
_PARAGRAPH = re.compile(rf"<p>((?:\s*{_BLOCKS})+\s*)</p>")
_IN_CODE = re.compile(rf"<code>[^<]*{tokens.OPEN}|<pre>[^<]*{tokens.OPEN}")


def shield_code(text: str) -> str:
    """Return *text* with the braces of code spans and fenced blocks hidden from Jinja."""
    return _CODE.sub(lambda match: _JINJA.sub(tokens.BRACE, match[0]), text)


def unshield(text: str) -> str:
    """Return *text* with the hidden braces back."""
    return text.replace(tokens.BRACE, "{")


def to_html(text: str, *, link: Link | None = None) -> str:
    """Return sanitised XHTML of Markdown without open parts (or with tokens already safe in it)."""
    html = _converter().reset().convert(unshield(text))
    html = nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None,
        attribute_filter=functools.partial(_rewritten, link),
    )  # fmt: skip
    return _PARAGRAPH.sub(r"\1", html)


def bound_to_html(text: str, source: Source, record: Record, *, link: Link | None = None) -> str:
    """
    Return sanitised XHTML of Markdown in which tokens stand for the open parts of *record*.

    Raises:
        Refused: when Markdown would move or lose one of them.
    """
    _refuse_misplaced(text, source)
    html = to_html(_ALONE.sub(r"\n\1\n", text), link=link)
    if _IN_CODE.search(html):
        message = "a line that begins with four spaces is a code block, which cannot hold {{ … }} or {% … %}"
        raise Refused(message, hint="begin the line further left", at=source.place(1))
    record.refuse_lost(text, html, "Markdown")
    return html


def _refuse_misplaced(text: str, source: Source) -> None:
    """Refuse conditions that Markdown would take for text or that would tear a table apart."""
    if glued := _GLUED.search(text):
        raise Refused(
            "{% … %} stands before a list, heading, quote or table on the same line",
            hint="put it on a line of its own",
            at=source.place(text.count("\n", 0, glued.start()) + 1),
        )
    if torn := _IN_TABLE.search(text):
        raise Refused(
            "{% … %} stands between the rows of a Markdown table",
            hint="put the whole table inside it, or use {{ a if condition else b }} in a cell",
            at=source.place(text.count("\n", 0, torn.start()) + 2),
        )


def _rewritten(link: Link | None, tag: str, attribute: str, value: str) -> str | None:
    if link and (tag, attribute) in {("a", "href"), ("img", "src")}:
        return link(value)
    return value


class _Headings(Extension, Treeprocessor):
    """A body's headings stand below the title of its entry or issue: h1 becomes h2."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802  # Markdown's name
        md.treeprocessors.register(self, "headings", 0)

    def run(self, root: Element) -> None:
        for heading in root.iter("h1"):
            heading.tag = "h2"


@functools.cache
def _converter() -> markdown.Markdown:
    return markdown.Markdown(extensions=[*_EXTENSIONS, _Headings()], output_format="xhtml")
