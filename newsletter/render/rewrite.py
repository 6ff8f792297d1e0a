"""Rewrites a parsed template so that it asks the record, when it runs, which values are late."""

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
from newsletter.render.unparse import NotPlainError, unparse


def rewrite(
    tree: nodes.Template,
    name: str,
    *,
    all_nodes: Sequence[nodes.Node],
    standalone: bool = False,
) -> nodes.Template:
    """
    Return the template with calls of the environment around all that may read a customer.

    Lateness is decided at run time; a *standalone* template, which no other includes, lets us
    decide it when parsing. A needless call only costs time. *all_nodes* are those of the tree.

    Raises:
        TemplateSyntaxError: for syntax that cannot be split.
    """
    rewritten: nodes.Template = _Rewriter(name, all_nodes, standalone=standalone).visit(tree)
    return rewritten


class _Rewriter(NodeTransformer):
    def __init__(self, name: str, all_nodes: Sequence[nodes.Node], *, standalone: bool) -> None:
        self.name = name
        self.macros = set(macro_names(all_nodes))
        names = (node for node in all_nodes if isinstance(node, nodes.Name))
        stored = {node.name for node in names if node.ctx != "load"}
        self.customer_is_late = standalone and "customer" not in {*self.macros, *stored}
        """The name `customer` always means the late customer."""
        self.counter = 0

    # ---- expressions

    def value(self, node: Any) -> Any:
        """Return *node* so that it evaluates to an open value if it reads one."""
        if self._is_macro_call(node):  # macros run while binding, whatever their arguments
            node.args = [self.value(arg) for arg in node.args]
            for pair in node.kwargs:
                pair.value = self.value(pair.value)
            return node
        if not (read := list(chains(node))):
            return node
        reading = self._reading(node, read)
        roots = [load(chain[1]) for chain in reading.chains]
        late = call_environment("late", nodes.Const(tuple(reading)), *roots)
        is_late = self.customer_is_late and any(root.name == "customer" for root in roots)
        value = late if is_late else nodes.Or(late, nodes.Tuple([node], "load"))
        return nodes.Getitem(value, nodes.Const(0), "load", lineno=node.lineno)

    def not_open(self, node: Any, what: str) -> Any:
        """Return *node* so that it refuses an open value."""
        return ask_record("not_open", self.value(node), nodes.Const(what), self._at(node))

    def _reading(self, node: nodes.Expr, chains: list[nodes.Expr]) -> Reading:
        """Return what the record needs to know about an expression."""
        inside = (node, *node.find_all(nodes.Filter))
        filters = sorted({child.name for child in inside if isinstance(child, nodes.Filter)})
        marked = {id(chain): f"\0{i}\0" for i, chain in enumerate(chains)}
        try:
            parts = unparse(node, lambda part: marked.get(id(part))).split("\0")
        except NotPlainError as error:
            raise TemplateSyntaxError(f"{error} is not possible here", node.lineno) from error
        chains = [chains[int(i)] for i in parts[1::2]]  # in the order of the text, not Jinja's
        parts[1::2] = [unparse(chain, lambda _: None) for chain in chains]
        read = [(chain.lineno, *(chain_names(chain) or ())) for chain in chains]
        return Reading(self.name, node.lineno, chains[0] is node, filters, parts, read)

    def _is_macro_call(self, node: nodes.Node) -> bool:
        if not isinstance(node, nodes.Call) or node.dyn_args or node.dyn_kwargs:
            return False
        return (chain_names(node.node) or ("",))[0] in self.macros

    def _at(self, node: nodes.Node) -> nodes.Const:
        return nodes.Const((self.name, node.lineno))

    # ---- outputs, conditions and loops

    def visit_Output(self, node: nodes.Output) -> nodes.Output:
        node.nodes = [
            part if isinstance(part, nodes.TemplateData) else self.value(part)
            for part in node.nodes
        ]
        return node

    def visit_If(self, node: nodes.If) -> list[nodes.Node]:
        """
        Write a chain as consecutive conditions with nested borders.

        The chain may have any length, because Python only limits how deep statements are nested.
        """
        chain = [node, *node.elif_]
        names = sorted(set().union(*(names_set_in(branch) for branch in chain)))
        branches = [_Branch(self, branch, names) for branch in chain]
        written: list[nodes.Node] = []
        reached: nodes.Expr | None = None  # tells whether the chain goes on to this condition
        for branch in branches:
            written += branch.enter(reached)
            if branch is not branches[-1] or node.else_:
                reached = branch.not_taken(reached, written)
        if node.else_:
            written += _guarded(reached, self._all(node.else_))
        for branch in reversed(branches):
            written += _guarded(branch.reached, branch.leave())
        return on_line(node.lineno, written)

    def visit_For(self, node: nodes.For) -> list[nodes.Node]:
        if node.test is not None and not node.else_ and not sees_loop(node):
            node.body = [nodes.If(node.test, node.body, [], [], lineno=node.lineno)]
            node.test = None
        items = self._variable("for")
        plain = not (node.test or node.else_ or node.recursive)
        names = nodes.Const(targets(node.target) if plain else None)
        opened = ask_record("opened", self.value(node.iter), names)
        node.iter = ask_record("items", load(items))
        if node.test is not None:
            node.test = self.not_open(
                node.test, "the if of a loop that has an else or uses `loop`"
            )
        node.body, node.else_ = self._all(node.body), self._all(node.else_)
        return on_line(node.lineno, [
            assign(items, opened),
            border(tokens.FOR, items),
            node,
            assign(items, ask_record("closed", load(items))),
            border(tokens.END_FOR, items),
        ])  # fmt: skip

    # ---- the rest of the language

    def visit_Assign(self, node: nodes.Assign) -> nodes.Assign:
        node.node = self.value(node.node)
        return node

    def visit_AssignBlock(self, node: nodes.AssignBlock) -> list[nodes.Node]:
        node.body = self._all(node.body)
        target: Any = node.target  # a Name or an NSRef
        name, attribute = target.name, getattr(target, "attr", None)
        text = nodes.Getattr(load(name), attribute, "load") if attribute else load(name)
        return [node, nodes.Assign(target, ask_record("guarded", text), lineno=node.lineno)]

    def visit_With(self, node: nodes.With) -> nodes.With:
        node.values = [self.value(value) for value in node.values]
        node.body = self._all(node.body)
        return node

    def visit_Macro(self, node: nodes.Macro | nodes.CallBlock) -> nodes.Node:
        node.defaults = [self.value(value) for value in node.defaults]
        node.body = self._all(node.body)
        return node

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.Node:
        self.macros.update((chain_names(node.call.node) or ())[:1])
        if self._is_macro_call(node.call):
            self.value(node.call)
        return self.visit_Macro(node)

    def visit_FilterBlock(self, node: nodes.FilterBlock) -> nodes.FilterBlock:
        node.body = self._all(node.body)
        return node

    def visit_Include(self, node: nodes.Include | nodes.Import | nodes.FromImport) -> nodes.Node:
        node.template = self.not_open(node.template, "which template to use")
        return node

    visit_Import = visit_FromImport = visit_Include

    def visit_Extends(self, node: nodes.Extends) -> nodes.Node:
        template = self.not_open(node.template, "which template to use")
        node.template = ask_record("at_top", template, self._at(node))
        return node

    def visit_ScopedEvalContextModifier(self, node: nodes.Node) -> NoReturn:
        message = "'autoescape' blocks are not possible here"
        raise TemplateSyntaxError(message, node.lineno, self.name)

    def _all(self, body: list[nodes.Node]) -> list[nodes.Node]:
        visited: list[nodes.Node] = []
        for node in body:
            result = self.visit(node)
            visited += result if isinstance(result, list) else [result]
        return visited

    def _variable(self, purpose: str) -> str:
        """Return the name of a new variable."""
        self.counter += 1
        return f"_open_{purpose}_{self.counter}"


class _Branch:
    """A condition of a chain while it is rewritten."""

    def __init__(self, rewriter: _Rewriter, node: nodes.If, names: list[str]) -> None:
        self._rewriter, self._node, self._names = rewriter, node, names
        self._test, self._next = rewriter._variable("if"), rewriter._variable("next")
        self._was = {name: rewriter._variable(name) for name in names}
        self._then = {name: rewriter._variable(name) for name in names}
        self.reached: nodes.Expr | None = None

    def enter(self, reached: nodes.Expr | None) -> list[nodes.Node]:
        """Return statements that test the condition, once *reached*, and run its branch."""
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
            *_guarded(reached, begin), nodes.If(is_taken, body, [], []), *_guarded(reached, end),
        ])  # fmt: skip

    def not_taken(self, reached: nodes.Expr | None, written: list[nodes.Node]) -> nodes.Expr:
        """Return a test of whether the chain goes on; statements it needs go to *written*."""
        goes_on: nodes.Expr = taken(self._test, False)
        goes_on = goes_on if reached is None else nodes.And(reached, goes_on)
        written.append(assign(self._next, goes_on))
        return load(self._next)

    def leave(self) -> list[nodes.Node]:
        """Return statements that end the condition: names take the values of a branch."""
        after = [
            ask_record("either", load(self._test), nodes.Const(n), load(self._then[n]), load(n))
            for n in self._names
        ]
        return [
            *map(assign, self._names, after),
            assign(self._test, ask_record("closed", load(self._test))),
            border(tokens.END_IF, self._test),
        ]


def _guarded(reached: nodes.Expr | None, body: Sequence[nodes.Node]) -> list[nodes.Node]:
    """Return *body* under the test *reached*; the first condition of a chain has none."""
    return list(body) if reached is None else [nodes.If(reached, list(body), [], [])]
