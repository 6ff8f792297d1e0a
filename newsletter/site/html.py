"""Pages → HTML, with the templates of the theme's site/ folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jinja2 import Environment
from markupsafe import Markup

from newsletter.model.permalink import home
from newsletter.model.project import Project
from newsletter.render.issue import edition_names
from newsletter.render.templates import locale_of, rendered
from newsletter.render.view import by_name
from newsletter.site.catalogue import Catalogue
from newsletter.site.links import relative, with_site_links
from newsletter.site.pages import Page, navigation
from newsletter.site.posts import Post

STYLES = {"site/style.css": "assets/style.css", "site/favicon.svg": "assets/favicon.svg"}
"""Templates of the theme that are no pages → files of the site."""


def language_names(project: Project, catalogue: Catalogue, language: str) -> Mapping[str, object]:
    """Return what every page of one language may name."""
    config, default = project.config, project.config.language
    words = by_name(project.theme.words, language, default)
    front = home(language, default)
    return {
        **edition_names(project, language),
        "team": [member.in_language(language, default) for member in config.team],
        "language_names": {code: _own_name(code) for code in catalogue.languages},
        "fronts": {code: home(code, default) for code in catalogue.languages},
        "navigation": navigation(catalogue, language=language, words=words),
        "front": front,
        "feed": f"{front}feed.xml",
    }


def html_of(
    page: Page,
    *,
    environment: Environment,
    names: Mapping[str, object],
    project: Project,
    catalogue: Catalogue,
) -> str:
    """
    Return the page as HTML; *names* are what it may name beside what it shows.

    Raises:
        NewsletterError: for a template of the theme that is broken, with its file and line.
    """
    lost = page.path.endswith(".html")

    def link(path: str) -> str:
        website = project.config.business.website
        return website + path if lost else relative(path, page=page.path)

    def text(post: Post) -> Markup:
        def find(target: str) -> str | None:
            path = catalogue.path(target, language=post.language)
            return None if path is None else link(path)

        html = with_site_links(post.html, source=post.source, find=find)
        return Markup(html)  # noqa: S704  # sanitised when it was made from Markdown

    names = {**names, "page": page, "link": link, "text": text, **page.names}
    return rendered(environment, f"site/{page.template}", names, theme=project.theme)


def styles(project: Project, *, environment: Environment) -> Iterable[tuple[str, str]]:
    """Yield path and text of the style sheet and the icon, made from the theme's colours."""
    names = edition_names(project, project.config.language)
    for template, path in STYLES.items():
        yield path, rendered(environment, template, names, theme=project.theme)


def _own_name(language: str) -> str:
    locale = locale_of(language)
    return (locale.get_display_name(locale) or language).capitalize()
