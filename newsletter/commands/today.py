"""What there is to do today, team member by team member, with the words ready."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from newsletter.commands.bars import Bars
from newsletter.commands.plan_text import weekday
from newsletter.commands.practices import read_practising
from newsletter.commands.show import columns, counted, wrapped
from newsletter.errors import NewsletterError, did_you_mean
from newsletter.export.lists import in_order
from newsletter.export.pages.day import care_pages, owed_otherwise
from newsletter.merge.touches import touches
from newsletter.merge.words import Stopped
from newsletter.model.artifact import Artifact
from newsletter.model.care import CarePlan, Touch
from newsletter.model.channels import CHANNELS
from newsletter.model.config import TeamMember
from newsletter.model.practice import PERSONAL
from newsletter.model.project import Project
from newsletter.plan.table import plan_day
from newsletter.write import write_into

FOLDER = "private/care"
"""Below the output folder, where a build writes the same pages."""
_WIDTH, _INDENT = 80, " " * 4


def today_text(
    root: Path, *, output: Path, member: str | None, today: dt.date, progress: Bars
) -> str:
    """
    Return each team member's page of the day as text, and write the pages for the browser.

    *member* is the id or name of the one whose page is asked for; None: everybody's. Raises
    NewsletterError if nobody is called so, or with everything that is wrong with the words.
    """
    with progress.step("Reading files", 0):
        project = read_practising(root, today=today)
    team = _team(project, member)
    with progress.step("Planning the day", 0):
        plan = plan_day(project, today=today)
    with progress.step("Finding the words", 0):
        stopped: list[Stopped] = []
        found = touches(project, plan, stopped=stopped)
    write_into(output, _pages(project, plan, found, output))
    parts = [_page(one, found, plan) for one in team]
    parts += [_stopped(stopped)] * bool(stopped)
    wrote = "\n".join(f"wrote {output}/{FOLDER}/{one.id}.html" for one in team)
    return "\n\n".join([*parts, wrote, "next: newsletter jot CUSTOMER TEXT, as you go along"])


def _team(project: Project, member: str | None) -> Sequence[TeamMember]:
    """Return those whose pages are asked for."""
    team = project.config.team
    if member is None:
        return team
    names = {word.casefold(): one for one in team for word in (one.name, one.id)}
    if found := names.get(member.casefold()):
        return [found]
    known = [one.id for one in team]
    hint = did_you_mean(member, known) or f"the team in newsletter.yml: {', '.join(known)}"
    raise NewsletterError.at(f"'{member}' is not in the team", hint=hint)


def _pages(
    project: Project, plan: CarePlan, found: Sequence[Touch], output: Path
) -> list[Artifact]:
    """Return the pages for the browser, with links to what a build made beside them."""
    own = {page.path for page in care_pages(project, plan, found)}
    there = {path.relative_to(output).as_posix() for path in (output / FOLDER).rglob("*.*")}
    return list(care_pages(project, plan, found, files=there - own))


def _page(member: TeamMember, found: Sequence[Touch], plan: CarePlan) -> str:
    """Return the page of one team member: what is owed first, then channel by channel."""
    own = in_order([touch for touch in found if touch.member == member.id])
    head = f"{member.name}, {weekday(plan.day)}: {counted(len(own), 'touchpoint')}"
    emails = plan.kept.filter(
        pl.col("member") == member.id, pl.col("channel") == "email", PERSONAL
    ).height
    if emails:
        head += f", and {counted(emails, 'email')} that newsletter build writes"
    lines = [head, "=" * min(len(head), _WIDTH)]
    mine = plan.table.filter(pl.col("member") == member.id)
    parts = ["\n".join(_owed_otherwise(row)) for row in owed_otherwise(mine)]
    parts += [_touch(touch) for touch in own]
    return "\n".join(lines) + "".join(f"\n\n{part}" for part in parts)


def _owed_otherwise(row: dict[str, Any]) -> Iterator[str]:
    """Yield what is owed and no work by hand: that an email goes out, or why nothing does."""
    way = f"{row['channel']} · " if row["skipped_because"] is None else ""
    yield f"OWED · {way.upper()}{row['name'] or row['customer']} ({row['customer']})"
    yield from _indented(f"{row['practice']}: {row['because']}", "")
    if row["skipped_because"]:
        later = f"; possible on {row['possible_on']}" if row["possible_on"] else ""
        yield from _indented(f"{row['skipped_because']}{later}", "")


def _stopped(stopped: Sequence[Stopped]) -> str:
    """Return the touchpoints for which there are no words, because of a value in their row."""
    rows = [["", one.customer, one.practice, one.channel, one.reason] for one in stopped]
    return f"{counted(len(stopped), 'touchpoint')} without words\n{columns(rows)}"


def _touch(touch: Touch) -> str:
    owed = "OWED · " if touch.owed else ""
    kind, address = CHANNELS[touch.channel], ", ".join(touch.address)
    where = touch.phone if "phone" in kind.needs else address if kind.spoken else ""
    head = [touch.channel.upper(), f"{touch.name} ({touch.customer})", where]
    lines = [owed + " · ".join(part for part in head if part)]
    other = f", for {touch.arrives}" if touch.arrives != touch.date else ""
    lines += _indented(f"{touch.title}{other}: {touch.because}", "")
    if touch.not_to_mention and not touch.agenda:  # which says so itself
        lines += _indented(touch.not_to_mention, "Do not mention: ")
    for item in touch.agenda:
        lines += _indented(item, "· ")
    if kind.posted:
        lines += _indented(address, "To: ")
        lines += _indented(touch.greeting, "")
    for paragraph in touch.text.split("\n"):
        lines += _indented(paragraph, "") if paragraph.strip() else [""]
    for prompt in touch.prompts:
        lines += _indented(prompt.text, "You may mention: ")
    lines += _gift(touch)
    return "\n".join(lines)


def _gift(touch: Touch) -> Iterator[str]:
    if touch.gift:
        yield from _indented(touch.gift, "With it: ")
    if touch.code:
        until = f", until {touch.expires}" if touch.expires else ""
        yield from _indented(f"{touch.code}{until}", "Voucher: ")


def _indented(text: str, label: str) -> list[str]:
    lines = wrapped(f"{label}{text}", _WIDTH - len(_INDENT))
    return [f"{_INDENT}{line}" for line in lines]
