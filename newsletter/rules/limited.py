"""A sandboxed Jinja whose loops, calls, filters and operators are counted: every build ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from typing import Any, cast

from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.lexer import TokenStream
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from newsletter.rules.limits import (
    LENGTH_OF_ITEM,
    MOST_COMPARED,
    Budget,
    few_tags,
    items_of,
    length_of,
    limited,
    refuse_arguments,
    refuse_large,
    refuse_length,
    short_numbers,
    short_range,
    times_read,
    too_many_digits,
)

_TURNS_OF_CALL = 4
"""A call of a macro takes as long as a few turns of a loop."""


class LimitedGenerator(CodeGenerator):
    """Generates template code whose loops, lists and joined texts are counted."""

    def visit_For(self, node: nodes.For, frame: Frame) -> None:
        """Write a loop whose turns are counted, and the static text that each prints."""
        printed = sum(len(data.data) for data in node.find_all(nodes.TemplateData))
        counted = nodes.EnvironmentAttribute("counted", lineno=node.lineno)
        arguments = [node.iter, nodes.Const(printed)]
        node.iter = nodes.Call(counted, arguments, [], None, None, lineno=node.lineno)
        super().visit_For(node, frame)

    def visit_Filter(self, node: nodes.Filter, frame: Frame) -> None:
        """Write a filter that counts what it works through, where turns are counted."""
        if node.node is not None and cast(Limited, self.environment).budget:
            used = nodes.EnvironmentAttribute("used", lineno=node.lineno)
            arguments = [node.node, nodes.Const(times_read(node.name))]
            node.node = nodes.Call(used, arguments, [], None, None, lineno=node.lineno)
        super().visit_Filter(node, frame)

    def visit_Test(self, node: nodes.Test, frame: Frame) -> None:
        """Write a test that counts what it compares, where turns are counted."""
        self._count_operands(node)
        super().visit_Test(node, frame)

    def visit_Compare(self, node: nodes.Compare, frame: Frame) -> None:
        """Write a comparison that counts what it goes through, where turns are counted."""
        self._count_operands(node)
        super().visit_Compare(node, frame)

    def _count_operands(self, node: nodes.Compare | nodes.Test) -> None:
        if not cast(Limited, self.environment).budget:
            return
        if isinstance(node, nodes.Test):
            node.args = [_compared(arg) for arg in node.args]
        else:
            node.expr = _compared(node.expr)
            for operand in node.ops:
                operand.expr = _compared(operand.expr)

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:
        """Write the lookup of an item; a part such as `[1:]` is a new value, which is checked."""
        parts = (node,) if isinstance(node.arg, nodes.Slice) else ()
        self._measured(super().visit_Getitem, node, frame, parts)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:
        """Write texts joined by `~`, whose length is checked before."""
        join = "markup_join" if frame.eval_ctx.autoescape else "str_join"
        self.write(f"environment.joined({join}, (")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")

    def visit_List(self, node: nodes.List, frame: Frame) -> None:
        """Write a list, whose size is checked if it holds other values."""
        self._measured(super().visit_List, node, frame, node.items)

    def visit_Tuple(self, node: nodes.Tuple, frame: Frame) -> None:
        """Write a tuple, whose size is checked if it holds several other values."""
        is_value = node.ctx == "load" and len(node.items) > 1
        self._measured(super().visit_Tuple, node, frame, node.items if is_value else ())

    def visit_Dict(self, node: nodes.Dict, frame: Frame) -> None:
        """Write a mapping, whose size is checked if it holds other values."""
        values = [pair.value for pair in node.items]
        self._measured(super().visit_Dict, node, frame, values)

    def _measured(
        self,
        visit: Callable[[Any, Frame], None],
        node: nodes.Expr,
        frame: Frame,
        items: Iterable[nodes.Expr],
    ) -> None:
        grows = any(not isinstance(item, nodes.Const) for item in items)
        self.write("environment.measured(" if grows else "")
        visit(node, frame)
        self.write(")" if grows else "")


def _compared(node: nodes.Expr) -> nodes.Expr:
    """Return an operand that is counted when it is compared, unless it is written out."""
    if isinstance(node, nodes.Const | nodes.List | nodes.Tuple):
        return node
    compared = nodes.EnvironmentAttribute("compared", lineno=node.lineno)
    return nodes.Call(compared, [node], [], None, None, lineno=node.lineno)


class Limited(ImmutableSandboxedEnvironment):
    """A sandboxed environment that refuses what would take too much time or memory."""

    code_generator_class: type[CodeGenerator] = LimitedGenerator
    intercepted_binops = frozenset({"+", "*", "**", "%"})
    budget: Budget | None = None
    """What is left for the text or page; None: expressions alone, which have no loops."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.globals.update(range=short_range)
        self.globals.pop("lipsum", None)
        self.filters = {name: limited(name, call) for name, call in self.filters.items()}

    def take(self, turns: int, characters: int = 0) -> None:
        """Count turns and characters, where they are counted."""
        if self.budget:
            self.budget.take(turns, characters)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Calculate. Raises TooMuchError if the result would be too large."""
        refuse_large(operator, left, right)
        try:
            result = super().call_binop(context, operator, left, right)
        except OverflowError:
            raise too_many_digits() from None
        self.take(0, len(result) if isinstance(result, list | tuple) else length_of(result))
        return result

    def call(self, context: Context, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a function, a macro or a method of a value, and count it."""
        owner = getattr(function, "__self__", None)
        if isinstance(owner, str | bytes | int):
            refuse_arguments(function.__name__, (owner, *args, *kwargs.values()))
            self.take(1, length_of(owner))
        result = super().call(context, function, *args, **kwargs)
        if owner is not self:  # else it was written by the generator
            length = length_of(result) if isinstance(result, str) else 1
            lists = (owner, *args, *kwargs.values(), result)
            length += len(args) * LENGTH_OF_ITEM
            self.take(_TURNS_OF_CALL, length + sum(map(items_of, lists)))
        return result

    def call_filter(
        self, name: str, value: Any, args: Any = None, *rest: Any, **named: Any
    ) -> Any:
        """Call a filter for an item of `map`, and count it."""
        self._used_by_item(value, args)
        return super().call_filter(name, value, args, *rest, **named)

    def call_test(self, name: str, value: Any, args: Any = None, *rest: Any, **named: Any) -> Any:
        """Ask a test for an item of `select` or `reject`, and count it."""
        self._used_by_item(value, args)
        return super().call_test(name, value, args, *rest, **named)

    def _used_by_item(self, value: Any, args: Sequence[Any] | None) -> None:
        if self.budget:
            self.take(1, 0)
            for compared in (value, *(args or ())):
                self.compared(compared)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Return the method `format` of a text so that it refuses to write a long text."""
        call = super().wrap_str_format(value)
        if call is None:
            return None

        def formatted(*args: Any, **kwargs: Any) -> str:
            refuse_arguments("format", (value.__self__, *args, *kwargs.values()))
            return call(*args, **kwargs)

        return formatted

    def get_template(self, *args: Any, **kwargs: Any) -> Template:
        """Return a template, and count that it is used."""
        template = super().get_template(*args, **kwargs)
        self.take(1, self.length_of(str(template.name)))
        return template

    def select_template(self, *args: Any, **kwargs: Any) -> Template:
        """Return the first template that there is, and count that it is used."""
        template = super().select_template(*args, **kwargs)
        self.take(1, self.length_of(str(template.name)))
        return template

    def length_of(self, _template: str) -> int:
        """Return how many characters a template has, which each use of it may print."""
        return 0

    def _tokenize(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> TokenStream:
        """Return the tokens of a template. Raises TemplateSyntaxError if they are too many."""
        tokens = self.lexer.tokeniter(source, name, filename, state)
        tokens = few_tags(short_numbers(tokens, name), name)
        return TokenStream(self.lexer.wrap(tokens, name, filename), name, filename)

    # ---- called by compiled templates

    def counted(self, items: Any, printed: int) -> Any:
        """Return the items of a loop, whose turns are counted; each prints static text."""
        if isinstance(items, Sized):
            self.take(len(items), len(items) * printed)
            return items
        return self._counted(items, printed)

    def _counted(self, items: Iterable[Any], printed: int) -> Iterator[Any]:
        for item in items:
            self.take(1, printed)
            yield item

    def used(self, value: Any, times: int) -> Any:
        """Return what a filter works through, which is counted as often as it reads it."""
        is_list = isinstance(value, list | range)
        length = len(value) * LENGTH_OF_ITEM if is_list else length_of(value)
        self.take(1, length * times)
        return value

    def compared(self, value: Any) -> Any:
        """Return an operand of a comparison, which may go through all that it holds."""
        items = items_of(value)
        self.take(0, items if items > MOST_COMPARED else items + length_of(value))
        return value

    def joined(self, join: Callable[[Sequence[Any]], str], parts: Sequence[Any]) -> str:
        """Return parts joined by `~`."""
        length = sum(map(length_of, parts))
        refuse_length(length)
        self.take(0, length)
        return join(parts)

    def measured(self, value: Any) -> Any:
        """Return a list, tuple or mapping, if it does not hold too much."""
        self.take(0, length_of(value))
        return value
