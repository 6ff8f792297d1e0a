"""Finds customers' values in public files, in any spelling or encoding."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from itertools import chain

import polars as pl

from newsletter.check.passages import passages, words_in
from newsletter.check.personal import TEXTS, customers_of, personal, phrases, token_phrases
from newsletter.check.readings import readings
from newsletter.check.searches import Leak, search, searchable
from newsletter.errors import Place, Problem
from newsletter.model.artifact import Artifact
from newsletter.model.key import key_of
from newsletter.model.project import Project
from newsletter.read.content.public_files import UnsearchableError, lines_of, text_of

_BATCH = 16_000_000
"""Characters of files that are searched together."""
_MOST_SHOWN = 60
_SHORTEST_LOCAL = 4
_HINT = (
    "take it out; a customer who agreed may be named in a story with 'customer:' and "
    "'consent: yes'; what is not the customer's goes below 'may_be_public:' in newsletter.yml"
)


def find_leaks(
    people: pl.DataFrame,
    artifacts: Iterable[Artifact],
    *,
    allowed: Collection[str] = (),
    tokens: Collection[str] = (),
    lines: Iterable[Place] = (),
) -> list[Problem]:
    """
    Return a problem for each public file and each kind of customers' values in it.

    A value that is in *lines*, those of the user's texts, is reported there instead.

    Searches for email addresses, phone numbers, full names, streets with their number, full
    birthdays, ids and *tokens* that identify a customer (check/personal.py), in any spelling and
    encoding. Values in the *allowed* texts may be public. Of pictures without metadata only the
    path is searched, private artifacts not at all. A file that cannot be searched is a problem.
    """
    problems: list[Problem] = []
    values = _Values(people, tokens)
    leaks = list(values.leaks(_texts(artifacts, problems)))
    if not leaks:
        return problems
    fine = {(leak.kind, leak.value) for leak in values.leaks(("", text) for text in allowed)}
    leaks = [leak for leak in leaks if (leak.kind, leak.value) not in fine]
    at_fault = {(leak.kind, leak.row) for leak in leaks}
    places = {f"{number:09}": place for number, place in enumerate(lines if leaks else ())}
    texts = ((name, place.text) for name, place in places.items())
    written = [leak for leak in values.leaks(texts) if (leak.kind, leak.row) in at_fault]
    explained = {(leak.kind, leak.row) for leak in written}
    for (path, kind), found in _grouped(written):
        problems.append(_problem(replace(places[path], text=""), kind, found))
    for (path, kind), found in _grouped(leaks):
        if others := [leak for leak in found if (kind, leak.row) not in explained]:
            problems.append(_problem(Place(path=path, line=others[0].line), kind, others))
    return problems


class _Values:
    """The values of customers that texts are searched for."""

    def __init__(self, people: pl.DataFrame, tokens: Collection[str]) -> None:
        self._customers, self._tokens = customers_of(people), tokens

    @cached_property
    def _phrases(self) -> pl.DataFrame:
        return phrases(self._customers)

    def leaks(self, texts: Iterable[tuple[str, str]]) -> Iterator[Leak]:
        """Yield each value in *texts*, pairs of path and text, with its line."""
        for batch in _batches(texts):
            frame = readings(batch)
            words = words_in(frame)
            tokens = token_phrases(self._tokens, words.small())
            candidates = searchable(frame)
            leaks = chain(
                search(candidates, personal(self._customers, candidates.candidates)),
                passages(frame, words, pl.concat([self._phrases, tokens], how="diagonal")),
            )
            whole = dict(batch)
            for leak in leaks:
                yield replace(leak, line=_line(leak.passage, whole[leak.path]))


def _line(passage: str, text: str) -> int:
    """
    Return the line of a passage in the text of its file, or 0 if it stands there otherwise.

    Of an address that is spelt out there (`ada (at) example.com`), what is before the @ counts.
    """
    at = text.find(passage)
    local = passage.partition("@")[0]
    if at < 0 and _SHORTEST_LOCAL <= len(local) < len(passage):
        at = text.find(local)
    return text.count("\n", 0, at) if at >= 0 else 0


def public_lines(project: Project) -> Iterator[Place]:
    """
    Yield each line of the public texts, with the text itself, and the name of each file.

    The texts are the entries and issues with their front matter, and those of the theme.
    """
    paths = [issue.path for issue in project.issues]
    paths += [entry.path for entry in project.entries if entry.public]
    for path in paths:
        yield Place(path=path, text=path)
        for number, line in enumerate(lines_of(project.root / path), 1):
            yield Place(path=path, line=number, text=_without_marks(line))
    for path, text in project.theme.texts.items():
        for number, line in enumerate(text.split("\n"), 1):
            yield Place(path=project.theme.places[path], line=number, text=line)


_MARKS = re.compile(r"\\([^\w\s])|\*+|~~|`+")


def _without_marks(line: str) -> str:
    """Return a line, and once more without the marks of Markdown, if it has some."""
    bare = _MARKS.sub(r"\1", line)
    return line if bare == line else f"{line}\n{bare}"


def values_key(
    people: pl.DataFrame, *, allowed: Collection[str] = (), tokens: Collection[str] = ()
) -> str:
    """Return the key of what find_leaks searches for. Its results stay valid while this stays."""
    columns = [name for name in (*TEXTS, "row") if name in people.columns]
    table = people.select(columns).write_csv().encode()
    return key_of(table, list(allowed), list(tokens))


def publishable(project: Project) -> tuple[str, ...]:
    """
    Return texts that may be public: of the firm, its team and the authors of shared articles.

    Also customers in stories with their consent, and what the settings allow.
    """
    config = project.config
    business = config.business
    firm = [business.name, business.postal_address, business.email, business.phone]
    firm += [config.sender.name, config.sender.email, config.sender.reply_to or ""]
    team = [text for m in config.team for text in (m.name, m.email or "", m.phone)]
    stories = [entry.customer for entry in project.entries if entry.consent]
    places = [entry.place for entry in project.entries]
    authors = [entry.source_name for entry in project.entries]
    texts = (*firm, *team, *stories, *places, *authors, *config.may_be_public)
    return tuple(text for text in texts if text)


def _texts(artifacts: Iterable[Artifact], problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """Yield path and text of the public files; what cannot be read is added to *problems*."""
    for artifact in artifacts:
        if artifact.public:
            try:
                yield artifact.path, f"{artifact.path}\n{_text(artifact)}"
            except UnsearchableError as error:
                problems.append(_unsearched(artifact.path, str(error)))


def _text(artifact: Artifact) -> str:
    if artifact.pixels:
        return ""
    content = artifact.content
    return text_of(b"".join(content()) if callable(content) else content)


def _unsearched(path: str, reason: str) -> Problem:
    return Problem(
        f"the file cannot be searched for customers' data: {reason}",
        Place(path=path),
        hint="take it out of the theme's site/assets/, or put there what is in it",
    )


def _batches(texts: Iterable[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Yield texts to search together; reading a text in several ways takes ten times its size."""
    batch, size = [], 0
    for path, text in texts:
        batch.append((path, text))
        size += len(text)
        if size > _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _grouped(leaks: Iterable[Leak]) -> list[tuple[tuple[str, str], list[Leak]]]:
    """Return the leaks by path and kind, one for each customer, in the order of the lines."""
    groups: dict[tuple[str, str], dict[int, Leak]] = defaultdict(dict)
    for leak in leaks:
        groups[leak.path, leak.kind].setdefault(leak.row, leak)
    return [(key, [rows[row] for row in sorted(rows)]) for key, rows in sorted(groups.items())]


def _problem(at: Place, kind: str, leaks: list[Leak]) -> Problem:
    row = leaks[0].row
    whose = f"the customer in line {row} of the customer file" if row else "a customer"
    others = f" and {len(leaks) - 1} more" if len(leaks) > 1 else ""
    value = leaks[0].passage
    value = f"{value[:_MOST_SHOWN]}…" if len(value) > _MOST_SHOWN else value
    return Problem(f"the {kind} of {whose}{others} would be public: '{value}'", at, hint=_HINT)
