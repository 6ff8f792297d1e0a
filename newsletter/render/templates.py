"""Renders the theme's pages that all readers share: the site and the team's pages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, cast

from jinja2 import (
    BytecodeCache,
    FunctionLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
    pass_context,
)
from jinja2.bccache import Bucket
from jinja2.runtime import Context

from newsletter.errors import NewsletterError, Place, Problem, raise_all
from newsletter.model.loaded_addresses import (
    css_loads,
    from_elsewhere,
    loads,
    may_load,
    why_not,
)
from newsletter.model.project import Project, Theme
from newsletter.model.source import Source
from newsletter.render.broken_tags import unreadable
from newsletter.render.language_filters import language_filters
from newsletter.render.loads import as_written, of_folder_first, place_of
from newsletter.rules.limited import Limited
from newsletter.rules.limits import MOST_CHARACTERS, MOST_TURNS, Budget, TooMuchError, length_of

_RAISED = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, RecursionError)
"""Errors that mistakes in a template raise."""


def environment_of(
    project: Project, language: str, *, filters: Mapping[str, Callable[..., Any]] | None = None
) -> PageEnvironment:
    """Return an environment for the theme's templates, with *filters* and those of *language*."""
    theme = project.theme

    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        text = theme.texts.get(name)
        return None if text is None else (text, theme.places.get(name, name), lambda: True)

    environment = PageEnvironment(
        theme.texts,
        project.config.hosts,
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_COMPILED,
        finalize=_counted,
    )
    business = project.config.business
    all_filters = {**language_filters(language, business=business), **(filters or {})}
    environment.filters.update({name: _at_run_time(call) for name, call in all_filters.items()})
    return environment


def rendered(
    environment: PageEnvironment, template: str, names: Mapping[str, Any], *, theme: Theme
) -> str:
    """
    Return the text of a template of *theme* with *names*.

    Raises:
        NewsletterError: for a broken template, and for what would be loaded from elsewhere, with
            file and line.
    """
    folder = template.partition("/")[0]
    hint = f"docs/themes.md lists the names that templates of {folder}/ may use"
    environment.begin(names)
    try:
        text = environment.get_template(template).render(names)
    except TemplateSyntaxError as error:
        name = error.name or template
        source = theme.sources[name]
        raise NewsletterError(*unreadable(source, error, environment)) from error
    except _RAISED as error:
        at = _place_of(error, template, theme)
        if isinstance(error, RecursionError):
            message = "a macro or template uses itself without end"
            hint = "take it out of itself, or put it under a condition that is not always true"
            raise NewsletterError.at(message, at, hint=hint) from None
        if isinstance(error, TooMuchError):
            hint = error.hint
        raise NewsletterError.at(str(error), at, hint=hint) from error
    raise_all(_loads(text, template, environment.hosts, theme))
    return text


def _loads(text: str, template: str, hosts: Collection[str], theme: Theme) -> Iterator[Problem]:
    """Yield a problem for each address that a page or style sheet loads from none of *hosts*."""
    if template.endswith(".css"):
        addresses = css_loads(text)
    elif may_load(text, hosts):
        addresses = loads(text)
    else:
        return
    sources: Mapping[str, Source] = {}
    for address, host in from_elsewhere(addresses, hosts):
        sources = sources or of_folder_first(template.partition("/")[0], theme.sources)
        message, hint = why_not(address, host)
        at = place_of(as_written(address), sources) or place_of(host, sources)
        yield Problem(message, at or Place(path=theme.places[template]), hint=hint)


_TURNS_OF_ITEM = 50
_CHARACTERS_OF_ITEM = 10_000
"""What a page may take for each item that it shows, such as a recipient."""


class PageEnvironment(Limited):
    """
    Caches which attributes are safe: that depends only on the type and the name.

    Pages are made of *texts*, and may load from *hosts* only.
    """

    def __init__(self, texts: Mapping[str, str], hosts: Collection[str], **options: Any) -> None:
        super().__init__(**options)
        self.hosts = hosts
        self._safe: dict[tuple[type, str], bool] = {}
        self._texts = texts
        self.begin({})

    def begin(self, names: Mapping[str, Any]) -> None:
        """Begin a page that shows what lists in *names* hold."""
        items = sum(len(value) for value in names.values() if isinstance(value, list | tuple))
        turns = 10 * MOST_TURNS + items * _TURNS_OF_ITEM
        characters = 25 * MOST_CHARACTERS + items * _CHARACTERS_OF_ITEM
        self.budget = Budget(turns=turns, characters=characters)

    def length_of(self, template: str) -> int:
        """Return how many characters a template has."""
        return len(self._texts.get(template, ""))

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Return whether a template may read the attribute."""
        is_safe = self._safe.get((type(obj), attr))
        if is_safe is None:
            is_safe = super().is_safe_attribute(obj, attr, value)
            self._safe[type(obj), attr] = is_safe
        return is_safe


def _at_run_time(call: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter that compiling does not evaluate, because all languages share the code."""

    @pass_context
    def filtered(_: Context, *args: Any, **kwargs: Any) -> Any:
        return call(*args, **kwargs)

    return filtered


@pass_context
def _counted(context: Context, value: Any) -> Any:
    """Return what a page prints, which is counted."""
    cast(Limited, context.environment).take(0, length_of(value))
    return value


class _Compiled(BytecodeCache):
    """Compiled templates by their source, shared by all languages and builds of a process."""

    _MOST = 500
    """Templates in the cache; the old code of an edited template stays in it."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Set the code of *bucket* if its template was compiled before."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Cache the code of *bucket*."""
        if len(self._codes) >= self._MOST:
            self._codes.clear()
        self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


def _place_of(error: BaseException, template: str, theme: Theme) -> Place:
    """Return the place of an error: the innermost frame of its traceback in a template."""
    files = set(theme.places.values())
    at, trace = Place(path=theme.places.get(template, template)), error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in files:
            at = Place(path=trace.tb_frame.f_code.co_filename, line=trace.tb_lineno)
        trace = trace.tb_next
    return at
