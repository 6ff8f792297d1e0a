"""Inline Markdown is read as GitHub reads it, and nothing that somebody wrote is lost."""

from __future__ import annotations

import pytest
from render.pipeline import Edition, html_of, refusal

from newsletter.errors import NewsletterError, Place
from newsletter.model.source import Source
from newsletter.render.markdown import to_html
from newsletter.render.text import to_text

INLINE = [
    ("~~€20~~ **€15**", "<del>€20</del> <strong>€15</strong>"),
    ("H~2~O, ~x~", "H~2~O, ~x~"),
    ("Main Street 1\\\nSpringfield", "Main Street 1<br>\nSpringfield"),
    ("a   \n  b", "a<br>\nb"),
    ("\\~\\\"\\'\\<b> C:\\dir", "~\"'&lt;b&gt; C:\\dir"),
    ("&notanentity; &copy; &amp; R&D &#169;", "&amp;notanentity; © &amp; R&amp;D ©"),
    ("<your name> at <ada at x.example>", "&lt;your name&gt; at &lt;ada at x.example&gt;"),
    ("to <address>, <Title> <time>b</time>", "to &lt;address&gt;, &lt;Title&gt; b"),
    ("List<String>, a < b", "List&lt;String&gt;, a &lt; b"),
    ("a<br>b <kbd>c</kbd>", "a<br>b <kbd>c</kbd>"),
    ("[^1] is no note", "[^1] is no note"),
    ("[`a`] [b][`A`]\n\n[`a`]: c.md", '<a href="c.md"><code>a</code></a> <a href="c.md">b</a>'),
    ("[a] (b)", "[a] (b)"),
    ("[a](<https://a.example/b c>)", '<a href="https://a.example/b%20c">a</a>'),
    ('![a b](<b c.png> "d e")', '<img alt="a b" src="b%20c.png" title="d e">'),
]
"""Markdown → the paragraph, in a language without quotes of its own."""

ADDRESSES = [
    ("https://a.example/x.", "https://a.example/x", "https://a.example/x"),
    ("(see www.a.example/b_(c)).", "www.a.example/b_(c)", "http://www.a.example/b_(c)"),
    ("“https://a.example”", "https://a.example", "https://a.example"),
    ("ada@a.example,", "ada@a.example", "mailto:ada@a.example"),
    (
        "https://a.example?b=c&d=e!",
        "https://a.example?b=c&amp;d=e",
        "https://a.example?b=c&amp;d=e",
    ),
]
"""Text with an address → text and target of the link."""


@pytest.mark.parametrize(("written", "html"), INLINE)
def test_inline_markup_is_that_of_github(written: str, html: str) -> None:
    """As other programs show it."""
    assert to_html(written, language="pl") == f"<p>{html}</p>"


@pytest.mark.parametrize(("written", "text", "target"), ADDRESSES)
def test_bare_addresses_become_links(written: str, text: str, target: str) -> None:
    """Without the punctuation of the sentence around them; the text part names them once."""
    assert f'<a href="{target}">{text}</a>' in to_html(written, language="pl")
    assert to_text(to_html(written, language="pl")) == written


@pytest.mark.parametrize(
    "written",
    [
        "crates.io",
        "a@b",
        "www.a",
        "`https://a.example`",
        "see://a",
        "xhttps://a.b",
    ],
)
def test_other_words_are_no_links(written: str) -> None:
    """A word with a full stop in it may be anything."""
    assert "<a" not in to_html(written)


def test_addresses_in_links_stay_one_link() -> None:
    """Whether Markdown or HTML makes the link."""
    assert to_html("[www.a.example](https://b.example)").count("<a") == 1
    assert to_html('<a href="https://b.example">www.a.example *b*</a> c').count("<a") == 1


def test_bare_addresses_with_values() -> None:
    """A value may stand in the path, but no part of a name does make a link."""
    html = html_of("https://a.example/{{ customer.city }}. {{ customer.city }}@a.example")

    assert html == (
        '<p><a href="https://a.example/Berlin">https://a.example/Berlin</a>. Berlin@a.example</p>'
    )
    assert "<a" not in html_of("https://{{ customer.city }}.example https://a.{{ customer.city }}")


def test_old_prices_read_as_such_in_the_text() -> None:
    """The text part has no line through them."""
    assert to_text(to_html("~~€20~~ **€15**")) == "~~€20~~ €15"


LOST = {
    'a\n\n<iframe src="https://a.example"></iframe>': "<iframe> is not shown",
    'a\n\nb <video src="a.mp4"></video>': "<video> is not shown",
    'a\n\nb <progress value="7" max="34"></progress>': "<progress> is not shown",
    "a\n\n<script>alert(1)</script>": "<script> is not shown",
    "a\n\n<FORM>x</FORM>": "<form> is not shown",
    "a\n\n<ftp://a.example/f>": "an address that begins with ftp: would be removed",
    "a\n\n[b](javascript:x)": "an address that begins with javascript: would be removed",
    "a\n\n![b](data:image/png;base64,xx)": "an address that begins with data: would be removed",
}


@pytest.mark.parametrize("written", LOST)
@pytest.mark.parametrize("template", [True, False])
def test_what_would_be_lost_is_refused(written: str, template: bool) -> None:
    """With its line and what to write instead; events are dropped, as they show nothing."""
    source = Source(written, Place(path="content/x.md", line=4))

    problem = refusal(Edition().wording.body, source, template=template)

    assert problem.message.startswith(LOST[written]) and problem.hint
    assert problem.at and problem.at.line == 6


def test_all_elements_that_would_be_lost_are_named() -> None:
    """Each at its line, blocks and parts of a line alike; an end is no element of its own."""
    written = (
        "a <video src='a'></video>\n\n<iframe></iframe>\n\nb `<meter>` <video></video> <svg>\n"
    )
    with pytest.raises(NewsletterError) as caught:
        Edition().wording.body(Source(written, Place(path="content/x.md", line=4)), template=True)

    found = sorted((p.at.line, p.message.split()[0]) for p in caught.value.problems if p.at)
    assert found == [(4, "<video>"), (6, "<iframe>"), (8, "<svg>"), (8, "<video>")]
    assert len(caught.value.problems) == 4


def test_refused_tags_may_be_shown_as_code_or_in_comments() -> None:
    """Only what would be lost is refused."""
    assert to_html("`<iframe>` <!-- <video> -->") == "<p><code>&lt;iframe&gt;</code> </p>"
    assert to_html('<p onclick="x">a</p>') == "<p>a</p>"
