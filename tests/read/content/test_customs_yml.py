"""customs.yml: the packaged data, with the project's own laid over it."""

from __future__ import annotations

import datetime as dt

import pytest

from newsletter.model.customs import DoNotWrite
from newsletter.read.content.customs_yml import read_customs
from newsletter.read.project_files import ProjectFiles

YEARS = range(2024, 2036)


@pytest.fixture
def read(tmp_path):
    """Return a function from the text of content/customs.yml to customs and problems."""

    def reading(text: str = ""):
        if text:
            (tmp_path / "content").mkdir(exist_ok=True)
            (tmp_path / "content/customs.yml").write_text(text, encoding="utf-8")
        files = ProjectFiles(tmp_path)
        return read_customs(files), files.problems

    return reading


def called(days: DoNotWrite) -> str:
    """Return the English name."""
    return days.name.in_language("en", "en")


@pytest.mark.parametrize(
    ("key", "days"),
    [
        ("christmas", ["2026-12-25"]),
        ("orthodox-christmas", ["2027-01-07"]),
        ("new-year", ["2030-01-01"]),
        ("easter", ["2024-03-31", "2025-04-20", "2026-04-05", "2035-03-25"]),
        ("orthodox-easter", ["2024-05-05", "2025-04-20", "2026-04-12"]),
        ("eid-al-fitr", ["2024-04-10", "2025-03-30", "2026-03-20", "2033-01-02", "2033-12-23"]),
        ("eid-al-adha", ["2024-06-16", "2025-06-06"]),
        ("hanukkah", ["2024-12-26", "2025-12-15", "2026-12-05"]),
        ("rosh-hashanah", ["2024-10-03", "2025-09-23", "2026-09-12"]),
        ("passover", ["2024-04-23", "2025-04-13", "2026-04-02"]),
        ("diwali", ["2024-10-31", "2025-10-20", "2026-11-08"]),
        ("lunar-new-year", ["2024-02-10", "2025-01-29", "2026-02-17", "2033-01-31"]),
        ("nowruz", ["2024-03-20", "2025-03-21", "2029-03-20"]),
        ("thanksgiving-us", ["2024-11-28", "2025-11-27", "2026-11-26"]),
        ("thanksgiving-ca", ["2024-10-14", "2026-10-12"]),
        ("national-day-lu", ["2026-06-23"]),
    ],
)
def test_holidays_agree_with_published_calendars(read, key, days) -> None:
    """A sample of dates."""
    dates = read()[0].holidays[key].days
    assert [day for day in days if dt.date.fromisoformat(day) not in dates] == []


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("Good Friday", "2026-04-03"),
        ("Good Friday", "2026-04-10"),
        ("Yom Kippur", "2024-10-12"),
        ("Yom Kippur", "2026-09-21"),
        ("Holocaust Remembrance Day", "2024-05-06"),
        ("Holocaust Remembrance Day", "2025-04-24"),
        ("All Saints", "2026-11-01"),
    ],
)
def test_days_to_leave_people_alone_agree_with_published_calendars(read, name, day) -> None:
    """A sample of dates."""
    dates = {
        day for entry in read()[0].do_not_write if called(entry) == name for day in entry.days
    }
    assert dt.date.fromisoformat(day) in dates


def test_every_holiday_has_a_day_in_each_year(read) -> None:
    """No year is without it; a lunar year may bring a feast twice."""
    customs, problems = read()
    calendars = {key: holiday.days for key, holiday in customs.holidays.items()}
    calendars |= {f"{called(d)} {d.countries}": d.days for d in customs.do_not_write}
    missing = [
        (key, year)
        for key, days in calendars.items()
        for year in YEARS
        if year not in {day.year for day in days}
    ]
    assert (missing, problems) == ([], [])


def test_every_text_exists_in_three_languages(read) -> None:
    """English, German and French, the languages of the program."""
    for holiday in read()[0].holidays.values():
        for text in (holiday.name, holiday.greeting):
            assert text.root.keys() == {"en", "de", "fr"}


def test_email_and_text_need_consent_everywhere(read) -> None:
    """Nobody gets a message without being asked; an unknown country allows nothing."""
    customs = read()[0]
    allowed = set().union(*(country.without_asking for country in customs.countries.values()))
    assert allowed == {"letter", "handwritten", "call"}
    assert customs.of("XX") == customs.of(None)
    assert customs.of(None).without_asking == frozenset()


def test_calls_are_allowed_only_where_the_law_allows_them(read) -> None:
    """Germany asks for prior consent (UWG § 7), Norway has a register of objections."""
    customs = read()[0]
    ringing = {
        key for key, country in customs.countries.items() if "call" in country.without_asking
    }
    assert ringing == {"AU", "CA", "CH", "NO", "NZ", "SE", "US"}


def test_a_project_changes_only_the_keys_it_names(read) -> None:
    """Here one more greeting, another list, a new country and a new holiday."""
    before = read()[0]
    after, problems = read(
        """
countries:
  everywhere: {without_asking: [letter]}
  DE: {mention_family: yes}
  BR: {celebrates: "christmas, tree-day"}
holidays:
  christmas:
    greeting: {it: Buon Natale}
  tree-day:
    name: Tree day
    greeting: Plant one
    days: 03-15
do_not_write:
  anzac-day: {days: []}
  stocktaking: {name: We count, days: [2027-01-02]}
"""
    )
    assert problems == []
    assert after.of("DE").mention_family and not before.of("DE").mention_family
    assert after.of("DE").celebrates == before.of("DE").celebrates
    assert after.of("BR").celebrates == ("christmas", "tree-day")
    assert after.of("BR").without_asking == after.of(None).without_asking == {"letter"}
    greeting = before.holidays["christmas"].greeting.root
    assert after.holidays["christmas"].greeting.root == {**greeting, "it": "Buon Natale"}
    assert after.holidays["christmas"].days == before.holidays["christmas"].days
    assert dt.date(2031, 3, 15) in after.holidays["tree-day"].days
    assert [d.days for d in after.do_not_write if called(d) == "Anzac Day"] == [()]
    counted = [d for d in after.do_not_write if called(d) == "We count"]
    assert [(d.days, d.countries, d.celebrates) for d in counted] == [
        ((dt.date(2027, 1, 2),), (), ())
    ]


def test_all_problems_are_reported_at_once(read) -> None:
    """With line and column; the packaged customs then apply."""
    customs, problems = read(
        """countries:
  DE: {without_asking: [email], celebrates: [chrismas]}
  Germany: {mention_family: yes}
holidays:
  tree-day: {name: Tree day, days: 02-29}
  Bad Key: {}
do_not_write:
  x: {name: X, days: soon, contries: [DE]}
"""
    )
    reported = [(str(p.at).partition(":")[2], p.message, p.hint) for p in problems]
    fixed = (
        "write month and day of a fixed one (12-25), else a list of days: [2026-04-05, 2027-03-28]"
    )
    key = "small letters, digits and hyphens, as in the column 'celebrates': eid-al-fitr"
    country = "write the two capitals of ISO 3166: US, DE, NO; or 'everywhere'"
    new = "'{}' is new, so it needs name, greeting, days"
    assert sorted(reported) == [
        (
            "2:25",
            "'email' is not known here",
            "write one of letter, call, handwritten, text, visit",
        ),
        ("2:46", "there is no holiday 'chrismas'", "did you mean 'christmas'?"),
        ("3:3", "'Germany' is not a country", country),
        ("5:3", "'tree-day' has no 'greeting'", new.format("tree-day")),
        ("5:36", "there is no 02-29 in every year", fixed),
        ("6:3", "'Bad Key' cannot be the key of a day", key),
        ("6:3", "'Bad Key' has no 'days'", new.format("Bad Key")),
        ("6:3", "'Bad Key' has no 'greeting'", new.format("Bad Key")),
        ("6:3", "'Bad Key' has no 'name'", new.format("Bad Key")),
        ("8:22", "'soon' is neither a day of the year nor a list of days", fixed),
        ("8:28", "unknown key 'contries'", "did you mean 'countries'?"),
    ]
    assert customs == read("# nothing of our own\n")[0]
