"""Exports for other programs: seconds and memory for many customers, made from the example's."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from build import TODAY, copy_example, multiply

ISSUE = "2026-11"


def main() -> None:
    """Print CPU seconds, peak memory and the size of what was written, by program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("programs", nargs="*", default=["klaviyo", "listmonk", "ses"])
    parser.add_argument("--customers", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "firm"
        copy_example(root)
        shutil.rmtree(root / "content/practices")
        shutil.rmtree(root / "content/customers/history")
        multiply(root / "content/customers", options.customers)
        print(f"an issue for {options.customers:,} customers")
        for program in options.programs:
            seconds, peak = measured(program, root)
            files = [path for path in (root / "output").rglob("*") if path.is_file()]
            size = sum(path.stat().st_size for path in files) / 1e6
            print(
                f"{program:12} {seconds:6.1f} s of CPU time {peak:6.0f} MB, {size:,.0f} MB written"
            )
            shutil.rmtree(root / "output")


def measured(program: str, root: Path) -> tuple[float, float]:
    """Export in a process of its own; return its CPU seconds and its peak of memory in MB."""
    run = "from newsletter.commands import main; main()"
    command = [sys.executable, "-c", run, "export", program, ISSUE, "--today", TODAY]
    environment = {name: value for name, value in os.environ.items() if "BYTECODE" not in name}
    with subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.DEVNULL) as child:
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{program}: the export failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e3


if __name__ == "__main__":
    main()
