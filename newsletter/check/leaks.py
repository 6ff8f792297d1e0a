"""Finds customers on the public site: nothing of theirs may stand there, however it is encoded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from pathlib import Path

import polars as pl

from newsletter.check.personal import TEXTS, personal
from newsletter.check.readings import READINGS, readings
from newsletter.check.searches import search, searchable
from newsletter.errors import Place, Problem
from newsletter.model.artifact import Artifact
from newsletter.model.key import key_of
from newsletter.model.project import Project

_HINT = "write it without that customer; a story may name one with 'customer:' and 'consent: yes'"


def find_leaks(
    people: pl.DataFrame,
    artifacts: Iterable[Artifact],
    *,
    allowed: Collection[str] = (),
    tokens: Collection[str] = (),
) -> list[Problem]:
    """
    Return one problem for each public file and kind of value of a customer that stands in it.

    Looked for are email addresses, phone numbers, full names, streets with their number, full
    birthdays, ids and *tokens*, as far as they say who somebody is (check/personal.py says when),
    plain and encoded (check/readings.py says how). What stands in one of the *allowed* texts may
    be public. Files that are copied as they are (pictures) are judged by their path alone,
    private artifacts not at all. A problem says whose value it is, never the value itself.
    """
    files = ((artifact.path, _bytes(artifact)) for artifact in artifacts if artifact.public)
    site = searchable(readings(files))
    known = personal(people, tokens, said=site.said())
    may_be_public = pl.DataFrame([("", text) for text in allowed], schema=READINGS, orient="row")
    fine = {(leak.kind, leak.value) for leak in search(searchable(may_be_public), known)}
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for leak in search(site, known):
        if (leak.kind, leak.value) not in fine:
            found[leak.path, leak.kind].add(leak.row)
    return [_problem(path, kind, sorted(rows)) for (path, kind), rows in sorted(found.items())]


def values_key(
    people: pl.DataFrame, *, allowed: Collection[str] = (), tokens: Collection[str] = ()
) -> str:
    """Return the key of all that find_leaks looks for; while it is the same, verdicts stand."""
    known = [name for name in (*TEXTS, "row") if name in people.columns]
    table = people.select(known).write_csv().encode()
    return key_of(table, list(allowed), list(tokens))


def publishable(project: Project) -> tuple[str, ...]:
    """Return the texts of customers that may be public: the firm's own, and those with consent."""
    config = project.config
    business = config.business
    own = [business.name, business.postal_address, business.email, business.phone]
    own += [config.sender.name, config.sender.email, config.sender.reply_to or ""]
    team = [text for m in config.team for text in (m.name, m.email or "", m.phone)]
    stories = [entry.customer for entry in project.entries if entry.consent]
    places = [entry.place for entry in project.entries]
    return tuple(text for text in (*own, *team, *stories, *places) if text)


def _bytes(artifact: Artifact) -> bytes:
    if isinstance(artifact.content, bytes):
        return artifact.content
    return b"" if isinstance(artifact.content, Path) else b"".join(artifact.content())


def _problem(path: str, kind: str, rows: list[int]) -> Problem:
    whose = f"the customer in line {rows[0]} of the customer file" if rows[0] else "a customer"
    others = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
    message = f"the {kind} of {whose}{others} would be public"
    return Problem(message=message, at=Place(path=path), hint=_HINT)
