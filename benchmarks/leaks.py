"""The search of a website for customers' data: its cost, and what it takes for a customer's."""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from newsletter.check.leaks import find_leaks
from newsletter.errors import Problem
from newsletter.model.artifact import Artifact

_CALLED = """
    Anna Max Lena Paul Jürgen Ursula Hans-Peter Sabine Björn Zoë Grace Will James Emily Mark Rose
    Jean-Luc Chloé Élodie Marie Hélène Jacques Łukasz Søren Marta José Ahmed Mei Ivan Olga
"""
_FAMILIES = """
    Weber Müller Schmidt Schäfer Weiß Groß Köhler Vogel Jung Park Young Hill Smith Brown Taylor
    Walker King Baker Martin Bernard Petit Lefèvre Dubois Moreau García López Nuñez Åberg Nowak
    Novák Rossi Costa Silva Kaya Nguyen Chen
"""
_STREETS = (
    "Hauptstraße Lindenallee Schulweg Am_Markt Gartenstr. Ringplatz Bahnhofstraße Kirchgasse"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sites", type=Path, nargs="+", help="output/site of a project")
    parser.add_argument("--customers", type=int, nargs="*", default=[40, 100_000])
    parser.add_argument("--rounds", type=int, default=3, help="the fastest counts")
    parser.add_argument("--show", action="store_true", help="print what was found")
    options = parser.parse_args()
    for number in options.customers:
        people = customers(number)
        for site in options.sites:
            measure(site, people, rounds=options.rounds, show=options.show)


def customers(number: int) -> pl.DataFrame:
    """Return so many customers, the same in each run; the last names of most are invented."""
    rows = list(_rows(number, random.Random(5)))
    return pl.DataFrame(rows, orient="row", schema=_COLUMNS)


_COLUMNS = ["row", "id", "first_name", "last_name", "name", "email", "phone", "street", "birthday"]


def _rows(number: int, chance: random.Random) -> Iterator[Sequence[object]]:
    called, families, streets = _CALLED.split(), _FAMILIES.split(), _STREETS.split()
    for n in range(number):
        first, last = chance.choice(called), chance.choice(families)
        if chance.random() > 0.1:
            last = _word(chance) + chance.choice(("", "er", "mann", "ski", "son", "-" + last))
        street = chance.choice((*streets, f"{_word(chance)}straße", f"rue de {_word(chance)}"))
        yield (
            *(n + 2, f"K-{1000 + n}", first, last, f"{first} {last}"),
            f"{first}.{last}{n}@mail.example".lower(),
            f"+49 {chance.randint(30, 999)} {chance.randint(10**5, 10**7)}",
            f"{street.replace('_', ' ')} {chance.randint(1, 120)}",
            f"{chance.randint(1938, 2006)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
        )


def _word(chance: random.Random) -> str:
    syllables = (
        "ba",
        "ber",
        "dor",
        "fel",
        "gar",
        "hol",
        "kin",
        "lau",
        "mor",
        "ros",
        "stei",
        "wal",
    )
    return "".join(chance.choices(syllables, k=2)).capitalize()


def measure(site: Path, people: pl.DataFrame, *, rounds: int, show: bool) -> None:
    """Print the cost of the search of one site for all values of these customers."""
    files = [
        Artifact(f"site/{path.relative_to(site).as_posix()}", path.read_bytes())
        for path in sorted(site.rglob("*"))
        if path.is_file()
    ]
    tokens = [f"{n:032x}" for n in range(people.height)]
    before, best, problems = _memory(), float("inf"), list[Problem]()
    for _ in range(rounds):
        began = time.process_time()
        problems = find_leaks(people, files, tokens=tokens)
        best = min(best, time.process_time() - began)
    size = sum(len(file.content) for file in files if isinstance(file.content, bytes))
    print(
        f"{people.height:,} customers, {len(files):,} files, {size / 1e6:.1f} MB: {best:.2f} s of "
        f"CPU, {_memory() - before:,} MB more, {len(problems)} problems"
    )
    if show:
        print(*(f"{problem.at}: {problem.message}" for problem in problems), sep="\n")


def _memory() -> int:
    """Return the most megabytes that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
