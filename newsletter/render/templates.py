"""Renders the theme's pages that all readers share: the site and the team's pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import (
    BytecodeCache,
    Environment,
    FunctionLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
    pass_context,
)
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from newsletter.errors import NewsletterError, Place
from newsletter.model.project import Project, Theme
from newsletter.model.source import Source
from newsletter.render.broken_tags import unreadable
from newsletter.render.language_filters import language_filters

_RAISED = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, RecursionError)
"""Errors that mistakes in a template raise."""


def environment_of(
    project: Project, language: str, *, filters: Mapping[str, Callable[..., Any]] | None = None
) -> Environment:
    """Return an environment for the theme's templates, with *filters* and those of *language*."""
    theme = project.theme

    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        text = theme.texts.get(name)
        return None if text is None else (text, theme.places.get(name, name), lambda: True)

    environment = _PageEnvironment(
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_COMPILED,
    )
    business = project.config.business
    all_filters = {**language_filters(language, business=business), **(filters or {})}
    environment.filters.update({name: _at_run_time(call) for name, call in all_filters.items()})
    return environment


def rendered(
    environment: Environment, template: str, names: Mapping[str, Any], *, theme: Theme
) -> str:
    """
    Return the text of a template of *theme* with *names*.

    Raises:
        NewsletterError: for a broken template, with its file and line.
    """
    folder = template.partition("/")[0]
    hint = f"docs/themes.md lists the names that templates of {folder}/ may use"
    try:
        return environment.get_template(template).render(names)
    except TemplateSyntaxError as error:
        name = error.name or template
        source = Source(theme.texts[name], Place(path=theme.places[name], line=1))
        raise NewsletterError(*unreadable(source, error, environment)) from error
    except _RAISED as error:
        at = _place_of(error, template, theme)
        raise NewsletterError.at(str(error), at, hint=hint) from error


class _PageEnvironment(ImmutableSandboxedEnvironment):
    """Caches which attributes are safe: that depends only on the type and the name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._safe: dict[tuple[type, str], bool] = {}

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
