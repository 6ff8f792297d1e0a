"""A save, in one process: CPU time from a changed file to one customer's message."""

from __future__ import annotations

import datetime as dt
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from newsletter.resident import Resident

ROOT = Path(__file__).parent.parent
TODAY = dt.date(2026, 11, 3)
ROUNDS = 9
SAVED = {
    "a text": ("content/issues/2026-11.md", "\nNumber {0}.\n"),
    "a layout's part": ("themes/default/email/footer.mjml", "\n<!-- {0} -->\n"),
}


def main() -> None:
    """Print the median of some rounds for each kind of file."""
    with tempfile.TemporaryDirectory() as folder:
        for part in ("content", "themes"):
            shutil.copytree(ROOT / part, Path(folder) / part)
        project = Resident(Path(folder), today=TODAY)
        plan = project.plan()
        edition = next(iter(plan.issues.values())).editions[0]
        customer = edition.recipients["id"][0]
        project.message(customer)
        for what, (path, text) in SAVED.items():
            file = Path(folder) / path
            taken = []
            for number in range(ROUNDS):
                file.write_text(file.read_text() + text.format(number))
                begun = time.process_time()
                project.message(customer)
                taken.append(time.process_time() - begun)
            print(f"{what}: {statistics.median(taken) * 1000:.0f} ms of CPU time")


if __name__ == "__main__":
    main()
