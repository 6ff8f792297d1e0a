"""A practice's words for one channel, bound once per language and merged for each customer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import polars as pl

from newsletter.errors import Problem, attempt
from newsletter.merge.compiled import MergeEnvironment
from newsletter.merge.failures import RAISED, Blame, Failure
from newsletter.merge.known import known_fields
from newsletter.merge.rows import rows
from newsletter.model.care import CarePlan
from newsletter.model.practice import Words
from newsletter.model.project import Project
from newsletter.model.template import MessageTemplate
from newsletter.render.blank_lines import tidy
from newsletter.render.filters import language_filters
from newsletter.render.issue import edition_names
from newsletter.render.jinja_source import IN_HEADER, IN_PLAIN, html_template, text_template
from newsletter.render.text import to_text
from newsletter.render.view import Addresses
from newsletter.render.wording import Wording

# A condition between two items makes two lists of them; here it is known what stands between.
_IN_TWO = re.compile(r"</ul>\s*<ul>\s*")
_APART = re.compile(r"^(- .*)\n\n(?=- )", re.M)


@dataclass(frozen=True)
class Said:
    """The words for one customer."""

    html: str
    """Sanitised, without the greeting line."""
    text: str
    """Paragraphs parted by an empty line."""
    subject: str
    """One line; empty where the practice gives none."""


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """A touchpoint that was kept, but whose words one value of the customer's row spoils."""

    customer: str
    practice: str
    channel: str
    reason: str


def bind_words(
    project: Project,
    words: Words,
    channel: str,
    *,
    schema: Mapping[str, pl.DataType],
    today: dt.date,
) -> MessageTemplate:
    """
    Return the template of a practice's words; *schema* are the columns of `known`.

    Raises:
        NewsletterError: for words that are broken, name what is unknown, or cannot stay open.
    """
    body, language = words.bodies[channel], words.language
    addresses = Addresses(project, language=language, today=today)
    wording = Wording(
        schema=schema,
        names=edition_names(project, language),
        filters=language_filters(language, business=project.config.business),
    )

    def link(href: str) -> str:
        return addresses.link(href, body.at.path)

    def bound() -> tuple[str, str, str]:
        html = wording.html(body, template=words.template, link=link)
        line = wording.line(words.subject, template=words.template) if words.subject else ""
        text = text_template(tidy(to_text(html)), IN_PLAIN, wording.record)
        return (
            html_template(html, wording.record),
            text,
            text_template(line, IN_HEADER, wording.record),
        )

    html, text, subject = wording.try_to(bound, at=body.at)
    return MessageTemplate(
        language=language,
        subject=subject,
        text=text,
        html=html,
        slots=wording.slots(),
        fields=tuple(sorted(wording.record.fields)),
    )


def merge_words(
    project: Project, template: MessageTemplate, people: pl.DataFrame, *, failures: list[Failure]
) -> Iterator[Said | None]:
    """
    Yield the words for each row of *people*, which comes from `known`.

    A value that fails stops that customer's words only: None, and a failure in *failures*.
    """
    filters = language_filters(template.language, business=project.config.business)
    environment = MergeEnvironment(filters, encoded=False)
    parts = (template.html, template.text, template.subject)
    html, text, subject = map(environment.renderer, parts)
    blame = Blame(template.slots, filters=filters)
    fields = list(dict.fromkeys(("id", *template.fields)))
    for row in rows(people, fields):
        try:
            yield Said(
                _IN_TWO.sub("\n", html(row)).strip(),
                _APART.sub(r"\1\n", text(row)).strip(),
                subject(row),
            )
        except RAISED as error:
            failures.append(blame.failure(row.id, row, error))
            yield None


def wrong_words(project: Project, plan: CarePlan) -> Iterator[Problem]:
    """Yield what is wrong with the words of all practices, also where nobody gets them today."""
    for practice, schema in known_fields(project, plan):
        for words in practice.words.values():
            for channel in words.bodies:
                bind = partial(bind_words, project, words, channel, schema=schema, today=plan.day)
                problems: list[Problem] = []
                attempt(bind, problems)
                yield from problems
