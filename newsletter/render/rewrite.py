"""Rewrites a parsed template so that, when it runs, it asks the record what is late."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from jinja2 import TemplateSyntaxError, nodes
from jinja2.visitor import NodeTransformer

from newsletter.render import tokens
from newsletter.render.jinja_nodes import (
    ask_record,
    assign,
    border,
    call_environment,
    chain_names,
    chains,
    load,
    macro_names,
    names_set_in,
    on_line,
    sees_loop,
    taken,
    targets,
)
from newsletter.render.record import Reading
from newsletter.render.unparse import NotPlain, unparse


def rewrite(
    tree: nodes.Template, name: str, *, found: Sequence[nodes.Node], alone: bool = False
) -> nodes.Template:
    """
    Return the template with calls of the environment around whatever may read a customer.

    Which of it does is known only when it runs, unless the template runs *alone*, in no other's
    context; asking too often costs nothing but time. *found* are all nodes of the tree.

    Raises:
        TemplateSyntaxError: for what cannot be split at all.
    """
    return _Rewriter(name, found, alone=alone).visit(tree)  # type: ignore[no-any-return]  # a Template


class _Rewriter(NodeTransformer):
    # The names of methods that begin with visit_ are Jinja's.

    def __init__(self, name: str, found: Sequence[nodes.Node], *, alone: bool) -> None:
        self.name = name
        self.macros = set(macro_names(found))
        names = (node for node in found if isinstance(node, nodes.Name))
        stored = {node.name for node in names if node.ctx != "load"}
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
        if not (read := list(chains(node))):
            return node
        reading = self._reading(node, read)
        roots = [load(chain[1]) for chain in reading.chains]
        late = call_environment("late", nodes.Const(tuple(reading)), *roots)
        surely = self.one_customer and any(root.name == "customer" for root in roots)
        value = late if surely else nodes.Or(late, nodes.Tuple([node], "load"))
        return nodes.Getitem(value, nodes.Const(0), "load", lineno=node.lineno)

    def known(self, node: Any, what: str) -> Any:
        """Return *node* so that an open value is refused."""
        return ask_record("known", self.value(node), nodes.Const(what), self._at(node))

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
        read = [(chain.lineno, *(chain_names(chain) or ())) for chain in chains]
        return Reading(self.name, node.lineno, chains[0] is node, names, parts, read)

    def _is_macro_call(self, node: nodes.Node) -> bool:
        if not isinstance(node, nodes.Call) or node.dyn_args or node.dyn_kwargs:
            return False
        return (chain_names(node.node) or ("",))[0] in self.macros

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
        """
        Write a chain as one condition after the other, whose borders stand inside each other.

        So it may be of any length: Python limits how deep statements are nested.
        """
        chain = [node, *node.elif_]
        names = sorted(set().union(*(names_set_in(branch) for branch in chain)))
        own = [_Branch(self, branch, names) for branch in chain]
        written: list[nodes.Node] = []
        reached: nodes.Expr | None = None  # whether the condition before let this one be asked
        for branch in own:
            written += branch.enter(reached)
            reached = branch.refused(reached, written)
        written.append(_guarded(reached, self._all(node.else_)))
        for branch in reversed(own):
            written.append(_guarded(branch.reached, branch.leave()))
        return on_line(node.lineno, written)

    def visit_For(self, node: nodes.For) -> list[nodes.Node]:  # noqa: N802
        if node.test is not None and not node.else_ and not sees_loop(node):
            node.body = [nodes.If(node.test, node.body, [], [], lineno=node.lineno)]
            node.test = None
        items = self._own("for")
        plain = not (node.test or node.else_ or node.recursive)
        names = nodes.Const(targets(node.target) if plain else None)
        opened = ask_record("opened", self.value(node.iter), names)
        node.iter = ask_record("items", load(items))
        if node.test is not None:
            node.test = self.known(node.test, "the if of a loop that has an else or uses `loop`")
        node.body, node.else_ = self._all(node.body), self._all(node.else_)
        return on_line(node.lineno, [
            assign(items, opened),
            border(tokens.FOR, items),
            node,
            assign(items, ask_record("closed", load(items))),
            border(tokens.END_FOR, items),
        ])  # fmt: skip

    # ---- the rest of the language

    def visit_Assign(self, node: nodes.Assign) -> nodes.Assign:  # noqa: N802
        node.node = self.value(node.node)
        return node

    def visit_AssignBlock(self, node: nodes.AssignBlock) -> list[nodes.Node]:  # noqa: N802
        node.body = self._all(node.body)
        name, attribute = node.target.name, getattr(node.target, "attr", None)  # type: ignore[attr-defined]  # a Name or an NSRef
        text = nodes.Getattr(load(name), attribute, "load") if attribute else load(name)
        return [node, nodes.Assign(node.target, ask_record("guarded", text), lineno=node.lineno)]

    def visit_With(self, node: nodes.With) -> nodes.With:  # noqa: N802
        node.values = [self.value(value) for value in node.values]
        node.body = self._all(node.body)
        return node

    def visit_Macro(self, node: Any) -> nodes.Node:  # noqa: N802
        node.defaults = [self.value(value) for value in node.defaults]
        node.body = self._all(node.body)
        return node  # type: ignore[no-any-return]  # a Template

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.Node:  # noqa: N802
        self.macros.update((chain_names(node.call.node) or ())[:1])
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
        node.template = ask_record("at_top", known, self._at(node))
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


class _Branch:
    """One condition of a chain while it is rewritten."""

    def __init__(self, rewriter: _Rewriter, node: nodes.If, names: list[str]) -> None:
        self._rewriter, self._node, self._names = rewriter, node, names
        self._test, self._next = rewriter._own("if"), rewriter._own("next")
        self._was = {name: rewriter._own(name) for name in names}
        self._then = {name: rewriter._own(name) for name in names}
        self.reached: nodes.Expr | None = None

    def enter(self, reached: nodes.Expr | None) -> list[nodes.Node]:
        """Return what asks the condition and runs its branch, if the chain has *reached* it."""
        self.reached = reached
        test, names = self._test, self._names
        asked = ask_record("opened", self._rewriter.value(self._node.test), nodes.Const(()))
        is_taken: nodes.Expr = taken(test, True)
        restored = [ask_record("before", load(test), load(self._was[n]), load(n)) for n in names]
        begin = [
            assign(test, asked),
            *(assign(self._was[n], load(n)) for n in names),
            border(tokens.IF, test),
        ]
        end = [
            *(assign(self._then[n], load(n)) for n in names),
            *map(assign, names, restored),
            border(tokens.ELSE, test),
        ]
        is_taken = is_taken if reached is None else nodes.And(reached, is_taken)
        body = self._rewriter._all(self._node.body)
        return on_line(self._node.lineno, [
            _guarded(reached, begin), nodes.If(is_taken, body, [], []), _guarded(reached, end),
        ])  # fmt: skip

    def refused(self, reached: nodes.Expr | None, written: list[nodes.Node]) -> nodes.Expr:
        """Return whether the rest of the chain is run; what works it out goes to *written*."""
        left: nodes.Expr = taken(self._test, False)
        written.append(assign(self._next, left if reached is None else nodes.And(reached, left)))
        return load(self._next)

    def leave(self) -> list[nodes.Node]:
        """Return what leaves the condition: names are as one of the branches left them."""
        after = [
            ask_record("either", load(self._test), nodes.Const(n), load(self._then[n]), load(n))
            for n in self._names
        ]
        return [
            *map(assign, self._names, after),
            assign(self._test, ask_record("closed", load(self._test))),
            border(tokens.END_IF, self._test),
        ]


def _guarded(reached: nodes.Expr | None, body: Sequence[nodes.Node]) -> nodes.If:
    """Return *body* to be run if the chain has *reached* it; the first of a chain always is."""
    return nodes.If(nodes.Const(True) if reached is None else reached, list(body), [], [])
