"""Voucher codes: made from the project's secret, and verified without a list of codes."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import polars as pl

from newsletter.model.care import VOUCHERS
from newsletter.model.practice import Gift, Practice
from newsletter.model.project import Project

REDEEMED = "voucher"
"""The practice of history rows that record a redeemed code."""
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
_DIGITS = {letter: value for value, letter in enumerate(_ALPHABET)} | {"I": 1, "L": 1, "O": 0}
_LENGTH, _HASHED = 12, 6
"""Letters of a code; bytes of the hash in it. The twelve bits before it are the last day."""
_EPOCH, _PERIOD = dt.date(2026, 1, 1), 4096

State = Literal["valid", "expired", "redeemed", "unknown", "not given out"]


@dataclass(frozen=True, kw_only=True)
class Voucher:
    """A voucher code, its state, and whose it is."""

    code: str
    """As printed (04KD-8M2Z-Q9RT), or as typed if it is no code of ours."""
    state: State
    customer: str = ""
    practice: str = ""
    gift: Gift | None = None
    expires: dt.date | None = None
    """The last day on which it is taken."""
    given_on: dt.date | None = None
    redeemed_on: dt.date | None = None


def voucher_code(secret: bytes, customer: str, practice: str, expires: dt.date) -> str:
    """
    Return the code for one occasion of one customer, the same in every build.

    Twelve letters in groups of four: twelve bits of the last day, then 48 of a keyed hash
    (HMAC-SHA256) of customer, practice and that day. One guess in 281 million million hits.
    """
    day = (expires - _EPOCH).days % _PERIOD
    number = (day << 8 * _HASHED) | _hash(secret, customer, practice, expires)
    return _written(number)


def expiry(gift: Gift, arrives: dt.date) -> dt.date:
    """Return the last day of a voucher that arrives on that day."""
    return arrives + dt.timedelta(days=gift.valid_days)


def vouchers_of(project: Project, planned: pl.DataFrame) -> pl.DataFrame:
    """Return VOUCHERS of touchpoints (PLAN): one code for each customer, practice and day."""
    rows = [
        (customer, practice.name, arrives, _code(project, customer, practice, last), last)
        for practice, gift in _vouchers(project)
        for customer, arrives in planned.filter(pl.col("practice") == practice.name)
        .select("customer", "arrives")
        .unique(maintain_order=True)
        .iter_rows()
        for last in [expiry(gift, arrives)]
    ]
    return pl.DataFrame(rows, schema=VOUCHERS, orient="row")


def find_voucher(project: Project, code: str, *, today: dt.date) -> Voucher:
    """
    Return whose voucher a code is, and whether it is taken today; `unknown` if it is nobody's.

    Capitals and dashes do not matter; O is read as 0, I and L as 1. The history names the customer
    who was given the code; a row of the practice `voucher` records that it was redeemed. A code
    missing from the history is compared with the codes that customers could get; a match is
    `not given out`, unless it has expired.
    """
    number = _number(code)
    if number is None:
        return Voucher(code=code, state="unknown")
    expires = _expires(number, today)
    given, redeemed = _recorded(project.people.tables["history"], number)
    owner = _given_to(project, given) or _owner(project, number, expires)
    if owner is None:
        return Voucher(code=code, state="unknown")
    customer, practice = owner
    given_on, redeemed_on = _first_day(given), _first_day(redeemed)
    gifts = {practice.name: gift for practice, gift in _vouchers(project)}
    return Voucher(
        code=_written(number),
        state=_state(given_on, redeemed_on, expired=expires < today),
        customer=customer,
        practice=practice,
        gift=gifts[practice],
        expires=expires,
        given_on=given_on,
        redeemed_on=redeemed_on,
    )


def open_vouchers(history: pl.DataFrame, *, today: dt.date) -> list[Voucher]:
    """
    Return the vouchers in the *history* that are neither taken nor expired, soonest end first.

    Needs no secret, as the history names only codes that were given out. `gift` stays None.
    """
    coded = history.filter(pl.col("code").is_not_null()).sort("date", "code")
    vouchers: dict[int, Voucher] = {}
    taken = set()
    for row in coded.iter_rows(named=True):
        number = _number(row["code"])
        if number is None:
            continue
        if row["practice"] == REDEEMED:
            taken.add(number)
        elif (expires := _expires(number, today)) >= today:
            given = Voucher(
                code=_written(number),
                state="valid",
                customer=row["customer"],
                practice=row["practice"] or "",
                expires=expires,
                given_on=row["date"],
            )
            vouchers.setdefault(number, given)
    still = [voucher for number, voucher in vouchers.items() if number not in taken]
    return sorted(still, key=lambda voucher: (voucher.expires, voucher.code))


def _hash(secret: bytes, customer: str, practice: str, expires: dt.date) -> int:
    text = f"voucher:{customer}\0{practice}\0{expires.isoformat()}"
    return int.from_bytes(hmac.digest(secret, text.encode(), "sha256")[:_HASHED])


def _written(number: int) -> str:
    letters = [_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_LENGTH))]
    return "-".join("".join(letters[i : i + 4]) for i in range(0, _LENGTH, 4))


def _number(code: str) -> int | None:
    """Return the number of a code as typed; None if it cannot be one of ours."""
    letters = [letter for letter in code.upper() if not letter.isspace() and letter not in "-–—"]
    if len(letters) != _LENGTH or any(letter not in _DIGITS for letter in letters):
        return None
    number = 0
    for letter in letters:
        number = number << 5 | _DIGITS[letter]
    return number


def _expires(number: int, today: dt.date) -> dt.date:
    """Return the last day of a code: the day nearest to today that has its twelve bits."""
    bits = number >> 8 * _HASHED
    now = (today - _EPOCH).days
    return _EPOCH + dt.timedelta(days=now + (bits - now + _PERIOD // 2) % _PERIOD - _PERIOD // 2)


def _vouchers(project: Project) -> Iterator[tuple[Practice, Gift]]:
    for practice in project.practices:
        if practice.gift and practice.gift.kind == "voucher":
            yield practice, practice.gift


def _code(project: Project, customer: str, practice: Practice, expires: dt.date) -> str:
    return voucher_code(project.secret, customer, practice.name, expires)


def _recorded(history: pl.DataFrame, number: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows in which a code was given out, and those in which it was taken."""
    coded = history.filter(pl.col("code").is_not_null())
    same = pl.Series([_number(text) == number for text in coded["code"]], dtype=pl.Boolean)
    taken = pl.col("practice").eq_missing(REDEEMED)
    rows = coded.filter(same)
    return rows.filter(~taken), rows.filter(taken)


def _given_to(project: Project, given: pl.DataFrame) -> tuple[str, str] | None:
    """Return customer and practice of the rows in which a code was given out."""
    names = [practice.name for practice, _ in _vouchers(project)]
    ids = project.people.customers["id"]
    rows = given.filter(pl.col("practice").is_in(names), pl.col("customer").is_in(ids.implode()))
    return next(rows.sort("date").select("customer", "practice").iter_rows(), None)


def _owner(project: Project, number: int, expires: dt.date) -> tuple[str, str] | None:
    """Return the customer and practice whose code it would be; hashes every customer."""
    wanted = number & (1 << 8 * _HASHED) - 1
    return next(
        (
            (customer, practice.name)
            for practice, _ in _vouchers(project)
            for customer in project.people.customers["id"]
            if _hash(project.secret, customer, practice.name, expires) == wanted
        ),
        None,
    )


def _first_day(rows: pl.DataFrame) -> dt.date | None:
    day = rows["date"].min()
    assert day is None or isinstance(day, dt.date)
    return day


def _state(given: dt.date | None, redeemed: dt.date | None, *, expired: bool) -> State:
    if redeemed:
        return "redeemed"
    if expired:
        return "expired"
    return "valid" if given else "not given out"
