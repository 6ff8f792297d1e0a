"""Finds what the program wrote for the user to replace, and what still stands there."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.errors import Place, Problem
from newsletter.model.entry import Entry, Issue
from newsletter.model.placeholders import BODY, DOMAIN, SUMMARY
from newsletter.model.project import Project


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
            # Words without a heading are those of several channels.
            for body in dict.fromkeys(words.bodies.values()):
                if body.text.strip() == BODY:
                    yield _remark(body.at.path, BODY)
    config = project.config
    addresses = {config.business.email, config.sender.email, config.links.unsubscribe}
    if not config.example and any(f"@{DOMAIN}" in address for address in addresses):
        hint = "put your own name and addresses there, so that replies reach you"
        message = f"addresses at {DOMAIN} belong to nobody"
        yield Problem(message=message, at=Place(path="content/newsletter.yml"), hint=hint)


def _remark(path: str, text: str) -> Problem:
    hint = "write it; a file whose name begins with _ is a draft and left out"
    return Problem(message=f"still says '{text}'", at=Place(path=path), hint=hint)
