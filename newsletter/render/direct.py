"""Runs a rewritten template without compiling it, which is faster for a text of some lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from typing import Any

from jinja2 import Environment, nodes
from markupsafe import Markup

from newsletter.render.jinja_nodes import every_node
from newsletter.render.late import guarded


def is_direct(tree: nodes.Template) -> bool:
    """Return whether *tree* has only texts, outputs, conditions and calls of the environment."""
    return all(
        isinstance(node, _SUPPORTED)
        and (not isinstance(node, nodes.Call) or isinstance(node.node, nodes.EnvironmentAttribute))
        and (not isinstance(node, nodes.Assign) or isinstance(node.target, nodes.Name))
        for node in every_node(tree)
    )


def run(tree: nodes.Template, environment: Environment, names: Mapping[str, object]) -> str:
    """
    Return the text that Jinja would make of an `is_direct` template without escaping.

    Errors of its expressions do not carry the line.
    """
    variables = {**environment.globals, **names}
    return "".join(_printed(tree.body, environment, variables))


def _printed(
    body: list[nodes.Node], environment: Environment, variables: dict[str, Any]
) -> Iterator[str]:
    finalize = environment.finalize
    assert finalize is not None
    for node in body:
        match node:
            case nodes.Output():
                for part in node.nodes:
                    if isinstance(part, nodes.TemplateData):
                        yield part.data
                    else:
                        yield str(finalize(None, _value(part, environment, variables)))
            case nodes.If():
                taken = _value(node.test, environment, variables)
                yield from _printed(node.body if taken else node.else_, environment, variables)
            case nodes.Assign(target=nodes.Name(name=name)):
                variables[name] = _value(node.node, environment, variables)


def _value(node: nodes.Node, environment: Environment, variables: Mapping[str, Any]) -> Any:
    def value(child: nodes.Node) -> Any:
        return _value(child, environment, variables)

    if isinstance(node, nodes.Name):
        if node.name in variables:
            return variables[node.name]
        return environment.undefined(name=node.name)
    return _EVALUATED[type(node)](node, value, environment)


def _called(node: nodes.Call, value: _Value, environment: Environment) -> Any:
    assert isinstance(node.node, nodes.EnvironmentAttribute)
    return guarded(attrgetter(node.node.name)(environment)(*map(value, node.args)))


_Value = Callable[[nodes.Node], Any]

_EVALUATED: dict[type[nodes.Node], Callable[[Any, _Value, Environment], Any]] = {
    nodes.Const: lambda node, *_: node.value,
    nodes.Call: _called,
    # A token, or text that was safe before.
    nodes.MarkSafe: lambda node, value, _: Markup(value(node.expr)),  # noqa: S704
    nodes.Getattr: lambda node, value, environment: environment.getattr(
        value(node.node), node.attr
    ),
    nodes.Getitem: lambda node, value, environment: environment.getitem(
        value(node.node), value(node.arg)
    ),
    nodes.Or: lambda node, value, _: value(node.left) or value(node.right),
    nodes.And: lambda node, value, _: value(node.left) and value(node.right),
    nodes.Tuple: lambda node, value, _: tuple(map(value, node.items)),
}
_SUPPORTED: tuple[type[nodes.Node], ...] = (
    *_EVALUATED, nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.Assign,
    nodes.Name, nodes.EnvironmentAttribute,
)  # fmt: skip
