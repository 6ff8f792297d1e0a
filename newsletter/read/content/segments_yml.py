"""Reads segments.yml: the named rules over customers."""

from __future__ import annotations

import re
from pathlib import Path

from newsletter.errors import Problem
from newsletter.model.config import Strict
from newsletter.model.entry import Segment
from newsletter.read.forms import validate
from newsletter.read.parsed_files import READ_ONCE, ParsedFiles
from newsletter.read.yaml import Document, parse_yaml


class SegmentKeys(Strict):
    """A segment written out; the short form is the rule alone."""

    rule: str
    description: str = ""


def read_segments(
    file: Path, *, shown: str, problems: list[Problem], parsed: ParsedFiles = READ_ONCE
) -> tuple[Segment, ...]:
    """Return the segments in the order of the file; none if there is no file."""
    if not file.exists():
        return ()
    return parsed.of_text(file, _parse, shown=shown, problems=problems) or ()


def _parse(text: str, *, shown: str, problems: list[Problem]) -> tuple[Segment, ...]:
    document = parse_yaml(text, path=shown, problems=problems)
    if document is None:
        return ()
    names = [str(path[0]) for path in document.keys if len(path) == 1]
    segments = [_segment(document, name, problems=problems) for name in names]
    return tuple(segment for segment in segments if segment)


def _segment(document: Document, name: str, *, problems: list[Problem]) -> Segment | None:
    wrong = _name_problem(document, name)
    problems.extend([wrong] if wrong else [])
    value = document.data.get(name)
    if isinstance(value, str):
        return Segment(name=name, rule=document.source((name,), value))
    part = document.below(name)
    if part is None:
        hint = f"write it behind the colon: '{name}: orders_count >= 10'"
        at = document.key_place((name,))
        problems.append(Problem(message=f"'{name}' has no rule", at=at, hint=hint))
        return None
    keys = validate(SegmentKeys, part, problems=problems)
    if keys is None:
        return None
    rule = document.source((name, "rule"), keys.rule)
    return Segment(name=name, rule=rule, description=keys.description)


def _name_problem(document: Document, name: str) -> Problem | None:
    at = document.key_place((name,))
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        hint = "small letters, digits and _: it becomes a name in rules"
        return Problem(message=f"'{name}' cannot name a segment", at=at, hint=hint)
    return None
