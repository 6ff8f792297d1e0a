"""The files of the public site, made from entries and public wording, never from customers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from newsletter.mailing.public import PublicWording
from newsletter.model.artifact import Artifact, NothingBefore, Previous, Question
from newsletter.model.config import Config
from newsletter.model.entry import IssuePage
from newsletter.model.key import key_of
from newsletter.model.permalink import home
from newsletter.model.project import Project
from newsletter.render.view import by_name
from newsletter.site.calendars import event_calendars
from newsletter.site.catalogue import Catalogue, Lookup
from newsletter.site.feeds import atom, feed_posts, robots, sitemap
from newsletter.site.html import STYLES, LanguagePages
from newsletter.site.links import file_of
from newsletter.site.pages import Page, pages
from newsletter.site.pictures import picture_artifacts
from newsletter.site.posts import posts


def site_artifacts(
    project: Project,
    *,
    issue_pages: Sequence[IssuePage],
    wording: PublicWording,
    today: dt.date,
    previous: Previous | None = None,
) -> Iterator[Artifact]:
    """
    Yield every file below output/site/; unchanged files of *previous* are not made again.

    The site has public entries up to *today*, and all of *issue_pages*, to which messages link.

    Raises:
        NewsletterError: for a broken template of the theme.
    """
    catalogue = Catalogue(
        posts(project, issue_pages=issue_pages, wording=wording, today=today),
        default_language=project.config.language,
        images=project.images,
    )
    maker = _Maker(catalogue, previous or NothingBefore())
    yield from _pages(project, catalogue, maker)
    yield from event_calendars(catalogue, project.config)
    yield from _feeds(project.config, catalogue, maker)
    until = max([today, *(page.date for page in issue_pages)])
    yield from picture_artifacts(project, until=until)
    for path, file in sorted(project.theme.assets.items()):
        if f"assets/{path}" not in project.images:
            yield Artifact(f"site/assets/{path}", file)


class _Maker:
    """Makes files of the site, unless the previous build made them from equal sources."""

    def __init__(self, catalogue: Catalogue, previous: Previous) -> None:
        self._catalogue, self._previous = catalogue, previous

    def artifact(
        self, path: str, sources: Sequence[object], make: Callable[[Lookup], bytes]
    ) -> Artifact:
        """Return a file that *make* makes from *sources* and the answers of a lookup."""
        path = f"site/{path}"
        previous_questions = self._previous.asked(path)
        sources_key = key_of(sources)
        key = self._key(sources_key, previous_questions)
        if self._previous.holds(path, key):
            return Artifact(path, lambda: [make(Lookup(self._catalogue))], key, previous_questions)
        lookup = Lookup(self._catalogue)
        content = make(lookup)
        questions = tuple(sorted(lookup.questions))
        return Artifact(path, content, self._key(sources_key, questions), questions)

    def _key(self, sources_key: str, questions: Iterable[Question]) -> str:
        answers = [(question, self._catalogue.answer(question)) for question in questions]
        return key_of(sources_key, answers)


def _pages(project: Project, catalogue: Catalogue, maker: _Maker) -> Iterator[Artifact]:
    """Yield the pages, the style sheet, the icon, the sitemap and robots.txt."""
    config, theme = project.config, project.theme
    phrases = {code: by_name(theme.words, code, config.language) for code in catalogue.languages}
    all_pages = list(pages(catalogue, business=config.business, phrases=phrases))
    editions = _editions(all_pages, catalogue)
    languages = {code: LanguagePages(project, catalogue, code) for code in catalogue.languages}
    for page in all_pages:
        language = languages[page.language]
        translations = editions[page.path]
        make = partial(language.page, page, translations)
        yield maker.artifact(file_of(page.path), [language.key, page, translations], make)
    default = languages[config.language]
    for template, path in STYLES.items():
        yield maker.artifact(path, [default.key, template], partial(default.style, template))
    website = config.business.website
    folders = [page for page in all_pages if page.path.endswith("/")]
    listed = [website, [(page.path, page.date, editions[page.path]) for page in folders]]
    yield maker.artifact(
        "sitemap.xml", listed, lambda _: sitemap(folders, website=website, editions=editions)
    )
    yield Artifact("site/robots.txt", robots(website))


def _feeds(config: Config, catalogue: Catalogue, maker: _Maker) -> Iterator[Artifact]:
    business, default = config.business, config.language
    for language in catalogue.languages:
        newest = feed_posts(catalogue, language)
        make = partial(atom, newest, business=business, language=language, default=default)
        path = file_of(f"{home(language, default)}feed.xml")
        yield maker.artifact(path, [business, language, default, newest], make)


def _editions(all_pages: Iterable[Page], catalogue: Catalogue) -> Mapping[str, Mapping[str, str]]:
    """Return path of a page → language → path of its translation, in the order of languages."""
    groups: dict[str, dict[str, str]] = {}
    for page in all_pages:
        key = catalogue.neutral(page.path, page.language)
        groups.setdefault(key, {})[page.language] = page.path
    return {path: group for group in groups.values() for path in group.values()}
