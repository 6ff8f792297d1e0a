"""The public site as files, from entries and public wording; it never looks at a customer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

from newsletter.merge.public import PublicWording
from newsletter.model.artifact import Artifact
from newsletter.model.issue_page import IssuePage
from newsletter.model.permalink import home
from newsletter.model.project import Project
from newsletter.render.templates import environment_of
from newsletter.render.view import by_name
from newsletter.site.calendars import event_calendars
from newsletter.site.catalogue import Catalogue
from newsletter.site.feeds import atom, robots, sitemap
from newsletter.site.html import html_of, language_names, styles
from newsletter.site.links import file_of
from newsletter.site.pages import Page, pages
from newsletter.site.pictures import pictures
from newsletter.site.posts import posts


def site_artifacts(
    project: Project,
    *,
    issue_pages: Sequence[IssuePage],
    wording: PublicWording,
    today: dt.date,
) -> Iterator[Artifact]:
    """
    Yield every file below output/site/.

    Entries are there when they are public and their day has come, issues when they are given,
    because messages link to them.

    Raises:
        NewsletterError: for a template of the theme that is broken.
    """
    config, theme = project.config, project.theme
    website = config.business.website
    catalogue = Catalogue(
        posts(project, issue_pages=issue_pages, wording=wording, today=today),
        default_language=config.language,
        images=project.images,
    )
    words = {code: by_name(theme.words, code, config.language) for code in catalogue.languages}
    all_pages = list(pages(catalogue, business=config.business, words=words))
    editions = _editions(all_pages, catalogue)
    environments = {code: environment_of(project, code) for code in catalogue.languages}
    names = {code: language_names(project, catalogue, code) for code in catalogue.languages}
    for page in all_pages:
        html = html_of(
            page,
            environment=environments[page.language],
            names={**names[page.language], "editions": editions[page.path]},
            project=project,
            catalogue=catalogue,
        )
        yield Artifact(f"site/{file_of(page.path)}", html.encode())
    yield from event_calendars(catalogue, config)
    for path, text in styles(project, environment=environments[config.language]):
        yield Artifact(f"site/{path}", text.encode())
    for language in catalogue.languages:
        path = file_of(f"{home(language, config.language)}feed.xml")
        yield Artifact(
            f"site/{path}", atom(catalogue, business=config.business, language=language)
        )
    found = [page for page in all_pages if page.path.endswith("/")]
    yield Artifact("site/sitemap.xml", sitemap(found, website=website, editions=editions))
    yield Artifact("site/robots.txt", robots(website))
    yield from _copies(project, until=max([today, *(page.date for page in issue_pages)]))


def _editions(all_pages: Iterable[Page], catalogue: Catalogue) -> Mapping[str, Mapping[str, str]]:
    """Return by path: language → path of the same page, in the order of the languages."""
    groups: dict[str, dict[str, str]] = {}
    for page in all_pages:
        key = catalogue.neutral(page.path, page.language)
        groups.setdefault(key, {})[page.language] = page.path
    return {path: group for group in groups.values() for path in group.values()}


def _copies(project: Project, *, until: dt.date) -> Iterator[Artifact]:
    for path, file in pictures(project, until=until).items():
        yield Artifact(f"site/{path}", file)
    for path, file in sorted(project.theme.assets.items()):
        yield Artifact(f"site/assets/{path}", file)
