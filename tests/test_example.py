"""The example has the promised kinds of customers and content, and no customer's data in it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from newsletter.facts import add_facts
from newsletter.model.project import Project
from newsletter.read.assembly import read_project

ROOT = Path(__file__).parents[1]
TODAY = dt.date(2026, 11, 3)
SINCE = dt.date(2026, 10, 1)

# The customers of the example by the case that they show.
SORTS: dict[str, tuple[str, pl.Expr]] = {
    "new": ("PB-1011 PB-1012 PB-1013", pl.col("days_since_first_order") <= 60),
    "never ordered": ("PB-1014", pl.col("orders_count") == 0),
    "loyal": (
        "PB-1001 PB-1002 PB-1003 PB-1004 PB-1005 PB-1007 PB-1035",
        (pl.col("orders_count") >= 12) & (pl.col("years_as_customer") >= 3),
    ),
    "lost": ("PB-1015 PB-1016", pl.col("days_since_last_order") > 365),
    "said no": ("PB-1018", pl.col("email").is_not_null() & ~pl.col("consent_email")),
    "never asked": ("PB-1019", pl.col("email").is_not_null() & ~pl.col("consent_email")),
    "letters only": (
        "PB-1022 PB-1023",
        pl.col("email").is_null() & pl.col("consent_post") & (pl.col("channel") == "letter"),
    ),
    "calls only": (
        "PB-1024",
        pl.col("email").is_null() & pl.col("consent_phone") & (pl.col("channel") == "call"),
    ),
    "closed": ("PB-1017", pl.col("closed")),
    "no first name": (
        "PB-1025",
        pl.col("first_name").is_null() & pl.col("last_name").is_not_null(),
    ),
    "no name at all": ("PB-1026", pl.col("name").is_null()),
    "one name": (
        "PB-1027",
        pl.col("name").is_not_null() & pl.col("last_name").is_null(),
    ),
    "CJK name": ("PB-1028 PB-1029", pl.col("name").str.contains(r"[\p{Han}\p{Hiragana}]{3}")),
    "RTL name": ("PB-1030 PB-1031", pl.col("name").str.contains(r"[\p{Hebrew}\p{Arabic}]{3}")),
    "apostrophe": ("PB-1003", pl.col("last_name") == "O'Brien"),
    "emoji": ("PB-1032", pl.col("first_name").str.contains(r"\p{Extended_Pictographic}")),
    "contacts of one firm": ("PB-1035 PB-1036 PB-1037", pl.col("account") == "KT"),
    "German": ("PB-1002 PB-1012 PB-1032", pl.col("language") == "de"),
    "French": ("PB-1001 PB-1013 PB-1033", pl.col("language") == "fr"),
    "29 February": ("PB-1039", pl.col("birthday") == "1988-02-29"),
    "29 February of some year": ("PB-1040", pl.col("birthday") == "--02-29"),
    "formal": ("PB-1001 PB-1006 PB-1037", pl.col("formality") == "formal"),
    "title": ("PB-1006", pl.col("title") == "Prof. Dr."),
}

CONTENT = {
    "update": 6,
    "article": 5,
    "story": 4,
    "answer": 3,
    "offer": 2,
    "event": 2,
    "page": 2,
}


@pytest.fixture(scope="module")
def project() -> Project:
    """Read the example once."""
    return read_project(ROOT, today=TODAY)


@pytest.fixture(scope="module")
def customers(project: Project) -> pl.DataFrame:
    """Return the example's customers with their facts."""
    return add_facts(project.people, project.config, today=TODAY, since=SINCE)


def test_forty_customers_are_read_without_a_remark(project: Project) -> None:
    """Forty rows, forty customers, no bad row."""
    people = project.people
    assert (people.rows, people.customers.height, people.bad_rows) == (40, 40, ())


@pytest.mark.parametrize("sort", SORTS)
def test_customers_show_the_case_they_are_named_for(sort: str, customers: pl.DataFrame) -> None:
    """Each case of the table above has its customers."""
    names, rule = SORTS[sort]
    ids = names.split()
    assert customers.filter(pl.col("id").is_in(ids), rule)["id"].to_list() == ids


def test_a_couple_shares_one_address(customers: pl.DataFrame) -> None:
    """Two customers have one email address, and stay two."""
    shared = customers.filter(pl.col("email").is_not_null() & pl.col("email").is_duplicated())
    assert shared["id"].to_list() == ["PB-1033", "PB-1034"]


def test_two_customers_are_suppressed_against_their_consent(project: Project) -> None:
    """Their rows say yes; one address is spelt differently in the suppression list."""
    suppressed = [email.casefold() for email in project.people.tables["suppressed"]["email"]]
    listed = project.people.customers.filter(
        pl.col("email").str.to_lowercase().is_in(suppressed), "consent_email"
    )
    assert listed["id"].to_list() == ["PB-1020", "PB-1021"]


def test_four_years_of_orders_with_refunds(project: Project) -> None:
    """About three hundred orders, a few refunded, all of customers in the file."""
    orders = project.people.tables["orders"]
    first, last = orders["date"].min(), orders["date"].max()
    assert 280 <= orders.height <= 350
    assert (first, last) == (dt.date(2022, 11, 8), dt.date(2026, 10, 31))
    assert (orders["amount"] < 0).sum() == 5
    assert set(orders["customer"]) <= set(project.people.customers["id"])


def test_most_readers_were_served_since_the_last_issue(customers: pl.DataFrame) -> None:
    """More than half of the recipients have a service to read about."""
    readers = customers.filter(pl.col("consent_email"))
    assert readers.filter(pl.col("services_count") > 0).height >= readers.height / 2


def test_entries_of_every_kind(project: Project) -> None:
    """As many of each as promised, translations not counted."""
    slugs = {(entry.kind, entry.slug) for entry in project.entries}
    assert Counter(kind for kind, _ in slugs) == CONTENT


def test_three_issues_the_newest_in_three_languages(project: Project) -> None:
    """September, October and November; the last in English, German and French."""
    assert sorted((issue.name, issue.language) for issue in project.issues) == [
        ("2026-09", "en"),
        ("2026-10", "en"),
        ("2026-11", "de"),
        ("2026-11", "en"),
        ("2026-11", "fr"),
    ]


def test_the_firm_speaks_three_languages(project: Project) -> None:
    """Texts of newsletter.yml for customers exist for each edition of the newest issue."""
    config = project.config
    assert config.loyalty
    texts = [config.business.tagline, config.business.opening_hours]
    texts += [member.role for member in config.team]
    texts += [reward.reward for reward in config.loyalty.rewards]
    for text in texts:
        assert len({text.in_language(tag, "en") for tag in ("en", "de", "fr")}) == 3, text


def test_answers_name_existing_feedback(project: Project) -> None:
    """Every `answers:` is the id of a row of feedback."""
    feedback_ids = set(project.people.tables["feedback"]["id"])
    assert {key for entry in project.entries for key in entry.answers} <= feedback_ids


def test_stories_name_people_with_consent_outside_the_file(
    project: Project,
) -> None:
    """The site may then name them."""
    stories = [entry for entry in project.entries if entry.kind == "story"]
    names = set(project.people.customers["name"].drop_nulls())
    assert all(story.consent and story.customer not in names for story in stories)


def test_every_picture_is_used_with_an_alternative_text(project: Project) -> None:
    """Each entry has one; all files are light."""
    assert all(entry.image and len(entry.image_alt) > 20 for entry in project.entries)
    used = {entry.image for entry in project.entries}
    used |= {member.photo for member in project.config.team} | {project.theme.values["logo"]}
    files = list((project.root / "content/images").iterdir())
    assert used == set(project.images) == {f"images/{file.name}" for file in files}
    assert all(file.stat().st_size < 120_000 for file in files)


def test_no_customer_is_named_in_the_content(project: Project) -> None:
    """Names, addresses, phones, streets, birthdays and ids are only in customers/."""
    columns = ["id", "name", "email", "phone", "street"]
    values = project.people.customers.select(columns).unpivot()["value"].drop_nulls().to_list()
    years = project.people.customers["birthday"].drop_nulls().to_list()
    files = (ROOT / "content").rglob("*.md")
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    leaked = [value for value in values + years if value.casefold() in text.casefold()]
    assert leaked == []
