"""YAML as people mean it: every value stays the text that was written, and every key has a place.

Which values are numbers, dates or yes/no is decided by the model they go into, never by how they
look: `NO` stays a country, `01234` a postcode, `12:30` a time. A key that is given twice, an
alias, a tag or a comment that swallows the end of a value is an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import yaml
from yaml.events import (
    AliasEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from newsletter.errors import NewsletterError, Place, Problem, raise_all
from newsletter.model.source import Source
from newsletter.read.project_files import packaged
from newsletter.read.yaml_cures import BRACES, COMMA, COMMENT, ITEMS, ONE_EACH, QUOTES, cures

MOST_LEVELS = 12
Path = tuple[str | int, ...]
Mark = tuple[int, int]
"""Line and column in a text, both from 0."""
Value = str | list["Value"] | dict[str, "Value"] | None

_MOST_SLOWLY, _MOST_OPENED = 100_000, 1_000
"""Characters and brackets that the parser in Python reads in less than a second."""
_Parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ITEM = re.compile(r"\s+[-*•]|[*•]")
# A comment meant as text: `We are #1`, `#ff0000`. A real one has a space after its #.
_SWALLOWED = re.compile(r"\s*#[^\s#!]")


class Text:
    """A text in a file; makes places of marks, which only errors and bodies need."""

    def __init__(self, whole: str, path: str, first_line: int) -> None:
        self.whole, self.path, self.first_line = whole, path, first_line

    @cached_property
    def lines(self) -> list[str]:
        """The text, cut at line breaks."""
        return self.whole.split("\n")

    def line(self, number: int) -> str:
        """Return a line, counted from 0; beyond the end it is empty."""
        return self.lines[number] if number < len(self.lines) else ""

    def place(self, mark: Mark) -> Place:
        """Return the place of a mark in the file."""
        line, column = mark if mark[0] < len(self.lines) else (len(self.lines) - 1, 0)
        at_line = self.first_line + line
        return Place(path=self.path, line=at_line, column=column + 1, text=self.lines[line])


@dataclass(frozen=True)
class Document:
    """A YAML mapping, and the place of each of its keys and values."""

    data: dict[str, Value]
    keys: Mapping[Path, Mark]
    values: Mapping[Path, Mark]
    text: Text
    first_line: int
    """Of the mapping, in the file."""

    @property
    def path(self) -> str:
        """The file, as the user would type it."""
        return self.text.path

    def key_place(self, path: Path) -> Place:
        """Return the place of the key *path*, else of the nearest key above it, else the start."""
        return self._nearest(self.keys, path)

    def value_place(self, path: Path) -> Place:
        """Return the place of the value of *path*, or of the nearest one above it."""
        return self._nearest(self.values, path)

    def source(self, path: Path, text: str) -> Source:
        """Return *text*, the value of *path*, with its place."""
        return Source(text, self.value_place(path))

    def key_problem(self, message: str, *path: str | int, hint: str) -> Problem:
        """Return a problem at the key *path*."""
        return Problem(message, self.key_place(path), hint=hint)

    def value_problem(self, message: str, *path: str | int, hint: str) -> Problem:
        """Return a problem at the value of *path*."""
        return Problem(message, self.value_place(path), hint=hint)

    def below(self, key: str) -> Document | None:
        """Return the mapping below *key* as a document, None if there is none."""
        data = self.data.get(key)
        if not isinstance(data, dict):
            return None
        keys = {path[1:]: at for path, at in self.keys.items() if len(path) > 1 and path[0] == key}
        values = {path[1:]: at for path, at in self.values.items() if path and path[0] == key}
        line = self.key_place((key,)).line
        return Document(data, keys, values, self.text, line)

    def _nearest(self, marks: Mapping[Path, Mark], path: Path) -> Place:
        while path and path not in marks:
            path = path[:-1]
        mark = marks.get(path)
        if mark is None:
            return Place(path=self.path, line=self.first_line)
        return self.text.place(mark)


def parse_yaml(
    text: str, *, path: str, first_line: int = 1, problems: list[Problem]
) -> Document | None:
    """
    Return the mapping in *text*, which begins at line *first_line* of the file *path*.

    Errors go to *problems*. Duplicate keys and swallowed values leave a document behind; after the
    first syntax error there is none.
    """
    reader = _Reader(Text(text, path, first_line), problems=problems)
    try:
        data = reader.document()
    except yaml.YAMLError as error:
        problems.extend(_syntax_errors(reader, error))
        return None
    except NewsletterError as error:
        problems.extend(error.problems)
        return None
    return Document(data, reader.keys, reader.values, reader.text, first_line)


def packaged_yaml(path: str) -> Document:
    """Return a file of the program's own."""
    problems: list[Problem] = []
    document = parse_yaml(packaged(path).read_text(encoding="utf-8"), path=path, problems=problems)
    raise_all(problems)
    assert document  # otherwise a problem was reported
    return document


_FLATTER = "nothing here has that many levels: close brackets, or begin lines further left"


class _Reader:
    """The event stream and the marks seen so far."""

    def __init__(self, text: Text, *, problems: list[Problem]) -> None:
        self.text, self.problems = text, problems
        self.keys: dict[Path, Mark] = {}
        self.values: dict[Path, Mark] = {}

    def document(self) -> dict[str, Value]:
        self.events = iter(yaml.parse(self.text.whole, Loader=_Parser))
        next(self.events)  # the beginning of the stream
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return {}
        first = next(self.events)
        value = self._value(first, ())
        next(self.events)  # the end of the document
        if not isinstance(following := next(self.events), yaml.StreamEndEvent):
            raise self._error("a second document begins here", following, "delete the '---'")
        if value is None or isinstance(value, dict):
            return value or {}
        raise self._error("these are not keys and values", first, ONE_EACH)

    def _value(self, event: Event, path: Path) -> Value:
        self._refuse(event)
        self.values[path] = _mark(event)
        if len(path) > MOST_LEVELS:
            raise self._error(f"this is more than {MOST_LEVELS} levels deep", event, _FLATTER)
        if isinstance(event, ScalarEvent):
            return self._scalar(event, path)
        if isinstance(event, SequenceStartEvent):
            return self._list(path)
        return self._mapping(path)

    def _list(self, path: Path) -> list[Value]:
        items: list[Value] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, Value]:
        mapping: dict[str, Value] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self._key(event)
            is_first = (*path, key) not in self.keys
            mark = self.keys.setdefault((*path, key), _mark(event))
            value = self._value(next(self.events), (*path, key))
            if not is_first:
                hint = f"line {self.text.first_line + mark[0]} has it already"
                self._problem(f"'{key}' is given twice", _mark(event), hint=hint)
            elif value is not None:
                mapping[key] = value
            elif self._lacks_colon(event):
                self._problem(f"'{key}' has no value", mark, hint=COMMA)
        return mapping

    def _key(self, event: Event) -> str:
        self._refuse(event)
        if isinstance(event, ScalarEvent):
            return str(event.value)
        if isinstance(event, MappingStartEvent) and event.flow_style:
            line, column = _mark(event)
            first_brace = self.text.place((line, column - 1))
            raise NewsletterError.at("a value begins with '{{' here", first_brace, hint=BRACES)
        message = "a list or mapping cannot be a key"
        raise self._error(message, event, "write a word before the colon")

    def _lacks_colon(self, key: Event) -> bool:
        """Return whether that is no key but text after a comma: `{en: Pens, paper and ink}`."""
        assert key.end_mark
        rest = self.text.line(key.end_mark.line)[key.end_mark.column :]
        return rest.lstrip().startswith((",", "}"))

    def _refuse(self, event: Event) -> None:
        """Raise for aliases, anchors and tags: nobody who writes content means them."""
        anchored = "&" if getattr(event, "anchor", None) else ""
        tagged = "!" if getattr(event, "tag", None) else ""
        mark = "*" if isinstance(event, AliasEvent) else anchored or tagged
        if mark:
            raise self._error(f"a value begins with '{mark}' here", event, QUOTES)

    def _scalar(self, event: ScalarEvent, path: Path) -> str | None:
        """Return the text, None for no value at all, and add the place where the text begins."""
        start, end = event.start_mark, event.end_mark
        assert start and end  # events of a parser always have them
        if event.style == "|":
            line = self.text.line(start.line + 1)
            self.values[path] = (start.line + 1, len(line) - len(line.lstrip()))
        elif event.style in ("'", '"'):
            self.values[path] = (start.line, start.column + 1)
        elif event.style in (None, "") and self._is_swallowed(end.line, end.column):
            mark = (end.line, self.text.line(end.line).index("#", end.column))
            self._problem("what follows '#' is read as a comment", mark, hint=COMMENT)
            return self.text.line(start.line)[start.column :]
        elif event.style in (None, "") and (at := self._sign_in(path, end.line)):
            sign = self.text.line(at[0])[at[1]]
            self._problem(f"'{sign}' begins no item of a list here", at, hint=ITEMS)
        return str(event.value) if event.value or event.style else None

    def _is_swallowed(self, line: int, column: int) -> bool:
        """Return whether a comment begins there that was meant as text: `We are #1`."""
        return _SWALLOWED.match(self.text.line(line), column) is not None

    def _sign_in(self, path: Path, last: int) -> Mark | None:
        """Return the first sign of an item in a text without quotes: `tea` and below `* ink`."""
        first, column = self.values[path]
        for number in range(first, last + 1):
            sign = _ITEM.match(self.text.line(number))
            if sign and (number > first or column == sign.end() - 1):
                return number, sign.end() - 1
        return None

    def _problem(self, message: str, mark: Mark, *, hint: str) -> None:
        at = self.text.place(mark)
        self.problems.append(Problem(message, at, hint=hint))

    def _error(self, message: str, event: Event, hint: str) -> NewsletterError:
        place = self.text.place(_mark(event))
        return NewsletterError.at(message, place, hint=hint)


def _mark(event: Event) -> Mark:
    assert event.start_mark  # events of a parser always have one
    return event.start_mark.line, event.start_mark.column


def _syntax_errors(reader: _Reader, error: yaml.YAMLError) -> list[Problem]:
    """Return the problems of an *error*; the parser in Python has better marks, but is slow."""
    text = reader.text.whole
    if len(text) <= _MOST_SLOWLY and text.count("[") + text.count("{") <= _MOST_OPENED:
        try:
            list(yaml.parse(text, Loader=yaml.SafeLoader))
        except yaml.YAMLError as better:
            error = better
    if isinstance(error, yaml.MarkedYAMLError):
        unclosed = re.search("quoted|flow", error.context or "")
        mark = error.context_mark if unclosed else error.problem_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        return [
            Problem(message, reader.text.place((at_line, at_column)), hint=hint)
            for at_line, at_column, message, hint in cures(
                reader.text.lines, line=line, column=column
            )
        ]
    return [Problem("is not YAML", Place(path=reader.text.path, line=reader.text.first_line))]
