"""A build writes the exports that newsletter.yml names."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support import ROOT, run

DAY = "2026-11-05"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a small project."""
    shutil.copytree(ROOT / "tests/projects/valid/minimal", tmp_path / "firm")
    return tmp_path / "firm"


def _set(root: Path, line: str) -> None:
    settings = root / "content/newsletter.yml"
    text = settings.read_text(encoding="utf-8")
    kept = [each for each in text.splitlines() if not each.startswith("exports:")]
    settings.write_text("\n".join([*kept, line, ""]), encoding="utf-8")


def _files(root: Path) -> dict[str, bytes]:
    folder = root / "output/private/exports"
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_build_writes_them_as_the_command_does(root: Path) -> None:
    """And takes them away when the setting is gone."""
    at = ("--project", root, "--today", DAY)
    _set(root, "exports: [klaviyo, Mailchimp]")
    assert run("build", *at).exit_code == 0
    built = _files(root)
    assert {name.split("/")[0] for name in built} == {"klaviyo", "mailchimp"}
    for program in ("klaviyo", "mailchimp"):
        assert run("export", program, *at).exit_code == 0
    assert _files(root) == built
    _set(root, "exports: []")
    assert run("build", *at).exit_code == 0
    assert not _files(root)


def test_a_program_that_is_unknown_stops_the_build(root: Path) -> None:
    """With the nearest name."""
    _set(root, "exports: [klavio, csv]")
    result = run("build", "--project", root, "--today", DAY)
    assert result.exit_code == 1
    assert "content/newsletter.yml" in result.stderr
    assert "'exports:' names the program 'klavio', which is unknown" in result.stderr
    assert "did you mean 'klaviyo'?" in result.stderr
    assert not (root / "output").exists()
