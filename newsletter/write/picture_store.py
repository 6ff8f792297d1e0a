"""Makes the versions of pictures, and stores them beside the output for later builds."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from newsletter.errors import Problem, attempt
from newsletter.model.picture import Picture, Version
from newsletter.model.project import Project
from newsletter.model.report import Progress
from newsletter.read.content.picture_versions import made_versions
from newsletter.read.pipes import bytes_of
from newsletter.site.pictures import versions
from newsletter.write.ledger import Ledger, cache_folder, write_cache
from newsletter.write.states import sha256_of

_FOLDER, _HASHES = "pictures", "hashes.json"
_AT_ONCE = 4
"""Pictures that are decoded at the same time; each may take some hundred megabytes."""


def with_made_pictures(
    project: Project,
    before: Ledger,
    *,
    until: dt.date,
    problems: list[Problem],
    progress: Progress,
) -> Project:
    """
    Return the project with the pictures of texts up to *until* made for pages and messages.

    Makes those that no earlier build with this program made, and removes those that this one does
    not need. Damaged pictures go to *problems*. If nothing can be stored beside the output of
    *before*, each is made when it is read.
    """
    shown = versions(project, until=until).values()
    folder = _stored(before, shown, problems=problems, progress=progress)
    return replace(project, made_pictures=folder)


def _stored(
    before: Ledger, versions: Iterable[Version], *, problems: list[Problem], progress: Progress
) -> Path | None:
    """Return the folder with a file for each version that is not the picture itself."""
    within = f"{_FOLDER}/{before.version[:32]}"
    folder = cache_folder(before.output) / within
    needed = {version.key: version for version in versions if not version.as_it_is}
    hashes = _whole_files(folder, needed)
    _remove_others(folder, hashes)
    missing: dict[Picture, list[Version]] = defaultdict(list)
    for key in sorted(needed.keys() - hashes.keys()):
        missing[needed[key].picture].append(needed[key])
    if not missing:
        return folder
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    with (
        progress.step("Making pictures smaller", len(missing)) as step,
        ThreadPoolExecutor(_AT_ONCE) as threads,  # Pillow works outside Python's lock
    ):
        for contents, wrong in threads.map(_made, *zip(*missing.items(), strict=True)):
            for key, content in contents.items():
                write_cache(before.output, f"{within}/{key}", content)
                hashes[key] = hashlib.sha256(content).hexdigest()
            problems.extend(wrong)
            step.advance()
    write_cache(before.output, f"{within}/{_HASHES}", json.dumps(hashes).encode())
    return folder if problems or needed.keys() == _whole_files(folder, needed).keys() else None


def _whole_files(folder: Path, needed: Iterable[str]) -> dict[str, str]:
    """Return key → SHA-256 of the needed files that are as they were written."""
    try:
        hashes = json.loads(bytes_of(folder / _HASHES))
        return {key: hashes[key] for key in needed if hashes.get(key) == sha256_of(folder / key)}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _made(
    picture: Picture, versions: Sequence[Version]
) -> tuple[Mapping[str, bytes], Sequence[Problem]]:
    """Return key → bytes of the versions; problems if the picture is damaged."""
    problems: list[Problem] = []
    contents = attempt(lambda: made_versions(picture, versions), problems) or []
    return dict(zip((version.key for version in versions), contents, strict=False)), problems


def _remove_others(folder: Path, needed: Collection[str]) -> None:
    """Remove what other programs made, and pictures that are no longer needed."""
    with suppress(OSError):
        for other in folder.parent.iterdir():
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
        for file in folder.iterdir():
            if file.name not in needed and file.name != _HASHES:
                file.unlink()
