"""Trees → Python functions that fill in one customer after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from jinja2 import TemplateError

from newsletter.errors import NewsletterError
from newsletter.merge.escape import WRITERS, BadValue
from newsletter.merge.expressions import MergeEnvironment, Use, Variables, bare_field, local
from newsletter.merge.quoted_printable import encode
from newsletter.merge.written import AT_ONCE, KINDS
from newsletter.model.template import Condition, Output, Repeat, Slot, Tree, slots_of
from newsletter.rules.environment import is_missing

RAISED = (BadValue, TemplateError, TypeError, ValueError, ArithmeticError, LookupError)
"""What filling in raises for a value that it cannot take."""
HEAD = ("", "")
"""The column of `compile_message` that holds finished headers."""
_TOO_DEEP = "an expression is nested too deep"
_SHORTER = "say it in fewer steps; names that are set in many branches make one long expression"
MOST_REMEMBERED = 2_000
"""Values a slot: names, cities and dates recur; addresses do not, and would fill the memory."""

Fill = Callable[[Iterable[tuple[Any, ...]]], Iterator[Any]]
"""Takes rows with the values of `Compiled.columns`; yields what is made of each, or the exception
that its values raise."""


@dataclass(frozen=True)
class Compiled:
    """Trees made ready."""

    fill: Fill
    columns: tuple[tuple[str, str], ...]
    """What each row must hold, in this order: a field of the customer, and the kind of text as
    which it is wanted (a key of `written.SIMPLE`); empty: the value itself."""


@dataclass
class _Code:
    """Python source in the making, and the values that it names."""

    environment: MergeEnvironment
    encoded: bool
    cells: bool = False
    names: dict[str, Any] = field(default_factory=dict)
    columns: dict[tuple[str, str], str] = field(default_factory=dict)
    """Field and kind → the variable that holds it."""


def compile_texts(
    trees: Sequence[Tree], environment: MergeEnvironment, *, cells: bool = False
) -> Compiled:
    """
    Return what yields a tuple of texts (str), one for each of *trees*.

    As *cells* of a table, missing values are empty.
    """
    code = _Code(environment, encoded=False, cells=cells)
    made = ", ".join(_joined(_parts(tree, code, {}, 0), code) for tree in trees)
    return _compiled(f"({made},)", code)


def compile_message(
    text: Tree, html: Tree, environment: MergeEnvironment, *, between: tuple[bytes, bytes, bytes]
) -> Compiled:
    """
    Return what yields a whole message (bytes, LF line ends), bodies in quoted-printable.

    The first value of a row is the header of the message; *between* stand before the text, between
    text and HTML, and after it.
    """
    code = _Code(environment, encoded=True)
    code.columns[HEAD] = "head"
    before, middle, end = map(_Static, between)
    bodies = [*_parts(text, code, {}, 0), middle, *_parts(html, code, {}, 0)]
    parts = ["head", before, *bodies, end]
    return _compiled(_joined(parts, code), code)


def compile_value(slot: Slot, environment: MergeEnvironment) -> Compiled:
    """Return what yields whether a slot is true, for the exception that it raises."""
    code = _Code(environment, encoded=False)
    return _compiled(f"bool({_expression(slot, code, {}, 'test')})", code)


@dataclass(frozen=True)
class _Static:
    """Static text in its final encoding."""

    value: bytes | str


def _compiled(made: str, code: _Code) -> Compiled:
    """Return the function that yields *made*, an expression, for each row."""
    variables = "".join(f"{name}, " for name in code.columns.values())
    source = (
        f"def fill(rows):\n    for {f'({variables})' if variables else '_'} in rows:\n"
        f"        try:\n            yield {made}\n"
        "        except RAISED as error:\n            yield error\n"
    )
    names = {**code.environment.names(), **code.names, "RAISED": RAISED}
    try:
        exec(compile(source, "<message>", "exec"), names)  # noqa: S102  # of parsed expressions only
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise NewsletterError.at(_TOO_DEEP, hint=_SHORTER) from error
    return Compiled(names["fill"], tuple(code.columns))


def _parts(tree: Tree, code: _Code, variables: Variables, depth: int) -> Iterator[str | _Static]:
    """Yield Python for each part of a tree; *depth* counts the repeats around it."""
    for part in tree:
        match part:
            case str():
                yield _Static(encode(part).encode("ascii") if code.encoded else part)
            case Output():
                yield _output(part, code, variables)
            case Condition():
                yield _condition(part, code, variables, depth)
            case Repeat():
                yield _repeat(part, code, variables, depth)


def _output(part: Output, code: _Code, variables: Variables) -> str:
    writer = f"write_{len(code.names)}"
    written = encode if code.encoded else str
    write = WRITERS[part.position]
    write = partial(_or_empty, write) if code.cells else write
    code.names[writer] = _Writer(
        write,
        part.slot,
        written,
        as_bytes=code.encoded,
        at_once=code.encoded and KINDS.get(part.position) == "text",
    )
    source = f"{writer}[{_expression(part.slot, code, variables, 'print')}]"
    field, kind = bare_field(part.slot.expression), KINDS.get(part.position, "")
    if code.encoded and field and kind:
        column = code.columns.setdefault((field, kind), f"written_{len(code.columns)}")
        return f"({column} or {source})"
    return source


def _condition(part: Condition, code: _Code, variables: Variables, depth: int) -> str:
    chain = "".join(
        f"{_joined(_parts(then, code, variables, depth), code)}"
        f" if {_expression(slot, code, variables, 'test')} else "
        for slot, then in part.branches
    )
    return f"({chain}{_joined(_parts(part.otherwise, code, variables, depth), code)})"


def _repeat(part: Repeat, code: _Code, variables: Variables, depth: int) -> str:
    items = _expression(part.slot, code, variables, "value")
    own = {name: f"item{depth}_{n}" for n, name in enumerate(part.slot.names)}
    target = next(iter(own.values())) if len(own) == 1 else f"({', '.join(own.values())})"
    inner = {**variables, **{name: (python, part.slot.records) for name, python in own.items()}}
    loop = "loop" + part.slot.names[0].rpartition("_")[2]
    if any(f"{loop}." in slot.expression for slot in slots_of(part.body)):
        inner[loop] = (f"loop{depth}", False)
        target, items = f"{target}, loop{depth}", f"LoopContext({items}, undefined)"
    body = _joined(_parts(part.body, code, inner, depth + 1), code)
    return f"{_nothing(code)}.join([{body} for {target} in {items}])"


def _expression(slot: Slot, code: _Code, variables: Variables, use: Use) -> str:
    try:
        source, fields = code.environment.python(slot.expression, variables, use)
    except RecursionError as error:
        raise NewsletterError.at(_TOO_DEEP, slot.at, hint=_SHORTER) from error
    for name in sorted(fields):
        code.columns[name, ""] = local(name)
    return source


def _joined(parts: Iterable[str | _Static], code: _Code) -> str:
    """Return one expression for parts that follow each other; static neighbours become one."""
    written: list[str] = []
    static: list[Any] = []
    for part in (*parts, ""):
        if isinstance(part, _Static):
            static.append(part.value)
            continue
        if static:
            written.append(repr((b"" if code.encoded else "").join(static)))
            static = []
        written += [part] if part else []
    if len(written) < 2:
        return written[0] if written else _nothing(code)
    return f"{_nothing(code)}.join(({', '.join(written)}))"


def _nothing(code: _Code) -> str:
    return 'b""' if code.encoded else '""'


def _or_empty(write: Callable[[object], str], value: object) -> str:
    return "" if is_missing(value) else write(value)


class _Writer(dict[object, Any]):
    """Values of one slot → how they are written there. Only texts are remembered: 1 is True."""

    def __init__(
        self,
        write: Callable[[object], str],
        slot: Slot,
        encoded: Callable[[str], str],
        *,
        as_bytes: bool,
        at_once: bool,
    ) -> None:
        super().__init__()
        self._write, self._slot, self._encoded, self._as_bytes = write, slot, encoded, as_bytes
        self._at_once = AT_ONCE.fullmatch if at_once else None

    def __missing__(self, value: object) -> Any:
        written: Any
        if self._at_once and type(value) is str and self._at_once(value):
            written = f"{value}=\n".encode("ascii")
        else:
            written = self._carefully(value)
        if type(value) is str and len(self) < MOST_REMEMBERED:
            self[value] = written
        return written

    def _carefully(self, value: object) -> Any:
        try:
            text = self._encoded(self._write(value))
        except BadValue as error:
            error.slot = self._slot
            raise
        return text.encode("ascii") if self._as_bytes else text
