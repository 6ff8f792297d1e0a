"""Finished text with tokens → the Jinja template that it is: tags in place of tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable

from newsletter.render import tokens
from newsletter.render.late import Record
from newsletter.render.places import places

IN_PLAIN, IN_HEADER = "in_plain", "in_header"
"""Where a value stands outside HTML: in the text part, in the subject."""

_BRACE = re.compile(r"\{(?=[{%#]|$)")
_TOKEN = re.compile(f"({tokens.OPEN}[a-z][0-9]+{tokens.CLOSE})")


def html_template(html: str, record: Record) -> str:
    """
    Return the template of an HTML text; each output ends in the filter for the place it stands in.

    Raises:
        Refused: for a token that stands where no value can be escaped.
    """
    return _joined(places(html, record), record)


def text_template(text: str, place: str, record: Record) -> str:
    """Return the template of a plain text; *place* is IN_PLAIN or IN_HEADER."""
    parts = _TOKEN.split(text)
    return _joined(((place if i % 2 else "", part) for i, part in enumerate(parts)), record)


def _joined(pieces: Iterable[tuple[str, str]], record: Record) -> str:
    source = "".join(
        _tag(piece, place, record) if place else _BRACE.sub("{{ '{' }}", piece)
        for place, piece in pieces
    )
    return source.replace("{% else %}{% endif %}", "{% endif %}")


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
            return f"{{% for {names} in {slot.expression} %}}{{% set loop{number} = loop %}}"
        case tokens.END_FOR:
            return "{% endfor %}"
    return f"{{{{ {slot.expression} | {place}({number}) }}}}"
