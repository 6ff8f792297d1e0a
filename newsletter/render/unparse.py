"""Jinja expression trees → source text, with what was captured written as literals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from jinja2 import nodes

_BINARY: dict[type[nodes.Expr], str] = {
    nodes.Add: "+",
    nodes.Sub: "-",
    nodes.Mul: "*",
    nodes.Div: "/",
    nodes.FloorDiv: "//",
    nodes.Mod: "%",
    nodes.Pow: "**",
    nodes.And: "and",
    nodes.Or: "or",
}
_UNARY: dict[type[nodes.Expr], str] = {nodes.Not: "not ", nodes.Neg: "-", nodes.Pos: "+"}
_COMPARE = {
    "eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">=", "in": "in", "notin": "not in",
}  # fmt: skip

Replace = Callable[[nodes.Expr], str | None]


class NotPlain(ValueError):
    """A value that cannot be written into a template."""


def literal(value: object) -> str:
    """
    Return Jinja source for a plain value: text, number, yes/no, none, date, or lists and dicts of such.

    Raises:
        NotPlain: for anything else, including text that is already safe HTML.
    """
    if value is None or type(value) in (bool, int, str):
        return repr(value).lower() if value is None or isinstance(value, bool) else repr(value)
    if type(value) is float and value == value and abs(value) != float("inf"):
        return repr(value)
    if type(value) in (dt.date, dt.datetime):
        return f"({value.isoformat()!r} | as_date)"  # type: ignore[attr-defined]  # narrowed by type()
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(literal(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(k)}: {literal(v)}" for k, v in value.items()) + "}"
    raise NotPlain(type(value).__name__)


def unparse(node: nodes.Expr, replace: Replace) -> str:
    """
    Return source that parses to *node*; *replace* may give the source of any node within it.

    Raises:
        NotPlain: for a node that is no expression of Jinja's grammar.
    """

    def go(child: nodes.Expr) -> str:
        return unparse(child, replace)

    given = replace(node)
    if given is not None:
        return given
    match node:
        case nodes.Const():
            return literal(node.value)
        case nodes.TemplateData():
            return repr(node.data)
        case nodes.Name():
            return node.name
        case nodes.BinExpr():
            return f"({go(node.left)} {_BINARY[type(node)]} {go(node.right)})"
        case nodes.UnaryExpr():
            return f"({_UNARY[type(node)]}{go(node.node)})"
        case nodes.Compare():
            rest = (f"{_COMPARE[op.op]} {go(op.expr)}" for op in node.ops)
            return f"({go(node.expr)} {' '.join(rest)})"
        case nodes.Concat():
            return "(" + " ~ ".join(go(part) for part in node.nodes) + ")"
        case nodes.CondExpr():
            other = f" else {go(node.expr2)}" if node.expr2 else ""
            return f"({go(node.expr1)} if {go(node.test)}{other})"
        case _:
            return _operand(node, go)


def _operand(node: nodes.Expr, go: Callable[[nodes.Expr], str]) -> str:
    match node:
        case nodes.Getattr():
            return f"{go(node.node)}.{node.attr}"
        case nodes.Getitem():
            return f"{go(node.node)}[{go(node.arg)}]"
        case nodes.Slice():
            parts = (go(part) if part else "" for part in (node.start, node.stop, node.step))
            return ":".join(parts).removesuffix(":") if node.step is None else ":".join(parts)
        case nodes.Call():
            return f"{go(node.node)}{_arguments(node, go)}"
        case nodes.Filter() if node.node is not None:
            return f"({go(node.node)} | {node.name}{_arguments(node, go)})"
        case nodes.Test():
            return f"({go(node.node)} is {node.name}{_arguments(node, go)})"
        case nodes.List():
            return "[" + ", ".join(go(item) for item in node.items) + "]"
        case nodes.Tuple():
            return "(" + "".join(go(item) + ", " for item in node.items) + ")"
        case nodes.Dict():
            return "{" + ", ".join(f"{go(p.key)}: {go(p.value)}" for p in node.items) + "}"
    raise NotPlain(type(node).__name__)


def _arguments(
    node: nodes.Call | nodes.Filter | nodes.Test, go: Callable[[nodes.Expr], str]
) -> str:
    parts = [go(arg) for arg in node.args]
    parts += [f"{pair.key}={go(pair.value)}" for pair in node.kwargs]
    parts += [f"*{go(node.dyn_args)}"] if node.dyn_args else []
    parts += [f"**{go(node.dyn_kwargs)}"] if node.dyn_kwargs else []
    return f"({', '.join(parts)})" if parts or isinstance(node, nodes.Call) else ""
