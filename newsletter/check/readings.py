"""A public file as texts: as it is, and with what it holds in other encodings decoded."""

from __future__ import annotations

import base64
import html
import quopri
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote_plus

import polars as pl

READINGS = {"path": pl.String(), "text": pl.String()}

_TAG = re.compile(r"<[^>]*>")
_PERCENT = re.compile(r"[^\s\"'<>]*%[0-9A-Fa-f]{2}[^\s\"'<>]*")
_QUOTED_PRINTABLE = re.compile(rb"=(?:[0-9A-F]{2}|\r?\n)")
_STRINGS = re.compile(rb"[\x20-\x7e\xa0-\xff]{5,}")
_WRAPPED = r"([A-Za-z0-9+/]{60})\r?\n"
_BASE64_RUN = r"[A-Za-z0-9+/_-]{7,}"
_URL_SAFE = str.maketrans("-_", "+/")


def readings(files: Iterable[tuple[str, bytes]]) -> pl.DataFrame:
    """
    Return every text that the files can be read as: a frame of READINGS.

    Decoded are HTML entities (with and without the tags between), percent-encoding (twice),
    quoted-printable, and base64 in all its alignments, also inside the others. A path is part of
    its file's text.
    """
    rows = [(path, text) for path, data in files for text in _plain(path, data)]
    plain = pl.DataFrame(rows, schema=READINGS, orient="row").unique(maintain_order=True)
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
    """Return the text of a file; of a picture or another binary file, the strings in it."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return b"\n".join(_STRINGS.findall(data)).decode("utf-8", "replace")


def _from_base64(texts: pl.DataFrame) -> pl.DataFrame:
    """Return what runs of base64 characters say, each decoded once however often it stands."""
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
    return pl.DataFrame({"path": runs["path"], "text": decoded}, schema=READINGS)


def _decoded_run(run: str) -> str:
    """Decode from each of the four places where the encoding may have begun."""
    characters = run.translate(_URL_SAFE)
    pieces = []
    for start in range(4):
        part = characters[start:]
        part = part[: len(part) - 1] if len(part) % 4 == 1 else part
        pieces.append(base64.b64decode(part + "=" * (-len(part) % 4)).decode("utf-8", "replace"))
    return "\n".join(pieces)
