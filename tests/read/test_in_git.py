"""Customers, the secret and private output never get into Git unnoticed."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
from pathlib import Path

import pytest
from made import project_of

from newsletter.model.project import Project
from newsletter.read.in_git import files_of_git, private_in_git

EVERYBODY = "this private file is in Git: everybody who gets the repository can read it"
MORE = EVERYBODY.replace(": ", ", and 1 more below content/customers: ")
TAKEN = "this is private, but Git does not ignore it: `git add` would take it"


@pytest.fixture
def shop(tmp_path: Path) -> Project:
    """A project in a folder of a repository, with customers, history and private output."""
    _git(tmp_path, "init", "-q")
    project = project_of(root=tmp_path / "clients/shop")
    for file in ("content/customers/customers.csv", "content/customers/secret.txt"):
        _write(project.root / file)
    _write(project.root / "output/private/index.html")
    return project


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def _write(file: Path, text: str = "x") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def _problems(project: Project) -> list[tuple[str, str]]:
    problems = private_in_git(project, output=project.root / "output")
    return [(problem.at.path if problem.at else "", problem.message) for problem in problems]


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("clients/shop/.gitignore", "/content/customers/"),
        (".gitignore", "customers"),
        (".gitignore", "/clients/*/content/customers/*.csv\nsecret.txt"),
        ("clients/shop/content/customers/.gitignore", "*"),
    ],
)
def test_customers_that_git_ignores_are_safe(
    shop: Project, tmp_path: Path, where: str, line: str
) -> None:
    """The line may stand in any `.gitignore` above; what Git says is what counts."""
    _write(tmp_path / where, f"{line}\n")
    _git(tmp_path, "add", "-A")
    _git(tmp_path, "rm", "-rq", "--cached", "--ignore-unmatch", "clients/shop/output")

    assert _problems(shop) == []


def test_customers_that_git_would_take_are_named_with_the_line_to_write(shop: Project) -> None:
    """The line is for the `.gitignore` of the whole repository."""
    (problem,) = private_in_git(shop, output=shop.root / "output")

    assert (problem.message, problem.at and problem.at.path) == (TAKEN, "content/customers")
    assert problem.hint == (
        "write this line into ../../.gitignore: /clients/shop/content/customers/"
    )


@pytest.mark.parametrize("version", ["2", "4"])
def test_what_git_holds_is_named_even_if_it_is_ignored(
    shop: Project, tmp_path: Path, version: str
) -> None:
    """`git add -f`, or a line that came too late; whichever form the index has."""
    _write(tmp_path / ".gitignore", "customers\n")
    _git(tmp_path, "config", "index.version", version)
    _git(tmp_path, "add", "-f", "clients")

    assert _problems(shop) == [
        ("content/customers/customers.csv", MORE),
        ("output/private/index.html", EVERYBODY),
    ]


def test_invented_customers_may_be_in_git_but_no_output(shop: Project, tmp_path: Path) -> None:
    """The example that comes with the program is."""
    _git(tmp_path, "add", "-f", "clients")
    config = shop.config.model_copy(update={"example": True})

    assert _problems(dataclasses.replace(shop, config=config)) == [
        ("output/private/index.html", EVERYBODY)
    ]


def test_a_customer_file_alone_and_its_secret_are_looked_at(shop: Project, tmp_path: Path) -> None:
    """`customers: people.csv` has no folder of its own."""
    for name in ("people.csv", "secret.txt"):
        _write(shop.root / "content" / name)
    _git(tmp_path, "add", "clients/shop/content/people.csv")
    config = shop.config.model_copy(update={"customers": "people.csv"})

    assert _problems(dataclasses.replace(shop, config=config)) == [
        ("content/people.csv", EVERYBODY),
        ("content/secret.txt", TAKEN),
    ]


def test_a_worktree_has_an_index_of_its_own(shop: Project, tmp_path: Path) -> None:
    """Its `.git` is a file that names the folder."""
    _git(tmp_path, "-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-q",
         "--allow-empty", "-m", "x")  # fmt: skip
    _git(tmp_path, "worktree", "add", "-q", "beside")
    moved = dataclasses.replace(shop, root=tmp_path / "beside/shop")
    _write(moved.root / "content/customers/customers.csv")
    _git(tmp_path / "beside", "add", "-A")

    assert _problems(moved) == [("content/customers/customers.csv", EVERYBODY)]


def test_a_project_outside_any_repository_has_no_problems(tmp_path: Path) -> None:
    """It is not asked to have a `.gitignore`."""
    project = project_of(root=tmp_path)
    _write(tmp_path / "content/customers/customers.csv")

    assert _problems(project) == []


def test_the_files_that_decide_are_known_before_they_exist(tmp_path: Path) -> None:
    """A build without changes looks at them, so that it notices `git init` and `git add`."""
    inside = tmp_path / "shop/content"
    names = [str(tmp_path / path) for path in ("shop/.git", "shop/.gitignore", ".git")]
    assert set(names) <= set(files_of_git([inside]))

    inside.mkdir(parents=True)
    _git(tmp_path, "init", "-q")
    assert str(tmp_path / ".git/index") in files_of_git([inside])
    assert str(tmp_path.parent / ".git") not in files_of_git([inside])


@pytest.mark.parametrize(
    "how",
    ["--object-format=sha256", "--split-index", "--sparse-index", b"", b"DIRC",
     b"DIRC\0\0\0\x09\0\0\0\1", b"DIRC\0\0\0\2\0\0\0\xff"],
)  # fmt: skip
def test_an_index_that_cannot_be_read_stops_a_build(
    shop: Project, tmp_path: Path, how: str | bytes
) -> None:
    """Nobody knows what is in it: these ended in a traceback."""
    author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    if how == "--object-format=sha256":
        shutil.rmtree(tmp_path / ".git")
        _git(tmp_path, "init", "-q", how)
    _git(tmp_path, "add", "-A")
    if how == "--split-index":
        _git(tmp_path, "update-index", how)
    elif how == "--sparse-index":
        _git(tmp_path, *author, "commit", "-qm", "all")
        _git(tmp_path, "sparse-checkout", "init", "--cone", how)
    elif isinstance(how, bytes):
        (tmp_path / ".git/index").write_bytes(how)
    unreadable = "this index of Git cannot be read, so it may hold customers"
    assert set(_problems(shop)) == {("../../.git/index", unreadable)}
