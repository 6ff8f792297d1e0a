"""YAML as people mean it: every value stays the text that was written, and every key has a place.

Which values are numbers, dates or yes/no is decided by the model they go into, never by how they
look: `NO` stays a country, `01234` a postcode, `12:30` a time. A key that is given twice, an
alias, a tag or a comment that swallows the end of a value is an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

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

from newsletter.errors import NewsletterError, Place, Problem
from newsletter.model.source import Source
from newsletter.read.yaml_cures import BRACES, COMMA, COMMENT, ONE_EACH, QUOTES, cure

MOST_LEVELS = 12
Path = tuple[str | int, ...]
Value = str | list["Value"] | dict[str, "Value"] | None

_Parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# A comment that was meant as text: `We are #1`, `#ff0000`. A real one has a space behind its #.
_SWALLOWED = re.compile(r"\s*#[^\s#!]")


@dataclass(frozen=True)
class Document:
    """A YAML mapping, and where each of its keys and values stands."""

    path: str
    first_line: int
    data: dict[str, Value] = field(default_factory=dict)
    keys: Mapping[Path, Place] = field(default_factory=dict)
    values: Mapping[Path, Place] = field(default_factory=dict)

    def key_place(self, path: Path) -> Place:
        """Return where the key *path* stands, or the nearest key above it, or the beginning."""
        return self._nearest(self.keys, path)

    def value_place(self, path: Path) -> Place:
        """Return where the value of *path* begins, or the nearest one above it."""
        return self._nearest(self.values, path)

    def source(self, path: Path, text: str) -> Source:
        """Return *text*, the value of *path*, with its place."""
        return Source(text, self.value_place(path))

    def below(self, key: str) -> Document | None:
        """Return what stands below the key *key* as a document of its own, None if no mapping."""
        data = self.data.get(key)
        if not isinstance(data, dict):
            return None
        keys = {path[1:]: at for path, at in self.keys.items() if len(path) > 1 and path[0] == key}
        values = {path[1:]: at for path, at in self.values.items() if path and path[0] == key}
        return Document(self.path, self.key_place((key,)).line, data, keys, values)

    def _nearest(self, places: Mapping[Path, Place], path: Path) -> Place:
        while path and path not in places:
            path = path[:-1]
        return places.get(path, Place(path=self.path, line=self.first_line))


def parse_yaml(
    text: str, *, path: str, first_line: int = 1, problems: list[Problem]
) -> Document | None:
    """
    Return the mapping in *text*, which begins at line *first_line* of the file *path*.

    What is wrong goes to *problems*. Duplicate keys and swallowed values leave a document behind;
    after the first syntax error there is none.
    """
    reader = _Reader(text, path=path, first_line=first_line, problems=problems)
    try:
        data = reader.document()
    except yaml.YAMLError:
        problems.append(_syntax_error(reader))
        return None
    except NewsletterError as error:
        problems.extend(error.problems)
        return None
    return Document(path, first_line, data, reader.keys, reader.values)


class _Reader:
    """Holds the event stream and the places seen so far."""

    def __init__(self, text: str, *, path: str, first_line: int, problems: list[Problem]) -> None:
        self.lines = text.split("\n")
        self.text, self.path, self.first_line = text, path, first_line
        self.problems = problems
        self.keys: dict[Path, Place] = {}
        self.values: dict[Path, Place] = {}

    def document(self) -> dict[str, Value]:
        self.events = iter(yaml.parse(self.text, Loader=_Parser))
        next(self.events)  # the beginning of the stream
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return {}
        first = next(self.events)
        value = self._value(first, ())
        next(self.events)  # the end of the document
        if not isinstance(following := next(self.events), yaml.StreamEndEvent):
            place = self._place(following)
            raise NewsletterError.at(
                "a second document begins here", place, hint="delete the '---'"
            )
        if value is None or isinstance(value, dict):
            return value or {}
        place = self._place(first)
        raise NewsletterError.at("these are not keys and values", place, hint=ONE_EACH)

    def _value(self, event: Event, path: Path) -> Value:
        place = self._place(event)
        self._refuse(event, place)
        self.values[path] = place
        if len(path) > MOST_LEVELS:
            raise NewsletterError.at(f"lies more than {MOST_LEVELS} levels deep", place)
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
        found: dict[str, Value] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self._key(event)
            place = self._place(event)
            first = self.keys.setdefault((*path, key), place)
            value = self._value(next(self.events), (*path, key))
            if first is not place:
                hint = f"it stands in line {first.line} already"
                self._problem(f"'{key}' is given twice", place, hint=hint)
            elif value is not None:
                found[key] = value
            elif self._lacks_colon(event):
                self._problem(f"'{key}' has no value", place, hint=COMMA)
        return found

    def _key(self, event: Event) -> str:
        place = self._place(event)
        self._refuse(event, place)
        if isinstance(event, ScalarEvent):
            return str(event.value)
        if isinstance(event, MappingStartEvent) and event.flow_style:
            first_brace = replace(place, column=place.column - 1)
            raise NewsletterError.at("a value begins with '{{' here", first_brace, hint=BRACES)
        hint = "write a word before the colon"
        raise NewsletterError.at("a list or mapping cannot be a key", place, hint=hint)

    def _lacks_colon(self, key: Event) -> bool:
        """Return whether that is no key, but what follows a comma: `{en: Pens, paper and ink}`."""
        assert key.end_mark
        rest = self._line(key.end_mark.line)[key.end_mark.column :]
        return rest.lstrip().startswith((",", "}"))

    def _refuse(self, event: Event, place: Place) -> None:
        """Raise for aliases, anchors and tags: nobody who writes content means them."""
        anchored = "&" if getattr(event, "anchor", None) else ""
        tagged = "!" if getattr(event, "tag", None) else ""
        mark = "*" if isinstance(event, AliasEvent) else anchored or tagged
        if mark:
            raise NewsletterError.at(f"a value begins with '{mark}' here", place, hint=QUOTES)

    def _scalar(self, event: ScalarEvent, path: Path) -> str | None:
        """Return the text, None for no value at all, and note where the text itself begins."""
        start, end = event.start_mark, event.end_mark
        assert start and end  # events of a parser always have them
        if event.style == "|":
            line = self._line(start.line + 1)
            self.values[path] = self.place_at(start.line + 1, len(line) - len(line.lstrip()))
        elif event.style in ("'", '"'):
            self.values[path] = self.place_at(start.line, start.column + 1)
        elif event.style in (None, "") and _SWALLOWED.match(self._line(end.line), end.column):
            place = self.place_at(end.line, self._line(end.line).index("#", end.column))
            self._problem("what follows '#' is read as a comment", place, hint=COMMENT)
            return self._line(start.line)[start.column :]
        return str(event.value) if event.value or event.style else None

    def _problem(self, message: str, place: Place, *, hint: str) -> None:
        self.problems.append(Problem(message=message, at=place, hint=hint))

    def _place(self, event: Event) -> Place:
        assert event.start_mark
        return self.place_at(event.start_mark.line, event.start_mark.column)

    def place_at(self, line: int, column: int) -> Place:
        line, column = (line, column) if line < len(self.lines) else (len(self.lines) - 1, 0)
        text = self.lines[line]
        return Place(path=self.path, line=self.first_line + line, column=column + 1, text=text)

    def _line(self, number: int) -> str:
        return self.lines[number] if number < len(self.lines) else ""


def _syntax_error(reader: _Reader) -> Problem:
    """Return the problem, placed by the parser written in Python, whose marks are better."""
    try:
        list(yaml.parse(reader.text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        unclosed = re.search("quoted|flow", error.context or "")
        mark = error.context_mark if unclosed else error.problem_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        line, column, message, hint = cure(reader.lines, line=line, column=column)
        return Problem(message=message, at=reader.place_at(line, column), hint=hint)
    except yaml.YAMLError:
        pass
    return Problem(message="is not YAML", at=Place(path=reader.path, line=reader.first_line))
