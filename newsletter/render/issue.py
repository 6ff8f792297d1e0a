"""An edition of an issue → its message template. The stages of DESIGN's two binding times, in order."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from newsletter.errors import NewsletterError, Place, Problem, raise_all
from newsletter.model.entry import Entry, Issue
from newsletter.model.plan import EditionPlan
from newsletter.model.project import Project
from newsletter.model.source import Source
from newsletter.model.template import MessageTemplate
from newsletter.render import markdown, mjml, places, tokens
from newsletter.render.bind import BindEnvironment
from newsletter.render.filters import language_filters
from newsletter.render.late import Body, Record, Refused
from newsletter.render.text import to_text
from newsletter.render.view import Addresses, EntryView, IssueView, by_name

LAYOUT, TEXT_LAYOUT = "email/issue.mjml", "text/issue.txt"
IN_PLAIN, IN_HEADER = "in_plain", "in_header"
T, R = TypeVar("T"), TypeVar("R")
_RIGHT_TO_LEFT = {"ar", "he", "fa", "ur", "yi", "ps", "dv", "ckb"}


def render_edition(project: Project, plan: EditionPlan, *, today: dt.date) -> MessageTemplate:
    """
    Return the message template of one edition.

    Raises:
        NewsletterError: for templates that are broken, name what is not known, or cannot be left open.
    """
    return _Edition(project, plan, Addresses(project, today=today)).template()


class _Edition:
    """One edition while it is bound: the record of open parts is shared by all its texts."""

    def __init__(self, project: Project, plan: EditionPlan, addresses: Addresses) -> None:
        self.project, self.plan, self.addresses = project, plan, addresses
        self.problems: list[Problem] = []
        self.record = Record(plan.recipients.schema)
        self.sources = {
            path: Source(text, Place(path=project.theme.places[path], line=1))
            for path, text in project.theme.texts.items()
        }
        for issue_text in (plan.issue.subject, plan.issue.preheader):
            self._add(issue_text, plan.issue.template)
        for written in (plan.issue, *plan.entries, *plan.answers):
            self._add(written.body, written.template)
        filters = language_filters(plan.issue.language, currency=project.config.business.currency)
        self.environment = BindEnvironment(self.record, self.sources, filters)
        self.names = _names(project, plan.issue.language)

    def place(self, at: Place) -> Place:
        """Return the user's file and line for a place in a template."""
        source = self.sources.get(at.path)
        return source.place(at.line) if source else at

    def template(self) -> MessageTemplate:
        plan = self.plan
        issue = self._try(self._issue_view, plan.issue)
        entries = [self._try(self._entry_view, entry) for entry in plan.entries]
        answers = [self._try(self._entry_view, answer) for answer in plan.answers]
        raise_all(self.problems)
        context = {**self.names, "issue": issue, "entries": entries, "answers": answers}
        text = self._try(self._text, context)
        html = self._try(self._html, context)
        raise_all(self.problems)
        assert issue and text and html
        return MessageTemplate(
            language=plan.issue.language,
            subject=_source(_plain(issue.subject, IN_HEADER), self.record),
            text=text,
            html=html,
            slots=tuple(replace(slot, at=self.place(slot.at)) for slot in self.record.slots),
            fields=tuple(sorted(self.record.fields)),
        )

    def _try(self, stage: Callable[[T], R], value: T) -> R | None:
        """Return what a stage makes of *value*; what the user must mend is noted, so that all is said at once."""
        try:
            return stage(value)
        except Refused as error:
            at = error.at and self.place(error.at)
            self.problems.append(Problem(message=error.message, at=at, hint=error.hint))
        except NewsletterError as error:
            self.problems += error.problems
        return None

    def _text(self, context: Mapping[str, object]) -> str:
        text = _tidy(markdown.unshield(self.environment.bind(TEXT_LAYOUT, context)))
        return _source(_plain(text, IN_PLAIN), self.record)

    def _html(self, context: Mapping[str, object]) -> str:
        """Return the finished HTML of the layout: MJML, bodies in place, styles inlined."""
        layout = self.environment.bind(LAYOUT, context)
        document, css = mjml.take_inline_styles(places.comments_for_borders(layout))
        html = mjml.to_html(document, layout=Place(path=self.project.theme.places[LAYOUT]))
        html = places.words_in_comments(html)
        self.record.refuse_lost(document, html, "MJML")
        html = re.sub(
            f"{tokens.OPEN}{tokens.BODY}([0-9]+){tokens.CLOSE}",
            lambda match: places.comments_for_borders(self.record.bodies[int(match[1])]),
            html,
        )
        inlined = mjml.inline_styles(html, css)
        self.record.refuse_lost(html, inlined, "CSS inlining")
        return _source(places.places(places.bare(inlined), self.record), self.record)

    def _issue_view(self, issue: Issue) -> IssueView:
        body, text_body = self._body(issue)
        return IssueView(
            name=issue.name,
            language=issue.language,
            title=issue.title,
            date=issue.date,
            subject=self._line(issue.subject),
            preheader=self._line(issue.preheader),
            feedback=issue.feedback,
            url=self.addresses.issue(issue.name, issue.language),
            body=body,
            text_body=text_body,
        )

    def _entry_view(self, entry: Entry) -> EntryView:
        body, text_body = self._body(entry)
        public = self.addresses.link("/" + entry.path.removeprefix("content/"), "")
        return EntryView(
            kind=entry.kind,
            slug=entry.slug,
            language=entry.language,
            title=entry.title,
            date=entry.date,
            summary=entry.summary,
            image_url=self.addresses.image(entry.image),
            image_alt=entry.image_alt,
            url=entry.url or (public if public.startswith("http") else ""),
            expires=entry.expires,
            starts=entry.starts,
            ends=entry.ends,
            place=entry.place,
            source_name=entry.source_name,
            body=body,
            text_body=text_body,
            shown=self.record.field(entry.flag, Place(path=entry.path, line=1)),
        )

    def _body(self, written: Entry | Issue) -> tuple[Body, str]:
        html = self._body_html(written)
        return self.record.body(html), to_text(html)

    def _body_html(self, written: Entry | Issue) -> str:
        def link(href: str) -> str:
            return self.addresses.link(href, written.path)

        if not written.template:
            return markdown.to_html(written.body.text, link=link)
        bound = self.environment.bind(_name(written.body), self.names)
        return markdown.bound_to_html(bound, written.body, self.record, link=link)

    def _line(self, source: Source) -> str:
        bound = self.environment.bind(_name(source), self.names) if _name(source) in self.sources else source.text
        return markdown.unshield(" ".join(bound.split()))

    def _add(self, source: Source, template: bool) -> None:
        if template:
            self.sources[_name(source)] = Source(markdown.shield_code(source.text), source.at)


def _name(source: Source) -> str:
    return f"{source.at.path}:{source.at.line}"


def _names(project: Project, language: str) -> dict[str, object]:
    """Return what every text of an edition may name besides `customer`."""
    config = project.config
    return {
        "business": config.business,
        "sender": config.sender,
        "links": config.links,
        "theme": project.theme.values,
        "words": by_name(project.theme.words, language, config.language),
        "language": language,
        "direction": "rtl" if language.split("-")[0] in _RIGHT_TO_LEFT else "ltr",
    }


def _tidy(text: str) -> str:
    """Return the text part with lines right-trimmed and at most one empty line in a row."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip("\n") + "\n"


def _plain(text: str, place: str) -> list[tuple[str, str]]:
    parts = re.split(f"({tokens.TOKEN.pattern.replace('(', '(?:')})", text)
    return [(place if tokens.TOKEN.fullmatch(part) else "", part) for part in parts if part]


def _source(pieces: Iterable[tuple[str, str]], record: Record) -> str:
    """Return Jinja source: static text as it is, tokens as the tags they stand for."""
    source = "".join(
        _tag(piece, place, record) if place else re.sub(r"\{(?=[{%#]|$)", "{{ '{' }}", piece)
        for place, piece in pieces
    )
    return source.replace("{% else %}{% endif %}", "{% endif %}")


def _tag(token: str, place: str, record: Record) -> str:
    match = tokens.TOKEN.fullmatch(token)
    assert match is not None
    kind, number = match[1], int(match[2])
    slot = record.slots[number]
    match kind:
        case tokens.IF:
            return f"{{% if {slot.expression} %}}"
        case tokens.ELSE:
            return "{% else %}"
        case tokens.END_IF:
            return "{% endif %}"
        case tokens.FOR:
            return f"{{% for {', '.join(slot.names)} in {slot.expression} %}}{{% set loop{number} = loop %}}"
        case tokens.END_FOR:
            return "{% endfor %}"
    return f"{{{{ {slot.expression} | {place}({number}) }}}}"
