"""Open values: what `customer` is while an issue is bound, and the record of everything left open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

import polars as pl
from jinja2 import Undefined, nodes

from newsletter.errors import Place, did_you_mean
from newsletter.model.template import Slot
from newsletter.render import tokens
from newsletter.render.unparse import NotPlain, literal, unparse


class Refused(Exception):
    """Something that cannot be left open, and what to write instead."""

    def __init__(self, message: str, *, hint: str = "", at: Place | None = None) -> None:
        self.message, self.hint, self.at = message, hint, at
        super().__init__(message)


class Late:
    """
    A value that only the merge knows. It prints its token; every other use of it is refused.

    The template's expressions never meet it: bind.py sends those that read one to `Record.late`.
    """

    __slots__ = ("_at", "_dtype", "_number", "_record", "_source")

    def __init__(
        self, record: Record, source: str, *, at: Place, dtype: pl.DataType | None = None
    ) -> None:
        self._record, self._source, self._at, self._dtype = record, source, at, dtype
        self._number = -1

    def __str__(self) -> str:
        return self._record.print(self)

    __html__ = __str__

    def _refuse(self, *_: object) -> NoReturn:
        raise Refused(
            f"{self._source} differs from customer to customer and cannot be tested, compared or filtered here",
            hint="use it in the template itself: {{ … }}, {% if … %} or {% for … %}",
            at=self._at,
        )

    __bool__ = __iter__ = __len__ = __contains__ = __call__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = __eq__ = __ne__ = _refuse
    __add__ = __radd__ = __mul__ = __mod__ = __int__ = __float__ = __hash__ = _refuse


class Body:
    """Finished HTML with open parts, which takes no part in MJML: prints a token, refuses filters."""

    __slots__ = ("_token",)

    def __init__(self, token: str) -> None:
        self._token = token

    def __html__(self) -> str:
        return self._token

    def __str__(self) -> str:
        raise Refused("a body can only be printed", hint="write {{ entry.body }} without a filter")


@dataclass(frozen=True)
class _Expression:
    node: nodes.Expr
    chains: Sequence[nodes.Expr]
    at: Place


class Record:
    """Everything left open while one edition is bound."""

    def __init__(self, schema: Mapping[str, pl.DataType] | None) -> None:
        self.slots: list[Slot] = []
        self.bodies: list[str] = []
        self.fields: set[str] = set()
        self._schema = schema
        self._expressions: list[_Expression] = []
        self._printed: dict[tuple[str, Place], int] = {}
        self.customer = Late(self, "customer", at=Place(path=""))

    # ---- what render/ asks for

    def field(self, name: str, at: Place) -> Late:
        """Return the open value of a column of the customer table."""
        if self._schema is not None and name not in self._schema:
            raise Refused(
                f"customers have no field '{name}'",
                hint=did_you_mean(name, self._schema) or "the fields are the columns of your customer file and the facts",
                at=at,
            )  # fmt: skip
        self.fields.add(name)
        dtype = self._schema[name] if self._schema is not None else None
        return Late(self, f"customer.{name}", at=at, dtype=dtype)

    def body(self, html: str) -> Body:
        """Return what prints finished HTML into a theme."""
        self.bodies.append(html)
        return Body(tokens.token(tokens.BODY, len(self.bodies) - 1))

    # ---- what bound templates call (bind.py)

    def expression(self, node: nodes.Expr, chains: Sequence[nodes.Expr], at: Place) -> int:
        """Remember an expression that may turn out to be late; returns its number."""
        self._expressions.append(_Expression(node, chains, at))
        return len(self._expressions) - 1

    def chain(
        self, number: int, value: object, *names: str, step: Callable[[object, str], object]
    ) -> object:
        """Follow `value.a.b`, through open values too; an undefined step ends it without an error."""
        for name in names:
            if isinstance(value, Late):
                value = self._part(value, name, self._expressions[number].at)
            elif isinstance(value, Undefined):
                return value
            else:
                value = step(value, name)
        return value

    def is_late(self, number: int, bare: bool, *values: object) -> bool:
        """
        Return whether an expression that reads *values* must be left open.

        A captured text with open parts in it may only be printed as it is (*bare*).
        """
        if not bare and any(isinstance(v, Body) or tokens.holds_token(v) for v in values):
            raise Refused(
                "a text that differs from customer to customer can only be printed as it is",
                hint="print it without a filter, test or operator",
                at=self._expressions[number].at,
            )
        return any(isinstance(v, Late) for v in values)

    def late(self, number: int, *values: object) -> Late:
        """Return the open value of expression *number*, what else it reads written in as literals."""
        expression = self._expressions[number]
        sources = {
            id(chain): self._write(value, chain, expression.at)
            for chain, value in zip(expression.chains, values, strict=True)
        }
        try:
            source = unparse(expression.node, lambda node: sources.get(id(node)))
        except NotPlain as error:
            raise Refused(f"'{error}' cannot be left open", at=expression.at) from error
        dtype = values[0]._dtype if len(values) == 1 and isinstance(values[0], Late) else None
        whole = len(expression.chains) == 1 and expression.chains[0] is expression.node
        return Late(self, source, at=expression.at, dtype=dtype if whole else None)

    def print(self, late: Late) -> str:
        """Return the token of an open value; equal ones in one line share a slot."""
        key = (late._source, late._at)
        if key not in self._printed:
            self._printed[key] = self._slot(late)
        return tokens.token(tokens.VALUE, self._printed[key])

    def open_if(self, test: object) -> str:
        """Return the token that opens a late condition, nothing for one that is known."""
        if not isinstance(test, Late):
            return ""
        test._number = self._slot(test)
        return tokens.token(tokens.IF, test._number)

    def border(self, kind: str, test: object) -> str:
        """Return a further token of what `open_if` or `items` opened."""
        return tokens.token(kind, test._number) if isinstance(test, Late) else ""

    def taken(self, test: object, wanted: bool) -> bool:
        """Return whether a branch is run: both are, if the condition is late."""
        return isinstance(test, Late) or bool(test) is wanted

    def open_for(self, items: object, targets: int) -> str:
        """Return the token that opens a late repeat."""
        if not isinstance(items, Late):
            return ""
        number = len(self.slots)
        names = (
            (f"x{number}",) if targets == 1 else tuple(f"x{number}_{i}" for i in range(targets))
        )
        items._number = self._slot(items, names)
        return tokens.token(tokens.FOR, number)

    def items(self, items: object, plain: bool) -> object:
        """Return what a loop runs over: for a late list one open item."""
        if not isinstance(items, Late):
            return items
        if not plain:
            raise Refused(
                "a loop over a customer's list cannot have an if, an else or be recursive",
                hint="put {% if %} inside the loop, or around it",
                at=items._at,
            )
        inner = items._dtype.inner if isinstance(items._dtype, pl.List) else None
        late = [
            Late(self, name, at=items._at, dtype=inner)  # type: ignore[arg-type]  # polars types inner loosely
            for name in self.slots[items._number].names
        ]
        return [late[0] if len(late) == 1 else tuple(late)]

    def loop(self, loop: object, items: object) -> object:
        """Return the loop variable that a late repeat will have."""
        if not isinstance(items, Late):
            return loop
        return Late(self, f"loop{items._number}", at=items._at)

    def known(self, value: object, number: int, what: str) -> object:
        """Return *value*, which must not be late."""
        if isinstance(value, Late) or tokens.holds_token(value):
            raise Refused(f"{what} cannot depend on customer", at=self._expressions[number].at)
        return value

    def refuse_if_late(self, test: object, message: str, hint: str, line: int) -> str:
        """Refuse what may stand in a known condition or loop, but not in a late one."""
        if isinstance(test, Late):
            at = Place(path=test._at.path, line=line)
            raise Refused(message, hint=hint, at=at)
        return ""

    # ---- what the stages after binding ask for

    def refuse_lost(self, before: str, after: str, stage: str) -> None:
        """Refuse an open part that *stage* lost, or moved into or out of a branch."""
        try:
            was = set(tokens.paths(before))
            now = set(tokens.paths(after))
        except ValueError as error:
            raise self._damaged(int(str(error)), stage) from error
        if tokens.OPEN in tokens.TOKEN.sub("", after):
            raise Refused(f"{stage} damaged an open part", hint="print it without a filter")
        changed = sorted((name[1] == tokens.BODY, int(name[2:-1])) for name, _ in was ^ now)
        if changed and changed[0][0]:
            raise Refused(
                f"the layout prints a body where {stage} drops it", hint="print it inside mj-text"
            )
        if changed:
            raise self._damaged(changed[0][1], stage)

    def _damaged(self, number: int, stage: str) -> Refused:
        slot = self.slots[number]
        message = f"'{slot.expression}' stands where {stage} cannot keep it in its place"
        hint = "put {% … %} on lines of their own, around whole paragraphs, lists or rows"
        return Refused(message, hint=hint, at=slot.at)

    # ---- own

    def _slot(self, late: Late, names: tuple[str, ...] = ()) -> int:
        if late is self.customer or late._source == "customer":
            raise Refused(
                "'customer' is everything about one",
                hint="name a field: customer.city",
                at=late._at,
            )
        self.slots.append(Slot(late._source, late._at, names))
        return len(self.slots) - 1

    def _part(self, late: Late, name: str, at: Place) -> Late:
        if late is self.customer:
            return self.field(name, at)
        dtype = None
        if isinstance(late._dtype, pl.Struct):
            fields = {field.name: field.dtype for field in late._dtype.fields}
            if name not in fields:
                hint = did_you_mean(name, fields) or f"it has {', '.join(fields)}"
                raise Refused(f"'{name}' is not part of {late._source}", hint=hint, at=at)
            dtype = fields[name]
        return Late(self, f"{late._source}.{name}", at=at, dtype=dtype)  # type: ignore[arg-type]  # as above

    def _write(self, value: object, chain: nodes.Expr, at: Place) -> str:
        name = unparse(chain, lambda _: None)
        if value is self.customer:
            raise Refused(
                "'customer' is everything about one", hint="name a field: customer.city", at=at
            )
        if isinstance(value, Late):
            return value._source
        if isinstance(value, Undefined):
            raise Refused(f"'{name}' is not known here", at=at)
        try:
            return literal(value)
        except NotPlain as error:
            raise Refused(
                f"'{name}' cannot be used together with customer",
                hint=f"it is a {error}; take a plain value of it first: {{% set value = {name}… %}}",
                at=at,
            ) from error


def late_chains(node: nodes.Expr) -> Iterator[nodes.Expr]:
    """Yield the names and the `name.a.b` that an expression reads, each as one node."""
    if chain_names(node) is not None:
        yield node
        return
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Expr):
            yield from late_chains(child)
        else:  # operands of a comparison, keyword arguments, pairs of a dict
            for inner in child.iter_child_nodes():
                if isinstance(inner, nodes.Expr):
                    yield from late_chains(inner)


def chain_names(node: nodes.Node) -> tuple[str, ...] | None:
    """Return `("entry", "image", "src")` for `entry.image.src`, None for anything but such a chain."""
    match node:
        case nodes.Name():
            return (node.name,)
        case nodes.Getattr():
            base = chain_names(node.node)
            return None if base is None else (*base, node.attr)
        case nodes.Getitem(arg=nodes.Const(value=str(key))):
            base = chain_names(node.node)
            return None if base is None else (*base, key)
    return None
