"""Whole builds: of the example, beside the import of its libraries, and of many customers."""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import polars as pl

ROOT = Path(__file__).parent.parent
TODAY = "2026-11-03"
LIBRARIES = (
    "import babel.dates, babel.numbers, click, css_inline, idna, jinja2.sandbox, markdown, mjml, "
    "nh3, polars, python_calamine, typst, yaml; from pydantic import BaseModel, field_validator"
)
"""What a build imports beside its own modules."""
EDITED = "content/updates/winter-hours.md"
MANY = ("conversations", "feedback", "occasions", "orders", "services")
"""Tables of customers whose rows are repeated with them."""


def main() -> None:
    """Print CPU seconds, and builds of the example as multiples of the import."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, nargs="*", default=[100_000])
    parser.add_argument("--rounds", type=int, default=5, help="the fastest counts")
    options = parser.parse_args()
    print(f"load of the machine: {os.getloadavg()[0]:.1f}, cores: {os.cpu_count()}")
    with tempfile.TemporaryDirectory() as folder:
        example(Path(folder) / "example", rounds=options.rounds)
        for number in options.customers:
            customers(Path(folder) / str(number), number)


def example(root: Path, *, rounds: int) -> None:
    """Measure builds of the example: from nothing, after an edit, and without a change."""
    copy_example(root)
    build(root)  # the first build compiles the program's modules
    taken: dict[str, list[float]] = {}
    for number in range(rounds):
        imported = spent([sys.executable, "-c", LIBRARIES], root)
        taken.setdefault("import of the libraries", []).append(imported)
        for cache in ("output", ".output.cache"):
            shutil.rmtree(root / cache)
        taken.setdefault("example from nothing", []).append(build(root))
        with (root / EDITED).open("a", encoding="utf-8") as file:
            file.write(f"\nNumber {number}.\n")
        taken.setdefault("one entry edited", []).append(build(root))
        taken.setdefault("nothing changed", []).append(build(root))
    least = {what: min(times) for what, times in taken.items()}
    unit = least["import of the libraries"]
    for what, seconds in least.items():
        print(f"{what:25} {seconds:6.2f} s of CPU time {seconds / unit:6.1f} times the import")


def customers(root: Path, number: int) -> None:
    """Measure the build of an issue for that many customers, made from the example's."""
    copy_example(root)
    shutil.rmtree(root / "content/practices")
    shutil.rmtree(root / "content/customers/history")
    multiply(root / "content/customers", number)
    seconds = build(root)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    each = seconds / number * 1e6
    print(f"{number:,} customers: {seconds:.1f} s of CPU time, {each:.0f} µs each, {peak:.2f} GB")


def copy_example(root: Path) -> None:
    """Copy the example project."""
    for part in ("content", "themes"):
        shutil.copytree(ROOT / part, root / part)


def multiply(folder: Path, number: int) -> None:
    """Repeat the customers with their tables, each with a name, addresses and phone of its own."""
    people = pl.read_csv(folder / "customers.csv", infer_schema=False)
    many = pl.concat([people] * (number // people.height + 1)).head(number)
    row = pl.int_range(number).cast(pl.String)
    many = many.with_columns(
        pl.col("id") + "x" + row,
        pl.col("first_name", "last_name") + row,
        email=pl.when(pl.col("email").is_not_null()).then("c" + row + "@example.com"),
        phone=pl.when(pl.col("phone").is_not_null()).then("+352 1" + row.str.zfill(7)),
        account=pl.lit(None, pl.String),
        consent_post=pl.lit("no"),  # making PDFs of letters would take most of the time
        referred_by=pl.lit(None, pl.String),
    )
    many.write_csv(folder / "customers.csv")
    ids = many.select(old=pl.col("id").str.replace("x.*", ""), customer="id")
    for name in MANY:
        table = pl.read_csv(folder / f"{name}.csv", infer_schema=False)
        rows = ids.join(table.rename({"customer": "old"}), on="old")
        rows.select(table.columns).write_csv(folder / f"{name}.csv")


def build(root: Path) -> float:
    """Build a project in a process of its own; return its CPU seconds."""
    run = "from newsletter.commands import main; main()"
    return spent([sys.executable, "-c", run, "build", "--quiet", "--today", TODAY], root)


def spent(command: Sequence[str], folder: Path) -> float:
    """Return the CPU seconds of a command and all processes that it starts."""
    environment = {name: value for name, value in os.environ.items() if "BYTECODE" not in name}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
