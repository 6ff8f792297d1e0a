"""Mailchimp's merge tags and import, as its documents describe them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

# mandrill.zendesk.com/hc/articles/360038786414: `*|`, letters, digits and underscores, `|*`.
NAME = r"[A-Z0-9_]+"
# mandrill.zendesk.com/hc/articles/360039278713: what a condition looks like.
TEST = rf"(IF|ELSEIF):({NAME})(!?=)([^|*]*)"
TAG = re.compile(rf"\*\|(?:{NAME}|{TEST}|ELSE:|END:IF)\|\*")

Row = Mapping[str, str]
Written = Callable[[Row], str]


def checked(rows: list[Row]) -> list[Row]:
    """
    Return contacts by merge tag, as an import keeps them; AssertionError for what it would not.

    Text fields have 255 bytes: mailchimp.com/help/format-guidelines-for-your-import-file. An
    audience has 30 fields: kb.mailchimp.com/article/introduction-to-mailchimp-list-management.
    """
    for row in rows:
        assert len(row) <= 30
        assert all(len(cell.encode()) <= 255 for cell in row.values())
        assert all(len(name) <= 10 for name in row if name != "Email Address")
        cells = [cell for name, cell in row.items() if name != "Email Address"]
        signs = [cell for cell in cells if re.search(r"[<>\"'\\]|^\s|\s$", cell)]
        assert not signs  # no document says whether they are escaped or trimmed
    return [{**row, "EMAIL": row["Email Address"]} for row in rows]


def merged(template: str, row: Row) -> str:
    """Return a template with a contact's values."""
    return parsed(template)(row)


@cache
def parsed(template: str) -> Written:
    """Return what writes a template; AssertionError if tags do not belong together."""
    assert "*|" not in TAG.sub("", template)  # nothing that could be another tag
    tokens = _tokens(template)
    written, end = _parts(tokens)
    assert not end
    return written


def _tokens(template: str) -> Iterator[str]:
    position = 0
    for tag in TAG.finditer(template):
        yield from filter(None, (template[position : tag.start()], tag[0]))
        position = tag.end()
    yield from filter(None, (template[position:],))


def _parts(tokens: Iterator[str]) -> tuple[Written, str]:
    """Return what writes the parts up to the end of a branch, and the tag that ends it."""
    parts: list[Written] = []
    for token in tokens:
        if not TAG.fullmatch(token):
            parts.append(lambda _, text=token: text)
        elif token.startswith("*|IF:"):
            parts.append(_condition(token, tokens))
        elif token.startswith(("*|ELSE", "*|END")):
            return _all(parts), token
        else:
            parts.append(lambda row, name=token[2:-2]: row[name])
    return _all(parts), ""


def _all(parts: list[Written]) -> Written:
    return lambda row: "".join(part(row) for part in parts)


def _condition(token: str, tokens: Iterator[str]) -> Written:
    """
    Return what writes the first branch that holds.

    mandrill.zendesk.com/hc/articles/360039278713: "Only the content following the first condition
    evaluated as true" displays; ELSE: is for all others; conditions may stand in each other.
    """
    branches: list[tuple[Callable[[Row], bool], Written]] = []
    while token.startswith(("*|IF:", "*|ELSEIF:")):
        test = _test(token)
        then, token = _parts(tokens)
        branches.append((test, then))
    if token == "*|ELSE:|*":
        then, token = _parts(tokens)
        branches.append((lambda _: True, then))
    assert token == "*|END:IF|*"

    def write(row: Row) -> str:
        return next((then(row) for test, then in branches if test(row)), "")

    return write


def _test(token: str) -> Callable[[Row], bool]:
    """Return a test; the same page: `=` is false for a field without a value."""
    match = re.fullmatch(rf"\*\|{TEST}\|\*", token)
    assert match
    _, name, sign, value = match.groups()
    assert value

    def test(row: Row) -> bool:
        assert row[name] or sign == "="  # what != says of an empty field is not documented
        return (row[name] == value) is (sign == "=")

    return test
