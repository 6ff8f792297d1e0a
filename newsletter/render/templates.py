"""The theme's templates for pages that are the same for every reader: the site, the team's."""

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
from newsletter.render.language_filters import language_filters

_RAISED = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, RecursionError)
"""What a mistake in a template raises."""


def environment_of(
    project: Project, language: str, *, filters: Mapping[str, Callable[..., Any]] | None = None
) -> Environment:
    """Return what renders the theme's templates, with *filters* and those of one language."""
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
    own = {**language_filters(language, business=business), **(filters or {})}
    environment.filters.update({name: _at_run_time(call) for name, call in own.items()})
    return environment


def rendered(
    environment: Environment, template: str, names: Mapping[str, Any], *, theme: Theme
) -> str:
    """
    Return what a template of *theme* makes of *names*.

    Raises:
        NewsletterError: for a template that is broken, with its file and line.
    """
    folder = template.partition("/")[0]
    hint = f"docs/themes.md lists the names that templates of {folder}/ may use"
    try:
        return environment.get_template(template).render(names)
    except TemplateSyntaxError as error:
        at = Place(path=error.filename or template, line=error.lineno)
        raise NewsletterError.at(f"{error.message}", at, hint=hint) from error
    except _RAISED as error:
        at = _place_of(error, template, theme)
        raise NewsletterError.at(str(error), at, hint=hint) from error


class _PageEnvironment(ImmutableSandboxedEnvironment):
    """Judges each attribute once for every type: whether it is safe depends on nothing else."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._safe: dict[tuple[type, str], bool] = {}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Return whether a template may read the attribute."""
        judged = self._safe.get((type(obj), attr))
        if judged is None:
            judged = super().is_safe_attribute(obj, attr, value)
            self._safe[type(obj), attr] = judged
        return judged


def _at_run_time(call: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter that is not worked out when compiling: all languages share the code."""

    @pass_context
    def filtered(_: Context, *given: Any, **named: Any) -> Any:
        return call(*given, **named)

    return filtered


class _Compiled(BytecodeCache):
    """The code of templates by their source, for every language and every build of a process."""

    _MOST = 500
    """Templates; an edited one leaves its old code behind."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give *bucket* its code, if the template was compiled before."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of *bucket*."""
        if len(self._codes) >= self._MOST:
            self._codes.clear()
        self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


def _place_of(error: BaseException, template: str, theme: Theme) -> Place:
    """Return where it happened: the innermost frame of the traceback that is a template."""
    files = set(theme.places.values())
    at, trace = Place(path=theme.places.get(template, template)), error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in files:
            at = Place(path=trace.tb_frame.f_code.co_filename, line=trace.tb_lineno)
        trace = trace.tb_next
    return at
