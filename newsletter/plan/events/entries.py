"""Entries that are a reason to write: answers to feedback, events to come to, shared articles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

import polars as pl

from newsletter.facts.history import entries_sent
from newsletter.model.config import Config
from newsletter.model.entry import Entry
from newsletter.model.events import EVENTS
from newsletter.model.language import first_match
from newsletter.model.permalink import calendar_file, permalink
from newsletter.plan.events.basis import EventBasis, Window, found_columns, spoken
from newsletter.plan.issues import asked, interested
from newsletter.rules.to_polars import compile_rule

Editions = Mapping[str, Entry]
"""An entry by language."""


def answer(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return the answers for those whose feedback they name; key: the slug."""
    return _found(basis, window, "answer")


def event(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return the events that are for a customer; key: the slug."""
    return _found(basis, window, "event")


def article(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return the articles that are for a customer who has not had them; key: the slug."""
    return _found(basis, window, "article")


def _found(basis: EventBasis, window: Window, kind: str) -> pl.DataFrame:
    config, details = basis.config, list(EVENTS[kind].details)
    parts = [pl.DataFrame(schema=found_columns(kind))]
    for editions in _entries(basis, kind):
        entry = editions[config.language]
        day = entry.starts.date() if entry.starts else entry.date
        if not window.first <= day <= window.last:
            continue
        people = _people(entry, basis)
        known = spoken(people, partial(_card, editions, details, config), config)
        words = f"{entry.title}, {day}"
        named = known.with_columns(key=pl.lit(entry.slug), on=pl.lit(day), about=pl.lit(words))
        parts.append(named.select(*found_columns(kind)))
    return pl.concat(parts, how="vertical_relaxed")


def _entries(basis: EventBasis, kind: str) -> Iterator[Editions]:
    """Yield the entries of a kind, each in all its languages, by slug."""
    found: dict[str, dict[str, Entry]] = {}
    for entry in basis.entries:
        if entry.kind == kind:
            found.setdefault(entry.slug, {})[entry.language] = entry
    for slug in sorted(found):
        if basis.config.language in found[slug]:  # a translation may be dated earlier
            yield found[slug]


def _people(entry: Entry, basis: EventBasis) -> pl.DataFrame:
    """Return customer and language of those whom the entry is for."""
    meant = asked(entry) if entry.kind == "answer" else interested(entry)
    if entry.audience:
        meant = meant & compile_rule(entry.audience, basis.facts.schema)
    chosen = basis.people("language", meant.alias("_meant")).filter("_meant").drop("_meant")
    if entry.kind == "article":
        sent = entries_sent(basis.tables["history"], [entry.slug])
        chosen = chosen.join(sent, on="customer", how="anti", maintain_order="left")
    return chosen


def _card(editions: Editions, details: list[str], config: Config, tag: str) -> dict[str, object]:
    """Return the details of an entry for readers of a language."""
    entry = first_match(editions, tag, config.language) or editions[config.language]
    page = entry.url or _address(entry, editions, config)
    values = {
        "slug": entry.slug,
        "title": entry.title,
        "summary": entry.summary,
        "starts": entry.starts,
        "place": entry.place,
        "source": entry.source_name,
        "url": page,
        "calendar": calendar_file(page) if page else "",
    }
    return {name: values[name.partition("_")[2]] or None for name in details}


def _address(entry: Entry, editions: Editions, config: Config) -> str:
    """Return the public page, in another language if there is none in this; empty: none at all."""
    public = [e for e in (entry, editions[config.language]) if e.public]
    if not public:
        return ""
    page = permalink(
        entry.kind, entry.slug, language=public[0].language, default_language=config.language
    )
    return config.business.website + page
