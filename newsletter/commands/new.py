"""`newsletter new`: creates a file of content with the front matter it needs."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import click

from newsletter.commands.options import RUNS, with_project, with_today
from newsletter.errors import NewsletterError, did_you_mean
from newsletter.model.entry import KINDS, PLACEHOLDER_BODY, PLACEHOLDER_SUMMARY
from newsletter.model.permalink import FOLDERS

if RUNS:
    from newsletter.commands.screen import Screen
    from newsletter.model.language import is_language, language_hint, team_language
    from newsletter.read.content.settings_files import read_config
    from newsletter.read.content.theme_phrases import phrases_to_translate, words_path
    from newsletter.read.markdown_files import slug_of
    from newsletter.read.project_files import ProjectFiles
    from newsletter.read.yaml import packaged_yaml
    from newsletter.write import write_new

_FOLDERS = FOLDERS | {"practice": "practices"}


@click.command("new")
@click.argument("kind")
@click.argument("title")
@with_project
@with_today
def command(kind: str, title: str, root: Path, today: dt.date) -> None:
    """
    Begin a file of a KIND: update, article, story, offer, event, answer, page, issue or practice.

    `language it` begins the file of a theme's phrases in that language.
    """
    if kind == "language":
        click.echo(
            f"wrote {new_language(root, title)}\n\nnext: translate it, then: newsletter build"
        )
        return
    path = new_file(root, kind=kind, title=title, today=today)
    following = "plan" if KINDS.get(kind, kind) == "practice" else "build"
    screen = Screen(_language(root))
    after = screen("next", command=screen("new_then", command=following))
    click.echo(f"{screen('wrote', file=path)}\n\n{after}")


def new_language(root: Path, tag: str) -> str:
    """Write the phrases to translate below the project's theme; return the path of the file."""
    if not is_language(tag):
        raise NewsletterError.at(f"'{tag}' is no language", hint=language_hint(tag))
    config_file = read_config(ProjectFiles(root))
    path = words_path(config_file.config.theme if config_file else "default", tag)
    write_new(root / path, phrases_to_translate().encode())
    return path


def new_file(root: Path, *, kind: str, title: str, today: dt.date) -> str:
    """Write the file and return its path below *root*; raises NewsletterError if it exists."""
    singular = KINDS.get(kind, kind)
    if singular not in _FOLDERS:
        hint = did_you_mean(kind, _FOLDERS) or f"the kinds are {', '.join(_FOLDERS)}"
        raise NewsletterError.at(f"'{kind}' is not a kind of content", hint=hint)
    if singular == "issue":
        _refuse_false_date(title, today)
    language = _language(root)
    name = _issue_name(root, today) if singular == "issue" else slug_of(title, language)
    if not name:
        hint = "use at least one Latin letter or digit; you can change the title later"
        raise NewsletterError.at(f"no file name can be made from '{title}'", hint=hint)
    path = f"content/{_FOLDERS[singular]}/{name}.md"
    write_new(root / path, _text(singular, title, today, team_language(language)).encode())
    return path


def _refuse_false_date(title: str, today: dt.date) -> None:
    """Raise NewsletterError for a month or day that does not exist: `2026-13`, `2026-2-30`."""
    parts = re.fullmatch(r"\s*(\d{4})-(\d{1,2})(?:-(\d{1,2}))?\s*", title, re.ASCII)
    if not parts:
        return
    try:
        dt.date(*(int(part or 1) for part in parts.groups()))
    except ValueError:
        kind = "day" if parts[3] else "month"
        hint = (
            f"the file gets its name from the month of --today, {today:%Y-%m}; as TITLE, write "
            'what readers see: newsletter new issue "Tea in autumn"'
        )
        raise NewsletterError.at(f"'{title}' is no {kind} that exists", hint=hint) from None


def _language(root: Path) -> str:
    """Return the language of the project; English if its settings cannot be read."""
    config_file = read_config(ProjectFiles(root))
    return config_file.config.language if config_file else "en"


def _issue_name(root: Path, today: dt.date) -> str:
    """Return the month, or the day if the month has an issue already."""
    month = f"{today:%Y-%m}"
    return f"{today}" if any((root / "content/issues").glob(f"{month}.*md")) else month


def _text(kind: str, title: str, today: dt.date, language: str) -> str:
    quoted = "'" + " ".join(title.split()).replace("'", "''") + "'"
    later = today + dt.timedelta(days=14)
    dated = "" if kind == "practice" else f"date: {today}\n"
    short = kind in ("issue", "practice")
    summary = "" if short else f"summary: {PLACEHOLDER_SUMMARY[language]}\n"
    keys: Any = packaged_yaml("starter/new.yml").data
    more = keys[language].get(kind, "").format(later=later, title=quoted)
    return f"---\ntitle: {quoted}\n{dated}{summary}{more}---\n\n{PLACEHOLDER_BODY[language]}\n"
