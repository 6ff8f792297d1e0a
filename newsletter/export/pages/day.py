"""The team's pages: today's work of each member, call sheet, notes by hand, and an overview."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import polars as pl

from newsletter.export.lists import in_order
from newsletter.export.pages import Pages
from newsletter.model.artifact import Artifact
from newsletter.model.care import CarePlan, Touch
from newsletter.model.channels import BY_HAND, IN_ORDER
from newsletter.model.config import TeamMember
from newsletter.model.plan import ISSUE
from newsletter.model.project import Project

MOST_HELD = 30
"""So many held-back touchpoints are shown to each member; the rest is counted."""

_SETTLED = ("closed", "duplicate", "expired", "had")
"""Rules of etiquette after which nothing is left to be done."""

_FOLDER = "private/care"
_KEPT = pl.col("skipped_because").is_null()
_WAITS = ~_KEPT & pl.col("possible_on").is_not_null()


def care_pages(
    project: Project, plan: CarePlan, touches: Sequence[Touch], *, files: Collection[str] = ()
) -> Iterator[Artifact]:
    """
    Yield private/care/<member>.html, -calls.html and -handwritten.html, and index.html.

    Each is one file that opens from disk, on a phone and on paper. What is owed comes first.
    *files* are the paths of the other artifacts below private/care/: pages link to those only.
    """
    pages = Pages(project)
    mine: dict[str, list[Touch]] = {member.id: [] for member in project.config.team}
    for touch in in_order(touches):
        mine.setdefault(touch.member, []).append(touch)
    links = _Links(pages.words, plan.day, files)
    titles = {practice.name: practice.title for practice in project.practices}
    for key, own in mine.items():
        member = project.config.member(key)
        table = plan.table.filter(pl.col("member") == key)
        names = {"day": plan.day, "member": member}
        for sheet, channel in (("calls", "call"), ("handwritten", "handwritten")):
            some = [touch for touch in own if touch.channel == channel]
            back = [(member.name, f"{key}.html")]
            page = pages.html(f"{sheet}.html", names | {"touches": some, "links": back})
            yield Artifact(f"{_FOLDER}/{key}-{sheet}.html", page)
        names |= _day_names(own, table, titles) | links.of(member, own)
        yield Artifact(f"{_FOLDER}/{key}.html", pages.html("day.html", names))
    names = _index_names(project, plan, touches, titles) | {"files": links.shared()}
    yield Artifact(f"{_FOLDER}/index.html", pages.html("index.html", names))


def owed_otherwise(table: pl.DataFrame) -> list[dict[str, Any]]:
    """
    Return the rows of the plan *table* that somebody must know of: promises and feedback.

    An email says that a promise is due, but keeps no promise; and whom no channel reaches, or who
    must wait, was promised something all the same. What waits longest comes first.
    """
    by_email = pl.col("skipped_because").is_null() & (pl.col("channel") == "email")
    open_still = ~pl.col("rule").is_in(_SETTLED).fill_null(value=True)
    found = table.filter(pl.col("owed") & (by_email | open_still))
    return found.sort("arrives", "name", "customer", "key").to_dicts()


class _Links:
    """What the pages may link to, relative to private/care/."""

    def __init__(self, words: Mapping[str, str], day: dt.date, files: Collection[str]) -> None:
        inside = {path.removeprefix(f"{_FOLDER}/") for path in files}
        self.files = sorted(path for path in inside if not path.startswith("messages/2"))
        self.words, self.day = words, day
        overview = f"messages/{day}/index.html"
        self.messages = overview if overview in inside else ""
        self.letters = "print/letters.pdf" if "print/letters.pdf" in inside else ""

    def of(self, member: TeamMember, own: Sequence[Touch]) -> dict[str, Any]:
        """Return the links of one member's page."""
        words, key = self.words, member.id
        sheets = {"call": words["care_call_sheet"], "handwritten": words["care_note_sheet"]}
        there = {touch.channel for touch in own}
        links = [
            (title, f"{key}-{'calls' if channel == 'call' else channel}.html")
            for channel, title in sheets.items()
            if channel in there
        ]
        if self.letters and "letter" in there:
            links.append((words["care_print_letters"], self.letters))
        listed, title = f"lists/{self.day}-{key}", words["care_list"]
        links += [
            (f"{title} ({kind})", f"{listed}.{kind}")
            for kind in ("xlsx", "csv")
            if f"{listed}.{kind}" in self.files
        ]
        if f"calendar/{key}.ics" in self.files:
            links.append((words["care_calendar"], f"calendar/{key}.ics"))
        links.append((words["care_title"], "index.html"))
        return {"links": links, "messages": self.messages}

    def shared(self) -> list[tuple[str, str]]:
        """Return the links of the overview: everything that is there, by its name."""
        shown = [path for path in self.files if path.startswith(("lists/", "print/", "calendar/"))]
        shown += [path for path in self.files if "/" not in path and path.endswith(".html")]
        messages = [(self.words["care_messages"], self.messages)] if self.messages else []
        return messages + [(path, path) for path in shown]


def _day_names(
    own: Sequence[Touch], table: pl.DataFrame, titles: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the page of a member names; *table* is the member's part of the plan."""
    rest = sorted((touch for touch in own if not touch.owed), key=_channel)
    automatic = _automatic(table, titles)
    counts = Counter(touch.channel for touch in own)
    counts["email"] = sum(count for _, channel, count in automatic if channel == "email")
    held = table.filter(_WAITS & ~pl.col("owed")).sort(
        "priority", "possible_on", "name", "customer", "practice",
        descending=[True, False, False, False, False], nulls_last=True,
    )  # fmt: skip
    shown = held.head(MOST_HELD).to_dicts()
    return {
        "counts": [(c, counts[c]) for c in IN_ORDER if counts[c]],
        "owed": [touch for touch in own if touch.owed],
        "owed_otherwise": _titled(owed_otherwise(table), titles),
        "groups": [(channel, list(some)) for channel, some in groupby(rest, key=_by)],
        "automatic": automatic,
        "held": _titled(shown, titles),
        "held_more": held.height - len(shown),
        "left_out": _left_out(table),
    }


def _titled(rows: Sequence[dict[str, Any]], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    return [row | {"title": titles.get(row["practice"], row["practice"])} for row in rows]


def _by(touch: Touch) -> str:
    return touch.channel


def _channel(touch: Touch) -> int:
    return BY_HAND.index(touch.channel)


def _automatic(table: pl.DataFrame, titles: Mapping[str, str]) -> list[tuple[str, str, int]]:
    """Return title, channel and number of what goes out as messages and merge files."""
    sent = table.filter(
        _KEPT & ((pl.col("channel") == "email") | (pl.col("practice") == ISSUE))
    ).drop_nulls("channel")
    counted = sent.group_by("practice", "channel").len().sort("practice", "channel")
    return [(titles.get(name, name), channel, count) for name, channel, count in counted.rows()]


def _left_out(table: pl.DataFrame) -> list[tuple[str, int]]:
    """Return by which rule of etiquette how many do not happen at all."""
    gone = table.filter(~_KEPT & pl.col("possible_on").is_null())
    counted = gone.drop_nulls("rule").group_by("rule").len()
    ordered = counted.sort("len", "rule", descending=[True, False])
    return ordered.rows()


def _index_names(
    project: Project, plan: CarePlan, touches: Sequence[Touch], titles: Mapping[str, str]
) -> dict[str, Any]:
    kept = plan.kept.drop_nulls("channel")
    counts = dict(kept.group_by("channel").len().rows())
    channels = [channel for channel in IN_ORDER if counts.get(channel)]
    team = {member.id: member.name for member in project.config.team}
    waiting = plan.table.filter(_WAITS)
    return {
        "day": plan.day,
        "links": [],
        "counts": [(channel, counts[channel]) for channel in channels],
        "waiting": waiting.height,
        "owed": [touch for touch in in_order(touches) if touch.owed],
        "owed_otherwise": _titled(owed_otherwise(plan.table), titles),
        "names": team,
        "days": [
            (day, _rows(kept, waiting, day=day, team=team))
            for day in kept["date"].unique().sort().to_list() or [plan.day]
        ],
        "practices": [
            (titles.get(name, name), _numbers(kept.filter(pl.col("practice") == name)))
            for name in kept["practice"].unique().sort()
        ],
    }


def _rows(
    kept: pl.DataFrame, waiting: pl.DataFrame, *, day: dt.date, team: Mapping[str, str]
) -> list[tuple[str, str, Counter[str], int]]:
    """Return id, name, numbers by channel and number of what waits, of each team member."""
    today = kept.filter(pl.col("date") == day)
    return [
        (
            key,
            name,
            _numbers(today.filter(pl.col("member") == key)),
            waiting.filter((pl.col("date") == day) & (pl.col("member") == key)).height,
        )
        for key, name in team.items()
    ]


def _numbers(table: pl.DataFrame) -> Counter[str]:
    return Counter(dict(table.group_by("channel").len().rows()))
