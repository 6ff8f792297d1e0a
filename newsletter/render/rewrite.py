"""Rewrites a parsed template so that, when it runs, it asks the record what is late."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

from jinja2 import TemplateSyntaxError, nodes
from jinja2.visitor import NodeTransformer

from newsletter.render import tokens
from newsletter.render.record import Reading
from newsletter.render.unparse import NotPlain, unparse


def rewrite(tree: nodes.Template, name: str, *, alone: bool = False) -> nodes.Template:
    """
    Return the template with calls of the environment around whatever may read a customer.

    Which of it does is known only when it runs, unless the template runs *alone*, in no other's
    context; asking too often costs nothing but time.

    Raises:
        TemplateSyntaxError: for what cannot be split at all.
    """
    return _Rewriter(name, tree, alone=alone).visit(tree)  # type: ignore[no-any-return]  # a Template


class _Rewriter(NodeTransformer):
    # The names of methods that begin with visit_ are Jinja's.

    def __init__(self, name: str, tree: nodes.Template, *, alone: bool) -> None:
        self.name = name
        self.macros = set(_macro_names(tree))
        stored = (node.name for node in tree.find_all(nodes.Name) if node.ctx != "load")
        self.one_customer = alone and "customer" not in {*self.macros, *stored}
        self.counter = 0

    # ---- expressions

    def value(self, node: Any) -> Any:
        """Return *node* so that it gives an open value where it reads one."""
        if self._is_macro_call(node):  # runs while binding, whatever it is given
            node.args = [self.value(arg) for arg in node.args]
            for pair in node.kwargs:
                pair.value = self.value(pair.value)
            return node
        if not (chains := list(_chains(node))):
            return node
        reading = self._reading(node, chains)
        roots = [_load(chain[1]) for chain in reading.chains]
        late = _call("late", nodes.Const(tuple(reading)), *roots)
        surely = self.one_customer and any(root.name == "customer" for root in roots)
        value = late if surely else nodes.Or(late, nodes.Tuple([node], "load"))
        return nodes.Getitem(value, nodes.Const(0), "load", lineno=node.lineno)

    def known(self, node: Any, what: str) -> Any:
        """Return *node* so that an open value is refused."""
        return _ask("known", self.value(node), nodes.Const(what), self._at(node))

    def _reading(self, node: nodes.Expr, chains: list[nodes.Expr]) -> Reading:
        """Return what the record must know of an expression."""
        inside = (node, *node.find_all(nodes.Filter))
        names = sorted({made.name for made in inside if isinstance(made, nodes.Filter)})
        marked = {id(chain): f"\0{i}\0" for i, chain in enumerate(chains)}
        try:
            parts = unparse(node, lambda part: marked.get(id(part))).split("\0")
        except NotPlain as error:
            raise TemplateSyntaxError(f"{error} is not possible here", node.lineno) from error
        chains = [chains[int(i)] for i in parts[1::2]]  # Jinja's order is not that of the text
        parts[1::2] = [unparse(chain, lambda _: None) for chain in chains]
        read = [(chain.lineno, *(_chain_names(chain) or ())) for chain in chains]
        return Reading(self.name, node.lineno, chains[0] is node, names, parts, read)

    def _is_macro_call(self, node: nodes.Node) -> bool:
        if not isinstance(node, nodes.Call) or node.dyn_args or node.dyn_kwargs:
            return False
        return (_chain_names(node.node) or ("",))[0] in self.macros

    def _at(self, node: nodes.Node) -> nodes.Const:
        return nodes.Const((self.name, node.lineno))

    # ---- outputs, conditions and loops

    def visit_Output(self, node: nodes.Output) -> nodes.Output:  # noqa: N802
        node.nodes = [
            part if isinstance(part, nodes.TemplateData) else self.value(part)
            for part in node.nodes
        ]
        return node

    def visit_If(self, node: nodes.If) -> list[nodes.Node]:  # noqa: N802
        if node.elif_:
            first, *rest = node.elif_
            node.else_ = [nodes.If(first.test, first.body, rest, node.else_, lineno=first.lineno)]
        test, names = self._own("if"), sorted(_set_in(node))
        was, then = {n: self._own(n) for n in names}, {n: self._own(n) for n in names}
        restored = [_ask("before", _load(test), _load(was[n]), _load(n)) for n in names]
        after = [
            _ask("either", _load(test), nodes.Const(n), _load(then[n]), _load(n)) for n in names
        ]
        return _on_line(node.lineno, [
            _set(test, _ask("opened", self.value(node.test), nodes.Const(()))),
            *(_set(was[n], _load(n)) for n in names),
            _border(tokens.IF, test),
            nodes.If(_taken(test, True), self._all(node.body), [], []),
            *(_set(then[n], _load(n)) for n in names),
            *map(_set, names, restored),
            _border(tokens.ELSE, test),
            nodes.If(_taken(test, False), self._all(node.else_), [], []),
            *map(_set, names, after),
            _set(test, _ask("closed", _load(test))),
            _border(tokens.END_IF, test),
        ])  # fmt: skip

    def visit_For(self, node: nodes.For) -> list[nodes.Node]:  # noqa: N802
        if node.test is not None and not node.else_ and not _sees_loop(node):
            node.body = [nodes.If(node.test, node.body, [], [], lineno=node.lineno)]
            node.test = None
        items = self._own("for")
        plain = not (node.test or node.else_ or node.recursive)
        names = nodes.Const(_targets(node.target) if plain else None)
        opened = _ask("opened", self.value(node.iter), names)
        node.iter = _ask("items", _load(items))
        if node.test is not None:
            node.test = self.known(node.test, "the if of a loop that has an else or uses `loop`")
        node.body, node.else_ = self._all(node.body), self._all(node.else_)
        return _on_line(node.lineno, [
            _set(items, opened),
            _border(tokens.FOR, items),
            node,
            _set(items, _ask("closed", _load(items))),
            _border(tokens.END_FOR, items),
        ])  # fmt: skip

    # ---- the rest of the language

    def visit_Assign(self, node: nodes.Assign) -> nodes.Assign:  # noqa: N802
        node.node = self.value(node.node)
        return node

    def visit_AssignBlock(self, node: nodes.AssignBlock) -> list[nodes.Node]:  # noqa: N802
        node.body = self._all(node.body)
        name, attribute = node.target.name, getattr(node.target, "attr", None)  # type: ignore[attr-defined]  # a Name or an NSRef
        text = nodes.Getattr(_load(name), attribute, "load") if attribute else _load(name)
        return [node, nodes.Assign(node.target, _ask("guarded", text), lineno=node.lineno)]

    def visit_With(self, node: nodes.With) -> nodes.With:  # noqa: N802
        node.values = [self.value(value) for value in node.values]
        node.body = self._all(node.body)
        return node

    def visit_Macro(self, node: Any) -> nodes.Node:  # noqa: N802
        node.defaults = [self.value(value) for value in node.defaults]
        node.body = self._all(node.body)
        return node  # type: ignore[no-any-return]  # a Template

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.Node:  # noqa: N802
        self.macros.update((_chain_names(node.call.node) or ())[:1])
        if self._is_macro_call(node.call):
            self.value(node.call)
        return self.visit_Macro(node)

    def visit_FilterBlock(self, node: nodes.FilterBlock) -> nodes.FilterBlock:  # noqa: N802
        node.body = self._all(node.body)
        return node

    def visit_Include(self, node: Any) -> nodes.Node:  # noqa: N802
        node.template = self.known(node.template, "which template to use")
        return node  # type: ignore[no-any-return]  # a Template

    visit_Import = visit_FromImport = visit_Include  # noqa: N815

    def visit_Extends(self, node: nodes.Extends) -> nodes.Node:  # noqa: N802
        known = self.known(node.template, "which template to use")
        node.template = _ask("at_top", known, self._at(node))
        return node

    def visit_ScopedEvalContextModifier(self, node: nodes.Node) -> NoReturn:  # noqa: N802
        message = "'autoescape' blocks are not possible here"
        raise TemplateSyntaxError(message, node.lineno, self.name)

    def _all(self, body: list[nodes.Node]) -> list[nodes.Node]:
        visited: list[nodes.Node] = []
        for node in body:
            result = self.visit(node)
            visited += result if isinstance(result, list) else [result]
        return visited

    def _own(self, what: str) -> str:
        self.counter += 1
        return f"_open_{what}_{self.counter}"


def _load(name: str) -> nodes.Name:
    return nodes.Name(name, "load")


def _set(name: str, value: nodes.Expr) -> nodes.Assign:
    return nodes.Assign(nodes.Name(name, "store"), value)


def _on_line(line: int, made: list[nodes.Node]) -> list[nodes.Node]:
    """Return *made*, statements that stand for one, so that errors in them name its line."""
    for node in made:
        for new in (node, *(node.nodes if isinstance(node, nodes.Output) else ())):
            new.lineno = new.lineno or line
    return made


def _ask(method: str, *args: nodes.Expr) -> nodes.Call:
    return _call(f"record.{method}", *args)


def _call(method: str, *args: nodes.Expr) -> nodes.Call:
    return nodes.Call(nodes.EnvironmentAttribute(method), list(args), [], None, None)


def _border(kind: str, test: str) -> nodes.Output:
    return nodes.Output([nodes.MarkSafe(_ask("border", nodes.Const(kind), _load(test)))])


def _taken(test: str, wanted: bool) -> nodes.Call:
    return _ask("taken", _load(test), nodes.Const(wanted))


def _chains(node: nodes.Node) -> Iterator[nodes.Expr]:
    """Yield the names and the `name.a.b` that an expression reads, each as one node."""
    if _chain_names(node) is not None:
        assert isinstance(node, nodes.Expr)
        yield node
        return
    for child in node.iter_child_nodes():
        yield from _chains(child)


def _chain_names(node: nodes.Node) -> tuple[str, ...] | None:
    """Return `("entry", "image", "src")` for `entry.image.src`, None for anything else."""
    match node:
        case nodes.Name():
            return (node.name,)
        case nodes.Getattr():
            base, name = _chain_names(node.node), node.attr
        case nodes.Getitem(arg=nodes.Const(value=str(key))):
            base, name = _chain_names(node.node), key
        case _:
            return None
    return None if base is None else (*base, name)


def _macro_names(tree: nodes.Template) -> Iterator[str]:
    yield from ("caller", "namespace")
    for macro in tree.find_all(nodes.Macro):
        yield macro.name
    for whole in tree.find_all(nodes.Import):
        yield whole.target
    for some in tree.find_all(nodes.FromImport):
        yield from _imported(some)


def _imported(node: nodes.FromImport) -> Iterator[str]:
    yield from (name if isinstance(name, str) else name[1] for name in node.names)


def _sees_loop(node: nodes.For) -> bool:
    """
    Return whether the body or the `if` may use `loop`.

    In the body it counts what the `if` lets through; in the `if` it is that of the loop around.
    """
    assert node.test is not None
    body = nodes.Scope([*node.body, nodes.Output([node.test])])
    names = {name.name for name in body.find_all(nodes.Name)}
    return "loop" in names or any(block.scoped for block in body.find_all(nodes.Block))


def _targets(target: nodes.Node) -> tuple[str, ...] | None:
    """Return the names that a loop gives its item; None for nested ones, which are refused."""
    if isinstance(target, nodes.Name):
        return (target.name,)
    assert isinstance(target, nodes.Tuple)
    names = [item.name for item in target.items if isinstance(item, nodes.Name)]
    return tuple(names) if len(names) == len(target.items) else None


def _set_in(node: nodes.If) -> set[str]:
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
                names.update(_imported(child))
            case nodes.If():
                names |= _set_in(child)
    return names
