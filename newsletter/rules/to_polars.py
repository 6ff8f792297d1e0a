"""Compiles a rule to a Polars expression and checks its names and kinds."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from functools import lru_cache, singledispatchmethod

import polars as pl
from jinja2 import nodes

from newsletter.errors import NewsletterError, Problem, did_you_mean, raise_all
from newsletter.model.source import Source
from newsletter.rules import grammar
from newsletter.rules.environment import ignores_capitals
from newsletter.rules.kinds import FILTER_NAMES, FILTERS, IN_WORDS, Value, constant, field, truth
from newsletter.rules.operators import SIGNS, as_date, calculate, comparison


def compile_rule(
    source: Source,
    schema: Mapping[str, pl.DataType],
    headers: Mapping[str, str] | None = None,
) -> pl.Expr:
    """
    Return the yes/no column of a rule over a table with *schema*; it is never null.

    Raises NewsletterError with every misspelt name and every comparison of unlike kinds.
    *headers* are those of the customer file with their fields: some write these in rules.
    """
    names = names_in(source)
    fields = tuple((name, schema[name]) for name in sorted(names) if name in schema)
    if len(fields) < len(names):
        return _compile(source, schema, headers or {})  # the hint needs all names
    return _compile_once(source, fields)


@lru_cache(maxsize=4096)  # a plan of a year asks each rule several times a day
def _compile_once(source: Source, fields: tuple[tuple[str, pl.DataType], ...]) -> pl.Expr:
    return _compile(source, dict(fields), {})


def _compile(
    source: Source, schema: Mapping[str, pl.DataType], headers: Mapping[str, str]
) -> pl.Expr:
    compiler = _Compiler(source, schema, headers)
    try:
        answer = truth(compiler.value(grammar.parse(source)))
    except RecursionError:
        hint = "make segments of its parts and use their names"
        raise NewsletterError.at("the rule is too long", source.place(1, 1), hint=hint) from None
    raise_all(compiler.problems)
    # A rule may be constant, but the column needs an answer for each row. (Polars 2.1 gives a
    # single value where a column of nulls is filled with a literal and compared.)
    return pl.repeat(value=True, n=pl.len(), dtype=pl.Boolean) & answer


@lru_cache(maxsize=4096)
def names_in(source: Source) -> frozenset[str]:
    """Return the names of the fields that a rule reads. Raises NewsletterError as `parse` does."""
    names: set[str] = set()
    waiting: list[nodes.Node] = [grammar.parse(source)]
    while waiting:  # find_all would recurse too deeply for a sum of hundreds of parts
        node = waiting.pop()
        if isinstance(node, nodes.Name):
            names.add(node.name)
        waiting += node.iter_child_nodes()
    return frozenset(names)


_MOST_COMPARED = 10
"""Signs in `1 < a < 5`; Polars takes time in the square of their number."""


class _Compiler:
    """Compiles one rule and collects all of its problems."""

    def __init__(
        self, source: Source, schema: Mapping[str, pl.DataType], headers: Mapping[str, str]
    ) -> None:
        self.source, self.schema = source, schema
        self.read_as = {
            _plain(header): field for header, field in headers.items() if field in schema
        }
        self.problems: list[Problem] = []

    def wrong(self, at: int, message: str, *, hint: str = "") -> Value:
        """Note a problem; return a value that causes no further problems."""
        self.problems.append(grammar.problem_at(self.source, at, message, hint=hint))
        return Value(column=pl.lit(value=False), kind="unknown", text="", at=at)

    @singledispatchmethod
    def value(self, node: nodes.Expr) -> Value:
        """Return the value of a part of the rule; its kind is unknown after a problem."""
        at = min(part.lineno for part in (node, *node.find_all(nodes.Expr)))
        if isinstance(node, nodes.Getattr) and getattr(node.node, "name", "") == "customer":
            field = node.attr if node.attr in self.schema else self.read_as.get(_plain(node.attr))
            hint = f"in a rule, write {field or node.attr} alone"
            return self.wrong(at, f"'customer.{node.attr}' is for texts", hint=hint)
        message = _REFUSED.get(type(node), "this is not possible in a rule")
        return self.wrong(at, message, hint="docs/rules.md lists what is possible")

    @value.register
    def _name(self, node: nodes.Name) -> Value:
        if node.name in self.schema:
            return field(node.name, self.schema[node.name], at=node.lineno)
        return self.wrong(node.lineno, f"unknown name '{node.name}'", hint=self._meant(node.name))

    def _meant(self, name: str) -> str:
        """Return what to write instead of a name that is no field."""
        word = _plain(name)
        if field := self.read_as.get(word):
            return f"write {field}, as that column is read"
        if near := difflib.get_close_matches(word, self.read_as, n=1, cutoff=0.8):
            return f"did you mean '{self.read_as[near[0]]}'?"
        return did_you_mean(name, self.schema) or (
            f'if you mean the text, write "{name}"; docs/rules.md lists the facts'
        )

    @value.register
    def _constant(self, node: nodes.Const) -> Value:
        if node.value is None:
            return self.wrong(node.lineno, "nothing equals none", hint="ask `is missing`")
        return constant(node.value, at=node.lineno)

    @value.register
    def _list(self, node: nodes.List | nodes.Tuple) -> Value:
        items = [self.value(item) for item in node.items]
        for item in items:
            if item.kind == "unknown":
                return item
            if item.constant is None:
                hint = f'if you mean the text, write "{item.text}"; else join questions with `or`'
                return self.wrong(item.at, "a list holds texts or numbers only", hint=hint)
        if len({item.kind for item in items}) > 1:
            return self.wrong(node.lineno, "a list holds values of one kind")
        return Value(
            column=pl.lit(value=True),
            kind="list",
            inner=items[0].kind if items else "unknown",
            text="the list",
            at=node.lineno,
            constant=[item.constant for item in items],
        )

    @value.register
    def _comparisons(self, node: nodes.Compare) -> Value:
        first = left = self._single(node.expr)
        answer = pl.lit(value=True)
        fold = ignores_capitals(node)
        if len(node.ops) > _MOST_COMPARED:
            hint = "join comparisons with `and`"
            return self.wrong(first.at, f"more than {_MOST_COMPARED} values in a row", hint=hint)
        for operand in node.ops:
            right = self._single(operand.expr)
            answer = answer & comparison(operand.op, left, right, wrong=self.wrong, fold=fold)
            left = right
        return Value(column=answer, kind="yes/no", text="the comparison", at=first.at)

    @value.register
    def _not(self, node: nodes.Not) -> Value:
        column = ~truth(self.value(node.node))
        return Value(column=column, kind="yes/no", text="not", at=node.lineno, logic=True)

    @value.register
    def _joined(self, node: nodes.And | nodes.Or) -> Value:
        left, right = truth(self.value(node.left)), truth(self.value(node.right))
        text = "and" if isinstance(node, nodes.And) else "or"
        column = left & right if text == "and" else left | right
        return Value(column=column, kind="yes/no", text=text, at=node.lineno, logic=True)

    @value.register
    def _negative(self, node: nodes.Neg) -> Value:
        value = self._number(node.node, "-")
        if isinstance(value.constant, int | float):
            return constant(-value.constant, at=node.lineno)
        return Value(column=-value.column, kind=value.kind, text=f"-{value.text}", at=node.lineno)

    @value.register
    def _calculation(self, node: nodes.BinExpr) -> Value:
        sign = SIGNS.get(type(node).__name__)
        if sign is None:
            return self.wrong(node.lineno, "a rule cannot use powers", hint="write x * x")
        left, right = self._number(node.left, sign), self._number(node.right, sign)
        return Value(
            column=calculate(sign, left.column, right.column),
            kind="unknown" if "unknown" in (left.kind, right.kind) else "number",
            text=f"{left.text} {sign} {right.text}",
            at=left.at,
        )

    @value.register
    def _filtered(self, node: nodes.Filter) -> Value:
        assert node.node is not None  # only the filter blocks of templates have none
        value = self._single(node.node)
        if node.name == "default":
            return self._default(node, value)
        rule_filter = FILTERS.get(node.name)
        if rule_filter is None:
            hint = did_you_mean(node.name, FILTER_NAMES) or "there are " + ", ".join(FILTER_NAMES)
            return self.wrong(node.lineno, f"unknown filter '{node.name}'", hint=hint)
        if node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return self.wrong(node.lineno, f"{node.name} takes nothing in parentheses")
        if value.kind == "unknown":
            return value
        if value.kind not in rule_filter.takes:
            takes = " or ".join(IN_WORDS[kind] for kind in rule_filter.takes)
            return self.wrong(value.at, f"{value.is_what}, {node.name} needs {takes}")
        text = f"{value.text} | {node.name}"
        return Value(
            column=rule_filter.column(value), kind=rule_filter.gives, text=text, at=value.at
        )

    def _default(self, node: nodes.Filter, value: Value) -> Value:
        if len(node.args) != 1 or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return self.wrong(node.lineno, "default takes one value", hint="write default(0)")
        other = as_date(self._single(node.args[0]), value)
        if "unknown" in (value.kind, other.kind):
            return value
        if value.kind != other.kind or value.kind == "list":
            return self.wrong(other.at, f"{value.is_what}, {other.is_what}")
        column = value.column.fill_null(other.column)
        text = f"{value.text} | default({other.text})"
        return Value(column=column, kind=value.kind, text=text, at=value.at)

    @value.register
    def _test(self, node: nodes.Test) -> Value:
        value = self._single(node.node)
        if node.name != "missing" or node.args or node.kwargs:
            hint = "`is missing` asks whether there is a value; to compare two values write =="
            return self.wrong(node.lineno, f"`is {node.name}` is not known", hint=hint)
        if value.constant is not None:
            hint = "put the calculation in parentheses: (points + 1) is missing"
            return self.wrong(value.at, f"{value.text} is never missing", hint=hint)
        column = value.column.is_null()
        return Value(column=column, kind="yes/no", text=f"{value.text} is missing", at=value.at)

    def _single(self, node: nodes.Expr) -> Value:
        """Return a value to compare, calculate with or filter."""
        value = self.value(node)
        if not value.logic:
            return value
        hint = "compare each value by itself and join the comparisons with `and` or `or`"
        return self.wrong(value.at, f"`{value.text}` gives a yes or no, not a value", hint=hint)

    def _number(self, node: nodes.Expr, sign: str) -> Value:
        value = self._single(node)
        if value.kind in ("number", "unknown"):
            return value
        dates = "for dates there are facts in days, such as days_since_last_order"
        hint = dates if value.kind == "date" else ""
        return self.wrong(value.at, f"{value.is_what}, {sign} needs numbers", hint=hint)


def _plain(header: str) -> str:
    """Return a header as it is compared with a name: `E-Mail` → email."""
    return re.sub(r"[\W_]+", "", header.casefold())


_REFUSED: Mapping[type[nodes.Node], str] = {
    nodes.Call: "a rule cannot call anything",
    nodes.Getattr: "a rule takes plain names only",
    nodes.Getitem: "a rule takes plain names only",
    nodes.CondExpr: "a rule has no if: join questions with `and` or `or`",
    nodes.Concat: "a rule cannot join texts",
}
