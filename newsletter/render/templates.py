"""The theme's templates for pages that are the same for every reader: the site, the team's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from babel import Locale, UnknownLocaleError
from jinja2 import Environment, FunctionLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from newsletter.errors import NewsletterError, Place
from newsletter.model.project import Project, Theme
from newsletter.render.filters import language_filters

_RAISED = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, RecursionError)
"""What a mistake in a template raises."""


def environment_of(project: Project, language: str) -> Environment:
    """Return what renders the theme's templates, with the filters of one language."""
    theme = project.theme

    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        text = theme.texts.get(name)
        return None if text is None else (text, theme.places.get(name, name), lambda: True)

    environment = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(language_filters(language, business=project.config.business))
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


def locale_of(language: str) -> Locale:
    """Return what CLDR knows of a language (BCP 47), or of English."""
    try:
        return Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en")


def _place_of(error: BaseException, template: str, theme: Theme) -> Place:
    """Return where it happened: the innermost frame of the traceback that is a template."""
    files = set(theme.places.values())
    at, trace = Place(path=theme.places.get(template, template)), error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in files:
            at = Place(path=trace.tb_frame.f_code.co_filename, line=trace.tb_lineno)
        trace = trace.tb_next
    return at
