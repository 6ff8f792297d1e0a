"""The program finds its own files, however it was installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT


@pytest.mark.slow
@pytest.mark.parametrize("themes", ["themes", "newsletter/themes"])
def test_the_program_uses_the_files_beside_it(tmp_path: Path, themes: str) -> None:
    """As `python -m newsletter` in the source folder does, and as an installation has them."""
    shutil.copytree(
        ROOT / "newsletter", tmp_path / "newsletter", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copytree(ROOT / "themes", tmp_path / themes)
    phrases = tmp_path / themes / "default/words/en.yml"
    phrases.write_text(phrases.read_text("utf-8") + "only_here: yes\n", "utf-8")
    with (tmp_path / themes / "default/site/base.html").open("a", encoding="utf-8") as page:
        page.write("<!-- {{ words.only_here }} -->\n")
    project = shutil.copytree(ROOT / "tests/projects/valid/minimal", tmp_path / "shop")
    command = ["-m", "newsletter", "build", "--project", "shop", "--today", "2026-11-05"]
    subprocess.run([sys.executable, *command], cwd=tmp_path, check=True, capture_output=True)
    assert (Path(project) / "output/site/index.html").read_text().endswith("<!-- yes -->")
