"""A save, in one process: CPU time from a changed file to one customer's message."""

from __future__ import annotations

import datetime as dt
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import polars as pl

from newsletter.resident import Resident

ROOT = Path(__file__).parent.parent
TODAY = dt.date(2026, 11, 3)
ROUNDS = 9
SAVED = {
    "a text": ("content/issues/2026-11.md", "\nNumber {0}.\n", "issue"),
    "a layout's part": ("themes/default/email/footer.mjml", "\n<!-- {0} -->\n", "issue"),
    "a practice's text": ("content/practices/thank-you.md", "\n{0}\n", "thank-you"),
}
"""What is saved → the file, what is added to it, and the practice that sends the message."""


def main() -> None:
    """Print the median of some rounds for each kind of file."""
    with tempfile.TemporaryDirectory() as folder:
        for part in ("content", "themes"):
            shutil.copytree(ROOT / part, Path(folder) / part)
        project = Resident(Path(folder), today=TODAY)
        plan = project.plan()
        for what, (path, text, practice) in SAVED.items():
            rows = plan.planned.filter(pl.col("practice") == practice)
            customer = rows.filter(pl.col("channel") == "email")["customer"][0]
            project.message(customer, practice=practice)
            file = Path(folder) / path
            taken = []
            for number in range(ROUNDS):
                file.write_text(file.read_text() + text.format(number))
                begun = time.process_time()
                project.message(customer, practice=practice)
                taken.append(time.process_time() - begun)
            print(f"{what}: {statistics.median(taken) * 1000:.0f} ms of CPU time")


if __name__ == "__main__":
    main()
