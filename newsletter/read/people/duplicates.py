"""Merges the rows of each customer into one, whatever their order, and remarks on conflicts."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import polars as pl

from newsletter.read.people.duplicate_remarks import (
    GROUP,
    list_conflicts,
    list_doubtful_ids,
    list_shared_addresses,
)
from newsletter.read.people.findings import Findings

UNREAD = "\0unread"
"""What may be addresses in a row: several, misspelt, or such as few servers accept."""
_FULL = "\0full"
_TEXT = "\0text"
_OF_ROWS = ("\0id", "\0address", "\0name", "\0place", UNREAD, GROUP)

# Taken together from one row, so that no customer gets one person's first name with another's last
# name.
_TOGETHER = (
    ("name", ("title", "first_name", "last_name", "name")),
    ("street", ("street", "postcode", "city", "region", "country")),
)
_CONSENTS = {
    "consent_email", "consent_phone", "consent_post", "consent_text", "mention_family",
    "may_be_named",
}  # fmt: skip
_SMALLEST = {"row", "customer_since", *_CONSENTS}
"""A no is smaller than a yes: the stricter consent."""
_REFUSALS = {"closed", "objection"}
_LARGEST = {
    *_REFUSALS, "pause_until", "consent_since",
    "last_order", "points", "orders_count", "total_spent",
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """The ids and addresses by which other tables name customers."""

    keys: pl.DataFrame
    """`key` (an id, or in lower case an address that no two customers share) → `id`."""
    unread: pl.DataFrame = field(
        default_factory=partial(pl.DataFrame, schema={"address": pl.String, "id": pl.String})
    )
    """`address` → `id`: what may be addresses in rows that have several, or none as read."""


@dataclass(frozen=True, kw_only=True)
class Merged:
    """The customers, and what other tables name them by."""

    customers: pl.DataFrame
    """CUSTOMERS and further columns, sorted by id."""
    known: Known


def merge(frame: pl.DataFrame, findings: Findings) -> Merged:
    """
    Return one row per customer, each with an id.

    Rows belong to one customer if they share an id, or address and name, or (without id and
    address) name and postcode, else phone, else birthday. A row with an address alone joins the
    only name there.
    """
    marked = _marked(frame)
    groups = _groups(marked).alias(GROUP)
    marked = marked.with_columns(groups)
    named = _with_ids(marked)
    list_conflicts(named, findings)
    unread = named.select(address=UNREAD, id="id").explode("address").drop_nulls().unique()
    customers = _row_per_customer(named).drop(_OF_ROWS)
    list_shared_addresses(customers, findings)
    list_doubtful_ids(customers, findings)
    known = Known(_keys(named), unread.sort("address", "id"))
    return Merged(customers=customers.sort("id"), known=known)


def folded(column: str) -> pl.Expr:
    """Return a text for comparing: NFC, lower case, single spaces."""
    return pl.col(column).str.normalize("NFC").str.to_lowercase().str.replace_all(r"\s+", " ")


def _marked(frame: pl.DataFrame) -> pl.DataFrame:
    r"""Add the columns by which rows are compared; \0id is the id of the file."""
    frame = frame.with_columns(
        pl.col("id").alias("\0id"),
        pl.col("email").str.to_lowercase().alias("\0address"),
        pl.coalesce(folded("name"), folded("company")).alias("\0name"),
        pl.coalesce(
            folded("postcode"), pl.col("phone").str.replace_all(r"\D", ""), "birthday"
        ).alias("\0place"),
    )
    lonely = (
        pl.col("\0name").is_null() & pl.col("\0id").is_null() & pl.col("\0address").is_not_null()
    )
    if not frame.select(lonely.any()).item():
        return frame
    # A nameless row without id belongs to the only name at its address, if there is just one.
    names = pl.col("\0name").drop_nulls()
    only = pl.when(names.n_unique() == 1).then(names.min()).over("\0address")
    return frame.with_columns(pl.when(lonely).then(only).otherwise("\0name").alias("\0name"))


def _groups(marked: pl.DataFrame) -> pl.Series:
    """Return the number of each row's customer: rows with any of the three links share it."""
    address = pl.col("\0address")
    nameless = pl.col("\0name").fill_null("")
    at_home = pl.col("\0id").is_null() & address.is_null()
    links = marked.select(
        pl.col("\0id"),
        pl.when(address.is_not_null())
        .then(pl.concat_str(address, pl.lit("\n"), nameless))
        .alias("a"),
        pl.when(at_home).then(pl.concat_str("\0name", pl.lit("\n"), "\0place")).alias("p"),
    )
    group = pl.int_range(marked.height, dtype=pl.UInt32, eager=True)
    double = links.select(
        pl.any_horizontal(pl.all().is_duplicated() & pl.all().is_not_null())
    ).to_series()
    if not double.any():
        return group
    where = double.arg_true()
    linked = _linked(links[where].rows())
    return group.scatter(where, where.gather(linked).cast(pl.UInt32))


def _linked(rows: list[tuple[str | None, ...]]) -> list[int]:
    """Return the first row linked with each row, directly or through others (union-find)."""
    parent = list(range(len(rows)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    seen: dict[tuple[int, str], int] = {}
    for i, links in enumerate(rows):
        for kind, link in enumerate(links):
            if link is not None:
                a, b = root(i), root(seen.setdefault((kind, link), i))
                parent[max(a, b)] = min(a, b)
    return [root(i) for i in range(len(rows))]


def _with_ids(marked: pl.DataFrame) -> pl.DataFrame:
    """
    Add each customer's id: the smallest in the file, else the address, else name and place.

    Names distinguish customers who share an address and have no id.
    """
    doubled = marked["\0address"].drop_nulls().is_duplicated().any()
    shared = (pl.col(GROUP).n_unique() > 1).over("\0address") if doubled else pl.lit(False)
    mailbox = pl.concat_str("\0address", pl.lit(" "), pl.col("\0name").fill_null(""))
    keyed = marked.with_columns(
        pl.when(shared).then(mailbox.str.strip_chars()).otherwise("\0address").alias("\0mailbox"),
        pl.concat_str("\0name", pl.lit(" "), "\0place").alias("\0home"),
    )
    kinds = [pl.col(kind) for kind in ("\0id", "\0mailbox", "\0home")]
    if marked[GROUP].is_duplicated().any():
        kinds = [kind.min().over(GROUP) for kind in kinds]
    return keyed.with_columns(pl.coalesce(kinds).alias("id")).drop("\0mailbox", "\0home")


def _row_per_customer(named: pl.DataFrame) -> pl.DataFrame:
    """Return one row per group; values come from the fullest row, then by content, never order."""
    double = named[GROUP].is_duplicated()
    if not double.any():
        return named
    twice = named.filter(double)
    content = [c for c in twice.columns if c not in {"row", GROUP}]
    text = [
        pl.col(c).list.join(",")
        if twice.schema[c] == pl.List(pl.String)
        else pl.col(c).cast(pl.String)
        for c in content
    ]
    full = pl.sum_horizontal(pl.col(content).is_not_null())
    ordered = twice.with_columns(
        full.alias(_FULL),
        pl.concat_str([t.fill_null("") for t in text], separator="\x1f").alias(_TEXT),
    ).sort(GROUP, _FULL, _TEXT, descending=[False, True, False])
    once = ordered.group_by(GROUP, maintain_order=True).agg(_merged(twice))
    return pl.concat([named.filter(~double), once.select(named.columns)])


def _merged(frame: pl.DataFrame) -> list[pl.Expr]:
    """Return for each column an expression that merges its values."""
    together = {part: (lead, parts) for lead, parts in _TOGETHER for part in parts}
    merged = []
    for name, dtype in frame.schema.items():
        column = pl.col(name)
        if name == GROUP:
            continue
        if name in _SMALLEST:
            value = column.min()
        elif name in _LARGEST:
            value = column.max()
        elif dtype == pl.List(pl.String):
            every = column.explode().drop_nulls().unique().sort()
            value = pl.when(every.len() > 0).then(every.implode())
        elif name == "not_to_mention":  # none of the topics may be mentioned
            every = column.drop_nulls().unique().sort()
            value = pl.when(every.len() > 0).then(every.str.join("; "))
        elif name in together:
            lead, parts = together[name]
            value = _of_leading_row(column, lead, parts=parts)
        else:
            value = column.drop_nulls().first()
        merged.append(value.alias(name))
    return merged


def _of_leading_row(column: pl.Expr, lead: str, *, parts: tuple[str, ...]) -> pl.Expr:
    """Return the value in the row that supplies all *parts*: the first with a *lead*."""
    led = pl.col(lead).is_not_null()
    some = pl.any_horizontal(pl.col(part).is_not_null() for part in parts)
    first, else_ = column.filter(led).first(), column.filter(some).first()
    return pl.when(led.any()).then(first).otherwise(else_)


def _keys(named: pl.DataFrame) -> pl.DataFrame:
    """Return every id and address that belongs to one customer only; ids go before addresses."""
    ids = named.select(key="\0id", id="id").drop_nulls()
    derived = named.filter(pl.col("\0id").is_null() | (pl.col("\0id") != pl.col("id")))
    derived_ids = derived.select(key="id", id="id")
    addresses = named.select(key="\0address", id="id").drop_nulls()
    if addresses["key"].is_duplicated().any():
        addresses = addresses.unique()
    single = addresses.filter(~pl.col("key").is_duplicated())
    return pl.concat([ids, derived_ids, single]).unique("key", keep="first", maintain_order=True)
