"""Finds the column of email addresses by its cells, where no header names it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from newsletter.errors import NewsletterError, Place
from newsletter.read.people.findings import Findings, ReadingOptions
from newsletter.read.people.raw_tables import Match, RawTable

ADDRESS = r"^\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*$"


def with_unnamed_addresses(
    raw: RawTable, matches: Sequence[Match], *, options: ReadingOptions, findings: Findings
) -> list[Match]:
    """
    Return the matches; a column that plainly holds the addresses is matched as `email`.

    Without a project it is proposed with a remark. A project must name it: otherwise nobody would
    get an email, and no address on the suppression list would be found. Raises NewsletterError if
    the first row has an address, too: its customer would be lost.
    """
    if any(re.search(ADDRESS, match.header) for match in matches):
        at = Place(path=findings.shown, line=findings.header_row)
        hint = "write them into a row above, such as: email"
        raise NewsletterError.at("the names of the columns are missing", at, hint=hint)
    named = [match.header for match in matches if match.field == "email"]
    if "email" in options.columns or any(raw.column(header).is_filled for header in named):
        return list(matches)
    headers = _plain(raw, [match.header for match in matches if not match.is_ours])
    if not headers:
        return list(matches)
    quotable = headers[0].replace("'", "''")
    setting = f"under 'columns:' in content/newsletter.yml: email: '{quotable}'"
    if options.ask:
        findings.problem(
            f"column '{headers[0]}' holds email addresses, but its header does not say so",
            hint=f"write {setting}; or name the column 'email'",
            row=findings.header_row,
        )
    else:
        findings.of_columns(
            f"column '{headers[0]}' was read as email addresses, because it holds them",
            hint=f"init writes {setting}",
        )
    return [
        replace(match, field="email", is_ours=True) if match.header == headers[0] else match
        for match in matches
    ]


def _plain(raw: RawTable, headers: Sequence[str]) -> list[str]:
    """Return the headers of columns with addresses in most filled cells, nearly all different."""
    columns = [raw.column(header) for header in headers]
    return [
        column.header
        for column in columns
        if (texts := column.text.drop_nulls()).len()
        and 2 * (addresses := texts.filter(texts.str.contains(ADDRESS))).len() > texts.len()
        and 2 * addresses.n_unique() > addresses.len()
    ]
