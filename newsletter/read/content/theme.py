"""Reads a theme: the project's own files laid over the packaged ones, one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TypeVar

from newsletter.errors import Place, Problem, did_you_mean
from newsletter.model.loaded_addresses import css_loads, from_elsewhere, loads, why_not
from newsletter.model.program_files import THEMES
from newsletter.model.project import Theme
from newsletter.read.content.settings_files import ConfigFile
from newsletter.read.content.theme_values import brand_faults, flat_texts, parse_values
from newsletter.read.project_files import ProjectFiles, as_written
from newsletter.read.yaml import parse_yaml

_TEXTS = (".css", ".html", ".js", ".mjml", ".svg", ".txt", ".typ", ".xml", ".yml")
_ASSETS = "site/assets/"
_LOADING = {".css": css_loads, ".htm": loads, ".html": loads}
"""Ending of an asset → what finds the addresses that it loads."""
_PHRASES = re.compile(r"words/[^/]+\.yml")

T = TypeVar("T")


def read_theme(config_file: ConfigFile, files: ProjectFiles) -> Theme | None:
    """
    Return the theme that newsletter.yml names, with the business's `brand:` over its values.

    A theme is a folder of the project's themes/, a packaged one, or a path (`../shared/theme`).
    Files that it lacks come from the packaged theme of the same name, then from the default one.
    """
    name = config_file.config.theme
    folders = _folders(files.root, name)
    if not folders:
        files.problems.append(_unknown(config_file, files.root))
        return None
    layers = [{file.path: file for file in _files(folder, files)} for folder in folders]
    all_files = dict(chain.from_iterable(layer.items() for layer in layers))
    texts = {p: f for p, f in all_files.items() if not f.is_asset and f.file.suffix in _TEXTS}
    values = _flat("theme.yml", layers, files, parse_values)
    files.problems.extend(brand_faults(config_file, values))
    files.problems.extend(_foreign(all_files.values(), config_file.config.hosts, files))
    phrases = sorted(path for path in texts if _PHRASES.fullmatch(path))
    return Theme(
        name=name,
        texts={path: file.parsed(as_written, files) or "" for path, file in texts.items()},
        places={path: file.shown for path, file in all_files.items()},
        assets={
            path.removeprefix(_ASSETS): file.file
            for path, file in all_files.items()
            if file.is_asset
        },
        words={Path(path).stem: _flat(path, layers, files, _parse_words) for path in phrases},
        values=values | config_file.config.brand,
    )


@dataclass(frozen=True)
class _ThemeFile:
    path: str
    """Below the theme."""
    file: Path
    shown: str
    folder: Path
    """The theme's."""

    def parsed(self, parse: Callable[..., T | None], files: ProjectFiles) -> T | None:
        """Return the result of *parse* for the file's text, as `ProjectFiles.parse` does."""
        return files.parse(self.file, parse, shown=self.shown, within=self.folder)

    @property
    def is_asset(self) -> bool:
        return self.path.startswith(_ASSETS)


def _folders(root: Path, name: str) -> list[Path]:
    """Return the folders to lay over each other, the bottom one first; none if unknown."""
    theme = root / name if "/" in name or name.startswith(".") else root / "themes" / name
    names = dict.fromkeys(("default", Path(name).name))
    packaged = [folder for name in names if _is_theme(folder := THEMES / name)]
    if _is_theme(theme):
        ours = theme.resolve() != packaged[-1].resolve()
        return [*packaged, theme] if ours else packaged
    return packaged if packaged[-1].name == name else []


def _is_theme(folder: Path) -> bool:
    return any(
        (folder / name).exists()
        for name in ("theme.yml", "email", "print", "site", "text", "words")
    )


def _files(folder: Path, files: ProjectFiles) -> Iterator[_ThemeFile]:
    """Yield the theme files of one folder; links must not lead out of it, wherever it lies."""
    shown = _shown(folder, files)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        file = _ThemeFile(name, path, f"{shown}/{name}", folder)
        hidden = any(part.startswith((".", "__pycache__")) for part in name.split("/"))
        if hidden:
            continue
        is_ours = file.is_asset or path.suffix in _TEXTS
        is_read = is_ours and files.is_file(path, shown=file.shown)
        is_link = path.is_symlink() and path.is_dir()
        if not (is_read or is_link):
            continue
        if files.holds(path, within=folder, shown=file.shown) and is_read:
            yield file


def _foreign(
    theme_files: Iterable[_ThemeFile], hosts: Collection[str], files: ProjectFiles
) -> Iterator[Problem]:
    """Yield a problem for each address that a style sheet or page of the assets would load."""
    for file in theme_files:
        find = _LOADING.get(file.file.suffix.lower()) if file.is_asset else None
        text = file.parsed(as_written, files) if find else None
        for address, host in from_elsewhere(find(text) if find and text else (), hosts):
            line = text.partition(host)[0].count("\n") + 1 if text else 1
            message, hint = why_not(address, host)
            yield Problem(message, Place(path=file.shown, line=line), hint=hint)


def _shown(folder: Path, files: ProjectFiles) -> str:
    """Return the theme's folder as the user would type it; packaged ones as in the source."""
    is_packaged = folder.parent == THEMES
    return f"themes/{folder.name}" if is_packaged else files.shown(folder)


def _flat(
    path: str,
    layers: Sequence[Mapping[str, _ThemeFile]],
    files: ProjectFiles,
    parse: Callable[..., Mapping[str, str]],
) -> dict[str, str]:
    """Return keys and texts of a YAML file in all *layers*; later ones replace key by key."""
    texts: dict[str, str] = {}
    for layer in layers:
        if file := layer.get(path):
            texts |= file.parsed(parse, files) or {}
    return texts


def _parse_words(text: str, *, shown: str, problems: list[Problem]) -> Mapping[str, str]:
    """Return the phrases of a YAML file without levels."""
    document = parse_yaml(text, path=shown, problems=problems)
    return dict(flat_texts(document, problems)) if document else {}


def _unknown(config_file: ConfigFile, root: Path) -> Problem:
    name = config_file.config.theme
    folders = [*(root / "themes").glob("[!._]*"), *THEMES.glob("[!._]*")]
    names = sorted({folder.name for folder in folders if folder.is_dir()})
    hint = did_you_mean(name, names) or f"the themes are {', '.join(names)}"
    if "/" in name:
        there = (root / name).is_dir()
        lacks = "the folder has none of theme.yml, email/, print/, site/, text/ and words/"
        hint = lacks if there else "a path counts from the project's folder, not from content/"
    message = f"there is no theme '{name}'"
    return config_file.document.value_problem(message, "theme", hint=hint)
