"""A small project made of values: no files are read to test a plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from made import table

from newsletter.errors import Place
from newsletter.model.config import Business, Config, Links, Sender, TeamMember
from newsletter.model.entry import Entry, Issue, Segment
from newsletter.model.plan import IssuePlan
from newsletter.model.project import People, Project, Theme
from newsletter.model.source import Source
from newsletter.model.tables import CUSTOMERS, TABLES
from newsletter.plan.planning import plan_day

Rows = Sequence[Mapping[str, object]]
TODAY = dt.date(2026, 11, 4)


def source(text: str, path: str = "content/x.md") -> Source:
    """Return text that stands in line 1 of a file."""
    return Source(text, Place(path=path, line=1))


def entry(slug: str, *, kind: str = "update", language: str = "en", **more: object) -> Entry:
    """Return an entry of 1 November."""
    path = f"content/{kind}s/{slug}.md"
    rule = more.pop("audience", None)
    values = {"title": slug, "date": dt.date(2026, 11, 1), "summary": "", **more}
    return Entry(
        kind=kind,
        slug=slug,
        language=language,
        audience=source(str(rule), path) if rule else None,
        body=source("", path),
        **values,
    )


def issue(name: str = "2026-11", *, language: str = "en", **more: object) -> Issue:
    """Return an edition of an issue of 5 November."""
    path = f"content/issues/{name}.md"
    rule = more.pop("audience", None)
    return Issue(
        name=name,
        language=language,
        title=name,
        subject=source(name, path),
        preheader=source("", path),
        audience=source(str(rule), path) if rule else None,
        body=source("", path),
        **{"date": dt.date(2026, 11, 5), **more},
    )


def project(
    customers: Rows = (),
    *,
    entries: Sequence[Entry] = (),
    issues: Sequence[Issue] = (),
    segments: Mapping[str, str] | None = None,
    links: Links | None = None,
    **tables: Rows,
) -> Project:
    """Return a project; customers agree to email and have an address unless they say otherwise."""
    rows = [
        {"row": i + 2, "consent_email": True, "email": f"{c['id']}@example.com"} | dict(c)
        for i, c in enumerate(customers)
    ]
    people = People(
        customers=table(rows, CUSTOMERS),
        tables={name: table(tables.get(name, ()), schema) for name, schema in TABLES.items()},
        source="customers.csv",
    )
    config = Config(
        business=Business(
            name="P", postal_address="x", website="https://p.example", email="p@p.example"
        ),
        sender=Sender(name="P", email="p@p.example"),
        links=links or Links(unsubscribe="https://p.example/leave/{token}?t={token}"),
        team=(TeamMember(id="maya", name="Maya"),),
    )
    return Project(
        root=Path(),
        config=config,
        entries=tuple(entries),
        issues=tuple(issues) or (issue(),),
        segments=tuple(
            Segment(name=name, rule=source(rule, "content/segments.yml"))
            for name, rule in (segments or {}).items()
        ),
        theme=Theme(name="", texts={}, places={}, assets={}, words={}, values={}),
        images={},
        people=people,
        secret=b"secret",
    )


def planned(made: Project, name: str = "2026-11") -> IssuePlan:
    """Return the issue as the plan of TODAY has it."""
    return plan_day(made, today=TODAY, issue=name).issues[name]


class Make:
    """The functions above, for tests."""

    entry = staticmethod(entry)
    issue = staticmethod(issue)
    project = staticmethod(project)
    planned = staticmethod(planned)
    plan: Callable[..., IssuePlan] = staticmethod(lambda *a, **k: planned(project(*a, **k)))


@pytest.fixture(scope="session")
def make() -> type[Make]:
    """Return the makers of values for a plan."""
    return Make
