"""Reads a whole project, and raises everything that is wrong with it at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from newsletter.errors import Place, Problem, raise_all
from newsletter.model.config import Config
from newsletter.model.entry import Entry, Issue, Segment
from newsletter.model.picture import Picture
from newsletter.model.practice import Practice
from newsletter.model.project import PartOfProject, People, Project, Strangers, Theme
from newsletter.model.source import Source
from newsletter.read.content.body_links import (
    check_links,
    check_links_without_website,
    local_targets,
)
from newsletter.read.content.customs_yml import read_customs
from newsletter.read.content.entry_files import read_entries, read_issues
from newsletter.read.content.folders import (
    PICTURES,
    Content,
    find_content,
    is_elsewhere,
    no_picture,
)
from newsletter.read.content.heading_links import check_heading_links
from newsletter.read.content.picture_files import read_pictures
from newsletter.read.content.practice_files import read_practices
from newsletter.read.content.reason_phrases import read_reasons
from newsletter.read.content.settings_files import (
    SETTINGS,
    ConfigFile,
    read_config,
    read_segments,
    stated_language,
)
from newsletter.read.content.theme import read_theme
from newsletter.read.example import left_of_the_example
from newsletter.read.people.people_files import read_people
from newsletter.read.project_files import READ_ONCE, ParsedFiles, ProjectFiles, as_written

LEAST_STRANGERS = 10
"""Fewer rows that name no customer are a few customers who were deleted."""
ALL_STRANGERS = 3
"""The same, if a table names nobody else: a small firm has no ten rows."""
LEAST_SECRET = 16
"""Characters; fewer can be guessed, and then so can the customers' tokens."""


def read_project(
    root: Path, *, today: dt.date, parsed: ParsedFiles = READ_ONCE, other_ids: bool = False
) -> Project:
    """
    Return the project in the folder *root*.

    Raises NewsletterError with all problems of all files; bad customer rows are part of `people`.
    Only with *other_ids* may most rows of tables name nobody. Parses what *parsed* does not hold.
    """
    project, faults = read_whole_texts(root, today=today, parsed=parsed, other_ids=other_ids)
    raise_all(faults)
    assert isinstance(project, Project)  # otherwise there are faults
    return project


def read_whole_texts(
    root: Path, *, today: dt.date, parsed: ParsedFiles = READ_ONCE, other_ids: bool = False
) -> tuple[Project | PartOfProject, list[Problem]]:
    """
    Return what `read_project` does, without the texts that cannot be read, and all problems.

    With other problems than those of texts it is only a part of the project. Raises
    NewsletterError if the folder is no project.
    """
    files = ProjectFiles(root, parsed=parsed)
    config_file = read_config(files)
    settings, files.problems = files.problems, []
    texts = _texts(config_file.config if config_file else None, files)
    faults, files.problems = files.problems, settings
    part = texts.part(*read_segments(files))
    customs = read_customs(files)
    if config_file is None:
        return part, [*files.problems, *faults]
    files.problems.extend(_wrong_settings(config_file, texts, today))
    theme = _theme(config_file, texts.content, files)
    images = _pictures(texts, config_file.config, theme, files)
    people, secret = _people(config_file, files, year=today.year, other_ids=other_ids)
    part = replace(part, config=config_file.config, theme=theme, images=images)
    if files.problems:
        part = replace(part, people=people if people.columns else None)
        return part, [*files.problems, *faults]
    parsed.forget_unused()
    project = Project(
        root=files.root,
        secret=secret,
        **vars(replace(part, people=people)),
        customs=customs,
        reasons=read_reasons(config_file.config, people.columns),
    )
    return project, faults


@dataclass(frozen=True)
class _Texts:
    content: Content
    entries: tuple[Entry, ...]
    issues: tuple[Issue, ...]
    practices: tuple[Practice, ...]

    def part(
        self, segments: tuple[Segment, ...], maybe_segments: frozenset[str] | None
    ) -> PartOfProject:
        """Return these texts for a project with other faults."""
        return PartOfProject(
            entries=self.entries,
            issues=self.issues,
            practices=self.practices,
            segments=segments,
            maybe_segments=maybe_segments,
            people=None,
        )

    @property
    def bodies(self) -> list[Source]:
        """The texts and buttons of entries, then the texts of issues and practices."""
        return [*_of(self.entries), *self._only_sent]

    @property
    def bodies_sent(self) -> list[Source]:
        """Those of them that messages may have: all but pages."""
        return [*_of(e for e in self.entries if e.kind != "page"), *self._only_sent]

    @property
    def _only_sent(self) -> list[Source]:
        words = [words for practice in self.practices for words in practice.words.values()]
        return [*(issue.body for issue in self.issues), *(t for each in words for t in each.texts)]


def _of(entries: Iterable[Entry]) -> Iterator[Source]:
    for entry in entries:
        yield entry.body
        if entry.button:
            yield entry.button


def _texts(config: Config | None, files: ProjectFiles) -> _Texts:
    """Return all texts that can be read."""
    language = config.language if config else stated_language(files)
    currency = config.business.currency if config else ""
    content = find_content(files)
    entries = read_entries(content, files, language=language)
    issues = read_issues(content, entries, files, language=language, currency=currency)
    practices = read_practices(content, config, files, language=language)
    texts = _Texts(content, entries, issues, practices)
    files.problems.extend(_wrong_links(texts))
    if config and not config.business.website:
        files.problems.extend(chain(*map(check_links_without_website, texts.bodies_sent)))
    return _judgeable(texts) if files.problems else texts


def _judgeable(texts: _Texts) -> _Texts:
    """Return the texts without what would be reported again: names taken, entries not read."""
    names = {(entry.slug, entry.kind == "page"): entry.kind for entry in reversed(texts.entries)}
    entries = tuple(e for e in texts.entries if names[e.slug, e.kind == "page"] == e.kind)
    slugs = {slug for slug, _ in names}
    issues = tuple(
        replace(issue, entries=tuple(slug for slug in issue.entries if slug in slugs))
        for issue in texts.issues
    )
    return replace(texts, entries=entries, issues=issues)


def _wrong_links(texts: _Texts) -> Iterator[Problem]:
    content, bodies = texts.content, texts.bodies
    pages = {
        path.partition("/")[2]
        for folder, files in content.pages.items()
        for path in files
        if folder != "practices"
    }
    private = {entry.path.partition("/")[2] for entry in texts.entries if not entry.public}
    for body in bodies:
        yield from check_links(body, pages=pages, private=private, images=content.images)
    yield from check_heading_links(bodies, all_texts=bodies)


def _pictures(
    texts: _Texts, config: Config, theme: Theme | None, files: ProjectFiles
) -> dict[str, Picture]:
    """Return the pictures of texts, settings and theme; reports those that nobody could see."""
    assets = {f"assets/{path}": file for path, file in theme.assets.items()} if theme else {}
    logo = theme.values.get("logo", "") if theme else ""
    of_theme = {path for path in assets if path.lower().endswith(PICTURES)} - {logo}
    return read_pictures(
        {**texts.content.images, **assets},
        files,
        in_texts={
            *of_theme,
            *(entry.image for entry in texts.entries),
            *chain(*map(local_targets, texts.bodies)),
        },
        small={logo, *(member.photo for member in config.team)},
    )


def _wrong_settings(config_file: ConfigFile, texts: _Texts, today: dt.date) -> Iterator[Problem]:
    """Yield the contradictions of newsletter.yml with other files, or with the day."""
    config, document = config_file.config, config_file.document
    pictures: list[tuple[str, tuple[str | int, ...]]] = [
        (member.photo, ("team", n, "photo")) for n, member in enumerate(config.team)
    ]
    pictures.append((config.brand.get("logo", ""), ("brand", "logo")))
    for picture, path in pictures:
        if picture and picture not in texts.content.images:
            yield no_picture(picture, document.value_place(path), texts.content.images)
    since = config.consent.since
    if since and since > today:
        hint = "write the day on which they agreed"
        yield document.value_problem(f"{since} is in the future", "consent", "since", hint=hint)
    if texts.practices and config.start is None:
        yield Problem(
            "there are practices in content/practices/, but the care plan has no first day",
            Place(path=SETTINGS),
            hint=f"add 'start: {today}': nothing that was due before that day goes out",
        )


def _theme(config_file: ConfigFile, content: Content, files: ProjectFiles) -> Theme | None:
    """Return the theme, whose logo must exist unless `brand:` names another."""
    theme = read_theme(config_file, files)
    logo = theme.values.get("logo", "") if theme else ""
    own = "logo" not in config_file.config.brand
    pictures = {*content.images, *(f"assets/{path}" for path in theme.assets)} if theme else ()
    if theme and logo and own and logo not in pictures:
        lines = theme.texts["theme.yml"].split("\n")
        line = next((n for n, text in enumerate(lines, 1) if text.startswith("logo:")), 0)
        text = lines[line - 1] if line else ""
        at = Place(path=theme.places["theme.yml"], line=line, text=text)
        problem = no_picture(logo, at, content.images)
        if not is_elsewhere(logo):
            hint = f"copy it there, or write another under brand: in {SETTINGS}: logo: images/…"
            problem = replace(problem, hint=hint)
        files.problems.append(problem)
    return theme


def _people(
    config_file: ConfigFile, files: ProjectFiles, *, year: int, other_ids: bool
) -> tuple[People, bytes]:
    """Return the customers, and the secret of their tokens, which lies beside them."""
    config = config_file.config
    people = read_people(config, files, year=year)
    if not other_ids:
        files.problems.extend(_changed_ids(people.strangers, config))
    secret, at = _secret(config.customers, files)
    files.problems.extend(left_of_the_example(config_file, people.customers, secret=secret, at=at))
    return people, secret


def _changed_ids(tables: Iterable[Strangers], config: Config) -> Iterator[Problem]:
    """Yield the tables of which so many rows name nobody that the customers' ids must differ."""
    most = config.etiquette.most_unknown_rows
    for table in tables:
        least = ALL_STRANGERS if table.rows == table.of else LEAST_STRANGERS
        if table.rows >= least and table.rows > most * table.of:
            yield Problem(
                f"{table.rows:,} of {table.of:,} rows of {table.table} name nobody in the "
                f"customer file; at most {most * 100:g}% may",
                Place(path=table.path),
                hint="if customer numbers have changed, write the new ones into all tables: "
                "newsletter rekey OLD.csv, with the customer file from before; "
                "else raise most_unknown_rows under etiquette: in newsletter.yml",
            )


def _secret(customers: str, files: ProjectFiles) -> tuple[bytes, Place]:
    """Return the key of ids and tokens, and its place: secret.txt beside the customer data."""
    folder = files.root / "content" / customers
    is_file = (folder.exists() or folder.suffix) and not folder.is_dir()
    file = (folder.parent if is_file else folder) / "secret.txt"
    at = Place(path=files.shown(file))
    hint = (
        f"write one line of {LEAST_SECRET} or more random letters into it; .gitignore must name it"
    )
    if not file.exists():
        message = "the project's secret is missing; links in messages are signed with it"
        hint = f"copy it from a backup if links were sent before, else {hint}"
        files.problems.append(Problem(message, at, hint=hint))
        return b"", at
    secret = files.parse(file, as_written, within=file.parent)
    if secret is not None and len(secret.strip()) < LEAST_SECRET:
        message = f"the secret has fewer than {LEAST_SECRET} characters"
        files.problems.append(Problem(message, at, hint=hint))
    return (secret or "").strip().encode(), at
