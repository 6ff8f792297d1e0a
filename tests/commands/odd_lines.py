"""Lines that somebody may type by mistake: every option, with values nobody means."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

import click

from newsletter import commands

DATES = (
    "0001-01-01",
    "0001-01-02",
    "9999-12-31",
    "9999-12-30",
    "9999-06-01",
    "1899-12-31",
    "2026-W53-7",
    "2026-W01",
    "2026-W01-1",
    "2026-001",
    "20261103",
    "2026-02-30",
    "2028-02-29",
    "2026-11-03",
    "2026-11-03T10:00",
    "10000-01-01",
    "-0001-01-01",
    "3.11.2026",
    "today",
    "２０２６-１１-０３",
    "2026-1-3",
)
NUMBERS = (
    "0",
    "-1",
    "1",
    "7",
    "365",
    "366",
    "1_000",
    "1e3",
    "inf",
    "nan",
    "0x10",
    "9" * 25,
    "9" * 5000,
    "1.5",
    "٣",
)
TEXTS = (
    "",
    " ",
    "\n",
    "\t",
    "-",
    "--",
    "---",
    "=",
    "'",
    '"',
    "\\",
    "%s",
    "{0}",
    "{{ 1 }}",
    "*",
    "?",
    "[",
    "(",
    ".*",
    "a|b",
    "ada",
    "1",
    "2",
    "ann",
    "hello",
    "plain",
    "2026-11",
    "Ada Lovelace",
    "ada@example.com",
    "email",
    "id",
    "birthday",
    "é",
    "e\u0301",
    "ß",
    "İ",
    "😀",
    "👩‍👩‍👧",
    "שלום",
    "\u202eabc",
    "\ufeff",
    "\u200b",
    "\x00",
    "\x1b[31m",
    "\x07",
    "\x85",
    "\ud800",
    "caf\udce9",
    "\udcff",
    "\ue000v0\ue001",
    "x" * 300,
    "x" * 100_000,
    "a " * 5_000,
    "~",
    "~/x",
    "$HOME",
    "CON",
    "nul",
    "../..",
    ".",
    "..",
    "a/b",
    "a\\b",
    "C:\\x",
    "-h",
    "--today",
)


def odd_lines(
    places: Mapping[str, str], *, seed: int, builds: int, others: int
) -> Iterator[list[str]]:
    """
    Yield lines of arguments for every command, the same for a *seed*: *builds*, and *others*.

    *places* are paths: of a project, of the folders `new` and `output`, and others.
    """
    dice = random.Random(seed)
    for name in commands.COMMANDS:
        command = commands.main.get_command(click.Context(commands.main), name)
        assert command
        for _ in range(builds if name in ("build", "plan") else others):
            yield [name, *_line(command, places, dice)]


def _line(command: click.Command, places: Mapping[str, str], dice: random.Random) -> Iterator[str]:
    options = [p for p in command.params if isinstance(p, click.Option)]
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    for option in options:
        yield from _option(option, places, dice)
    for argument in arguments:
        is_free = argument.nargs == -1 or not argument.required
        for _ in range(dice.choice((1, 1, 1, 2, 0)) if is_free else 1):
            yield _value(argument, places, dice)
    if dice.random() < 0.05:
        yield _odd(places, dice)


def _option(option: click.Option, places: Mapping[str, str], dice: random.Random) -> Iterator[str]:
    if option.name in ("root", "roots"):
        yield from ("--project", places["project"])
    elif "--open" in option.opts:
        yield "--no-open"
    elif option.name == "output":
        yield from ("--output", dice.choice((places["output"], places["odd.bin"])))
    elif dice.random() < 0.3:
        yield option.opts[0]
        if not option.is_flag:
            yield _value(option, places, dice)


def _value(parameter: click.Parameter, places: Mapping[str, str], dice: random.Random) -> str:
    kind = str(getattr(parameter.type, "name", ""))
    values: Sequence[str] = TEXTS
    if dice.random() < 0.25:
        return _odd(places, dice)
    if isinstance(parameter.type, click.Choice):
        values = [*map(str, parameter.type.choices)]
    elif "int" in kind:
        values = NUMBERS
    elif parameter.metavar == "DIR":
        values = (places["new"],)
    elif isinstance(parameter.type, click.Path):
        values = [*places.values()]
    elif parameter.metavar == "DATE":
        values = DATES
    return dice.choice(values)


def _odd(places: Mapping[str, str], dice: random.Random) -> str:
    return dice.choice((*DATES, *NUMBERS, *TEXTS, *places.values()))
