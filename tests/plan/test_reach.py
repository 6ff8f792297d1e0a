"""Who is reached by an issue, how, and why others are not."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from newsletter.model.config import Etiquette
from newsletter.model.customs import Country, Customs

HOME = {"street": "Market 1", "postcode": "89073", "city": "Ulm"}
PHONE = {"phone": "+49 731 1"}
NEITHER = "no email address; no complete postal address"


CUSTOMS = Customs(countries={"": Country(), "DE": Country(without_asking=frozenset({"letter"}))})
GERMAN = {"country": "DE", **HOME}


def _planned(make, *args, **more):
    """Return the issue planned where the law of Germany allows letters until somebody objects."""
    return make.planned(replace(make.project(*args, **more), customs=CUSTOMS))


def _via(plan) -> dict[str, str]:
    return {
        key: via
        for edition in plan.editions
        for key, via in edition.recipients.select("id", "via").iter_rows()
    }


def _left_out(plan) -> list[tuple[object, ...]]:
    return plan.left_out.drop("name").rows()


REACHED = (
    ({}, "email"),
    ({"channel": "call", **PHONE}, "email"),
    ({"channel": "handwritten", **HOME}, "email"),
    ({"channel": "letter"}, "email"),
    ({"channel": "letter", **HOME}, "email"),
    ({"channel": "letter", "consent_post": True, **HOME}, "letter"),
    ({"channel": "letter", **GERMAN}, "letter"),
    ({"channel": "letter", "consent_post": False, **GERMAN}, "email"),
    ({**GERMAN}, "email"),
    ({"consent_email": False, **GERMAN}, "letter"),
    ({"email": None, **GERMAN}, "letter"),
    ({"channel": "letter", "consent_email": False, **GERMAN}, "letter"),
    ({"consent_email": False, "consent_post": True, **HOME}, "letter"),
    ({"email": None, "consent_post": True, **HOME}, "letter"),
    ({"channel": "call", "email": None, "consent_post": True, **HOME}, "letter"),
)
"""Row of a customer → the channel by which the issue reaches them."""
LEFT_OUT = (
    ({"closed": True, "channel": "letter", **HOME}, "account closed or deceased", None),
    ({"email": "Gone@example.com", **PHONE}, "on the suppression list", None),
    (
        {"email": "gone@example.com", "channel": "letter", **GERMAN},
        "on the suppression list",
        None,
    ),
    ({"email": None}, NEITHER, None),
    ({"email": None, **HOME}, "no email address; has not agreed to post", None),
    (
        {"email": None, "consent_post": False, **GERMAN},
        "no email address; said no to post",
        None,
    ),
    ({"email": None, "consent_phone": True, **PHONE}, NEITHER, "call"),
    ({"email": None, **PHONE}, NEITHER, None),
    ({"email": None, "channel": "text", "consent_text": True, **PHONE}, NEITHER, "text"),
    ({"consent_email": False}, "no consent to email; no complete postal address", None),
    (
        {"consent_email": False, "channel": "visit", "consent_post": False, **HOME},
        "no consent to email; said no to post",
        "visit",
    ),
    ({"city": "Bonn"}, "not in the audience of this issue", None),
)
"""Row of a customer → why the issue does not reach them, and what can be done instead."""


@pytest.fixture(scope="module")
def plan(make):
    """Return an issue for all these customers, each under their number."""
    rows = [row for row, *_ in (*REACHED, *LEFT_OUT)]
    return _planned(
        make,
        [{"id": str(number), **row} for number, row in enumerate(rows)],
        issues=[make.issue(audience='city is missing or city != "Bonn"')],
        suppressed=[{"email": "GONE@example.com"}],
    )


def test_the_preferred_channel_wins_then_email_then_post(plan) -> None:
    """Email needs consent; a letter a whole address, and a yes or a country that allows it."""
    assert _via(plan) == {str(number): via for number, (_, via) in enumerate(REACHED)}


def test_other_customers_are_left_out_with_the_first_reason(plan) -> None:
    """The page suggests another channel: the preferred one, else any possible one."""
    expected = [
        (str(number), reason, instead)
        for number, (_, reason, instead) in enumerate(LEFT_OUT, len(REACHED))
    ]
    assert sorted(_left_out(plan)) == sorted(expected)


def test_no_other_channel_is_suggested_if_none_is_listed(make) -> None:
    """A firm that neither calls nor visits leaves such customers alone."""
    project = make.project([{"id": "a", "email": None, "consent_phone": True, **PHONE}])
    etiquette = Etiquette(channels=("letter", "email"))
    config = project.config.model_copy(update={"etiquette": etiquette})
    plan = make.planned(replace(project, config=config))
    assert _left_out(plan) == [("a", NEITHER, None)]


def test_mailboxes_are_compared_without_case(make) -> None:
    """One of the two customers who share it gets the issue."""
    plan = make.plan(
        [
            {"id": "a", "name": "Ann", "email": "A.B@example.com"},
            {"id": "b", "name": "Bea", "email": "a.b@example.com", "orders_count": 3},
        ]
    )
    assert _via(plan) == {"b": "email"}
    assert _left_out(plan) == [("a", "shares the address of Bea", None)]


def test_a_suppressed_customer_may_still_agree_to_letters(make) -> None:
    """The suppression list is about email: explicit consent to post stands."""
    row = {"id": "a", "email": "gone@example.com", "consent_post": True, **HOME}
    plan = make.plan([row], suppressed=[{"email": "gone@example.com"}])
    assert _via(plan) == {"a": "letter"}


def test_one_address_gets_one_email(make) -> None:
    """More orders decide, then the id; a letter to the same household is no duplicate."""
    shared = {"email": "home@example.com"}
    plan = make.plan(
        [
            {"id": "a", "name": "Ann", "orders_count": 1, **shared},
            {"id": "b", "name": "Bea", "orders_count": 3, **shared},
            {"id": "c", "name": "Cem", "orders_count": 3, **shared},
            {
                "id": "d",
                "name": "Dov",
                "channel": "letter",
                "consent_post": True,
                **shared,
                **HOME,
            },
            {"id": "e", "name": "Eve", "consent_email": False, "orders_count": 9, **shared},
        ]
    )
    assert _via(plan) == {"b": "email", "d": "letter"}
    assert plan.left_out.rows() == [
        ("e", "Eve", "no consent to email; no complete postal address", None),
        ("a", "Ann", "shares the address of Bea", None),
        ("c", "Cem", "shares the address of Bea", None),
    ]


def test_nobody_gets_an_issue_twice(make) -> None:
    """A customer with the issue in the history is left out, and so is anybody at that address."""
    shared = {"email": "home@example.com"}
    plan = make.plan(
        [
            {"id": "a", "orders_count": 2, "name": "Ann", **shared},
            {"id": "b", **shared},
            {"id": "c"},
        ],
        history=[
            {"customer": "a", "practice": "issue", "issue": "2026-11"},
            {"customer": "c", "practice": "issue", "issue": "2026-10"},
        ],
    )
    assert _via(plan) == {"c": "email"}
    assert _left_out(plan) == [
        ("a", "done already", None),
        ("b", "shares the address of Ann", None),
    ]


def test_every_customer_is_either_a_recipient_or_left_out(make) -> None:
    """None is lost, whatever their row says."""
    choices = [None, "letter", "call", "visit"]
    rows = [
        {
            "id": f"{channel}{email}{consent}{post}{closed}",
            "channel": channel,
            "consent_email": consent,
            "consent_post": post,
            "closed": closed,
            **({} if email else {"email": None}),
            **HOME,
        }
        for channel in choices
        for email in (True, False)
        for consent in (True, False)
        for post in (True, False, None)
        for closed in (True, None)
    ]
    plan = make.plan(rows)
    reached, not_reached = _via(plan).keys(), set(plan.left_out["customer"])
    assert not reached & not_reached
    assert reached | not_reached == {row["id"] for row in rows}
    assert plan.left_out.equals(plan.left_out.sort("reason", "customer"))
    assert plan.left_out["reason"].null_count() == 0
    assert plan.left_out.schema["instead"] == pl.String
