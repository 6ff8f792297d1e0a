"""Every message of the example passes the Email Markup Consortium's list of accessibility.

https://emailmarkup.org/en/reports/accessibility/2025; checks that need a browser are in theme/.
"""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree.ElementTree import Element

import pytest
from support import Built, Letter, visible_text

EMPTY_WORDS = re.compile(
    r"(click here|read more|learn more|here|more|hier|mehr|hier klicken|mehr lesen|weiterlesen"
    r"|mehr erfahren|ici|cliquez ici|en savoir plus|lire la suite|lire plus)\W*",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def letters(example: Built) -> list[Letter]:
    """Every message of the example."""
    return example.letters()


def _body(letter: Letter) -> Element:
    body = letter.tree.find("body")
    assert body is not None
    return body


def test_language_and_direction_are_stated(letters: list[Letter]) -> None:
    """A1, A2, A6: html and each direct child of body say the edition's language and direction."""
    for letter in letters:
        children = [child for child in _body(letter) if isinstance(child.tag, str)]
        assert children
        for element in (letter.tree, *children):
            assert (element.get("lang"), element.get("dir")) == (letter.language, "ltr")


def test_only_other_languages_are_marked_inside_a_message(letters: list[Letter]) -> None:
    """An English entry in another edition says that it is English; headings around it do not."""
    marked = 0
    for letter in letters:
        english = [visible_text(e) for e in letter.tree.iter() if e.get("lang") == "en"]
        languages = {element.get("lang") for element in letter.tree.iter() if element.get("lang")}
        assert languages <= {letter.language, "en"}, letter.to
        if letter.language != "en" and "Thirty-eight folders" in letter.text:
            assert english[0].startswith("Thirty-eight folders"), letter.to
            marked += 1
    assert marked


def test_layout_tables_are_marked_as_layout(letters: list[Letter]) -> None:
    """A3: data tables have headings, all others are for layout, also those for Outlook."""
    for letter in letters:
        for table in letter.tree.iter("table"):
            for_data = table.find("thead/tr/th") is not None
            assert table.get("role") == (None if for_data else "presentation"), letter.to
        for table in re.findall(r"<!--\[if mso[^>]*>.*?<!\[endif\]-->", letter.html):
            assert table.count("<table") == table.count('role="presentation"'), letter.to


def test_one_h1_and_no_level_skipped(letters: list[Letter]) -> None:
    """A4: one h1, and headings go down one step at a time."""
    for letter in letters:
        levels = [int(e.tag[1]) for e in letter.tree.iter() if re.fullmatch("h[1-6]", str(e.tag))]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels)), letter.to


def test_links_say_where_they_lead_and_are_underlined_or_buttons(letters: list[Letter]) -> None:
    """A5, A10, A11: each has words of its own in every language, or a picture with a text."""
    for letter in letters:
        links = list(_body(letter).iter("a"))
        assert len(links) > 5
        for link in links:
            label = visible_text(link) or " ".join(img.get("alt", "") for img in link.iter("img"))
            assert label, link.get("href")
            assert not EMPTY_WORDS.fullmatch(label), label
            assert re.search(
                r"text-decoration:\s*underline|background:#", link.get("style", "")
            ), label


def test_links_with_equal_words_lead_to_one_place(letters: list[Letter]) -> None:
    """A list of links, as screen readers show it, makes sense by itself."""
    for letter in letters:
        places: dict[str, set[str]] = {}
        for link in _body(letter).iter("a"):
            places.setdefault(visible_text(link), set()).add(link.get("href", ""))
        assert all(len(addresses) == 1 for addresses in places.values()), letter.to


def test_pictures_have_alternative_texts(letters: list[Letter]) -> None:
    """A8: none is a file name."""
    for letter in letters:
        texts = [picture.get("alt", "") for picture in letter.tree.iter("img")]
        assert texts
        assert all(texts), letter.to
        assert not [alt for alt in texts if re.search(r"\.(png|jpe?g|gif|svg)\b", alt)]


def test_title_is_the_subject(letters: list[Letter]) -> None:
    """A9: the document has the name of the message."""
    for letter in letters:
        titles = [element.text for element in letter.tree.iter("title")]
        assert titles == [str(letter.message["Subject"])]


def test_zoom_is_allowed(letters: list[Letter]) -> None:
    """A12: readers can zoom."""
    for letter in letters:
        assert not re.search(r"user-scalable|maximum-scale|minimum-scale", letter.html)


def test_first_words_are_the_preheader(letters: list[Letter]) -> None:
    """Mail programs preview the first line, which is visible in both parts."""
    for letter in letters:
        first = letter.text.partition("\n")[0]
        assert len(first) > 30
        assert visible_text(_body(letter)).startswith(first)


def test_nothing_is_hidden(letters: list[Letter]) -> None:
    """No text in the colour of its background, of size zero or out of sight, as in spam."""
    for letter in letters:
        for element in _body(letter).iter():
            style = element.get("style", "")
            assert not re.search(r"display:\s*none|visibility:\s*hidden|opacity:\s*0\b", style)


def test_services_come_before_all_news(letters: list[Letter]) -> None:
    """Services for this reader come first; without any, there is no heading for them."""
    heading = {"en": "What we did for you", "de": "Das haben wir", "fr": "Ce que nous avons fait"}
    kinds = set()
    for letter in letters:
        headings = [visible_text(e) for e in letter.tree.iter("h2")]
        service_headings = [h for h in headings if h.startswith(heading[letter.language])]
        kinds.add(bool(service_headings))
        assert service_headings == headings[: len(service_headings)], letter.to
        assert bool(service_headings) == (f"\n{heading[letter.language]}" in letter.text), (
            letter.to
        )
    assert kinds == {True, False}
