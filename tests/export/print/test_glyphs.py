"""Missing characters are noticed before printing, and mistakes in templates are named."""

from __future__ import annotations

import os
import socket
from dataclasses import replace

import pytest
from on_paper import STRANGE, items_of, touch
from support import EXAMPLE_DAY, content_of

from newsletter.errors import NewsletterError
from newsletter.export.print import print_remarks, printed
from newsletter.export.print import typst as typst_module
from newsletter.export.print.letters import letters
from newsletter.export.print.scripts import font_stack, glyph_remarks, missing_glyphs
from newsletter.export.print.typst import Press, open_press
from newsletter.model.project import Project

NOBODY_HAS = "\U0003fffd"
"""No character, and so in no font."""


class _OnlyTypst(Press):
    """A press on a computer without fonts."""

    _fonts = typst_module.typst.Fonts(include_system_fonts=False)


def test_world_scripts_can_be_printed(press: Press) -> None:
    """The fonts that docs/printing.md names suffice for every name."""
    assert missing_glyphs([*STRANGE, "☐ ☑", "Grüße", "é", "\u200f", "a\u200d\ufe0f"], press) == {}


def test_missing_characters_are_found(press: Press) -> None:
    """Each character without a font is named, with the first text that contains it."""
    texts = ["fine", f"Zoë {NOBODY_HAS}", f"again {NOBODY_HAS}"]

    assert missing_glyphs(texts, press) == {NOBODY_HAS: f"Zoë {NOBODY_HAS}"}


def test_fonts_of_typst_print_latin_greek_and_cyrillic() -> None:
    """On a computer without fonts, other characters are reported as missing."""
    missing = missing_glyphs(["Zoë Łódź", "Ελένη", "Ольга", "王小明", "김", "😀"], _OnlyTypst())

    assert set(missing) == set("王小明김😀")


def test_remark_names_customer_character_and_font(project: Project) -> None:
    """It says whose name it is, which characters are missing, and what to install."""
    touches = [touch("Zoë"), touch("王", customer="PB-7"), touch("A 😀", customer="PB-8")]
    remarks = [str(remark) for remark in glyph_remarks(items_of(project, touches), _OnlyTypst())]

    assert remarks == [
        "no font can print '王' (U+738B CJK UNIFIED IDEOGRAPH-738B), "
        "which the letter or card to PB-7 needs\n"
        "  hint: install the font package fonts-noto-cjk (Noto Sans CJK), then build again",
        "no font can print '😀' (U+1F600 GRINNING FACE), "
        "which the letter or card to PB-8 needs\n"
        "  hint: install the font package fonts-noto-color-emoji (Noto Color Emoji), "
        "then build again",
    ]


def test_a_customer_has_one_remark_for_all_missing_characters(project: Project) -> None:
    """However many there are."""
    (remark,) = glyph_remarks(
        items_of(project, [touch("정호석 김민수", customer="PB-9")]), _OnlyTypst()
    )

    assert remark.message.startswith("no font can print '김' (U+AE40 HANGUL SYLLABLE GIM), ")
    assert remark.message.endswith(" and 3 more, which the letter or card to PB-9 needs")


def test_text_for_handwriting_needs_no_font(project: Project) -> None:
    """The text of a card is written by hand; the text of a letter is printed."""
    text_only = touch("Zoë", text="😀")
    by_hand = replace(text_only, channel="handwritten")

    assert list(glyph_remarks(items_of(project, [by_hand]), _OnlyTypst())) == []
    assert len(list(glyph_remarks(items_of(project, [text_only]), _OnlyTypst()))) == 1


def test_without_typst_nothing_is_printed(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A remark says what to install."""
    monkeypatch.setattr(typst_module, "typst", None)
    items = items_of(project, [touch()])
    press = open_press()

    assert (
        list(printed(project, items, press=press, day=EXAMPLE_DAY, folder="private/care/print"))
        == []
    )
    assert [str(remark) for remark in print_remarks(items, press)] == [
        "letters, cards and labels were not made as PDF: typst is not installed\n"
        "  hint: pip install typst; until then print the pages of private/care/"
    ]
    assert list(print_remarks(items_of(project, [touch(channel="call")]), press)) == []


def _with_template(project: Project, name: str, text: str) -> Project:
    theme = project.theme
    texts, places = {**theme.texts, name: text}, {**theme.places, name: f"themes/own/{name}"}
    return replace(project, theme=replace(theme, texts=texts, places=places))


def test_wrong_template_is_named(project: Project, press: Press) -> None:
    """A mistake in a theme's own template is reported with file, line and column."""
    themed = _with_template(project, "print/letter.typ", "#let x = 1\n\n#misspelt\n")
    items = items_of(themed, [touch()])
    (artifact,) = letters(themed, items, press=press, day=EXAMPLE_DAY, folder="private/care/print")
    with pytest.raises(NewsletterError) as caught:
        content_of(artifact)

    assert str(caught.value) == (
        "themes/own/print/letter.typ:3:1: unknown variable: misspelt\n    #misspelt\n    ^"
    )


@pytest.mark.parametrize("path", ["/etc/passwd", "../../../../../../../etc/passwd"])
def test_a_template_cannot_read_other_files(path: str, project: Project, press: Press) -> None:
    """A theme cannot print what lies elsewhere on the disk."""
    themed = _with_template(project, "print/letter.typ", f'#read("{path}")')
    items = items_of(themed, [touch()])
    (artifact,) = letters(themed, items, press=press, day=EXAMPLE_DAY, folder="private/care/print")
    with pytest.raises(NewsletterError, match=r"file not found|would escape"):
        content_of(artifact)


@pytest.mark.parametrize(
    "text",
    [
        '#import "@preview/cetz:0.3.4": canvas',
        '#import "@local/cetz:0.3.4": canvas',
        '#let name = "@pre" + "view/cetz:0.3.4"; #import name: canvas',
        '#include "@preview/cetz:0.3.4"',
    ],
)
def test_a_template_fetches_no_package(
    text: str, project: Project, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is asked of the network, whatever the computer's proxy; the line is named."""
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.setblocking(False)
        settings = {
            "HTTPS_PROXY": f"http://127.0.0.1:{proxy.getsockname()[1]}",
            "NO_PROXY": "example.com",
        }
        for name in ("https_proxy", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        themed = _with_template(project, "print/letter.typ", f"#let x = 1\n{text}")
        items = items_of(themed, [touch()])
        (artifact,) = letters(
            themed, items, press=press, day=EXAMPLE_DAY, folder="private/care/print"
        )
        with pytest.raises(NewsletterError) as caught:
            content_of(artifact)
        assert (
            caught.value.problems[0].message == "templates of print/ cannot use packages of typst"
        )
        place = caught.value.problems[0].at
        assert place
        assert (place.path, place.line) == ("themes/own/print/letter.typ", 2)
        with pytest.raises(BlockingIOError):
            proxy.accept()
        assert "https_proxy" not in os.environ
        assert os.environ["HTTPS_PROXY"] == settings["HTTPS_PROXY"]


def test_fonts_follow_the_language() -> None:
    """Han characters have the forms of the reader's country, after the theme's own fonts."""
    stacks = [font_stack("Mine, Libertinus Serif", tag)[:4] for tag in ("ja", "zh-CN", "de")]
    japanese, chinese = (
        ["Noto Serif CJK " + place, "Noto Sans CJK " + place] for place in ("JP", "SC")
    )

    assert stacks == [
        ["Mine", "Libertinus Serif", *forms] for forms in (japanese, chinese, chinese)
    ]
