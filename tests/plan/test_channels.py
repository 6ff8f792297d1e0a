"""The channels by which a customer may be reached, and why not by the others."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

import polars as pl
import pytest
from made import source
from plan.caring import THANKS, caring, practice

from newsletter.model.channels import CHANNELS
from newsletter.model.config import Cap
from newsletter.model.customs import Country, Customs
from newsletter.model.practice import Span
from newsletter.model.tables import CUSTOMERS, SUPPRESSED
from newsletter.plan.planning import plan_day
from newsletter.plan.reach import chosen, no_way, owed_ways, ways
from newsletter.read.content.customs_yml import packaged_customs

HOME = {"street": "Market 1", "postcode": "89073", "city": "Ulm"}
PHONE = {"phone": "+49 731 1"}
ALL = {"email": "b@example.com", **HOME, **PHONE}
LEFT = {**ALL, "email": "a@example.com"}
CUSTOMS = Customs(
    countries={
        "": Country(),
        "DE": Country(without_asking=frozenset({"letter", "handwritten"})),
        "NO": Country(without_asking=frozenset({"letter", "handwritten", "call"})),
    }
)


def _ways(make, *rows: dict[str, object], country: str = "DE") -> pl.DataFrame:
    full = [dict.fromkeys(CUSTOMERS) | {"id": "a", "consent_email": False} | row for row in rows]
    config = make.project().config
    business = config.business.model_copy(update={"country": country})
    return ways(
        pl.DataFrame(full, schema=CUSTOMERS),
        suppressed=pl.DataFrame([{"email": "A@Example.com"}], schema=SUPPRESSED),
        config=config.model_copy(update={"business": business}),
        customs=CUSTOMS,
    )


def _why_not(make, row: dict[str, object], *, country: str = "DE") -> dict[str, str]:
    reasons = (
        _ways(make, row, country=country)
        .select(pl.col("^no_.*$").cast(pl.String))
        .row(0, named=True)
    )
    return {name.removeprefix("no_"): why for name, why in reasons.items()}


def _chosen(make, row: dict[str, object], channels: tuple[str, ...]) -> tuple[object, ...]:
    return _ways(make, row).select(chosen(channels), no_way(channels).alias("why")).row(0)


def test_each_channel_needs_its_address(make) -> None:
    """Post and visits need a complete address, calls and text messages a phone number."""
    consent = dict.fromkeys(
        ("consent_email", "consent_post", "consent_phone", "consent_text"), True
    )
    row = {**consent, "channel": "visit", "street": "Market 1", "city": "Ulm"}
    assert _why_not(make, row) == {
        "email": "no email address",
        "letter": "no complete postal address",
        "call": "no phone number",
        "handwritten": "no complete postal address",
        "text": "no phone number",
        "visit": "no complete postal address",
    }


@pytest.mark.parametrize(
    ("column", "answer", "why"),
    [
        ("consent_email", True, {"email": None}),
        ("consent_email", False, {"email": "no consent to email"}),
        ("consent_email", None, {"email": "no consent to email"}),
        ("consent_post", True, {"letter": None, "handwritten": None}),
        ("consent_post", False, {"letter": "said no to post", "handwritten": "said no to post"}),
        ("consent_phone", True, {"call": None}),
        ("consent_phone", False, {"call": "said no to calls"}),
        ("consent_phone", None, {"call": "has not agreed to calls"}),
        ("consent_text", True, {"text": None}),
        ("consent_text", False, {"text": "said no to text messages"}),
        ("consent_text", None, {"text": "has not agreed to text messages"}),
        ("channel", "visit", {"visit": None}),
        ("channel", "letter", {"visit": "has not chosen visits"}),
    ],
)
def test_each_channel_has_its_own_consent(make, column, answer, why) -> None:
    """Consent to one channel opens no other."""
    reasons = _why_not(make, {**ALL, column: answer})
    assert {channel: reasons[channel] for channel in why} == why


@pytest.mark.parametrize(
    ("row", "country", "call", "letter"),
    [
        ({}, "NO", None, None),
        ({"country": "NO"}, "DE", None, None),
        ({"country": "DE"}, "NO", "has not agreed to calls", None),
        ({"country": "BR"}, "NO", "has not agreed to calls", "has not agreed to post"),
        (
            {"consent_phone": False, "consent_post": False},
            "NO",
            "said no to calls",
            "said no to post",
        ),
    ],
)
def test_without_an_answer_the_country_decides(make, row, country, call, letter):
    """The business's country if the row names none; an unknown country allows nothing."""
    reasons = _why_not(make, {**ALL, **row}, country=country)
    assert (reasons["call"], reasons["letter"], reasons["handwritten"]) == (call, letter, letter)


def test_a_suppressed_customer_needs_explicit_consent(make) -> None:
    """Email is closed whatever the row says, and the law of the country is not enough."""
    listed = "on the suppression list"
    silent = _why_not(make, {**LEFT, "consent_email": True}, country="NO")
    assert silent == dict.fromkeys(CHANNELS, listed)
    answers_given = {
        "consent_post": True,
        "consent_phone": True,
        "consent_text": False,
        "channel": "visit",
    }
    assert _why_not(make, {**LEFT, **answers_given}) == {
        "email": listed,
        "letter": None,
        "call": None,
        "handwritten": None,
        "text": listed,
        "visit": None,
    }


@pytest.mark.parametrize(
    ("row", "channels", "expected"),
    [
        ({"channel": "call", "consent_phone": True}, ("letter", "call"), ("call", "")),
        ({"channel": "call"}, ("letter", "call"), ("letter", "has not agreed to calls")),
        ({"channel": "letter"}, ("call", "email", "letter"), ("letter", None)),
        ({"channel": "text"}, ("call", "handwritten", "letter"), ("handwritten", None)),
        ({"channel": "fax"}, ("letter",), ("letter", "")),
        ({}, ("letter", "handwritten"), ("letter", "")),
        ({}, ("handwritten", "letter"), ("handwritten", "")),
        (
            {"phone": None, "consent_post": False},
            ("call", "text", "letter", "handwritten"),
            (None, "no phone number; said no to post"),
        ),
    ],
)
def test_the_preferred_channel_goes_before_the_order_of_the_practice(
    make, row, channels, expected
) -> None:
    """If none is possible, each reason is given once."""
    channel, why = _chosen(make, {**ALL, **row}, channels)
    assert channel == expected[0]
    assert expected[1] is None or why == expected[1]


def test_a_chosen_channel_is_listed_and_possible(make) -> None:
    """For every preferred channel, every list of two, and every consent to post and calls."""
    answers = (True, False, None)
    customers = _ways(
        make,
        *(
            {**ALL, "channel": preferred, "consent_post": post, "consent_phone": phone}
            for preferred, post, phone in itertools.product([None, *CHANNELS], answers, answers)
        ),
    )
    for listed in itertools.permutations(CHANNELS, 2):
        table = customers.with_columns(chosen(listed).alias("chosen"))
        for row in table.iter_rows(named=True):
            possible = [c for c in listed if row[f"no_{c}"] is None]
            preferred = row["channel"]
            expected = preferred if preferred in possible else next(iter(possible), None)
            assert row["chosen"] == expected


def _owed(make, row: dict[str, object], *, reason: str = "unsubscribed") -> dict[str, str]:
    """Return why each channel is closed to what is owed; open ones are left out."""
    full = dict.fromkeys(CUSTOMERS) | {"id": "a", "consent_email": False, "country": "DE"} | row
    leaves = frozenset({"email", "letter", "handwritten", "call", "text"})
    by = owed_ways(
        pl.DataFrame([full], schema=CUSTOMERS),
        suppressed=pl.DataFrame([{"email": "A@Example.com", "reason": reason}], schema=SUPPRESSED),
        config=make.project().config,
        customs=Customs(countries={"": Country(owed=leaves)}, bounces=("bounce",)),
    )
    reasons = by.select(pl.col("^no_.*$").cast(pl.String)).row(0, named=True)
    return {name.removeprefix("no_"): why for name, why in reasons.items() if why}


VISIT = {"visit": "has not chosen visits"}
LISTED = "on the suppression list"


@pytest.mark.parametrize(
    ("row", "closed"),
    [
        (ALL, VISIT),
        ({**ALL, "channel": "visit"}, {}),
        ({**ALL, "objection": True}, {"email": "wants no email", **VISIT}),
        (
            {**ALL, "consent_phone": False},
            {"call": "said no to calls", **VISIT},
        ),
        (
            {**ALL, "consent_post": False, "consent_text": False},
            {
                "letter": "said no to post",
                "handwritten": "said no to post",
                "text": "said no to text messages",
                **VISIT,
            },
        ),
        (
            {**LEFT, "consent_phone": True},
            {**dict.fromkeys(("email", "letter", "handwritten", "text", "visit"), LISTED)},
        ),
    ],
)
def test_what_is_owed_asks_for_no_consent_to_marketing(
    make, row: dict[str, object], closed: dict[str, str]
) -> None:
    """Every channel that the customer left us is open until they object to it."""
    assert _owed(make, row) == closed


def test_an_address_that_does_not_work_closes_email_alone(make) -> None:
    """Any other reason, and none, closes the channels to which nobody said yes."""
    assert _owed(make, LEFT, reason="Hard bounce") == {"email": LISTED, **VISIT}
    assert set(_owed(make, LEFT, reason="")) == set(CHANNELS)


@pytest.mark.parametrize(
    ("days", "until", "channel", "rule"),
    [
        (14, Span(5, "day"), "email", None),
        (4, Span(5, "day"), "call", "cap"),
        (14, None, "call", "cap"),
    ],
    ids=["no call in time", "a call in time", "no last day"],
)
def test_another_channel_where_a_cap_leaves_no_room(make, days, until, channel, rule) -> None:
    """A caller who was called the day before is thanked by email, if no call comes in time."""
    today = dt.date(2026, 11, 4)
    order = {"customer": "a", "date": today - dt.timedelta(days=2), "amount": 5.0}
    call = {"customer": "a", "date": today - dt.timedelta(days=1), "channel": "call"}
    who = {"id": "a", "phone": "+49 1", "consent_phone": True, "channel": "call"}
    project = make.project([who], orders=[order], history=[call | {"practice": "call"}])
    thanks = replace(THANKS, until=until)
    shop = caring(project, thanks, caps=(Cap(per="call", most=1, days=days),))
    assert plan_day(shop, today=today).table.select("channel", "rule").rows() == [(channel, rule)]


@pytest.mark.parametrize(
    ("row", "warned"),
    [({}, True), (PHONE, True), ({**PHONE, "consent_phone": True}, False)],
    ids=["no number", "not asked", "asked"],
)
def test_a_question_for_the_team_reaches_it_without_consent(make, row, warned: bool) -> None:
    """It says if the customer must not be called; two of one number are two questions."""
    day = dt.date(2026, 11, 4)
    people = [{"id": key, **row} for key in "ab"]
    lives = [{"customer": key, "date": day, "occasion": "Divorce"} for key in "ab"]
    ask = practice("ask", event="occasion", channels=("call",), exempt=("consent",))
    shop = caring(make.project(people, occasions=lives), ask)
    shop = replace(shop, customs=replace(shop.customs, occasions=packaged_customs().occasions))
    named = source("occasion_family == 'neutral'", "content/practices/ask.md")
    shop = replace(shop, practices=(replace(ask, when=named),))
    table = plan_day(shop, today=day).table
    assert table.select("channel", "rule").rows() == [("call", None)] * 2
    assert table["because"].str.contains("not reachable this way").to_list() == [warned] * 2
