"""Finds posts by kind and language or by content file, and their translations."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Mapping, Sequence

from newsletter.model.artifact import Question
from newsletter.model.entry import KINDS
from newsletter.model.language import fallbacks
from newsletter.model.permalink import FOLDERS, home
from newsletter.model.picture import Picture, Version
from newsletter.site.posts import Post, Text


class Catalogue:
    """The posts of the site, with the lookups that pages need."""

    def __init__(
        self,
        posts: Mapping[Post, Text],
        *,
        default_language: str,
        images: Mapping[str, Picture],
    ) -> None:
        self.posts = tuple(posts)
        self._texts = {post.path: text for post, text in posts.items()}
        self.default_language = default_language
        self.images = images
        others = sorted({post.language for post in posts} - {default_language})
        self.languages = (default_language, *others)
        self._by_name = {(post.kind, post.slug, post.language): post for post in posts}
        self._by_slug: dict[str, list[Post]] = defaultdict(list)
        for post in posts:
            if post.kind in _ENTRY_KINDS:
                self._by_slug[post.slug].append(post)

    def of(self, *kinds: str, language: str) -> list[Post]:
        """Return the posts of these kinds; past offers and events come last."""
        posts = [p for p in self.posts if p.kind in kinds and p.language == language]
        return sorted(posts, key=lambda post: post.over)

    def named(self, slugs: Sequence[str], *, language: str) -> list[Post]:
        """Return the entries with these slugs, in this order, for readers of *language*."""
        posts: list[Post] = []
        for slug in slugs:
            editions = self._by_slug.get(slug, ())
            posts += sorted(editions, key=lambda p: self._distance(p.language, language))[:1]
        return posts

    def path(self, target: str, language: str) -> str | None:
        """
        Return the path on the site of a file below content/, or None if the site lacks it.

        A file name without a language stands for the edition in *language* if there is one.
        """
        if target in self.images:
            return f"/{self.images[target].version('page').path}"
        folder, name = posixpath.split(target)
        slug, _, suffix = name.removesuffix(".md").partition(".")
        kind = _KINDS.get(folder, "")
        wanted = (suffix,) if suffix else fallbacks(language, self.default_language)
        posts = (self._by_name.get((kind, slug, edition)) for edition in wanted)
        return next((post.path for post in posts if post), None)

    def text(self, post: Post) -> str:
        """Return the text of a post, sanitised; its links lead to content files."""
        return self._texts[post.path].html

    def answer(self, question: Question) -> str | None:
        """Return the answer to a question of a Lookup as it enters a key."""
        target, language = question
        if target in self.images:
            return self.images[target].version("page").key
        if not target.startswith("/"):
            return self.path(target, language)
        text = self._texts.get(target)
        return text.key if text else None

    def neutral(self, path: str, language: str) -> str:
        """Return *path* in the default language, which translations of a page share."""
        return "/" + path.removeprefix(home(language, self.default_language)).lstrip("/")

    def _distance(self, language: str, wanted: str) -> int:
        tags = fallbacks(wanted, self.default_language)
        return tags.index(language) if language in tags else len(tags)


class Lookup:
    """Records what a file of the site asks the catalogue; a changed answer makes it anew."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.questions: set[Question] = set()

    def path(self, target: str, language: str) -> str | None:
        """Return the path on the site of a file below content/ for readers of *language*."""
        self.questions.add((target, language))
        return self._catalogue.path(target, language)

    def picture(self, target: str) -> Version | None:
        """Return what pages show of a picture below content/; None if there is none."""
        picture = self._catalogue.images.get(target)
        if picture is None:
            return None
        self.questions.add((target, ""))
        return picture.version("page")

    def text(self, post: Post) -> str:
        """Return the text of a post; its links lead to content files."""
        self.questions.add((post.path, ""))
        return self._catalogue.text(post)


_KINDS = {folder: kind for kind, folder in FOLDERS.items()}
_ENTRY_KINDS = set(KINDS.values())
