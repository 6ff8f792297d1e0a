"""Prompts for handwritten notes: two or three things to mention, none of them twice."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping

import polars as pl

from newsletter.mailing.phrases import Phrases
from newsletter.model.care import CarePlan, Prompt
from newsletter.model.channels import PENNED

MOST = 3
"""Prompts of a note."""
_TRIED = 12
"""Candidates for a note; some may turn out to be topics not to mention."""
_PLEASED = 7
"""Customers like to be reminded of scores from here on."""
_COLUMNS = ("customer", "kind", "date", "key", "what")

KINDS = ("conversation", "order", "years", "service", "occasion", "feedback")
"""In the order in which they are given; each has a phrase `prompt_…` in the theme."""


def prompts(
    plan: CarePlan,
    tables: Mapping[str, pl.DataFrame],
    *,
    customers: Collection[str],
    phrases: Phrases,
) -> dict[str, tuple[Prompt, ...]]:
    """
    Return what a note to each of *customers* may mention; those without prompts have no entry.

    The newest of each kind comes first, then older ones. Leaves out prompts that the customer's
    history holds, refunds, low scores, occasions if the family must not be mentioned, and texts
    that share a word with the customer's `not_to_mention`.
    """
    readers = _readers(plan, plan.facts.filter(pl.col("id").is_in(list(customers))))
    past = {
        name: tables[name].filter(pl.col("customer").is_in(readers["id"].implode()))
        for name in ("orders", "conversations", "services", "occasions", "feedback", "history")
    }
    silent = dict(readers.select("id", "not_to_mention").iter_rows())
    fresh = _fresh(_candidates(readers, past, plan.day), past["history"])
    chosen: dict[str, list[Prompt]] = {}
    for customer, kind, date, key, what in fresh.iter_rows():
        notes = chosen.setdefault(customer, [])
        if len(notes) < MOST and not _mentions(what, silent[customer]):
            phrase = f"prompt_{'year' if (kind, what) == ('years', '1') else kind}"
            notes.append(Prompt(key, phrases.say(phrase, date=date, what=what)))
    return {customer: tuple(notes) for customer, notes in chosen.items()}


def _readers(plan: CarePlan, people: pl.DataFrame) -> pl.DataFrame:
    """Return the customers with `years_as_customer` of the day on which they read their note."""
    notes = plan.planned.filter(pl.col("channel").is_in(PENNED))
    arrival = notes.group_by("customer").agg(pl.col("arrives").max().alias("_arrives"))
    waiting = pl.col("_arrives") - pl.lit(plan.day) >= pl.duration(days="days_to_anniversary")
    years = pl.when(waiting).then("anniversary_years").otherwise("years_as_customer")
    placed = people.join(arrival, left_on="id", right_on="customer", how="left")
    return placed.with_columns(years_as_customer=years)


def _fresh(candidates: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """Return the candidates not used before: the newest of each kind, then the next."""
    order = pl.col("kind").replace_strict({kind: i for i, kind in enumerate(KINDS)})
    ranked = candidates.sort("date", "key", descending=True).with_columns(
        _age=pl.int_range(pl.len()).over("customer", "kind"), _kind=order
    )
    given = history.select("customer", key="prompts").explode("key").drop_nulls().unique()
    fresh = ranked.join(given, on=["customer", "key"], how="anti")
    ordered = fresh.sort("customer", "_age", "_kind")
    return ordered.group_by("customer", maintain_order=True).head(_TRIED).select(_COLUMNS)


def _candidates(
    readers: pl.DataFrame, tables: Mapping[str, pl.DataFrame], day: dt.date
) -> pl.DataFrame:
    past = {name: table.filter(pl.col("date") <= day) for name, table in tables.items()}
    family = readers.filter(pl.col("mention_family").fill_null(value=False))["id"]
    occasions = past["occasions"].filter(pl.col("customer").is_in(family.implode()))
    remarked = pl.concat_str("occasion", "remark", separator=": ", ignore_nulls=True)
    pleased = (pl.col("score") >= _PLEASED).fill_null(value=True)
    bought = (pl.col("amount") >= 0).fill_null(value=True)
    parts = [
        _kind("conversation", past["conversations"], what=pl.col("text")),
        _kind("order", past["orders"].filter(bought), what=pl.col("product")),
        _kind("service", past["services"], what=pl.col("title")),
        _kind("occasion", occasions, what=remarked, names=pl.col("occasion")),
        _kind("feedback", past["feedback"].filter(pleased), what=pl.col("text")),
        _years(readers, day),
    ]
    return pl.concat(parts)


def _kind(
    kind: str, table: pl.DataFrame, *, what: pl.Expr, names: pl.Expr | None = None
) -> pl.DataFrame:
    """Return one candidate for each customer and day, its texts joined."""
    names = pl.lit(kind) if names is None else pl.lit(f"{kind} ") + names
    texts = table.select(
        "customer",
        "date",
        key=names + " " + pl.col("date").dt.to_string("%Y-%m-%d"),
        what=what.cast(pl.String),
    ).drop_nulls()
    by_day = texts.group_by("customer", "date", "key").agg(pl.col("what").unique().sort())
    joined = by_day.with_columns(pl.col("what").list.join(", "), kind=pl.lit(kind))
    return joined.select(_COLUMNS)


def _years(readers: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    years = pl.col("years_as_customer").cast(pl.String)
    long = readers.filter(pl.col("years_as_customer") >= 1)
    return long.select(
        customer="id", kind=pl.lit("years"), date=pl.lit(day), key="years " + years, what=years
    )


def _mentions(what: str, not_to_mention: str | None) -> bool:
    """Return whether the texts share a word of four letters or more."""
    return not _words(not_to_mention or "").isdisjoint(_words(what))


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w{4,}", text.casefold()))
