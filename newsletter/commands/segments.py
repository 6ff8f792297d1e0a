"""`newsletter segments`: each segment's share of the customers, or the members of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from newsletter.commands.console import as_json
from newsletter.commands.options import (
    NEW_FILE,
    RUNS,
    with_json,
    with_project,
    with_today,
    with_verbose,
)
from newsletter.commands.terminal import columns
from newsletter.errors import NewsletterError, Problem, did_you_mean, raise_all

if RUNS:
    import polars as pl

    from newsletter.commands.screen import Screen
    from newsletter.export.table import excel_csv
    from newsletter.facts import add_facts
    from newsletter.facts.segments import add_segments
    from newsletter.model.entry import Segment
    from newsletter.model.project import Project
    from newsletter.read.assembly import read_project
    from newsletter.render.language_filters import percent
    from newsletter.rules.in_words import rule_in_words
    from newsletter.write import write_new


@click.command("segments")
@click.argument("name", required=False)
@with_verbose
@click.option(
    "--csv",
    "file",
    type=NEW_FILE,
    metavar="FILE",
    help="Write the list to FILE, for Excel.",
)
@with_json
@with_project
@with_today
def command(
    *,
    name: str | None,
    verbose: bool,
    file: Path | None,
    as_json: bool,
    root: Path,
    today: dt.date,
) -> None:
    """List the segments with their share of the customers, or the customers in segment NAME."""
    if name:
        listing = members(root, name, today=today, verbose=verbose)
    else:
        listing = list_segments(root, today=today, verbose=verbose)
    if file:
        write_new(file, listing.as_csv(), private=True)
        click.echo(f"wrote {click.format_filename(file)}", err=as_json)
    if as_json:
        click.echo(listing.as_json())
    if file or as_json:
        return
    screen = listing.screen
    following = "newsletter build" if name else screen("segments_next")
    click.echo(f"{listing.as_text()}\n\n{screen('next', command=following)}")


@dataclass(frozen=True)
class Listing:
    """Rows with a heading, for people or for programs."""

    heading: str
    keys: tuple[str, ...]
    rows: Sequence[dict[str, object]]
    screen: Screen
    country: str
    """Whose Excel opens the list."""
    right: tuple[int, ...] = ()

    def as_text(self) -> str:
        """Return the heading and aligned columns."""
        cells = [[self._cell(row[key]) for key in self.keys] for row in self.rows]
        table = columns([self._head(), *cells], right=self.right)
        return f"{self.heading}\n\n{table}" if self.rows else self.heading

    def as_csv(self) -> bytes:
        """Return the columns as a table for Excel."""
        texts = [[*map(_plain, map(row.get, self.keys))] for row in self.rows]
        table = pl.DataFrame(texts, schema=dict.fromkeys(self._head(), pl.String), orient="row")
        return b"".join(excel_csv([table], country=self.country))

    def as_json(self) -> str:
        """Return a list of objects."""
        return as_json(self.rows)

    def _head(self) -> list[str]:
        return [self.screen(f"segments_{key}") for key in self.keys]

    def _cell(self, value: object) -> str:
        if isinstance(value, int):
            return self.screen.number(value)
        return "" if value is None else str(value)


def list_segments(root: Path, *, today: dt.date, verbose: bool = False) -> Listing:
    """
    Return every segment with count, share and rule in words; also those set by hand in the file.

    With *verbose* the listing shows each rule as segments.yml has it, too.
    """
    project, facts, names = _read(root, today)
    segments, screen = (
        {each.name: each for each in project.segments},
        Screen(project.config.language),
    )
    by_hand, country = screen("by_hand"), project.config.business.country
    rows: list[dict[str, object]] = []
    for name in names:
        count = int(facts[name].sum())
        share = count / facts.height if facts.height else 0.0
        segment = segments.get(name)
        who = _in_words(segment, project, facts) if segment else by_hand
        rule = " ".join(segment.rule.text.split()) if segment else by_hand
        shown = percent(round(100 * share), language=screen.language, country=country)
        row = {"segment": name, "customers": count, "share": shown}
        rows.append({**row, "who": who, "rule": rule})
    heading = screen(
        "segments_of",
        segments=screen.counted("segments", len(rows)),
        customers=screen.counted("customers", facts.height),
    )
    keys = ("segment", "customers", "share", "who", *(("rule",) if verbose else ()))
    return Listing(heading, keys, rows, screen, country, right=(1, 2))


def _in_words(segment: Segment, project: Project, facts: pl.DataFrame) -> str:
    return rule_in_words(segment.rule, project.reasons, facts.schema, of=segment.name)


def members(root: Path, name: str, *, today: dt.date, verbose: bool = False) -> Listing:
    """Return id, name and city of the segment's members; raises NewsletterError if unknown."""
    project, facts, names = _read(root, today)
    if name not in names:
        names_hint = (
            f"the segments are {', '.join(names)}" if names else "write content/segments.yml"
        )
        hint = did_you_mean(name, names) or names_hint
        raise NewsletterError.at(f"there is no segment '{name}'", hint=hint)
    customers = facts.filter(pl.col(name)).sort("id").select("id", "name", "city")
    screen = Screen(project.config.language)
    segment = next((each for each in project.segments if each.name == name), None)
    heading = screen(
        "segments_members",
        segment=project.reasons.heading(name),
        customers=screen.counted("customers", customers.height),
        rule=_in_words(segment, project, facts) if segment else screen("by_hand"),
    )
    if segment and verbose:
        heading += "\n" + screen("rule", rule=" ".join(segment.rule.text.split()))
    keys, country = ("id", "name", "city"), project.config.business.country
    return Listing(heading, keys, customers.to_dicts(), screen, country)


def _read(root: Path, today: dt.date) -> tuple[Project, pl.DataFrame, list[str]]:
    """Return the project, its customers with facts and segments, and the names of the segments."""
    project = read_project(root, today=today)
    facts = add_facts(
        project.people, project.config, today=today, since=today, customs=project.customs
    )
    problems: list[Problem] = []
    with_segments = add_segments(facts, project.segments, problems=problems)
    raise_all(problems)
    return project, with_segments, [n for n in with_segments.columns if n not in facts.columns]


def _plain(value: object) -> str:
    return "" if value is None else str(value)
