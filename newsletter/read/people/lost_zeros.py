"""Postcodes and phone numbers of which Excel made numbers: the zero they began with comes back."""

from __future__ import annotations

from typing import Any

import polars as pl

from newsletter.read.people.findings import ROW, Findings, quoted, remark_each
from newsletter.read.yaml import packaged_yaml

_WORDS: Any = packaged_yaml("cells.yml").data
_DIGITS: dict[str, int] = {
    country: int(digits)
    for digits, countries in _WORDS["postcode_digits"].items()
    for country in countries.split()
}
"""Country → the digits of its postcodes, which may begin with a zero."""
_MOBILE: dict[str, tuple[str, str]] = {
    country: (str(code), numbers) for country, (code, numbers) in _WORDS["mobile_numbers"].items()
}
"""Country → its code, and a pattern of mobile numbers without the zero they begin with."""
_PLAINLY = r"^(?:DE?|FR?|IT?|ES?)\s*[-–]\s*\d{5}$|^\d \d{3}$"
"""Postcodes that need no country to be read as digits alone."""
_OF_NOBODY = r"^[0\W]+$|^\d+\s*,|^O\d{4}$"
_TWO_ZEROS = ("IT", "US", "PR")
"""Countries of which some postcodes begin with two zeros: 00187 Roma."""
_CURE = "format the column as text before you enter such numbers, so that Excel keeps the zero"


def with_lost_zeros(frame: pl.DataFrame, findings: Findings, home: str) -> pl.DataFrame:
    """
    Return the customers with the zeros that are certainly lost, and remark on them.

    Those that may be lost are remarked on, too: in a firm whose country (*home*) has longer ones.
    """
    if not frame["postcode"].is_null().all():
        frame = _with_postcodes(_with_plain_postcodes(frame), findings, home)
        _remark_odd_postcodes(frame, findings)
    if not frame["phone"].is_null().all():
        frame = _with_phones(frame, findings)
    return frame


def _with_plain_postcodes(frame: pl.DataFrame) -> pl.DataFrame:
    """Return postcodes of digits without spaces and the country in front: `D-01067`, `1 067`."""
    postcode, country = pl.col("postcode"), pl.col("country")
    in_digits = country.is_in(list(_DIGITS))
    tight = postcode.str.replace(r"^[A-Za-z]{1,3}\s*[-–]\s*", "").str.replace_all(r"\s", "")
    is_plain = tight.str.contains(r"^\d{4,6}$") & (in_digits | postcode.str.contains(_PLAINLY))
    return frame.with_columns(postcode=pl.when(is_plain).then(tight).otherwise(postcode))


def _remark_odd_postcodes(frame: pl.DataFrame, findings: Findings) -> None:
    """Remark on postcodes that the country does not have; without one, on those of nobody."""
    digits = pl.col("country").replace_strict(_DIGITS, default=None, return_dtype=pl.Int64)
    short = pl.col("postcode").str.replace(r"^(\d{5})-?\d{4}$", "${1}")  # ZIP+4
    fits = short.str.contains(r"^\d+$") & (short.str.len_chars() == digits)
    is_odd = (digits.is_not_null() & ~fits) | pl.col("postcode").str.contains(_OF_NOBODY)
    odd = frame.filter(is_odd).select(ROW, "postcode", "country")
    remark_each(
        findings,
        (
            (row, f"{quoted(value)} is no postcode" + (f" of {country}" if country else ""))
            for row, value, country in odd.iter_rows()
        ),
        hint="correct it, or letters and cards may not arrive",
        others="postcodes that are none",
    )


def _with_postcodes(frame: pl.DataFrame, findings: Findings, home: str) -> pl.DataFrame:
    """
    Mend postcodes of customers with a country, and those like others of the same town.

    Without a country, 1010 may as well be Vienna in a German list.
    """
    postcode, country = pl.col("postcode"), pl.col("country")
    digits = country.replace_strict(_DIGITS, default=None, return_dtype=pl.Int64)
    short = postcode.str.contains(r"^\d{3,}$") & (postcode.str.len_chars() == digits - 1)
    twice = country.is_in(["US", "PR"]) & postcode.str.contains(r"^\d{3}$")
    missing = country.is_null() & postcode.str.contains(r"^[1-9]\d{3}$")
    town = pl.col("city").str.to_lowercase()
    whole = postcode.str.contains(r"^0\d{4}$")
    frame = frame.with_columns(
        _place=pl.concat_str(
            town, pl.when(missing).then("0" + postcode).otherwise(postcode).str.head(2)
        )
    )
    places = frame.filter(whole)["_place"].drop_nulls().unique()
    alike = missing & pl.col("_place").is_in(places.implode()).fill_null(value=False)
    padded = postcode.str.zfill(digits.fill_null(5))
    mended = frame.with_columns(
        postcode=pl.when(short | twice | alike).then(padded).otherwise(postcode)
    )
    _remark_mended("postcode", frame, mended, findings)
    _remark_unclear(frame.filter(country.is_null()), alike, findings, home)
    return mended.drop("_place")


def _remark_unclear(frame: pl.DataFrame, alike: pl.Expr, findings: Findings, home: str) -> None:
    """Remark on shorter postcodes, if most others or those of the firm's country are longer."""
    postcode = pl.col("postcode")
    five = frame.filter(postcode.str.contains(r"^\d{5}$")).height
    usual = _DIGITS.get(home, 5)
    least = usual - 2 if home in _TWO_ZEROS else usual - 1
    shorter = postcode.str.contains(rf"^[1-9]\d{{{least - 1},{usual - 2}}}$")
    unclear = frame.filter(shorter & ~alike)
    if unclear.height and (home in _DIGITS or five > unclear.height):
        rows = unclear.select(ROW, "postcode").rows()
        hint = "write all its digits, or the country in a column 'country'"
        what = f"has fewer digits than {usual}: a first zero may be lost"
        findings.remark(_told("postcode", rows[0][1], what, len(rows)), hint=hint, row=rows[0][0])


def _with_phones(frame: pl.DataFrame, findings: Findings) -> pl.DataFrame:
    """
    Mend mobile numbers of countries where they begin with a zero, and those without their plus.

    The country is that of the customer, else one that other numbers of the column are of.
    """
    if not frame["phone"].str.contains(r"^[1-9]\d{7,}$").any():
        return frame
    phone, country = pl.col("phone"), pl.col("country")
    plain = frame["phone"].str.replace_all(r"[^\d+]", "").str.replace(r"^00", "+")
    used = {
        name
        for name, (code, numbers) in _MOBILE.items()
        if plain.str.contains(rf"^(\+{code}|0{numbers}$)").any()
    }
    read: pl.Expr = phone
    for name, (code, numbers) in _MOBILE.items():
        theirs = (country == name) | (country.is_null() & pl.lit(name in used))
        read = (
            pl.when(theirs & phone.str.contains(rf"^{numbers}$"))
            .then("0" + phone)
            .when(theirs & phone.str.contains(rf"^{code}{numbers}$"))
            .then("+" + phone)
            .otherwise(read)
        )
    mended = frame.with_columns(phone=read)
    _remark_mended("phone", frame, mended, findings)
    return mended


def _remark_mended(
    field: str, before: pl.DataFrame, after: pl.DataFrame, findings: Findings
) -> None:
    changed = before.select(ROW, field, new=after[field]).filter(pl.col(field) != pl.col("new"))
    if changed.height:
        row, old, new = changed.row(0)
        what = f"was read as '{new}', because Excel drops its beginning"
        findings.remark(_told(field, old, what, changed.height), hint=_CURE, row=row)


def _told(field: str, value: str, what: str, count: int) -> str:
    return f"{field} '{value}' {what}" + (f" (and {count - 1:,} more)" if count > 1 else "")
