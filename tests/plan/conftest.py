"""A small project built from values: tests of plans read no files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import pytest
from made import Rows, people_of, project_of, settings, source

from newsletter.model.care import IssuePlan
from newsletter.model.config import Links
from newsletter.model.entry import Entry, Issue, Segment
from newsletter.model.project import Project
from newsletter.plan.planning import plan_day

TODAY = dt.date(2026, 11, 4)


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
    rows = [{"email": f"{row['id']}@example.com", **row} for row in customers]
    config = settings(
        business={
            "name": "P",
            "postal_address": "x",
            "website": "https://p.example",
            "email": "p@p.example",
        },
        links=links or {"unsubscribe": "https://p.example/leave/{token}?t={token}"},
        start=None,
    )
    return project_of(
        config=config,
        entries=tuple(entries),
        issues=tuple(issues) or (issue(),),
        segments=tuple(
            Segment(name=name, rule=source(rule, "content/segments.yml"))
            for name, rule in (segments or {}).items()
        ),
        people=people_of(rows, **tables),
    )


def planned(project_given: Project, name: str = "2026-11") -> IssuePlan:
    """Return the issue as planned on TODAY."""
    return plan_day(project_given, today=TODAY, issue=name).issues[name]


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
