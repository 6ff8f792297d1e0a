"""Entries that are a reason to write: answers to feedback, events to come to, shared articles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

import polars as pl

from newsletter.facts.history import entries_sent
from newsletter.model.config import Config
from newsletter.model.entry import Entry
from newsletter.model.events import EVENTS
from newsletter.model.language import fallbacks, first_match, locale_of
from newsletter.model.permalink import calendar_file, permalink
from newsletter.plan.events.basis import Cards, EventBasis, Window, row_columns, spoken
from newsletter.plan.issues import asked, interested
from newsletter.rules.to_polars import compile_rule

Editions = Mapping[str, Entry]
"""An entry by language."""


def answer(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return each answer for the customers whose feedback it names; key: the slug."""
    return _entry_events(basis, window, "answer")


def event(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return the events that are for a customer; key: the slug."""
    return _entry_events(basis, window, "event")


def article(basis: EventBasis, window: Window) -> pl.DataFrame:
    """Return the articles that are for a customer and not yet sent to them; key: the slug."""
    return _entry_events(basis, window, "article")


def _entry_events(basis: EventBasis, window: Window, kind: str) -> pl.DataFrame:
    config, details = basis.config, list(EVENTS[kind].details)
    parts = [pl.DataFrame(schema=row_columns(kind))]
    for editions in _by_slug(basis.entries, kind, config).values():
        entry = editions[config.language]
        day = entry.starts.date() if entry.starts else entry.date
        if not window.first <= day <= window.last:
            continue
        people = _people(entry, basis)
        localised = spoken(people, partial(_card, editions, details, config), config)
        label = basis.reasons.event("dated", name=entry.title, date=day)
        events = localised.with_columns(
            key=pl.lit(entry.slug), on=pl.lit(day), about=pl.lit(label)
        )
        parts.append(events.select(*row_columns(kind)))
    return pl.concat(parts, how="vertical_relaxed")


def entry_cards(entries: Iterable[Entry], kind: str, config: Config) -> Cards:
    """Return what gives the details of an entry of a kind: by its slug, in a language."""
    by_slug = _by_slug(entries, kind, config)
    return lambda slug, tag: _card(by_slug[slug], list(EVENTS[kind].details), config, tag)


def _by_slug(entries: Iterable[Entry], kind: str, config: Config) -> dict[str, Editions]:
    """Return the entries of a kind, each in all its languages, by slug."""
    by_slug: dict[str, dict[str, Entry]] = {}
    for entry in entries:
        if entry.kind == kind:
            by_slug.setdefault(entry.slug, {})[entry.language] = entry
    # A translation may be dated earlier than the original.
    return {slug: by_slug[slug] for slug in sorted(by_slug) if config.language in by_slug[slug]}


def _people(entry: Entry, basis: EventBasis) -> pl.DataFrame:
    """Return customer and language of the customers whom the entry is for."""
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
        "language": "" if entry.language in fallbacks(tag) else _named(entry.language, tag),
    }
    return {name: values[name.partition("_")[2]] or None for name in details}


def _named(language: str, tag: str) -> str:
    """Return the name of a language for readers of another."""
    return locale_of(tag).languages.get(language.partition("-")[0]) or language


def _address(entry: Entry, editions: Editions, config: Config) -> str:
    """Return the public page, else that in the project's language; empty if there is neither."""
    public = [e for e in (entry, editions[config.language]) if e.public]
    if not public or not config.business.website:
        return ""
    page = permalink(
        entry.kind, entry.slug, language=public[0].language, default_language=config.language
    )
    return config.business.website + page
