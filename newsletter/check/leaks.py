"""Finds customers' values in public files, in plain text or in any encoding."""

from __future__ import annotations

import binascii
import html
import quopri
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote_plus

import polars as pl

from newsletter.check.personal import TEXTS, personal
from newsletter.check.searches import search, searchable
from newsletter.errors import Place, Problem
from newsletter.model.artifact import Artifact
from newsletter.model.key import key_of
from newsletter.model.project import Project

_BATCH = 16_000_000
"""Bytes of files that are searched together."""
_READINGS = {"path": pl.String(), "text": pl.String()}
"""Columns of a frame of texts: the file and a text that it can be read as."""

_TAG = re.compile(r"<[^>]*>")
_PERCENT = re.compile(r"[^\s\"'<>]*%[0-9A-Fa-f]{2}[^\s\"'<>]*")
_QUOTED_PRINTABLE = re.compile(rb"=(?:[0-9A-F]{2}|\r?\n)")
_STRINGS = re.compile(rb"[\x20-\x7e\xa0-\xff]{5,}")
_WRAPPED = r"([A-Za-z0-9+/]{60})\r?\n"
_BASE64_RUN = r"[A-Za-z0-9+/_-]{7,}"
_URL_SAFE = str.maketrans("-_", "+/")
_HINT = "take the customer out, or name them in a story with 'customer:' and 'consent: yes'"


def find_leaks(
    people: pl.DataFrame,
    artifacts: Iterable[Artifact],
    *,
    allowed: Collection[str] = (),
    tokens: Collection[str] = (),
    lines: Iterable[Place] = (),
) -> list[Problem]:
    """
    Return a problem for each public file and each kind of customers' values in it.

    A value that is in *lines*, those of the user's texts, is reported there instead.

    Searches for email addresses, phone numbers, full names, streets with their number, full
    birthdays, ids and *tokens* that identify a customer (check/personal.py), in plain text and
    encoded. Values in the *allowed* texts may be public. Copied files (pictures) are searched by
    path only, private artifacts not at all. A problem names the customer, never the value.
    """
    files = ((artifact.path, _bytes(artifact)) for artifact in artifacts if artifact.public)
    leaks = _leaks(people, files, allowed, tokens)
    places = {str(place): place for place in lines} if leaks else {}
    texts = ((name, place.text.encode()) for name, place in places.items())
    written = _leaks(people, texts, allowed, tokens)
    explained = {(kind, row) for (_, kind), rows in written.items() for row in rows}
    problems = [
        _problem(replace(places[path], text=""), kind, sorted(rows))
        for (path, kind), rows in sorted(written.items())
    ]
    for (path, kind), rows in sorted(leaks.items()):
        if others := sorted(row for row in rows if (kind, row) not in explained):
            problems.append(_problem(Place(path=path), kind, others))
    return problems


def _leaks(
    people: pl.DataFrame,
    files: Iterable[tuple[str, bytes]],
    allowed: Collection[str],
    tokens: Collection[str],
) -> dict[tuple[str, str], set[int]]:
    """Return the customers' rows by file and kind of value."""
    allowed_texts = pl.DataFrame([("", text) for text in allowed], schema=_READINGS, orient="row")
    may_be_public = searchable(allowed_texts)
    leaks: dict[tuple[str, str], set[int]] = defaultdict(set)
    for batch in _batches(files):
        site = searchable(_readings(batch))
        values = personal(people, tokens, candidates=site.candidates)
        fine = {(leak.kind, leak.value) for leak in search(may_be_public, values)}
        for leak in search(site, values):
            if (leak.kind, leak.value) not in fine:
                leaks[leak.path, leak.kind].add(leak.row)
    return leaks


def public_lines(project: Project) -> Iterator[Place]:
    """Yield each line of the public texts, with the text itself."""
    bodies = [issue.body for issue in project.issues]
    bodies += [entry.body for entry in project.entries if entry.public]
    for body in bodies:
        for number, _ in enumerate(body.text.split("\n"), 1):
            yield body.place(number)


def values_key(
    people: pl.DataFrame, *, allowed: Collection[str] = (), tokens: Collection[str] = ()
) -> str:
    """Return the key of what find_leaks searches for. Its results stay valid while this stays."""
    columns = [name for name in (*TEXTS, "row") if name in people.columns]
    table = people.select(columns).write_csv().encode()
    return key_of(table, list(allowed), list(tokens))


def publishable(project: Project) -> tuple[str, ...]:
    """Return values that may be public: those of the firm, and customers' with their consent."""
    config = project.config
    business = config.business
    firm = [business.name, business.postal_address, business.email, business.phone]
    firm += [config.sender.name, config.sender.email, config.sender.reply_to or ""]
    team = [text for m in config.team for text in (m.name, m.email or "", m.phone)]
    stories = [entry.customer for entry in project.entries if entry.consent]
    places = [entry.place for entry in project.entries]
    return tuple(text for text in (*firm, *team, *stories, *places) if text)


def _bytes(artifact: Artifact) -> bytes:
    if isinstance(artifact.content, bytes):
        return artifact.content
    return b"" if isinstance(artifact.content, Path) else b"".join(artifact.content())


def _batches(files: Iterable[tuple[str, bytes]]) -> Iterator[list[tuple[str, bytes]]]:
    """Yield files to search together; reading a text in several ways takes ten times its size."""
    batch, size = [], 0
    for path, data in files:
        batch.append((path, data))
        size += len(data)
        if size > _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _problem(at: Place, kind: str, rows: list[int]) -> Problem:
    whose = f"the customer in line {rows[0]} of the customer file" if rows[0] else "a customer"
    others = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
    message = f"the {kind} of {whose}{others} would be public"
    return Problem(message=message, at=at, hint=_HINT)


def _readings(files: Iterable[tuple[str, bytes]]) -> pl.DataFrame:
    """
    Return every text that the files can be read as.

    Decodes HTML entities (with and without tags between them), percent-encoding (twice),
    quoted-printable, and base64 at every alignment, also inside the others. The path of a file is
    part of its text.
    """
    rows = [(path, text) for path, data in files for text in _plain(path, data)]
    plain = pl.DataFrame(rows, schema=_READINGS, orient="row").unique(maintain_order=True)
    return pl.concat([plain, _from_base64(plain)])


def _plain(path: str, data: bytes) -> Iterator[str]:
    text = f"{path}\n{_decoded(data)}"
    yield html.unescape(text)
    if "<" in text:
        yield " ".join(html.unescape(_TAG.sub(" ", text)).split())
    if "%" in text:
        once = "\n".join(unquote_plus(part) for part in _PERCENT.findall(html.unescape(text)))
        yield once
        yield unquote_plus(once)
    if _QUOTED_PRINTABLE.search(data):
        yield html.unescape(_decoded(quopri.decodestring(data)))


def _decoded(data: bytes) -> str:
    """Return the text of a file, or the strings in a binary file such as a picture."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return b"\n".join(_STRINGS.findall(data)).decode("utf-8", "replace")


def _from_base64(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the decoded runs of base64 characters; a repeated run is decoded once."""
    runs = (
        texts.with_columns(
            run=pl.col("text").str.replace_all(_WRAPPED, "$1").str.extract_all(_BASE64_RUN)
        )
        .select("path", "run")
        .explode("run")
        .drop_nulls()
        .unique("run", maintain_order=True)
    )
    decoded = [_decoded_run(run) for run in runs["run"]]
    return pl.DataFrame({"path": runs["path"], "text": decoded}, schema=_READINGS)


def _decoded_run(run: str) -> str:
    """Decode the run from each of the four characters at which the encoding may begin."""
    characters = run.translate(_URL_SAFE)
    pieces = []
    for start in range(4):
        part = characters[start:]
        part = part[: len(part) - 1] if len(part) % 4 == 1 else part
        data = binascii.a2b_base64(part + "=" * (-len(part) % 4))
        pieces.append(data.decode("utf-8", "replace"))
    return "\n".join(pieces)
