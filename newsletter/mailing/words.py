"""A practice's text for one channel, bound once per language and merged for each customer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import polars as pl

from newsletter.errors import Problem, attempt
from newsletter.mailing.recipients import recipient_fields
from newsletter.merge.failures import Failure
from newsletter.merge.merge import Merger
from newsletter.model.care import CarePlan
from newsletter.model.channels import CHANNELS
from newsletter.model.key import key_of
from newsletter.model.practice import Words
from newsletter.model.project import Project
from newsletter.model.source import Source
from newsletter.model.template import MessageTemplate, Slot
from newsletter.render.blank_lines import tidy
from newsletter.render.fragments import Composition, Fragments
from newsletter.render.language_filters import language_filters
from newsletter.render.markdown import with_links
from newsletter.render.text import to_text
from newsletter.render.tree import html_tree, text_tree
from newsletter.render.view import Addresses, edition_names
from newsletter.render.wording import Wording

# A condition between two items makes two lists of them; once merged, they are joined again.
_IN_TWO = re.compile(r"</ul>\s*<ul>\s*")
_APART = re.compile(r"^(- .*)\n\n(?=- )", re.M)


@dataclass(frozen=True)
class MergedWords:
    """The text for one customer."""

    html: str
    """Sanitised, without the greeting line."""
    text: str
    """Paragraphs separated by an empty line."""
    subject: str
    """One line; empty if the practice has none."""


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """A planned touchpoint whose text fails because of a value in the customer's row."""

    customer: str
    practice: str
    channel: str
    reason: str
    """For pages and screens, in the language of the team."""
    message: str
    """For remarks."""

    @property
    def remark(self) -> Problem:
        """What to tell the team."""
        what = f"{self.practice} ({self.channel}) cannot be written to {self.customer}"
        hint = "correct the value in the customer's row; until then this task is left out"
        return Problem(f"{what}: {self.message}", hint=hint)


class WordBinder:
    """Binds the texts of practices for one day, which decides where links lead."""

    def __init__(
        self, project: Project, *, today: dt.date, fragments: Fragments | None = None
    ) -> None:
        self._project, self._today, self._fragments = project, today, fragments
        self._languages: dict[str, tuple[Wording, Addresses]] = {}

    def bind(
        self, words: Words, channel: str, *, schema: Mapping[str, pl.DataType]
    ) -> MessageTemplate:
        """
        Return the template of a practice's text; *schema* has the columns of `recipients`.

        Raises:
            NewsletterError: for words that are broken, name what is unknown, or cannot stay open.
        """
        wording, addresses = self._of_language(words.language)
        wording = wording.for_fields(schema, to_staff=CHANNELS[channel].spoken)
        body = words.bodies[channel]
        return wording.try_to(
            lambda: _template(_composed(words, body, wording, addresses), words.language),
            at=body.at,
        )

    def check(self, words: Words, channel: str, *, schema: Mapping[str, pl.DataType]) -> None:
        """Raise what `bind` raises. Words that an earlier build found right are not set again."""
        wording, addresses = self._of_language(words.language)
        wording = wording.for_fields(schema, to_staff=CHANNELS[channel].spoken)
        body = words.bodies[channel]

        def checked() -> None:
            composed = _composed(words, body, wording, addresses)
            key = key_of("right words", composed.html, composed.line, composed.slots)
            if self._fragments is None or not self._fragments.load(key):
                _template(composed, words.language)
                if self._fragments:
                    self._fragments.save(key, True)

        wording.try_to(checked, at=body.at)

    def _of_language(self, language: str) -> tuple[Wording, Addresses]:
        if language not in self._languages:
            project = self._project
            wording = Wording(
                schema={},
                names=edition_names(project, language),
                filters=language_filters(language, business=project.config.business),
                headers=project.people.headers,
                hosts=project.config.hosts,
                fragments=self._fragments,
            )
            addresses = Addresses(project, language=language, today=self._today)
            self._languages[language] = wording, addresses
        return self._languages[language]


@dataclass(frozen=True)
class _Composed:
    """The words with links, their per-customer parts open."""

    html: str
    line: str
    """The subject; empty if the practice has none."""
    slots: list[Slot]


def _composed(words: Words, body: Source, wording: Wording, addresses: Addresses) -> _Composed:
    composition = Composition()
    fragment = wording.body(body, template=words.template)
    (html,) = composition.add(fragment, wording.placed(body))
    html, line = with_links(html, lambda href: addresses.link(href, body.at.path)), ""
    if words.subject:
        subject = wording.line(words.subject, template=words.template)
        (line,) = composition.add(subject, wording.placed(words.subject))
    return _Composed(html, line, composition.slots)


def _template(composed: _Composed, language: str) -> MessageTemplate:
    html, slots = composed.html, composed.slots
    return MessageTemplate(
        language=language,
        subject=text_tree(composed.line, "header", slots),
        text=text_tree(tidy(to_text(html)), "plain", slots),
        html=html_tree(html, slots),
    )


def joined_lists(html: str) -> str:
    """Return HTML in which lists that follow each other are one, as a condition parts them."""
    return _IN_TWO.sub("\n", html).strip()


def merge_words(
    project: Project, template: MessageTemplate, people: pl.DataFrame
) -> Iterator[MergedWords | Failure]:
    """
    Yield the text for each row of *people*, the customers of a mailing.

    A value that fails stops only that customer's text.
    """
    filters = language_filters(template.language, business=project.config.business)
    for merged in Merger(template, filters=filters).texts(people):
        if isinstance(merged, Failure):
            yield merged
        else:
            subject, text, html = merged
            yield MergedWords(
                html=joined_lists(html),
                text=_APART.sub(r"\1\n", text).strip(),
                subject=subject,
            )


def wrong_words(
    project: Project, plan: CarePlan, *, fragments: Fragments | None = None
) -> Iterator[Problem]:
    """Yield the problems of the texts of all practices, even if nobody gets them today."""
    binder = WordBinder(project, today=plan.day, fragments=fragments)
    for practice in project.practices:
        schema = recipient_fields(plan, practice)
        for words in practice.words.values():
            for channel in words.bodies:
                problems: list[Problem] = []
                attempt(partial(binder.check, words, channel, schema=schema), problems)
                yield from problems
