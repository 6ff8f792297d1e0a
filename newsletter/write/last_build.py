"""What the last build read and reported, so that the next can tell at once if nothing changed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import time
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from newsletter.errors import Place, Problem
from newsletter.model.report import BuildReport, CareReport, EditionReport
from newsletter.read.in_git import files_of_git
from newsletter.read.pipes import bytes_of
from newsletter.write.folder import refuse_foreign, refuse_place
from newsletter.write.ledger import cache_folder, read_ledger, unfinished, write_cache
from newsletter.write.program import installed, program_folders
from newsletter.write.states import State, is_folder, is_settled, sha256_of, state_of, states_in
from newsletter.write.swap import new_name, old_name

_FILE = "build.json"
_FONTS = (
    *("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts"),
    *("/Library/Fonts", "/System/Library/Fonts", "~/Library/Fonts", "C:/Windows/Fonts"),
)
_ZONES = ("/usr/share/zoneinfo/tzdata.zi", "/usr/share/zoneinfo/+VERSION")


@dataclass(frozen=True, kw_only=True)
class Look:
    """The state of everything that a build reads, taken before it reads anything."""

    output: Path
    options: Mapping[str, str]
    """The options of the build."""
    looked: int
    """Nanoseconds of the clock that dates files."""
    folders: tuple[str, ...]
    states: Mapping[str, State]
    outputs: Mapping[str, State]
    doubtful: Mapping[str, str]
    """Path → SHA-256 of files written just before, whose state proves nothing yet."""
    surroundings: str
    """The key of the libraries, fonts and time zones that are installed."""


def look_at(root: Path, output: Path, *, issue: str | None, today: dt.date) -> Look:
    """
    Look at the inputs of a build: the project, and other folders that the last build read.

    Raises NewsletterError if a build must not replace *output*.
    """
    root, output = Path(os.path.abspath(root)), Path(os.path.abspath(output))
    refuse_place(output)
    refuse_foreign(output)
    last = _read(output) or {}
    inside = [str(root / "content"), str(root / "themes"), *program_folders()]
    inside += files_of_git([root / "content", output.parent])
    folders = tuple(dict.fromkeys([*inside, *last.get("folders", ())]))
    looked, states = time.time_ns(), states_in(folders)
    return Look(
        output=output,
        options=_options(root, issue, today),
        looked=looked,
        folders=folders,
        states=states,
        outputs=states_in([str(output)]),
        doubtful=_doubtful(states, looked),
        surroundings=_surroundings(),
    )


def remember(
    look: Look,
    report: BuildReport,
    *,
    folders: Iterable[Path],
    timezone: str,
    written: Collection[str],
) -> None:
    """
    Save what a build read and reported, unless an input changed while it ran.

    *folders* are those that the project names, wherever they are. *written* are the new files of
    the output; the others, work lists among them, must still be unchanged.
    """
    paths = [os.path.abspath(folder) for folder in folders]
    elsewhere = [path for path in paths if not any(map(Path(path).is_relative_to, look.folders))]
    same = not elsewhere and _same(look.states, look.doubtful, look.folders)
    build = {
        "folders": [*look.folders, *elsewhere],
        "options": look.options,
        "timezone": timezone,
        "report": asdict(report),
        "inputs": look.states if same and _untouched(look, written) else None,
        "doubtful": look.doubtful,
        "surroundings": look.surroundings,
        "ledger": sha256_of(cache_folder(look.output) / "files.json"),
    }
    write_cache(look.output, _FILE, json.dumps(build).encode())


def unchanged_build(
    root: Path, output: Path, *, issue: str | None, today: dt.date
) -> BuildReport | None:
    """
    Return the report of the last build if the same build would change nothing, else None.

    Looks at the project, the output, the program with its libraries, fonts and time zones.
    """
    output = Path(os.path.abspath(output))
    looked = time.time_ns()
    last = _read(output)
    if last is None:
        return None
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        options = _options(root, issue, today)
        states = {path: tuple(state) for path, state in last["inputs"].items()}
        if (
            last["options"] == options
            and last["surroundings"] == _surroundings()
            and last["ledger"] == sha256_of(cache_folder(output) / "files.json")
            and _same(states, last["doubtful"], last["folders"])
            and _stands(output)
        ):
            if last["doubtful"]:
                doubtful = _doubtful(states, looked)
                write_cache(output, _FILE, json.dumps({**last, "doubtful": doubtful}).encode())
            return _as_unchanged(_report(last["report"]), (time.time_ns() - looked) / 1e9)
    return None


def recorded_timezone(root: Path) -> str | None:
    """Return the time zone of the project, if it is known without reading newsletter.yml."""
    output = Path(os.path.abspath(root / "output"))
    file = os.path.abspath(root / "content/newsletter.yml")
    last = _read(output) or {}
    with suppress(KeyError, TypeError, AttributeError):
        if file not in last["doubtful"] and tuple(last["inputs"][file]) == state_of(file):
            return str(last["timezone"])
    return None


def _options(root: Path, issue: str | None, today: dt.date) -> dict[str, str]:
    project = os.path.abspath(root)
    return {"project": project, "issue": issue or "", "today": today.isoformat()}


def _read(output: Path) -> dict[str, Any] | None:
    try:
        build = json.loads(bytes_of(cache_folder(output) / _FILE))
    except (OSError, ValueError):
        return None
    return build if isinstance(build, dict) else None


def _doubtful(states: Mapping[str, State], looked: int) -> dict[str, str]:
    return {
        path: sha256_of(path)
        for path, state in states.items()
        if not is_folder(state) and not is_settled(state, looked)
    }


def _same(
    states: Mapping[str, State], doubtful: Mapping[str, str], folders: Iterable[str]
) -> bool:
    """Return whether everything in the folders is unchanged."""
    if states_in(folders) != states:
        return False
    return all(sha256_of(path) == sha256 for path, sha256 in doubtful.items())


def _untouched(look: Look, written: Collection[str]) -> bool:
    """Return whether the files that the build did not write are as the last build wrote them."""
    rows = read_ledger(look.output, version=None).rows
    return all(
        path in written
        or _content(look.outputs.get(str(look.output / path))) == _content(row.state)
        for path, row in rows.items()
    )


def _content(state: State | None) -> object:
    """Return a state without the time at which the file was renamed."""
    return state and (state[0], state[1], state[3])


def _stands(output: Path) -> bool:
    """Return whether the output is as the last build left it, and no killed one left a part."""
    if any(map(os.path.lexists, (new_name(output), old_name(output), *unfinished(output)))):
        return False
    ledger = read_ledger(output, version=None)
    return bool(ledger.rows) and ledger.stands_alone()


def _surroundings() -> str:
    """Return the key of the installed libraries, fonts and time zones."""
    states = installed()
    for folder in _FONTS:
        for root, _, _ in os.walk(os.path.expanduser(folder)):
            states.append(f"{root} {os.stat(root).st_mtime_ns}")
    states += [f"{path} {state_of(path)}" for path in _ZONES]
    return hashlib.sha256("\n".join(states).encode("utf-8", "surrogateescape")).hexdigest()


def _as_unchanged(report: BuildReport, seconds: float) -> BuildReport:
    unchanged = report.written + report.unchanged
    return replace(report, written=0, unchanged=unchanged, removed=0, seconds=seconds)


def _report(saved: dict[str, Any]) -> BuildReport:
    editions = tuple(EditionReport(**edition) for edition in saved["editions"])
    care = CareReport(**saved["care"]) if saved["care"] else None
    remarks = tuple(map(_problem, saved["remarks"]))
    open_first = tuple(saved["open_first"])
    new = {"editions": editions, "care": care, "remarks": remarks, "open_first": open_first}
    return BuildReport(**{**saved, **new})


def _problem(saved: dict[str, Any]) -> Problem:
    return Problem(**{**saved, "at": Place(**saved["at"]) if saved["at"] else None})
