"""Reads newsletter.yml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import NewsletterError, Place, Problem
from newsletter.model.config import Config
from newsletter.read.forms import validate
from newsletter.read.parsed_files import READ_ONCE, ParsedFiles
from newsletter.read.yaml import Document, parse_yaml


@dataclass(frozen=True)
class ConfigFile:
    """newsletter.yml with the places of its keys, for what only later stages can judge."""

    config: Config
    document: Document


def read_config(
    file: Path, *, shown: str, problems: list[Problem], parsed: ParsedFiles = READ_ONCE
) -> ConfigFile | None:
    """
    Return the configuration, or None after adding what is wrong with it to *problems*.

    Raises NewsletterError at once when there is no such file: then this is no project.
    """
    if not file.exists():
        raise NewsletterError.at(
            "there is no newsletter.yml here",
            Place(path=shown),
            hint="go to your project's folder, or begin a project with: newsletter init DIR",
        )
    return parsed.of_text(file, _parse, shown=shown, problems=problems)


def _parse(text: str, *, shown: str, problems: list[Problem]) -> ConfigFile | None:
    document = parse_yaml(text, path=shown, problems=problems)
    config = validate(Config, document, problems=problems) if document else None
    return ConfigFile(config, document) if config and document else None
