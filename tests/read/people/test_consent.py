"""In doubt there is no consent."""

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


def test_without_a_column_nobody_agreed(look: Look) -> None:
    """The remark names the cure."""
    people = look("email\na@example.com\nb@example.com\n")
    assert agreed(people) == [False, False]
    assert [str(remark) for remark in people.remarks] == [
        "customers.csv:1: no column says who agreed to email, so nobody gets one\n"
        "  hint: write under 'consent:' in newsletter.yml which column and values mean yes, "
        "or 'everyone: yes' with 'basis' and 'since'"
    ]


def test_a_consent_column_is_read_by_the_usual_words(look: Look) -> None:
    """Any other word is a no, with a remark."""
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
    """Any value but a no in a column of objections takes consent away.

    So it does if newsletter.yml declares consent for everyone.
    """
    files = {"customers.csv": f"id,Newsletter,{header}\n1,yes,{word}\n2,yes,\n3,yes,no\n"}
    assert agreed(read(files)[0]) == [False, True, True]
    assert agreed(read(files, consent=EVERYONE)[0]) == [False, True, True]


def test_the_configured_column_and_values(read: Read) -> None:
    """Only the given values of the given column mean yes; columns found by alias do not count."""
    files = {"customers.csv": "id,Newsletter,Status\n1,no,OK\n2,yes,maybe\n3,yes,\n4,,ok\n"}
    people, problems = read(files, consent={"column": "status", "values": ["ok"]})
    assert not problems
    assert agreed(people) == [True, False, False, True]


def test_the_configured_column_without_values(read: Read) -> None:
    """The usual words apply."""
    people, _ = read({"customers.csv": "id,Info\n1,ja\n2,nein\n"}, consent={"column": "Info"})
    assert agreed(people) == [True, False]


def test_a_mistyped_consent_column(read: Read) -> None:
    """The build stops and suggests the nearest header."""
    people, problems = read(
        {"customers.csv": "id,Newsletter\n1,yes\n"}, consent={"column": "Newslettr"}
    )
    assert [str(problem) for problem in problems] == [
        "content/customers/customers.csv:1: there is no column 'Newslettr', "
        "which newsletter.yml names under 'consent'\n  hint: did you mean 'Newsletter'?"
    ]
    assert agreed(people) == [False]


def test_consent_may_be_declared_for_everyone(read: Read) -> None:
    """Once, with basis and since; a no in the file is still a no."""
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
    """A basis in the file is not overwritten."""
    files = {"customers.csv": "id,Consent basis,Consent since\n1,at the fair,2020-01-02\n"}
    people, _ = read(files, consent=EVERYONE)
    row = people.customers.to_dicts()[0]
    assert (row["consent_basis"], str(row["consent_since"])) == ("at the fair", "2020-01-02")


def test_phone_and_post_have_columns_of_their_own(look: Look) -> None:
    """An empty cell is no refusal."""
    people = look("id,Phone consent,Einwilligung Post\n1,yes,ja\n2,no,\n")
    assert people.customers.select("consent_phone", "consent_post").rows() == [
        (True, True),
        (False, None),
    ]


def test_a_date_or_a_reason_closes_an_account(look: Look) -> None:
    """Like a yes."""
    people = look("id,Deceased\n1,\n2,no\n3,yes\n4,2024-01-02\n")
    assert people.customers["closed"].to_list() == [None, False, True, True]
