"""Entries are read by kind, issues with one edition a file, and listed entries must exist."""

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


def only_entry(root: Path, path: str, front: str) -> Entry:
    """Return the only entry."""
    entries, problems = read(root, {path: FRONT + front})
    assert not problems
    return entries[0]


def test_a_body_has_its_line(tmp_path: Path) -> None:
    """Errors in it can name the line of the file."""
    entry = only_entry(tmp_path, "updates/a.md", "")
    assert (entry.body.text, entry.body.at.line, entry.path) == (
        "Text.\n",
        7,
        "content/updates/a.md",
    )


BUTTON = "button:\n  text: Book a table\n  to: {0}\n"


def test_a_button_is_below_the_text_and_has_the_line_of_its_address(tmp_path: Path) -> None:
    """As the same button at the end of the text."""
    entry = only_entry(tmp_path, "updates/a.md", BUTTON.format("https://a.example/book"))
    assert entry.button is not None
    assert str(entry.button.place_of(0)) == "content/updates/a.md:7:7"
    assert entry.whole.text == "Text.\n\n[Book a table](https://a.example/book){.button}\n"
    assert entry.whole.at == entry.body.at
    plain = only_entry(tmp_path / "b", "updates/a.md", "")
    assert (plain.button, plain.whole) == (None, plain.body)


@pytest.mark.parametrize(
    ("front", "message"),
    [
        ("button: Book a table\n", "content/updates/a.md:5:9: this must be keys with values"),
        (
            BUTTON.format("script:a()"),
            "content/updates/a.md:7:7: 'script:a()' is no address that a button can lead to",
        ),
        (
            BUTTON.format("'https://a.example/{{ customer.token }}'"),
            "content/updates/a.md:7:8: this button is the same for everybody",
        ),
        ("button:\n  text: Book\n", "content/updates/a.md:5:1: missing key 'to'"),
    ],
)
def test_a_wrong_button_is_named(tmp_path: Path, front: str, message: str) -> None:
    """With its line."""
    assert read(tmp_path, {"updates/a.md": FRONT + front})[1] == [message]


def test_language_and_slug(tmp_path: Path) -> None:
    """Both come from the file name."""
    files = {"updates/a-b.md": FRONT, "updates/a-b.de.md": FRONT}
    entries, problems = read(tmp_path, files)
    assert not problems
    assert [(e.slug, e.language) for e in entries] == [("a-b", "en"), ("a-b", "de")]


@pytest.mark.parametrize("original", ["a.md", "a.en.md"])
def test_translations_of_an_unreadable_original_have_no_problem(
    tmp_path: Path, original: str
) -> None:
    """Only the original is reported."""
    files = {f"updates/{original}": "title: Hours: later\n", "updates/a.de.md": FRONT}
    _, problems = read(tmp_path, files)
    assert [problem.split(":")[0] for problem in problems] == [f"content/updates/{original}"]


def test_the_original_is_of_the_same_kind(tmp_path: Path) -> None:
    """Entries of two kinds may share a name, so the original is in the same folder."""
    _, problems = read(tmp_path, {"updates/a.md": FRONT, "articles/a.de.md": FRONT})
    assert problems == [
        "content/articles/a.de.md: this is a translation, but there is no content/articles/a.md"
    ]


def test_entries_are_sorted(tmp_path: Path) -> None:
    """By kind, newest first, translations beside their original."""
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
def test_an_entry_with_an_audience_is_not_public(front: str, public: bool, tmp_path: Path) -> None:
    """Unless its front matter says so."""
    assert only_entry(tmp_path, "offers/a.md", front).public is public


def test_an_audience_has_its_place(tmp_path: Path) -> None:
    """Problems of the rule then point into the file."""
    entry = only_entry(tmp_path, "offers/a.md", 'audience: city == "Berlin"\n')
    assert entry.audience
    assert entry.audience.text == 'city == "Berlin"'
    assert str(entry.audience.place(1, 6)) == "content/offers/a.md:5:16"


@pytest.mark.parametrize("written", ["[Tea, Paper]", "Tea, Paper", "\n  - Tea\n  - Paper"])
def test_lists_may_be_written_in_three_ways(written: str, tmp_path: Path) -> None:
    """Those that people use."""
    assert only_entry(tmp_path, "updates/a.md", f"interests: {written}\n").interests == (
        "tea",
        "paper",
    )


@pytest.mark.parametrize("written", ["images/a.png", "/images/a.png", "../images/a.png"])
def test_an_image_may_be_named_from_content_or_from_the_file(written: str, tmp_path: Path) -> None:
    """As in Markdown."""
    picture = tmp_path / "content/images/a.png"
    picture.parent.mkdir(parents=True)
    picture.touch()
    entry = only_entry(tmp_path, "updates/a.md", f"image: {written}\nimage_alt: A\n")
    assert entry.image == "images/a.png"


def test_kinds_have_their_keys(tmp_path: Path) -> None:
    """Events, articles, stories and answers each have keys of their own."""
    event = only_entry(tmp_path / "1", "events/a.md", "starts: 2026-11-05 18:30\nplace: Here\n")
    assert (event.starts, event.place) == (dt.datetime(2026, 11, 5, 18, 30), "Here")
    article = only_entry(tmp_path / "2", "articles/a.md", "url: https://a.example/\nsource: Ann\n")
    assert (article.url, article.source_name) == ("https://a.example/", "Ann")
    story = only_entry(tmp_path / "3", "stories/a.md", "customer: Zoë\nconsent: yes\n")
    assert (story.customer, story.consent) == ("Zoë", True)
    assert only_entry(tmp_path / "4", "answers/a.md", "answers: 07, f8\n").answers == ("07", "f8")


def test_all_bad_files_are_reported_at_once(tmp_path: Path) -> None:
    """One does not hide another."""
    files = {"updates/a.md": "title: A\n", "articles/b.md": FRONT + "colour: red\n"}
    assert read(tmp_path, files)[1] == [
        "content/updates/a.md:2: missing key 'date'",
        "content/updates/a.md:2: missing key 'summary'",
        "content/articles/b.md:5:1: unknown key 'colour'",
    ]


def test_drafts_are_not_read(tmp_path: Path) -> None:
    """Files whose names begin with _ or a dot, and README.md."""
    files = dict.fromkeys(["updates/_a.md", "updates/.b.md", "_old/c.md", "README.md"], "x: y\n")
    assert read(tmp_path, files) == ((), [])


def test_links_out_of_content(tmp_path: Path) -> None:
    """A symbolic link must not lead to a file outside content/, not even one of the project."""
    outside = tmp_path / "outside.md"
    outside.write_text(f"---\n{FRONT}---\n", encoding="utf-8")
    root = tmp_path / "project"
    (root / "content/updates").mkdir(parents=True)
    (root / "content/images").mkdir()
    (root / "themes").mkdir()
    (root / "themes/c.png").write_bytes(b"")
    (root / "content/updates/a.md").symlink_to(outside)
    (root / "content/images/b.png").symlink_to(outside)
    (root / "content/images/c.png").symlink_to(root / "themes/c.png")
    assert read(root, {})[1] == [
        "content/updates/a.md: this is a link to a place outside content/",
        "content/images/b.png: this is a link to a place outside content/",
        "content/images/c.png: this is a link to a place outside content/",
    ]


@pytest.mark.parametrize("folder", ["updates", "images"])
def test_a_folder_of_content_must_not_lie_elsewhere(folder: str, tmp_path: Path) -> None:
    """It is reported once, and nothing in it is read."""
    (tmp_path / "elsewhere").mkdir()
    for name in ("a.md", "b.md", "c.png"):
        (tmp_path / "elsewhere" / name).write_text(f"---\n{FRONT}---\n", encoding="utf-8")
    (tmp_path / "project/content").mkdir(parents=True)
    (tmp_path / "project/content" / folder).symlink_to(tmp_path / "elsewhere")
    link = f"content/{folder}: this is a link to a place outside content/"
    assert read(tmp_path / "project", {}) == ((), [link])


def test_content_itself_may_lie_elsewhere(tmp_path: Path) -> None:
    """Its files are resolved against the folder where they lie."""
    (tmp_path / "elsewhere/updates").mkdir(parents=True)
    (tmp_path / "elsewhere/updates/a.md").write_text(f"---\n{FRONT}---\n", encoding="utf-8")
    (tmp_path / "project").mkdir()
    (tmp_path / "project/content").symlink_to(tmp_path / "elsewhere")
    entries, problems = read(tmp_path / "project", {})
    assert [entry.slug for entry in entries] == ["a"]
    assert not problems


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


def test_the_edition_in_the_project_s_language_comes_first(tmp_path: Path) -> None:
    """Others follow."""
    issues, problems = read_issue_files(tmp_path, {"2026-11.md": ISSUE, "2026-11.cs.md": ISSUE})
    assert not problems
    assert [(issue.name, issue.language) for issue in issues] == [
        ("2026-11", "de"),
        ("2026-11", "cs"),
    ]


def test_a_subject_has_its_place(tmp_path: Path) -> None:
    """A quoted subject begins after the quote."""
    issues, _ = read_issue_files(tmp_path, {"2026-11.md": ISSUE})
    at = Place(
        path="content/issues/2026-11.md", line=4, column=11, text="subject: 'Hello: {{ x }}'"
    )
    assert (issues[0].subject.text, issues[0].subject.at) == ("Hello: {{ x }}", at)


def test_defaults_of_an_issue(tmp_path: Path) -> None:
    """An issue without `entries` takes new ones, at most five."""
    issue = read_issue_files(tmp_path, {"2026-11.md": ISSUE})[0][0]
    assert (issue.entries, issue.most, issue.since, issue.audience) == ((), 5, None, None)


def test_since_after_the_date_is_refused(tmp_path: Path) -> None:
    """An issue cannot report on days after it."""
    assert read_issue_files(tmp_path, {"2026-11.md": ISSUE + "since: 2026-12-01\n"})[1] == [
        "content/issues/2026-11.md:6:8: 'since' is after 'date', 2026-11-05"
    ]
