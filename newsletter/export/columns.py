"""A text template as columns: what a mail-merge program cannot work out, worked out before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from jinja2 import nodes

from newsletter.merge.compiled import MergeEnvironment
from newsletter.merge.escape import PLACES
from newsletter.merge.rows import rows
from newsletter.render.unparse import unparse
from newsletter.rules.environment import RuleEnvironment, is_missing

_FIELD = re.compile(r"customer\.(\w+)")
_BARE = re.compile(r"\(customer\.(\w+) \| in_plain\([0-9]+\)\)")
_BETWEEN = "\x1f"  # ASCII's unit separator: control characters never reach a value


@dataclass(frozen=True)
class Condition:
    """A part that some recipients get: *flag* is the column that says who (`1`, or empty)."""

    flag: str
    then: tuple[Part, ...]
    otherwise: tuple[Part, ...]


@dataclass(frozen=True)
class Column:
    """A place where the column's cell is printed."""

    name: str


Part = str | Column | Condition


@dataclass
class Columns:
    """The columns that a text needs beside those that are there anyway."""

    fixed: tuple[str, ...] = ()
    """Columns that the table has whatever the text says: fields as they stand in the file."""
    sources: dict[str, str] = field(default_factory=dict)
    """Name → Jinja that gives the cell of one customer."""

    def parts(self, text: str, *, keep_conditions: bool) -> tuple[Part, ...]:
        """
        Return a message template's text as static text, cells and conditions.

        A value becomes a column, a loop one that holds the finished text. Without
        *keep_conditions* (for programs that have no `if`) a condition does, too.
        """
        tree = RuleEnvironment(keep_trailing_newline=True).parse(text)
        return tuple(self._parts(tree.body, keep_conditions))

    def _parts(self, body: Sequence[nodes.Node], keep: bool) -> Iterator[Part]:
        for node in body:
            if isinstance(node, nodes.Output):
                yield from (self._value(part) for part in node.nodes)
            elif isinstance(node, nodes.If) and keep:
                yield Condition(
                    self._flag(node.test),
                    tuple(self._parts(node.body, keep)),
                    tuple(self._parts(node.else_, keep)),
                )
            elif isinstance(node, nodes.If | nodes.For):
                test = node.test if isinstance(node, nodes.If) else node.iter
                assert test is not None
                name = _about(_source(test)) + ("_text" if isinstance(node, nodes.If) else "_list")
                yield Column(self._column(name, "".join(_printed([node]))))

    def _value(self, node: nodes.Expr) -> Part:
        if isinstance(node, nodes.TemplateData):
            return node.data
        if isinstance(node, nodes.Const):
            return str(node.value)
        source = _source(node)
        bare = _BARE.fullmatch(source)
        if bare and bare[1] in self.fixed:
            return Column(bare[1])
        return Column(self._column(_about(source), f"{{{{ {source} }}}}"))

    def _flag(self, test: nodes.Node) -> str:
        source = _source(test)
        name = _about(source)
        if not name.startswith("show_"):
            name = f"has_{name}" if source == f"customer.{name}" else f"if_{name}"
        return self._column(name, f"{{% if {source} %}}1{{% endif %}}")

    def _column(self, name: str, source: str) -> str:
        """Return the column of *source*; a second one that wants the same name gets a number."""
        wanted, number = name, 1
        while name in self.fixed or self.sources.setdefault(name, source) != source:
            number += 1
            name = f"{wanted}_{number}"
        return name


def cells_of(
    sources: Mapping[str, str],
    recipients: pl.DataFrame,
    *,
    fields: Sequence[str],
    filters: Mapping[str, Any],
) -> Iterator[list[str]]:
    """Yield each recipient's cells in the order of *sources*; what is missing is empty."""
    environment = MergeEnvironment({**filters}, encoded=False)
    environment.filters.update({name: _cell(write) for name, write in PLACES.items()})
    render = environment.renderer(_BETWEEN.join(sources.values()))
    for row in rows(recipients, fields):
        yield render(row).split(_BETWEEN)


def _about(source: str) -> str:
    found = _FIELD.search(source)
    return found[1] if found else "value"


def _cell(write: Callable[[object, int], str]) -> Callable[[object, int], str]:
    """Return a place's filter so that a missing value is an empty cell."""
    return lambda value, slot: "" if is_missing(value) else write(value, slot)


def _source(node: nodes.Node) -> str:
    assert isinstance(node, nodes.Expr)
    return unparse(node, lambda _: None)


def _printed(body: Sequence[nodes.Node]) -> Iterator[str]:
    """Yield the source of nodes: the inverse of parsing, for what message templates hold."""
    for node in body:
        match node:
            case nodes.Output():
                yield from map(_printed_value, node.nodes)
            case nodes.If():
                yield f"{{% if {_source(node.test)} %}}"
                yield from _printed(node.body)
                if node.else_:
                    yield "{% else %}"
                    yield from _printed(node.else_)
                yield "{% endif %}"
            case nodes.For():
                yield f"{{% for {_target(node.target)} in {_source(node.iter)} %}}"
                yield from _printed(node.body)
                yield "{% endfor %}"
            case nodes.Assign():
                yield f"{{% set {_target(node.target)} = {_source(node.node)} %}}"


def _printed_value(node: nodes.Expr) -> str:
    if isinstance(node, nodes.TemplateData):
        return literal_text(node.data)
    return f"{{{{ {_source(node)} }}}}"


def _target(target: nodes.Node) -> str:
    assert isinstance(target, nodes.Name | nodes.Tuple)
    return (
        target.name if isinstance(target, nodes.Name) else _source(target).strip("()").rstrip(", ")
    )


def literal_text(text: str) -> str:
    """Return Jinja source that prints *text* as it is."""
    return re.sub(r"\{(?=[{%#]|$)", "{{ '{' }}", text)
