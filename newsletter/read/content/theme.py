"""Reads a theme: the project's own files laid over the packaged ones, one by one."""

from __future__ import annotations

import importlib.resources
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from newsletter.errors import Problem, did_you_mean
from newsletter.model.project import Theme
from newsletter.read.content.newsletter_yml import ConfigFile
from newsletter.read.parsed_files import READ_ONCE, ParsedFiles
from newsletter.read.text_files import inside, leaves
from newsletter.read.yaml import parse_yaml

_TEXTS = (".css", ".html", ".js", ".mjml", ".svg", ".txt", ".typ", ".xml", ".yml")
_ASSETS = "site/assets/"
# Hexadecimal only: mail programs agree on that form and on no other (docs/themes.md).
_COLOUR = re.compile(r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")


def read_theme(
    root: Path,
    config_file: ConfigFile,
    *,
    problems: list[Problem],
    parsed: ParsedFiles = READ_ONCE,
) -> Theme | None:
    """
    Return the theme that newsletter.yml names, with the business's `brand:` over its values.

    A theme is a folder of the project's themes/, a packaged one, or a path (`../shared/theme`).
    Files that it lacks come from the packaged theme of the same name, else from the default one.
    """
    name = config_file.config.theme
    folders = _folders(root, name)
    if not folders:
        problems.append(_unknown(root, config_file))
        return None
    texts: dict[str, str] = {}
    places: dict[str, str] = {}
    assets: dict[str, Path] = {}
    resolved = root.resolve()
    for folder in folders:
        shown_folder, is_own = _shown(folder, root), inside(folder, resolved)
        for path, file in _files(folder):
            shown = f"{shown_folder}/{path}"
            if is_own and not inside(file, resolved):
                problems.append(leaves(shown))
            elif path.startswith(_ASSETS):
                assets[path], places[path] = file, shown
            elif file.suffix in _TEXTS:
                text = parsed.of_text(file, _parse_text, shown=shown, problems=problems)
                texts[path], places[path] = text or "", shown
    values = _values(folders, root, parsed=parsed, problems=problems)
    problems.extend(_wrong_brand(config_file, values))
    return Theme(
        name=name,
        texts=texts,
        places=places,
        assets=assets,
        words=_words(folders, root, parsed=parsed, problems=problems),
        values=values | config_file.config.brand,
    )


def packaged_themes() -> Path:
    """Return the folder of the themes that come with the program."""
    return Path(str(importlib.resources.files("newsletter.themes")))


def _folders(root: Path, name: str) -> list[Path]:
    """Return the folders to lay over each other, the undermost first; none if it is unknown."""
    theme = root / name if "/" in name or name.startswith(".") else root / "themes" / name
    packaged = packaged_themes() / Path(name).name
    base = packaged if _is_theme(packaged) else packaged_themes() / "default"
    if _is_theme(theme):
        return [base, theme] if theme.resolve() != base.resolve() else [theme]
    return [base] if base == packaged and "/" not in name else []


def _is_theme(folder: Path) -> bool:
    return any(
        (folder / name).exists()
        for name in ("theme.yml", "email", "print", "site", "text", "words")
    )


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder).as_posix()
        hidden = any(part.startswith((".", "__pycache__")) for part in path.split("/"))
        if file.is_file() and not hidden:
            yield path, file


def _shown(folder: Path, root: Path) -> str:
    """Return the theme's folder as the user would type it; packaged ones as in the source."""
    if folder.parent == packaged_themes():
        return f"themes/{folder.name}"
    return Path(os.path.relpath(folder, root)).as_posix()


def _parse_text(text: str, *, shown: str, problems: list[Problem]) -> str:
    """Return a text as it stands; only templates' later use can tell whether it is right."""
    return text


def _values(
    folders: list[Path], root: Path, *, parsed: ParsedFiles, problems: list[Problem]
) -> dict[str, str]:
    """Return the values of theme.yml; a theme's own replace the packaged ones one by one."""
    values: dict[str, str] = {}
    for folder in folders:
        if (folder / "theme.yml").is_file():
            shown = f"{_shown(folder, root)}/theme.yml"
            file = folder / "theme.yml"
            values |= parsed.of_text(file, _parse_flat, shown=shown, problems=problems) or {}
    return values


def _parse_flat(text: str, *, shown: str, problems: list[Problem]) -> Mapping[str, str]:
    """Return keys and texts of a YAML file without levels."""
    document = parse_yaml(text, path=shown, problems=problems)
    texts: dict[str, str] = {}
    for key, value in document.data.items() if document else ():
        if isinstance(value, str):
            texts[key] = value
        else:
            assert document
            at = document.key_place((key,))
            hint = "write it after the colon, in quotes if need be"
            problems.append(Problem(message="one text is wanted here", at=at, hint=hint))
    return texts


def _words(
    folders: list[Path], root: Path, *, parsed: ParsedFiles, problems: list[Problem]
) -> dict[str, dict[str, str]]:
    """Return the phrases of each language; a theme's own replace the packaged ones one by one."""
    by_language: dict[str, dict[str, str]] = {}
    for folder in folders:
        for file in sorted((folder / "words").glob("*.yml")):
            shown = f"{_shown(folder, root)}/words/{file.name}"
            phrases = parsed.of_text(file, _parse_flat, shown=shown, problems=problems)
            by_language.setdefault(file.stem, {}).update(phrases or {})
    return by_language


def _unknown(root: Path, config_file: ConfigFile) -> Problem:
    folders = [root / "themes", packaged_themes()]
    names = sorted(
        {
            path.name
            for folder in folders
            if folder.is_dir()
            for path in folder.iterdir()
            if path.is_dir() and path.name[0] not in "._"
        }
    )
    name = config_file.config.theme
    hint = did_you_mean(name, names) or f"the themes are {', '.join(names)}"
    at = config_file.document.value_place(("theme",))
    return Problem(message=f"there is no theme '{name}'", at=at, hint=hint)


def _wrong_brand(config_file: ConfigFile, values: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each key that the theme does not know, and each colour that is none."""
    for key, value in config_file.config.brand.items():
        if key not in values:
            at = config_file.document.key_place(("brand", key))
            hint = did_you_mean(key, values) or f"the theme knows {', '.join(sorted(values))}"
            yield Problem(message=f"unknown key '{key}' in brand", at=at, hint=hint)
        elif _COLOUR.fullmatch(values[key]) and not _COLOUR.fullmatch(value):
            at = config_file.document.value_place(("brand", key))
            written = f"#{value}" if _COLOUR.fullmatch(f"#{value}") else values[key]
            hint = f'write it like "{written}", in quotes'
            yield Problem(message=f"'{value}' is no colour", at=at, hint=hint)
