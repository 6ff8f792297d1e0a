"""Expressions of templates → Python source, in which the customer's fields are variables."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping
from keyword import iskeyword
from typing import Any, Literal

from jinja2 import Undefined, nodes
from jinja2 import runtime as jinja_runtime
from jinja2.compiler import Frame

from newsletter.rules.environment import RuleEnvironment, RuleGenerator
from newsletter.rules.missing import ASK_FOR_IT, missing, missing_aware

Use = Literal["value", "print", "test"]
"""What becomes of an expression: worked with, printed, or asked whether it is true.

A missing field is None where it is printed (and refused) or tested."""
Form = Literal["value", "truth"]
"""The form in which a field is read: its value, or whether it is true."""


class MergeEnvironment(RuleEnvironment):
    """Jinja's values, filters and tests for message templates."""

    absent = staticmethod(missing)

    def __init__(self, filters: Mapping[str, Callable[..., Any]]) -> None:
        super().__init__(autoescape=False)
        self.filters.update(missing_aware(filters))
        self.filters.update(e=_as_it_is, escape=_as_it_is)
        aware = self.filters.keys() - ASK_FOR_IT - {"e", "escape"}
        self.plain = {name: self.filters[name].__wrapped__ for name in aware}
        """Filters that cannot take a missing value: the compiled expression tests for it first."""
        self._names = frozenset(self.filters)

    def names(self) -> dict[str, Any]:
        """Return the names that compiled expressions use."""
        runtime = {name: getattr(jinja_runtime, name) for name in jinja_runtime.exported}
        return {
            **runtime,
            "environment": self,
            "context": jinja_runtime.new_context(self, None, {}, globals=self.globals),
            "undefined": self.undefined,
            "cond_expr_undefined": Undefined,
            **{f"filter_{name}": call for name, call in self.filters.items()},
            **{f"plain_{name}": call for name, call in self.plain.items()},
            **{f"test_{name}": call for name, call in self.tests.items()},
        }

    def python(
        self, expression: str, variables: Variables, use: Use, *, of: str = "customer"
    ) -> tuple[str, frozenset[tuple[str, Form]]]:
        """Return Python source of an expression, and the fields *of* the customer it reads."""
        key = (self._names, expression, use, of, *sorted(variables.items()))
        if key not in _WRITTEN:
            if len(_WRITTEN) >= _MOST_WRITTEN:
                _WRITTEN.clear()
            node = _parsed(expression)
            generator = _Generator(self, variables, of, _nullable(node, use), use)
            generator.visit(node, Frame(nodes.EvalContext(self)))
            _WRITTEN[key] = generator.out.getvalue(), frozenset(generator.columns)
        return _WRITTEN[key]


_WRITTEN: dict[tuple[object, ...], tuple[str, frozenset[tuple[str, Form]]]] = {}
"""What `python` returned in this process. It names filters and tests, and so holds for all
languages."""
_MOST_WRITTEN = 10_000

Variables = Mapping[str, tuple[str, bool]]
"""Variable of an enclosing repeat → its name in Python, and whether it is a record."""


def local(field: str, form: Form = "value") -> str:
    """Return the variable that holds a field of the customer."""
    # Python source normalises names, so different fields could become one variable.
    name = field if field.isascii() and f"f_{field}".isidentifier() else f"_{_hex(field)}"
    return f"{form}_{name}"


def bare_field(expression: str, *, of: str = "customer") -> str:
    """Return the field if the expression reads only one of *of*; else an empty text."""
    parts = _BARE.fullmatch(expression)
    return parts[2] if parts and parts[1] == of else ""


def _parsed(expression: str) -> nodes.Expr:
    output = _PARSER.parse(f"{{{{ {expression} }}}}").body[0]
    assert isinstance(output, nodes.Output)
    return output.nodes[0]


def _field_of(node: nodes.Node | None) -> tuple[str, str]:
    """Return a variable and the field read from it; empty texts for other nodes."""
    match node:
        case nodes.Getattr(node=nodes.Name(name=variable), attr=field):
            return variable, str(field)
        case nodes.Getitem(node=nodes.Name(name=variable), arg=nodes.Const(value=str(field))):
            return variable, field
    return "", ""


_PARSER = RuleEnvironment()
_BARE = re.compile(r"(\w+)\.(\w+)")


def _hex(text: str) -> str:
    return text.encode().hex()


def _nullable(node: nodes.Expr, use: Use) -> list[nodes.Expr]:
    """Return the nodes of an expression where a missing field may be None."""
    if use == "value":
        return []
    if use == "print":
        return [node]
    match node:
        case nodes.And() | nodes.Or():
            return [node, *_nullable(node.left, use), *_nullable(node.right, use)]
        case nodes.Not():
            return [node, *_nullable(node.node, use)]
    return [node]


class _Generator(RuleGenerator):
    """Python for one expression: fields and variables of repeats are local variables."""

    # Jinja gives the visit_ methods their names.

    def __init__(
        self,
        environment: MergeEnvironment,
        variables: Variables,
        customer: str,
        nullable: Iterable[nodes.Expr],
        use: Use,
    ) -> None:
        self.out = io.StringIO()
        super().__init__(environment, None, None, self.out)
        self._variables, self._customer, self._use = variables, customer, use
        self._nullable = set(map(id, nullable))
        self._plain = environment.plain
        self.columns: set[tuple[str, Form]] = set()
        self.filters = {name: f"filter_{name}" for name in environment.filters}
        self.tests = {name: f"test_{name}" for name in environment.tests}

    def visit_Name(self, node: nodes.Name, frame: Frame) -> None:
        """Write a variable."""
        name, _ = self._variables.get(node.name, ("", False))
        self.write(name or f"undefined(name={node.name!r})")

    def visit_Filter(self, node: nodes.Filter, frame: Frame) -> None:
        """Write a filter; a filter of a field runs only if there is a value."""
        call = self._plain.get(node.name)
        field, read = self._read(node.node)
        if call is None or not read or hasattr(call, "jinja_pass_arg"):
            super().visit_Filter(node, frame)
            return
        absent = f"environment.absent({field!r})"
        self.write(f"({absent} if {read} is None else plain_{node.name}({read}")
        self.signature(node, frame)
        self.write("))")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """Write a field of the customer, of a record, or a part of anything else."""
        field, read = self._read(node)
        if read:
            self._present(node, field, read)
        else:
            super().visit_Getattr(node, frame)

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:
        """Write a field of the customer, or an item of anything else."""
        field, read = self._read(node)
        if read:
            self._present(node, field, read)
        else:
            super().visit_Getitem(node, frame)

    def _read(self, node: nodes.Node | None) -> tuple[str, str]:
        """Return a field of the customer or of a record, and the code to read it; else empty."""
        variable, field = _field_of(node)
        if variable == self._customer:
            form: Form = "truth" if self._use == "test" and id(node) in self._nullable else "value"
            self.columns.add((field, form))
            return field, local(field, form)
        if not isinstance(node, nodes.Getattr) or not isinstance(node.node, nodes.Name):
            return "", ""
        variable, is_record = self._variables.get(node.node.name, ("", False))
        # Python source normalises names, so different fields could become one variable.
        direct = node.attr.isascii() and node.attr.isidentifier() and not iskeyword(node.attr)
        read = f"{variable}.{node.attr}" if direct else f"getattr({variable}, {node.attr!r})"
        return (node.attr, read) if is_record else ("", "")

    def _present(self, node: nodes.Expr, field: str, read: str) -> None:
        """Write the code that reads a field; None becomes a missing value, unless it may stay."""
        if id(node) in self._nullable:
            self.write(read)
        else:
            self.write(f"(environment.absent({field!r}) if {read} is None else {read})")


def _as_it_is(value: Any) -> Any:
    """Return *value* unchanged: it is escaped once, for its position."""
    return value
