"""Entries are read by kind, issues one edition a file, and their entries must exist."""

import datetime as dt
from pathlib import Path

import pytest

from newsletter.errors import Place
from newsletter.model.entry import Entry, Issue
from newsletter.read.content.entry_files import read_entries, read_issues
from newsletter.read.content.folders import find_content
from newsletter.read.project_files import ProjectFiles

FRONT = "title: A\ndate: 2026-11-01\nsummary: S\n"


def read(root: Path, files: dict[str, str]) -> tuple[tuple[Entry, ...], list[str]]:
    """Return the entries of a project with these files below content/, and the problems."""
    for path, front in files.items():
        file = root / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"---\n{front}---\n\nText.\n", encoding="utf-8")
    project = ProjectFiles(root)
    entries = read_entries(find_content(project), project, language="en")
    return entries, [str(problem).split("\n")[0] for problem in project.problems]


def one(root: Path, path: str, front: str) -> Entry:
    """Return the only entry."""
    entries, problems = read(root, {path: FRONT + front})
    assert not problems
    return entries[0]


def test_body_knows_its_line(tmp_path: Path) -> None:
    """Errors in the body can name the line of the file."""
    entry = one(tmp_path, "updates/a.md", "")
    assert (entry.body.text, entry.body.at.line, entry.path) == (
        "Text.\n",
        7,
        "content/updates/a.md",
    )


def test_language_and_slug(tmp_path: Path) -> None:
    """Both come from the file name."""
    files = {"updates/a-b.md": FRONT, "updates/a-b.de.md": FRONT}
    entries, problems = read(tmp_path, files)
    assert not problems
    assert [(e.slug, e.language) for e in entries] == [("a-b", "en"), ("a-b", "de")]


@pytest.mark.parametrize("original", ["a.md", "a.en.md"])
def test_an_original_that_cannot_be_read(tmp_path: Path, original: str) -> None:
    """Its own problem is told; its translations are not blamed for it."""
    files = {f"updates/{original}": "title: Hours: later\n", "updates/a.de.md": FRONT}
    _, problems = read(tmp_path, files)
    assert [problem.split(":")[0] for problem in problems] == [f"content/updates/{original}"]


def test_an_original_of_another_kind(tmp_path: Path) -> None:
    """Entries of two kinds may have one name, so the original stands in the same folder."""
    _, problems = read(tmp_path, {"updates/a.md": FRONT, "articles/a.de.md": FRONT})
    assert problems == [
        "content/articles/a.de.md: this is a translation, but there is no content/articles/a.md"
    ]


def test_order(tmp_path: Path) -> None:
    """Kinds in their order, the newest first, translations beside their original."""
    older = FRONT.replace("11-01", "10-01")
    files = {
        "articles/x.md": FRONT,
        "updates/a.md": older,
        "updates/b.md": FRONT,
        "updates/a.de.md": older,
    }
    entries, _ = read(tmp_path, files)
    assert [(e.slug, e.language) for e in entries] == [
        ("b", "en"),
        ("a", "en"),
        ("a", "de"),
        ("x", "en"),
    ]


@pytest.mark.parametrize(
    ("front", "public"),
    [
        ("", True),
        ("public: no\n", False),
        ("audience: vip\n", False),
        ("audience: vip\npublic: yes\n", True),
    ],
)
def test_public(front: str, public: bool, tmp_path: Path) -> None:
    """What is meant for some is not for the site, unless one says so."""
    assert one(tmp_path, "offers/a.md", front).public is public


def test_audience_knows_its_place(tmp_path: Path) -> None:
    """A rule carries line and column, so that its compiler can point into the file."""
    entry = one(tmp_path, "offers/a.md", 'audience: city == "Berlin"\n')
    assert entry.audience
    assert entry.audience.text == 'city == "Berlin"'
    assert str(entry.audience.place(1, 6)) == "content/offers/a.md:5:16"


@pytest.mark.parametrize("written", ["[Tea, Paper]", "Tea, Paper", "\n  - Tea\n  - Paper"])
def test_lists(written: str, tmp_path: Path) -> None:
    """A list may be written in each of the three ways that people use."""
    assert one(tmp_path, "updates/a.md", f"interests: {written}\n").interests == ("tea", "paper")


@pytest.mark.parametrize("written", ["images/a.png", "/images/a.png", "../images/a.png"])
def test_image(written: str, tmp_path: Path) -> None:
    """A picture may be named from content/ or from the file, as in Markdown."""
    picture = tmp_path / "content/images/a.png"
    picture.parent.mkdir(parents=True)
    picture.touch()
    entry = one(tmp_path, "updates/a.md", f"image: {written}\nimage_alt: A\n")
    assert entry.image == "images/a.png"


def test_kinds_have_their_keys(tmp_path: Path) -> None:
    """Events, articles, stories and answers have keys of their own."""
    event = one(tmp_path / "1", "events/a.md", "starts: 2026-11-05 18:30\nplace: Here\n")
    assert (event.starts, event.place) == (dt.datetime(2026, 11, 5, 18, 30), "Here")
    article = one(tmp_path / "2", "articles/a.md", "url: https://a.example/\nsource: Ann\n")
    assert (article.url, article.source_name) == ("https://a.example/", "Ann")
    story = one(tmp_path / "3", "stories/a.md", "customer: Zoë\nconsent: yes\n")
    assert (story.customer, story.consent) == ("Zoë", True)
    assert one(tmp_path / "4", "answers/a.md", "answers: 07, f8\n").answers == ("07", "f8")


def test_all_problems_at_once(tmp_path: Path) -> None:
    """One bad file does not hide another."""
    files = {"updates/a.md": "title: A\n", "articles/b.md": FRONT + "colour: red\n"}
    assert read(tmp_path, files)[1] == [
        "content/updates/a.md:2: missing key 'date'",
        "content/updates/a.md:2: missing key 'summary'",
        "content/articles/b.md:5:1: unknown key 'colour'",
    ]


def test_drafts_are_left_alone(tmp_path: Path) -> None:
    """Names that begin with _ or a dot are not read, nor is a README.md."""
    files = dict.fromkeys(["updates/_a.md", "updates/.b.md", "_old/c.md", "README.md"], "x: y\n")
    assert read(tmp_path, files) == ((), [])


def test_links_out_of_the_project(tmp_path: Path) -> None:
    """A symbolic link may not bring in a file from elsewhere."""
    outside = tmp_path / "outside.md"
    outside.write_text(f"---\n{FRONT}---\n", encoding="utf-8")
    root = tmp_path / "project"
    (root / "content/updates").mkdir(parents=True)
    (root / "content/images").mkdir()
    (root / "content/updates/a.md").symlink_to(outside)
    (root / "content/images/b.png").symlink_to(outside)
    assert read(root, {})[1] == [
        "content/updates/a.md: this is a link to a place outside of the project",
        "content/images/b.png: this is a link to a place outside of the project",
    ]


ISSUE = "title: A\ndate: 2026-11-05\nsubject: 'Hello: {{ x }}'\npreheader: More\n"


def read_issue_files(root: Path, files: dict[str, str]) -> tuple[tuple[Issue, ...], list[str]]:
    """Return the issues of a project with these files in content/issues, and the problems."""
    folder = root / "content/issues"
    folder.mkdir(parents=True)
    for name, front in files.items():
        (folder / name).write_text(f"---\n{front}---\n\nIntro.\n", encoding="utf-8")
    project = ProjectFiles(root)
    issues = read_issues(find_content(project), (), project, language="de")
    return issues, [str(problem).split("\n")[0] for problem in project.problems]


def test_editions(tmp_path: Path) -> None:
    """The edition in the project's language comes first."""
    issues, problems = read_issue_files(tmp_path, {"2026-11.md": ISSUE, "2026-11.cs.md": ISSUE})
    assert not problems
    assert [(issue.name, issue.language) for issue in issues] == [
        ("2026-11", "de"),
        ("2026-11", "cs"),
    ]


def test_subject_knows_its_place(tmp_path: Path) -> None:
    """A subject in quotes begins behind the quote."""
    issues, _ = read_issue_files(tmp_path, {"2026-11.md": ISSUE})
    at = Place(
        path="content/issues/2026-11.md", line=4, column=11, text="subject: 'Hello: {{ x }}'"
    )
    assert (issues[0].subject.text, issues[0].subject.at) == ("Hello: {{ x }}", at)


def test_defaults_of_an_issue(tmp_path: Path) -> None:
    """An issue without `entries` takes what is new, five at most."""
    issue = read_issue_files(tmp_path, {"2026-11.md": ISSUE})[0][0]
    assert (issue.entries, issue.most, issue.since, issue.audience) == ((), 5, None, None)


def test_since_after_date(tmp_path: Path) -> None:
    """An issue cannot report on what comes after it."""
    assert read_issue_files(tmp_path, {"2026-11.md": ISSUE + "since: 2026-12-01\n"})[1] == [
        "content/issues/2026-11.md:6:8: begins after the issue's date 2026-11-05"
    ]
