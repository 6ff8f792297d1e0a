"""Tells whether a column called Name holds whole names, or what another column lacks of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import polars as pl

from newsletter.read.people.raw_tables import Match, RawTable

_OTHER_HALF = {"first_name": "last_name", "last_name": "first_name"}


def with_half_names(
    raw: RawTable, matches: Sequence[Match], stated: Collection[str]
) -> list[Match]:
    """
    Return the matches; `Name` beside `Vorname` is matched as the last name, and so on.

    It stays the whole name where its cells mostly hold the other ones, and where newsletter.yml
    says so: *stated* are the fields that it names.
    """
    halves = [match for match in matches if match.field in _OTHER_HALF]
    whole = [match for match in matches if match.field == "name"]
    if len(whole) != 1 or len({half.field for half in halves}) != 1 or "name" in stated:
        return list(matches)
    name, half = pl.col(whole[0].header), pl.col(halves[0].header)
    both = raw.cells.filter(name.is_not_null() & half.is_not_null())
    holds = name.str.to_lowercase().str.contains(half.str.to_lowercase(), literal=True)
    if not both.height or 2 * both.filter(holds).height >= both.height:
        return list(matches)
    field = _OTHER_HALF[halves[0].field]
    return [replace(m, field=field) if m.field == "name" else m for m in matches]
