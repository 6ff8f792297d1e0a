"""Trees → static text, and Python functions that write the open parts for many customers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from types import CodeType
from typing import Any, NoReturn

from jinja2 import TemplateError

from newsletter.errors import NewsletterError
from newsletter.merge.escape import WRITERS, BadValue
from newsletter.merge.expressions import Form, MergeEnvironment, Use, Variables, bare_field, local
from newsletter.merge.quoted_printable import encode
from newsletter.merge.written import KINDS, Writer
from newsletter.model.template import Condition, Output, Part, Repeat, Slot, Tree, slots_of
from newsletter.rules.environment import is_missing

RAISED = (BadValue, TemplateError, TypeError, ValueError, ArithmeticError, LookupError)
"""Exceptions for a value that cannot be written."""
_TOO_DEEP = "an expression is nested too deeply"
_SHORTER = "write it in fewer steps; a name that many branches set makes one long expression"

Fill = Callable[[Iterable[tuple[Any, ...]]], Iterator[Any]]
"""Takes rows with the values of `Piece.columns`; yields what is written for each, or the exception
that its values raise."""


@dataclass(frozen=True)
class Text:
    """A field as written in a place; None if that needs more care."""

    kind: str
    """A key of `written.KINDS`."""


@dataclass(frozen=True, eq=False)
class Compiled:
    """A tree prepared for writing for many customers, or for the items of their lists."""

    pieces: tuple[bytes | str | Piece, ...]
    """Static text in its final encoding, and open parts."""
    nothing: Any
    """The empty text, bytes or str."""


Column = tuple[str, Form | Text | Compiled]
"""A field and the form in which it is read. A list may be read as its items' joined texts."""


@dataclass(frozen=True)
class Piece:
    """An open part of a tree, prepared for writing; independent of all other parts."""

    fill: Fill
    columns: tuple[Column, ...]
    """The columns that each row must have, in this order."""
    bare: Column | None = None
    """The column whose texts it writes unchanged; other cells need more care."""


@dataclass
class _Code:
    """Everything needed to write the Python source of trees that belong together."""

    environment: MergeEnvironment
    names: dict[str, Any]
    """Names that the source uses → their values."""
    encoded: bool
    cells: bool = False
    customer: str = "customer"
    """The variable whose fields are columns."""
    columns: dict[Column, str] = field(default_factory=dict)
    """Columns of the function being written: field and form → the variable that holds it."""

    @property
    def nothing(self) -> Any:
        """The empty text, bytes or str."""
        return b"" if self.encoded else ""


@dataclass(frozen=True)
class _Static:
    """Static text in its final encoding."""

    value: bytes | str


def compile_texts(
    trees: Sequence[Tree], environment: MergeEnvironment, *, cells: bool = False
) -> tuple[Compiled, ...]:
    """
    Return *trees* prepared for writing as texts (str).

    As *cells* of a table, missing values are empty.
    """
    code = _code(environment, encoded=False, cells=cells)
    return tuple(_compiled(tree, code) for tree in trees)


def compile_message(
    text: Tree, html: Tree, environment: MergeEnvironment, *, between: tuple[bytes, bytes, bytes]
) -> Compiled:
    """
    Return a message without its header, prepared for writing (bytes, LF line ends).

    Its bodies are quoted-printable; *between* has the bytes before the text, between text and
    HTML, and after it.
    """
    code = _code(environment, encoded=True)
    before, middle, end = between
    pieces = (before, *_compiled(text, code).pieces, middle, *_compiled(html, code).pieces, end)
    return Compiled(pieces, code.nothing)


def compile_value(slot: Slot, environment: MergeEnvironment) -> Piece:
    """Return a piece that yields whether a slot is true, or the exception that it raises."""
    code = _code(environment, encoded=False)
    return _piece(f"bool({_expression(slot, code, {}, 'test')})", code)


def _code(environment: MergeEnvironment, *, encoded: bool, cells: bool = False) -> _Code:
    names = {**environment.names(), "RAISED": RAISED, "no": _raise}
    return _Code(environment, names, encoded=encoded, cells=cells)


def _compiled(tree: Tree, code: _Code) -> Compiled:
    pieces: list[bytes | str | Piece] = []
    for part, source in zip(tree, _parts(tree, code, {}, 0), strict=True):
        if isinstance(source, _Static):
            pieces.append(source.value)
        else:
            pieces.append(_piece(source, code, part))
    return Compiled(tuple(pieces), code.nothing)


def _piece(expression: str, code: _Code, part: Part = "") -> Piece:
    """Return the piece that yields *expression*, the Python of *part*, for each row."""
    columns = tuple(code.columns)
    variables = "".join(f"{variable}, " for variable in code.columns.values())
    source = (
        f"def fill(rows):\n    for {f'({variables})' if variables else '_'} in rows:\n"
        f"        try:\n            yield {expression}\n"
        "        except RAISED as error:\n            yield error\n"
    )
    code.columns.clear()
    try:
        exec(_python(source), code.names)  # noqa: S102  # of parsed expressions only
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise NewsletterError.at(_TOO_DEEP, hint=_SHORTER) from error
    bare = isinstance(part, Output) and isinstance(columns[-1][1], Text)
    return Piece(code.names["fill"], columns, columns[-1] if bare else None)


@lru_cache(maxsize=2_000)
def _python(source: str) -> CodeType:
    """Return the code of a function; cached, because a save changes few parts of a message."""
    return compile(source, "<message>", "exec")


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
    write = WRITERS[part.position]
    write = partial(_or_empty, write) if code.cells else write
    writer = f"write_{len(code.names)}"
    code.names[writer] = Writer(write, part, encoded=code.encoded)
    source = f"{writer}[{_expression(part.slot, code, variables, 'print')}]"
    field, kind = bare_field(part.slot.expression, of=code.customer), KINDS.get(part.position)
    if field and kind and code.encoded == (kind != "line"):
        text = code.columns.setdefault((field, Text(kind)), f"text_{len(code.columns)}")
        return f"({text} or {source})"
    return source


def _condition(part: Condition, code: _Code, variables: Variables, depth: int) -> str:
    chain = "".join(
        f"{_joined(_parts(then, code, variables, depth), code)}"
        f" if {_expression(slot, code, variables, 'test')} else "
        for slot, then in part.branches
    )
    return f"({chain}{_joined(_parts(part.otherwise, code, variables, depth), code)})"


def _repeat(part: Repeat, code: _Code, variables: Variables, depth: int) -> str:
    if depth == 0 and (field := _apart(part, code)):
        item = _compiled(part.body, replace(code, customer=part.slot.names[0], columns={}))
        written = code.columns.setdefault((field, item), f"items_{len(code.columns)}")
        return (
            f"({written} if type({written}) is {type(code.nothing).__name__} else no({written}))"
        )
    items = _expression(part.slot, code, variables, "value")
    names = {name: f"item{depth}_{n}" for n, name in enumerate(part.slot.names)}
    target = next(iter(names.values())) if len(names) == 1 else f"({', '.join(names.values())})"
    inner = {**variables, **{name: (python, part.slot.records) for name, python in names.items()}}
    loop = _loop(part.slot)
    if any(f"{loop}." in slot.expression for slot in slots_of(part.body)):
        inner[loop] = (f"loop{depth}", False)
        target, items = f"{target}, loop{depth}", f"LoopContext({items}, undefined)"
    body = _joined(_parts(part.body, code, inner, depth + 1), code)
    return f"{code.nothing!r}.join([{body} for {target} in {items}])"


def _apart(part: Repeat, code: _Code) -> str:
    """Return the field of a repeat that reads only its records; empty if it reads more."""
    if not part.slot.records:
        return ""
    elsewhere = re.compile(rf"\b(?:{code.customer}|{_loop(part.slot)})\b")
    if any(elsewhere.search(slot.expression) for slot in slots_of(part.body)):
        return ""
    return bare_field(part.slot.expression, of=code.customer)


def _loop(slot: Slot) -> str:
    """Return the name of the variable that counts the items of a repeat."""
    return "loop" + slot.names[0].rpartition("_")[2]


def _expression(slot: Slot, code: _Code, variables: Variables, use: Use) -> str:
    try:
        source, columns = code.environment.python(
            slot.expression, variables, use, of=code.customer
        )
    except RecursionError as error:
        raise NewsletterError.at(_TOO_DEEP, slot.at, hint=_SHORTER) from error
    for name, form in sorted(columns):
        code.columns[name, form] = local(name, form)
    return source


def _joined(parts: Iterable[str | _Static], code: _Code) -> str:
    """Return one expression for consecutive parts; joins static neighbours."""
    written: list[str] = []
    static: list[Any] = []
    for part in (*parts, ""):
        if isinstance(part, _Static):
            static.append(part.value)
            continue
        if static:
            written.append(repr(code.nothing.join(static)))
            static = []
        written += [part] if part else []
    if len(written) < 2:
        return written[0] if written else repr(code.nothing)
    return f"{code.nothing!r}.join(({', '.join(written)}))"


def _raise(error: Exception) -> NoReturn:
    raise error


def _or_empty(write: Callable[[object], str], value: object) -> str:
    return "" if is_missing(value) else write(value)
