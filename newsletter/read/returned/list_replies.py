"""Reads a reply to the day's tasks, `1 x, 2 not reached`, into the list that it is about."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsletter.read.list_words import every_header
from newsletter.read.people.header_names import by_key, key
from newsletter.read.returned.work_lists import is_tick

_FIELDS = by_key(every_header())
_NUMBERS = re.compile(
    r"\s*((?:\d{1,3}[.):]?(?:\s*(?:&|\+|and|und|et)\s*|\s+|$|(?=[x✓✔☑✅])))+)(.*)", re.S | re.I
)
_ALL = re.compile(r"\s*(?:all|alle|alles|tous|toutes|tout)\b\s*(.*)", re.S | re.I)
_PIECE = re.compile(r"[\n;]|,(?=\s*\d)")
_MOST_WORDS = 4
"""Words of the longest outcome: `somebody else answered`, `quelqu’un d’autre a répondu`."""


@dataclass(frozen=True)
class Said:
    """What a reply says of one task."""

    number: int
    """Of the task, from 1."""
    tick: str
    """A tick or an outcome, as a list takes it; empty: the words were not understood."""
    remark: str


@dataclass(frozen=True)
class DayList:
    """A list of a day's tasks, as a build writes it."""

    headers: Sequence[str]
    rows: Sequence[Mapping[str, str]]
    """Header → cell."""
    separator: str
    content: bytes
    """The file as it is."""

    def cell(self, row: Mapping[str, str], field: str) -> str:
        """Return a cell by the name of its field, in whatever language the list is."""
        header = self._header(field)
        return row[header] if header else ""

    def filled(self, said: Sequence[Said]) -> bytes:
        """Return the list with what was said of its tasks; `newsletter record` reads it."""
        rows = [dict(row) for row in self.rows]
        for each in said:
            row = rows[each.number - 1]
            row[self._header("done")] = each.tick
            row[self._header("remark")] = each.remark
        text = io.StringIO(newline="")
        writer = csv.DictWriter(
            text, self.headers, delimiter=self.separator, extrasaction="ignore"
        )
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue().encode("utf-8-sig")

    def _header(self, field: str) -> str:
        fields = (header for header in self.headers if _FIELDS.get(key(header), ("",))[0] == field)
        return next(fields, "")


def read_day_list(file: Path) -> DayList:
    """Return the list in a .csv that a build wrote."""
    content = file.read_bytes()
    text = content.decode("utf-8-sig", "replace")  # Excel may have saved it
    separator = ";" if text.partition("\n")[0].count(";") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    rows = list(reader)
    return DayList(tuple(reader.fieldnames or ()), rows, separator, content)


def read_reply(text: str, *, tasks: int) -> tuple[list[Said], list[str]]:
    """
    Return what a reply says of the tasks 1 to *tasks*, and its pieces that nobody understands.

    Each task may be in a line of its own, or behind a comma. What follows a tick or an outcome is
    a remark. A piece without a number is a greeting, and means nothing.
    """
    said: dict[int, Said] = {}
    odd: list[str] = []
    waiting: list[int] = []
    for piece in filter(str.strip, _PIECE.split(text)):
        if (match := _ALL.match(piece)) and _parted(match[1].strip())[0]:  # no `All the best`
            numbers, words = list(range(1, tasks + 1)), match[1].strip()
        elif match := _NUMBERS.match(piece):
            numbers = [*waiting, *map(int, re.findall(r"\d+", match[1]))]
            words = match[2].strip()
        else:
            continue
        waiting = [] if words else numbers  # `1, 2 x`: the tick follows
        tick, remark = _parted(words)
        if words and (not tick or not all(1 <= number <= tasks for number in numbers)):
            odd.append(" ".join(piece.split()))
        elif words:
            said |= {number: Said(number, tick, remark) for number in numbers}
    odd += [str(number) for number in waiting]
    return [said[number] for number in sorted(said)], odd


def _parted(words: str) -> tuple[str, str]:
    """Return the tick or outcome with which the words begin, and what follows."""
    parts = words.split()
    for count in range(min(_MOST_WORDS, len(parts)), 0, -1):
        begun = " ".join(parts[:count]).rstrip(" .,:!–-")
        if begun and is_tick(begun):
            return begun, " ".join(parts[count:])
    return "", words
