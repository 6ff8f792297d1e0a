"""Reads files in every way that may show a value: without tags, decoded, with lines unfolded."""

from __future__ import annotations

import binascii
import html
import quopri
import re
import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import unquote_plus, unquote_to_bytes

import polars as pl

_COLUMNS = {"path": pl.String(), "text": pl.String()}
"""Columns of a frame of texts: the file and a text that it can be read as."""

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+"
)
"""Soft hyphens, joiners, marks of direction and the like: nothing that a reader sees."""
_UNSEEN_TAG = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small"
    r"|span|strike|strong|sub|sup|time|tspan|tt|u|var|wbr"
    r"|text:span|a:(?:r|t|rPr)|w:(?!(?:p|br|tab|tc|tr)\b)\w+)(?=[\s/>])[^<>]*>|<!--[^>]*-->",
    re.I,
)
"""Tags of HTML, SVG and office files that do not part a word."""
_CELL = re.compile(r"</?(?:td|th)\b[^<>]*>", re.I)
_TAG = re.compile(r"<[^>]*>")
# Begins where a run begins, or a long one would be read again from each of its characters.
_PERCENT = re.compile(r"(?<![^\s\"'<>])[^\s\"'<>]*%[0-9A-Fa-f]{2}[^\s\"'<>]*")
_QUOTED_PRINTABLE = re.compile(r"=(?:[0-9A-F]{2}|\r?\n)")
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))")
_LINE_FOLD = re.compile(r"\r?\n[ \t]")
_BASE64 = r"[A-Za-z0-9+/_-]{8,}"
_BASE64_LINES = r"([A-Za-z0-9+/]{60})(?: |\r?\n)"
_LABELS = [
    *("first name", "given name", "last name", "family name", "surname"),
    *("vorname", "nachname", "familienname", "prénom", "nom de famille"),
]
"""What stands between the parts of a name in a form or table."""
_NO_CODE = r"[+/_-]*[A-Za-z]?[a-z0-9+/_-]*|[A-Z0-9_/-]+"
"""Words and addresses: nothing that is encoded has so few kinds of characters."""
_URL_SAFE = str.maketrans("-_", "+/")


def readings(files: Iterable[tuple[str, str]]) -> pl.DataFrame:
    """
    Return every text that the files, pairs of path and text, can be read as: `path`, `text`.

    Decodes HTML entities (with and without tags between them), percent-encoding (twice),
    escapes of JSON and JavaScript, quoted-printable, folded lines of calendars, and base64 at
    every alignment, also inside the others; and forms without the labels of names.
    """
    rows = [(path, seen(text)) for path, whole in files for text in _texts(whole)]
    plain = pl.DataFrame(rows, schema=_COLUMNS, orient="row").unique(maintain_order=True)
    text = pl.col("text").str
    labelled = plain.filter(text.contains_any(_LABELS, ascii_case_insensitive=True))
    parts = labelled.with_columns(text.replace_many(_LABELS, [" "], ascii_case_insensitive=True))
    return pl.concat([plain, parts, _from_base64(plain)])


def seen(text: str) -> str:
    """Return the text in normal characters, without those that nobody sees."""
    return text if text.isascii() else unicodedata.normalize("NFKC", _UNSEEN.sub("", text))


def _texts(text: str) -> Iterator[str]:
    if "<" not in text:
        yield html.unescape(text)
    else:
        yield from _of_markup(text)
    if "%" in text:
        once = "\n".join(map(_unquoted, _PERCENT.findall(html.unescape(text))))
        yield once
        yield unquote_plus(once)
    if _QUOTED_PRINTABLE.search(text):
        yield html.unescape(_decoded(quopri.decodestring(text.encode())))
    if "\\" in text and _ESCAPE.search(text):
        yield html.unescape(_unescaped(text))
    if "BEGIN:V" in text:
        unfolded = _LINE_FOLD.sub("", text)
        yield unfolded.replace("\\,", ",").replace("\\;", ";").replace("\\n", "\n")


def _of_markup(text: str) -> Iterator[str]:
    """Yield what is between the tags, and what is in them; HTML in entities is read again."""
    between = _between_tags(text)
    yield between
    yield html.unescape("\n".join(_TAG.findall(text)))
    if "<" in between or "&" in between:
        yield _between_tags(between)


def _between_tags(text: str) -> str:
    """Return the text between the tags, in a line for each block; a row of a table is one."""
    bare = _TAG.sub("\0", _CELL.sub(" ", _UNSEEN_TAG.sub("", text)))
    blocks = (" ".join(html.unescape(block).split()) for block in bare.split("\0"))
    return "\n".join(filter(None, blocks))


def _unquoted(text: str) -> str:
    """Return a percent-encoded text decoded, as UTF-8 or else as Latin-1."""
    return _decoded(unquote_to_bytes(text.replace("+", " ")))


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _unescaped(text: str) -> str:
    r"""Return the text with `\u00fc`, `\u{fc}` and `\xfc` decoded, pairs of surrogates too."""
    characters = _ESCAPE.sub(lambda match: chr(int(match[1] or match[2] or match[3], 16)), text)
    return characters.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _from_base64(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the decoded runs of base64 characters that may be code; each once."""
    run = pl.col("text").str.replace_all(_BASE64_LINES, "$1").str.extract_all(_BASE64)
    runs = texts.select("path", run=run).explode("run").drop_nulls()
    coded = runs.unique("run", maintain_order=True).filter(
        ~pl.col("run").str.contains(f"^(?:{_NO_CODE})$")
    )
    decoded = [seen(_decoded_run(run)) for run in coded["run"]]
    return pl.DataFrame({"path": coded["path"], "text": decoded}, schema=_COLUMNS)


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
