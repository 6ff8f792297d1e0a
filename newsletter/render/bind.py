"""Binding: runs Jinja templates before the customer is known; what depends on it stays open."""

from __future__ import annotations

from collections.abc import Mapping
from types import CodeType
from typing import Any, cast

from jinja2 import (
    FunctionLoader,
    StrictUndefined,
    TemplateAssertionError,
    TemplateNotFound,
    TemplateSyntaxError,
    nodes,
    pass_context,
)
from jinja2.runtime import Context, LoopContext
from jinja2.utils import Cycler, Joiner, Namespace

from newsletter.errors import NewsletterError, Place, did_you_mean, raise_all
from newsletter.model.source import Source
from newsletter.render.binding_errors import (
    TEMPLATE_ERRORS,
    author_problem,
    refuse_other_templates,
    refusing_depth,
    too_deep,
)
from newsletter.render.broken_tags import unreadable
from newsletter.render.direct import is_direct, run
from newsletter.render.fragments import TEXT
from newsletter.render.jinja_nodes import every_node
from newsletter.render.late import Late, Open, RefusedError, guarded, refusing_open
from newsletter.render.record import LateItems, Reading, Record
from newsletter.render.rewrite import rewrite
from newsletter.render.text_faults import faults
from newsletter.rules.environment import Comparing, is_missing
from newsletter.rules.limited import Limited
from newsletter.rules.limits import Budget, length_of

_HTML = (".mjml", ".html")
_SPLIT = (
    "inside a condition or loop on customer it would also count parts that this customer does"
    " not see"
)

_COMPILED: dict[tuple[str | None, ...], Any] = {}
_MOST_COMPILED = 2000
"""All editions share the layouts, and compiling takes most of the time of binding."""


class BindEnvironment(Comparing, Limited):
    """
    Jinja whose output expressions, conditions and loops over `customer` become tokens.

    *sources* are the templates by name; those named .mjml or .html escape HTML.
    """

    def __init__(self, sources: dict[str, Source], filters: Mapping[str, Any]) -> None:
        super().__init__(
            undefined=StrictUndefined,
            finalize=_not_none,
            optimized=False,  # all languages share the compiled code
            autoescape=lambda name: name is not None and name.endswith(_HTML),
            loader=FunctionLoader(lambda name: _loaded(sources, name)),
            keep_trailing_newline=True,
        )
        self.sources = sources
        self.begin(Record({}))
        self.filters.update(filters)
        self.tests["missing"] = is_missing
        self.filters, self.tests = refusing_open(self.filters), refusing_open(self.tests)
        self.globals.update(namespace=self._namespace)
        self.filters.pop("random", None)  # it would print another text each time

    def begin(self, record: Record) -> None:
        """Use *record* for all that the next texts leave open."""
        self.record = record
        self.names_read: set[str] = set()
        """Names in the texts bound by `bind_text`, `customer` included."""
        self.globals.update(customer=record.customer)

    def bind(self, name: str, context: Mapping[str, object]) -> str:
        """
        Return the template's text with tokens for its open parts.

        Raises:
            NewsletterError: for broken syntax, an unknown name, or a part that cannot stay open.
        """
        self.record.branches.clear()
        self.budget = Budget()
        try:
            return self.get_template(name).render(context)
        except RefusedError as error:
            at = self._place_of(error, name, error.at)
            raise NewsletterError.at(error.message, at, hint=error.hint) from error
        except TemplateSyntaxError as error:
            source = self.sources[error.name or name]
            raise NewsletterError(*unreadable(source, error, self)) from error
        except TemplateNotFound as error:
            message = f"there is no template '{error.name}'"
            hint = did_you_mean(str(error.name), self.sources)
            raise NewsletterError.at(message, self._place_of(error, name), hint=hint) from error
        except TEMPLATE_ERRORS as error:
            at = self._place_of(error, name)
            raise NewsletterError(author_problem(error, at, context, self.record.known)) from error

    def bind_text(self, source: Source, context: Mapping[str, object]) -> str:
        """Bind a text of content, which escapes nothing and includes no other template."""
        self.sources[TEXT] = source  # one name for all texts: Jinja asks whether it has this one
        key = ("", source.text, *self.filters)
        try:
            if key not in _COMPILED:
                _cache_compiled(key, self._read_text(source.text))
            names, tree = _COMPILED[key]
            self.names_read |= names
            if tree:
                self.record.branches.clear()
                return run(tree, self, context)
        except (RefusedError, *TEMPLATE_ERRORS):
            pass  # compiled code raises the error again, with its line
        try:
            return self.bind(TEXT, context)
        except NewsletterError as error:
            raise_all(faults(source, self, context, self.record.known, raised=error.problems))
            raise

    def _read_text(self, text: str) -> tuple[frozenset[str], nodes.Template | None]:
        """Return the names in a text, and its tree if it can run without being compiled."""
        tree = super()._parse(text, TEXT, TEXT)
        all_nodes = every_node(tree)
        names = frozenset(node.name for node in all_nodes if isinstance(node, nodes.Name))
        tree = self._rewritten(tree, TEXT, all_nodes, standalone=True)
        return names, tree if is_direct(tree) else None

    # ---- called by bound templates

    def late(self, reading: tuple[Any, ...], *roots: object) -> tuple[Late, ...]:
        """Call `Record.late` for an expression that reads parts of *roots*."""
        read = Reading(*reading)
        values = [
            self._chain((read.path, line), root, *names)
            for (line, _, *names), root in zip(read.chains, roots, strict=True)
        ]
        return self.record.late(read, values)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Look up a part; in a late repeat, the parts of `loop` are late, too."""
        if isinstance(obj, LoopContext) and isinstance(obj._iterable, LateItems):
            return self._chain(("", 0), obj._iterable.loop, attribute)
        if isinstance(obj, Open):
            raise obj.refusal()
        return super().getattr(obj, attribute)

    def length_of(self, template: str) -> int:
        """Return how many characters a template has."""
        source = self.sources.get(template)
        return len(source.text) if source else 0

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Look up an item."""
        if isinstance(obj, Open):
            raise obj.refusal()
        return super().getitem(obj, argument)

    def call(self, context: Any, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a macro or function; in late branches, refuse those that count their calls."""
        owner = getattr(function, "__self__", None)
        if owner is self or owner is self.record:  # written by the rewriter, not by the author
            kwargs.pop("_loop_vars", None)  # Jinja passes them to what takes its context
            kwargs.pop("_block_vars", None)
            return guarded(function(*args, **kwargs))
        counts = isinstance(function, Joiner) or isinstance(owner, (Cycler, LoopContext))
        if counts and self.record.branches:
            raise RefusedError("joiner, cycler and loop.changed count their calls", hint=_SPLIT)
        return guarded(super().call(context, function, *args, **kwargs))

    def _namespace(self, *args: Any, **kwargs: Any) -> Namespace:
        return _Namespace(self.record, *args, **kwargs)

    # ---- internals

    def _chain(self, at: tuple[str, int], value: object, *names: str) -> object:
        """Follow parts as Jinja does, through open values too."""
        return guarded(self.record.chain(at, value, *names, step=self.getattr))

    def compile(self, source: Any, name: str | None = None, *args: Any, **kwargs: Any) -> Any:
        """Compile a template, once for all editions."""
        key = (name, source, *self.filters)
        if key not in _COMPILED:
            with refusing_depth(source, name or "", self):
                _cache_compiled(key, super().compile(source, name, *args, **kwargs))
        return _COMPILED[key]

    def _compile(self, source: str, filename: str) -> CodeType:
        """Compile Jinja's Python code; Python refuses more than 200 nested parentheses."""
        try:
            return super()._compile(source, filename)
        except SyntaxError as error:
            raise too_deep(error, code=source, template=filename) from error

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        return self._rewritten(tree, name or "", every_node(tree))

    def _rewritten(
        self,
        tree: nodes.Template,
        name: str,
        all_nodes: list[nodes.Node],
        *,
        standalone: bool = False,
    ) -> nodes.Template:
        """Return a parsed template ready to run; *all_nodes* are its nodes."""
        if name == TEXT:
            refuse_other_templates(all_nodes)
        # Jinja looks up filters inside conditions only at run time; late parts are conditions.
        unknown = [node for node in all_nodes if self._is_unknown(node)]
        if unknown:
            first: Any = min(unknown, key=lambda node: node.lineno)
            kind = "filter" if isinstance(first, nodes.Filter) else "test"
            raise TemplateAssertionError(f"No {kind} named '{first.name}'", first.lineno, name)
        return rewrite(tree, name, all_nodes=all_nodes, standalone=standalone)

    def _is_unknown(self, node: nodes.Node) -> bool:
        """Return whether a node is a filter or test that does not exist."""
        if isinstance(node, nodes.Filter):
            return node.name not in self.filters
        return isinstance(node, nodes.Test) and node.name not in self.tests

    def _place(self, name: str, line: int) -> Place:
        source = self.sources.get(name)
        return source.place(line) if source else Place(path=name, line=line)

    def _place_of(self, error: BaseException, name: str, at: Place | None = None) -> Place:
        """Return the place of an error in the user's file: *at*, or the innermost frame."""
        if at is not None and at.path:
            return self._place(at.path, at.line)
        frames = [(name, 1)]
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename in self.sources:
                frames.append((trace.tb_frame.f_code.co_filename, trace.tb_lineno))
            trace = trace.tb_next
        return self._place(*frames[-1])


class _Namespace(Namespace):
    """A namespace that can only be changed in the branch that made it."""

    def __init__(self, record: Record, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        object.__setattr__(self, "_record", record)
        object.__setattr__(self, "_made_in", tuple(record.branches))

    def __setitem__(self, name: str, value: Any) -> None:
        branches = object.__getattribute__(self, "_record").branches
        if tuple(branches) != object.__getattribute__(self, "_made_in"):
            raise RefusedError("a namespace cannot be changed here", hint=_SPLIT)
        super().__setitem__(name, value)


def _cache_compiled(key: tuple[str | None, ...], compiled: Any) -> None:
    if len(_COMPILED) >= _MOST_COMPILED:
        _COMPILED.clear()
    _COMPILED[key] = compiled


@pass_context
def _not_none(context: Context | None, value: Any) -> Any:
    if value is None:
        hint = "put it under {% if … %}, or write … or '' for nothing"
        raise RefusedError("this is empty, and would be printed as None", hint=hint)
    if context is not None:  # else nothing repeats it
        cast(Limited, context.environment).take(0, length_of(value))
    return value


def _loaded(sources: Mapping[str, Source], name: str) -> tuple[str, str, Any] | None:
    source = sources.get(name)
    return None if source is None else (source.text, name, lambda: sources[name] is source)
