"""Lines that somebody may type by mistake, from a grammar of values that nobody means."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

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
    "\u2066abc\u2069",
    "\u200fabc",
    "x" * 300,
    "é" * 10_000,
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


_LETTERS = string.printable + "äßéİ\u0301\u202e\u200b\u00a0\u3000漢שע😀\x00\x1b\udcff\ue000"
_DAY_FORMS = (
    "{y:04}-{m:02}-{d:02}",
    "{y}-{m}-{d}",
    "{y:04}-{m:02}",
    "{y:04}-W{d:02}-{m}",
    "{y:04}-{n:03}",
    "{d}.{m}.{y}",
    "{m}/{d}/{y}",
    "{y:04}{m:02}{d:02}",
    "{y:04}-{m:02}-{d:02}T{d}:{n}",
)


def odd_lines(
    name: str, places: Mapping[str, str], *, seed: int, number: int, deep: int
) -> Iterator[list[str]]:
    """
    Yield so many different lines of arguments for a command, the same for a *seed*.

    The command takes at most *deep* of them, and works on them; the others it refuses at once.
    *places* are paths: of a project, of the folders `new` and `output`, and others.
    """
    dice, command, yielded = random.Random(f"{seed} {name}"), _command(name), set()
    while len(yielded) < number:
        line = [name, *_line(command, places, dice)]
        is_taken = _takes(command, line[1:])
        if is_taken and not deep:
            line.insert(dice.randint(1, len(line)), _refused(command, dice))
        if tuple(line) not in yielded:
            yielded.add(tuple(line))
            deep -= is_taken and deep > 0
            yield line


@cache
def _command(name: str) -> click.Command:
    command = commands.main.get_command(click.Context(commands.main), name)
    assert command
    assert not isinstance(command, click.Group), "its subcommands need lines of their own"
    return command


def _takes(command: click.Command, line: list[str]) -> bool:
    """Return whether the command works on a line, instead of refusing it or showing its help."""
    try:
        command.make_context(command.name, list(line)).close()
    except (click.ClickException, click.exceptions.Exit):
        return False
    except Exception:  # noqa: BLE001 - the test will see it
        return True
    return True


def _refused(command: click.Command, dice: random.Random) -> str:
    """Return an option that the command does not have: of another command, or of none."""
    own = {text for option in command.params for text in (*option.opts, *option.secondary_opts)}
    others = {
        text
        for name in commands.COMMANDS
        for option in _command(name).params
        for text in option.opts
        if text.startswith("--")
    }
    made_up = ("--" + "".join(dice.choices(string.ascii_letters + "-_é=", k=5)), "-é", "--n=1")
    return dice.choice((*sorted(others - own), *made_up))


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
    if dice.random() < 0.05:
        yield dice.choice(options).opts[0]  # again, or without its value


def _option(option: click.Option, places: Mapping[str, str], dice: random.Random) -> Iterator[str]:
    if option.name in ("root", "roots"):
        is_odd = dice.random() < 0.05
        yield from ("--project", _odd(places, dice) if is_odd else places["project"])
    elif "--open" in option.opts:
        yield "--no-open"
    elif option.name == "output":
        is_odd = dice.random() < 0.2
        yield from ("--output", _odd(places, dice) if is_odd else places["output"])
    else:
        for _ in range(dice.choice((0, 0, 0, 0, 0, 1, 1, 1, 2))):
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
    elif parameter.metavar == "DATE" or kind == "day":
        values = (*DATES, _day(dice))
    return dice.choice(values)


def _odd(places: Mapping[str, str], dice: random.Random) -> str:
    mixed = "".join(dice.choices(_LETTERS, k=dice.randint(1, 12)))
    number = str(dice.randint(-(10**9), 10**9))
    listed = (*DATES, *NUMBERS, *TEXTS, *places.values())
    return dice.choice((dice.choice(listed), dice.choice(listed), mixed, number, _day(dice)))


def _day(dice: random.Random) -> str:
    """Return a day that may not exist, in one of many forms."""
    year = dice.choice((0, 1, 1899, 1900, 2026, 2199, 2200, 9999, dice.randint(0, 99_999)))
    parts = {"y": year, "m": dice.randint(0, 13), "d": dice.randint(0, 54)}
    return dice.choice(_DAY_FORMS).format(**parts, n=dice.randint(0, 400))
