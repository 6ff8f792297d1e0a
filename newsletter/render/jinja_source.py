"""Finished text with tokens → the Jinja template that it is: tags in place of tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from newsletter.render import tokens
from newsletter.render.places import IN_TEXT, IN_URL_PART, places
from newsletter.render.record import Record

IN_PLAIN, IN_HEADER = "in_plain", "in_header"
"""Where a value stands outside HTML: in the text part, in the subject."""

_BRACE = re.compile(r"\{(?=[{%#]|$)")
_ADDRESS = re.compile(r"https?://[^\s<>/?#]+[/?#][^\s<>]*$")
_LONGEST_ADDRESS = 2000
_TOKEN = re.compile(f"({tokens.OPEN}[a-z][0-9]+{tokens.CLOSE})")


def html_template(html: str, record: Record) -> str:
    """
    Return the template of an HTML text; each output ends in the filter for the place it stands in.

    Raises:
        Refused: for a token that stands where no value can be escaped.
    """
    return _joined(places(html, record), record, encoded=IN_TEXT)


def text_template(text: str, place: str, record: Record) -> str:
    """
    Return the template of a plain text; *place* is IN_PLAIN or IN_HEADER.

    What stands in a web address after its host is percent-encoded there, too.
    """
    return _joined(_plain(text, place), record, encoded=place)


def _plain(text: str, place: str) -> Iterator[tuple[str, str]]:
    before = ""
    for i, part in enumerate(_TOKEN.split(text)):
        in_address = i % 2 and _ADDRESS.search(before)
        yield (IN_URL_PART if in_address else place if i % 2 else ""), part
        before = (before + part)[-_LONGEST_ADDRESS:]


def _joined(pieces: Iterable[tuple[str, str]], record: Record, *, encoded: str) -> str:
    """Return the template; *encoded* is the place of what is percent-encoded already."""
    source = "".join(
        _tag(piece, _place(piece, place, record, encoded), record)
        if place
        else _BRACE.sub("{{ '{' }}", piece)
        for place, piece in pieces
    )
    return source.replace("{% else %}{% endif %}", "{% endif %}")


def _place(token: str, place: str, record: Record, encoded: str) -> str:
    # The outermost filter: every operator is set in brackets.
    done = record.slots[int(token[2:-1])].expression.endswith("| urlencode)")
    return encoded if place == IN_URL_PART and done else place


def _tag(token: str, place: str, record: Record) -> str:
    kind, number = token[1], int(token[2:-1])
    slot = record.slots[number]
    match kind:
        case tokens.IF:
            return f"{{% if {slot.expression} %}}"
        case tokens.ELSE:
            return "{% else %}"
        case tokens.END_IF:
            return "{% endif %}"
        case tokens.FOR:
            names = ", ".join(slot.names)
            begin = f"{{% for {names} in {slot.expression} %}}"
            counted = any(f"loop{number}." in used.expression for used in record.slots)
            return begin + (f"{{% set loop{number} = loop %}}" if counted else "")
        case tokens.END_FOR:
            return "{% endfor %}"
    return f"{{{{ {slot.expression} | {place}({number}) }}}}"
