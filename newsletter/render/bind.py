"""Binding: Jinja with everything known but `customer`, whose parts are left open as tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from jinja2 import (
    FunctionLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    nodes,
)
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from newsletter.errors import NewsletterError, Place, Problem, did_you_mean
from newsletter.model.source import Source
from newsletter.render import tokens
from newsletter.render.late import Record, Refused, chain_names, late_chains

_HTML = (".mjml", ".html")
_SET_HINT = "write {% set name = a if condition else b %}"


class BindEnvironment(ImmutableSandboxedEnvironment):
    """
    Jinja whose output expressions, conditions and loops over `customer` become tokens.

    *sources* are the templates by name; a name that ends in .mjml or .html is escaped as HTML.
    """

    def __init__(
        self, record: Record, sources: Mapping[str, Source], filters: Mapping[str, Any]
    ) -> None:
        super().__init__(
            undefined=StrictUndefined,
            autoescape=lambda name: name is not None and name.endswith(_HTML),
            loader=FunctionLoader(lambda name: _loaded(sources, name)),
            keep_trailing_newline=True,
        )
        self.record, self.sources = record, sources
        self.filters.update(filters)
        self.filters["_open_parts_stay_whole"] = _refuse_open_parts
        self.globals["customer"] = record.customer

    def bind(self, name: str, context: Mapping[str, object]) -> str:
        """
        Return the template's text with tokens for its open parts.

        Raises:
            NewsletterError: for a broken template, an unknown name, or what cannot be left open.
        """
        try:
            return self.get_template(name).render(context)
        except Refused as error:
            at = self._place_of(error.at, error, name)
            raise NewsletterError(
                Problem(message=error.message, at=at, hint=error.hint)
            ) from error
        except TemplateSyntaxError as error:
            at = self._place(error.name or name, error.lineno)
            raise NewsletterError(_syntax_problem(error, at, self)) from error
        except TemplateNotFound as error:
            hint = did_you_mean(str(error.name), self.sources)
            message = f"there is no template '{error.name}'"
            raise NewsletterError.at(
                message, self._place_of(None, error, name), hint=hint
            ) from error
        except (TemplateError, SecurityError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:  # fmt: skip
            at = self._place_of(None, error, name)
            raise NewsletterError(_problem(error, at, context)) from error

    def chain(self, number: int, value: object, *names: str) -> object:
        """`Record.chain`, following parts the way Jinja does."""
        return self.record.chain(number, value, *names, step=self.getattr)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        rewritten = _Rewriter(self.record, name or "", tree).visit(tree)
        assert isinstance(rewritten, nodes.Template)
        return rewritten

    def _place(self, name: str, line: int) -> Place:
        source = self.sources.get(name)
        return source.place(line) if source else Place(path=name, line=line)

    def _place_of(self, at: Place | None, error: BaseException, name: str) -> Place:
        """Return where in the user's file it happened: the innermost template frame, or *at*."""
        if at is not None and at.path:
            return self._place(at.path, at.line)
        frames = [(name, 1)]
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename in self.sources:
                frames.append((trace.tb_frame.f_code.co_filename, trace.tb_lineno))
            trace = trace.tb_next
        return self._place(*frames[-1])


def _loaded(sources: Mapping[str, Source], name: str) -> tuple[str, str, None] | None:
    source = sources.get(name)
    return None if source is None else (source.text, name, None)


def _refuse_open_parts(text: str) -> str:
    if tokens.holds_token(text):
        raise Refused("a filter block cannot hold what differs from customer to customer")
    return text


def _syntax_problem(
    error: TemplateSyntaxError, at: Place, environment: BindEnvironment
) -> Problem:
    message = (error.message or "this is no valid template").rstrip(".")
    message = message[0].lower() + message[1:]
    unknown = re.search(r"[Nn]o (filter|test) named '(\w+)'", message)
    if unknown:
        known = environment.filters if unknown[1] == "filter" else environment.tests
        return Problem(message=message, at=at, hint=did_you_mean(unknown[2], known))
    hint = "to print braces as they are, put them in a code span or set `template: false`"
    return Problem(message=message, at=at, hint=hint)


def _problem(error: Exception, at: Place, context: Mapping[str, object]) -> Problem:
    message = str(error) or type(error).__name__
    name = re.match(r"'(\w+)' is undefined", message)
    if name:
        known = {*context, "customer"}
        field = f"customer.{name[1]}" if "customer" in known else ""
        hint = did_you_mean(name[1], known) or f"fields of the customer are written {field}"
        return Problem(message=f"'{name[1]}' is not known here", at=at, hint=hint)
    return Problem(message=message[0].lower() + message[1:], at=at)


class _Rewriter(NodeTransformer):
    """Rewrites a parsed template so that it asks the record, at run time, what is late."""

    def __init__(self, record: Record, name: str, tree: nodes.Template) -> None:
        self.record, self.name, self.tree = record, name, tree
        self.macros = set(_macro_names(tree))
        self.loops: list[str] = []
        self.counter = 0

    # ---- expressions

    def value(self, node: Any) -> nodes.Expr:
        """Return *node* so that it gives an open value where it reads one."""
        if self._is_macro_call(node):
            node.args = [self.value(arg) for arg in node.args]
            for pair in node.kwargs:
                pair.value = self.value(pair.value)
            return node  # type: ignore[no-any-return]
        chains = list(late_chains(node))
        if not chains:
            return node  # type: ignore[no-any-return]
        number = self.record.expression(node, chains, Place(path=self.name, line=node.lineno))
        reads = [self._chain(number, chain) for chain in chains]
        bare = nodes.Const(len(chains) == 1 and chains[0] is node)
        late = _call("record", "is_late", nodes.Const(number), bare, *reads)
        return nodes.CondExpr(
            late, _call("record", "late", nodes.Const(number), *reads), node, lineno=node.lineno
        )

    def known(self, node: nodes.Expr, what: str) -> nodes.Expr:
        """Return *node* so that an open value is refused."""
        chains = list(late_chains(node))
        if not chains:
            return node
        number = self.record.expression(node, chains, Place(path=self.name, line=node.lineno))
        return _call("record", "known", self.value(node), nodes.Const(number), nodes.Const(what))

    def _chain(self, number: int, node: nodes.Expr) -> nodes.Expr:
        names = chain_names(node)
        assert names is not None
        root: nodes.Expr = nodes.Name(names[0], "load")
        if self.loops and names[0] == "loop":
            root = _call("record", "loop", root, nodes.Name(self.loops[-1], "load"))
        return _call(
            None, "chain", nodes.Const(number), root, *(nodes.Const(n) for n in names[1:])
        )

    def _is_macro_call(self, node: nodes.Node) -> bool:
        names = chain_names(node.node) if isinstance(node, nodes.Call) else None
        return (
            names is not None
            and names[0] in self.macros
            and node.dyn_args is None is node.dyn_kwargs
        )

    def visit_Output(self, node: nodes.Output) -> nodes.Output:  # noqa: N802  # Jinja's visitor names
        node.nodes = [
            n if isinstance(n, nodes.TemplateData) else self.value(n) for n in node.nodes
        ]
        return node

    # ---- conditions and loops

    def visit_If(self, node: nodes.If) -> list[nodes.Node]:  # noqa: N802
        if node.elif_:
            first, *rest = node.elif_
            node.else_ = [nodes.If(first.test, first.body, rest, node.else_, lineno=first.lineno)]
            node.elif_ = []
        test = self._new_name(node.lineno)
        guards = list(self._guards(node, test, "condition"))
        wrap = bool(_assigned(node)) and not guards
        before: list[nodes.Node] = [
            nodes.Assign(nodes.Name(test, "store"), self.value(node.test), lineno=node.lineno),
            *guards,
            _print("open_if", nodes.Name(test, "load")),
        ]
        return [
            *before,
            self._branch(node.body, test, True, wrap),
            _border(tokens.ELSE, test),
            self._branch(node.else_, test, False, wrap),
            _border(tokens.END_IF, test),
        ]

    def _branch(self, body: list[nodes.Node], test: str, wanted: bool, wrap: bool) -> nodes.If:
        taken = _call("record", "taken", nodes.Name(test, "load"), nodes.Const(wanted))
        inner = self._visit_all(body)
        if wrap:  # a name set in both branches must not be seen by the other one
            inner = [nodes.Scope(inner)]
        return nodes.If(taken, inner, [], [])

    def visit_For(self, node: nodes.For) -> list[nodes.Node]:  # noqa: N802
        uses_loop = any(name.name == "loop" for child in node.body for name in _names(child))
        if node.test is not None and not uses_loop and not node.else_:
            node.body = [nodes.If(node.test, node.body, [], [], lineno=node.lineno)]
            node.test = None
        items = self._new_name(node.lineno)
        targets = _targets(node.target)
        plain = nodes.Const(not (node.test or node.else_ or node.recursive or targets == 0))
        load = nodes.Name(items, "load")
        opened = nodes.Assign(
            nodes.Name(items, "store"), self.value(node.iter), lineno=node.lineno
        )
        guards = list(self._guards(node, items, "loop over a customer's list"))
        node.iter = _call("record", "items", load, plain)
        if node.test is not None:
            node.test = self.known(node.test, "the if of a loop that has an else or uses `loop`")
        self.loops.append(items)
        node.body = self._visit_all(node.body)
        self.loops.pop()
        node.else_ = self._visit_all(node.else_)
        start = _print("open_for", load, nodes.Const(targets))
        return [opened, *guards, start, node, _border(tokens.END_FOR, items)]

    def _guards(self, node: nodes.If | nodes.For, test: str, what: str) -> Iterator[nodes.Output]:
        """Yield what refuses, should the condition be late, the things that would be silently wrong."""
        for inner in node.find_all((nodes.Macro, nodes.Import, nodes.FromImport)):
            yield self._guard(
                test, inner, f"a macro or import inside a {what} on customer", "move it before"
            )
        for target in node.find_all(nodes.NSRef):
            yield self._guard(
                test, target, f"a namespace changed inside a {what} on customer", _SET_HINT
            )
        if isinstance(node, nodes.If):
            for name in sorted(_assigned(node)):
                if self._read_outside(name, node):
                    message = f"'{name}' is set inside a {what} on customer and read outside it"
                    yield self._guard(test, node, message, _SET_HINT)

    def _guard(self, test: str, node: nodes.Node, message: str, hint: str) -> nodes.Output:
        parts = (
            nodes.Name(test, "load"),
            nodes.Const(message),
            nodes.Const(hint),
            nodes.Const(node.lineno),
        )
        return _print("refuse_if_late", *parts)

    def _read_outside(self, name: str, node: nodes.Node) -> bool:
        if any(self.tree.find_all(nodes.Include)):
            return True
        everywhere = sum(n.name == name for n in _names(self.tree))
        return everywhere > sum(n.name == name for n in _names(node))

    # ---- the rest of the language

    def visit_Assign(self, node: nodes.Assign) -> nodes.Assign:  # noqa: N802
        node.node = self.value(node.node)
        return node

    def visit_With(self, node: nodes.With) -> nodes.With:  # noqa: N802
        node.values = [self.value(value) for value in node.values]
        node.body = self._visit_all(node.body)
        return node

    def visit_Macro(self, node: nodes.Macro) -> nodes.Macro:  # noqa: N802
        node.defaults = [self.value(value) for value in node.defaults]
        outer, self.loops = self.loops, []  # `loop` is not seen inside a macro
        node.body = self._visit_all(node.body)
        self.loops = outer
        return node

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.CallBlock:  # noqa: N802
        self.macros.update(n for n in (chain_names(node.call.node) or ())[:1])
        self.value(node.call)
        node.body = self._visit_all(node.body)
        return node

    def visit_FilterBlock(self, node: nodes.FilterBlock) -> nodes.FilterBlock:  # noqa: N802
        innermost: nodes.Filter = node.filter
        while isinstance(innermost.node, nodes.Filter):
            innermost = innermost.node
        innermost.node = nodes.Filter(None, "_open_parts_stay_whole", [], [], None, None)
        node.body = self._visit_all(node.body)
        return node

    def visit_Include(self, node: Any) -> nodes.Node:  # noqa: N802
        node.template = self.known(node.template, "which template to use")
        return node  # type: ignore[no-any-return]

    visit_Extends = visit_Import = visit_FromImport = visit_Include  # noqa: N815

    def visit_ScopedEvalContextModifier(self, node: nodes.Node) -> NoReturn:  # noqa: N802
        raise TemplateSyntaxError(
            "'autoescape' blocks are not possible here", node.lineno, self.name
        )

    def _visit_all(self, body: list[nodes.Node]) -> list[nodes.Node]:
        visited: list[nodes.Node] = []
        for node in body:
            result = self.visit(node)
            visited += result if isinstance(result, list) else [result]
        return visited

    def _new_name(self, lineno: int) -> str:
        self.counter += 1
        return f"_open_{lineno}_{self.counter}"


def _call(owner: str | None, method: str, *args: nodes.Expr) -> nodes.Call:
    target: nodes.Expr = nodes.EnvironmentAttribute(owner or method)
    if owner:
        target = nodes.Getattr(target, method, "load")
    return nodes.Call(target, list(args), [], None, None)


def _print(method: str, *args: nodes.Expr) -> nodes.Output:
    return nodes.Output([nodes.MarkSafe(_call("record", method, *args))])


def _border(kind: str, test: str) -> nodes.Output:
    return _print("border", nodes.Const(kind), nodes.Name(test, "load"))


def _macro_names(tree: nodes.Template) -> Iterator[str]:
    yield "caller"
    for macro in tree.find_all(nodes.Macro):
        yield macro.name
    for whole in tree.find_all(nodes.Import):
        yield whole.target
    for some in tree.find_all(nodes.FromImport):
        yield from (name if isinstance(name, str) else name[1] for name in some.names)


def _targets(target: nodes.Expr) -> int:
    """Return how many names a loop gives its item; 0 for nested ones, which a late loop refuses."""
    if isinstance(target, nodes.Name):
        return 1
    assert isinstance(target, nodes.Tuple)
    return len(target.items) if all(isinstance(n, nodes.Name) for n in target.items) else 0


def _names(node: nodes.Node) -> Iterator[nodes.Name]:
    yield from ([node] if isinstance(node, nodes.Name) and node.ctx == "load" else [])
    for name in node.find_all(nodes.Name):
        if name.ctx == "load":
            yield name


def _assigned(node: nodes.Node) -> set[str]:
    """Return the names that a branch sets for what comes after it; loops and macros keep theirs."""
    names: set[str] = set()
    for child in node.iter_child_nodes(exclude=("test",)):
        if isinstance(child, (nodes.Assign, nodes.AssignBlock)):
            names |= {n.name for n in child.find_all(nodes.Name) if n.ctx == "store"}
            names |= {child.target.name} if isinstance(child.target, nodes.Name) else set()
        elif isinstance(child, (nodes.If, nodes.Scope)):
            names |= _assigned(child)
    return names
