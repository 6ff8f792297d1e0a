"""Builds nodes of Jinja's trees, and finds the names in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jinja2 import nodes


def every_node(tree: nodes.Node) -> list[nodes.Node]:
    """Return a node and all below it, in a fifth of the time that `find_all` takes."""
    all_nodes, waiting = [], [tree]
    while waiting:
        node = waiting.pop()
        all_nodes.append(node)
        for field in node.fields:
            value = getattr(node, field, None)
            if isinstance(value, nodes.Node):
                waiting.append(value)
            elif isinstance(value, list):
                waiting += [item for item in value if isinstance(item, nodes.Node)]
    return all_nodes


def load(name: str) -> nodes.Name:
    """Return an expression that reads a variable."""
    return nodes.Name(name, "load")


def assign(name: str, value: nodes.Expr) -> nodes.Assign:
    """Return a statement that sets a variable."""
    return nodes.Assign(nodes.Name(name, "store"), value)


def on_line(line: int, statements: list[nodes.Node]) -> list[nodes.Node]:
    """Set the line of new *statements*, which errors in them name, and return them."""
    for node in statements:
        for new in (node, *(node.nodes if isinstance(node, nodes.Output) else ())):
            new.lineno = new.lineno or line
    return statements


def ask_record(method: str, *args: nodes.Expr) -> nodes.Call:
    """Return a call of a method of the record."""
    return call_environment(f"record.{method}", *args)


def call_environment(method: str, *args: nodes.Expr) -> nodes.Call:
    """Return a call of a method of the environment."""
    return nodes.Call(nodes.EnvironmentAttribute(method), list(args), [], None, None)


def border(kind: str, test: str) -> nodes.Output:
    """Return an output of the border of the condition in the variable *test*, if it is late."""
    return nodes.Output([nodes.MarkSafe(ask_record("border", nodes.Const(kind), load(test)))])


def taken(test: str, wanted: bool) -> nodes.Call:
    """Return a test of whether a branch of the condition in the variable *test* runs."""
    return ask_record("taken", load(test), nodes.Const(wanted))


def chains(node: nodes.Node) -> Iterator[nodes.Expr]:
    """Yield each name and each `name.a.b` that an expression reads."""
    if chain_names(node) is not None:
        assert isinstance(node, nodes.Expr)
        yield node
        return
    for child in node.iter_child_nodes():
        yield from chains(child)


def chain_names(node: nodes.Node) -> tuple[str, ...] | None:
    """Return `("entry", "image", "src")` for `entry.image.src`, None for other nodes."""
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


def macro_names(all_nodes: Iterable[nodes.Node]) -> Iterator[str]:
    """Yield the names that stand for macros, or for modules with macros, in a template."""
    yield from ("caller", "namespace")
    for node in all_nodes:
        match node:
            case nodes.Macro(name=name) | nodes.Import(target=name):
                yield name
            case nodes.FromImport():
                yield from imported(node)


def imported(node: nodes.FromImport) -> Iterator[str]:
    """Yield the names that an import defines."""
    yield from (name if isinstance(name, str) else name[1] for name in node.names)


def sees_loop(node: nodes.For) -> bool:
    """
    Return whether the body or the `if` may use `loop`.

    In the body, `loop` counts the items that pass the `if`; in the `if`, it is the outer loop's.
    """
    assert node.test is not None
    body = nodes.Scope([*node.body, nodes.Output([node.test])])
    names = {name.name for name in body.find_all(nodes.Name)}
    return "loop" in names or any(block.scoped for block in body.find_all(nodes.Block))


def targets(target: nodes.Node) -> tuple[str, ...] | None:
    """Return the variables of a loop; None for nested tuples, which are refused."""
    if isinstance(target, nodes.Name):
        return (target.name,)
    assert isinstance(target, nodes.Tuple)
    names = [item.name for item in target.items if isinstance(item, nodes.Name)]
    return tuple(names) if len(names) == len(target.items) else None


def names_set_in(node: nodes.If) -> set[str]:
    """Return the names that a condition's branches set; those of loops and macros are local."""
    names: set[str] = set()
    for child in (*node.body, *node.else_):
        match child:
            case nodes.Assign(target=target) | nodes.AssignBlock(target=target):
                inside = (target, *target.find_all(nodes.Name))
                names |= {name.name for name in inside if isinstance(name, nodes.Name)}
            case nodes.Macro(name=name) | nodes.Import(target=name):
                names.add(name)
            case nodes.FromImport():
                names.update(imported(child))
            case nodes.If():
                names |= names_set_in(child)
    return names
