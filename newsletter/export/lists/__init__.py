"""Tables that people fill in and give back: the day's work lists, and its plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from textwrap import shorten

import polars as pl

from newsletter.errors import Place, Problem
from newsletter.export.lists.workbook import can_write, excel_workbook
from newsletter.export.table import excel_file
from newsletter.model.artifact import Artifact
from newsletter.model.care import GIFTS, CarePlan, Touch
from newsletter.model.channels import BY_HAND
from newsletter.model.command_line import quoted
from newsletter.model.config import Config
from newsletter.model.key import key_of
from newsletter.model.project import Project
from newsletter.model.tables import FILLED_IN, TO_DO, FilledList
from newsletter.plan.fitting_gifts import with_codes
from newsletter.read.list_words import channels_in, columns_in, headers_in
from newsletter.read.returned.earlier_output import filled_lists

_NO_GIFTS = pl.DataFrame(schema=GIFTS)
_LONGEST = 400
"""Characters of a text in a list; the page and the letter show all of it."""


def worklists(project: Project, plan: CarePlan, touches: Sequence[Touch]) -> Iterator[Artifact]:
    """
    Yield `private/care/lists/<day>-<member>.csv`, and `.xlsx` if XlsxWriter is installed.

    Each touchpoint has a row, in the order of `in_order`. The team fills in the first eight
    columns, and `newsletter record --plan` reads them. Headers and outcomes are in the language of
    the project.
    """
    business, language = project.config.business, project.config.language
    headers = headers_in(language)
    for (day, member), tasks in by_day_and_member(touches):
        frame = _frame(tasks, headers, channels_in(language))
        path = f"private/care/lists/{day}-{member}"
        yield excel_file(f"{path}.csv", frame, country=business.country)
        if can_write():
            name = project.config.member(member).name
            title = f"{business.name} · {name} · {day}"
            make = partial(_workbook, frame, title=title, day=day, language=language)
            yield Artifact(f"{path}.xlsx", make, key_of("xlsx", frame, title, day, language))


def table_to_read(frame: pl.DataFrame, path: str, config: Config) -> Artifact:
    """Return a table for people that nobody gives back, in the language of the team."""
    headers, channels = columns_in(config.language), channels_in(config.language)
    members = {member.id: member.name for member in config.team}
    words = {"channel": channels, "instead": channels, "member": members}
    shown = frame.with_columns(
        pl.col(name).cast(pl.String).replace(words[name])
        for name in frame.columns
        if name in words
    ).rename({name: headers[name] for name in frame.columns})
    return excel_file(path, shown, country=config.business.country)


def excel_remarks() -> tuple[Problem, ...]:
    """Return a remark that workbooks are missing, if XlsxWriter is not installed."""
    if can_write():
        return ()
    message = "the work lists were written as CSV only"
    return (Problem(message=message, hint="pip install xlsxwriter"),)


def plan_file(
    table: pl.DataFrame,
    path: str,
    config: Config,
    gifts: pl.DataFrame = _NO_GIFTS,
    touches: Sequence[Touch] = (),
) -> Artifact:
    """
    Return PLAN as a file that Excel opens and `newsletter record` reads.

    Beside it stand the codes of vouchers (GIFTS), and the keys of the prompts of *touches*.
    """
    noted = with_codes(table, gifts).with_columns(prompt_keys=pl.lit(None, pl.String()))
    keys = [(t.customer, t.practice, t.key, t.date, _prompt_keys(t)) for t in touches if t.prompts]
    if keys:
        named = pl.DataFrame(keys, schema=_PROMPTED, orient="row").unique(_PROMPTED[:-1])
        noted = noted.drop("prompt_keys").join(
            named, on=_PROMPTED[:-1], how="left", maintain_order="left"
        )
    return excel_file(path, noted, country=config.business.country)


_PROMPTED = ["customer", "practice", "key", "date", "prompt_keys"]


def _prompt_keys(touch: Touch) -> str:
    return "; ".join(prompt.key for prompt in touch.prompts)


def keep_filled(
    output: Path, artifacts: Iterable[Artifact], history: pl.DataFrame, *, dates: str = ""
) -> tuple[list[Artifact], tuple[Problem, ...]]:
    """
    Return the artifacts with the filled lists of *output* unchanged, and a remark on each list.

    Includes lists of earlier days, so that a build does not remove them. *dates* is the setting of
    newsletter.yml.
    """
    filled = {table.path: table for table in filled_lists(output, history, dates=dates)}
    others = [artifact for artifact in artifacts if artifact.path not in filled]
    preserved = [Artifact(path, output / path) for path in filled]
    return others + preserved, tuple(_remark(table, output.name) for table in filled.values())


def by_day_and_member(
    touches: Sequence[Touch],
) -> Iterator[tuple[tuple[dt.date, str], list[Touch]]]:
    """Yield each day and team member with their touchpoints, in the order of the work."""
    for key, group in groupby(in_order(touches), key=lambda touch: (touch.date, touch.member)):
        yield key, list(group)


def in_order(touches: Sequence[Touch]) -> list[Touch]:
    """Return touchpoints by day and member: owed ones first, then by channel and priority."""
    return sorted(touches, key=_order)


def _order(touch: Touch) -> tuple[dt.date, str, bool, int, int, str, str]:
    place = BY_HAND.index(touch.channel) if touch.channel in BY_HAND else len(BY_HAND)
    return (
        touch.date,
        touch.member,
        not touch.owed,
        place,
        -touch.priority,
        touch.name.casefold(),
        touch.customer + touch.practice,
    )


def _workbook(frame: pl.DataFrame, *, title: str, day: dt.date, language: str) -> list[bytes]:
    return [excel_workbook(frame, title=title, day=day, language=language)]


def _frame(
    touches: Sequence[Touch], headers: Mapping[str, str], channels: Mapping[str, str]
) -> pl.DataFrame:
    """Return the list with its headers and names of channels; every cell is text."""
    tasks = [task for touch in touches for task in (_to_do(touch), *_also(touch))]
    rows = [
        dict.fromkeys(FILLED_IN, "") | task | {"channel": channels[task["channel"]]}
        for task in tasks
    ]
    frame = pl.DataFrame(rows, schema=dict.fromkeys((*FILLED_IN, *TO_DO), pl.String()))
    return frame.rename({field: headers[field] for field in frame.columns})


def _to_do(touch: Touch) -> dict[str, str]:
    return {
        "customer": touch.customer,
        "name": touch.name,
        "title": touch.title,
        "channel": touch.channel,
        "phone": touch.phone,
        "words": shorten(touch.goes_with or touch.text, _LONGEST, placeholder=" …"),
        "prompts": " · ".join(prompt.text for prompt in touch.prompts),
        "because": touch.because,
        "key": touch.key,
        "code": touch.code,
        "practice": touch.practice,
        "entry": touch.entry,
        "prompt_keys": _prompt_keys(touch),
        "list": f"{touch.date} {touch.member}",
    }


def _also(touch: Touch) -> Iterator[dict[str, str]]:
    """Yield a row for everything else that is owed, so that each is ticked by itself."""
    for other in touch.also:
        yield _to_do(touch) | {
            "title": other.title,
            "practice": other.practice,
            "words": other.title,
            "prompts": "",
            "because": other.because,
            "key": other.key,
            "code": "",
            "entry": "",
            "prompt_keys": "",
        }


def _remark(filled: FilledList, folder: str) -> Problem:
    rows = f"{filled.rows} ticks that are" if filled.rows > 1 else "a tick that is"
    message = f"the list has {rows} not in the history" if filled.rows else "the list was changed"
    hint = f"record it: newsletter record --plan {quoted(f'{folder}/{filled.path}')}"
    return Problem(
        message=f"{message}, so this build has not replaced it",
        at=Place(path=filled.path),
        hint=hint,
    )
