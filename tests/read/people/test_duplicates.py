"""Which rows are one customer: by id, else by address and name, in any order of rows."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import Problem
from newsletter.model.project import People
from newsletter.model.tables import CUSTOMERS
from newsletter.read.people.duplicates import UNREAD, merge
from newsletter.read.people.findings import Findings

Look = Callable[..., People]
Read = Callable[..., tuple[People, list[Problem]]]


def test_a_row_is_known_by_id_address_or_name(look: Look) -> None:
    """Else by name and postcode, else by name and phone; a row without any is bad."""
    people = look(
        "id,email,name,postcode,phone\n"
        "7,a@example.com,Ida,1,\n"
        ",B@Example.com,Bo,1,\n"
        ",,Zoe\u0308  Å,01067,\n"
        ",,Uma,,+49 30 1\n"
        ",,Lost,,\n"
    )
    assert people.customers["id"].to_list() == [
        "7",
        "b@example.com",
        "uma 49301",
        "zoë å 01067",
    ]
    assert [str(problem) for problem in people.bad_rows] == [
        "customers.csv:6: column 'name': 'Lost' cannot be told from other customers\n"
        "  hint: give a customer number, an email address, "
        "or a name with postcode, phone or birthday"
    ]


def test_a_list_of_birthdays_needs_nothing_else(look: Look) -> None:
    """Names and birthdays tell people apart; a name alone does not."""
    people = look(
        "Name;Geb.\nMuster, Anna;28.11.1970\nEva Klein;1.2.1980\nEva Klein;3.2.1990\nJo;\n"
    )
    assert people.customers["id"].to_list() == [
        "eva klein 1980-02-01",
        "eva klein 1990-02-03",
        "muster, anna 1970-11-28",
    ]
    (bad,) = people.bad_rows
    assert bad.hint.endswith("or a name with postcode, phone or birthday")


def test_the_more_considerate_row_counts(look: Look) -> None:
    """A no to texts or to mentioning the family wins; do-not-mention topics add up."""
    people = look(
        "id,name,consent text,mention family,not to mention,celebrates\n"
        "1,Ida,yes,no,the shop,eid\n1,Ida,no,yes,his brother,christmas\n"
        "1,Ida,,,the shop,\n"
    )
    columns = ["consent_text", "mention_family", "not_to_mention", "celebrates"]
    assert people.customers.select(columns).rows() == [
        (False, False, "his brother; the shop", ["christmas", "eid"])
    ]


def test_the_same_id_is_one_customer(look: Look) -> None:
    """The stricter consent wins, lists are joined, gaps are filled, differences are listed."""
    people = look(
        "id,name,email,city,newsletter,tags,points,customer since\n"
        "1,Ida,ida@example.com,Bonn,yes,a,5,2024-02-01\n"
        "1,Ida,,Berlin,no,b,7,2023-02-01\n"
        "2,Bo,bo@example.com,Ulm,yes,,,\n"
    )
    ida = people.customers.to_dicts()[0]
    assert people.customers.height == 2
    assert (ida["row"], ida["consent_email"], ida["segments"]) == (2, False, ["a", "b"])
    assert (ida["email"], ida["city"], ida["points"]) == ("ida@example.com", "Bonn", 7)
    assert ida["customer_since"] == dt.date(2023, 2, 1)
    assert [str(remark) for remark in people.remarks] == [
        "customers.csv:2: lines 2 and 3 are one customer: "
        "city is 'Bonn' in line 2 and 'Berlin' in line 3; "
        "customer_since is '2024-02-01' in line 2 and '2023-02-01' in line 3; "
        "points is '5' in line 2 and '7' in line 3; "
        "consent_email is 'yes' in line 2 and 'no' in line 3\n"
        "  hint: correct the file if they are two people; the stricter consent counts"
    ]


def test_the_same_address_and_name_is_one_customer(look: Look) -> None:
    """Case and Unicode form do not matter; the smaller id stays."""
    people = look(
        "id,email,name\n9,Ida@example.com,Zoe\u0308 K\n8,ida@EXAMPLE.com,zoë "
        "k\n,ida@example.com,\n"
    )
    assert people.customers["id"].to_list() == ["8"]


def test_the_same_address_with_another_name_is_another_customer(look: Look) -> None:
    """A couple with one mailbox stays two customers; a remark says so."""
    people = look("email,name\nhome@example.com,Ida\nHome@example.com,Bo\n")
    assert people.customers.select("id", "name").rows() == [
        ("home@example.com bo", "Bo"),
        ("home@example.com ida", "Ida"),
    ]
    assert [str(remark) for remark in people.remarks if "belongs" in remark.message] == [
        "customers.csv:2: the address 'home@example.com' belongs to 2 customers, "
        "in lines 2 and 3\n"
        "  hint: they get one email together; if they share a mailbox, there is nothing to do"
    ]


def test_an_id_that_is_another_customer_s_address(read: Read) -> None:
    """Two customers must not have one id."""
    files = {"customers.csv": "id,email\nb@example.com,c@example.com\n,b@example.com\n"}
    _, problems = read(files)
    assert "is the id of one customer and the address or name of another" in str(problems[0])


def test_equal_rows_form_chains(look: Look) -> None:
    """By id with one row, by address and name with the next."""
    people = look(
        "id,email,name\n1,a@example.com,Ida\n1,b@example.com,Ida\n"
        "2,b@example.com,Ida\n3,c@example.com,Ida\n"
    )
    assert people.customers["id"].to_list() == ["1", "3"]


def test_first_and_last_name_stay_together(look: Look) -> None:
    """No customer gets names from two rows, nor street and city of two places."""
    people = look(
        "id,first name,last name,street,city\n1,Zoe,Adams,A 1,\n1,Anna,Smith,,Ulm\n1,Anna,,B "
        "2,Bonn\n"
    )
    row = people.customers.to_dicts()[0]
    assert (row["first_name"], row["last_name"], row["name"]) in {
        ("Zoe", "Adams", "Zoe Adams"),
        ("Anna", "Smith", "Anna Smith"),
        ("Anna", None, "Anna"),
    }
    assert (row["street"], row["city"]) in {("A 1", None), ("B 2", "Bonn")}


ROW = st.fixed_dictionaries(
    {
        "id": st.sampled_from([None, None, "1", "2", "3"]),
        "email": st.sampled_from([None, "a@example.com", "A@example.com", "b@example.com"]),
        "name": st.sampled_from([None, "Ida", "ida", "Bo", "Zoe\u0308", "Zoë"]),
        "postcode": st.sampled_from([None, "1", "2"]),
        "city": st.sampled_from([None, "Ulm", "Bonn"]),
        "points": st.sampled_from([None, 1, 2]),
        "segments": st.sampled_from([None, ["a"], ["b", "a"]]),
        "consent_email": st.booleans(),
        "closed": st.sampled_from([None, True, False]),
    }
)


def keyed(row: dict[str, object]) -> bool:
    """Return whether a row can be told from others."""
    return bool(row["id"] or row["email"] or (row["name"] and row["postcode"]))


@given(st.lists(ROW.filter(keyed), min_size=1, max_size=9), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(
    rows: list[dict[str, object]], shuffle: random.Random
) -> None:
    """Shuffled rows give the same customers, keys and number of remarks; only lines differ."""
    shuffled = list(rows)
    shuffle.shuffle(shuffled)
    first, second = merged(rows), merged(shuffled)
    assert first[0].equals(second[0])
    assert first[1].equals(second[1])
    assert first[2] == second[2]


@given(st.lists(ROW.filter(keyed), min_size=1, max_size=9))
def test_merging_loses_no_id_and_no_refusal(rows: list[dict[str, object]]) -> None:
    """Ids are unique, none of the file is lost, and a no in any row of a customer is a no."""
    customers, keys, _ = merged(rows)
    assert customers["id"].is_unique().all()
    assert customers["id"].null_count() == 0
    customer_of = dict(keys.iter_rows())
    assert {row["id"] for row in rows if row["id"]} <= customer_of.keys()
    consent = dict(customers.select("id", "consent_email").iter_rows())
    for row in rows:
        if row["id"] and not row["consent_email"]:
            assert consent[customer_of[row["id"]]] is False


def merged(rows: list[dict[str, object]]) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """Return customers without lines, keys, and the number of remarks."""
    frame = pl.DataFrame(
        [{**row, "row": i} for i, row in enumerate(rows, 2)], infer_schema_length=None
    )
    missing = [pl.lit(None, t).alias(n) for n, t in CUSTOMERS.items() if n not in frame.columns]
    frame = frame.with_columns(missing).select(pl.col(n).cast(t) for n, t in CUSTOMERS.items())
    findings = Findings(shown="f")
    result = merge(frame.with_columns(pl.lit(None, pl.List(pl.String)).alias(UNREAD)), findings)
    return result.customers.drop("row"), result.known.keys.sort("key"), len(findings.remarks)
