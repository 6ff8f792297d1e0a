"""A message template made ready: static text in transfer encoding, every output escaped and encoded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from newsletter.merge.escape import PLACES
from newsletter.merge.quoted_printable import encode
from newsletter.rules.environment import RuleEnvironment
from newsletter.rules.missing import missing_aware

Render = Callable[[object], str]
"""Renders one customer (a row with the fields of the template) to a string."""

_MOST_REMEMBERED = 50_000


class MergeEnvironment(RuleEnvironment):
    """Jinja for message templates; with *encoded* everything it prints is quoted-printable."""

    def __init__(self, filters: dict[str, Callable[..., Any]], *, encoded: bool) -> None:
        super().__init__(keep_trailing_newline=True, autoescape=False)
        self.encoded = encoded
        self.filters.update(missing_aware(filters))
        for name, write in PLACES.items():
            self.filters[name] = _remembering(write, encoded=encoded)

    def _generate(self, source: nodes.Template, *args: Any, **kwargs: Any) -> str:
        if self.encoded:
            _Encoder().visit(source)
        return super()._generate(source, *args, **kwargs)

    def renderer(self, source: str) -> Render:
        """Return a function that renders *source* for one customer."""
        template = self.from_string(source)
        root, new_context, join = template.root_render_func, template.new_context, "".join

        def render(customer: object) -> str:
            return join(root(new_context({"customer": customer}, True)))

        return render


class _Encoder(NodeTransformer):
    """Encodes the static text of a template, once."""

    def visit_Output(self, node: nodes.Output) -> nodes.Output:  # noqa: N802  # Jinja's visitor names
        merged = "".join(_static(part) for part in node.nodes)
        if all(isinstance(part, (nodes.TemplateData, nodes.Const)) for part in node.nodes):
            node.nodes = [nodes.TemplateData(encode(merged))]
        else:
            node.nodes = list(_encoded(node.nodes))
        return node


def _encoded(parts: Iterable[nodes.Expr]) -> Iterator[nodes.Expr]:
    """Yield the parts of one output, neighbouring static ones joined and encoded."""
    static = ""
    for part in parts:
        if isinstance(part, (nodes.TemplateData, nodes.Const)):
            static += _static(part)
            continue
        if static:
            yield nodes.TemplateData(encode(static))
            static = ""
        yield part
    if static:
        yield nodes.TemplateData(encode(static))


def _static(part: nodes.Expr) -> str:
    if isinstance(part, nodes.TemplateData):
        return part.data
    return str(part.value) if isinstance(part, nodes.Const) else ""


def _remembering(
    write: Callable[[object, int], str], *, encoded: bool
) -> Callable[[Any, int], str]:
    """Return *write* with its results remembered by value: names, cities and dates recur."""
    known: dict[Any, str] = {}

    def written(value: Any, slot: int) -> str:
        try:
            found = known.get((type(value), value))
        except TypeError:  # a list: write() says so
            return write(value, slot)
        if found is None:
            found = encode(write(value, slot)) if encoded else write(value, slot)
            if len(known) >= _MOST_REMEMBERED:
                known.clear()
            known[type(value), value] = found
        return found

    return written
