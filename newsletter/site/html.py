"""Pages → HTML, with the templates of the theme's site/ folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from babel import Locale, UnknownLocaleError
from jinja2 import FunctionLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from newsletter.errors import NewsletterError, Place
from newsletter.model.permalink import home
from newsletter.model.project import Project, Theme
from newsletter.render.filters import language_filters
from newsletter.site.catalogue import Catalogue
from newsletter.site.links import relative, with_site_links
from newsletter.site.pages import Page, navigation
from newsletter.site.posts import Post

STYLES = {"site/style.css": "assets/style.css", "site/favicon.svg": "assets/favicon.svg"}
"""Templates of the theme that are no pages → files of the site."""

Words = Mapping[str, Mapping[str, str]]


def html_of(
    page: Page,
    *,
    project: Project,
    catalogue: Catalogue,
    words: Words,
    editions: Mapping[str, str],
) -> str:
    """
    Return the page as HTML. *editions* are the paths of the page in each language that has it.

    Raises:
        NewsletterError: for a template of the theme that is broken, with its file and line.
    """
    config = project.config
    website = config.business.website
    lost = page.path.endswith(".html")

    def link(path: str) -> str:
        return website + path if lost else relative(path, page=page.path)

    def local(html: str, post: Post) -> Markup:
        def find(target: str) -> str | None:
            path = catalogue.path(target, language=post.language)
            return None if path is None else link(path)

        return Markup(with_site_links(html, source=post.source, find=find))  # noqa: S704  # sanitised

    front = home(page.language, config.language)
    environment = _environment(project.theme)
    environment.filters.update(language_filters(page.language, currency=config.business.currency))
    environment.filters["local"] = local
    names = {
        **_shared(project, page.language, words=words[page.language]),
        "page": page,
        "link": link,
        "editions": editions,
        "language_names": {code: _own_name(code) for code in catalogue.languages},
        "fronts": {code: home(code, config.language) for code in catalogue.languages},
        "navigation": navigation(catalogue, language=page.language, words=words[page.language]),
        "front": front,
        "feed": f"{front}feed.xml",
        **page.names,
    }
    return _rendered(environment, f"site/{page.template}", names, theme=project.theme)


def styles(project: Project, *, words: Words) -> Iterable[tuple[str, str]]:
    """Yield path and text of the style sheet and the icon, made from the theme's colours."""
    language = project.config.language
    names = _shared(project, language, words=words[language])
    for template, path in STYLES.items():
        yield path, _rendered(_environment(project.theme), template, names, theme=project.theme)


def _shared(project: Project, language: str, *, words: Mapping[str, str]) -> dict[str, object]:
    return {
        "business": project.config.business,
        "team": project.config.team,
        "theme": project.theme.values,
        "words": words,
        "language": language,
        "direction": _locale(language).text_direction,
    }


def _own_name(language: str) -> str:
    locale = _locale(language)
    return (locale.get_display_name(locale) or language).capitalize()


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en")


def _environment(theme: Theme) -> ImmutableSandboxedEnvironment:
    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        text = theme.texts.get(name)
        return None if text is None else (text, theme.places.get(name, name), lambda: True)

    return ImmutableSandboxedEnvironment(
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _rendered(
    environment: ImmutableSandboxedEnvironment,
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
