"""Tells by its headers whether a table holds orders, feedback or the like, and not customers."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence

from newsletter.model.language import is_language
from newsletter.read.people.findings import Findings
from newsletter.read.people.header_names import CUSTOMER_HEADERS, NAMES, TABLE_HEADERS, by_key, key
from newsletter.read.people.programs import recognised
from newsletter.read.people.raw_tables import Match

_EXPORTS: Mapping[str, Sequence[str]] = NAMES["exports_of_orders"]
_ORDERS = {
    word: field
    for word, field in by_key(NAMES["orders"]).items()
    if word not in ("name", "reference")  # of customers, as often as of orders
}
_NAMES = {"name", "first_name", "last_name", "company"}
_BY_HAND = ("orders", "services", "occasions", "feedback", "conversations")
"""Tables that people and other programs write."""
_LEAST = 3
"""So many headers of a table, customer or address among them, make one."""


def other_table(headers: Collection[str]) -> tuple[str, str]:
    """Return the table that these headers are of, and the program; empty texts for customers."""
    keys = {key(header) for header in headers}
    if recognised(headers):
        return "", ""
    for program, sets in _EXPORTS.items():
        if any(keys.issuperset(each.split()) for each in sets):
            return "orders", program
    theirs = {_ORDERS[word][0] for word in keys if word in _ORDERS}
    if theirs >= {"order_number", "date", "amount"}:
        return "orders", ""
    # The word for customer may be the id in an order, and is the name in a list of customers.
    theirs = {CUSTOMER_HEADERS[word][0] for word in keys - _CUSTOMER if word in CUSTOMER_HEADERS}
    if theirs & _NAMES:
        return "", ""
    counts = {name: _count(name, keys) for name in _BY_HAND}
    best = max(counts, key=lambda name: counts[name])
    return (best, "") if counts[best] >= max(_LEAST, len(theirs) + 1) else ("", "")


def _count(name: str, keys: Collection[str]) -> int:
    """Return how many fields of a table the headers have; 0 if none says whose the row is."""
    fields = {TABLE_HEADERS[name][word][0] for word in keys if word in TABLE_HEADERS[name]}
    return len(fields) if "customer" in fields else 0


def remark_near_misses(name: str, matches: Sequence[Match], findings: Findings) -> None:
    """Remark on each column of a table that is not read, but has nearly the name of a field."""
    fields, headers = {match.field for match in matches}, TABLE_HEADERS[name]
    for match in matches:
        if name == "products" and is_language(_tag(match.field)):
            continue  # names in other languages
        near = difflib.get_close_matches(key(match.header), headers, n=1, cutoff=0.8)
        field = headers[near[0]][0] if near and not match.is_ours else ""
        if field and field not in fields:
            hint = f"if it is meant as '{field}', name it so"
            findings.of_columns(f"column '{match.header}' is not read", hint=hint)


def _tag(field: str) -> str:
    """Return the language of a further column: `name_pt_br` → pt-br."""
    return field.removeprefix("name_").replace("_", "-")


_CUSTOMER = {
    word for word, (field, _) in TABLE_HEADERS["orders"].items() if field == "customer"
} & {word for word, (field, _) in CUSTOMER_HEADERS.items() if field == "name"}
