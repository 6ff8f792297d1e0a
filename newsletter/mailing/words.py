"""A practice's words for one channel, bound once per language and merged for each customer."""

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
from newsletter.model.practice import Words
from newsletter.model.project import Project
from newsletter.model.template import MessageTemplate
from newsletter.render.blank_lines import tidy
from newsletter.render.fragments import Composition, Fragments
from newsletter.render.language_filters import language_filters
from newsletter.render.markdown import with_links
from newsletter.render.text import to_text
from newsletter.render.tree import html_tree, text_tree
from newsletter.render.view import Addresses, edition_names
from newsletter.render.wording import Wording

# A condition between two items makes two lists of them; here it is known what stands between.
_IN_TWO = re.compile(r"</ul>\s*<ul>\s*")
_APART = re.compile(r"^(- .*)\n\n(?=- )", re.M)


@dataclass(frozen=True)
class MergedWords:
    """The words for one customer."""

    html: str
    """Sanitised, without the greeting line."""
    text: str
    """Paragraphs parted by an empty line."""
    subject: str
    """One line; empty where the practice gives none."""


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """A planned touchpoint whose words fail because of a value in the customer's row."""

    customer: str
    practice: str
    channel: str
    reason: str


def bind_words(  # noqa: PLR0913  # each is a value of its own
    project: Project,
    words: Words,
    channel: str,
    *,
    schema: Mapping[str, pl.DataType],
    today: dt.date,
    fragments: Fragments | None = None,
) -> MessageTemplate:
    """
    Return the template of a practice's words; *schema* are the columns of `recipients`.

    Raises:
        NewsletterError: for words that are broken, name what is unknown, or cannot stay open.
    """
    body, language = words.bodies[channel], words.language
    addresses = Addresses(project, language=language, today=today)
    wording = Wording(
        schema=schema,
        names=edition_names(project, language),
        filters=language_filters(language, business=project.config.business),
        fragments=fragments,
    )

    def link(href: str) -> str:
        return addresses.link(href, body.at.path)

    def bound() -> MessageTemplate:
        composition = Composition()
        fragment = wording.body(body, template=words.template)
        (html,) = composition.add(fragment, wording.placed(body))
        html, line = with_links(html, link), ""
        if words.subject:
            subject = wording.line(words.subject, template=words.template)
            (line,) = composition.add(subject, wording.placed(words.subject))
        return MessageTemplate(
            language=language,
            subject=text_tree(line, "header", composition.slots),
            text=text_tree(tidy(to_text(html)), "plain", composition.slots),
            html=html_tree(html, composition.slots),
        )

    return wording.try_to(bound, at=body.at)


def merge_words(
    project: Project, template: MessageTemplate, people: pl.DataFrame
) -> Iterator[MergedWords | Failure]:
    """
    Yield the words for each row of *people*, the customers of a mailing.

    A value that fails stops that customer's words only.
    """
    filters = language_filters(template.language, business=project.config.business)
    for merged in Merger(template, filters=filters).texts(people):
        if isinstance(merged, Failure):
            yield merged
        else:
            subject, text, html = merged
            yield MergedWords(
                html=_IN_TWO.sub("\n", html).strip(),
                text=_APART.sub(r"\1\n", text).strip(),
                subject=subject,
            )


def wrong_words(
    project: Project, plan: CarePlan, *, fragments: Fragments | None = None
) -> Iterator[Problem]:
    """Yield what is wrong with the words of all practices, also where nobody gets them today."""
    for practice in project.practices:
        schema = recipient_fields(plan, practice)
        for words in practice.words.values():
            for channel in words.bodies:
                bind = partial(
                    bind_words,
                    project,
                    words,
                    channel,
                    schema=schema,
                    today=plan.day,
                    fragments=fragments,
                )
                problems: list[Problem] = []
                attempt(bind, problems)
                yield from problems
