"""The day of one team member in the terminal: the tasks with their texts, or only named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from newsletter.commands.screen import Screen
from newsletter.commands.terminal import columns, cut, width_of, wrapped
from newsletter.export.lists import in_order
from newsletter.export.pages.day import drafts_of, owed_otherwise
from newsletter.model.care import CarePlan, Touch
from newsletter.model.channels import CHANNELS
from newsletter.model.practice import PERSONAL
from newsletter.model.project import Project
from newsletter.model.team import TeamMember

WIDTH, _INDENT = 80, " " * 4


@dataclass(frozen=True)
class DayPage:
    """The day of one team member: owed tasks first, then channel by channel."""

    project: Project
    plan: CarePlan
    member: TeamMember
    every: Sequence[Touch]
    """The tasks of all members."""
    screen: Screen

    @cached_property
    def tasks(self) -> list[Touch]:
        """Those of the member, in the order of the work."""
        return in_order([task for task in self.every if task.member == self.member.id])

    @cached_property
    def owed(self) -> list[dict[str, Any]]:
        """Rows of what is owed without a task: a build emails it, or nothing goes out."""
        rows = self.plan.table.filter(pl.col("member") == self.member.id)
        return owed_otherwise(rows, drafts_of(self.project))

    def whole(self) -> str:
        """Return all tasks with their texts."""
        parts = ["\n".join(self._owed_text(row)) for row in self.owed]
        parts += ["\n".join(task_text(task, self.screen)) for task in self.tasks]
        return "\n\n".join([self._head(), *parts])

    def short(self, most: int) -> str:
        """Return the tasks without texts, in at most so many lines."""
        rows = [[self._owed_head(row), self.project.titles[row["practice"]]] for row in self.owed]
        rows += [[_task_head(task, self.screen), task.title] for task in self.tasks]
        shown = rows if len(rows) <= most else rows[: most - 1]
        lines = [cut(line, WIDTH) for line in columns(shown).split("\n") if line]
        if more := len(rows) - len(shown):
            lines.append(self.screen("today_rest", tasks=self.screen.counted("tasks", more)))
        return "\n".join([self._head(), *lines])

    def _head(self) -> str:
        screen, tasks = self.screen, self.screen.counted("tasks", len(self.tasks))
        day = screen.weekday(self.plan.day)
        head = screen("today_head", name=self.member.name, day=day, tasks=tasks)
        emails = self.plan.planned.filter(
            pl.col("member") == self.member.id,
            pl.col("channel") == "email",
            PERSONAL,
            ~pl.col("practice").is_in(drafts_of(self.project)),
        ).height
        if emails:
            head = screen("today_emails", head=head, emails=screen.counted("emails", emails))
        lines = wrapped(head, WIDTH)
        return "\n".join([*lines, "=" * max(map(width_of, lines))])

    def _owed_head(self, row: Mapping[str, Any]) -> str:
        way = self.screen.channel(row["channel"]).upper() if not row["skipped_because"] else ""
        who = f"{row['name'] or row['customer']} ({row['customer']})"
        return " · ".join(filter(None, [self.screen("today_owed"), way, who]))

    def _owed_text(self, row: Mapping[str, Any]) -> Iterator[str]:
        yield self._owed_head(row)
        yield from _indented(
            self.screen("titled", what=self.project.titles[row["practice"]], text=row["because"])
        )
        if row["skipped_because"]:
            yield from _indented(self.screen("today_not", why=self.screen.reason_not(row)))


def _task_head(task: Touch, screen: Screen) -> str:
    """Return how and whom, with the number or address."""
    channel, address = CHANNELS[task.channel], ", ".join(task.address)
    where = task.phone if "phone" in channel.needs else address if channel.spoken else ""
    owed = screen("today_owed") if task.owed else ""
    head = [owed, screen.channel(task.channel).upper(), f"{task.name} ({task.customer})", where]
    return " · ".join(part for part in head if part)


def task_text(task: Touch, screen: Screen) -> Iterator[str]:
    """Yield the lines of one task: for whom, why, what not to say, and the text."""
    yield _task_head(task, screen)
    arrival = screen("for_day", day=task.arrives) if task.arrives != task.date else ""
    yield from _indented(screen("titled", what=f"{task.title}{arrival}", text=task.because))
    if task.goes_with:
        yield from _indented(task.goes_with)
        return
    if task.not_to_mention and not task.agenda:  # an agenda contains what not to mention
        yield from _indented(screen("today_silent", what=task.not_to_mention))
    for item in task.agenda:
        yield from _indented(f"· {item}")
    for other in task.also:
        what = screen("titled", what=other.title, text=other.because)
        yield from _indented(screen("today_also", what=what))
    yield from _envelope(task, screen)
    for paragraph in task.text.split("\n"):
        yield from _indented(paragraph) if paragraph.strip() else [""]
    for prompt in task.prompts:
        yield from _indented(screen("today_prompt", what=prompt.text))
    if task.gift:
        yield from _indented(screen("today_also", what=task.gift))
    if task.code:
        phrase = "today_voucher_until" if task.expires else "today_voucher"
        yield from _indented(screen(phrase, code=task.code, day=task.expires))


def _envelope(task: Touch, screen: Screen) -> Iterator[str]:
    """Yield what stands above the text of what is written: address, subject and greeting."""
    posted = CHANNELS[task.channel].posted
    if task.draft:
        yield from _indented(screen("today_draft"))
    if not (posted or task.draft):
        return
    yield from _indented(
        screen("today_to", address=", ".join(task.address) if posted else task.email)
    )
    if task.draft and task.subject:
        yield from _indented(screen("today_subject", subject=task.subject))
    yield from _indented(f"{task.greeting},")


def _indented(text: str) -> list[str]:
    return [f"{_INDENT}{line}" for line in wrapped(text, WIDTH - len(_INDENT))]
