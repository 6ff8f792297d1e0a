"""The team's pages of the day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import html5lib
import pytest
from care_day import DAY, HELD, TOUCHES, day_plan, touch
from support import ROOT, content_of, visible_text

from newsletter.errors import NewsletterError
from newsletter.export.pages.day import MOST_HELD, care_pages
from newsletter.model.care import CarePlan
from newsletter.model.project import Project
from newsletter.read.assembly import read_project

FILES = (
    "private/care/lists/2026-11-03-nora.csv",
    "private/care/messages/2026-11-03/index.html",
    "private/care/messages/2026-11-03/birthday/en/1.eml",
    "private/care/print/letters.pdf",
    "private/care/gifts.html",
)


@pytest.fixture(scope="module")
def project() -> Project:
    """Return the example."""
    return read_project(ROOT, today=DAY)


@pytest.fixture(scope="module")
def plan() -> CarePlan:
    """Return the plan of the day with skipped rows and emails."""
    return day_plan(TOUCHES, further=HELD)


@pytest.fixture(scope="module")
def pages(project: Project, plan: CarePlan) -> Mapping[str, str]:
    """Return name → page."""
    return _pages(project, plan)


def _pages(project: Project, plan: CarePlan, **more: object) -> dict[str, str]:
    pages = care_pages(project, plan, TOUCHES, **({"files": FILES} | more))
    return {page.path.removeprefix("private/care/"): content_of(page).decode() for page in pages}


def text(page: str) -> str:
    """Return the visible text."""
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    return visible_text(tree.find("body"))


def test_every_member_has_three_pages_and_there_is_an_overview(pages: Mapping[str, str]) -> None:
    """All are valid HTML and private, load nothing and run nothing."""
    assert sorted(pages) == [
        "index.html",
        *(
            f"{member}{sheet}.html"
            for member in ("nora", "tomas")
            for sheet in ("-calls", "-handwritten", "")
        ),
    ]
    for page in pages.values():
        assert text(page)
        assert not re.search(r"<script|<link|<img|url\(|src=|https?:", page)
        assert '<meta name="robots" content="noindex">' in page


def test_the_page_of_a_member_has_all_their_tasks(pages: Mapping[str, str]) -> None:
    """Owed tasks, then tasks by channel with all they need; then tasks that wait, and why."""
    assert text(pages["nora.html"]) == (
        "Nora Feltes Tuesday, 3 November 2026 Call sheet Notes to write Work list (csv) "
        "The care plan Calls 1 Text messages 1 Notes by hand 1 Emails 1 First of all 1 "
        "Anna Kayser A promise is due, by phone +352 621 000 102 Do not mention: the divorce "
        "Agenda Last contact 2 October 2026 (visit): One more Promised: A catalogue What to say "
        "Begin with the promise. Say when it comes. Why: promised for 2026-10-20: A catalogue "
        "Text messages 1 =Zoë Ångström How are you? +49 171 39200 12 Words to copy "
        "Your pen is ready. Why: last contact 1 Aug 2026 (call), every quarter "
        "Notes by hand 1 Müller, Anna <Dr.> Birthday wishes · to arrive 6 Nov 2026 · German "
        "What to mention bought on 31 October: Ink, oak gall a customer for 4 years "
        "Suggested words Liebe Anna, Alles Gute zum Geburtstag! Goes with it "
        "A voucher of €5, once, not with other offers · 7K4M-QX2P · Valid until 6 Dec 2026 "
        "Address Dr. Anna Müller Saarstraße 118 54290 TRIER GERMANY "
        "Why: birthday on 6 Nov 2026; years_as_customer >= 1 "
        "Ready to be sent 1 × Birthday wishes, by email Look at the messages "
        "Not today Who What Why not today Not before "
        "Émile Wagner Is all well? at most 5 calls a day 4 Nov 2026 "
        "PB-1006 Is all well? at most 2 in 14 days 9 Nov 2026 "
        "Left out: 1 × no consent or no address"
    )


def test_a_tap_dials_a_number_or_begins_a_text(pages: Mapping[str, str]) -> None:
    """tel: links have no spaces; sms: links contain the text."""
    assert 'href="tel:+352621000102"' in pages["nora.html"]
    assert 'href="sms:+491713920012?body=Your%20pen%20is%20ready."' in pages["nora.html"]


def test_the_call_sheet_has_a_block_for_each_call(pages: Mapping[str, str]) -> None:
    """Each has room to write; without calls the sheet says so."""
    assert text(pages["nora-calls.html"]) == (
        "Call sheet: Nora Feltes Tuesday, 3 November 2026 Nora Feltes "
        "Anna Kayser A promise is due, by phone +352 621 000 102 Do not mention: the divorce "
        "Agenda Last contact 2 October 2026 (visit): One more Promised: A catalogue "
        "What to say Begin with the promise. Say when it comes. "
        "done not reached message left somebody else answered visit announced not wanted "
        "What was said Promised, and by when"
    )
    assert "No calls today." in text(pages["tomas-calls.html"])
    assert "No notes to write today." in text(pages["tomas-handwritten.html"])
    assert "Anna Kayser" not in pages["nora-handwritten.html"]
    assert "Alles Gute zum Geburtstag!" in pages["nora-handwritten.html"]


def test_letters_are_listed_by_name_with_a_link_to_the_pdf(pages: Mapping[str, str]) -> None:
    """The texts are in the PDF."""
    assert text(pages["tomas.html"]).endswith(
        "Print the letters The care plan Letters 1 Emails 1 Letters 1 "
        "Print them and take them to the post. Bob Weber · How are you? · to arrive "
        "3 Nov 2026 Ready to be sent 1 × The monthly letter, by email Look at the messages"
    )


def test_the_overview_counts_tasks_and_links_to_files(pages: Mapping[str, str]) -> None:
    """By channel, member and practice, with owed tasks; links only to existing files."""
    assert text(pages["index.html"]) == (
        "The care plan Tuesday, 3 November 2026 "
        "Calls 1 Text messages 1 Notes by hand 1 Letters 1 Emails 2 Not today 2 "
        "First of all 1 Anna Kayser · A promise is due, by phone · Nora Feltes "
        "By team member Team member Calls Text messages Notes by hand Letters Emails Not today "
        "Nora Feltes 1 1 1 0 1 2 Tomás Almeida 0 0 0 1 1 0 "
        "By practice What Calls Text messages Notes by hand Letters Emails "
        "Birthday wishes 0 0 1 0 1 Is all well? 0 1 0 1 0 The monthly letter 0 0 0 0 1 "
        "A promise is due 1 0 0 0 0 "
        "Files to open and print Look at the messages Gifts to have ready "
        "Work list, Nora Feltes (csv) Letters (pdf) "
        "These pages name customers. Keep them to yourselves."
    )


def test_pages_link_only_to_existing_files(project: Project, plan: CarePlan) -> None:
    """No PDF without the extra for printing, no messages without emails."""
    pages = _pages(project, plan, files=())
    targets = {link for page in pages.values() for link in re.findall('href="([^"#]+)"', page)}
    assert {t for t in targets if not t.startswith(("tel:", "sms:"))} <= set(pages)


def test_values_are_escaped(project: Project) -> None:
    """A name, an agenda item or a reason never becomes markup; texts are sanitised before."""
    evil = "<img src=x onerror=alert(1)>"
    visit = touch("C-1", evil, "visit", agenda=(evil,), because=evil, address=(evil,), phone=evil)
    pages = [content_of(page) for page in care_pages(project, day_plan([visit]), [visit])]
    for content in pages:
        assert b"<img" not in content


def test_of_many_skipped_rows_a_few_are_listed(project: Project) -> None:
    """The others are counted."""
    many = [HELD[0] | {"customer": f"C-{number:03}", "name": None} for number in range(100)]
    pages = {page.path: page for page in care_pages(project, day_plan([], further=many), [])}
    visible = text(content_of(pages["private/care/nora.html"]).decode())
    assert visible.count("at most 5 calls a day") == MOST_HELD
    assert "and more: 70" in visible
    assert "Nothing is due today." in visible


def test_owed_emails_and_unreachable_customers_are_named_first(project: Project) -> None:
    """A person must still act: an email fulfils no promise, and some customers have no channel."""
    owed = {"member": "nora", "practice": "promise", "owed": True, "because": "promised by today"}
    rows: list[dict[str, object]] = [
        owed | {"customer": "C-1", "name": "Ann", "channel": "email"},
        owed | {"customer": "C-2", "skipped_because": "said no to post", "rule": "consent"},
        owed | HELD[1] | {"customer": "C-3", "practice": "promise"},
        owed | {"customer": "C-4", "skipped_because": "done already", "rule": "had"},
    ]
    practices = tuple(replace(practice, draft=False) for practice in project.practices)
    project = replace(project, practices=practices)
    artifacts = care_pages(project, day_plan([], further=rows), [])
    pages = {page.path: content_of(page).decode() for page in artifacts}
    visible = text(pages["private/care/nora.html"])
    first = (
        "First of all 3 "
        "C-2 · A promise is due · Why: promised by today · Why not today: said no to post "
        "C-3 · A promise is due · Why: promised by today · Why not today: at most 2 in 14 days"
        " · Not before 9 Nov 2026 "
        "Ann · A promise is due, by email · Why: promised by today "
    )
    assert first in visible
    assert "C-4" not in visible
    assert "C-3 · A promise is due" in text(pages["private/care/index.html"])
    assert "First of all" not in text(pages["private/care/tomas.html"])


def test_the_pages_are_in_the_language_of_the_project(project: Project, plan: CarePlan) -> None:
    """The team reads German in a German project."""
    german = replace(project, config=project.config.model_copy(update={"language": "de"}))
    visible = text(_pages(german, plan)["nora.html"])
    assert visible.startswith("Nora Feltes Dienstag, 3. November 2026 Anrufliste")
    assert "soll ankommen 06.11.2026 Was sich" in visible


def test_a_broken_template_of_a_theme_is_named(project: Project, plan: CarePlan) -> None:
    """The error has file and line."""
    texts = dict(project.theme.texts) | {"care/touch.html": "\n\n{{ nothing }}"}
    broken = replace(project, theme=replace(project.theme, texts=texts))
    with pytest.raises(NewsletterError) as caught:
        _pages(broken, plan)
    assert str(caught.value).startswith("themes/default/care/touch.html:3: 'nothing' is undefined")
    texts["care/touch.html"] = "{% macro top( %}"
    broken = replace(project, theme=replace(project.theme, texts=texts))
    with pytest.raises(NewsletterError, match=r"themes/default/care/touch.html:1: expected"):
        _pages(broken, plan)


def test_the_same_day_gives_the_same_pages(project: Project, pages: Mapping[str, str]) -> None:
    """The order of touchpoints and of the plan's rows does not matter."""
    shuffled = day_plan(TOUCHES[::-1], further=HELD[::-1])
    artifacts = care_pages(project, shuffled, TOUCHES[::-1], files=FILES[::-1])
    second = {page.path.removeprefix("private/care/"): content_of(page) for page in artifacts}
    assert second == {name: page.encode() for name, page in pages.items()}


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_gifts_are_listed_in_time_to_be_bought(
    project: Project, plan: CarePlan, language: str
) -> None:
    """On the overview, once for each day and gift, with those who get it; else no section."""
    gift = {
        "gift": "a book",
        "practice": "Birthday",
        "cost": 4.0,
        "currency": "EUR",
        "quantity": 1,
    }
    days = {"Anna": 10, "Bert": 12, "Carl": 10}
    to_buy = [
        gift | {"name": name, "customer": name, "needed_by": DAY.replace(day=day)}
        for name, day in days.items()
    ]
    config = project.config.model_copy(update={"language": language})
    project = replace(project, config=config)
    heading = {
        "en": "Gifts to buy 3",
        "de": "Geschenke zu besorgen 3",
        "fr": "Cadeaux à acheter 3",
    }
    files = [*FILES, "private/care/gifts-to-buy.csv"]
    [page] = [
        content_of(page).decode()
        for page in care_pages(project, plan, TOUCHES, files=files, to_buy=to_buy)
        if page.path.endswith("/index.html")
    ]
    shown = " ".join(text(page).split())
    assert heading[language] in shown
    assert re.search("a book 2 Birthday.{1,2} Anna, Carl", shown)
    assert re.search("a book 1 Birthday.{1,2} Bert", shown)
    assert 'href="gifts-to-buy.csv"' in page
    assert "gifts-to-buy" not in _pages(project, plan)["index.html"]
