"""Turns Jinja's expression trees into source text, with captured values as literals."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from typing import Any

from jinja2 import nodes

Replace = Callable[[nodes.Expr], str | None]
_Go = Callable[[nodes.Expr], str]


class NotPlainError(ValueError):
    """A value, or a part of an expression, that cannot be written into a template."""


def literal(value: object) -> str:
    """
    Return Jinja source for a plain value: text, number, yes/no, none, date, list or dict.

    Raises:
        NotPlainError: for anything else, including text that is already safe HTML.
    """
    if value is None or isinstance(value, bool):
        return repr(value).lower()
    if type(value) is str:
        return repr(value)
    if type(value) is int or (type(value) is float and math.isfinite(value)):
        return repr(value) if value >= 0 else f"({value!r})"
    if type(value) is dt.date or type(value) is dt.datetime:
        return f"({value.isoformat()!r} | as_date)"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(literal(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(k)}: {literal(v)}" for k, v in value.items()) + "}"
    raise NotPlainError(type(value).__name__)


def unparse(node: nodes.Expr, replace: Replace) -> str:
    """
    Return source that parses to *node*; *replace* may return the source of any node in it.

    Every operator is set in brackets.

    Raises:
        NotPlainError: for a node that is not an expression of Jinja's grammar.
    """

    def go(child: nodes.Expr) -> str:
        replacement = replace(child)
        if replacement is not None:
            return replacement
        printer = _PRINTERS.get(type(child))
        if printer is None:
            raise NotPlainError(type(child).__name__)
        return printer(child, go)

    return go(node)


def _joined(sign: str) -> Callable[[Any, _Go], str]:
    return lambda node, go: f"({go(node.left)} {sign} {go(node.right)})"


def _compare(node: nodes.Compare, go: _Go) -> str:
    comparisons = (f"{_COMPARE[op.op]} {go(op.expr)}" for op in node.ops)
    return f"({go(node.expr)} {' '.join(comparisons)})"


def _condition(node: nodes.CondExpr, go: _Go) -> str:
    other = f" else {go(node.expr2)}" if node.expr2 else ""
    return f"({go(node.expr1)} if {go(node.test)}{other})"


def _slice(node: nodes.Slice, go: _Go) -> str:
    parts = [go(part) if part else "" for part in (node.start, node.stop)]
    return ":".join([*parts, go(node.step)] if node.step else parts)


def _filter(node: nodes.Filter, go: _Go) -> str:
    if node.node is None:  # of a filter block
        raise NotPlainError(node.name)
    return f"({go(node.node)} | {node.name}{_arguments(node, go)})"


def _arguments(node: nodes.Call | nodes.Filter | nodes.Test, go: _Go) -> str:
    parts = [go(arg) for arg in node.args]
    parts += [f"{pair.key}={go(pair.value)}" for pair in node.kwargs]
    parts += [f"*{go(node.dyn_args)}"] if node.dyn_args else []
    parts += [f"**{go(node.dyn_kwargs)}"] if node.dyn_kwargs else []
    return f"({', '.join(parts)})" if parts or isinstance(node, nodes.Call) else ""


_COMPARE = {
    "eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">=",
    "in": "in", "notin": "not in",
}  # fmt: skip

_PRINTERS: dict[type[nodes.Expr], Callable[[Any, _Go], str]] = {
    nodes.Const: lambda node, _: literal(node.value),
    nodes.TemplateData: lambda node, _: repr(node.data),
    nodes.Name: lambda node, _: str(node.name),
    nodes.Add: _joined("+"),
    nodes.Sub: _joined("-"),
    nodes.Mul: _joined("*"),
    nodes.Div: _joined("/"),
    nodes.FloorDiv: _joined("//"),
    nodes.Mod: _joined("%"),
    nodes.Pow: _joined("**"),
    nodes.And: _joined("and"),
    nodes.Or: _joined("or"),
    nodes.Not: lambda node, go: f"(not {go(node.node)})",
    nodes.Neg: lambda node, go: f"(-{go(node.node)})",
    nodes.Pos: lambda node, go: f"(+{go(node.node)})",
    nodes.Compare: _compare,
    nodes.Concat: lambda node, go: "(" + " ~ ".join(go(part) for part in node.nodes) + ")",
    nodes.CondExpr: _condition,
    nodes.Getattr: lambda node, go: f"{go(node.node)}.{node.attr}",
    nodes.Getitem: lambda node, go: f"{go(node.node)}[{go(node.arg)}]",
    nodes.Slice: _slice,
    nodes.Call: lambda node, go: f"{go(node.node)}{_arguments(node, go)}",
    nodes.Filter: _filter,
    nodes.Test: lambda node, go: f"({go(node.node)} is {node.name}{_arguments(node, go)})",
    nodes.List: lambda node, go: "[" + ", ".join(go(item) for item in node.items) + "]",
    nodes.Tuple: lambda node, go: "(" + "".join(f"{go(item)}, " for item in node.items) + ")",
    nodes.Dict: lambda node, go: (
        "{" + ", ".join(f"{go(pair.key)}: {go(pair.value)}" for pair in node.items) + "}"
    ),
}
