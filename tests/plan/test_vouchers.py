"""Voucher codes: one for each occasion, verified offline, redeemed once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from caring import VOUCHER, practice, project
from hypothesis import given
from hypothesis import strategies as st

from newsletter.plan import vouchers
from newsletter.plan.vouchers import (
    Voucher,
    find_voucher,
    open_vouchers,
    source_name,
    voucher_code,
)

TODAY = dt.date(2026, 11, 20)
EXPIRES = dt.date(2026, 12, 4)
CODE = voucher_code(b"secret", "c1", "birthday", EXPIRES)
GIVEN = {"customer": "c1", "date": dt.date(2026, 11, 3), "practice": "birthday", "code": CODE}
TAKEN = {"customer": "c1", "date": dt.date(2026, 11, 9), "practice": "voucher", "code": CODE}


def voucher_for(code: str = CODE, *history: dict[str, object], today: dt.date = TODAY) -> Voucher:
    """Return the voucher of a code, in a firm with two practices that give vouchers."""
    gifts = [practice("thank-you"), practice("anniversary", gift=VOUCHER)]
    vouchers_project = project(
        [{"id": "c1"}, {"id": "c2"}], *gifts, practice("birthday", gift=VOUCHER), history=history
    )
    return find_voucher(vouchers_project, code, today=today)


def test_a_code_is_the_same_in_every_build() -> None:
    """It depends on secret, customer, practice and last day alone."""
    assert CODE == "2MF2-S01H-ETQ3"


def test_every_part_makes_another_code() -> None:
    """Another secret, customer, practice or day."""
    codes = {
        voucher_code(b"other", "c1", "birthday", EXPIRES),
        voucher_code(b"secret", "c2", "birthday", EXPIRES),
        voucher_code(b"secret", "c1", "anniversary", EXPIRES),
        voucher_code(b"secret", "c1", "birthday", EXPIRES + dt.timedelta(days=1)),
        voucher_code(b"secret", "c1", "birthday", EXPIRES + dt.timedelta(days=4096)),
        CODE,
    }
    assert len(codes) == 6


@given(st.text(min_size=1), st.text(), st.dates(dt.date(2026, 1, 1), dt.date(2060, 1, 1)))
def test_codes_have_no_ambiguous_letters(customer: str, name: str, day: dt.date) -> None:
    """Twelve characters in groups of four, none of them I, L, O or U."""
    code = voucher_code(b"secret", customer, name, day)
    assert [len(group) for group in code.split("-")] == [4, 4, 4]
    assert set(code) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ-")


def test_a_code_leads_to_its_voucher() -> None:
    """Customer, practice, gift, last day, and the day when it was given."""
    assert voucher_for(CODE, GIVEN) == Voucher(
        code=CODE,
        state="valid",
        customer="c1",
        practice="birthday",
        gift=VOUCHER,
        expires=EXPIRES,
        given_on=GIVEN["date"],
    )


def test_the_last_day_is_in_the_code() -> None:
    """It is found within five years."""
    for years in (-5, 0, 5):
        assert voucher_for(today=TODAY.replace(year=TODAY.year + years)).expires == EXPIRES


@pytest.mark.parametrize(
    ("history", "today", "state"),
    [
        ([GIVEN], EXPIRES, "valid"),
        ([GIVEN], EXPIRES + dt.timedelta(days=1), "expired"),
        ([GIVEN, TAKEN], TODAY, "redeemed"),
        ([GIVEN, TAKEN], EXPIRES + dt.timedelta(days=1), "redeemed"),
        ([GIVEN, {**TAKEN, "code": CODE.lower().replace("-", "")}], TODAY, "redeemed"),
        ([], TODAY, "not given out"),
    ],
)
def test_the_state_comes_from_history_and_day(
    history: list[dict[str, object]], today: dt.date, state: str
) -> None:
    """Valid on its last day; redeemed once; and only if it was given out."""
    assert voucher_for(CODE, *history, today=today).state == state


@pytest.mark.parametrize(
    "typed",
    [
        CODE.lower(),
        CODE.replace("-", ""),
        f"  {CODE.replace('-', ' – ')} ",
        CODE.replace("0", "O"),
        CODE.replace("0", "o").replace("1", "l"),
    ],
)
def test_codes_may_be_typed_carelessly(typed: str) -> None:
    """Lower case, missing dashes, O for 0 and l for 1; the proper code is shown."""
    assert voucher_for(typed).code == CODE
    assert voucher_for(typed).customer == "c1"


@pytest.mark.parametrize(
    "typed", ["", "hello", CODE[:-1], CODE + "0", "U" + CODE[1:], "0000-0000-0000"]
)
def test_other_codes_are_unknown(typed: str) -> None:
    """Too short, too long, with a letter that codes do not have, or invented."""
    assert voucher_for(typed) == Voucher(code=typed, state="unknown")


def test_a_code_in_the_history_is_found_without_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only for a code that the history does not name are all customers tried."""
    hashed: list[str] = []

    def counted(secret: bytes, customer: str, *parts: object) -> int:
        hashed.append(customer)
        return 0

    monkeypatch.setattr(vouchers, "_hash", counted)
    assert voucher_for(CODE, GIVEN, TAKEN).customer == "c1"
    assert hashed == []
    assert voucher_for(CODE).state == "unknown"
    assert set(hashed) == {"c1", "c2"}


def test_practices_without_a_voucher_have_no_codes() -> None:
    """A code for such a practice is unknown."""
    code = voucher_code(b"secret", "c1", "thank-you", EXPIRES)
    assert voucher_for(code).state == "unknown"


def test_open_vouchers_are_given_out_and_neither_redeemed_nor_expired() -> None:
    """However the history spells their codes."""
    day = dt.date(2026, 12, 3)
    second_code, expired_code = (
        voucher_code(b"secret", "c1", "anniversary", d) for d in (day, TODAY)
    )
    rows = [
        GIVEN,
        GIVEN | {"code": second_code.lower().replace("-", " "), "practice": "anniversary"},
        GIVEN | {"code": expired_code},
        GIVEN | {"code": "gift card 7"},
    ]
    vouchers_project = project([{"id": "c1"}], practice("birthday", gift=VOUCHER), history=rows)
    history = vouchers_project.people.tables["history"]
    day_given = dt.date(2026, 11, 3)
    first = Voucher(
        code=second_code,
        state="valid",
        customer="c1",
        practice="anniversary",
        expires=day,
        given_on=day_given,
    )
    second = Voucher(
        code=CODE,
        state="valid",
        customer="c1",
        practice="birthday",
        expires=EXPIRES,
        given_on=day_given,
    )
    expired = Voucher(
        code=expired_code,
        state="valid",
        customer="c1",
        practice="birthday",
        expires=TODAY,
        given_on=day_given,
    )
    assert open_vouchers(history, today=TODAY) == [expired, first, second]
    assert open_vouchers(history, today=TODAY + dt.timedelta(days=1)) == [first, second]
    vouchers_project = project(
        [{"id": "c1"}], practice("birthday", gift=VOUCHER), history=[*rows, TAKEN]
    )
    tables = vouchers_project.people.tables
    assert open_vouchers(tables["history"], today=day) == [first]


def test_a_voucher_stays_valid_when_its_customer_has_gone() -> None:
    """Or has another number now: the history names who was given the code, and for what."""
    code = voucher_code(b"secret", "old-1", "birthday", EXPIRES)
    given = GIVEN | {"customer": "old-1", "code": code}
    voucher = voucher_for(code, given)
    assert (voucher.state, voucher.customer, voucher.gift) == ("valid", "old-1", VOUCHER)
    taken = TAKEN | {"customer": "old-1", "code": code}
    assert voucher_for(code, given, taken).state == "redeemed"


def test_a_voucher_stays_valid_when_its_practice_has_gone() -> None:
    """What it is worth is then unknown."""
    voucher = voucher_for(CODE, GIVEN | {"practice": "spring"})
    assert (voucher.state, voucher.practice, voucher.gift) == ("valid", "spring", None)


def test_codes_that_nobody_recorded_are_tried_for_customers_of_the_past() -> None:
    """The history names the customer of another touchpoint, who is no longer in the file."""
    code = voucher_code(b"secret", "old-1", "birthday", EXPIRES)
    assert voucher_for(code).state == "unknown"
    other = {"customer": "old-1", "date": dt.date(2026, 10, 1), "practice": "thank-you"}
    assert voucher_for(code, other).state == "not given out"


def test_each_gift_of_a_practice_has_codes_of_its_own() -> None:
    """A code tells which of them it is for."""
    coffee = replace(VOUCHER, name="a coffee", category="coffee")
    several = practice("birthday", gifts=(coffee,), gift=VOUCHER)
    second = voucher_code(b"secret", "c1", source_name("birthday", 1), EXPIRES)
    for history in ([], [GIVEN | {"code": second}, GIVEN]):
        shop = project([{"id": "c1"}], several, history=history)
        assert find_voucher(shop, CODE, today=TODAY).gift == coffee
        assert find_voucher(shop, second, today=TODAY).gift == VOUCHER


def test_nobody_can_tell_which_gift_it_is_for_if_the_number_has_changed() -> None:
    """All of them are shown, rather than the first."""
    coffee = replace(VOUCHER, name="a coffee", category="coffee")
    several = practice("birthday", gifts=(coffee,), gift=VOUCHER)
    second = voucher_code(b"secret", "old-1", source_name("birthday", 1), EXPIRES)
    shop = project([{"id": "c1"}], several, history=[GIVEN | {"code": second}])
    voucher = find_voucher(shop, second, today=TODAY)
    assert (voucher.state, voucher.gift, voucher.perhaps) == ("valid", None, (coffee, VOUCHER))
    known = project([{"id": "c1"}], several, history=[GIVEN | {"code": CODE}])
    assert find_voucher(known, CODE, today=TODAY).perhaps == ()
