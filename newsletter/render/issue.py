"""An edition → its message template: what stands between the two binding times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TypeVar

from newsletter.errors import NewsletterError, Place, Problem, raise_all
from newsletter.model.entry import Entry, Issue
from newsletter.model.language import text_direction
from newsletter.model.plan import ISSUE, EditionPlan
from newsletter.model.project import Project
from newsletter.model.source import Source
from newsletter.model.template import MessageTemplate, Tree
from newsletter.render.blank_lines import tidy
from newsletter.render.filters import language_filters
from newsletter.render.html import message_html
from newsletter.render.late import Body, guarded
from newsletter.render.text import to_text
from newsletter.render.tree import text_tree
from newsletter.render.view import Addresses, EntryView, GiftView, IssueView, by_name, gift_view
from newsletter.render.wording import Wording

A = TypeVar("A")
B = TypeVar("B")


def render_edition(project: Project, plan: EditionPlan, *, today: dt.date) -> MessageTemplate:
    """
    Return the message template of one edition.

    Raises:
        NewsletterError: for templates that are broken, name what is unknown, or cannot stay open.
    """
    edition = _Edition(
        project, plan, Addresses(project, language=plan.issue.language, today=today)
    )
    return edition.template()


class _Edition:
    """One edition while it is bound."""

    def __init__(self, project: Project, plan: EditionPlan, addresses: Addresses) -> None:
        language, theme = plan.issue.language, project.theme
        self.project, self.plan, self.addresses = project, plan, addresses
        self.problems: list[Problem] = []
        self.layout = f"email/{plan.layout}.mjml"
        self.text_layout = f"text/{plan.layout}.txt"
        self.wording = Wording(
            schema=plan.recipients.schema,
            names=edition_names(project, language),
            filters=language_filters(language, business=project.config.business),
            layouts={
                path: Source(text, Place(path=theme.places[path], line=1))
                for path, text in theme.texts.items()
            },
        )

    def template(self) -> MessageTemplate:
        plan = self.plan
        issue = self._collect(self._issue_view, plan.issue, at=plan.issue.body.at)
        entries = self._entry_views(plan.entries)
        answers = self._entry_views(plan.answers)
        raise_all(self.problems)
        context = {"issue": issue, "entries": entries, "answers": answers, "gift": self._gift()}
        text = self._collect(self._text, context, at=self._place(self.text_layout))
        html = self._collect(self._html, context, at=self._place(self.layout))
        raise_all(self.problems)
        assert issue and text is not None and html is not None
        return MessageTemplate(
            language=plan.issue.language,
            subject=text_tree(str(issue.subject), "header", self.wording.slots()),
            text=text,
            html=html,
        )

    def _collect(self, stage: Callable[[A], B], value: A, *, at: Place) -> B | None:
        """Return what a stage makes of *value*; its problems are kept, to be said all at once."""
        try:
            return self.wording.try_to(lambda: stage(value), at=at)
        except NewsletterError as error:
            self.problems += error.problems
            return None

    def _entry_views(self, entries: tuple[Entry, ...]) -> list[EntryView | None]:
        return [self._collect(self._entry_view, entry, at=entry.body.at) for entry in entries]

    def _place(self, name: str) -> Place:
        return Place(path=self.project.theme.places[name])

    def _text(self, context: Mapping[str, object]) -> Tree:
        text = self.wording.layout(self.text_layout, context)
        return text_tree(tidy(text), "plain", self.wording.slots())

    def _html(self, context: Mapping[str, object]) -> Tree:
        bound = self.wording.layout(self.layout, context)
        wording = self.wording
        place = self._place(self.layout)
        return message_html(bound, wording.record, wording.slots(), layout=place)

    def _issue_view(self, issue: Issue) -> IssueView:
        body, text_body = self._body(issue)
        return IssueView(
            name=issue.name,
            language=issue.language,
            title=issue.title,
            date=issue.date,
            subject=guarded(self.wording.line(issue.subject, template=issue.template)),
            preheader=guarded(self.wording.line(issue.preheader, template=issue.template)),
            feedback=issue.feedback,
            url=self._page(issue),
            body=body,
            text_body=text_body,
        )

    def _gift(self) -> GiftView | None:
        country = self.project.config.business.country
        gift, language = self.plan.gift, self.plan.issue.language
        return gift_view(gift, language=language, country=country) if gift else None

    def _page(self, issue: Issue) -> str:
        online = self.plan.layout == ISSUE
        return self.addresses.issue(issue.name, issue.language) if online else ""

    def _entry_view(self, entry: Entry) -> EntryView:
        body, text_body = self._body(entry)
        return EntryView(
            kind=entry.kind,
            slug=entry.slug,
            language=entry.language,
            title=entry.title,
            date=entry.date,
            summary=entry.summary,
            image_url=self.addresses.image(entry.image),
            image_alt=entry.image_alt,
            url=entry.url or self.addresses.page(entry),
            expires=entry.expires,
            starts=entry.starts,
            ends=entry.ends,
            place=entry.place,
            source_name=entry.source_name,
            body=body,
            text_body=text_body,
            shown=self.wording.record.field(entry.flag, Place(path=entry.path, line=1)),
        )

    def _body(self, written: Entry | Issue) -> tuple[Body, str]:
        def link(href: str) -> str:
            return self.addresses.link(href, written.path)

        html = self.wording.html(written.body, template=written.template, link=link)
        return self.wording.record.body(html), guarded(to_text(html))


def edition_names(project: Project, language: str) -> dict[str, object]:
    """Return what every text of an edition may name besides `customer`."""
    config = project.config
    return {
        "business": config.business.in_language(language, config.language),
        "sender": config.sender,
        "links": config.links,
        "theme": project.theme.values,
        "words": by_name(project.theme.words, language, config.language),
        "language": language,
        "direction": text_direction(language),
    }
