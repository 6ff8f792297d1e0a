"""What the lines of Markdown's blocks look like: list items, fences, headings, tables, HTML."""

from __future__ import annotations

import itertools
import re
from typing import NamedTuple

from newsletter.render import tokens
from newsletter.render.late import RefusedError

BORDERS = re.compile(rf"\s*{tokens.BLOCK.pattern}(?:\s*{tokens.BLOCK.pattern})*\s*")
"""A line of borders of conditions only."""
QUOTE = re.compile(r" {0,3}> ?")
ITEM = re.compile(r"( {0,3})([-+*]|(\d{1,9})[.)])( +|$)")
NOTE = re.compile(r" {0,3}\[\^([^\]\s]+)\]: *")
DEFINITION = re.compile(r" {0,3}: {1,3}(?=\S)")
_HEADING = re.compile(r" {0,3}(#{1,6})(?: +(.*))?$")
_CLOSING_MARKS = re.compile(r"(?:^|(?<= ))#++$")
UNDERLINE = re.compile(r" {0,3}(=+|-+) *$")
RULE = re.compile(r" {0,3}([-*_])(?: *\1){2,} *$")
FENCE = re.compile(r"( {0,3})(`{3,}(?=[^`]*$)|~{3,})")
TASK = re.compile(r"^\[([ xX])\](?= )")
REFERENCE = re.compile(
    r" *\[(?!\^)(?=[^\]]*[^\s\[\]\\])((?:[^\[\]\\]|\\.){1,999}+)\]: *+\n? *+(<[^<>\n]*>|[^\s<]\S*)"
    r"(?:(?: +| *\n *)(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))? *(?:\n|$)"
)
_DELIMITER = re.compile(r" {0,3}\|? *:?-+:? *(?:\| *:?-+:? *)*\|? *$")
_ATTRIBUTE = r"""\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?"""
_TAG_ALONE = re.compile(
    rf" {{0,3}}<(?:([A-Za-z][A-Za-z0-9-]*)(?:{_ATTRIBUTE})*\s*/?|/([A-Za-z][A-Za-z0-9-]*)\s*)>\s*$"
)
_BLOCK_TAGS = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|"
    "dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|"
    "header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|"
    "param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul"
)
_BLANK = re.compile(r"\s*$")
_HTML = [
    (
        re.compile(r" {0,3}<(?:script|pre|style|textarea)(?:\s|>|$)", re.I),
        re.compile(r"</(?:script|pre|style|textarea)>", re.I),
    ),
    (re.compile(r" {0,3}<!--"), re.compile("-->")),
    (re.compile(r" {0,3}<\?"), re.compile(r"\?>")),
    (re.compile(r" {0,3}<![A-Za-z]"), re.compile(">")),
    (re.compile(r" {0,3}<!\[CDATA\["), re.compile(r"\]\]>")),
    (re.compile(rf" {{0,3}}</?(?:{_BLOCK_TAGS})(?:\s|/?>|$)", re.I), _BLANK),
]
"""Start and end of each kind of HTML block, as CommonMark numbers them."""

TAGS = frozenset(
    (
        _BLOCK_TAGS.replace("h[1-6]", "h1|h2|h3|h4|h5|h6")
        + "|a|abbr|acronym|applet|area|audio|b|bdi|bdo|big|br|button|canvas|cite|code|data|"
        "datalist|del|dfn|em|embed|font|hgroup|i|img|input|ins|kbd|label|map|mark|marquee|math|meta|meter|"
        "nobr|noscript|object|output|picture|pre|progress|q|rp|rt|ruby|s|samp|script|select|slot|"
        "small|source|span|strike|strong|style|sub|sup|svg|template|textarea|time|tt|u|var|video|wbr"
    ).split("|")
)
"""Names of HTML's elements; what has another name in angle brackets is text."""


class Html(NamedTuple):
    """An HTML block: what ends it, and whether an empty line does."""

    end: re.Pattern[str]
    until_blank: bool


def html_start(line: str, *, interrupts: bool) -> Html | None:
    """Return the HTML block that begins with *line*; *interrupts*: within a paragraph."""
    if "<" not in line[:4]:
        return None
    for start, end in _HTML:
        if start.match(line):
            return Html(end, end is _BLANK)
    alone = None if interrupts else _TAG_ALONE.match(line)
    if alone and (alone[1] or alone[2]).lower() in TAGS:
        return Html(_BLANK, until_blank=True)
    return None


def refuse_open_brackets(text: str) -> None:
    """
    Refuse a paragraph in which many brackets are open at once.

    Raises:
        RefusedError: if there are more than any text needs.
    """
    for opening, closing in ("[]", "()"):
        if text.count(opening) > _MOST_BRACKETS:
            brackets = re.findall(rf"[\{opening}\{closing}]", text)
            steps = (1 if bracket == opening else -1 for bracket in brackets)
            if max(itertools.accumulate(steps)) > _MOST_BRACKETS:
                message = f"more than {_MOST_BRACKETS} brackets are open in a paragraph"
                raise RefusedError(message, hint="close each of them", near=first_line(text))


def first_line(text: str) -> str:
    """Return the first line of a paragraph, as it stands in the source."""
    return text.strip().partition("\n")[0]


_MOST_BRACKETS = 300
"""Looking for the ends of open brackets takes time in the square of their number."""


def heading(line: str) -> tuple[int, str] | None:
    """Return level and text of a heading, without the marks that may end it."""
    match = _HEADING.match(line)
    if not match:
        return None
    text = (match[2] or "").rstrip(" ")
    return len(match[1]), _CLOSING_MARKS.sub("", text).rstrip(" ")


def cells(row: str) -> list[str]:
    """Return the cells of a row; an escaped bar is part of its cell."""
    row = row.strip().removeprefix("|")
    if row.endswith("|") and not row.endswith("\\|"):
        row = row[:-1]
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", row)]


def alignments(header: str, line: str) -> list[str] | None:
    """Return how the columns below *header* are aligned, if *line* delimits a table's header."""
    if "|" not in header + line or not _DELIMITER.match(line):
        return None
    marks = cells(line)
    if len(marks) != len(cells(header)):
        return None
    sides = {(True, True): "center", (True, False): "left", (False, True): "right"}
    return [sides.get((mark[0] == ":", mark[-1] == ":"), "") for mark in marks]
