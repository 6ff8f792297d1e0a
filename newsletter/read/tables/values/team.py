"""Members of the team, whom a file gives by id, name or address."""

from __future__ import annotations

import polars as pl

from newsletter.read.tables.reading import Findings, Wishes, quoted, remark_each


def team_members(given: pl.Series, wishes: Wishes, *, findings: Findings) -> pl.Series:
    """
    Return the ids; whoever is not in the team becomes null, with a remark. Without a team, what is
    given.
    """
    if not wishes.team or given.is_null().all():
        return given
    ids = {
        word.casefold(): member.id
        for member in wishes.team
        for word in (member.email or "", member.name, member.id)
        if word
    }
    found = given.str.to_lowercase().replace_strict(
        list(ids), list(ids.values()), default=None, return_dtype=pl.String
    )
    unknown = given.filter(found.is_null() & given.is_not_null()).unique()
    remark_each(
        findings,
        ((0, f"{quoted(name)} is not in the team") for name in unknown),
        hint=f"the team in newsletter.yml: {', '.join(member.id for member in wishes.team)}",
        rest="names that are not in the team",
    )
    return found.alias(given.name)
