"""A message template made ready: static text in transfer encoding, every output escaped."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from keyword import iskeyword
from types import MappingProxyType
from typing import Any

import polars as pl
from jinja2 import nodes
from jinja2.compiler import Frame
from jinja2.visitor import NodeTransformer

from newsletter.merge.escape import PLACES
from newsletter.merge.quoted_printable import encode
from newsletter.merge.written import KINDS
from newsletter.rules.environment import RuleEnvironment, RuleGenerator
from newsletter.rules.missing import missing, missing_aware

Render = Callable[[object], str]
"""Renders one customer (a row with the fields of the template) to a string."""

MOST_REMEMBERED = 2_000
"""Texts a slot: names, cities and dates recur; addresses do not, and would fill the memory."""


class _Generator(RuleGenerator):
    """Python for message templates: fields are read straight from the row, values remembered."""

    # The names of methods that begin with visit_ are Jinja's.

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rows = {"customer"}
        """The names that stand for rows: the customer, and the records of their lists."""

    def visit_If(self, node: nodes.If, frame: Frame) -> None:  # noqa: N802
        _mark_truth(node.test)
        super().visit_If(node, frame)

    def visit_Filter(self, node: nodes.Filter, frame: Frame) -> None:  # noqa: N802
        if node.name not in PLACES:
            super().visit_Filter(node, frame)
            return
        _mark(node.node)
        slot = node.args[0].as_const()
        environment: Any = self.environment
        assert node.node is not None
        row, field = frame.symbols.ref("customer"), _field_of(node.node)
        writer = environment.writer(node.name, slot)
        if written := environment.prepared(field, node.name):
            self.write(f"{row}.{written} or ")
        derived = "" if field else environment.only_field(node.node)
        if derived:
            self.write(f"{writer}.derived.get({row}.{derived}) or {writer}.keep({row}.{derived}, ")
        self.write(f"{writer}[")
        self.visit(node.node, frame)
        self.write("])" if derived else "]")

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802
        environment: Any = self.environment
        if isinstance(node.target, nodes.Name) and environment.holds_records(_field_of(node.iter)):
            self._rows.add(node.target.name)
        super().visit_For(node, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        if isinstance(node.node, nodes.Name) and node.node.name in self._rows:
            self._field(node, node.attr, frame.symbols.ref(node.node.name))
        else:
            super().visit_Getattr(node, frame)

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:  # noqa: N802
        if _is_customer(node.node) and isinstance(node.arg, nodes.Const):
            self._field(node, node.arg.value, frame.symbols.ref("customer"))
        else:
            super().visit_Getitem(node, frame)

    def _field(self, node: nodes.Expr, name: str, row: str) -> None:
        direct = name.isidentifier() and not iskeyword(name)
        read = f"{row}.{name}" if direct else f"getattr({row}, {name!r})"
        if getattr(node, "none_will_do", False):
            self.write(read)
        else:
            self.write(f"(environment.absent({name!r}) if (_ := {read}) is None else _)")

    def _output_child_pre(self, node: nodes.Expr, *args: Any) -> None:
        if not _is_written(node):
            super()._output_child_pre(node, *args)

    def _output_child_post(self, node: nodes.Expr, *args: Any) -> None:
        if not _is_written(node):
            super()._output_child_post(node, *args)


class MergeEnvironment(RuleEnvironment):
    """
    Jinja for message templates; with *encoded* everything it prints is quoted-printable.

    *schema* are the customers' fields. What depends on one is remembered by its value; those
    that are *varied* have too many values for that: rows bring them written (`written`).
    """

    code_generator_class = _Generator
    absent = staticmethod(missing)

    def __init__(
        self,
        filters: dict[str, Callable[..., Any]],
        *,
        encoded: bool,
        schema: Mapping[str, pl.DataType] = MappingProxyType({}),
        varied: Collection[str] = (),
    ) -> None:
        super().__init__(keep_trailing_newline=True, autoescape=False)
        self.encoded, self._schema, self._varied = encoded, schema, varied
        self.filters.update(missing_aware(filters))
        self.filters.update(PLACES)
        self.filters.update(e=_as_it_is, escape=_as_it_is)
        self._writers: dict[str, _Writer] = {}
        self.written: dict[str, tuple[str, str]] = {}
        """Further columns that rows must have: name → field, and one of KINDS."""

    def writer(self, place: str, slot: int) -> str:
        """Return the name by which compiled templates find what writes a slot's values."""
        name = f"{place}_{slot}"
        write = self.filters[place]
        self._writers[name] = _Writer(write, slot, encode if self.encoded else str)
        return name

    def only_field(self, node: nodes.Expr) -> str:
        """Return the single field that an expression depends on, nothing if there is another."""
        names = {name.name for name in node.find_all(nodes.Name)}
        fields = {part.attr for part in node.find_all(nodes.Getattr) if _is_customer(part.node)}
        if names != {"customer"} or len(fields) != 1 or any(node.find_all(nodes.Getitem)):
            return ""
        (field,) = fields
        dtype = self._schema.get(field)
        remembered = dtype is not None and not dtype.is_nested() and field not in self._varied
        return field if remembered else ""

    def holds_records(self, field: str) -> bool:
        """Return whether a field is a list of records."""
        dtype = self._schema.get(field)
        return isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.Struct)

    def prepared(self, field: str, place: str) -> str:
        """Return the column that holds a field's values as written in a place; empty: none."""
        if not self.encoded or field not in self._varied:
            return ""
        if not (kind := KINDS.get(place)):
            return ""
        self.written[f"{field}_{kind}"] = (field, kind)
        return f"{field}_{kind}"

    def _generate(self, source: nodes.Template, *args: Any, **kwargs: Any) -> str:
        if self.encoded:
            _Encoder().visit(source)
        return super()._generate(source, *args, **kwargs)

    def renderer(self, source: str) -> Render:
        """Return a function that renders *source* for one customer."""
        template = self.from_string(source)
        root, join = template.root_render_func, "".join
        root.__globals__.update(self._writers)
        context = template.new_context()  # message templates set nothing in it
        names = context.parent

        def render(customer: object) -> str:
            names["customer"] = customer
            return join(root(context))

        return render


class _Writer(dict[object, str]):
    """Values of one slot → how they are written there. Only texts are remembered: 1 is True."""

    def __init__(
        self, write: Callable[[object, int], str], slot: int, encoded: Callable[[str], str]
    ) -> None:
        super().__init__()
        self._write, self._slot, self._encoded = write, slot, encoded
        self.derived: dict[object, str] = {}
        """Values of the single field that the slot depends on → what is written for it."""

    def keep(self, field: object, written: str) -> str:
        """Remember what is written for a value of the field."""
        if len(self.derived) < MOST_REMEMBERED:
            self.derived[field] = written
        return written

    def __missing__(self, value: object) -> str:
        written = self._encoded(self._write(value, self._slot))
        if type(value) is str and len(self) < MOST_REMEMBERED:
            self[value] = written
        return written


def _as_it_is(value: Any) -> Any:
    """Return *value*: it is escaped for where it stands, once."""
    return value


def _is_written(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Filter) and node.name in PLACES


def _is_customer(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Name) and node.name == "customer"


def _field_of(node: nodes.Node) -> str:
    """Return the field that an expression is no more than, nothing for any other."""
    if isinstance(node, nodes.Getattr) and _is_customer(node.node) and node.attr.isidentifier():
        return node.attr
    return ""


def _mark(node: Any) -> None:
    """Let a missing field be None where it is only written (and refused) or tested."""
    node.none_will_do = True


def _mark_truth(node: nodes.Node) -> None:
    _mark(node)
    if isinstance(node, nodes.And | nodes.Or):
        _mark_truth(node.left)
        _mark_truth(node.right)
    elif isinstance(node, nodes.Not):
        _mark_truth(node.node)


class _Encoder(NodeTransformer):
    """Encodes the static text of a template, once."""

    def visit_Output(self, node: nodes.Output) -> nodes.Output:  # noqa: N802  # Jinja's name
        node.nodes = list(_encoded(node.nodes))
        return node


def _encoded(parts: Iterable[nodes.Expr]) -> Iterator[nodes.Expr]:
    """Yield the parts of one output, neighbouring static ones joined and encoded."""
    static = ""
    for part in parts:
        if isinstance(part, nodes.TemplateData):
            static += part.data
        elif isinstance(part, nodes.Const):
            static += str(part.value)
        else:
            yield from _encoded_text(static)
            static = ""
            yield part
    yield from _encoded_text(static)


def _encoded_text(text: str) -> Iterator[nodes.TemplateData]:
    if text:
        yield nodes.TemplateData(encode(text))
