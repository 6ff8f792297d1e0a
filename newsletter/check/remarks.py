"""Remarks on a project: unwritten texts, second signatures, ended calendars, two issues a day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from newsletter.errors import Place, Problem
from newsletter.model.care import CarePlan
from newsletter.model.channels import AT_LENGTH
from newsletter.model.entry import (
    PLACEHOLDER_BODY,
    PLACEHOLDER_DOMAIN,
    PLACEHOLDER_SUMMARY,
    Entry,
    Issue,
)
from newsletter.model.language import fallbacks
from newsletter.model.practice import PERSONAL, Practice
from newsletter.model.project import Project
from newsletter.model.source import Source
from newsletter.read.content.theme_phrases import TEAM_PHRASES, words_path
from newsletter.read.starter import starter_practices

_HAPPENED = ("orders", "services", "feedback", "conversations")
"""Tables of what has happened."""


def ended_calendars(project: Project, *, today: dt.date) -> Iterator[Problem]:
    """
    Yield a remark for customs whose days end before the year of *today*.

    Holidays count if a practice uses them; days on which nobody is contacted always count.
    """
    if any(practice.event == "holiday" for practice in project.practices):
        ended = [
            holiday.key
            for holiday in project.customs.holidays.values()
            if holiday.days and holiday.days[-1].year < today.year
        ]
        if ended:
            yield _ended(", ".join(ended), "holidays", "nobody is greeted on them")
    quiet = {
        day.name.in_language("en", "en")
        for day in project.customs.do_not_write
        if day.days and day.days[-1].year < today.year
    }
    if quiet and project.practices:
        yield _ended(", ".join(sorted(quiet)), "do_not_write", "they count as ordinary days")


def _ended(names: str, key: str, consequence: str) -> Problem:
    message = f"customs.yml has no day of this year or later for {names}, so {consequence}"
    hint = f"write the days into content/customs.yml under '{key}', or install a newer version"
    return Problem(message, Place(path="content/customs.yml"), hint=hint)


def days_to_come(project: Project, *, today: dt.date) -> Iterator[Problem]:
    """Yield a remark for each table of what has happened whose days are not all past."""
    for table in _HAPPENED:
        days = project.people.tables[table]["date"]
        later = days.filter(days > today)
        if not later.len():
            continue
        rows = "a row is" if later.len() == 1 else f"{later.len():,} rows are"
        of = f"of a day after {today}, such as {later.sort()[-1]}"
        message = f"{table}: {rows} {of}, and count for nothing"
        hint = "correct the day if it is a slip; else the row counts from that day on"
        yield Problem(message, Place(path=f"content/{project.config.customers}"), hint=hint)


def untranslated(project: Project) -> Iterator[Problem]:
    """Yield a remark for each language of the firm in which phrases for customers are missing."""
    phrases = project.theme.words
    for tag in sorted({project.config.language, *(issue.language for issue in project.issues)}):
        there = {key for part in fallbacks(tag) for key in phrases.get(part, {})}
        missing = [
            key for key in phrases["en"] if key not in there and not key.startswith(TEAM_PHRASES)
        ]
        if not missing:
            continue
        path = words_path(project.config.theme, tag)
        message = (
            f"{len(missing)} phrases that customers read are not in the language '{tag}', "
            f"such as {', '.join(missing[:3])}: they read them in another one"
        )
        hint = f"write them into {path}; if there is no such file: newsletter new language {tag}"
        yield Problem(message, Place(path=path), hint=hint)


def same_day_issues(project: Project, plan: CarePlan) -> Iterator[Problem]:
    """Yield a remark for each issue that customers miss because of another on the same day."""
    missed = plan.table.filter(~PERSONAL & (pl.col("rule") == "one_a_day"))["key"]
    for name, count in missed.value_counts().sort("key").iter_rows():
        path = next(issue.path for issue in project.issues if issue.name == name)
        whom = "a customer gets" if count == 1 else f"{count} customers get"
        message = f"{whom} another issue on that day, so this one is left out"
        yield Problem(message, Place(path=path), hint="give one of the two issues another date")
    yield from _waiting(project, plan, set(missed))


def _waiting(project: Project, plan: CarePlan, told: set[str]) -> Iterator[Problem]:
    """Yield a remark for each other issue of the day of an issue in the plan, if it waits, too."""
    gone = set(project.people.tables["history"]["issue"].drop_nulls())
    planned = {issue.date: issue.name for issue in project.issues if issue.name in plan.issues}
    paths = {issue.name: issue for issue in reversed(project.issues)}
    for name in sorted(paths.keys() - gone - told - set(plan.issues)):
        if first := planned.get(paths[name].date):
            message = f"the issue {first} is of the same day, so this one waits"
            hint = f"give one of the two another date, or build this one: --issue {name}"
            yield Problem(message, Place(path=paths[name].path), hint=hint)


def of_days(project: Project, plan: CarePlan) -> Iterator[Problem]:
    """Yield the remarks on days: to come, of calendars that have ended, of two issues."""
    yield from days_to_come(project, today=plan.day)
    yield from ended_calendars(project, today=plan.day)
    yield from same_day_issues(project, plan)


def of_texts(project: Project) -> Iterator[Problem]:
    """Yield the remarks on texts that are not finished, signed twice or not translated."""
    yield from unfinished(project)
    yield from signed_twice(project)
    yield from untranslated(project)


def unfinished(project: Project) -> Iterator[Problem]:
    """Yield a remark for each text and address of the starter that is not yet replaced."""
    for entry in project.entries:
        for text in PLACEHOLDER_SUMMARY.values():
            if text in entry.summary:
                yield _still_says(text, Place(path=entry.path))
    texts: tuple[Entry | Issue, ...] = (*project.entries, *project.issues)
    bodies = [text.body for text in texts]
    for practice in project.practices:
        bodies += [body for words in practice.words.values() for body in words.texts]
    for body in bodies:
        if body.text.strip() in PLACEHOLDER_BODY.values():
            yield _still_says(body.text.strip(), _beginning(body))
    yield from _english(project)
    config = project.config
    addresses = {config.business.email, config.sender.email, config.links.unsubscribe}
    if not config.example and any(f"@{PLACEHOLDER_DOMAIN}" in address for address in addresses):
        hint = "put your own name and addresses there, so that replies reach you"
        message = f"addresses at {PLACEHOLDER_DOMAIN} belong to nobody"
        yield Problem(message, Place(path="content/newsletter.yml"), hint=hint)
    website = config.business.website
    if not config.example and website.endswith(PLACEHOLDER_DOMAIN):
        hint = "write yours, or delete 'website:': then messages carry their pictures"
        message = f"{website} is nobody's website, so links and pictures of messages lead nowhere"
        yield Problem(message, Place(path="content/newsletter.yml"), hint=hint)


def unwritten(project: Project, plan: CarePlan) -> Iterator[Problem]:
    """Yield a problem for each text that would go out as the program began it."""
    editions = [edition for issue in plan.issues.values() for edition in issue.editions]
    entries = [entry for edition in editions for entry in (*edition.entries, *edition.answers)]
    bodies = [*(edition.issue.body for edition in editions), *(entry.body for entry in entries)]
    planned = set(plan.planned["practice"])
    for practice in project.practices:
        if practice.name in planned:
            bodies += [body for words in practice.words.values() for body in words.texts]
    for entry in entries:
        for text in PLACEHOLDER_SUMMARY.values():
            if text in entry.summary:
                yield _still_says(text, Place(path=entry.path))
    for body in bodies:
        if body.text.strip() in PLACEHOLDER_BODY.values():
            yield _still_says(body.text.strip(), _beginning(body))


def signed_twice(project: Project) -> Iterator[Problem]:
    """Yield a remark for each text that ends with a name, because the theme signs it."""
    names = {member.name for member in project.config.team}
    texts = [issue.body for issue in project.issues]
    for practice in project.practices:
        for words in practice.words.values():
            texts += [words.bodies[channel] for channel in AT_LENGTH if channel in words.bodies]
    for text in dict.fromkeys(texts):
        lines = text.text.rstrip().split("\n")
        if _MANAGER.fullmatch(lines[-1].strip()) or lines[-1].strip(" *_") in names:
            hint = "delete the closing and the name; the theme prints both"
            message = "this name is printed twice, because the theme signs letters and emails"
            yield Problem(message, text.place(len(lines)), hint=hint)


_MANAGER = re.compile(r"\{\{-? *customer\.manager_name\b.*\}\}")


def _beginning(body: Source) -> Place:
    """Return the place of the first letter of a body."""
    return body.place_of(len(body.text) - len(body.text.lstrip()))


def _still_says(text: str, at: Place) -> Problem:
    hint = "write the text, or begin the file's name with _ to leave it out as a draft"
    return Problem(f"still says '{text}'", replace(at, column=0, text=""), hint=hint)


def _english(project: Project) -> Iterator[Problem]:
    """Yield a remark if readers of another language would get English texts of the starter."""
    language = project.config.language
    if language.partition("-")[0] == "en":
        return
    english = starter_practices()
    left = [p for p in project.practices if _is_untouched(p, english, language)]
    if left:
        which = (
            f"{len(left)} practices still have" if len(left) > 1 else f"{left[0].name} still has"
        )
        message = f"{which} the English text of the starter project"
        hint = f"write it in your language ({language}), or delete the files you do not need"
        yield Problem(message, Place(path="content/practices/"), hint=hint)


def _is_untouched(practice: Practice, english: Mapping[str, str], language: str) -> bool:
    """Return whether any of its texts is the same as in the starter."""
    bodies = practice.words[language].texts if language in practice.words else ()
    texts = (body.text.strip() for body in bodies)
    return any(text and text in english.get(practice.name, "") for text in texts)
