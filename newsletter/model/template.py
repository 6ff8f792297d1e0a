"""A message template: a tree of static text and of parts that depend on the customer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from newsletter.errors import Place
from newsletter.model.key import Keyed

Position = Literal[
    "plain", "header", "text", "attribute", "style", "url", "url_part", "contact"
]  # fmt: skip
"""Where a value is printed, which decides its escaping: the plain-text part, a header, HTML text,
an attribute, a style, a whole web address, a part of one, or after `mailto:` or `tel:`."""


@dataclass(frozen=True)
class Slot:
    """An open part: a value to print, a condition, or a list to repeat for."""

    expression: str
    """In Jinja's grammar, over `customer` and the variables of enclosing repeats."""
    at: Place
    """Where the user wrote it."""
    names: tuple[str, ...] = ()
    """Of a repeat: the variables that take each item."""
    records: bool = False
    """Of a repeat: whether its items are records, whose parts are fields."""
    written: str = ""
    """The expression with the variables as the user named them, for messages."""


@dataclass(frozen=True)
class Output:
    """A value that is printed."""

    slot: Slot
    position: Position


@dataclass(frozen=True)
class Condition:
    """Parts for some customers: the first branch whose slot is true, else `otherwise`."""

    branches: tuple[tuple[Slot, Tree], ...]
    otherwise: Tree = ()


@dataclass(frozen=True)
class Repeat:
    """Parts that are printed for each item of a list."""

    slot: Slot
    body: Tree


Part = str | Output | Condition | Repeat
Tree = tuple[Part, ...]
"""Static text and open parts, in the order in which they are printed."""


class PartSizes(Keyed):
    """The bytes of the parts of an HTML part, measured when they are asked for."""

    key = ""  # they follow from the rest of the template

    def largest_first(self) -> Sequence[tuple[str, int]]:
        """Return the files of texts, the pictures and the layout with their bytes."""
        return ()


@dataclass(frozen=True, kw_only=True)
class MessageTemplate:
    """A message in one language whose parts for the customer are still open."""

    language: str
    subject: Tree
    """One line of plain text."""
    text: Tree
    html: Tree
    preheader: Tree = ()
    """One line that mail programs show behind the subject; the HTML holds it, too."""
    sizes: PartSizes = field(default=PartSizes(), compare=False)

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Every open part once, as it first appears in subject, text and HTML."""
        trees = (self.subject, self.text, self.html)
        return tuple(dict.fromkeys(slot for tree in trees for slot in slots_of(tree)))


def slots_of(tree: Tree) -> Iterator[Slot]:
    """Yield the slots of a tree in the order of its text."""
    for part in tree:
        if isinstance(part, Output):
            yield part.slot
        elif isinstance(part, Condition):
            for slot, then in part.branches:
                yield slot
                yield from slots_of(then)
            yield from slots_of(part.otherwise)
        elif isinstance(part, Repeat):
            yield part.slot
            yield from slots_of(part.body)


def texts_of(tree: Tree) -> Iterator[str]:
    """Yield the static texts of a tree, those of all its branches included."""
    for part in tree:
        if isinstance(part, str):
            yield part
        elif isinstance(part, Condition):
            for _, then in part.branches:
                yield from texts_of(then)
            yield from texts_of(part.otherwise)
        elif isinstance(part, Repeat):
            yield from texts_of(part.body)


class Message(NamedTuple):
    """
    One finished message.

    It is a named tuple because a build makes a million, five times as fast as dataclasses.
    """

    subject: str
    """Plain text, one line."""
    content: bytes
    """Header and bodies without pictures, ASCII, LF line ends."""


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """The values that the headers of all messages of an edition share."""

    issue: str
    """Name of the issue: part of the Message-ID."""
    language: str
    sender_email: str
    date: dt.datetime
    """The date of sending, with its zone."""
    list_name: str
    list_id: str
    one_click: bool
    """Whether `List-Unsubscribe-Post` may be written (an https address takes the POST)."""
