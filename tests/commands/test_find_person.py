"""Customers are found by what people type, along with their account."""

import polars as pl
import pytest
from made import settings
from polars.testing import assert_frame_equal
from support import EXAMPLE_DAY

from newsletter.commands.find_person import (
    account_of,
    find_customers,
    only,
    the_customer,
    the_member,
)
from newsletter.errors import NewsletterError
from newsletter.facts import FACTS, add_facts
from newsletter.facts.referrals import REFERRALS
from newsletter.model.project import Project
from newsletter.model.tables import CUSTOMERS

CUSTOMERS_HERE = pl.DataFrame(
    [
        {"id": "7", "name": "Jürgen Müller", "city": "Köln", "email": "jm@example.com"},
        {"id": "8", "name": "Ann Muller", "company": "7", "city": "Paris"},
        {"id": "9", "name": "Łukasz Großmann", "phone": "+49 30 1234"},
        {"id": "10", "name": "李小明"},
        {"id": "11", "name": "Ann Muller-Bauer"},
        {"id": "12", "email": "AM@example.com", "company": "Bar & Co"},
    ],
    schema=CUSTOMERS,
)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("7", ["7"]),
        ("am@EXAMPLE.com", ["12"]),
        ("muller", ["8", "11", "7"]),
        ("Mueller Köln", ["7"]),
        ("müller  j", ["7"]),
        ("ANN MULLER", ["8"]),
        ("lukasz grossmann", ["9"]),
        ("grossm", ["9"]),
        ("小明", ["10"]),
        ("bauer", ["11"]),
        ("bar & co", ["12"]),
        ("a.*", []),
        ("  ", []),
    ],
)
def test_exact_matches_win_over_parts_of_names(text: str, ids: list[str]) -> None:
    """An exact id, address or name wins; otherwise all words must match; accents do not count."""
    assert find_customers(CUSTOMERS_HERE, text)["id"].to_list() == ids


def test_an_exact_id_names_its_customer_alone() -> None:
    """Other customers may differ in capitals: only an inexact spelling is ambiguous."""
    rows = [{"id": "ab1", "name": "Ann"}, {"id": "AB1", "name": "Bob"}, {"id": "c2"}]
    customers = pl.DataFrame(rows, schema=CUSTOMERS)
    assert the_customer(customers, "ab1") == "ab1"
    assert the_customer(customers, " AB1 ") == "AB1"
    assert the_customer(customers, "C2") == "c2"
    assert find_customers(customers, "Ab1")["id"].to_list() == ["ab1", "AB1"]


def test_several_matches_are_listed() -> None:
    """The user chooses from the list."""
    with pytest.raises(NewsletterError) as error:
        the_customer(CUSTOMERS_HERE, "muller")
    assert str(error.value) == (
        "'muller' may be 3 customers:\n"
        "8   Ann Muller        7  Paris\n"
        "11  Ann Muller-Bauer\n"
        "7   Jürgen Müller        Köln   jm@example.com\n"
        "  hint: type more of the name, or the id in the first column"
    )


def test_no_match_is_reported() -> None:
    """The message repeats the name that nobody has."""
    with pytest.raises(NewsletterError, match="no customer matches 'zoë'"):
        the_customer(CUSTOMERS_HERE, "zoë")


@pytest.mark.slow
def test_facts_of_one_customer_are_those_of_the_whole_table(project: Project) -> None:
    """Worked out without the other customers, only facts about recommendations may differ."""
    config, people = project.config, project.people
    names = ["id", *(name for name in FACTS if name not in REFERRALS.facts)]
    whole = add_facts(people, config, today=EXAMPLE_DAY, since=EXAMPLE_DAY).select(names)
    for key in people.customers["id"]:
        alone = add_facts(only(people, key), config, today=EXAMPLE_DAY, since=EXAMPLE_DAY)
        mine = alone.select(names).filter(alone["id"] == key)
        assert_frame_equal(mine, whole.filter(whole["id"] == key))


@pytest.mark.parametrize(("key", "ids"), [("PB-1001", 1), ("PB-1035", 3)])
def test_contacts_of_a_firm_are_found_together(project: Project, key: str, ids: int) -> None:
    """All contacts of the firm share one account."""
    assert account_of(project.people, key).len() == ids
    assert only(project.people, key).customers.height < project.people.customers.height


def test_a_member_is_found_by_the_exact_id() -> None:
    """The name of one may be the id of another in other capitals."""
    team = ({"id": "nora", "name": "AL"}, {"id": "al", "name": "Nora"})
    config = settings(team=team)
    assert [the_member(config, text).id for text in ("al", "nora")] == ["al", "nora"]
    assert [the_member(config, text).id for text in ("AL", "Nora")] == ["al", "nora"]
