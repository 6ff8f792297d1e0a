"""Jinja's trees: what a rewritten template is made of, and what its parts name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jinja2 import nodes


def every_node(tree: nodes.Node) -> list[nodes.Node]:
    """Return a node and all below it; Jinja's own search takes five times as long."""
    found, waiting = [], [tree]
    while waiting:
        node = waiting.pop()
        found.append(node)
        for field in node.fields:
            value = getattr(node, field, None)
            if isinstance(value, nodes.Node):
                waiting.append(value)
            elif isinstance(value, list):
                waiting += [item for item in value if isinstance(item, nodes.Node)]
    return found


def load(name: str) -> nodes.Name:
    """Return what reads a variable."""
    return nodes.Name(name, "load")


def assign(name: str, value: nodes.Expr) -> nodes.Assign:
    """Return what gives a variable its value."""
    return nodes.Assign(nodes.Name(name, "store"), value)


def on_line(line: int, made: list[nodes.Node]) -> list[nodes.Node]:
    """Return *made*, statements that stand for one, so that errors in them name its line."""
    for node in made:
        for new in (node, *(node.nodes if isinstance(node, nodes.Output) else ())):
            new.lineno = new.lineno or line
    return made


def ask_record(method: str, *args: nodes.Expr) -> nodes.Call:
    """Return a call of a method of the record."""
    return call_environment(f"record.{method}", *args)


def call_environment(method: str, *args: nodes.Expr) -> nodes.Call:
    """Return a call of a method of the environment."""
    return nodes.Call(nodes.EnvironmentAttribute(method), list(args), [], None, None)


def border(kind: str, test: str) -> nodes.Output:
    """Return what prints a border of the condition in the variable *test*, if it is open."""
    return nodes.Output([nodes.MarkSafe(ask_record("border", nodes.Const(kind), load(test)))])


def taken(test: str, wanted: bool) -> nodes.Call:
    """Return what asks whether a branch of the condition in the variable *test* is run."""
    return ask_record("taken", load(test), nodes.Const(wanted))


def chains(node: nodes.Node) -> Iterator[nodes.Expr]:
    """Yield the names and the `name.a.b` that an expression reads, each as one node."""
    if chain_names(node) is not None:
        assert isinstance(node, nodes.Expr)
        yield node
        return
    for child in node.iter_child_nodes():
        yield from chains(child)


def chain_names(node: nodes.Node) -> tuple[str, ...] | None:
    """Return `("entry", "image", "src")` for `entry.image.src`, None for anything else."""
    match node:
        case nodes.Name():
            return (node.name,)
        case nodes.Getattr():
            base, name = chain_names(node.node), node.attr
        case nodes.Getitem(arg=nodes.Const(value=str(key))):
            base, name = chain_names(node.node), key
        case _:
            return None
    return None if base is None else (*base, name)


def macro_names(found: Iterable[nodes.Node]) -> Iterator[str]:
    """Yield the names that are called while a template is bound; *found* are its nodes."""
    yield from ("caller", "namespace")
    for node in found:
        match node:
            case nodes.Macro(name=name) | nodes.Import(target=name):
                yield name
            case nodes.FromImport():
                yield from imported(node)


def imported(node: nodes.FromImport) -> Iterator[str]:
    """Yield the names that an import brings."""
    yield from (name if isinstance(name, str) else name[1] for name in node.names)


def sees_loop(node: nodes.For) -> bool:
    """
    Return whether the body or the `if` may use `loop`.

    In the body it counts what the `if` lets through; in the `if` it is that of the loop around.
    """
    assert node.test is not None
    body = nodes.Scope([*node.body, nodes.Output([node.test])])
    names = {name.name for name in body.find_all(nodes.Name)}
    return "loop" in names or any(block.scoped for block in body.find_all(nodes.Block))


def targets(target: nodes.Node) -> tuple[str, ...] | None:
    """Return the names that a loop gives its item; None for nested ones, which are refused."""
    if isinstance(target, nodes.Name):
        return (target.name,)
    assert isinstance(target, nodes.Tuple)
    names = [item.name for item in target.items if isinstance(item, nodes.Name)]
    return tuple(names) if len(names) == len(target.items) else None


def names_set_in(node: nodes.If) -> set[str]:
    """Return the names that a condition's branches leave behind; loops and macros keep theirs."""
    names: set[str] = set()
    for child in (*node.body, *node.else_):
        match child:
            case nodes.Assign(target=target) | nodes.AssignBlock(target=target):
                every = (target, *target.find_all(nodes.Name))
                names |= {name.name for name in every if isinstance(name, nodes.Name)}
            case nodes.Macro(name=name) | nodes.Import(target=name):
                names.add(name)
            case nodes.FromImport():
                names.update(imported(child))
            case nodes.If():
                names |= names_set_in(child)
    return names
