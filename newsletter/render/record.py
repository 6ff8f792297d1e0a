"""Records everything that stays open while a fragment is bound."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl
from jinja2 import Undefined

from newsletter.errors import Place, did_you_mean
from newsletter.model.template import Slot
from newsletter.render import tokens
from newsletter.render.binding_errors import KnownFields, no_such_field
from newsletter.render.fragments import Fragment
from newsletter.render.late import (
    Body,
    Late,
    Open,
    RefusedError,
    TextBody,
    Torn,
    guarded,
    is_filled,
    is_open,
)
from newsletter.render.unparse import NotPlainError, literal

NO_VALUES = frozenset({"safe", "forceescape", "urlize", "xmlattr", "tojson"})
"""Filters that turn text into HTML. Customers' values must never become HTML."""

_WHOLE = "'customer' is all fields of a customer at once"


class LateItems(list[object]):
    """Stands for a customer's list in a loop while binding: a list of one open item."""

    loop: Late


At = tuple[str, int]
"""Name and line of a template, as in compiled code."""


class Reading(NamedTuple):
    """An expression of a template that may turn out to be late; part of compiled code."""

    path: str
    line: int
    bare: bool
    """Whether it is only a name or `name.part`."""
    filters: Sequence[str]
    parts: Sequence[str]
    """Its text in pieces. Every second piece is a name or `name.part` that it reads."""
    chains: Sequence[tuple[Any, ...]]
    """These names with their lines: `(3, "entry", "image", "src")` for `entry.image.src`."""

    @property
    def at(self) -> Place:
        """Its line in the template."""
        return Place(path=self.path, line=self.line)


class Record:
    """Everything left open while a fragment is bound; *schema* holds the fields of customers."""

    def __init__(
        self, schema: Mapping[str, pl.DataType], headers: Mapping[str, str] | None = None
    ) -> None:
        self.slots: list[Slot] = []
        self.bodies = 0
        self.fields: dict[str, str] = {}
        """Fields read → their types."""
        self.branches: list[str] = []
        """The late branches being bound, outermost first."""
        self._schema, self.known = schema, KnownFields(schema, headers or {})
        self.printed: dict[tuple[str, Place], int] = {}
        """Expression and place of each value that is printed → its slot."""
        self.customer = self._late("customer", Place(path=""))

    # ---- called by other modules

    def field(self, name: str, at: Place) -> Late:
        """Return the open value of a column of the customer table."""
        if name not in self._schema:
            problem = no_such_field(name, self.known, at)
            raise RefusedError(problem.message, hint=problem.hint, at=at)
        dtype = self._schema[name]
        self.fields[name] = str(dtype)
        return self._late(_part_of("customer", name), at, dtype)

    def body(self, html: str, text: str = "") -> tuple[Body, TextBody]:
        """Return the values that print a finished body into layouts: as HTML and as text."""
        number, self.bodies = self.bodies, self.bodies + 1
        token = tokens.token(tokens.BODY, number)
        return Body(html, token), TextBody(text, tokens.token(tokens.TEXT_BODY, number))

    def adopt(self, fragment: Fragment) -> str:
        """Return a line that was bound alone as a text that a layout can print."""
        text = tokens.renumbered(fragment.text, len(self.slots))
        self.slots += fragment.slots
        return guarded(text)

    # ---- called by bound templates (rewrite.py writes the calls)

    def chain(
        self, at: At, value: object, *names: str, step: Callable[[object, str], object]
    ) -> object:
        """Follow `value.a.b`, through open values too; stop at an undefined step without error."""
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
        Return the open value of an expression that reads *values*; empty if none of them is late.

        An open text may only be printed, set or passed on unchanged.
        """
        for value in values:
            if isinstance(value, Open) and not isinstance(value, Late) and not read.bare:
                refusal = value.refusal()
                refusal.at = refusal.at or read.at
                raise refusal
        late = any(isinstance(value, Late) for value in values)
        return (self._opened(read, values),) if late else ()

    def _opened(self, read: Reading, values: Sequence[object]) -> Late:
        """Return the open value of an expression; other values are written in as literals."""
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
        """Return the token of an open value; equal values in a line share a slot."""
        if late.dtype is not None and late.dtype.is_nested():
            hint = "print it with {{ … | join(', ') }}, or in a loop"
            raise RefusedError(f"{late.source} is a list", hint=hint, at=late.at)
        key = (late.source, late.at)
        if key not in self.printed:
            self.printed[key] = self._slot(late)
        return tokens.token(tokens.VALUE, self.printed[key])

    def opened(self, test: object, names: Sequence[str] | None) -> object:
        """
        Make the late condition of an `if`, or the late list of a `for`, a slot and return it.

        An open text becomes whether it is filled; other values stay unchanged. *names* are the
        variables of a loop: empty for a condition, None for a loop that cannot be late.
        """
        if names == () and isinstance(test, Open) and not isinstance(test, Late):
            return is_filled(test)
        if not isinstance(test, Late):
            return test
        if names is None:
            raise RefusedError(
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
        """Leave the branches of a condition or list, and return it."""
        if isinstance(test, Late):
            self.branches.pop()
        return test

    def border(self, kind: str, test: object) -> str:
        """Return the border token of a late condition or list; empty for other values."""
        return tokens.token(kind, test.number) if isinstance(test, Late) else ""

    def taken(self, test: object, wanted: bool) -> bool:
        """Return whether a branch runs; for a late condition both branches do."""
        if isinstance(test, Late):
            self.branches[-1] = f"{test.number} {wanted}"
            return True
        return bool(test) is wanted

    def before(self, test: object, was: object, now: object) -> object:
        """Return the value of a name for the second branch: that before the first, if late."""
        return was if isinstance(test, Late) else now

    def either(self, test: object, name: str, *values: object) -> object:
        """Return the value of a name after a condition; *values* are those of its branches."""
        then, otherwise = values
        if not isinstance(test, Late) or then is otherwise:
            return otherwise
        try:
            written = [v.source if isinstance(v, Late) else literal(v) for v in values]
        except NotPlainError:
            return Torn(name, test.at)
        return self._late(f"({written[0]} if {test.source} else {written[1]})", test.at)

    def items(self, items: object) -> object:
        """Return what a loop iterates over: a single open item for a late list."""
        if not isinstance(items, Late):
            return items
        inner: Any = items.dtype.inner if isinstance(items.dtype, pl.List) else None
        names = self.slots[items.number].names
        late = [self._late(name, items.at, inner) for name in names]
        late_items = LateItems([late[0] if len(late) == 1 else tuple(late)])
        late_items.loop = self._late(f"loop{items.number}", items.at)
        return late_items

    def not_open(self, value: object, what: str, at: At) -> object:
        """Return *value*; refuse an open one, named *what* in the error."""
        if is_open(value):
            place = Place(path=at[0], line=at[1])
            raise RefusedError(f"{what} cannot depend on customer", at=place)
        return value

    def at_top(self, value: object, at: At) -> object:
        """Return *value*, the name of a layout to extend; refuse `extends` in a late branch."""
        if self.branches:
            message = "which layout a template extends cannot depend on customer"
            raise RefusedError(message, at=Place(path=at[0], line=at[1]))
        return value

    guarded = staticmethod(guarded)

    # ---- internals

    def _late(self, source: str, at: Place, dtype: pl.DataType | None = None) -> Late:
        return Late(source, at=at, printed=self.print, dtype=dtype)

    def _slot(self, late: Late, names: tuple[str, ...] = ()) -> int:
        if late.source == "customer":
            raise RefusedError(_WHOLE, hint="name a field: customer.city", at=late.at)
        listed = late.dtype if isinstance(late.dtype, pl.List) else None
        records = bool(names) and listed is not None and isinstance(listed.inner, pl.Struct)
        written = self._as_written(late.source)
        self.slots.append(Slot(late.source, late.at, names, records, written))
        return len(self.slots) - 1

    def _as_written(self, source: str) -> str:
        """Return an expression with the variables of loops as the author named them."""
        names = {name: name.rpartition("_")[0] for slot in self.slots for name in slot.names}
        if not names:
            return source
        return re.sub(r"\w+", lambda word: names.get(word[0], word[0]), source)

    def _part(self, late: Late, name: str, at: Place) -> Late:
        if late is self.customer:
            return self.field(name, at)
        inner: Any = None
        parts: Collection[str] = (name,)
        if isinstance(late.dtype, pl.Struct):
            fields = {field.name: field.dtype for field in late.dtype.fields}
            inner, parts = fields.get(name), fields
        elif late.dtype is not None:
            parts = [part for part in dir(late.dtype.to_python()) if not part.startswith("_")]
        if name not in parts:
            hint = did_you_mean(name, parts) or "it is a value without parts of that name"
            raise RefusedError(f"'{name}' is not part of {late.source}", hint=hint, at=at)
        return self._late(_part_of(late.source, name), at, inner)

    def _write(self, value: object, name: str, at: Place) -> str:
        if value is self.customer:
            raise RefusedError(_WHOLE, hint="name a field: customer.city", at=at)
        if isinstance(value, Late):
            return value.source
        if isinstance(value, Undefined):
            raise RefusedError(f"'{name}' is not known here", at=at)
        try:
            return literal(value)
        except NotPlainError as error:
            message = f"'{name}' ({error}) is no plain value and cannot be used with customer"
            hint = "use a plain part of it, such as its title; in a loop, put {% if … %} inside it"
            raise RefusedError(message, hint=hint, at=at) from error


def _part_of(source: str, name: str) -> str:
    return f"{source}.{name}" if name.isidentifier() else f"{source}[{name!r}]"


def _refuse_markup(reading: Reading) -> None:
    markup_filters = NO_VALUES.intersection(reading.filters)
    if markup_filters:
        message = f"'{min(markup_filters)}' would print a customer's value as HTML"
        hint = "leave the filter out: each value is escaped for its place"
        raise RefusedError(message, hint=hint, at=reading.at)
