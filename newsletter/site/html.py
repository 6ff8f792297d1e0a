"""Renders pages as HTML with the templates of the theme's site/ folder."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote, unquote

from markupsafe import Markup

from newsletter.errors import NewsletterError, Place
from newsletter.model.key import key_of
from newsletter.model.language import locale_of
from newsletter.model.permalink import home
from newsletter.model.picture_addresses import picture_at
from newsletter.model.project import Project
from newsletter.read.content.svg import UnreadableSvgError, cleaned_svg
from newsletter.render.picture_tags import Shown, with_pictures
from newsletter.render.templates import environment_of, rendered
from newsletter.render.view import by_name, edition_names
from newsletter.site.catalogue import Catalogue, Lookup
from newsletter.site.links import file_of, relative, with_site_links
from newsletter.site.pages import Page, navigation
from newsletter.site.posts import Post

STYLES = {"site/style.css": "assets/style.css", "site/favicon.svg": "assets/favicon.svg"}
"""Templates of the theme besides pages → files of the site."""


class LanguagePages:
    """Renders the pages of one language, with the names that all its templates share."""

    def __init__(self, project: Project, catalogue: Catalogue, language: str) -> None:
        self._theme = project.theme
        self._project = project
        self._website = project.config.business.website
        self._names = _names(project, catalogue, language)
        self._environment = environment_of(project, language)
        self.key = key_of(self._names, project.theme.texts, project.config)
        """Key of everything that all pages depend on."""

    def page(self, page: Page, editions: Mapping[str, str], lookup: Lookup) -> bytes:
        """
        Return the HTML of a page.

        *editions* has its paths by language; *lookup* finds texts of posts and paths of content
        files.

        Raises:
            NewsletterError: for a broken template of the theme, with its file and line.
        """
        links_absolutely = page.path.endswith(".html")

        def link(path: str) -> str:
            return self._website + path if links_absolutely else relative(path, page=page.path)

        def text(post: Post) -> Markup:
            def address(target: str) -> str | None:
                path = lookup.path(target, post.language)
                return None if path is None else link(path)

            html = with_site_links(lookup.text(post), source=post.source, find=address)
            return Markup(html)  # noqa: S704  # sanitised when it was made from Markdown

        def find(address: str) -> Shown | None:
            path = address.removeprefix(self._website)
            if not links_absolutely:
                path = posixpath.normpath(
                    posixpath.join("/", posixpath.dirname(file_of(page.path)), path)
                )
            picture = picture_at(unquote(path).lstrip("/"), self._project)
            version = lookup.picture(picture.path) if picture else None
            if version is None:
                return None
            return Shown(link(f"/{version.path}"), version.width, version.height)

        if page.image and (version := lookup.picture(page.image)):
            page = replace(page, image=quote(version.path))
        names = {"page": page, "link": link, "text": text, "editions": editions}
        html = self._rendered(f"site/{page.template}", {**names, **page.names})
        return with_pictures(html, find).encode()

    def style(self, template: str, _: Lookup) -> bytes:
        """Return the style sheet or the icon in the theme's colours."""
        content = self._rendered(template, {}).encode()
        return (
            _cleaned(content, Place(path=self._theme.places[template]))
            if template.endswith(".svg")
            else content
        )

    def _rendered(self, template: str, names: Mapping[str, object]) -> str:
        names = {**self._names, **names}
        return rendered(self._environment, template, names, theme=self._theme)


def _cleaned(drawing: bytes, at: Place) -> bytes:
    """Return the icon. Raises NewsletterError if it runs or loads something."""
    try:
        content, lost = cleaned_svg(drawing)
    except UnreadableSvgError as error:
        raise NewsletterError.at(error.message, at, hint=error.hint) from error
    if lost:
        hint = "take it out: a picture runs no scripts and loads nothing"
        raise NewsletterError.at(f"the icon has {', '.join(lost)}", at, hint=hint)
    return content


def _names(project: Project, catalogue: Catalogue, language: str) -> Mapping[str, object]:
    """Return the names that every page of a language may use."""
    config, default = project.config, project.config.language
    phrases = by_name(project.theme.words, language, default)
    front = home(language, default)
    return {
        **edition_names(project, language),
        "team": [member.in_language(language, default) for member in config.team],
        "language_names": {code: _native_name(code) for code in catalogue.languages},
        "fronts": {code: home(code, default) for code in catalogue.languages},
        "navigation": navigation(catalogue, language=language, phrases=phrases),
        "front": front,
        "feed": f"{front}feed.xml",
    }


def _native_name(language: str) -> str:
    locale = locale_of(language)
    return (locale.get_display_name(locale) or language).capitalize()
