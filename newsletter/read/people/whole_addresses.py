"""Splits a whole postal address in one cell, where its form leaves no doubt."""

from __future__ import annotations

import re

import polars as pl

from newsletter.read.people.findings import ROW, Findings, quoted
from newsletter.read.people.values.choices import country_code

_CITY = r"(?P<city>[^,\d]*[^,\d\s])"
_STREET = r"(?P<street>.*\S)"
_PREFIX = r"(?:(?P<country>[A-Z]{1,2})[ -]+)?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        # Damrak 1, 1012 LG Amsterdam
        rf"^{_STREET},\s*{_PREFIX}(?P<postcode>\d{{4}}\s?[A-Z]{{2}})\s+{_CITY}$",
        # Weg 1, D-01067 Dresden; Weg 1 01067 Dresden: most of Europe
        rf"^{_STREET},\s*{_PREFIX}(?P<postcode>\d{{4,5}})\s+{_CITY}$",
        rf"^{_STREET}\s+{_PREFIX}(?P<postcode>\d{{5}})\s+{_CITY}$",
        # 1 Main St, Springfield, IL 62704: United States, Canada
        rf"^{_STREET},\s*{_CITY},?\s+(?P<region>[A-Z]{{2}})\s+"
        r"(?P<postcode>\d{5}(?:-\d{4})?|[A-Z]\d[A-Z]\s?\d[A-Z]\d)$",
        # 1 High Street, Leeds, LS1 4DY
        rf"^{_STREET},\s*{_CITY},?\s+(?P<postcode>[A-Z]{{1,2}}\d[A-Z\d]?\s\d[A-Z]{{2}})$",
    )
)
_PARTS = ("street", "postcode", "city", "region", "country")
_OF_CARS = {"D": "DE", "A": "AT", "F": "FR", "I": "IT", "B": "BE", "L": "LU", "E": "ES"}
"""Letters before postcodes, as in `D-01067`."""
_SHORT = 2
"""Letters of a last part that may as well be a region: "Gary, IN" is not in India."""
_LIKE_A_WHOLE = r"\d.*[,\s][^,\d]*\b\d{4,}|,.*\d{4,}|,.*\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b"


def with_split_addresses(frame: pl.DataFrame, findings: Findings) -> pl.DataFrame:
    """Split addresses of customers without postcode and city; remark on others that look whole."""
    alone = pl.all_horizontal(pl.col("postcode", "city").is_null())
    whole = frame.filter(alone & pl.col("street").str.contains(_LIKE_A_WHOLE))
    if whole.is_empty():
        return frame
    split = pl.DataFrame(
        [{ROW: row, **_split(text)} for row, text in whole.select(ROW, "street").iter_rows()],
        schema={ROW: frame.schema[ROW], **dict.fromkeys(_PARTS, pl.String())},
    )
    _remark(whole, split, findings)
    known = split.filter(pl.col("city").is_not_null())
    parts = frame.select(ROW).join(known, on=ROW, how="left", maintain_order="left")
    return frame.with_columns(
        pl.coalesce(parts[part], pl.col(part)).alias(part) for part in _PARTS
    )


def _split(text: str) -> dict[str, str | None]:
    """Return the parts of an address; nothing if its form is not known."""
    rest, _, last = text.rpartition(",")
    country = country_code(last.strip()) if len(last.strip()) > _SHORT else None
    for form in _FORMS:
        if parts := form.fullmatch(rest.strip() if country else text):
            found = parts.groupdict()
            before = found.get("country")
            before = _OF_CARS.get(before, before) if before else None
            return {**found, "country": country or before}
    return {}


def _remark(whole: pl.DataFrame, split: pl.DataFrame, findings: Findings) -> None:
    for is_split in (True, False):
        told = split["city"].is_not_null() == is_split
        texts = whole.filter(told)
        if texts.is_empty():
            continue
        row, text = texts.select(ROW, "street").row(0)
        more = f" (and {texts.height - 1:,} more)" if texts.height > 1 else ""
        if is_split:
            street, postcode, city = split.filter(told).select(_PARTS[:3]).row(0)
            message = f"address {quoted(text)} was split: {street} / {postcode} / {city}{more}"
            hint = "write postcode and city in columns of their own if that is wrong"
        else:
            message = f"address {quoted(text)} seems to hold postcode and city, too{more}"
            hint = "write them in columns of their own"
        findings.remark(message, hint=hint, row=row)
