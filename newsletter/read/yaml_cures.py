"""Explains YAML syntax errors in plain words, each with its cure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

QUOTES = "put the whole value in quotes"
BRACES = f'{QUOTES}: "{{{{ … }}}}"'
COMMA = "if the comma before it belongs to the text, put that text in quotes"
COMMENT = f"{QUOTES} (a comment has a space after its '#')"
ITEMS = f"begin each item in the same column, with '- '; if it is a text, {QUOTES}"
ONE_EACH = "write one 'key: value' on each line"
_CLOSING = {"'": "'", '"': '"', "[": "]", "{": "}"}
_INDENT = "begin it under the first letter of the line it belongs to"
_ENTRY = re.compile(r"\s*(?:- +)*(?P<key>[\w-]+):(?:\s+(?P<value>[^\s#].*)|\s*$|\s+#)")
_OTHER_SPACE = re.compile(r"^\s*(?:- +)?[\w-]+:[^\S \t]|^\s*-[^\S \t]")
_NO_ITEM = re.compile(r"^\s*([*•](?=\s)|-(?=[^\s-]))")
_BLOCK = re.compile(r"^\s*[\w-]+:\s+([|>])[-+\d]*\s*$")
_OPEN_QUOTE = re.compile(r"^\s*(?:- +)?[\w-]+:\s+(?P<sign>[\"'])(?:(?!(?P=sign)).)*$")
_VALUE = re.compile(r"^\s*(?:- +)?(?:[^\s:#'\"][^:#]*:\s+|- +)(?P<value>\S.*)$")


Slip = tuple[int, int, str, str]
"""Line and column, both from 0, message and hint."""


def cures(lines: Sequence[str], *, line: int, column: int) -> list[Slip]:
    """
    Return what is wrong with a text in which a parser found a syntax error at that mark.

    A parser stops at the first line that begins in the wrong column; here all are named.
    """
    if opened := list(_open_quotes(lines)):
        return opened
    left = list(_too_far_left(lines))
    mended = list(lines)
    for n, spaces, _ in left:
        mended[n] = " " * spaces + lines[n]
    wrong = [
        *_text_at_the_edge(lines),
        *_first_too_far(lines),
        *(_slip_to_the_left(lines, n, spaces, key) for n, spaces, key in left),
        *_wrong_beginnings(mended),
    ]
    return wrong or [_cure(lines, line=line, column=column)]


def _open_quotes(lines: Sequence[str]) -> Iterator[Slip]:
    """Yield each quote that is not closed before the next key."""
    filled = [n for n, text in enumerate(lines) if text.strip()]
    for n, below in pairwise(filled):
        opened, entry = _OPEN_QUOTE.match(lines[n]), _ENTRY.match(lines[below])
        if opened and entry and _indent(lines[below]) <= _indent(lines[n]):
            sign = opened["sign"]
            yield (
                n,
                opened.start("sign"),
                f"the quote {sign} is not closed",
                f"end the value with {sign}",
            )


def _text_at_the_edge(lines: Sequence[str]) -> Iterator[Slip]:
    """Yield each `key: |` whose text begins no deeper than the key."""
    filled = [n for n, text in enumerate(lines) if text.strip()]
    for n, below in pairwise(filled):
        sign = _BLOCK.search(lines[n])
        if sign and _indent(lines[below]) <= _indent(lines[n]) and not _ENTRY.match(lines[below]):
            message = f"the lines after '{sign[1]}' begin at the edge"
            yield n, sign.start(1), message, "begin each line of the text below with two spaces"


def _first_too_far(lines: Sequence[str]) -> Iterator[Slip]:
    """Yield the first key if it begins with spaces, and a later one does not."""
    entries = [(n, entry) for n, text in enumerate(lines) if (entry := _ENTRY.match(text))]
    at_edge = next((entry for n, entry in entries if _indent(lines[n]) == 0), None)
    if at_edge and (column := _indent(lines[entries[0][0]])):
        message = f"this line begins {_spaces(column)} too far right"
        yield entries[0][0], column, message, f"begin it at the edge, as '{at_edge['key']}' below"


def _outside_texts(lines: Sequence[str]) -> Iterator[tuple[int, str, re.Match[str] | None, bool]]:
    """Yield number, line, its key and whether a longer text begins there, but not such texts."""
    block, end = -1, ""
    for n, text in enumerate(lines):
        is_inside = 0 <= block < _indent(text) or end
        end = "" if end and text.rstrip().endswith(end) else end
        if is_inside or not text.strip() or text.lstrip().startswith("#"):
            continue
        entry = _ENTRY.match(text)
        value = (entry["value"] or "").rstrip() if entry else ""
        closing = _CLOSING.get(value[:1], "")
        end = "" if value.endswith(closing) and value not in _CLOSING else closing
        block = _indent(text) if value[:1] in ("|", ">") else -1
        yield n, text, entry, bool(end) or block >= 0


def _too_far_left(lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield line, missing spaces and key to go by of each key that begins between two levels."""
    levels: list[tuple[int, str]] = []
    for n, text, entry, _ in _outside_texts(lines):
        if not entry or "\t" in text[: _indent(text)]:
            continue
        column = entry.start("key")
        deeper = [level for level in levels if level[0] > column]
        levels = [level for level in levels if level[0] <= column]
        is_between = bool(levels) and levels[-1][0] < column
        if deeper and is_between:
            levels.append(deeper[0])
            yield n, deeper[0][0] - column, deeper[0][1]
        elif is_between or not levels:
            levels.append((column, entry["key"]))


def _slip_to_the_left(lines: Sequence[str], n: int, spaces: int, key: str) -> Slip:
    message = f"this line begins {_spaces(spaces)} too far left"
    return n, _indent(lines[n]), message, f"begin it under the first letter of '{key}' above"


def _spaces(count: int) -> str:
    return f"{count} space{'' if count == 1 else 's'}"


def _wrong_beginnings(lines: Sequence[str]) -> Iterator[Slip]:
    """Yield each line that begins with a tab, or deeper than the complete key above it."""
    above = None
    for n, text, entry, is_longer in _outside_texts(lines):
        indent = _indent(text)
        if "\t" in text[:indent]:
            yield n, text.index("\t"), "the line begins with a tab", "use spaces"
        elif entry and above and entry.start("key") > above.start("key"):
            far = entry.start("key") - above.start("key")
            message = f"this line begins {_spaces(far)} too far right"
            hint = f"begin it under the first letter of '{above['key']}' above"
            yield n, indent, message, hint
        else:
            above = entry if entry and entry["value"] and not is_longer else None


def _cure(lines: Sequence[str], *, line: int, column: int) -> Slip:
    """
    Return the slip at that mark.

    Parsers often notice a slip one line late, so the line before is checked too.
    """
    line = min(line, len(lines) - 1)
    before = _before(lines, line)
    for candidate in dict.fromkeys((line, before)):
        slip = _slip(lines[candidate])
        if slip:
            return candidate, *slip
    for candidate in (before, line):
        if lines[candidate].strip() and not re.search(r":|^\s*-", lines[candidate]):
            return candidate, _indent(lines[candidate]), "a colon is missing", "write 'key: value'"
    if column <= _indent(lines[line]):
        return line, _indent(lines[line]), "this line does not fit the one above", _INDENT
    if lines[line][column : column + 1] == "\t":
        return line, column, "a tab stands here", "use a space"
    return line, column, "this cannot be read", ONE_EACH


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _before(lines: Sequence[str], line: int) -> int:
    """Return the nearest line above that is not blank."""
    above = [n for n in range(min(line, len(lines)) - 1, -1, -1) if lines[n].strip()]
    return above[0] if above else line


def _slip(text: str) -> tuple[int, str, str] | None:
    """Return column, message and hint of the usual slip in *text*."""
    if "\t" in text[: _indent(text)]:
        return text.index("\t"), "the line begins with a tab", "use spaces"
    if other := _OTHER_SPACE.search(text):
        return other.end() - 1, "this is not a plain space", "delete it and type a space"
    if sign := _NO_ITEM.match(text):
        return sign.start(1), f"'{sign[1]}' begins no item of a list here", ITEMS
    value = _VALUE.match(text)
    if value:
        return _value_slip(value["value"], value.start("value"))
    if re.match(r"^\s*[\w-]+:\S", text):
        return text.index(":"), "a space is missing after the colon", "write 'key: value'"
    return None


def _value_slip(value: str, start: int) -> tuple[int, str, str] | None:
    for slip, message, hint in _SLIPS:
        if match := slip.match(value):
            return (
                start + match.end("sign") - len(match["sign"]),
                message.format(match["sign"]),
                hint,
            )
    if value[0] in "'\"":
        return _quote_slip(value, start)
    colon = None if value[0] in "[{" else re.search(r":(\s|$)", value)
    if colon:
        return start + colon.start(), "a value contains a colon followed by a space", QUOTES
    return None


_BEGINS = "a value begins with '{}' here"
_SLIPS = [
    (re.compile(rf"(?P<sign>{sign})"), message, hint)
    for sign, message, hint in (
        (r"\{\{|\{%", _BEGINS, BRACES),
        (r"[@`%*&!|>,\]}]|[-?](?=\s)", _BEGINS, QUOTES),
        (r"\[(?![^\]]*\])", "'{}' is not closed", "end it with ']'"),
        (r"\{(?![^}]*\})", "'{}' is not closed", "end it with '}'"),
        (r"\[(?=.*\]\s*[^]\s,#])|\{(?=.*\}\s*[^}\s,#])", _BEGINS, QUOTES),
    )
]
"""What a value begins with that it should not."""


def _quote_slip(value: str, start: int) -> tuple[int, str, str] | None:
    quote = value[0]
    other = "'" if quote == '"' else '"'
    inner = value.rstrip()[1:]
    if quote not in inner:
        return start, f"the quote {quote} is not closed", f"end the value with {quote}"
    if inner.index(quote) < len(inner) - 1:
        column = start + 1 + inner.index(quote)
        return (
            column,
            f"the quote {quote} ends before the value does",
            f"put the value between {other} instead",
        )
    return None
