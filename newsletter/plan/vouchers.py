"""Voucher codes: made from the project's secret, and verified without a list of codes."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from newsletter.model.entry import Issue
from newsletter.model.gift import Gift
from newsletter.model.practice import ISSUE
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
    issue: str = ""
    """Of a voucher in an issue: its name."""
    gift: Gift | None = None
    """None if its practice has gone, or if nobody can tell which of several gifts it is for."""
    perhaps: tuple[Gift, ...] = ()
    """Those several: gifts of the practice, or the customer's number, have changed since."""
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


def source_name(practice: str, number: int) -> str:
    """Return what codes of a practice's gift are made for; *number*: its place in `all_gifts`."""
    return f"{practice} {number + 1}" if number else practice


def issue_source(issue: str) -> str:
    """Return what codes of an issue are made for."""
    return f"{ISSUE} {issue}"


def issue_vouchers(project: Project) -> list[Issue]:
    """Return an edition of each issue with a voucher: the one in the project's language."""
    main = project.config.language
    ordered = sorted(project.issues, key=lambda issue: issue.language == main)
    editions = {issue.name: issue for issue in ordered if issue.voucher}
    return [editions[name] for name in sorted(editions)]


def find_voucher(project: Project, code: str, *, today: dt.date) -> Voucher:
    """
    Return whose voucher a code is, and whether it is taken today; `unknown` if it is nobody's.

    Capitals and dashes do not matter; O is read as 0, I and L as 1. The history names the customer
    who was given the code, even one whose row has gone; a row of the practice `voucher` records
    that it was redeemed. A code missing from the history is compared with the codes that customers
    could get, today's and all whom the history names; a match is `not given out`, unless it has
    expired.
    """
    number = _number(code)
    if number is None:
        return Voucher(code=code, state="unknown")
    expires = _expires(number, today)
    given, redeemed = _recorded(project.people.tables["history"], number)
    voucher = _given(project, given, number, expires) or _genuine(project, number, expires)
    if voucher is None:
        return Voucher(code=code, state="unknown")
    given_on, redeemed_on = _first_day(given), _first_day(redeemed)
    state = _state(given_on, redeemed_on, expired=expires < today)
    return replace(voucher, state=state, given_on=given_on, redeemed_on=redeemed_on)


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


@dataclass(frozen=True)
class _Offer:
    """A voucher that a practice or an issue gives."""

    source: str
    """What its codes are made for."""
    practice: str
    issue: str
    gift: Gift


def _offers(project: Project) -> Iterator[_Offer]:
    for practice in project.practices:
        for number, gift in enumerate(practice.all_gifts):
            if gift.kind == "voucher":
                yield _Offer(source_name(practice.name, number), practice.name, "", gift)
    for issue in issue_vouchers(project):
        assert issue.voucher
        yield _Offer(issue_source(issue.name), ISSUE, issue.name, issue.voucher)


def _recorded(history: pl.DataFrame, number: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows in which a code was given out, and those in which it was taken."""
    coded = history.filter(pl.col("code").is_not_null())
    same = pl.Series([_number(text) == number for text in coded["code"]], dtype=pl.Boolean)
    taken = pl.col("practice").eq_missing(REDEEMED)
    rows = coded.filter(same)
    return rows.filter(~taken), rows.filter(taken)


def _given(project: Project, given: pl.DataFrame, number: int, expires: dt.date) -> Voucher | None:
    """Return the voucher of the first row in which its code was given out; None: there is none."""
    rows = given.sort("date").select("customer", "practice", "issue")
    for customer, practice, issue in rows.filter(pl.col("customer").is_not_null()).iter_rows():
        offers = [
            offer
            for offer in _offers(project)
            if offer.practice == practice and offer.issue in ("", issue)
        ]
        several = offers if len(offers) > 1 else []
        mine = [offer for offer in several if _fits(project, offer, customer, number, expires)]
        gifts = [offer.gift for offer in mine or offers]
        return Voucher(
            code=_written(number),
            state="valid",
            customer=customer,
            practice=practice or "",
            issue=issue or "",
            gift=gifts[0] if len(gifts) == 1 else None,
            perhaps=tuple(gifts) if len(gifts) > 1 else (),
            expires=expires,
        )
    return None


def _genuine(project: Project, number: int, expires: dt.date) -> Voucher | None:
    """Return the voucher whose code it would be; hashes every customer."""
    people = project.people
    ids = pl.concat([people.customers["id"], people.tables["history"]["customer"]])
    for offer in _offers(project):
        for customer in ids.drop_nulls().unique(maintain_order=True):
            if _fits(project, offer, customer, number, expires):
                return Voucher(
                    code=_written(number),
                    state="not given out",
                    customer=customer,
                    practice=offer.practice,
                    issue=offer.issue,
                    gift=offer.gift,
                    expires=expires,
                )
    return None


def _fits(project: Project, offer: _Offer, customer: str, number: int, expires: dt.date) -> bool:
    """Return whether the code of that *number* is this customer's."""
    wanted = number & (1 << 8 * _HASHED) - 1
    return _hash(project.secret, customer, offer.source, expires) == wanted


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
