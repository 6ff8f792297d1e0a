"""`newsletter import`: what a mailing service exports, into the tables of the customers."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import click

from newsletter.commands.options import RUNS, TABLE, with_project, with_today, with_verbose
from newsletter.errors import Problem, attempt, raise_all

if RUNS:
    import polars as pl

    from newsletter.commands.inputs import Notes, open_notes
    from newsletter.commands.screen import Screen
    from newsletter.model.domains import folded_address
    from newsletter.model.tables import FEEDBACK, SUPPRESSED
    from newsletter.read.returned.service_exports import read_service_export
    from newsletter.sending.inbox import SOFT_DAYS, SOFT_TIMES

_MEANINGS = {"unsubscribed": "leave", "bounced": "dead", "complained": "complaint"}
_SUPPRESSES = ("complaint", "leave", "dead")
_MOST = 20
"""Rows that are told one by one, unless all are asked for."""


@click.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=TABLE)
@click.option(
    "--as",
    "meaning",
    type=click.Choice(list(_MEANINGS)),
    help="What every row means, if the file does not say it.",
)
@with_verbose
@with_project
@with_today
def command(
    *, files: Sequence[Path], meaning: str | None, verbose: bool, root: Path, today: dt.date
) -> None:
    """
    Read what a mailing service exports after a sending: who left, bounced, complained, answered.

    Nobody is ever signed up again by it. Safe to run again.
    """
    problems: list[Problem] = []
    kind = _MEANINGS[meaning] if meaning else ""
    readers = [partial(read_service_export, f, shown=str(f), meaning=kind) for f in files]
    events = [attempt(reader, problems) for reader in readers]
    raise_all(problems)
    rows = pl.concat([frame for frame in events if frame is not None])
    with open_notes(root, today) as notes:
        screen = Screen(notes.config.language)
        judged = _judged(rows, notes, today)
        _write(judged, notes, today)
    click.echo("\n".join(_told(judged, screen, most=rows.height if verbose else _MOST)))


def _judged(rows: pl.DataFrame, notes: Notes, today: dt.date) -> pl.DataFrame:
    """Return the rows with `id`, `who` and `effect`: the phrase `import_<effect>` of a screen."""
    customers = notes.people.customers
    names = customers.select("id", who=pl.coalesce("name", "company", "email", "id"))
    addresses = customers.select("id", address=folded_address("email")).drop_nulls()
    by_address = addresses.unique("address", keep="first", maintain_order=True)
    numbers = customers.select(customer="id", _number="id")
    rows = (
        rows.join(by_address, on="address", how="left", maintain_order="left")
        .join(numbers, on="customer", how="left", maintain_order="left")
        .with_columns(
            id=pl.coalesce("id", pl.when(pl.col("address").is_null()).then("_number")),
            whose=pl.coalesce("address", "customer"),
        )
        .join(names, on="id", how="left", maintain_order="left")
        .with_columns(who=pl.coalesce("who", "address", "customer"))
        .with_columns(key=_key())
        .with_columns(pl.col("date").fill_null(today), dated=pl.col("date").is_not_null())
    )
    kind, nobody = pl.col("kind"), pl.col("id").is_null()
    often = (kind == "soft") & (_soft_so_far() >= SOFT_TIMES)
    gone = kind.is_in(_SUPPRESSES) | often
    again = gone & (gone.cum_sum().over("whose") > 1)
    answered = pl.col("key").is_in(notes.people.tables["feedback"]["id"].drop_nulls().implode())
    effect = (
        pl.when(gone & (again | _on_list(notes.people.tables["suppressed"])))
        .then(pl.lit("listed"))
        .when(gone & nobody & pl.col("address").is_null())
        .then(pl.lit("unknown"))
        .when(often)
        .then(pl.lit("often"))
        .when((kind == "answer") & nobody)
        .then(pl.lit("unknown"))
        .when((kind == "answer") & (answered | ~pl.col("key").is_first_distinct()))
        .then(pl.lit("known"))
        .otherwise(kind)
    )
    return rows.with_columns(effect=effect)


def _soft_so_far() -> pl.Expr:
    """Return on how many days a mailbox was not reached before, this one included."""
    once = pl.struct("whose", "date", "kind").is_first_distinct() & pl.col("dated")
    soft = ((pl.col("kind") == "soft") & once).cast(pl.Int32)
    return soft.rolling_sum_by("date", window_size=f"{SOFT_DAYS}d").over("whose")


def _on_list(suppressed: pl.DataFrame) -> pl.Expr:
    listed = suppressed.select(address=folded_address("email"))["address"].drop_nulls().implode()
    ids = suppressed["customer"].drop_nulls().implode()
    on_list = pl.col("address").is_in(listed) | pl.col("id").is_in(ids)
    return on_list.fill_null(value=False)


def _key() -> pl.Expr:
    """Return the id of an answer: the same for the same answer, whenever it is read."""

    def digest(text: str) -> str:
        return f"import-{hashlib.sha256(text.encode()).hexdigest()[:12]}"

    parts = [pl.col(n).cast(pl.String).fill_null("") for n in ("whose", "date", "score", "text")]
    return pl.concat_str(parts, separator="\n").map_elements(digest, return_dtype=pl.String)


def _write(rows: pl.DataFrame, notes: Notes, today: dt.date) -> None:
    """Add who may get no more, and the answers, to the tables."""
    gone = rows.filter(pl.col("effect").is_in((*_SUPPRESSES, "often")))
    if gone.height:
        words = pl.col("effect").replace({kind: word for word, kind in _MEANINGS.items()})
        reason = pl.concat_str(words, pl.col("reason"), separator=": ", ignore_nulls=True)
        added = gone.select(
            email="address",
            customer="id",
            date=pl.min_horizontal("date", pl.lit(today)),
            reason=reason.str.replace_all(r"\s+", " "),
        )
        notes.add_rows("suppressed", _typed(added, SUPPRESSED), year=today.year)
    answers = rows.filter(pl.col("effect") == "answer")
    if answers.height:
        added = answers.select("date", "score", "text", id="key", customer="id")
        notes.add_rows("feedback", _typed(added, FEEDBACK), year=today.year)


def _typed(rows: pl.DataFrame, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    missing = [
        pl.lit(None, dtype).alias(n) for n, dtype in schema.items() if n not in rows.columns
    ]
    rows = rows.with_columns(missing)
    return rows.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def _told(rows: pl.DataFrame, screen: Screen, *, most: int) -> Iterator[str]:
    """Yield what each row did, or why nothing; rows without a meaning for us are only counted."""
    shown = rows.filter(pl.col("effect") != "nothing")
    for file, row, who, effect in shown.select("file", "row", "who", "effect").head(most).rows():
        yield f"{file}:{row}: {screen(f'import_{effect}', who=who)}"
    if shown.height > most:
        yield screen("import_more", n=shown.height - most)
    for effects, phrase in (
        ((*_SUPPRESSES, "often"), "import_suppressed"),
        (("answer",), "import_answers"),
        (("listed", "known"), "import_before"),
        (("soft", "policy"), "import_waits"),
        (("unknown",), "import_strangers"),
        (("nothing",), "import_nothing"),
    ):
        if number := rows.filter(pl.col("effect").is_in(effects)).height:
            yield screen.counted(phrase, number)
