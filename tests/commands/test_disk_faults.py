"""Each command that writes is killed, or finds the disk full, at its changes of the disk."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from support import EXAMPLE_DAY

from newsletter.commands import main
from newsletter.commands.init import begin
from newsletter.read.starter import read_starter

pytestmark = pytest.mark.slow  # builds a project, and runs each command a dozen times

DAY = f"--today={EXAMPLE_DAY}"
COMMANDS = {
    "init": (["init", "shop", "--language=en", "--country=DE", "--yes", DAY], 5),
    "new": (["new", "update", "Hello"], 3),
    "jot": (["jot", "zoe", "liked the tea", DAY], 4),
    "record": (["record", "2026-11", DAY], 4),
    "plan": (["plan", DAY], 4),
    "build": (["build", DAY], 5),
}
"""Name → arguments, and at how many changes of the disk there is a fault."""
CUSTOMERS = """\
id,email,first_name,last_name,street,postcode,city,country,birthday,customer_since,newsletter
1,zoe@example.com,Zoë,Miller,1 High St,10001,Ulm,DE,1980-11-04,2020-01-05,yes
2,sam@example.com,Sam,O'Brien,2 High St,10001,Ulm,DE,1981-11-03,2021-11-03,yes
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a new project that was built once, and a text changed since."""
    root = tmp_path_factory.mktemp("faults") / "project"
    begin(root, read_starter(EXAMPLE_DAY, customers=None, language="en"), customers=None)
    (root / "content/customers/customers.csv").write_text(CUSTOMERS, "utf-8")
    built = CliRunner().invoke(main, ["build", f"--project={root}", DAY])
    assert built.exit_code == 0, built.output
    page = root / "content/pages/about.md"
    page.write_text(page.read_text("utf-8") + "\nOpen on Sundays, too.\n", "utf-8")
    return root


@pytest.mark.parametrize("kind", ["kill", "full"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_fault_harms_nothing(project: Path, command: str, kind: str) -> None:
    """Each file is as before or as afterwards, and the command can be repeated."""
    arguments, points = COMMANDS[command]
    harness = [sys.executable, str(Path(__file__).with_name("disk_faults.py"))]
    process = subprocess.run(
        [*harness, str(project), kind, str(points), *arguments],
        check=True,
        capture_output=True,
        timeout=900,
    )
    whole, *pairs = map(json.loads, process.stdout.splitlines())
    before, after = whole["before"], whole["fault"]["files"]
    assert whole["fault"]["code"] == 0, whole["fault"]["text"]
    assert after != before
    assert len(pairs) == points
    for pair in pairs:
        judge(pair, before=before, after=after, command=command)


def judge(
    pair: dict[str, Any], *, before: dict[str, str], after: dict[str, str], command: str
) -> None:
    """Assert that a run with a fault harmed nothing, and the next one made up for it."""
    fault, again = pair["fault"], pair["again"]
    for path in before.keys() | after.keys():
        now = fault["files"].get(path)
        assert now in (before.get(path), after.get(path)), (pair["number"], path)
    if fault["code"] == 1:
        assert fault["text"].startswith("Error: cannot write"), fault["text"]
    else:  # killed, or finished: whatever failed then was not needed
        assert fault["code"] in (0, -1), fault["code"]
    finished = fault["files"].items() >= after.items()
    if command in ("new", "init") and finished:
        assert "already" in again["text"] or again["code"] == 0, again["text"]
    else:
        assert again["code"] == 0, (pair["number"], again)
    left = {path: now for path, now in again["files"].items() if not path.endswith(".new")}
    assert left == after, pair["number"]
