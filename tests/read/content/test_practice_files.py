"""Practices are read with all their keys and texts, each text with its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from made import settings

from newsletter.errors import Place
from newsletter.model.gift import Gift
from newsletter.model.practice import Practice, Rhythm, Span
from newsletter.read.content.folders import find_content
from newsletter.read.content.practice_files import read_practices
from newsletter.read.project_files import ProjectFiles


def read(root: Path, **files: str) -> tuple[tuple[Practice, ...], list[str]]:
    """Return the practices of a project in German with these files, and the problems."""
    folder = root / "content/practices"
    folder.mkdir(parents=True)
    for name, text in files.items():
        file = name.replace("__", ".").replace("_", "-")
        (folder / f"{file}.md").write_text(text, encoding="utf-8")
    project = ProjectFiles(root)
    etiquette = {"channels": ["call", "letter", "email"]}
    config = settings(language="de", etiquette=etiquette)
    practices = read_practices(find_content(project), config, project, language="de")
    return practices, [str(problem).split("\n")[0] for problem in project.problems]


def only_practice(root: Path, front: str, body: str = "Hallo.\n") -> Practice:
    """Return the one practice of a project, which has no problem."""
    practices, problems = read(root, care=f"---\ntitle: Hallo\n{front}---\n{body}")
    assert problems == []
    return practices[0]


FULL = """\
---
title: Alles Gute
on: 2 days after order
until: 5 days after
once_per: order
when: order_number > 1
channel: [call, email]
after: welcome
priority: 90
owed: yes
sells: yes
gift: {kind: voucher, worth: 5 EUR, cost: 3.50 EUR, valid_days: 60, conditions: im Laden}
advice: Man dankt.
subject: 'Danke, {{ customer.first_name }}'
template: no
---

Für beide.

# Call

- Danken.

## Am Ende

Zuhören.
"""


def test_every_key_is_read(tmp_path: Path) -> None:
    """Text before the first heading is for channels without a text of their own."""
    english = (
        "---\ntitle: All good\ngift: {conditions: in our shop}\n---\n"
        "# Email\n\nThanks.\n\n# CALL\n- Thank.\n"
    )
    practices, problems = read(
        tmp_path,
        thanks=FULL,
        thanks__en=english,
        welcome="---\ntitle: W\non: order\n---\nHallo.\n",
    )

    assert problems == []
    thanks, welcome = practices
    german, original = thanks.words["de"], thanks.words["en"]
    assert welcome.name == "welcome"
    assert thanks == Practice(
        name="thanks",
        at=Place(path="content/practices/thanks.md", line=2, column=1, text="title: Alles Gute"),
        title="Alles Gute",
        event="order",
        offset=Span(2, "day"),
        until=Span(5, "day"),
        once_per="event",
        when=thanks.when,
        channels=("call", "email"),
        after="welcome",
        priority=90,
        owed=True,
        sells=True,
        own_rhythm="follow",
        gift=Gift(
            kind="voucher",
            name="",
            worth=5.0,
            cost=3.5,
            currency="EUR",
            valid_days=60,
            conditions="im Laden",
        ),
        advice="Man dankt.",
        words={"de": german, "en": original},
    )
    assert {channel: (body.text, body.at.line) for channel, body in german.bodies.items()} == {
        "call": ("- Danken.\n\n## Am Ende\n\nZuhören.\n", 22),
        "email": ("Für beide.\n", 18),
    }
    assert {channel: (body.text, body.at.line) for channel, body in original.bodies.items()} == {
        "call": ("- Thank.\n", 10),
        "email": ("Thanks.\n", 7),
    }
    assert (german.title, str(german.subject), german.template) == (
        "Alles Gute",
        "Danke, {{ customer.first_name }}",
        False,
    )
    assert (original.title, original.subject, original.template) == ("All good", None, False)
    assert thanks.gift is not None
    assert thanks.gift_in("en") == replace(thanks.gift, conditions="in our shop")
    assert thanks.gift_in("de") == thanks.gift
    assert german.subject is not None
    assert (german.subject.at.line, german.subject.at.column) == (14, 11)
    assert thanks.when is not None
    assert (thanks.when.text, thanks.when.at.line, thanks.when.at.column) == (
        "order_number > 1",
        6,
        7,
    )


@pytest.mark.parametrize(
    ("on", "event", "date", "offset"),
    [
        ("birthday", "birthday", "", Span(0, "day")),
        ("1 working day after feedback", "feedback", "", Span(1, "working day")),
        ("2 working days after feedback", "feedback", "", Span(2, "working day")),
        ("14 days before event", "event", "", Span(-14, "day")),
        ("1 week before  occasion anniversary", "occasion anniversary", "", Span(-1, "week")),
        ("6 months after last order", "last order", "", Span(6, "month")),
        ("12-24", "date", "12-24", Span(0, "day")),
        ("02-29", "date", "02-29", Span(0, "day")),
        ("2026-12-24", "date", "2026-12-24", Span(0, "day")),
        ("3 days before 12-24", "date", "12-24", Span(-3, "day")),
        ("1 year after 2026-12-24", "date", "2026-12-24", Span(1, "year")),
    ],
)
def test_on_names_an_event_or_a_day(
    tmp_path: Path, on: str, event: str, date: str, offset: Span
) -> None:
    """With how long before or after it."""
    practice = only_practice(tmp_path, f"on: {on}\n")

    assert (practice.event, practice.date, practice.offset) == (event, date, offset)


@pytest.mark.parametrize(
    ("on", "problem"),
    [
        ("2 days after", "unknown event '2 days after'"),
        ("2 days after brithday", "unknown event 'brithday'"),
        ("date", "unknown event 'date'"),
        ("2 days before 13-01", "there is no day 13-01"),
        ("24.12.", "'24.12.' is not a day"),
        ("2023-02-29", "there is no day 2023-02-29"),
        ("3 days before service", "nobody knows of the event 'service' before its day"),
        ("3 days after issue", "an issue is planned for its own day"),
        ("11 years after order", "'11 years' is longer than ten years"),
    ],
)
def test_another_on_is_refused(tmp_path: Path, on: str, problem: str) -> None:
    """The problem points to the value."""
    front = f"---\ntitle: A\non: {on}\n---\nHallo.\n"

    assert read(tmp_path, care=front)[1] == [f"content/practices/care.md:3:5: {problem}"]


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        ("quarter", (Rhythm("", Span(3, "month")),)),
        ("month", (Rhythm("", Span(1, "month")),)),
        ("year", (Rhythm("", Span(1, "year")),)),
        ("half year", (Rhythm("", Span(6, "month")),)),
        ("6 weeks", (Rhythm("", Span(6, "week")),)),
        (
            "{vip: 6 weeks, everybody: quarter}",
            (Rhythm("vip", Span(6, "week")), Rhythm("", Span(3, "month"))),
        ),
    ],
)
def test_every_is_a_span_or_one_for_each_segment(
    tmp_path: Path, every: str, expected: tuple[Rhythm, ...]
) -> None:
    """A rhythm has no last day."""
    practice = only_practice(tmp_path, f"every: {every}\ncounted_from: practice\n")

    assert (practice.every, practice.event, practice.until, practice.counted_from) == (
        expected,
        "",
        None,
        "practice",
    )


@pytest.mark.parametrize(
    ("every", "problem"),
    [
        ("0 days", "'0 days' is not a rhythm"),
        ("sometimes", "'sometimes' is not a span of time"),
        ("[quarter]", "this must be one value, not a list"),
    ],
)
def test_another_every_is_refused(tmp_path: Path, every: str, problem: str) -> None:
    """The problem points to the value."""
    front = f"---\ntitle: A\nevery: {every}\n---\nHallo.\n"

    assert read(tmp_path, care=front)[1] == [f"content/practices/care.md:3:8: {problem}"]


@pytest.mark.parametrize(
    ("front", "until", "once_per"),
    [
        ("on: order\n", Span(7, "day"), "event"),
        ("on: order\nuntil: 2 weeks\n", Span(2, "week"), "event"),
        ("on: promise\nowed: yes\n", None, "event"),
        ("on: last order\nonce_per: order\n", Span(7, "day"), "event"),
        ("on: occasion anniversary\nonce_per: occasion\n", Span(7, "day"), "event"),
        ("on: order\nonce_per: order_category\n", Span(7, "day"), "order_category"),
        ("on: order\nonce_per: customer\n", Span(7, "day"), "customer"),
        ("every: year\n", None, "event"),
        ("when: vip\n", None, "customer"),
        ("when: vip\nonce_per: year\n", None, "year"),
    ],
)
def test_defaults_of_until_and_once_per(
    tmp_path: Path, front: str, until: Span | None, once_per: str
) -> None:
    """An event is due for a week and done once; a rule is done once for each customer."""
    practice = only_practice(tmp_path, front)

    assert (practice.until, practice.once_per) == (until, once_per)


def test_defaults_of_a_practice(tmp_path: Path) -> None:
    """The values of keys that it does not have."""
    practice = only_practice(tmp_path, "on: order\ngift: {kind: item, name: Stift, worth: 4}\n")

    assert practice.gift == Gift(
        kind="item", name="Stift", worth=4, cost=4, currency="EUR", valid_days=30, conditions=""
    )
    assert (practice.priority, practice.owed, practice.sells, practice.after) == (
        50,
        False,
        False,
        "",
    )
    assert (practice.when, practice.advice, practice.counted_from) == (None, "", "contact")


@pytest.mark.parametrize(
    ("channel", "body", "channels"),
    [
        ("", "Hallo.\n", ("letter", "email")),
        ("channel: preferred\n", "# Email\nA\n# Call\nB\n", ("call", "email")),
        ("channel: preferred\n", "A\n# Call\nB\n", ("call", "letter", "email")),
        ("channel: text\n", "A\n", ("text",)),
        ("channel: email, visit\n", "A\n", ("email", "visit")),
        ("channel: [visit, email]\n", "A\n# Visit\nB\n", ("visit", "email")),
    ],
)
def test_preferred_means_every_channel_with_a_text(
    tmp_path: Path, channel: str, body: str, channels: tuple[str, ...]
) -> None:
    """In the order of the etiquette; a list has its own order."""
    practice = only_practice(tmp_path, f"on: order\n{channel}", body)

    assert practice.channels == channels
    assert set(practice.words["de"].bodies) == set(channels)


def test_the_practice_of_issues_has_no_texts(tmp_path: Path) -> None:
    """It goes by email or letter."""
    practices, problems = read(tmp_path, issue="---\ntitle: Der Brief\non: issue\n---\n")

    assert problems == []
    assert (practices[0].event, practices[0].channels) == ("issue", ("email", "letter"))
    assert practices[0].words["de"].bodies == {}


def test_a_heading_in_a_code_block_names_no_channel(tmp_path: Path) -> None:
    """A line there may begin with #."""
    practice = only_practice(tmp_path, "on: order\nchannel: email\n", "```\n# Letter\n```\n")

    assert practice.words["de"].bodies["email"].text == "```\n# Letter\n```\n"
