"""phpList's import and placeholders, as its code of version 3.6 works."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

Row = Mapping[str, str]

NAMES = ("nl_first_name", "nl_last_name")


def imported(rows: Sequence[Row]) -> list[Row]:
    """
    Return subscribers by attribute.

    github.com/phpList/phplist3, public_html/lists/admin/actions/import2.php: each value is stored
    by `htmlspecialchars`, and a value that PHP calls empty is not stored.
    """
    for row in rows:
        assert row["email"]
        for name, cell in row.items():
            if name not in NAMES:  # which a customer may not have
                assert cell not in ("", "0"), name  # the value of an earlier import would stay
            assert "\\" not in cell  # part of an SQL statement, and taken away by stripslashes
    return [{name: _stored(cell) for name, cell in row.items()} for row in rows]


def _stored(cell: str) -> str:
    return "" if cell == "0" else escape(cell, quote=True).replace("&#x27;", "&#039;")


def merged(template: str, row: Row) -> str:
    """
    Return a text with a subscriber's values.

    lib.php, `parsePlaceHolders`: one placeholder after the other, whatever its capitals; `[X]`
    or `[X%%words]`, whose words stand for an empty value. sendemaillib.php: names of attributes
    have up to 30 letters.
    """
    for name, value in row.items():
        assert len(name) <= 30
        template = _replaced(rf"\[{re.escape(name)}\]", value, template)
        with_words = re.search(rf"\[{re.escape(name)}%%([^\]]+)\]", template, re.IGNORECASE)
        if with_words:
            words = value if value != "" else with_words[1]
            template = _replaced(re.escape(with_words[0]), words, template)
    assert not re.search(r"\[NL_", template)
    return template


def _replaced(pattern: str, value: str, text: str) -> str:
    return re.sub(pattern, lambda _: value, text, flags=re.IGNORECASE)
