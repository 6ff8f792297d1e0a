"""A year of care for customers grown from real orders, day by day, and what they live through."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from care_measures import figures, lived
from grown import cdnow, chosen, grown

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="CDNOW_sample.txt, the public sample of orders")
    parser.add_argument("--customers", type=int, default=250)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    last = FIRST + dt.timedelta(days=options.days - 1)
    purchases = cdnow(options.file)
    # Whole weeks, so that each order stays on its weekday; the newest is of the last day.
    weeks = (LAST - max(day for _, day, _ in purchases)) // dt.timedelta(weeks=1)
    moved = [(who, day + dt.timedelta(weeks=weeks), amount) for who, day, amount in purchases]
    buyers = chosen(moved, options.customers, since=FIRST, seed=options.seed)
    orders = [purchase for purchase in moved if purchase[0] in buyers]
    project = grown(orders, first=FIRST, last=LAST, seed=options.seed)
    started = time.process_time()
    run = lived(project, first=FIRST, last=last)
    print(f"{options.days} days: {time.process_time() - started:.0f} s of CPU time")
    for line in figures(run):
        print(line)


if __name__ == "__main__":
    main()
