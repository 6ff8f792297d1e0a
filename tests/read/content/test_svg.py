"""Drawings run nothing and load nothing once they are published, and look the same otherwise."""

from xml.etree import ElementTree as ET

import pytest

from newsletter.read.content.svg import UnreadableSvgError, cleaned_svg

SPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
PIXEL = "data:image/png;base64,iVBORw0KGgo="


def clean(inside: str) -> tuple[str, tuple[str, ...]]:
    """Return what is inside a drawing once it is clean, and what it lost."""
    content, lost = cleaned_svg(f"<svg {SPACES}>{inside}</svg>".encode())
    ET.fromstring(content)
    text = content.decode()
    assert text.startswith(f"<svg {SPACES}>")
    return text.removeprefix(f"<svg {SPACES}>").removesuffix("</svg>"), lost


@pytest.mark.parametrize(
    "inside",
    [
        '<rect x="1" y="2" width="3" height="4" fill="url(#shade)"></rect>',
        '<g style=\'fill:#0b5d4f;filter:url("#blur")\' id="a" class="b"></g>',
        "<style>.b { fill: red; mask: url(#m) } @media print { .b { fill: black } }</style>",
        '<use xlink:href="#a"></use><use href="#a"></use>',
        f'<image href="{PIXEL}" width="9" height="9"></image>',
        '<text x="1" xml:space="preserve">Grüße &amp; <tspan>mehr</tspan> &lt;3</text>',
        "<title>A cup</title><desc>Of tea</desc>",
        '<linearGradient id="g"><stop offset="0" stop-color="red"></stop></linearGradient>',
        '<filter id="f"><feOffset in="SourceGraphic" dx="2"></feOffset></filter>',
    ],
)
def test_what_only_draws_stays_as_it_is(inside: str) -> None:
    """Shapes, styles, gradients, filters, texts, and pictures inside the file."""
    written, lost = clean(inside)
    assert written == inside
    assert lost == ()


@pytest.mark.parametrize(
    ("inside", "left", "lost"),
    [
        ("<script>alert(1)</script>", "", "<script>"),
        ("<script><![CDATA[</script><rect/>]]></script>", "", "<script>"),
        ('<rect onload="a()" onclick="b()"/>', "<rect></rect>", "onload, onclick"),
        ("<foreignObject><iframe src='x'/></foreignObject>", "", "<foreignObject>"),
        ('<a href="javascript:x"><text>Hi</text></a>', "<text>Hi</text>", "<a>"),
        (
            '<use href="https://e.example/a.svg#x"/>',
            "<use></use>",
            'href="https://e.example/a.svg#x"',
        ),
        ('<use xlink:href="//e.example/a#x"/>', "<use></use>", 'href="//e.example/a#x"'),
        ('<image href="t.png"/>', "<image></image>", 'href="t.png"'),
        ('<image href="data:image/svg+xml,x"/>', "<image></image>", 'href="data:image/svg+xml,x"'),
        (
            '<rect fill="url(https://e.example/x#a)"/>',
            "<rect></rect>",
            'fill="url(https://e.example/x#a)"',
        ),
        ('<rect style="fill:u\\72l(//e)"/>', "<rect></rect>", 'style="fill:u\\72l(//e)"'),
        (
            '<rect style="fill:ur/**/l(#a);a:url(/**/#b)"/>',
            "<rect></rect>",
            'style="fill:ur/**/l(#a);a:url(/**/#b)"',
        ),
        (
            "<style>@import url(https://e.example/f.css); .a{fill:red}</style>",
            "<style> .a{fill:red}</style>",
            "@import url(https://e.example/f.css);",
        ),
        (
            "<style>@im<g/>port 'https://e.example'</style>",
            "<style></style>",
            "@import 'https://e.example'",
        ),
        (
            "<style>@font-face{src:url(//e)} .a{fill:red}</style>",
            "<style> .a{fill:red}</style>",
            "@font-face{src:url(//e)}",
        ),
        ("<style>.a{background:url(//e)}</style>", "<style></style>", "<style> with url(//e)}"),
        (
            "<style>@im@import x;port 'https://e.example'</style>",
            "<style></style>",
            "@import x;, <style> with @import 'https://e.example'",
        ),
        ('<animate attributeName="href" to="javascript:x"/>', "", "<animate>"),
        ('<set attributeName="onload" to="x"/>', "", "<set>"),
        ('<feImage href="https://e.example/x.png"/>', "", "<feImage>"),
        ('<x:script xmlns:x="http://www.w3.org/2000/svg">a()</x:script>', "", "<script>"),
        ('<h:script xmlns:h="http://www.w3.org/1999/xhtml">a()</h:script>', "", ""),
        ("<metadata>Drawn by Maya</metadata><!-- at home -->", "", ""),
        ('<g xmlns:i="http://www.inkscape.org" i:label="Layer 1"/>', "<g></g>", ""),
    ],
)
def test_what_runs_or_loads_is_left_out_and_named(inside: str, left: str, lost: str) -> None:
    """Also in disguise; the notes of drawing programs go without being named."""
    written, named = clean(inside)
    assert (written, ", ".join(named)) == (left, lost)


def test_a_long_style_is_judged_as_a_whole() -> None:
    """A parser hands texts on in pieces, between which a rule could hide."""
    written, lost = clean(f"<style>{' ' * 20_000}@im<![CDATA[port 'https://e.example';]]></style>")
    assert "@import" not in written
    assert lost == ("@import 'https://e.example';",)


def test_a_style_sheet_from_elsewhere_is_left_out() -> None:
    """And the document type, whose file nobody fetches."""
    text = (
        '<?xml version="1.0" encoding="iso-8859-1"?><?xml-stylesheet href="https://e.example/a.css"?>'
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://e.example/svg11.dtd">'
        f"<svg {SPACES}><text>Grüße</text></svg>"
    )
    content, lost = cleaned_svg(text.encode("iso-8859-1"))
    assert content.decode() == f"<svg {SPACES}><text>Grüße</text></svg>"
    assert lost == ("<?xml-stylesheet?>",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<svg><g>", "the drawing cannot be read: no element found: line 1, column 8"),
        (
            '<!DOCTYPE svg [<!ENTITY a "ha">]><svg>&a;</svg>',
            "the drawing defines abbreviations (<!ENTITY …>)",
        ),
        (
            '<!DOCTYPE svg [<!ENTITY a SYSTEM "/etc/passwd">]><svg>&a;</svg>',
            "the drawing defines abbreviations (<!ENTITY …>)",
        ),
        ("<html><svg/></html>", "this is no drawing: it does not begin with <svg>"),
        (f"<svg>{'<g>' * 300}{'</g>' * 300}</svg>", "elements are nested more than 200 deep"),
        ('<svg xlink:href="#a"/>', "the drawing cannot be read: unbound prefix"),
    ],
)
def test_what_cannot_be_read_safely_is_refused(text: str, message: str) -> None:
    """Damaged files, and those that would fill the memory or read other files."""
    with pytest.raises(UnreadableSvgError) as caught:
        cleaned_svg(text.encode())
    assert caught.value.message.startswith(message)
    assert "export" in caught.value.hint
