"""Runs a rewritten template as it is: for a text of some lines compiling takes too long."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from typing import Any

from jinja2 import Environment, nodes
from markupsafe import Markup

from newsletter.render.jinja_nodes import every_node
from newsletter.render.late import guarded

_MADE_OF = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.MarkSafe, nodes.If, nodes.Assign,
    nodes.Name, nodes.Const, nodes.Call, nodes.EnvironmentAttribute, nodes.Getattr,
    nodes.Getitem, nodes.Or, nodes.And, nodes.Tuple, nodes.EvalContext,
)  # fmt: skip


def is_direct(tree: nodes.Template) -> bool:
    """Return whether *tree* has only conditions and values that the environment is asked for."""
    return all(
        isinstance(node, _MADE_OF)
        and (not isinstance(node, nodes.Call) or isinstance(node.node, nodes.EnvironmentAttribute))
        and (not isinstance(node, nodes.Assign) or isinstance(node.target, nodes.Name))
        for node in every_node(tree)
    )


def run(tree: nodes.Template, environment: Environment, names: Mapping[str, object]) -> str:
    """
    Return what Jinja would make of an `is_direct` template that escapes nothing.

    Raises what its expressions raise, without the line.
    """
    known = {**environment.globals, **names}
    return "".join(_printed(tree.body, environment, known))


def _printed(
    body: list[nodes.Node], environment: Environment, known: dict[str, Any]
) -> Iterator[str]:
    finalize: Callable[..., Any] = environment.finalize  # type: ignore[assignment]  # bind.py's
    for node in body:
        match node:
            case nodes.Output():
                for part in node.nodes:
                    if isinstance(part, nodes.TemplateData):
                        yield part.data
                    else:
                        yield str(finalize(None, _value(part, environment, known)))
            case nodes.If():
                taken = _value(node.test, environment, known)
                yield from _printed(node.body if taken else node.else_, environment, known)
            case nodes.Assign(target=nodes.Name(name=name)):
                known[name] = _value(node.node, environment, known)


def _value(  # noqa: PLR0911, C901  # a case for each kind of node
    node: nodes.Node, environment: Environment, known: Mapping[str, Any]
) -> Any:
    def value(child: nodes.Node) -> Any:
        return _value(child, environment, known)

    match node:
        case nodes.Const():
            return node.value
        case nodes.Name(name=name):
            return known[name] if name in known else environment.undefined(name=name)
        case nodes.Call(node=nodes.EnvironmentAttribute(name=name)):
            return guarded(attrgetter(name)(environment)(*map(value, node.args)))
        case nodes.MarkSafe():
            return Markup(value(node.expr))  # noqa: S704  # a token, or text that had it
        case nodes.Getattr():
            return environment.getattr(value(node.node), node.attr)
        case nodes.Getitem():
            return environment.getitem(value(node.node), value(node.arg))
        case nodes.Or():
            return value(node.left) or value(node.right)
        case nodes.And():
            return value(node.left) and value(node.right)
        case nodes.Tuple():
            return tuple(map(value, node.items))
    raise TypeError(type(node).__name__)
