"""Jinja with the semantics of rules: missing values, division by zero, dates against ISO text."""

from __future__ import annotations

import datetime as dt
import functools
import math
import re
import unicodedata
from typing import Any

from jinja2 import Undefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context
from markupsafe import Markup

from newsletter.rules.limited import Limited, LimitedGenerator
from newsletter.rules.limits import refuse_large
from newsletter.rules.missing import MISSING, Missing, missing, missing_aware


def iso_date(text: str) -> dt.date | None:
    """Return the date of a text such as 2024-01-31, or None."""
    try:
        return dt.date.fromisoformat(text) if _ISO_DATE.fullmatch(text) else None
    except ValueError:  # 2024-02-30
        return None


_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def folded(text: str) -> str:
    """Return a text as it is compared: letters composed (NFC), and without capitals."""
    return unicodedata.normalize("NFC", text).lower()


class IsoText(str):
    """A date written in a template: equals the same text, and compares with dates as a date."""

    __slots__ = ()
    __hash__ = str.__hash__

    def _day(self, other: object) -> Any:
        """Return this as a date if *other* is one, else as text."""
        return dt.date.fromisoformat(self) if isinstance(other, dt.date) else str(self)

    def __eq__(self, other: object) -> bool:
        return bool(self._day(other) == _date(other))

    def __ne__(self, other: object) -> bool:
        return bool(self._day(other) != _date(other))

    def __lt__(self, other: Any) -> bool:
        return bool(self._day(other) < _date(other))

    def __le__(self, other: Any) -> bool:
        return bool(self._day(other) <= _date(other))

    def __gt__(self, other: Any) -> bool:
        return bool(self._day(other) > _date(other))

    def __ge__(self, other: Any) -> bool:
        return bool(self._day(other) >= _date(other))


class Text:
    """A text on the right of `in`. A missing value is not in it, where str would raise."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __contains__(self, part: Any) -> bool:
        return not isinstance(part, Undefined) and part in self._text


def _date(value: Any) -> Any:
    return value.date() if isinstance(value, dt.datetime) else value


class RuleGenerator(LimitedGenerator):
    """Generates template code whose comparisons behave as in rules."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.optimizer = None  # it would compare literals as Python does

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        if isinstance(node, nodes.Compare) or node.find(nodes.Compare):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)

    def visit_Compare(self, node: nodes.Compare, frame: Frame) -> None:
        """
        Write a comparison with its operands prepared for comparing.

        Capitals count only where texts are sorted; the right side of `in` may be asked for
        missing values.
        """
        fold = ignores_capitals(node)
        self._count_operands(node)
        self.write("(")
        self._prepared("folded", node.expr, frame, fold=fold)
        for operand in node.ops:
            self.write(f" {_OPERATORS[operand.op]} ")
            kind = "container" if operand.op in ("in", "notin") else "folded"
            self._prepared(kind, operand.expr, frame, fold=fold)
        self.write(")")

    def _prepared(self, kind: str, node: nodes.Expr, frame: Frame, *, fold: bool) -> None:
        if kind == "container" or fold:
            self.write(f"environment.{kind}(")
            self._operand(node, frame)
            self.write(f", {fold})" if kind == "container" else ")")
        else:
            self._operand(node, frame)

    def _operand(self, node: nodes.Expr, frame: Frame) -> None:
        if isinstance(node, nodes.Const) and isinstance(node.value, list | tuple):
            node = nodes.List([nodes.Const(item) for item in node.value])  # Jinja folded it
        if isinstance(node, nodes.Const) and _is_iso_date(node.value):
            self.write(f"environment.iso_text({node.value!r})")
        elif isinstance(node, nodes.List | nodes.Tuple):
            self.write("[")
            for item in node.items:
                self._operand(item, frame)
                self.write(", ")
            self.write("]")
        else:
            self.visit(node, frame)


def ignores_capitals(node: nodes.Compare) -> bool:
    """Return whether a comparison asks only what is equal or contained, and not for an order."""
    return all(operand.op in ("eq", "ne", "in", "notin") for operand in node.ops)


_OPERATORS = {
    "in": "in",
    "notin": "not in",
    "eq": "==",
    "ne": "!=",
    "gt": ">",
    "gteq": ">=",
    "lt": "<",
    "lteq": "<=",
}


class Comparing:
    """Mixed into an environment of Jinja, makes its templates compare as rules do."""

    code_generator_class: type[CodeGenerator] = RuleGenerator

    iso_text = staticmethod(functools.cache(IsoText))
    """Called by compiled templates for a date written in a comparison."""

    @staticmethod
    def folded(value: Any) -> Any:
        """Return a value as it is compared for being equal; called by compiled templates."""
        # A date written as text, and a text that stays open, compare in their own ways.
        return folded(value) if type(value) in (str, Markup) else value

    @staticmethod
    def container(value: Any, fold: bool) -> Any:  # written by the generator
        """Return the right side of `in`; called by compiled templates."""
        if isinstance(value, str):
            return Text(folded(value) if fold else value)
        if fold and isinstance(value, list | tuple):
            return [Comparing.folded(item) for item in value]
        return value


class RuleEnvironment(Comparing, Limited):
    """
    A sandboxed Jinja environment that evaluates expressions as rules do.

    None counts as missing. Pass filters through `missing_aware` before adding them.
    """

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("undefined", Missing)
        super().__init__(*args, **kwargs)
        self.filters = missing_aware(self.filters)
        self.tests["missing"] = is_missing

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Look up a field. Plain rows skip the sandbox, which would double the time of a merge."""
        if _is_field(type(obj), attribute):  # type: ignore[arg-type]  # a class is hashable
            value = getattr(obj, attribute)
        elif type(obj) is dict and attribute in obj:
            value = obj[attribute]
        else:
            value = super().getattr(obj, attribute)
        return missing(attribute) if value is None else value

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Look up an item; None is missing."""
        value = super().getitem(obj, argument)
        return missing(str(argument)) if value is None else value

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Calculate; missing operands, division by zero and overflow give a missing value."""
        if isinstance(left, Undefined) or isinstance(right, Undefined):
            return MISSING
        refuse_large(operator, left, right)
        try:
            value = self.binop_table[operator](left, right)
        except (ZeroDivisionError, OverflowError):
            return MISSING
        return MISSING if isinstance(value, float) and not math.isfinite(value) else value


def is_missing(value: object) -> bool:
    """Jinja test `is missing`."""
    return value is None or isinstance(value, Undefined)


@functools.cache
def _is_field(kind: Any, name: str) -> bool:
    """Return whether *name* is a field of a plain row: a named tuple or a dataclass."""
    fields = (*getattr(kind, "_fields", ()), *getattr(kind, "__dataclass_fields__", ()))
    return name in fields and not name.startswith("_")


def _is_iso_date(value: object) -> bool:
    return isinstance(value, str) and iso_date(value) is not None
