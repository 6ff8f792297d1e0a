"""The record of everything that is left open while one fragment is bound."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl
from jinja2 import Undefined

from newsletter.errors import Place, did_you_mean
from newsletter.model.template import Slot
from newsletter.render import tokens
from newsletter.render.fragments import Fragment
from newsletter.render.late import (
    Body,
    Late,
    Open,
    Refused,
    TextBody,
    Torn,
    guarded,
    is_filled,
    is_open,
)
from newsletter.render.unparse import NotPlain, literal

NO_VALUES = frozenset({"safe", "forceescape", "urlize", "xmlattr", "tojson"})
"""Filters that make HTML of a text, which customers' values must never be."""

_WHOLE = "'customer' is everything about one"


class LateItems(list[object]):
    """What a loop over a customer's list runs over while binding: one open item."""

    loop: Late


At = tuple[str, int]
"""Name and line of a template, as they stand in compiled code."""


class Reading(NamedTuple):
    """An expression of a template that may turn out to be late; stands in compiled code."""

    path: str
    line: int
    bare: bool
    """It is no more than a name or `name.part`."""
    filters: Sequence[str]
    parts: Sequence[str]
    """Its text. Every second part is a name or `name.part` that it reads."""
    chains: Sequence[tuple[Any, ...]]
    """The same parts as line, name and what follows it: `(3, "entry", "image", "src")`."""

    @property
    def at(self) -> Place:
        """Where it stands: a line of the template of that name."""
        return Place(path=self.path, line=self.line)


class Record:
    """
    Everything left open while one fragment is bound; *schema* are the fields that customers have.
    """

    def __init__(self, schema: Mapping[str, pl.DataType]) -> None:
        self.slots: list[Slot] = []
        self.bodies = 0
        self.fields: dict[str, str] = {}
        """Fields that were asked for → their types."""
        self.branches: list[str] = []
        """The late branches being bound, outermost first."""
        self._schema = schema
        self._printed: dict[tuple[str, Place], int] = {}
        self.customer = self._late("customer", Place(path=""))

    # ---- what render/ asks for

    def field(self, name: str, at: Place) -> Late:
        """Return the open value of a column of the customer table."""
        if name not in self._schema:
            known = did_you_mean(name, self._schema)
            hint = known or "the fields are the columns of your customer file and the facts"
            raise Refused(f"customers have no field '{name}'", hint=hint, at=at)
        dtype = self._schema[name]
        self.fields[name] = str(dtype)
        return self._late(_part_of("customer", name), at, dtype)

    def body(self, html: str, text: str = "") -> tuple[Body, TextBody]:
        """Return what prints a finished body into layouts: its HTML, and its text."""
        number, self.bodies = self.bodies, self.bodies + 1
        token = tokens.token(tokens.BODY, number)
        return Body(html, token), TextBody(text, tokens.token(tokens.TEXT_BODY, number))

    def adopt(self, fragment: Fragment) -> str:
        """Return a line that was bound by itself, so that a layout can print it."""
        text = tokens.renumbered(fragment.text, len(self.slots))
        self.slots += fragment.slots
        return guarded(text)

    # ---- what bound templates call (rewrite.py says where)

    def chain(
        self, at: At, value: object, *names: str, step: Callable[[object, str], object]
    ) -> object:
        """Follow `value.a.b`, through open values too; an undefined step ends it quietly."""
        for name in names:
            if isinstance(value, Late):
                value = self._part(value, name, Place(path=at[0], line=at[1]))
            elif isinstance(value, Undefined):
                return value
            else:
                value = step(value, name)
        return value

    def late(self, read: Reading, values: Sequence[object]) -> tuple[Late, ...]:
        """
        Return the open value of an expression that reads *values*; nothing if all are known.

        An open text may only be printed, set or passed on as it is.
        """
        for value in values:
            if isinstance(value, Open) and not isinstance(value, Late) and not read.bare:
                refusal = value.refusal()
                refusal.at = refusal.at or read.at
                raise refusal
        late = any(isinstance(value, Late) for value in values)
        return (self._opened(read, values),) if late else ()

    def _opened(self, read: Reading, values: Sequence[object]) -> Late:
        """Return the open value of an expression, what else it reads written in as literals."""
        if read.bare and values[0] is self.customer:
            return self.customer  # for a macro; printing it is refused
        _refuse_markup(read)
        written = list(read.parts)
        written[1::2] = [
            self._write(value, name, read.at)
            for value, name in zip(values, read.parts[1::2], strict=True)
        ]
        dtype = values[0].dtype if read.bare and isinstance(values[0], Late) else None
        return self._late("".join(written), read.at, dtype)

    def print(self, late: Late) -> str:
        """Return the token of an open value; equal ones in one line share a slot."""
        if late.dtype is not None and late.dtype.is_nested():
            hint = "print it with {{ … | join(', ') }}, or in a loop"
            raise Refused(f"{late.source} is a list", hint=hint, at=late.at)
        key = (late.source, late.at)
        if key not in self._printed:
            self._printed[key] = self._slot(late)
        return tokens.token(tokens.VALUE, self._printed[key])

    def opened(self, test: object, names: Sequence[str] | None) -> object:
        """
        Return the condition, or the list, of a late `if` or `for`, now a slot; else it as it is.

        *names*: those that a loop gives its items; none for a condition, None where that fails.
        """
        if names == () and isinstance(test, Open) and not isinstance(test, Late):
            return is_filled(test)
        if not isinstance(test, Late):
            return test
        if names is None:
            raise Refused(
                "a loop over a customer's list cannot have an if, an else or be recursive",
                hint="put {% if %} inside the loop, or around it",
                at=test.at,
            )
        number = len(self.slots)
        late = self._late(test.source, test.at, test.dtype)
        late.number = self._slot(late, tuple(f"{name}_{number}" for name in names))
        self.branches.append(f"{number}")
        return late

    def closed(self, test: object) -> object:
        """Return the condition or list; its branches are left."""
        if isinstance(test, Late):
            self.branches.pop()
        return test

    def border(self, kind: str, test: object) -> str:
        """Return a token of what was opened; nothing if it is known."""
        return tokens.token(kind, test.number) if isinstance(test, Late) else ""

    def taken(self, test: object, wanted: bool) -> bool:
        """Return whether a branch is run: both are, if the condition is late."""
        if isinstance(test, Late):
            self.branches[-1] = f"{test.number} {wanted}"
            return True
        return bool(test) is wanted

    def before(self, test: object, was: object, now: object) -> object:
        """Return what a name is when the second branch begins: as before the first, if late."""
        return was if isinstance(test, Late) else now

    def either(self, test: object, name: str, *values: object) -> object:
        """Return what a name is after a condition; *values*: as each branch left it."""
        then, otherwise = values
        if not isinstance(test, Late) or then is otherwise:
            return otherwise
        try:
            written = [v.source if isinstance(v, Late) else literal(v) for v in values]
        except NotPlain:
            return Torn(name, test.at)
        return self._late(f"({written[0]} if {test.source} else {written[1]})", test.at)

    def items(self, items: object) -> object:
        """Return what a loop runs over: for a late list one open item."""
        if not isinstance(items, Late):
            return items
        inner: Any = items.dtype.inner if isinstance(items.dtype, pl.List) else None
        names = self.slots[items.number].names
        late = [self._late(name, items.at, inner) for name in names]
        one = LateItems([late[0] if len(late) == 1 else tuple(late)])
        one.loop = self._late(f"loop{items.number}", items.at)
        return one

    def known(self, value: object, what: str, at: At) -> object:
        """Return *value*, which must not be open."""
        if is_open(value):
            place = Place(path=at[0], line=at[1])
            raise Refused(f"{what} cannot depend on customer", at=place)
        return value

    def at_top(self, value: object, at: At) -> object:
        """Return *value*; refuse what may not stand in a late branch: `extends`."""
        if self.branches:
            message = "which layout a template extends cannot depend on customer"
            raise Refused(message, at=Place(path=at[0], line=at[1]))
        return value

    guarded = staticmethod(guarded)

    # ---- own

    def _late(self, source: str, at: Place, dtype: pl.DataType | None = None) -> Late:
        return Late(source, at=at, printed=self.print, dtype=dtype)

    def _slot(self, late: Late, names: tuple[str, ...] = ()) -> int:
        if late.source == "customer":
            raise Refused(_WHOLE, hint="name a field: customer.city", at=late.at)
        listed = late.dtype if isinstance(late.dtype, pl.List) else None
        records = bool(names) and listed is not None and isinstance(listed.inner, pl.Struct)
        written = self._as_written(late.source)
        self.slots.append(Slot(late.source, late.at, names, records, written))
        return len(self.slots) - 1

    def _as_written(self, source: str) -> str:
        """Return an expression with the variables of loops as the user named them."""
        own = {name: name.rpartition("_")[0] for slot in self.slots for name in slot.names}
        return re.sub(r"\w+", lambda word: own.get(word[0], word[0]), source) if own else source

    def _part(self, late: Late, name: str, at: Place) -> Late:
        if late is self.customer:
            return self.field(name, at)
        inner: Any = None
        known: Collection[str] = (name,)
        if isinstance(late.dtype, pl.Struct):
            fields = {field.name: field.dtype for field in late.dtype.fields}
            inner, known = fields.get(name), fields
        elif late.dtype is not None:
            known = [part for part in dir(late.dtype.to_python()) if not part.startswith("_")]
        if name not in known:
            hint = did_you_mean(name, known) or "it is a value without parts of that name"
            raise Refused(f"'{name}' is not part of {late.source}", hint=hint, at=at)
        return self._late(_part_of(late.source, name), at, inner)

    def _write(self, value: object, name: str, at: Place) -> str:
        if value is self.customer:
            raise Refused(_WHOLE, hint="name a field: customer.city", at=at)
        if isinstance(value, Late):
            return value.source
        if isinstance(value, Undefined):
            raise Refused(f"'{name}' is not known here", at=at)
        try:
            return literal(value)
        except NotPlain as error:
            message = f"'{name}' is no plain value ({error}) to be used together with customer"
            hint = "use a plain part of it, such as its title; in a loop, put {% if … %} inside it"
            raise Refused(message, hint=hint, at=at) from error


def _part_of(source: str, name: str) -> str:
    return f"{source}.{name}" if name.isidentifier() else f"{source}[{name!r}]"


def _refuse_markup(reading: Reading) -> None:
    made = NO_VALUES.intersection(reading.filters)
    if made:
        message = f"'{min(made)}' would print a customer's value as HTML"
        hint = "leave the filter out: values are escaped for where they stand"
        raise Refused(message, hint=hint, at=reading.at)
