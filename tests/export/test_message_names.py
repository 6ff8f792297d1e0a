"""Names of message files: readable, valid on every system, unique and stable."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import polars as pl
import pytest
from caring import planned, practice, project
from hypothesis import given
from hypothesis import strategies as st

from newsletter.export.message_names import message_names
from newsletter.mailing import Mailing
from newsletter.mailing.mailings import practice_mailings
from newsletter.plan.personal_links import tokens
from newsletter.write.paths import path_claims

SECRET = b"a secret of at least thirty-two bytes"
NAMES = st.one_of(
    st.text(max_size=90),
    st.sampled_from(
        ["CON", "nul", "a" * 300, "😀" * 99, "..", "\u202ea", "é", "e\u0301", "", " "]
    ),
)
IDS = st.one_of(st.text(min_size=1, max_size=20), st.text("aA1-", min_size=1, max_size=17))


def _mailing() -> Mailing:
    example = project(
        [{"id": "c1", "name": "Anna Blum"}],
        practice(bodies={"email": "Thank *you*."}, subject="Hello"),
    )
    plan = planned(example, {"customer": "c1", "practice": "thank-you", "channel": "email"})
    (mailing,) = practice_mailings(example, plan).mailings
    return mailing


MAILING = _mailing()


def names(customers: dict[str, str], *, issue: str = "2026-11", title: str = "") -> list[str]:
    """Return the names of files for customers (id → name)."""
    people = pl.DataFrame(
        {
            "id": list(customers),
            "token": tokens(customers, secret=SECRET),
            "name": list(customers.values()),
            "email": ["reader@example.com"] * len(customers),
        },
        schema=dict.fromkeys(("id", "token", "name", "email"), pl.String),
    )
    about = replace(MAILING.practice, title=title or MAILING.practice.title)
    return list(message_names(replace(MAILING, name=issue, practice=about, people=people)))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Zoë Miller", "Zoë Miller"),
        ("Zoe\u0308 Miller", "Zoë Miller"),
        ("李小明", "李小明"),
        ("A/B: C? <D>", "A B C D"),
        ("\u202eevil\u200b\u2066", "evil"),
        ("é" * 40, "é" * 30),
        ("", "reader@example.com"),
    ],
)
def test_a_name_says_who_gets_the_message(name: str, expected: str) -> None:
    """As the customer file has it, without what systems forbid or nobody sees."""
    assert names({"PB-101": name}) == [f"2026-11 {expected} (PB-101)"]


def test_a_practice_is_named_by_its_title() -> None:
    """After the day, shown as text."""
    (name,) = names({"101": "Zoë Miller"}, issue="2026-11-03/thanks", title="Thanks: 1/2")
    assert name == "2026-11-03 Thanks 1 2 - Zoë Miller (101)"


def test_ids_that_differ_only_in_case_have_two_files() -> None:
    """The id with small letters gives way to a code."""
    upper, lower = names({"A1": "Zoë", "a1": "Zoë"})
    assert upper == "2026-11 Zoë (A1)"
    assert lower == f"2026-11 Zoë ({tokens(['a1'], secret=SECRET)[0][:16]})"


@given(customers=st.dictionaries(IDS, NAMES, max_size=8), title=NAMES)
def test_any_names_are_valid_unique_and_stable(customers: dict[str, str], title: str) -> None:
    """Each is a file of its own on every system, and the same if the customer is alone."""
    for issue in ("2026-11", "2026-11-03/thanks"):
        every = names(customers, issue=issue, title=title)
        claim = path_claims()
        for (key, name), file in zip(customers.items(), every, strict=True):
            claim(f"private/messages/{file}.html")
            assert len(file.encode()) < 200
            assert unicodedata.is_normalized("NFC", file)
            assert not any(unicodedata.category(character)[0] == "C" for character in file)
            assert names({key: name}, issue=issue, title=title) == [file]
