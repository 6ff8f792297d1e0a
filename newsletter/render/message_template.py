"""Binds an edition to its message template, which the merge then fills in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from newsletter.errors import Place, Problem, attempt, raise_all
from newsletter.model.care import ISSUE, EditionPlan
from newsletter.model.entry import Entry, Issue
from newsletter.model.key import key_of
from newsletter.model.project import Project
from newsletter.model.source import Source
from newsletter.model.template import MessageTemplate, PartSizes, Tree
from newsletter.render import places, tokens
from newsletter.render.blank_lines import tidy
from newsletter.render.buttons import with_button_tables
from newsletter.render.fragments import Composition, Fragment, Fragments
from newsletter.render.html_part import finished_html, layout_html
from newsletter.render.language_filters import language_filters
from newsletter.render.late import Body, TextBody, is_never_empty
from newsletter.render.loads import of_folder_first
from newsletter.render.markdown import with_links
from newsletter.render.part_sizes import HtmlParts
from newsletter.render.picture_tags import with_pictures_of_messages
from newsletter.render.record import Record
from newsletter.render.text import to_text
from newsletter.render.tree import html_tree, text_tree
from newsletter.render.view import (
    Addresses,
    GiftView,
    IssueView,
    edition_names,
    entry_view,
    gift_view,
    printed_of,
)
from newsletter.render.wording import Wording

_ENDINGS = {"email": "mjml", "letter": "html", "text": "txt"}
"""Folder of the theme → how its layouts end."""

T = TypeVar("T")


def render_edition(
    project: Project,
    plan: EditionPlan,
    *,
    today: dt.date,
    channel: str = "email",
    fragments: Fragments | None = None,
) -> MessageTemplate:
    """
    Return the template of one edition by *channel*, `email` or `letter`.

    Both have the same subject and text. The HTML of a letter is the part between its greeting and
    its signature. Raises NewsletterError for broken templates, unknown names, and parts that
    cannot stay open.
    """
    addresses = Addresses(project, language=plan.issue.language, today=today)
    return _Edition(project, plan, addresses, fragments).template(channel)


@dataclass(frozen=True)
class _Body:
    """A bound body as HTML with links and as text, each with its own tokens."""

    source: Source
    html: Fragment
    text: Fragment


class _Edition:
    """One edition while it is bound."""

    def __init__(
        self,
        project: Project,
        plan: EditionPlan,
        addresses: Addresses,
        fragments: Fragments | None,
    ) -> None:
        language, theme = plan.issue.language, project.theme
        self.project, self.plan, self.addresses = project, plan, addresses
        self.problems: list[Problem] = []
        self.sizes = PartSizes()
        self.fragments = fragments
        self.wording = Wording(
            schema=plan.recipients.schema,
            names=edition_names(project, language),
            filters=language_filters(language, business=project.config.business),
            layouts=theme.sources,
            headers=project.people.headers,
            hosts=project.config.hosts,
            fragments=fragments,
        )

    def template(self, channel: str) -> MessageTemplate:
        issue = self.plan.issue
        subject, preheader = self._line(issue.subject), self._line(issue.preheader)
        bodies = [self._body(issue), *map(self._body, self._written)]
        parts = _Parts(subject, preheader, bodies)
        parts = replace(parts, key=self._key(parts))
        text = self._collect(lambda: self._text(parts), self._layout_place("text"))
        set_html = self._html if channel == "email" else self._letter
        html = self._collect(lambda: set_html(parts), self._layout_place(channel))
        raise_all(self.problems)
        assert text is not None and html is not None
        return MessageTemplate(
            language=issue.language,
            subject=self._line_tree(parts.subject, issue.subject),
            preheader=self._line_tree(parts.preheader, issue.preheader),
            text=text,
            html=html,
            sizes=self.sizes,
        )

    # ---- the parts

    def _collect(self, stage: Callable[[], T], at: Place) -> T | None:
        """Return what *stage* returns; collect its problems, so that all are reported at once."""
        return attempt(lambda: self.wording.try_to(stage, at=at), self.problems)

    def _line(self, source: Source) -> Fragment:
        bind = partial(self.wording.line, template=self.plan.issue.template)
        return attempt(lambda: bind(source), self.problems) or bind(source.stand_in())

    def _line_tree(self, line: Fragment, source: Source) -> Tree:
        composition = Composition()
        (text,) = composition.add(line, self.wording.placed(source))
        return text_tree(text, "header", composition.slots)

    def _body(self, written: Entry | Issue) -> _Body:
        def link(href: str) -> str:
            return self.addresses.link(href, written.path)

        def body(source: Source) -> _Body:
            bound = self.wording.body(source, template=written.template)
            html = with_links(bound.text, link)
            shown = replace(bound, texts=(with_button_tables(html),))
            return _Body(written.body, shown, replace(bound, texts=(to_text(html),)))

        return attempt(lambda: body(written.whole), self.problems) or body(
            written.whole.stand_in()
        )

    # ---- the layouts

    def _text(self, parts: _Parts) -> Tree:
        fragment = self.wording.layout(
            self._layout("text"), partial(self._context, parts), key=parts.key
        )
        composition = Composition()
        (text,) = composition.add(fragment, self.wording.placed())
        bodies = [
            composition.add(body.text, self.wording.placed(body.source))[0]
            for body in parts.bodies
        ]
        whole = tokens.with_text_bodies(text, bodies)
        return text_tree(tidy(whole), "plain", composition.slots)

    def _html(self, parts: _Parts) -> Tree:
        place, hosts = self._layout_place("email"), self.project.config.hosts
        sources = of_folder_first("email", self.wording.sources)

        def finish(bound: str, record: Record) -> tuple[str, ...]:
            return layout_html(bound, record.slots, layout=place, sources=sources, hosts=hosts)

        fragment = self.wording.layout(
            self._layout("email"),
            partial(self._context, parts),
            finish=finish,
            key=parts.key,
        )
        composition = Composition()
        html, css = composition.add(fragment, self.wording.placed())
        bodies = self._html_bodies(parts, composition)
        html, *bodies = (with_pictures_of_messages(h, self.project) for h in (html, *bodies))
        tree = finished_html(
            html, css, bodies=bodies, slots=composition.slots, fragments=self.fragments
        )
        names = [body.source.at.path for body in parts.bodies]
        self.sizes = HtmlParts(html=html, css=css, bodies=bodies, names=names)
        return tree

    def _letter(self, parts: _Parts) -> Tree:
        fragment = self.wording.layout(
            self._layout("letter"), partial(self._context, parts), key=parts.key
        )
        composition = Composition()
        (html,) = composition.add(fragment, self.wording.placed())
        bodies = self._html_bodies(parts, composition)
        return html_tree(places.bare(places.with_bodies(html, bodies)), composition.slots)

    def _html_bodies(self, parts: _Parts, composition: Composition) -> list[str]:
        return [
            composition.add(body.html, self.wording.placed(body.source))[0]
            for body in parts.bodies
        ]

    def _layout(self, folder: str) -> str:
        return f"{folder}/{self.plan.layout}.{_ENDINGS[folder]}"

    def _layout_place(self, folder: str) -> Place:
        return Place(path=self.project.theme.places[self._layout(folder)])

    # ---- names in layouts

    def _context(self, parts: _Parts, record: Record) -> dict[str, object]:
        subject, preheader = record.adopt(parts.subject), record.adopt(parts.preheader)
        issue_body, *entry_bodies = [
            record.body(body.html.text, body.text.text) for body in parts.bodies
        ]
        views = [
            entry_view(
                entry,
                self.addresses,
                bodies=body,
                shown=record.field(entry.flag, Place(path=entry.path, line=1)),
            )
            for entry, body in zip(self._written, entry_bodies, strict=True)
        ]
        count = len(self.plan.entries)
        return {
            "issue": self._issue_view(subject, preheader, issue_body),
            "entries": views[:count],
            "answers": views[count:],
            "gift": self._gift(),
        }

    def _key(self, parts: _Parts) -> str:
        """Return the key of everything that layouts read; empty without a cache."""
        if self.fragments is None:
            return ""
        issue, no_text = self.plan.issue, Source("", Place(path=""))
        entries = [printed_of(entry, self.addresses) for entry in self._written]
        filled = [
            (is_never_empty(body.html.text), is_never_empty(body.text.text))
            for body in parts.bodies
        ]
        return key_of(
            self.project.theme.key,
            edition_names(self.project, issue.language),
            replace(issue, subject=no_text, preheader=no_text, body=no_text, audience=None),
            self._page(issue),
            [(line.texts, line.slots) for line in (parts.subject, parts.preheader)],
            entries,
            len(self.plan.entries),
            filled,
            self._gift(),
        )

    @property
    def _written(self) -> tuple[Entry, ...]:
        return (*self.plan.entries, *self.plan.answers)

    def _issue_view(
        self, subject: str, preheader: str, bodies: tuple[Body, TextBody]
    ) -> IssueView:
        issue = self.plan.issue
        return IssueView(
            name=issue.name,
            language=issue.language,
            title=issue.title,
            date=issue.date,
            subject=subject,
            preheader=preheader,
            feedback=issue.feedback,
            url=self._page(issue),
            body=bodies[0],
            text_body=bodies[1],
        )

    def _gift(self) -> GiftView | None:
        country = self.project.config.business.country
        gift, language = self.plan.gift, self.plan.issue.language
        return gift_view(gift, language=language, country=country) if gift else None

    def _page(self, issue: Issue) -> str:
        online = self.plan.layout == ISSUE
        return self.addresses.issue(issue.name, issue.language) if online else ""


@dataclass(frozen=True)
class _Parts:
    """All bound texts of an edition except its layouts."""

    subject: Fragment
    preheader: Fragment
    bodies: Sequence[_Body]
    """The body of the issue, then those of its entries and answers."""
    key: str = ""
    """Key of everything that layouts read."""
