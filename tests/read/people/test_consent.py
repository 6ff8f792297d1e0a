"""Consent fails closed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.errors import Problem
from newsletter.model.project import People

Look = Callable[..., People]
Read = Callable[..., tuple[People, list[Problem]]]
EVERYONE = {"everyone": True, "basis": "signed a card", "since": "2024-05-01"}


def agreed(people: People) -> list[bool]:
    """Return who may be emailed, in the order of the file."""
    return people.customers.sort("row")["consent_email"].to_list()


def test_no_column_no_email(look: Look) -> None:
    """Where nothing is said, nobody agreed; the cure is told."""
    people = look("email\na@example.com\nb@example.com\n")
    assert agreed(people) == [False, False]
    assert [str(remark) for remark in people.remarks] == [
        "customers.csv:1: no column says who agreed to email, so nobody gets one\n"
        "  hint: say under consent: in newsletter.yml which column and values mean yes, "
        "or everyone: yes with its basis and since"
    ]


def test_usual_words(look: Look) -> None:
    """A column called like consent is read by the usual words; anything else is a no, and said."""
    rows = ["yes", "JA", "1", "x", "subscribed", "no", "", "0", "pending", "2024-01-01"]
    text = "id,Newsletter\n" + "".join(f"{i},{word}\n" for i, word in enumerate(rows))
    people = look(text)
    assert agreed(people) == [True] * 5 + [False] * 5
    assert [remark.message for remark in people.remarks] == [
        "column 'Newsletter': '2024-01-01' (1 time) counts as no",
        "column 'Newsletter': 'pending' (1 time) counts as no",
    ]


def test_several_columns_must_all_agree(look: Look) -> None:
    """The stricter of two columns counts."""
    assert agreed(look("id,Opt-in,Marketing\n1,yes,yes\n2,yes,no\n3,yes,\n")) == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("header", ["Unsubscribed", "Opt-out", "Abgemeldet am", "UNSUB_TIME"])
@pytest.mark.parametrize("word", ["yes", "2025-01-02", "unsubscribed", "bounced", "opt-out"])
def test_an_objection_outweighs_every_yes(header: str, word: str, read: Read) -> None:
    """
    Whatever stands in a column of objections but a no takes consent away, also when everyone
    agreed.
    """
    files = {"customers.csv": f"id,Newsletter,{header}\n1,yes,{word}\n2,yes,\n3,yes,no\n"}
    assert agreed(read(files)[0]) == [False, True, True]
    assert agreed(read(files, consent=EVERYONE)[0]) == [False, True, True]


def test_the_configured_column_and_values(read: Read) -> None:
    """Only the stated values of the stated column mean yes; the aliases' columns are not asked."""
    files = {"customers.csv": "id,Newsletter,Status\n1,no,OK\n2,yes,maybe\n3,yes,\n4,,ok\n"}
    people, problems = read(files, consent={"column": "status", "values": ["ok"]})
    assert not problems
    assert agreed(people) == [True, False, False, True]


def test_the_configured_column_without_values(read: Read) -> None:
    """Without values, the usual words do."""
    people, _ = read({"customers.csv": "id,Info\n1,ja\n2,nein\n"}, consent={"column": "Info"})
    assert agreed(people) == [True, False]


def test_a_mistyped_consent_column(read: Read) -> None:
    """It stops the build and says what was probably meant."""
    people, problems = read(
        {"customers.csv": "id,Newsletter\n1,yes\n"}, consent={"column": "Newslettr"}
    )
    assert [str(problem) for problem in problems] == [
        "content/customers/customers.csv:1: there is no column 'Newslettr', "
        "which newsletter.yml names under 'consent'\n  hint: did you mean 'Newsletter'?"
    ]
    assert agreed(people) == [False]


def test_everyone(read: Read) -> None:
    """Stated once, all have it, with basis and since; a no in the file still is one."""
    people, _ = read({"customers.csv": "id,Newsletter\n1,\n2,no\n3,yes\n"}, consent=EVERYONE)
    assert people.customers.select("consent_email", "consent_basis").rows() == [
        (True, "signed a card"),
        (False, None),
        (True, "signed a card"),
    ]
    assert [str(day) for day in people.customers["consent_since"]] == [
        "2024-05-01",
        "None",
        "2024-05-01",
    ]


def test_the_rows_own_basis_goes_first(read: Read) -> None:
    """What the file says of one customer is not overwritten."""
    files = {"customers.csv": "id,Consent basis,Consent since\n1,at the fair,2020-01-02\n"}
    people, _ = read(files, consent=EVERYONE)
    row = people.customers.to_dicts()[0]
    assert (row["consent_basis"], str(row["consent_since"])) == ("at the fair", "2020-01-02")


def test_phone_and_post(look: Look) -> None:
    """The other channels have their own columns; not asked is not a no."""
    people = look("id,Phone consent,Einwilligung Post\n1,yes,ja\n2,no,\n")
    assert people.customers.select("consent_phone", "consent_post").rows() == [
        (True, True),
        (False, None),
    ]


def test_closed(look: Look) -> None:
    """A date or a reason closes as well as a yes."""
    people = look("id,Deceased\n1,\n2,no\n3,yes\n4,2024-01-02\n")
    assert people.customers["closed"].to_list() == [None, False, True, True]
