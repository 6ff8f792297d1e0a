"""A theme that several projects share, with pictures of its own."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from support import ROOT, run

THEME = {
    "theme.yml": "logo: assets/chain.png\n",
    "email/footer.mjml": (
        "<mj-section><mj-column>"
        '<mj-image src="{{ business.website }}/assets/ribbon.png" alt="" />'
        "</mj-column></mj-section>\n"
    ),
}


@pytest.mark.slow
def test_its_pictures_are_on_the_site_and_in_messages_of_each_project(tmp_path: Path) -> None:
    """The logo that theme.yml names, and a picture that a template names."""
    theme = tmp_path / "shared/theme"
    for path, text in THEME.items():
        (theme / path).parent.mkdir(parents=True, exist_ok=True)
        (theme / path).write_text(text, encoding="utf-8")
    (theme / "site/assets").mkdir(parents=True)
    for name in ("chain.png", "ribbon.png"):
        shutil.copy(ROOT / "content/images/logo.png", theme / "site/assets" / name)
    project = tmp_path / "clients/florist"
    shutil.copytree(ROOT / "tests/projects/valid/minimal", project)
    settings = project / "content/newsletter.yml"
    settings.write_text(f"theme: ../../shared/theme\n{settings.read_text()}")

    built = run("build", "--project", project, "--today", "2026-11-05")
    assert built.exit_code == 0, built.output
    output = project / "output"
    assert sorted(file.name for file in output.glob("site/assets/*.png")) == [
        "chain.png",
        "ribbon.png",
    ]
    assert '<img src="assets/chain.png"' in (output / "site/index.html").read_text("utf-8")
    page = next(output.glob("private/messages/*/en/*.html"))
    shown = re.findall(r'src="([^"]*/assets/[^"]*)"', page.read_text("utf-8"))
    assert [Path(address).name for address in shown] == ["chain.png", "ribbon.png"]
    assert all((page.parent / address).is_file() for address in shown)
