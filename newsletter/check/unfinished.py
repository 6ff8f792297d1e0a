"""Finds what the program wrote for the user to replace, and what still stands there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from newsletter.errors import Place, Problem
from newsletter.model.entry import Entry, Issue
from newsletter.model.placeholders import BODY, DOMAIN, SUMMARY
from newsletter.model.practice import Practice
from newsletter.model.project import Project
from newsletter.read.starter import starter_practices


def unfinished(project: Project) -> Iterator[Problem]:
    """Yield a remark for each text and address that the user has not made their own yet."""
    for entry in project.entries:
        if SUMMARY in entry.summary:
            yield _remark(entry.path, SUMMARY)
    texts: tuple[Entry | Issue, ...] = (*project.entries, *project.issues)
    for text in texts:
        if text.body.text.strip() == BODY:
            yield _remark(text.body.at.path, BODY)
    for practice in project.practices:
        for words in practice.words.values():
            for body in words.texts:
                if body.text.strip() == BODY:
                    yield _remark(body.at.path, BODY)
    yield from _english(project)
    config = project.config
    addresses = {config.business.email, config.sender.email, config.links.unsubscribe}
    if not config.example and any(f"@{DOMAIN}" in address for address in addresses):
        hint = "put your own name and addresses there, so that replies reach you"
        message = f"addresses at {DOMAIN} belong to nobody"
        yield Problem(message=message, at=Place(path="content/newsletter.yml"), hint=hint)


def _remark(path: str, text: str) -> Problem:
    hint = "write it; a file whose name begins with _ is a draft and left out"
    return Problem(message=f"still says '{text}'", at=Place(path=path), hint=hint)


def _english(project: Project) -> Iterator[Problem]:
    """Yield one remark where people of another language would get the English of the start."""
    language = project.config.language
    if language.partition("-")[0] == "en":
        return
    english = starter_practices()
    left = [one for one in project.practices if _as_begun(one, english, language)]
    if left:
        number = f"{len(left)} practices" if len(left) > 1 else f"the practice {left[0].name}"
        message = f"the words of {number} are still the English ones of the start"
        hint = (
            f"write them in your language ({language}), or delete the files that you do not need"
        )
        yield Problem(message=message, at=Place(path="content/practices/"), hint=hint)


def _as_begun(practice: Practice, english: Mapping[str, str], language: str) -> bool:
    """Return whether a text of it stands word by word in the starter's."""
    bodies = practice.words[language].bodies.values() if language in practice.words else ()
    return any(
        body.text.strip() and body.text.strip() in english.get(practice.name, "")
        for body in bodies
    )
