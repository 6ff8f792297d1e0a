"""Issues are read one edition a file, and their entries must exist."""

from pathlib import Path

from newsletter.errors import Place
from newsletter.model.entry import Issue
from newsletter.read.content.entry_files import read_issues
from newsletter.read.content.folders import find_content
from newsletter.read.project_files import ProjectFiles

FRONT = "title: A\ndate: 2026-11-05\nsubject: 'Hello: {{ x }}'\npreheader: More\n"


def read(root: Path, files: dict[str, str]) -> tuple[tuple[Issue, ...], list[str]]:
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
    issues, problems = read(tmp_path, {"2026-11.md": FRONT, "2026-11.cs.md": FRONT})
    assert not problems
    assert [(issue.name, issue.language) for issue in issues] == [
        ("2026-11", "de"),
        ("2026-11", "cs"),
    ]


def test_subject_knows_its_place(tmp_path: Path) -> None:
    """A subject in quotes begins behind the quote."""
    issues, _ = read(tmp_path, {"2026-11.md": FRONT})
    at = Place(
        path="content/issues/2026-11.md", line=4, column=11, text="subject: 'Hello: {{ x }}'"
    )
    assert (issues[0].subject.text, issues[0].subject.at) == ("Hello: {{ x }}", at)


def test_defaults(tmp_path: Path) -> None:
    """An issue without `entries` takes what is new, five at most."""
    issue = read(tmp_path, {"2026-11.md": FRONT})[0][0]
    assert (issue.entries, issue.most, issue.since, issue.audience) == ((), 5, None, None)


def test_since_after_date(tmp_path: Path) -> None:
    """An issue cannot report on what comes after it."""
    assert read(tmp_path, {"2026-11.md": FRONT + "since: 2026-12-01\n"})[1] == [
        "content/issues/2026-11.md:6:8: begins after the issue's date 2026-11-05"
    ]
