"""Small tables, settings and practices for tests of the care plan, given by what matters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from newsletter.errors import Place
from newsletter.facts import facts_basis, wanted_facts
from newsletter.facts.segments import add_segments
from newsletter.model.config import Config
from newsletter.model.customs import Customs
from newsletter.model.entry import Entry, Segment
from newsletter.model.practice import Practice, Span
from newsletter.model.project import People, Project, Theme
from newsletter.model.source import Source
from newsletter.model.tables import CUSTOMERS, TABLES
from newsletter.plan.events import EventBasis
from newsletter.read.content.customs_yml import packaged_customs
from newsletter.read.content.reason_phrases import read_reasons

Rows = Sequence[Mapping[str, object]]
DAY = dt.date(2026, 11, 4)
"""A Wednesday."""


def table(rows: Rows, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Return a table with these columns, and any further columns of the rows."""
    full = [dict.fromkeys(schema) | dict(row) for row in rows]
    further = {key for row in rows for key in row} - schema.keys()
    return pl.DataFrame(full, schema=dict(schema) | dict.fromkeys(sorted(further)))


def settings(**change: Any) -> Config:
    """Return the settings of a firm whose care plan starts in 2020."""
    keys = {
        "business": {
            "name": "P",
            "postal_address": "x",
            "website": "https://p.example",
            "email": "p@p.example",
            "country": "DE",
        },
        "sender": {"name": "P", "email": "p@p.example"},
        "links": {"unsubscribe": "https://p.example/leave"},
        "start": dt.date(2020, 1, 1),
        "team": ({"id": "maya", "name": "Maya"},),
    }
    return Config.model_validate(keys | change)


def people_of(customers: Rows = (), **tables: Rows) -> People:
    """Return customers, who agree to email unless they say otherwise, and tables."""
    rows = [{"row": n + 2, "consent_email": True} | dict(row) for n, row in enumerate(customers)]
    return People(
        customers=table(rows, CUSTOMERS),
        tables={name: table(tables.get(name, ()), schema) for name, schema in TABLES.items()},
        source="customers.csv",
    )


def project_of(**parts: Any) -> Project:
    """Return a project with the given parts, and otherwise only settings."""
    empty: dict[str, Any] = {
        "root": Path(),
        "config": settings(),
        "entries": (),
        "issues": (),
        "segments": (),
        "theme": Theme(name="", texts={}, places={}, assets={}, words={}, values={}),
        "images": {},
        "people": people_of(),
        "secret": b"secret",
    }
    used = empty | parts
    return Project(reasons=read_reasons(used["config"]), **used)


def basis_of(
    customers: Rows,
    *,
    day: dt.date = DAY,
    config: Config | None = None,
    entries: Sequence[Entry] = (),
    customs: Customs | None = None,
    segments: Mapping[str, str] | None = None,
    wanted: Collection[str] | None = None,
    **tables: Rows,
) -> EventBasis:
    """Return the basis for finding events, with the *wanted* facts of the day (None: all)."""
    people = people_of(customers, **tables)
    used, known = config or settings(), customs or Customs(occasions=packaged_customs().occasions)
    basis = facts_basis(people, used, day, since=day, customs=known)
    facts = wanted_facts(people, basis, wanted)
    all_segments = tuple(
        Segment(name=n, rule=source(rule)) for n, rule in (segments or {}).items()
    )
    return EventBasis(
        facts=add_segments(facts, all_segments),
        tables=basis.tables,
        config=used,
        entries=tuple(entries),
        customs=known,
        reasons=read_reasons(used),
    )


def practice(event: str = "", *, when: str = "", **more: Any) -> Practice:
    """Return a practice by email, with the `until` that reading a file would give it."""
    fields: dict[str, Any] = {
        "name": "care",
        "at": Place(path="content/practices/care.md", line=2),
        "title": "Care",
        "channels": ("email",),
        "words": {},
        "until": Span(7, "day") if event else None,
        "when": source(when, "content/practices/care.md") if when else None,
        "once_per": "event" if event or more.get("every") else "customer",
    }
    return Practice(event=event, **fields | more)


def source(text: str, path: str = "content/x.md") -> Source:
    """Return text at line 1 of a file."""
    return Source(text, Place(path=path, line=1))


def entry(kind: str, slug: str, **more: Any) -> Entry:
    """Return an entry of 1 November 2026 in English."""
    rule = more.pop("audience", None)
    values = {"title": slug, "date": dt.date(2026, 11, 1), "summary": "", "language": "en", **more}
    return Entry(
        kind=kind,
        slug=slug,
        audience=source(str(rule)) if rule else None,
        body=source("", f"content/{kind}s/{slug}.md"),
        **values,
    )
