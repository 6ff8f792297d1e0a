"""Reads what mailing services export after a sending: who left, what bounced, who complained."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from newsletter.errors import NewsletterError, Place, raise_all
from newsletter.model.domains import folded_address
from newsletter.read.people.excel import SheetChoice
from newsletter.read.people.file_kinds import is_json
from newsletter.read.people.findings import ROW, Column, Findings, counted_words
from newsletter.read.people.header_names import NAMES, OBJECTION, by_key, key, plain_words
from newsletter.read.people.raw_tables import RawTable, headers_of, raw_table
from newsletter.read.people.suppression import read_addresses
from newsletter.read.people.table_files import parse_raw, read_table_bytes
from newsletter.read.people.values.moments import parse
from newsletter.read.people.values.numbers import read_score
from newsletter.read.people.values.texts import read_long_text
from newsletter.read.people.values.yes_and_no import NO, NOTHING
from newsletter.read.returned.service_entries import read_entries
from newsletter.read.yaml import packaged_yaml

EVENTS: dict[str, pl.DataType] = {
    "file": pl.String(),
    "row": pl.UInt32(),
    "address": pl.String(),  # as it is compared; null: the row names a number
    "customer": pl.String(),  # the number as written
    "kind": pl.String(),  # of KINDS
    "date": pl.Date(),
    "reason": pl.String(),
    "score": pl.Float64(),
    "text": pl.String(),
}
KINDS = ("complaint", "leave", "dead", "policy", "soft", "bounce", "nothing", "answer")
"""What a row can mean; of several, the first counts. `bounce` is settled by its status code."""
_WORDS: Any = packaged_yaml("services.yml").data
_FIELDS = by_key(
    {
        **_WORDS["headers"],
        "email": f"{NAMES['customers']['email']} {_WORDS['headers']['email']}",
    }
)
_DAYS = {
    key(name): kind
    for kind, names in (("leave", NAMES["customers"][OBJECTION]), *_WORDS["days"].items())
    for name in names.split()
}
_MEANINGS = {
    plain_words(word.replace("_", " ")): kind
    for kind, words in _WORDS["words"].items()
    for word in words.split()
}
_STATUS = re.compile(r"(?<![\d.])([45])\.(\d{1,3})\.(\d{1,3})(?![.\d]*\d)")
_LONGEST_REASON = 200
_AS = "say what each row means: --as unsubscribed, --as bounced or --as complained"


def read_service_export(file: Path, *, shown: str, meaning: str = "") -> pl.DataFrame:
    """
    Return EVENTS, a row for each of the file (CSV, Excel, JSON, JSON Lines).

    *meaning* is the kind of all rows, if the file does not say it. Raises NewsletterError with
    every row that names nobody, and every word that is not understood.
    """
    findings = Findings(shown=shown)
    raw = _raw(read_table_bytes(file, shown, or_json=True), findings)
    fields: dict[str, list[Column]] = {}
    for header in raw.headers:
        word = key(header)
        field = "day" if word in _DAYS else _FIELDS.get(word, ("", 0))[0]
        fields.setdefault(field, []).append(raw.column(header))
    whose = _whose(raw, fields, findings)
    score, text = _answers(raw, fields, findings)
    kinds = _kinds(raw, fields, findings, meaning=meaning, named=_named(file.stem))
    silent = _first(raw, fields.get("kind", ())).is_null()  # an unknown word may be a no
    answered = (score.is_not_null() | text.is_not_null()) & silent
    frame = whose.with_columns(
        file=pl.lit(shown),
        kind=pl.when(kinds.is_null() & answered).then(pl.lit("answer")).otherwise(kinds),
        date=_days(raw, [*fields.get("day", ()), *fields.get("date", ())]),
        reason=_reasons(raw, fields),
        score=score,
        text=text,
    ).rename({ROW: "row"})
    _refuse_unknown(frame, fields, findings)
    raise_all((*findings.problems, *findings.bad_rows()))
    return frame.select(pl.col(name).cast(dtype) for name, dtype in EVENTS.items())


def _whose(
    raw: RawTable, fields: Mapping[str, Sequence[Column]], findings: Findings
) -> pl.DataFrame:
    """Return ROW, address and customer; report rows that name nobody."""
    if not (fields.get("email") or fields.get("customer")):
        message = f"no column has email addresses: {', '.join(raw.headers[:12])}"
        hint = "name it 'email'; is this the export of who left, bounced or complained?"
        at = Place(path=findings.shown, line=findings.header_row)
        raise NewsletterError.at(message, at, hint=hint)
    addresses = [read_addresses(column, findings) for column in fields.get("email", ())]
    numbers = [column.text for column in fields.get("customer", ())]
    nobody = pl.lit(None, pl.String)
    frame = raw.cells.select(
        ROW,
        address=pl.coalesce(*addresses, nobody),
        customer=pl.coalesce(*numbers, nobody),
    ).with_columns(address=folded_address("address"))
    faulty = pl.col(ROW).is_in([fault.row for fault in findings.faults])
    empty = pl.all_horizontal(pl.col("address", "customer").is_null())
    for row in frame.filter(empty & ~faulty)[ROW]:
        findings.bad_row(row, "the row names nobody", hint="write the email address, or delete it")
    return frame


def _kinds(
    raw: RawTable,
    fields: Mapping[str, Sequence[Column]],
    findings: Findings,
    *,
    meaning: str,
    named: str,
) -> pl.Series:
    """
    Return the kind of each row; null if no word of it is understood.

    *meaning*, if the user gave one, goes before all words; what the file is *named*, after them.
    """
    if meaning:
        return pl.Series([meaning] * raw.cells.height, dtype=pl.String)
    columns, days = fields.get("kind", ()), fields.get("day", ())
    texts = [*(column.text for column in columns), _first(raw, fields.get("reason", ()))]
    marked = [_marked(column) for column in days]
    settled = [
        _kind(cells, {kinds[number] for kinds in marked})
        for number, cells in enumerate(zip(*texts, strict=True))
    ]
    kinds = pl.Series(settled, dtype=pl.String)
    if columns or days:
        return kinds
    if not (named or kinds.count() or fields.get("score") or fields.get("text")):
        at = Place(path=findings.shown, line=findings.header_row)
        raise NewsletterError.at("nothing in the file says what happened", at, hint=_AS)
    return kinds.fill_null(named) if named else kinds


def _marked(column: Column) -> list[str]:
    """Return what a column means by being filled in each row, such as `UNSUB_TIME`."""
    kind, nothing = _DAYS[key(column.header)], NO | NOTHING
    return [kind if text and text.lower() not in nothing else "nothing" for text in column.text]


def _kind(cells: Iterable[str | None], kinds: set[str]) -> str | None:
    """Return what a row means by its words and its *kinds*; a bounce, by its status code."""
    texts = [cell for cell in cells if cell]
    codes = [match for text in texts for match in _STATUS.finditer(text)]
    meant = kinds | {_MEANINGS.get(plain_words(text), "") for text in texts}
    if codes and meant <= {"", "bounce", "nothing"}:
        meant = {_by_code(codes[0])}
    first = next((kind for kind in KINDS if kind in meant), None)
    return "dead" if first == "bounce" else first


def _by_code(code: re.Match[str]) -> str:
    """Return the kind of a bounce by its status code (RFC 3463)."""
    if code[1] == "5" and code[2] == "7":
        return "policy"
    is_dead = code[1] == "5" and (code[2] == "1" or code[0] in ("5.2.1", "5.0.0"))
    return "dead" if is_dead else "soft"


def _named(name: str) -> str:
    """Return the kind that the name of a file says; empty if it says none."""
    word = key(name)
    for kind, parts in _WORDS["files"].items():
        if any(key(part) in word for part in parts.split()):
            return str(kind)
    return ""


def _answers(
    raw: RawTable, fields: Mapping[str, Sequence[Column]], findings: Findings
) -> tuple[pl.Series, pl.Series]:
    """Return the scores from 0 to 10 and the texts of a survey."""
    score = pl.Series([None] * raw.cells.height, dtype=pl.Float64)
    for column in fields.get("score", ())[:1]:
        score = read_score(column, findings).values.cast(pl.Float64)
    text = pl.Series([None] * raw.cells.height, dtype=pl.String)
    for column in fields.get("text", ())[:1]:
        text = read_long_text(column, findings).values
    return score, text


def _reasons(raw: RawTable, fields: Mapping[str, Sequence[Column]]) -> pl.Series:
    """Return why, in the words of the service, where they say more than the kind."""
    texts = _first(raw, fields.get("reason", ()))
    told = [text if text and plain_words(text) not in _MEANINGS else None for text in texts]
    return pl.Series(told, dtype=pl.String).str.slice(0, _LONGEST_REASON)


def _refuse_unknown(
    frame: pl.DataFrame, fields: Mapping[str, Sequence[Column]], findings: Findings
) -> None:
    """Report the words of rows of which nobody knows what they mean."""
    unknown = frame["kind"].is_null()
    for column in fields.get("kind", ())[:1]:
        for word in counted_words(column, unknown & column.text.is_not_null()):
            hint = "delete such rows, or write unsubscribed, bounced, complained or delivered"
            findings.problem(f"{word} is not understood", hint=hint, row=findings.header_row)
        unknown &= column.text.is_null()
    for row in frame["row"].filter(unknown):
        findings.bad_row(row, "the row does not say what happened", hint=_AS)


def _first(raw: RawTable, columns: Sequence[Column]) -> pl.Series:
    """Return the first text of each row."""
    texts = [column.text for column in columns]
    first = pl.coalesce(*texts, pl.lit(None, pl.String))
    return raw.cells.select(ROW, _first=first)["_first"]


def _days(raw: RawTable, columns: Sequence[Column]) -> pl.Series:
    """Return the day of each row; null if it has none, or one that can be two."""
    return pl.Series([_day(text) for text in _first(raw, columns)], dtype=pl.Date)


def _day(text: str | None) -> dt.date | None:
    if text and re.fullmatch(r"\d{10}(?:\d{3})?", text):  # seconds, or thousandths, since 1970
        return dt.datetime.fromtimestamp(int(text[:10]), tz=dt.UTC).date()
    parsed = parse(text[:10] if text[4:5] == "-" else text, "") if text else None
    return parsed[0] if parsed and parsed[1] else None


def _raw(data: bytes, findings: Findings) -> RawTable:
    if not is_json(data):
        return parse_raw(data, {*_FIELDS, *_DAYS}, SheetChoice("history"), findings=findings)
    entries = read_entries(data, shown=findings.shown)
    findings.shown += " (entry)"
    names = headers_of([*dict.fromkeys(itertools.chain(*entries))], shown=findings.shown)
    texts = (pl.Series(name, [e.get(name) for e in entries], pl.String) for name in names)
    numbers = pl.Series(ROW, range(1, len(entries) + 1), dtype=pl.UInt32)
    return raw_table(pl.DataFrame([*texts, numbers]), findings)
