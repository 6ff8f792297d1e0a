"""MJML → HTML with its styles inlined; the one home of mjml-python and css-inline."""

from __future__ import annotations

import re

import css_inline
from mjml import mjml2html

from newsletter.errors import NewsletterError, Place

_INLINE_STYLE = re.compile(r"<mj-style\s+inline=[\"']inline[\"']\s*>(.*?)</mj-style>", re.S)
_BETWEEN_INLINE = re.compile(
    r"(</(?:a|b|i|u|em|strong|span|small)>)\s*\n\s*(<(?:a|b|i|u|em|strong|span|small)\b)"
)
_RUST_ESCAPE = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
_SPAN = re.compile(r"at position (\d+):(\d+)")


def to_html(mjml: str, *, layout: Place) -> str:
    """
    Return the HTML of an MJML document; nothing in it loads from elsewhere unless the document says so.

    Raises:
        NewsletterError: for MJML that does not parse, naming the layout (the compiler knows no line in it).
    """
    # mrml drops white space with a newline between inline elements, which runs words together.
    mjml = _BETWEEN_INLINE.sub(r"\1 \2", mjml).strip()
    try:
        html = str(mjml2html(mjml, fonts={}))
    except ValueError as error:
        raise NewsletterError.at(f"MJML: {error}", layout, hint=_near(mjml, str(error))) from error
    # mrml prints attributes in Rust's debug form: joiners of emoji, accents and our tokens escaped.
    return _RUST_ESCAPE.sub(lambda match: chr(int(match[1], 16)), html)


def take_inline_styles(mjml: str) -> tuple[str, str]:
    """Return the document without its `<mj-style inline="inline">` blocks, which mrml does not inline, and their CSS."""
    return _INLINE_STYLE.sub("", mjml), "\n".join(_INLINE_STYLE.findall(mjml))


def inline_styles(html: str, css: str) -> str:
    """Return *html* with the rules of *css* written into the style attributes of what they match."""
    inliner = css_inline.CSSInliner(
        inline_style_tags=False, keep_style_tags=True, load_remote_stylesheets=False, extra_css=css
    )
    return inliner.inline(html)


def _near(mjml: str, message: str) -> str:
    span = _SPAN.search(message)
    if not span:
        return "every tag must be closed, and & written as &amp;"
    around = mjml.encode()[max(0, int(span[1]) - 30) : int(span[2]) + 30].decode(errors="ignore")
    return f"near '{' '.join(around.split())}'"
