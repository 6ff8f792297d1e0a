"""The team's pages: today's work of each member, call sheet, notes by hand, and an overview."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

import polars as pl

from newsletter.export.lists import in_order
from newsletter.export.pages import Pages, link, sheets_named
from newsletter.export.pages.gifts import Row, shopping_list
from newsletter.export.pages.while_away import lapsed_names
from newsletter.model.artifact import Artifact
from newsletter.model.care import OWED_TOGETHER, CarePlan, Touch
from newsletter.model.channels import IN_ORDER
from newsletter.model.duty import team_on
from newsletter.model.practice import PERSONAL, Practice
from newsletter.model.project import Project

MOST_HELD = 30
"""Tasks held back that a page lists; the others are counted."""

_SETTLED = ("closed", "duplicate", "expired", "had", OWED_TOGETHER)
"""Rules of etiquette that end a task: nobody can do anything about it."""

_FOLDER = "private/care"
_PLANNED = pl.col("skipped_because").is_null()
_WAITS = ~_PLANNED & pl.col("possible_on").is_not_null()


def care_pages(
    project: Project,
    plan: CarePlan,
    touches: Sequence[Touch],
    *,
    files: Collection[str] = (),
    to_buy: Sequence[Row] = (),
) -> Iterator[Artifact]:
    """
    Yield private/care/<member>.html, -calls.html and -handwritten.html, and index.html.

    Each page is one file that opens from disk, on a phone and on paper. *files* are the paths of
    the other artifacts below private/care/: pages link only to those. *to_buy* are gifts_to_buy.
    """
    pages = Pages(project)
    by_member: dict[str, list[Touch]] = {
        member.id: [] for member in team_on(project.config, plan.day)
    }
    for touch in in_order(touches):
        by_member.setdefault(touch.member, []).append(touch)
    team = {member.id: member.name for member in project.config.team}
    links = _Links(pages.words, plan.day, frozenset(files), team)
    practices = {practice.name: practice for practice in project.practices}
    for key, tasks in by_member.items():
        member = project.config.member(key)
        table = plan.table.filter(pl.col("member") == key)
        names = {"day": plan.day, "member": member}
        for sheet, channel in _SHEETS.items():
            on_sheet = [touch for touch in tasks if touch.channel == channel]
            back = [(member.name, f"{key}.html")]
            shown = names | {"touches": on_sheet, "links": back}
            yield pages.artifact(f"{_FOLDER}/{key}-{sheet}.html", f"{sheet}.html", shown)
        names |= _day_names(tasks, table, practices)
        names |= {"links": links.of_member(key, tasks), "messages": links.messages}
        yield pages.artifact(f"{_FOLDER}/{key}.html", "day.html", names)
    names = _index_names(project, plan, touches, practices) | {"files": links.of_overview()}
    names |= {"to_buy": shopping_list(to_buy), "to_buy_file": links.to_buy}
    names["away"] = lapsed_names(project, plan, practices, messages=links.messages)
    yield pages.artifact(f"{_FOLDER}/index.html", "index.html", names)


_SHEETS = {"calls": "call", "handwritten": "handwritten"}
"""Page to print and write on → the channel that it is for."""


def drafts_of(project: Project) -> list[str]:
    """Return the names of the practices whose emails and letters people finish."""
    return [practice.name for practice in project.practices if practice.draft]


def owed_otherwise(table: pl.DataFrame, drafts: Sequence[str]) -> list[dict[str, Any]]:
    """
    Return owed rows of the plan *table* that are no work by hand, the oldest first.

    The emails of *drafts* are work by hand.

    An email says that a promise is due, but does not keep it. Customers whom no channel reaches,
    or who must wait, are owed their promise all the same.
    """
    by_email = _PLANNED & (pl.col("channel") == "email") & ~pl.col("practice").is_in(drafts)
    # What an email says is not done yet; the plan no longer has what is.
    had = (pl.col("rule") == "had") & (pl.col("channel") == "email")
    unsettled = ~pl.col("rule").is_in(_SETTLED).fill_null(value=True) | had
    rows = table.filter(pl.col("owed") & (by_email | unsettled))
    return rows.sort("arrives", "name", "customer", "key").to_dicts()


@dataclass(frozen=True)
class _Links:
    """The links of the pages, all of which lie in one folder."""

    words: Mapping[str, str]
    day: dt.date
    files: frozenset[str]
    """Paths of artifacts."""
    team: Mapping[str, str]
    """Id of a team member → their name."""

    @property
    def messages(self) -> str:
        """The address of the page that opens the day's emails; empty if there are none."""
        return self._to(f"messages/{self.day}/index.html")

    @property
    def to_buy(self) -> str:
        """The address of the table of gifts to buy; empty if there are none."""
        return self._to("gifts-to-buy.csv")

    def of_member(self, key: str, tasks: Sequence[Touch]) -> list[tuple[str, str]]:
        """Return text and address of the files beside a team member's page."""
        words, channels = self.words, {touch.channel for touch in tasks}
        work_list, title = f"lists/{self.day}-{key}", words["care_list"]
        links = [
            (words["care_call_sheet"], f"{key}-calls.html" if "call" in channels else ""),
            (
                words["care_note_sheet"],
                f"{key}-handwritten.html" if "handwritten" in channels else "",
            ),
            (
                words["care_print_letters"],
                self._to("print/letters.pdf") if "letter" in channels else "",
            ),
            (f"{title} (xlsx)", self._to(f"{work_list}.xlsx")),
            (f"{title} (csv)", self._to(f"{work_list}.csv")),
            (words["care_calendar"], self._to(f"calendar/{key}.ics")),
            (words["care_title"], "index.html"),
        ]
        return [(text, address) for text, address in links if address]

    def of_overview(self) -> list[tuple[str, str]]:
        """Return text and address of all files of the day."""
        links = [
            (self.words["care_messages"], self.messages),
            (self.words["care_gifts"], self._to("gifts.html")),
        ]
        inside = sorted(path.removeprefix(f"{_FOLDER}/") for path in self.files)
        shown = [path for path in inside if path.startswith(("lists/", "print/", "calendar/"))]
        links += [(self._named(path), self._to(path)) for path in shown]
        return [(text, address) for text, address in links if address]

    def _named(self, path: str) -> str:
        """Return what a file of the day is, whose it is if it has an owner, and its kind."""
        folder, _, file = path.partition("/")
        stem, _, kind = file.rpartition(".")
        if folder == "print":
            return sheets_named(path, self.words)
        what = self.words["care_list" if folder == "lists" else "care_calendar"]
        owner = stem.removeprefix(f"{self.day}-")
        return f"{what}, {self.team.get(owner, owner)} ({kind})"

    def _to(self, path: str) -> str:
        """Return the address of a file below the pages' folder; empty if it was not made."""
        target = f"{_FOLDER}/{path}"
        return link(target, page=f"{_FOLDER}/index.html") if target in self.files else ""


def _day_names(
    tasks: Sequence[Touch], table: pl.DataFrame, practices: Mapping[str, Practice]
) -> dict[str, Any]:
    """Return the names for the page of a member; *table* is the member's part of the plan."""
    not_owed = sorted(
        (touch for touch in tasks if not touch.owed),
        key=lambda touch: IN_ORDER.index(touch.channel),
    )
    drafts = [name for name, practice in practices.items() if practice.draft]
    automatic = _automatic(table.filter(~pl.col("practice").is_in(drafts)), practices)
    counts = Counter(touch.channel for touch in tasks)
    counts["email"] += sum(count for _, channel, count in automatic if channel == "email")
    held = table.filter(_WAITS & ~pl.col("owed")).sort(
        "priority", "possible_on", "name", "customer", "practice",
        descending=[True, False, False, False, False], nulls_last=True,
    )  # fmt: skip
    shown = held.head(MOST_HELD).to_dicts()
    return {
        "counts": [(c, counts[c]) for c in IN_ORDER if counts[c]],
        "owed": [touch for touch in tasks if touch.owed],
        "owed_otherwise": _titled(owed_otherwise(table, drafts), practices),
        "groups": [
            (channel, [*group]) for channel, group in groupby(not_owed, key=attrgetter("channel"))
        ],
        "automatic": automatic,
        "held": _titled(shown, practices),
        "held_more": held.height - len(shown),
        "left_out": _left_out(table),
    }


def _titled(
    rows: Sequence[dict[str, Any]], practices: Mapping[str, Practice]
) -> list[dict[str, Any]]:
    """Return rows of the plan with the title of their practice, and its rule."""
    return [
        row | {"title": _title(name, practices), "rule_text": _rule_text(name, practices)}
        for row in rows
        for name in [row["practice"]]
    ]


def _title(name: str, practices: Mapping[str, Practice]) -> str:
    """Return the title of a practice; the newsletter may have none."""
    return practices[name].title if name in practices else name


def _rule_text(name: str, practices: Mapping[str, Practice]) -> str:
    return practices[name].rule_text if name in practices else ""


def _automatic(
    table: pl.DataFrame, practices: Mapping[str, Practice]
) -> list[tuple[str, str, int]]:
    """Return title, channel and number of the messages and merge files."""
    sent = table.filter(_PLANNED & ((pl.col("channel") == "email") | ~PERSONAL)).drop_nulls(
        "channel"
    )
    counted = sent.group_by("practice", "channel").len().sort("practice", "channel")
    return [(_title(name, practices), channel, count) for name, channel, count in counted.rows()]


def _left_out(table: pl.DataFrame) -> list[tuple[str, int]]:
    """Return each rule of etiquette with the number of tasks that it drops."""
    along = pl.col("rule") == OWED_TOGETHER
    gone = table.filter(~_PLANNED & pl.col("possible_on").is_null() & ~along)
    counted = gone.drop_nulls("rule").group_by("rule").len()
    ordered = counted.sort("len", "rule", descending=[True, False])
    return ordered.rows()


def _index_names(
    project: Project, plan: CarePlan, touches: Sequence[Touch], practices: Mapping[str, Practice]
) -> dict[str, Any]:
    """Return the names for the overview."""
    planned = plan.planned.drop_nulls("channel")
    waiting = plan.table.filter(_WAITS)
    total = Counter(planned["channel"].to_list())
    by_practice = _by_channel(planned, "practice")
    return {
        "day": plan.day,
        "links": [],
        "counts": [(channel, total[channel]) for channel in IN_ORDER if total[channel]],
        "waiting": waiting.height,
        "owed": [touch for touch in in_order(touches) if touch.owed],
        "owed_otherwise": _titled(owed_otherwise(plan.table, drafts_of(project)), practices),
        "names": {member.id: member.name for member in project.config.team},
        "days": _days(project, planned, waiting, day=plan.day),
        "practices": [
            (_title(name, practices), numbers) for (name,), numbers in sorted(by_practice.items())
        ],
    }


def _days(
    project: Project, planned: pl.DataFrame, waiting: pl.DataFrame, *, day: dt.date
) -> list[tuple[dt.date, list[tuple[str, str, Counter[str], int]]]]:
    """Return for each day, or *day* alone, the id, name and numbers of each team member."""
    numbers = _by_channel(planned, "date", "member")
    held = Counter(waiting.select("date", "member").rows())
    return [
        (
            day,
            [
                (m.id, m.name, numbers.get((day, m.id), Counter()), held[day, m.id])
                for m in team_on(project.config, day)
            ],
        )
        for day in planned["date"].unique().sort().to_list() or [day]
    ]


def _by_channel(table: pl.DataFrame, *keys: str) -> dict[tuple[Any, ...], Counter[str]]:
    """Return numbers by channel for each combination of *keys*."""
    numbers: dict[tuple[Any, ...], Counter[str]] = {}
    counted = table.group_by(*keys, "channel", maintain_order=True).len()
    for *key, channel, count in counted.rows():
        numbers.setdefault(tuple(key), Counter())[channel] = count
    return numbers
