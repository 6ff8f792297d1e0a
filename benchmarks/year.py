"""A year of care, day by day, and what customers live through: grown from real orders, or made."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from care_measures import figures
from grown import cdnow, chosen, grown
from living import lived, of_the_year

from newsletter.model.project import Project

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
EXAMPLE_FIRST = dt.date(2025, 11, 4)
"""The example has orders, feedback and talks of the year that begins on this day."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", help="CDNOW_sample.txt (else: the example)")
    parser.add_argument("--customers", type=int, default=250)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    first = FIRST if options.file else EXAMPLE_FIRST
    project = _grown(options) if options.file else of_the_year(first)
    last = first + dt.timedelta(days=options.days - 1)
    started = time.process_time()
    run = lived(project, first=first, last=last, seed=options.seed)
    print(f"{options.days} days: {time.process_time() - started:.0f} s of CPU time")
    for line in figures(run):
        print(line)


def _grown(options: argparse.Namespace) -> Project:
    purchases = cdnow(options.file)
    # Whole weeks, so that each order stays on its weekday; the newest is of the last day.
    weeks = (LAST - max(day for _, day, _ in purchases)) // dt.timedelta(weeks=1)
    moved = [(who, day + dt.timedelta(weeks=weeks), amount) for who, day, amount in purchases]
    buyers = chosen(moved, options.customers, since=FIRST, seed=options.seed)
    orders = [purchase for purchase in moved if purchase[0] in buyers]
    return grown(orders, first=FIRST, last=LAST, seed=options.seed)


if __name__ == "__main__":
    main()
