"""Converts MJML to HTML and inlines styles; home of mjml-python and css-inline."""

from __future__ import annotations

import re

import css_inline
from mjml import mjml2html

from newsletter.errors import NewsletterError, Place
from newsletter.render import tokens

_INLINE_STYLE = re.compile(r"<mj-style\s+inline=[\"']inline[\"']\s*>(.*?)</mj-style>", re.S)
_BETWEEN_INLINE = re.compile(
    r"(</(?:a|b|i|u|em|strong|span|small)>)\s*\n\s*(<(?:a|b|i|u|em|strong|span|small)\b)"
)
_TABLE = re.compile(r"(<mj-table\b[^>]*>)((?:(?!<t(?:body|head)\b).)*?)(</mj-table>)", re.S)
_TAG = re.compile(r"<[a-zA-Z](?:[^<>\"]|\"(?:[^\"\\]|\\.)*\")*>", re.S)
_RUST_ESCAPE = re.compile(r"\\(?:u\{([0-9a-f]{1,6})\}|(.))")
_RUST_LETTERS = {"n": "\n", "r": "\r", "t": "\t", '"': "&quot;"}
_SPAN = re.compile(r"at position (\d+):(\d+)")


def to_html(mjml: str, *, layout: Place) -> str:
    """
    Return the HTML of an MJML document; it loads no fonts or icons of its own accord.

    Raises:
        NewsletterError: for MJML that does not parse. It names no line: the compiler knows none.
    """
    # mrml drops white space with a newline between inline elements, and so joins words.
    mjml = _BETWEEN_INLINE.sub(r"\1 \2", mjml).strip()
    # css-inline would begin the body of a table after a condition around its first row.
    mjml = _TABLE.sub(r"\1<tbody>\2</tbody>\3", mjml)
    try:
        html = str(mjml2html(mjml, fonts={}))
    except ValueError as error:
        raise NewsletterError.at(f"MJML: {error}", layout, hint=_near(mjml, str(error))) from error
    # mrml writes attributes in Rust's debug form, with quotes, backslashes and joiners escaped.
    return _TAG.sub(lambda tag: _RUST_ESCAPE.sub(_unescaped, tag[0]), html)


def take_inline_styles(mjml: str) -> tuple[str, str]:
    """Return the document without `<mj-style inline="inline">`, and the CSS of these blocks."""
    # mrml does not inline their styles.
    return _INLINE_STYLE.sub("", mjml), "\n".join(_INLINE_STYLE.findall(mjml))


def inline_styles(html: str, css: str) -> str:
    """Return *html* with the rules of *css* in the style attributes of the matching elements."""
    inliner = css_inline.CSSInliner(
        inline_style_tags=False, keep_style_tags=True, load_remote_stylesheets=False, extra_css=css
    )
    return inliner.inline(html)


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else _RUST_LETTERS.get(match[2], match[2])


def _near(mjml: str, message: str) -> str:
    span = _SPAN.search(message)
    if not span:
        return "every tag must be closed, and & written as &amp;"
    around = mjml.encode()[max(0, int(span[1]) - 30) : int(span[2]) + 30].decode(errors="ignore")
    return f"near '{' '.join(tokens.TOKEN.sub('{{ … }}', around).split())}'"
