"""Voucher codes: made from the project's secret, and told genuine without any list of them."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import polars as pl

from newsletter.model.practice import Gift, Practice
from newsletter.model.project import Project

REDEEMED = "voucher"
"""The practice of the history row that says a code was taken."""
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
_DIGITS = {letter: value for value, letter in enumerate(_ALPHABET)} | {"I": 1, "L": 1, "O": 0}
_LENGTH, _HASHED = 12, 6
"""Letters of a code; bytes of the hash in it. The twelve bits before it are the last day."""
_EPOCH, _PERIOD = dt.date(2026, 1, 1), 4096

State = Literal["valid", "expired", "redeemed", "unknown", "not given out"]


@dataclass(frozen=True, kw_only=True)
class Voucher:
    """What is known of a code."""

    code: str
    """As it is printed: 04KD-8M2Z-Q9RT; as it was typed where it is no code of ours."""
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
    (HMAC-SHA256) of customer, practice and that day. Who guesses hits one in 281 million million.
    """
    day = (expires - _EPOCH).days % _PERIOD
    number = (day << 8 * _HASHED) | _hash(secret, customer, practice, expires)
    return _written(number)


def expiry(gift: Gift, arrives: dt.date) -> dt.date:
    """Return the last day of a voucher that is for the day it arrives."""
    return arrives + dt.timedelta(days=gift.valid_days)


def find_voucher(project: Project, code: str, *, today: dt.date) -> Voucher:
    """
    Return whose voucher a code is, and whether it is taken today; `unknown` if it is nobody's.

    Capitals and dashes do not matter, O is read as 0, I and L as 1. Redeemed is what the history
    has in a row of the practice `voucher`; not given out, what no other row of it names.
    """
    number = _number(code)
    if number is None:
        return Voucher(code=code, state="unknown")
    expires = _expires(number, today)
    for practice, gift in _vouchers(project):
        customer = _customer(project, practice.name, number, expires)
        if customer is not None:
            written = _written(number)
            given, redeemed = _dates(project.people.tables["history"], written)
            return Voucher(
                code=written,
                state=_state(given, redeemed, expired=expires < today),
                customer=customer,
                practice=practice.name,
                gift=gift,
                expires=expires,
                given_on=given,
                redeemed_on=redeemed,
            )
    return Voucher(code=code, state="unknown")


def open_vouchers(history: pl.DataFrame, *, today: dt.date) -> list[Voucher]:
    """
    Return the vouchers in the *history* that are neither taken nor expired, soonest end first.

    Needs no secret: what the history names was given out. `gift` is left open.
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
            found = Voucher(
                code=_written(number),
                state="valid",
                customer=row["customer"],
                practice=row["practice"] or "",
                expires=expires,
                given_on=row["date"],
            )
            vouchers.setdefault(number, found)
    still = [voucher for number, voucher in vouchers.items() if number not in taken]
    return sorted(still, key=lambda voucher: (voucher.expires, voucher.code))


def _hash(secret: bytes, customer: str, practice: str, expires: dt.date) -> int:
    text = f"voucher:{customer}\0{practice}\0{expires.isoformat()}"
    return int.from_bytes(hmac.digest(secret, text.encode(), "sha256")[:_HASHED])


def _written(number: int) -> str:
    letters = [_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_LENGTH))]
    return "-".join("".join(letters[i : i + 4]) for i in range(0, _LENGTH, 4))


def _number(code: str) -> int | None:
    """Return the number that a code as typed stands for; None: it can be none of ours."""
    letters = [letter for letter in code.upper() if not letter.isspace() and letter not in "-–—"]
    if len(letters) != _LENGTH or any(letter not in _DIGITS for letter in letters):
        return None
    number = 0
    for letter in letters:
        number = number << 5 | _DIGITS[letter]
    return number


def _expires(number: int, today: dt.date) -> dt.date:
    """Return the last day: of those that share the twelve bits, the one nearest to today."""
    bits = number >> 8 * _HASHED
    now = (today - _EPOCH).days
    return _EPOCH + dt.timedelta(days=now + (bits - now + _PERIOD // 2) % _PERIOD - _PERIOD // 2)


def _vouchers(project: Project) -> Iterator[tuple[Practice, Gift]]:
    for practice in project.practices:
        if practice.gift and practice.gift.kind == "voucher":
            yield practice, practice.gift


def _customer(project: Project, practice: str, number: int, expires: dt.date) -> str | None:
    wanted = number & (1 << 8 * _HASHED) - 1
    secret, ids = project.secret, project.people.customers["id"]
    return next((key for key in ids if _hash(secret, key, practice, expires) == wanted), None)


def _dates(history: pl.DataFrame, code: str) -> tuple[dt.date | None, dt.date | None]:
    """Return when a code was first given out, and when it was taken."""
    typed = history.filter(pl.col("code").is_not_null())
    known = [_number(text) == _number(code) for text in typed["code"]]
    rows = typed.filter(pl.Series(known, dtype=pl.Boolean))
    taken = (pl.col("practice") == REDEEMED).fill_null(value=False)
    given, redeemed = rows.filter(~taken)["date"].min(), rows.filter(taken)["date"].min()
    assert given is None or isinstance(given, dt.date)
    assert redeemed is None or isinstance(redeemed, dt.date)
    return given, redeemed


def _state(given: dt.date | None, redeemed: dt.date | None, *, expired: bool) -> State:
    if redeemed:
        return "redeemed"
    if expired:
        return "expired"
    return "valid" if given else "not given out"
