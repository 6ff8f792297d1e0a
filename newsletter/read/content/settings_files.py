"""Reads newsletter.yml, the settings, and segments.yml, the named rules over customers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import NewsletterError, Place, Problem, raise_all
from newsletter.model.config import Config
from newsletter.model.entry import Segment
from newsletter.model.strict import Strict
from newsletter.read.forms import validate, without_wrong_keys
from newsletter.read.project_files import ProjectFiles
from newsletter.read.yaml import Document, parse_yaml

SETTINGS = "content/newsletter.yml"
SEGMENTS = "content/segments.yml"
MOST_SEGMENTS = 1_000
_OPTIONAL = {
    *("timezone", "leap_day", "formality", "send_at", "sender", "links", "feedback"),
    *("etiquette", "output", "order_status", "may_be_public", "account", "exports"),
}
"""Settings that decide neither how files are read nor what texts may say."""


@dataclass(frozen=True)
class ConfigFile:
    """newsletter.yml with the places of its keys, for checks of later stages."""

    config: Config
    document: Document


def read_config(files: ProjectFiles) -> ConfigFile | None:
    """
    Return the settings, or None after reporting their problems.

    Keys that are wrong are left out if all else can be judged without them.

    Raises NewsletterError at once if the file does not exist: then the folder is no project.
    """
    if not (files.root / SETTINGS).exists():
        raise NewsletterError.at(
            "there is no newsletter.yml here",
            Place(path=SETTINGS),
            hint="go to your project's folder, or begin a project with: newsletter init DIR",
        )
    return files.parse(SETTINGS, _parse_config)


def stated_language(files: ProjectFiles) -> str:
    """Return the language that settings state which cannot be read; else English."""
    return files.parse(SETTINGS, _stated_language) or "en"


def _stated_language(text: str, *, shown: str, problems: list[Problem]) -> str:
    line = re.search(r"""^language:[ \t]*["']?([A-Za-z]{2,3}(?:-\w+)*)""", text, re.M)
    return line[1].lower() if line else ""


def read_settings(root: Path) -> Config:
    """Return the settings of the project in *root*. Raises NewsletterError with all problems."""
    files = ProjectFiles(root)
    config_file = read_config(files)
    raise_all(files.problems)
    assert config_file  # otherwise a problem was reported
    return config_file.config


def _parse_config(text: str, *, shown: str, problems: list[Problem]) -> ConfigFile | None:
    document = parse_yaml(text, path=shown, problems=problems)
    if document is None:
        return None
    config = validate(Config, document, problems=problems)
    config = config or without_wrong_keys(Config, document, optional=_OPTIONAL)
    return ConfigFile(config, document) if config else None


class SegmentKeys(Strict):
    """A segment written out; the short form is the rule alone."""

    rule: str
    description: str = ""


def read_segments(files: ProjectFiles) -> tuple[tuple[Segment, ...], frozenset[str] | None]:
    """
    Return the segments in the order of the file; none if there is no file.

    After problems, also returns the words of the file, of which each may be the name of a
    segment; None if they cannot be read.
    """
    if not (files.root / SEGMENTS).exists():
        return (), frozenset()
    before = len(files.problems)
    segments = files.parse(SEGMENTS, _parse_segments) or ()
    if len(files.problems) == before:
        return segments, frozenset()
    return segments, files.parse(SEGMENTS, _words)


def _words(text: str, *, shown: str, problems: list[Problem]) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d]\w*", text))


def _parse_segments(text: str, *, shown: str, problems: list[Problem]) -> tuple[Segment, ...]:
    document = parse_yaml(text, path=shown, problems=problems)
    if document is None:
        return ()
    names = [str(path[0]) for path in document.keys if len(path) == 1]
    if len(names) > MOST_SEGMENTS:
        message = f"there are more than {MOST_SEGMENTS:,} segments"
        hint = 'write a column of the customer file instead: rules ask it, such as city == "Ulm"'
        problems.append(document.key_problem(message, names[MOST_SEGMENTS], hint=hint))
        return ()
    segments = [_segment(document, name, problems=problems) for name in names]
    return tuple(segment for segment in segments if segment)


def _segment(document: Document, name: str, *, problems: list[Problem]) -> Segment | None:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        hint = "use small letters, digits and _, because rules use the name"
        message = f"'{name}' cannot name a segment"
        problems.append(document.key_problem(message, name, hint=hint))
    value = document.data.get(name)
    if isinstance(value, str):
        return Segment(name=name, rule=document.source((name,), value))
    part = document.below(name)
    if part is None:
        hint = f"write it after the colon: '{name}: orders_count >= 10'"
        problems.append(document.key_problem(f"'{name}' has no rule", name, hint=hint))
        return None
    keys = validate(SegmentKeys, part, problems=problems)
    if keys is None:
        return None
    rule = document.source((name, "rule"), keys.rule)
    return Segment(name=name, rule=rule, description=keys.description)
