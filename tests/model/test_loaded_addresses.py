"""What HTML and styles load is found, however it is written; what readers only follow is not."""

import pytest

from newsletter.model.loaded_addresses import css_loads, from_elsewhere, loads, may_load

HOSTS = {"shop.example"}


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://e.example/a.png">',
        "<img src=//e.example/a.png>",
        "<IMG SRC='http://E.EXAMPLE:8080/a.png'>",
        '<img src="https:e.example/a.png">',
        '<img src="\\\\e.example\\a.png">',
        '<img src="ht\ntps://e.example/a.png">',
        '<img src="&#47;&#47;e.example/a.png">',
        '<img src="https&colon;//e.example/a.png">',
        '<img src="https://shop.example@e.example/a.png">',
        '<img src="/a.png" srcset="/b.png 1x, https://e.example/c.png 2x">',
        '<picture><source srcset="https://e.example/c.png"></picture>',
        '<video poster="https://e.example/c.png"></video>',
        '<td background="https://e.example/c.png">',
        '<link rel="stylesheet" href="https://e.example/c.css">',
        '<link href="https://e.example/c.css" rel="alternate stylesheet">',
        '<link rel="preconnect" href="https://e.example">',
        '<script src="https://e.example/c.js"></script>',
        '<iframe src="https://e.example"></iframe>',
        '<object data="https://e.example/x"></object>',
        '<base href="https://e.example/">',
        '<a href="/" ping="https://e.example/">x</a>',
        '<p style="background:url(https://e.example/c.png)">',
        '<p style="background:url(&quot;//e.example/c.png&quot;)">',
        '<p style="background:u\\72l(https:\\2f\\2f e.example/c.png)">',
        "<style>@import 'https://e.example/f.css';</style>",
        "<style>@font-face { src: url(https://e.example/f.woff) }</style>",
        "<style>p { background: image-set('https://e.example/a.png' 1x) }</style>",
        '<svg><image href="https://e.example/a.png"/></svg>',
        '<svg><use xlink:href="https://e.example/a.svg#b"/></svg>',
        '<!--[if mso]><v:fill src="https://e.example/a.png"/><![endif]-->',
        '<iframe srcdoc="&lt;img src=//e.example/a.png>"></iframe>',
        '<meta http-equiv="refresh" content="0; url=https://e.example/">',
        "<meta http-equiv=Refresh content=\"5;URL='//e.example'\">",
        '<!--><img src="https://e.example/a.png">-->',
        '<!-- x --!><img src="https://e.example/a.png"><!-- -->',
        "<style>p { background: url('/\\\\e.example/a.png') }</style>",
        "<style>p { background: url('https:e.example/a.png') }</style>",
    ],
)
def test_whatever_is_loaded_from_elsewhere_is_found(html: str) -> None:
    """Pictures, styles, fonts, scripts and frames; the quick search says so, too."""
    assert [host for _, host in from_elsewhere(loads(html), HOSTS)] == ["e.example"]
    assert may_load(html, HOSTS)


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://e.example">x</a> https://e.example',
        '<a title="x" href="https://e.example/?a=b&amp;c=d" class="button">x</a>',
        '<img src="/images/a.png" alt="https://e.example"> <img src="cid:a@pictures">',
        '<img src="https://shop.example/a.png"> <img src="//shop.example/b.png">',
        '<img src="data:image/png;base64,AAAA//8=">',
        '<link rel="canonical" href="https://e.example/">',
        '<link rel="alternate" hreflang="de" href="https://e.example/">',
        '<p style="background:url(/a.png)">',
        "<style>p { background: url(\"data:image/svg+xml,<svg xmlns='http://a.b/c'/>\") }</style>",
        "<!-- <img src='https://e.example/a.png'> -->",
        '<form action="https://e.example/search"></form>',
        '<meta http-equiv="refresh" content="30">',
        '<meta http-equiv="refresh" content="0; url=/de/">',
        '<style>p::before { content: "//" } q { quotes: "\\\\" "\\f101" }</style>',
    ],
)
def test_what_is_not_loaded_is_fine(html: str) -> None:
    """Links that readers follow, files of the website, and pictures inside."""
    assert list(from_elsewhere(loads(html), HOSTS)) == []


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://e.example" class="button">x</a><img src="/a.png">',
        '<link rel="canonical" href="https://e.example/"><img src="https://shop.example/a.png">',
        "<p>it&#39;s &amp; and/or</p>",
    ],
)
def test_usual_pages_are_not_searched(html: str) -> None:
    """Reading each page takes longer than making it."""
    assert not may_load(html, HOSTS)


def test_comments_of_styles_load_nothing() -> None:
    """And other files of the style sheet's own folder are fine."""
    css = "/* https://e.example */ p { background: url(a.png), url('../b.png') }"
    assert list(from_elsewhere(css_loads(css), HOSTS)) == []
