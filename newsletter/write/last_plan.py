"""The plan of the last build, beside the output: a build that would plan alike uses it again."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import polars as pl

from newsletter.model.care import CarePlan, EditionPlan, IssuePlan
from newsletter.model.key import key_of
from newsletter.model.project import Project
from newsletter.plan.planning import plan_day
from newsletter.plan.reuse import read_by_plans
from newsletter.read.pipes import bytes_of
from newsletter.write.ledger import Ledger, cache_folder, write_cache

_FILE = "plan.bin"
_MOST_ROWS = 100_000
"""Rows of all tables. Larger ones take longer to compare and to save than they save."""


def planned(project: Project, *, today: dt.date, issue: str | None, last: Ledger) -> CarePlan:
    """
    Return what `plan_day` returns. The plan of the *last* build is used if it read the same.

    Raises:
        NewsletterError: as `plan_day` does.
    """
    people = project.people
    if sum(table.height for table in (people.customers, *people.tables.values())) > _MOST_ROWS:
        return plan_day(project, today=today, issue=issue)
    read = (*read_by_plans(project), people.customers, people.tables)
    key = key_of(last.version, today, issue, *read)
    saved = _saved(last.output, key)
    if saved:
        return _plan_of(*saved, project=project, day=today)
    plan = plan_day(project, today=today, issue=issue)
    _save(last.output, key, plan)
    return plan


def _save(output: Path, key: str, plan: CarePlan) -> None:
    """Save a plan: the SHA-256 of the rest, its key, how it is built, and its tables."""
    tables = dict(_tables_of(plan))
    parts = [_bytes_of(table) for table in tables.values()]
    sizes = dict(zip(tables, map(len, parts), strict=True))
    about = {"key": key, "sizes": sizes, "issues": _plain_issues(plan)}
    content = b"\n".join([json.dumps(about).encode(), b"".join(parts)])
    write_cache(output, _FILE, b"%s\n%s" % (_sha256(content), content))


def _saved(output: Path, key: str) -> tuple[Any, Mapping[str, pl.DataFrame]] | None:
    """Return the issues and the tables of the saved plan; None if it has another key."""
    try:
        sha256, content = bytes_of(cache_folder(output) / _FILE).split(b"\n", 1)
        if sha256 != _sha256(content):  # the file was damaged
            return None
        head, tables = content.split(b"\n", 1)
        about = json.loads(head)
    except (OSError, ValueError):
        return None
    if about["key"] != key:
        return None
    ends = pairwise(accumulate(about["sizes"].values(), initial=0))
    parts = (tables[start:end] for start, end in ends)
    return about["issues"], {
        name: pl.read_ipc(part) for name, part in zip(about["sizes"], parts, strict=True)
    }


def _tables_of(plan: CarePlan) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield all tables of a plan by name."""
    yield "facts", plan.facts
    yield "everybody", plan.everybody
    yield "table", plan.table
    yield "gifts", plan.gifts
    for practice, events in plan.events.items():
        yield f"events {practice}", events
    for issue in plan.issues.values():
        yield f"left out {issue.name}", issue.left_out
        yield f"record {issue.name}", issue.record
        for edition in issue.editions:
            yield _recipients(issue.name, edition.issue.language), edition.recipients


def _recipients(issue: str, language: str) -> str:
    return f"recipients {language} {issue}"


def _plain_issues(plan: CarePlan) -> dict[str, dict[str, list[list[str]]]]:
    """Return issue → language of an edition → the paths of its entries and of its answers."""
    return {
        name: {
            edition.issue.language: [
                [entry.path for entry in part] for part in (edition.entries, edition.answers)
            ]
            for edition in issue.editions
        }
        for name, issue in plan.issues.items()
    }


def _plan_of(
    issues: Mapping[str, Mapping[str, list[list[str]]]],
    tables: Mapping[str, pl.DataFrame],
    *,
    project: Project,
    day: dt.date,
) -> CarePlan:
    """Return the plan that was saved as these issues and tables."""
    events = {
        name.removeprefix("events "): table
        for name, table in tables.items()
        if name.startswith("events ")
    }
    return CarePlan(
        day=day,
        facts_of=lambda: tables["facts"],
        everybody=tables["everybody"],
        table=tables["table"],
        events=events,
        gifts=tables["gifts"],
        issues={
            name: IssuePlan(
                name=name,
                editions=tuple(_editions(project, name, editions, tables)),
                left_out=tables[f"left out {name}"],
                record=tables[f"record {name}"],
            )
            for name, editions in issues.items()
        },
    )


def _editions(
    project: Project,
    name: str,
    editions: Mapping[str, list[list[str]]],
    tables: Mapping[str, pl.DataFrame],
) -> Iterator[EditionPlan]:
    """Yield the editions of an issue, with the texts as they are in *project*."""
    issues = {(issue.name, issue.language): issue for issue in project.issues}
    entries = {entry.path: entry for entry in project.entries}
    for language, (given, answers) in editions.items():
        yield EditionPlan(
            issue=issues[name, language],
            entries=tuple(entries[path] for path in given),
            answers=tuple(entries[path] for path in answers),
            recipients=tables[_recipients(name, language)],
        )


def _bytes_of(table: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.write_ipc(buffer, compression="uncompressed")
    return buffer.getvalue()


def _sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
