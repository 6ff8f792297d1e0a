"""Letters as printed: names, positions on the sheet, languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest
from on_paper import (
    STRANGE,
    Read,
    Word,
    has_name,
    in_country,
    items_of,
    lines_of,
    touch,
    touches_of,
)
from support import EXAMPLE_DAY, content_of

from newsletter.export.print import printed
from newsletter.export.print.letters import MOST, letters, letters_data
from newsletter.export.print.paper import WINDOWS
from newsletter.export.print.typst import Press
from newsletter.model.care import Touch
from newsletter.model.project import Project

FOLDER = "private/care/print"
NO_MORE_POST = (
    "Would you rather not get post from us any more? "
    "Just tell us: +352 20 00 27 10, hello@example.com"
)
LONG = (
    "Herrn Professor Doktor Maximilian von und zu Hohenstein-Wartenberg",
    "Gesellschaft für Handgeschöpftes Papier und Schreibgeräte mbH & Co. KG",
    "Hinterhaus, 3. Stock links",
    "Alte Poststraße am Kleinen Markt 118a",
    "54290 Trier",
    "GERMANY",
)


def _pdf(project: Project, touches: Sequence[Touch], press: Press) -> bytes:
    items = items_of(project, touches)
    (artifact,) = letters(project, items, press=press, day=EXAMPLE_DAY, folder=FOLDER)
    return content_of(artifact)


def test_every_recipient_has_a_letter(project: Project, press: Press, tmp_path: Path) -> None:
    """The name of every customer of the example, and of unusual ones, is in the letters."""
    touches = [*touches_of(project), *map(touch, STRANGE)]
    lines = lines_of(_pdf(project, touches, press), tmp_path)

    assert len(touches) > 45
    assert [task.name for task in touches if not has_name(task.name, lines)] == []


@pytest.mark.parametrize(
    ("country", "output", "window"),
    [
        ("DE", {}, "din-5008-b"),
        ("LU", {}, "din-5008-b"),
        ("CH", {"letters": "din-5008-a"}, "din-5008-a"),
        ("US", {}, "us-10"),
        ("CA", {}, "us-10"),
        ("FR", {}, "right"),
    ],
)
@pytest.mark.parametrize("address", [("Zoë", "1 Way", "Town"), LONG, tuple("ABCDEFG")])
def test_the_whole_address_is_in_the_window(
    country: str,
    output: dict[str, str],
    window: str,
    address: tuple[str, ...],
    *,
    project: Project,
    press: Press,
    words: Read,
) -> None:
    """However long it is, it shows through the country's envelopes."""
    letter = touch(address=address, greeting="", subject="", text="")
    example = in_country(project, country, **output)
    there = words(_pdf(example, [letter], press))
    at = WINDOWS[window]
    inside = [word for word in there if _inside(word, at.x, at.y, at.width, at.height)]
    visible = [word.text for word in inside if word.top >= at.address - 0.5]

    # A long name may break at its hyphen.
    assert "".join(visible) == "".join(address).replace(" ", "")


def _inside(word: Word, x: float, y: float, width: float, height: float) -> bool:
    across = x <= word.left and word.right <= x + width
    return across and y <= word.top and word.bottom <= y + height


def test_a_german_sender_is_above_the_address(project: Project, press: Press, words: Read) -> None:
    """In the German window the sender is one small line above the recipient."""
    there = words(_pdf(project, [touch()], press))
    at = WINDOWS["din-5008-b"]
    above = [w for w in there if 55 < w.top < w.bottom < at.address]
    sender = [w.text for w in above if w.right < at.x + at.width]

    assert " ".join(sender) == "Paper & Bean · 27 rue du Marché-aux-Herbes · L-1728 Luxembourg"


def test_an_american_window_shows_only_the_recipient(
    project: Project, press: Press, words: Read
) -> None:
    """Nothing else shows through the envelope."""
    there = words(_pdf(in_country(project, "US"), [touch()], press))
    visible = [word.text for word in there if word.left < 111 and 51.9 < word.bottom < 80.5]

    assert visible == ["Zoë", "Müller", "12", "Long", "Street", "L-1728", "Luxembourg"]


@pytest.mark.parametrize(
    ("language", "date"),
    [("en", "3 November 2026"), ("de", "3. November 2026"), ("fr", "3 novembre 2026")],
)
def test_letter_is_in_the_language_of_its_reader(
    language: str, date: str, *, project: Project, press: Press, tmp_path: Path
) -> None:
    """Date and the contact's role are in the customer's language."""
    lines = lines_of(_pdf(project, [touch(language=language)], press), tmp_path)
    role = project.config.team[0].role.in_language(language, "en")

    assert date in " ".join(lines)
    assert f"{role}, Paper & Bean" in lines


def test_parts_of_a_letter_come_in_order(project: Project, press: Press, tmp_path: Path) -> None:
    """Subject, greeting, text with its list, voucher, closing, and sender."""
    letter = touch(
        text="First.\n\n- ink\n- paper\n\n> As you said.\n\nSo,  last.",
        gift="A coffee; at the counter.",
        code="04KD-8M2Z-Q9RT",
        expires=dt.date(2026, 12, 5),
    )
    lines = lines_of(_pdf(project, [letter], press), tmp_path)

    assert list(filter(None, lines[lines.index("Thank you for your order") :])) == [
        "Thank you for your order",
        "Dear Zoë Müller,",
        "First.",
        "– ink",
        "– paper",
        "As you said.",
        "So, last.",
        "Your voucher",
        "A coffee; at the counter.",
        "04KD-8M2Z-Q9RT",
        "Valid until 5 December 2026",
        "Kind regards,",
        "Nora Feltes",
        "Pens, paper and repairs, Paper & Bean",
        NO_MORE_POST,
    ]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Would you rather not get post from us any more? Just tell us: "),
        ("de", "Lieber keine Post mehr von uns? Ein kurzes Wort genügt: "),
        # pdftotext drops narrow spaces.
        (
            "fr",
            "Vous préférez ne plus recevoir de courrier de notre part? Dites-le-nous simplement: ",
        ),
    ],
)
def test_letters_say_how_to_object(
    language: str, sentence: str, *, project: Project, press: Press, tmp_path: Path
) -> None:
    """The foot names the right to object in the reader's language, with phone and email."""
    lines = lines_of(_pdf(project, [touch(language=language)], press), tmp_path)

    assert f"{sentence}+352 20 00 27 10, hello@example.com" in lines


def test_phone_and_email_are_printed_once_if_the_contact_shares_them(
    project: Project, press: Press, words: Read
) -> None:
    """In a firm of one person they are beside the window only once."""
    business = project.config.business
    ways = {"phone": business.phone, "email": business.email}
    owner = project.config.team[0].model_copy(update=ways)
    config = project.config.model_copy(update={"team": (owner, *project.config.team[1:])})
    there = words(_pdf(replace(project, config=config), [touch()], press))

    assert sum(word.text == business.email and word.top < 100 for word in there) == 1


def test_text_is_never_typst_markup(project: Project, press: Press, tmp_path: Path) -> None:
    """Characters that Typst reads as markup are printed as they are."""
    text = '#panic("no") *bold* _it_ $x$ @ref <label> = Head \\ // comment `raw` [x] {y}'
    lines = lines_of(
        _pdf(project, [touch(html=f"<p>{escape(text)}</p>", name="#eval(1)")], press), tmp_path
    )

    assert text in lines
    assert "#eval(1)" in lines


def test_each_letter_begins_on_its_own_sheet(project: Project, press: Press, words: Read) -> None:
    """A long letter continues on a second, numbered sheet; the next letter begins anew."""
    long = touch("Zoë", text="\n\n".join(["A sentence of thanks. " * 20] * 12))
    there = words(_pdf(project, [long, touch("Henning")], press))
    pages = {word.page for word in there}
    feet = [" ".join(w.text for w in there if w.top > 277 and w.page == page) for page in pages]

    assert pages == {1, 2, 3}
    assert feet == [NO_MORE_POST, "2", NO_MORE_POST]
    assert [w.page for w in there if w.text == "Henning" and w.top < 90] == [3]


def test_the_closing_is_never_alone_on_a_sheet(
    project: Project, press: Press, words: Read
) -> None:
    """The last paragraph goes with it, wherever the sheet ends; a very long one is divided."""
    texts = ["\n\n".join([*["A line."] * lines, "Last paragraph."]) for lines in range(14, 26)]
    broken = 0
    for text in texts:
        there = words(_pdf(project, [touch("Zoë", text=text)], press))
        pages = {w.text: w.page for w in there if w.text in ("paragraph.", "Nora")}
        broken += pages["paragraph."] == 2
        assert {w.page for w in there if w.text in ("paragraph.", "regards,")} == {
            pages["paragraph."]
        }
    assert 0 < broken < len(texts)
    whole = touch("Zoë", text="A sentence of thanks. " * 600)
    assert len([w for w in words(_pdf(project, [whole], press)) if w.page == 1]) > 400


def test_fold_marks_are_where_din_5008_puts_them(project: Project) -> None:
    """Only letters for DIN envelopes have marks, at the heights of their form."""
    german, french = (
        letters_data(in_country(project, country), [])["window"] for country in ("DE", "FR")
    )

    assert german["folds"] == (105, 210)
    assert french["folds"] == ()


def test_many_letters_go_into_several_files(project: Project, press: Press) -> None:
    """A file has at most two hundred letters."""
    items = items_of(project, [touch()]) * (2 * MOST + 1)
    artifacts = letters(project, items, press=press, day=EXAMPLE_DAY, folder=FOLDER)

    assert [artifact.path.rpartition("/")[2] for artifact in artifacts] == [
        "letters.pdf",
        "letters-2.pdf",
        "letters-3.pdf",
    ]


def test_second_build_gives_the_same_bytes(project: Project, press: Press) -> None:
    """Letters, cards and labels of one day are the same, byte for byte."""
    touches = [touch(), touch("王小明", channel="handwritten")]
    items = items_of(project, touches)
    first, second = (
        [
            (artifact.path, content_of(artifact))
            for artifact in printed(project, items, press=press, day=EXAMPLE_DAY, folder=FOLDER)
        ]
        for _ in range(2)
    )

    assert [path for path, _ in first] == [
        "private/care/print/letters.pdf",
        "private/care/print/cards.pdf",
        "private/care/print/labels-L7160.pdf",
    ]
    assert first == second


def test_the_key_of_a_pdf_depends_on_all_that_is_printed(project: Project) -> None:
    """Another text, template, day or set of fonts changes the key; an equal letter does not."""

    def key(
        fonts: str = "fonts", day: dt.date = EXAMPLE_DAY, example: Project = project, **more: str
    ) -> str:
        item = replace(items_of(project, [touch("Zoë")])[0], **more)
        press = Press(fonts=fonts)
        return next(letters(example, [item], press=press, day=day, folder=FOLDER)).key

    texts = {**project.theme.texts, "print/letter.typ": "#let x = 1"}
    template = replace(project, theme=replace(project.theme, texts=texts))
    changes = [
        key("other"),
        key(day=dt.date(2030, 1, 1)),
        key(example=template),
        key(greeting="Hi"),
    ]

    assert key() == key()
    assert len({key(), *changes}) == 5
    assert key("") == "", "nothing is taken over without knowing the fonts"


def test_a_day_without_post_has_no_files(project: Project, press: Press) -> None:
    """Without letters and cards there is nothing to print."""
    items = items_of(project, [touch(channel="call")])

    assert list(printed(project, items, press=press, day=EXAMPLE_DAY, folder=FOLDER)) == []


def test_letter_without_address_names_the_customer(
    project: Project, press: Press, tmp_path: Path
) -> None:
    """The name takes the place of an unknown address."""
    letter = replace(touch("Henning Brandt"), address=(), greeting="")

    assert "Henning Brandt" in lines_of(_pdf(project, [letter], press), tmp_path)
