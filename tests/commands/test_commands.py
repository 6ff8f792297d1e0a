"""The command line: where it prints, and how it exits."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
from support import ROOT, run

from newsletter import commands
from newsletter.errors import NewsletterError

TODAY = ("--today", "2026-11-05")


LIBRARIES = ("polars", "pydantic", "jinja2", "yaml", "babel")
"""Too large to wait for with a finger on the key."""
LOADED = f"print([name for name in {LIBRARIES} if name in sys.modules])"
IMPORT_ALL = """
import importlib, sys
from newsletter.commands import COMMANDS, module_of
for name in COMMANDS:
    importlib.import_module(module_of(name))
"""
RUN = """
import sys
from newsletter.commands import main
main(prog_name="newsletter", standalone_mode=False)
"""


def run_python(code: str, *arguments: str, **environment: str) -> str:
    """Return the output of a fresh process."""
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(
        command, capture_output=True, env=os.environ | environment, text=True, check=False
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_imports_no_command(argument: str) -> None:
    """`--help` answers at once because it imports no command and no large library."""
    imported = "print([name for name in sys.modules if name.startswith('newsletter.commands.')])"
    printed = run_python(f"{RUN}{imported}\n{LOADED}", argument)
    assert printed.splitlines()[-2:] == ["['newsletter.commands.console']", "[]"]


def test_completion_and_help_of_a_command_load_no_large_library() -> None:
    """Neither completion of options nor `COMMAND --help` waits for large libraries."""
    code = IMPORT_ALL + LOADED
    assert run_python(code, _NEWSLETTER_COMPLETE="bash_complete") == "[]\n"
    assert run_python(code, "plan", "--help") == "[]\n"
    assert "polars" in run_python(code, "plan")


@pytest.mark.parametrize(
    ("words", "offered"),
    [("newsletter seg", ["plain,segments"]), ("newsletter plan --di", ["plain,--diff"])],
)
def test_completion_offers_commands_and_options(words: str, offered: list[str]) -> None:
    """The shell gets them without the project being read."""
    place = {"COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    printed = run_python(RUN, _NEWSLETTER_COMPLETE="bash_complete", **place)
    assert printed.splitlines() == offered


@pytest.mark.parametrize("command", commands.COMMANDS)
def test_every_command_has_a_help_text(command: str) -> None:
    """Every command says what it does."""
    result = run(command, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage:")


def test_problems_go_to_stderr_and_exit_with_1(root: Path) -> None:
    """All problems of the files are printed to the error stream at once."""
    (root / "content/segments.yml").write_text("Big: x > 1\nvip:\n", encoding="utf-8")
    result = run("segments", "--project", root, *TODAY)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == (
        "Error: 2 problems\n\n"
        "content/segments.yml:1:1: 'Big' cannot name a segment\n"
        "    Big: x > 1\n"
        "    ^\n"
        "  hint: use small letters, digits and _, because rules use the name\n\n"
        "content/segments.yml:2:1: 'vip' has no rule\n"
        "    vip:\n"
        "    ^\n"
        "  hint: write it after the colon: 'vip: orders_count >= 10'\n"
    )


def test_a_single_problem_has_no_count(tmp_path: Path) -> None:
    """A count follows only several problems."""
    result = run("segments", "--project", tmp_path)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: content/newsletter.yml: there is no newsletter.yml")


@pytest.mark.parametrize(
    "arguments", [["biuld"], ["build", "--today", "soon"], ["look", "no.csv"], ["new", "update"]]
)
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    """Unknown commands, options and values."""
    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (KeyboardInterrupt(), 130, "Stopped."),
        (click.Abort(), 130, "Stopped."),
        (OSError(errno.ENOSPC, "No space left on device", "x.md"), 1, "x.md: no space left"),
        (NewsletterError.at("no"), 1, "Error: no"),
    ],
)
def test_failures_end_with_a_sentence(
    error: BaseException, code: int, message: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever stops a command, the user reads a sentence and no traceback."""

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("newsletter.commands.segments.list_segments", fail)
    result = run("segments", "--project", root)
    assert result.exit_code == code
    assert message in result.stderr


def test_a_folder_that_was_removed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No path counts from it."""
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    result = run("build")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: the folder in which you are is gone\n  hint: go to")


def test_bugs_keep_their_traceback(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that no user can fix is shown as it is."""

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("newsletter.commands.segments.list_segments", fail)
    assert isinstance(run("segments", "--project", root).exception, ZeroDivisionError)


def test_a_misspelt_day_is_refused_with_the_right_format(root: Path) -> None:
    """The message shows how to write a day."""
    result = run("segments", "--project", root, "--today", "5.11.2026")
    assert result.exit_code == 2
    assert "'5.11.2026' is not a day. Write year, month and day: 2026-11-05" in result.stderr


LONG_BUILD = """
import hashlib, sys
import newsletter.build as building
from newsletter.commands import main
from newsletter.model.artifact import Artifact

def stuck(output, artifacts, **about):
    def files():
        yield Artifact("private/begun.txt", b"begun")
        print("writing", flush=True)
        hashlib.pbkdf2_hmac("sha256", b"", b"", (1 << 31) - 1)  # Python waits
    return write(output, files(), **about)

write, building.write_output = building.write_output, stuck
main(["build", "--project", sys.argv[1], "--today", "2026-11-05"])
"""


@pytest.mark.slow
def test_ctrl_c_ends_a_build_in_the_middle_of_a_library(tmp_path: Path) -> None:
    """Nothing is left of what was begun, although no step of Python is taken any more."""
    root = tmp_path / "p"
    shutil.copytree(ROOT / "tests/projects/valid/minimal", root)
    command = [sys.executable, "-c", LONG_BUILD, str(root)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as child:
        assert child.stdout
        assert child.stdout.readline() == "writing\n"
        assert (root / ".output.new/private/begun.txt").exists()
        child.send_signal(signal.SIGINT)
        _, error = child.communicate(timeout=60)
    assert child.returncode == 130
    assert error == "\nStopped. Your files are as they were before.\n"
    assert sorted(path.name for path in root.iterdir()) == [".output.cache", "content"]
