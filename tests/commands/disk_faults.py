"""
Runs a command again and again, each time with a fault at another change of the disk.

    python disk_faults.py PROJECT KIND POINTS ARGUMENT...

Each run is a fork in a copy of PROJECT. KIND is `kill`, which ends the process before the change,
or `full`, which refuses it and all later ones as a full disk does. There are POINTS of them,
evenly spread over all changes. Afterwards the command runs once more without a fault. Prints a
line of JSON for each pair; the first has no fault.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import shutil
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from newsletter.commands import main

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CHANGES = ("os.rename", "os.link", "os.mkdir", "os.symlink", "os.truncate")
_REMOVALS = ("os.remove", "os.rmdir")


def cause_fault(folder: Path, *, kind: str, number: int) -> list[int]:
    """Cause a fault at the change below *folder* with this number; return their count so far."""
    changes = [0]

    def at(event: str, arguments: Any) -> None:
        writes = event == "open" and (arguments[2] or 0) & _WRITES
        if not (writes or event in _CHANGES or event in _REMOVALS):
            return
        path = arguments[0]
        if isinstance(path, int) or folder not in Path(os.fsdecode(path)).absolute().parents:
            return
        changes[0] += 1
        if kind == "kill" and changes[0] == number:
            os._exit(1)
        if kind == "full" and changes[0] >= number and event not in _REMOVALS:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    sys.addaudithook(at)
    return changes


def run(folder: Path, arguments: list[str], *, kind: str, number: int) -> dict[str, Any]:
    """Return the exit code, the text and the count of changes of one run in *folder*."""
    os.chdir(folder)
    changes = cause_fault(folder, kind=kind, number=number)
    text = io.StringIO()
    code: object = 0
    with redirect_stdout(text), redirect_stderr(text):
        try:
            main(arguments, prog_name="newsletter")
        except SystemExit as error:
            code = error.code
        except BaseException:  # noqa: BLE001  # the test reports it
            code = traceback.format_exc()
    return {"code": code, "text": text.getvalue(), "changes": changes[0]}


def forked(folder: Path, arguments: list[str], *, kind: str, number: int) -> dict[str, Any]:
    """Return what `run` does in a fork, with the tree afterwards; code -1 if it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        with os.fdopen(writing, "w") as pipe:
            json.dump(run(folder, arguments, kind=kind, number=number), pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    result = json.loads(answer) if answer else {"code": -1, "text": "", "changes": number}
    return {**result, "files": tree(folder)}


def tree(folder: Path) -> dict[str, str]:
    """Return the path and hash of every file, without the cache; secrets are all alike."""
    return {
        path.relative_to(folder).as_posix(): hash_of(path)
        for path in folder.rglob("*")
        if path.is_file() and ".output.cache" not in path.parts
    }


def hash_of(file: Path) -> str:
    """Return the hash of a file; of a random secret, only whether it is one."""
    data = file.read_bytes()
    return (
        "secret"
        if file.name == "secret.txt" and len(data) > 16
        else hashlib.sha256(data).hexdigest()
    )


def pair(project: Path, arguments: list[str], *, kind: str, number: int) -> dict[str, Any]:
    """Return a run with a fault and the next one without, in a copy of the project."""
    folder = project.with_name("copy")
    shutil.copytree(project, folder)
    runs = [
        forked(folder, arguments, kind=kind, number=number),
        forked(folder, arguments, kind="none", number=0),
    ]
    shutil.rmtree(folder)
    before = tree(project)
    return {"number": number, "before": before, "fault": runs[0], "again": runs[1]}


if __name__ == "__main__":
    project, kind, points = Path(sys.argv[1]).resolve(), sys.argv[2], int(sys.argv[3])
    command = sys.argv[4:]
    whole = pair(project, command, kind="none", number=0)
    print(json.dumps(whole), flush=True)
    changes = whole["fault"]["changes"]
    for number in sorted({changes - changes * point // points for point in range(points)}):
        print(json.dumps(pair(project, command, kind=kind, number=number)), flush=True)
