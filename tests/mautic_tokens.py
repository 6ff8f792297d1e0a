"""Mautic's import and tokens, as the code of version 5 works."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping

Row = Mapping[str, str]

SPACES = " \t\n\r\0\x0b"
"""What PHP's trim takes away."""

FORMATS = ("true", "date", "time", "datetime")
"""Words that TokenHelper.php takes for a format."""


def imported(file: bytes) -> list[Row]:
    """
    Return contacts by alias.

    github.com/mautic/mautic, app/bundles/LeadBundle: ImportModel.php reads a line at a time and
    trims each value; LeadModel.php leaves out empty values and takes tags away.
    """
    lines = file.decode().rstrip("\n").split("\n")
    headers, *rows = [next(csv.reader([line])) for line in lines]
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,24}", header) for header in headers)
    return [_stored(dict(zip(headers, row, strict=True))) for row in rows]


def _stored(row: Row) -> Row:
    assert all(name in ("firstname", "lastname") or cell for name, cell in row.items())
    return {name: re.sub(r"\0|<[^>]*>?", "", cell.strip(SPACES)) for name, cell in row.items()}


def merged(template: str, row: Row) -> str:
    """Return a text with a contact's values; all tokens are found first (TokenHelper.php)."""

    def value(token: re.Match[str]) -> str:
        alias, _, words = token[1].partition("|")
        assert words not in FORMATS
        return row[alias] or words

    return re.sub(r"(?:{|%7B)contactfield=(.*?)(?:}|%7D)", value, template)
