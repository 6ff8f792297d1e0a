"""Colours of `brand:` with which something cannot be read."""

from pathlib import Path

import pytest

from newsletter.read.content.contrast import contrast
from newsletter.read.content.settings_files import read_config
from newsletter.read.content.theme import read_theme
from newsletter.read.project_files import ProjectFiles

CONFIG = """\
business: {name: A, postal_address: B, website: https://a.example, email: a@b.example}
sender: {name: A, email: a@b.example}
links: {unsubscribe: "mailto:a@b.example"}
team: [{id: a, name: Ann}]
"""


def problems(root: Path, settings: str) -> list[tuple[str, str]]:
    """Return message and hint of each problem of a project with these settings."""
    (root / "content").mkdir()
    (root / "content/newsletter.yml").write_text(CONFIG + settings, encoding="utf-8")
    project = ProjectFiles(root)
    config_file = read_config(project)
    assert config_file
    read_theme(config_file, project)
    return [(problem.message, problem.hint) for problem in project.problems]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#fff", "#767676", 4.54), ("#b3261b", "#fff1c2", 5.8)],
)
def test_the_contrast_is_that_of_the_guidelines(one: str, other: str, ratio: float) -> None:
    """From 1 to 21, whichever comes first, also of three digits."""
    assert round(contrast(one, other), 2) == round(contrast(other, one), 2) == ratio


def test_a_band_too_dark_for_its_text_is_refused(tmp_path: Path) -> None:
    """With both colours, what it needs, and what to change."""
    assert problems(tmp_path, "theme: awning\nbrand: {band: '#0b5d4f'}\n") == [
        (
            "'on_band' #1c1712 cannot be read on 'band' #0b5d4f: "
            "a contrast of 2.3, and it needs 4.5",
            "choose a darker or lighter colour, "
            "or set 'on_band' and 'band_muted' under brand: as well",
        )
    ]


def test_a_pale_colour_is_refused_once(tmp_path: Path) -> None:
    """Though it stands on three grounds."""
    (problem,) = problems(tmp_path, "brand: {accent: '#fc0'}\n")
    assert problem[0].startswith("'accent' #fc0 cannot be read on 'background' #f5ede1: ")


@pytest.mark.parametrize(
    "settings",
    [
        "brand: {accent: '#0b5d4f', band: '#0b5d4f'}",
        "theme: awning\nbrand: {band: '#0b5d4f', on_band: '#fff', band_muted: '#eeeeee'}",
        "theme: margin\nbrand: {font: Arial, logo: ''}",
        "theme: ours\nbrand: {accent: '#0b5d4f'}",
    ],
)
def test_colours_that_can_be_read_are_accepted(tmp_path: Path, settings: str) -> None:
    """The guide's example, a band with its text, and values that are no colours."""
    (tmp_path / "themes/ours").mkdir(parents=True)
    (tmp_path / "themes/ours/theme.yml").write_text("tint: '#e8e8e8'\n", encoding="utf-8")
    assert problems(tmp_path, f"{settings}\n") == []
