"""A theme is the project's own files laid over the packaged ones."""

from pathlib import Path

import pytest

from newsletter.errors import Problem
from newsletter.model.program_files import THEMES
from newsletter.model.project import Theme
from newsletter.read.content.contrast import COLOURS
from newsletter.read.content.settings_files import read_config
from newsletter.read.content.theme import read_theme
from newsletter.read.content.theme_values import parse_values
from newsletter.read.project_files import ProjectFiles

CONFIG = """\
business: {name: A, postal_address: B, website: https://a.example, email: a@b.example}
sender: {name: A, email: a@b.example}
links: {unsubscribe: "mailto:a@b.example"}
team: [{id: a, name: Ann}]
"""


def read(root: Path, config: str, files: dict[str, str]) -> tuple[Theme | None, list[str]]:
    """Return the theme of a project with this configuration and these files, and the problems."""
    for path, text in (files | {"content/newsletter.yml": CONFIG + config}).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    project = ProjectFiles(root)
    config_file = read_config(project)
    assert config_file
    theme = read_theme(config_file, project)
    return theme, [problem.message for problem in project.problems]


def test_a_project_without_a_theme_has_the_default_one(tmp_path: Path) -> None:
    """All of it."""
    theme, problems = read(tmp_path, "", {})
    assert theme
    assert not problems
    packaged = (THEMES / "default/email/issue.mjml").read_text(encoding="utf-8")
    assert theme.texts["email/issue.mjml"] == packaged
    assert theme.words["en"]["unsubscribe"]


def test_own_files_are_laid_over_packaged_ones(tmp_path: Path) -> None:
    """File by file; phrases and values one by one."""
    files = {
        "themes/default/email/issue.mjml": "<mjml></mjml>",
        "themes/default/words/en.yml": "unsubscribe: Leave us",
        "themes/default/site/assets/logo.png": "",
    }
    theme, problems = read(tmp_path, "brand: {accent: '#123456'}\n", files)
    assert theme
    assert not problems
    assert theme.texts["email/issue.mjml"] == "<mjml></mjml>"
    assert theme.places["email/issue.mjml"] == "themes/default/email/issue.mjml"
    assert "text/issue.txt" in theme.texts
    assert theme.words["en"]["unsubscribe"] == "Leave us"
    assert theme.words["en"]["phone"] == "Phone"
    assert theme.assets["logo.png"] == tmp_path / "themes/default/site/assets/logo.png"
    assert theme.values["accent"] == "#123456"
    assert theme.values["muted"].startswith("#")


def test_a_packaged_theme_lies_over_the_default_one(tmp_path: Path) -> None:
    """And below the project's files for a theme of that name."""
    files = {"themes/margin/site/look.css": "", "themes/margin/theme.yml": 'tint: "#eeeeee"\n'}
    theme, problems = read(tmp_path, "theme: margin\n", files)
    assert theme
    assert not problems
    places = {
        "text/issue.txt": "themes/default/text/issue.txt",
        "email/part.mjml": "themes/margin/email/part.mjml",
        "site/look.css": "themes/margin/site/look.css",
    }
    assert {path: theme.places[path] for path in places} == places
    assert theme.texts["site/look.css"] == ""
    packaged = (THEMES / "margin/email/part.mjml").read_text(encoding="utf-8")
    assert theme.texts["email/part.mjml"] == packaged
    assert (theme.values["accent"], theme.values["tint"]) == ("#0b5c5a", "#eeeeee")


def test_a_theme_may_lie_outside_the_project(tmp_path: Path) -> None:
    """An agency keeps one theme beside its projects."""
    (tmp_path / "shared/email").mkdir(parents=True)
    (tmp_path / "shared/email/issue.mjml").write_text("<mjml/>", encoding="utf-8")
    theme, problems = read(tmp_path / "firm", "theme: ../shared\n", {})
    assert theme
    assert not problems
    assert theme.texts["email/issue.mjml"] == "<mjml/>"
    assert "text/issue.txt" in theme.texts


@pytest.mark.parametrize("name", ["../shared", "..", "/", "''", "nice"])
def test_a_folder_that_is_no_theme_is_refused(name: str, tmp_path: Path) -> None:
    """It does not exist, or has no file of a theme."""
    theme, problems = read(tmp_path, f"theme: {name}\n", {})
    assert theme is None
    assert problems == ["there is no theme '" + name.strip("'") + "'"]


@pytest.mark.parametrize("theme", ["default", "../shared"])
def test_a_theme_must_not_link_out_of_its_folder(theme: str, tmp_path: Path) -> None:
    """Neither to files of the disk nor to the customers, whether or not it lies in the project."""
    root = tmp_path / "firm"
    folder = root / "themes/default" if theme == "default" else tmp_path / "shared"
    (folder / "text").mkdir(parents=True)
    (folder / "site/assets").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/de.yml").write_text("phone: 0815", encoding="utf-8")
    (tmp_path / "outside.txt").write_text("x", encoding="utf-8")
    (root / "content/customers").mkdir(parents=True)
    (root / "content/customers/customers.csv").write_text("id\n", encoding="utf-8")
    (folder / "text/a.txt").symlink_to(tmp_path / "outside.txt")
    (folder / "site/assets/passwd").symlink_to("/etc/passwd")
    (folder / "site/assets/people.png").symlink_to(root / "content/customers/customers.csv")
    (folder / "theme.yml").symlink_to(tmp_path / "outside.txt")
    (folder / "words").symlink_to(tmp_path / "elsewhere")
    read_theme, problems = read(root, f"theme: {theme}\n", {})
    shown = "themes/default" if theme == "default" else "../shared"
    assert problems == [f"this is a link to a place outside {shown}/"] * 5
    assert read_theme
    assert "passwd" not in read_theme.assets
    assert read_theme.words["de"]["phone"] != "0815"


def test_a_theme_may_be_a_link_to_a_folder(tmp_path: Path) -> None:
    """Its files are resolved against the folder where they lie, and may link to each other."""
    (tmp_path / "shared/email").mkdir(parents=True)
    (tmp_path / "shared/email/issue.mjml").write_text("<mjml/>", encoding="utf-8")
    (tmp_path / "shared/email/practice.mjml").symlink_to("issue.mjml")
    (tmp_path / "firm/themes").mkdir(parents=True)
    (tmp_path / "firm/themes/ours").symlink_to(tmp_path / "shared")
    theme, problems = read(tmp_path / "firm", "theme: ours\n", {})
    assert theme
    assert not problems
    assert theme.texts["email/practice.mjml"] == "<mjml/>"


def test_values_of_an_own_theme_are_laid_over_the_packaged_ones(tmp_path: Path) -> None:
    """A theme.yml of one line changes one value."""
    files = {"themes/ours/theme.yml": 'accent: "#102030"\nsparkle: "#ffffff"\n'}
    theme, problems = read(tmp_path, "theme: ours\nbrand: {band: '#123456'}\n", files)
    assert theme
    assert not problems
    assert theme.values["accent"] == "#102030"
    assert theme.values["sparkle"] == "#ffffff"
    assert theme.values["band"] == "#123456"
    assert theme.values["muted"].startswith("#")


@pytest.mark.parametrize("colour", ["0b5d4f", "dark green", "#12345", "rgb(1, 2, 3)"])
def test_an_invalid_colour_is_refused(tmp_path: Path, colour: str) -> None:
    """Mail programs would ignore it."""
    _, problems = read(tmp_path, f"brand: {{accent: '{colour}'}}\n", {})
    assert problems == [f"'{colour}' is not a colour"]


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("font", "Georgia}</style><script>", "is not a list of fonts"),
        ("font_heading", "'Segoe UI', serif", "is not a list of fonts"),
        ("font", "Source Sans 3, serif", "is not a list of fonts"),
        ("font_print", 'x"; @import', "is not a list of fonts"),
        ("radius", "14", "is not a length"),
        ("gutter", "calc(1px)", "is not a length"),
        ("weight_heading", "heavy", "is not a weight of letters"),
        ("accent", "red", "is not a colour"),
        ("dark_line", "red", "is not a colour"),
        ("sparkle", "url(https://tracker.example/x)", "has characters that could end a style"),
        ("sparkle", "1px } body { display: none", "has characters that could end a style"),
    ],
)
def test_values_have_types(tmp_path: Path, key: str, value: str, problem: str) -> None:
    """In theme.yml and under `brand:` alike: no value can close a style or load a file."""
    quoted = f'"{value}"' if '"' not in value else f"'{value}'"
    files = {"themes/ours/theme.yml": f"{key}: {quoted}\n"}
    expected = [f"'{value}' {problem}"]
    assert read(tmp_path / "theme", "theme: ours\n", files)[1] == expected
    files = {"themes/ours/theme.yml": f'{key}: ""\n'}
    brand = f"theme: ours\nbrand:\n  {key}: {quoted}\n"
    assert read(tmp_path / "brand", brand, files)[1] == expected


def test_values_of_packaged_themes_have_their_types() -> None:
    """Each colour of a packaged theme is known as one."""
    for folder in THEMES.glob("*/theme.yml"):
        problems: list[Problem] = []
        values = parse_values(folder.read_text("utf-8"), shown="theme.yml", problems=problems)
        assert not problems
        colours = {key.removeprefix("dark_") for key, value in values.items() if value[:1] == "#"}
        assert colours <= {*COLOURS}


def test_style_sheets_of_assets_load_nothing_from_elsewhere(tmp_path: Path) -> None:
    """They are copied; a host that newsletter.yml names is fine."""
    css = "p {}\n@import 'https://e.example/f.css';"
    files = {"themes/ours/site/assets/more.css": css, "themes/ours/site/assets/a.txt": css}
    expected = "'https://e.example/f.css' would be loaded from e.example, "
    problems = read(tmp_path, "theme: ours\n", files)[1]
    assert problems == [f"{expected}which then learns who reads this"]
    assert read(tmp_path, "theme: ours\nload_from: [e.example]\n", files)[1] == []
