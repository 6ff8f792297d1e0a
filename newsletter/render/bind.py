"""Binding: Jinja with everything known but `customer`, whose parts are left open as tokens."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from types import CodeType
from typing import Any

from jinja2 import (
    FunctionLoader,
    StrictUndefined,
    TemplateAssertionError,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    nodes,
    pass_context,
)
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Cycler, Joiner, Namespace

from newsletter.errors import NewsletterError, Place, Problem, did_you_mean
from newsletter.model.source import Source
from newsletter.render.binding_errors import author_problem, syntax_problem, too_deep
from newsletter.render.direct import is_direct, run
from newsletter.render.fragments import TEXT
from newsletter.render.jinja_nodes import every_node
from newsletter.render.late import Late, Open, Refused, guarded, is_open
from newsletter.render.record import LateItems, Reading, Record
from newsletter.render.rewrite import rewrite
from newsletter.rules.environment import is_missing
from newsletter.rules.missing import ASK_FOR_IT

_HTML = (".mjml", ".html")
_NO_CHANCE = ("random", "lipsum")
"""What gives another text each time."""
_SPLIT = "inside a condition or loop on customer it would count what somebody does not get"


_COMPILED: dict[tuple[str | None, ...], Any] = {}
_MOST_COMPILED = 2000
"""Layouts are the same in every edition; compiling them takes most of the time of binding."""


class BindEnvironment(ImmutableSandboxedEnvironment):
    """
    Jinja whose output expressions, conditions and loops over `customer` become tokens.

    *sources* are the templates by name; a name that ends in .mjml or .html is escaped as HTML.
    """

    def __init__(self, sources: dict[str, Source], filters: Mapping[str, Any]) -> None:
        super().__init__(
            undefined=StrictUndefined,
            finalize=_not_none,
            optimized=False,  # what is compiled serves every language
            autoescape=lambda name: name is not None and name.endswith(_HTML),
            loader=FunctionLoader(lambda name: _loaded(sources, name)),
            keep_trailing_newline=True,
        )
        self.sources = sources
        self.begin(Record({}))
        self.filters.update(filters)
        self.tests["missing"] = is_missing
        self.filters, self.tests = _for_known(self.filters), _for_known(self.tests)
        self.globals.update(namespace=self._namespace)
        for name in _NO_CHANCE:
            self.filters.pop(name, None)
            self.globals.pop(name, None)

    def begin(self, record: Record) -> None:
        """Let *record* hold what the next texts leave open."""
        self.record = record
        self.names_read: set[str] = set()
        """What the texts bound by `bind_text` may read beside `customer`."""
        self.globals.update(customer=record.customer)

    def bind(self, name: str, context: Mapping[str, object]) -> str:
        """
        Return the template's text with tokens for its open parts.

        Raises:
            NewsletterError: for a broken template, an unknown name, or what cannot be left open.
        """
        self.record.branches.clear()
        try:
            return self.get_template(name).render(context)
        except Refused as error:
            at = self._place_of(error, name, error.at)
            problem = Problem(message=error.message, at=at, hint=error.hint)
            raise NewsletterError(problem) from error
        except TemplateSyntaxError as error:
            at = self._place(error.name or name, error.lineno)
            raise NewsletterError(syntax_problem(error, at, self)) from error
        except TemplateNotFound as error:
            message = f"there is no template '{error.name}'"
            hint = did_you_mean(str(error.name), self.sources)
            raise NewsletterError.at(message, self._place_of(error, name), hint=hint) from error
        except _AUTHORS as error:
            at = self._place_of(error, name)
            raise NewsletterError(author_problem(error, at, context)) from error

    def bind_text(self, source: Source, context: Mapping[str, object]) -> str:
        """`bind` for a text of content, which escapes nothing and includes no other."""
        self.sources[TEXT] = source
        key = ("", source.text, *self.filters)
        try:
            if key not in _COMPILED:
                _keep(key, self._read_text(source.text))
            names, tree = _COMPILED[key]
            self.names_read |= names
            if tree:
                self.record.branches.clear()
                return run(tree, self, context)
        except (Refused, *_AUTHORS):
            pass  # below it is raised again, and Jinja knows the line
        return self.bind(TEXT, context)

    def _read_text(self, text: str) -> tuple[frozenset[str], nodes.Template | None]:
        """Return the names that a text reads, and its tree if it can be run as it is."""
        tree = super()._parse(text, TEXT, TEXT)
        found = every_node(tree)
        names = frozenset(node.name for node in found if isinstance(node, nodes.Name))
        tree = self._rewritten(tree, TEXT, found, alone=True)
        return names, tree if is_direct(tree) else None

    # ---- what bound templates call

    def late(self, reading: tuple[Any, ...], *roots: object) -> tuple[Late, ...]:
        """`Record.late` of an expression that reads parts of *roots*."""
        read = Reading(*reading)
        values = [
            self._chain((read.path, line), root, *names)
            for (line, _, *names), root in zip(read.chains, roots, strict=True)
        ]
        return self.record.late(read, values)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Look up a part; those of the `loop` of a late repeat are late, too."""
        if isinstance(obj, LoopContext) and isinstance(obj._iterable, LateItems):
            return self._chain(("", 0), obj._iterable.loop, attribute)
        if isinstance(obj, Open):
            raise obj.refusal()
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Look up an item."""
        if isinstance(obj, Open):
            raise obj.refusal()
        return super().getitem(obj, argument)

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805  # Jinja's names
        """Call a macro or function; refuse what counts its calls where some are not for all."""
        counts = isinstance(__obj, Joiner) or isinstance(
            getattr(__obj, "__self__", None), (Cycler, LoopContext)
        )
        if counts and __self.record.branches:
            raise Refused("joiner, cycler and loop.changed count their calls", hint=_SPLIT)
        return guarded(super().call(__context, __obj, *args, **kwargs))

    def _namespace(self, *args: Any, **kwargs: Any) -> Namespace:
        return _Namespace(self.record, *args, **kwargs)

    # ---- own

    def _chain(self, at: tuple[str, int], value: object, *names: str) -> object:
        """Follow parts the way Jinja does, through open values too."""
        return guarded(self.record.chain(at, value, *names, step=self.getattr))

    def compile(self, source: Any, name: str | None = None, *args: Any, **kwargs: Any) -> Any:
        """Compile a template, once for all editions."""
        key = (name, source, *self.filters)
        if key not in _COMPILED:
            _keep(key, super().compile(source, name, *args, **kwargs))
        return _COMPILED[key]

    def _compile(self, source: str, filename: str) -> CodeType:
        """Compile Jinja's Python; Python refuses more than 200 parentheses in one another."""
        try:
            return super()._compile(source, filename)
        except SyntaxError as error:
            raise too_deep(error, code=source, template=filename) from error

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        return self._rewritten(tree, name or "", every_node(tree))

    def _rewritten(
        self, tree: nodes.Template, name: str, found: list[nodes.Node], *, alone: bool = False
    ) -> nodes.Template:
        """Return a parsed template, of which *found* are all nodes, ready to be run."""
        if name == TEXT:
            _refuse_others(found)
        # Jinja looks filters up late inside conditions, and every late part is one.
        wrong = [node for node in found if self._is_unknown(node)]
        if wrong:
            first: Any = min(wrong, key=lambda node: node.lineno)
            kind = "filter" if isinstance(first, nodes.Filter) else "test"
            raise TemplateAssertionError(f"No {kind} named '{first.name}'", first.lineno, name)
        return rewrite(tree, name, found=found, alone=alone)

    def _is_unknown(self, node: nodes.Node) -> bool:
        """Return whether a node is a filter or test that there is not."""
        if isinstance(node, nodes.Filter):
            return node.name not in self.filters
        return isinstance(node, nodes.Test) and node.name not in self.tests

    def _place(self, name: str, line: int) -> Place:
        source = self.sources.get(name)
        return source.place(line) if source else Place(path=name, line=line)

    def _place_of(self, error: BaseException, name: str, at: Place | None = None) -> Place:
        """Return where in the user's file it happened: *at*, or the innermost template frame."""
        if at is not None and at.path:
            return self._place(at.path, at.line)
        frames = [(name, 1)]
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename in self.sources:
                frames.append((trace.tb_frame.f_code.co_filename, trace.tb_lineno))
            trace = trace.tb_next
        return self._place(*frames[-1])


_AUTHORS = (
    TemplateError, SecurityError, TypeError, ValueError, ArithmeticError, LookupError,
    AttributeError, RecursionError,
)  # fmt: skip
"""What a mistake in a template raises."""


class _Namespace(Namespace):
    """A namespace that may only be changed in the branch in which it was made."""

    def __init__(self, record: Record, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        object.__setattr__(self, "_record", record)
        object.__setattr__(self, "_made_in", tuple(record.branches))

    def __setitem__(self, name: str, value: Any) -> None:
        branches = object.__getattribute__(self, "_record").branches
        if tuple(branches) != object.__getattribute__(self, "_made_in"):
            raise Refused("a namespace cannot be changed here", hint=_SPLIT)
        super().__setitem__(name, value)


def _refuse_others(found: Iterable[nodes.Node]) -> None:
    """Refuse what would make a text of content depend on another one."""
    others = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)
    for node in (node for node in found if isinstance(node, others)):
        message = "texts of content include, import and extend no other templates"
        hint = "write the words here; what layouts share stands in the theme"
        raise Refused(message, hint=hint, at=Place(path=TEXT, line=node.lineno))


def _keep(key: tuple[str | None, ...], compiled: Any) -> None:
    if len(_COMPILED) >= _MOST_COMPILED:
        _COMPILED.clear()
    _COMPILED[key] = compiled


def _for_known(calls: Mapping[str, Any]) -> dict[str, Any]:
    """Return the filters or tests so that they refuse what differs from customer to customer."""
    return {name: call if name in ASK_FOR_IT else _refusing(call) for name, call in calls.items()}


@functools.lru_cache(maxsize=1000)  # every text is bound in an environment of its own
def _refusing(call: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(call)
    def called(*args: Any, **kwargs: Any) -> Any:
        _refuse_open((*args, *kwargs.values()))
        return guarded(call(*args, **kwargs))

    return called


def _refuse_open(values: Iterable[object]) -> None:
    for value in values:
        if is_open(value):
            raise value.refusal() if isinstance(value, Open) else Open().refusal()


@pass_context
def _not_none(_: Context, value: Any) -> Any:
    if value is None:
        hint = "put it under {% if … %}, or write … or '' for nothing"
        raise Refused("this is empty, and would be printed as None", hint=hint)
    return value


def _loaded(sources: Mapping[str, Source], name: str) -> tuple[str, str, None] | None:
    source = sources.get(name)
    return None if source is None else (source.text, name, None)
