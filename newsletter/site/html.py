"""Pages → HTML, with the templates of the theme's site/ folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from babel import Locale, UnknownLocaleError
from jinja2 import Environment, FunctionLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from newsletter.errors import NewsletterError, Place
from newsletter.model.permalink import home
from newsletter.model.project import Project, Theme
from newsletter.render.filters import language_filters
from newsletter.render.issue import edition_names
from newsletter.render.view import by_name
from newsletter.site.catalogue import Catalogue
from newsletter.site.links import relative, with_site_links
from newsletter.site.pages import Page, navigation
from newsletter.site.posts import Post

STYLES = {"site/style.css": "assets/style.css", "site/favicon.svg": "assets/favicon.svg"}
"""Templates of the theme that are no pages → files of the site."""


def html_of(
    page: Page,
    *,
    environment: Environment,
    project: Project,
    catalogue: Catalogue,
    editions: Mapping[str, str],
) -> str:
    """
    Return the page as HTML. *editions* are the paths of the page in each language that has it.

    Raises:
        NewsletterError: for a template of the theme that is broken, with its file and line.
    """
    config = project.config
    website, default = config.business.website, config.language
    lost = page.path.endswith(".html")
    words = by_name(project.theme.words, page.language, default)
    front = home(page.language, default)

    def link(path: str) -> str:
        return website + path if lost else relative(path, page=page.path)

    def text(post: Post) -> Markup:
        def find(target: str) -> str | None:
            path = catalogue.path(target, language=post.language)
            return None if path is None else link(path)

        html = with_site_links(post.html, source=post.source, find=find)
        return Markup(html)  # noqa: S704  # sanitised when it was made from Markdown

    names = {
        **edition_names(project, page.language),
        "team": [member.in_language(page.language, default) for member in config.team],
        "page": page,
        "link": link,
        "text": text,
        "editions": editions,
        "language_names": {code: _own_name(code) for code in catalogue.languages},
        "fronts": {code: home(code, default) for code in catalogue.languages},
        "navigation": navigation(catalogue, language=page.language, words=words),
        "front": front,
        "feed": f"{front}feed.xml",
        **page.names,
    }
    return _rendered(environment, f"site/{page.template}", names, theme=project.theme)


def styles(project: Project, *, environment: Environment) -> Iterable[tuple[str, str]]:
    """Yield path and text of the style sheet and the icon, made from the theme's colours."""
    names = edition_names(project, project.config.language)
    for template, path in STYLES.items():
        yield path, _rendered(environment, template, names, theme=project.theme)


def environment_of(project: Project, language: str) -> Environment:
    """Return what renders the theme's site templates, with the filters of one language."""
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
    business = project.config.business
    environment.filters.update(language_filters(language, business=business))
    return environment


def _own_name(language: str) -> str:
    locale = _locale(language)
    return (locale.get_display_name(locale) or language).capitalize()


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en")


def _rendered(
    environment: Environment,
    template: str,
    names: Mapping[str, Any],
    *,
    theme: Theme,
) -> str:
    try:
        return environment.get_template(template).render(names)
    except TemplateSyntaxError as error:
        at = Place(path=error.filename or template, line=error.lineno)
        raise NewsletterError.at(f"{error.message}", at, hint=_HINT) from error
    except (TemplateError, SecurityError, TypeError, ValueError, LookupError) as error:
        raise NewsletterError.at(
            str(error), _place_of(error, template, theme), hint=_HINT
        ) from error


_HINT = "docs/themes.md lists the names that templates of the site may use"


def _place_of(error: BaseException, template: str, theme: Theme) -> Place:
    """Return where it happened: the innermost frame of the traceback that is a template."""
    files = set(theme.places.values())
    at = Place(path=theme.places.get(template, template))
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in files:
            at = Place(path=trace.tb_frame.f_code.co_filename, line=trace.tb_lineno)
        trace = trace.tb_next
    return at
