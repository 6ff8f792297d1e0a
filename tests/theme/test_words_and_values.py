"""The phrases and values of the default theme: complete, used, documented."""

from __future__ import annotations

import re

import pytest
import yaml
from support import EXAMPLE_DAY, LOOKS, ROOT

from newsletter.mailing.prompts import KINDS as KINDS_OF_PROMPTS
from newsletter.model.channels import CHANNELS
from newsletter.model.entry import KINDS
from newsletter.model.project import Project
from newsletter.plan.etiquette import ETIQUETTE
from newsletter.read.assembly import read_project


@pytest.fixture(scope="module")
def project() -> Project:
    """The example, which has the default theme."""
    return read_project(ROOT, today=EXAMPLE_DAY)


def _templates(project: Project) -> str:
    folders = ("email/", "text/", "site/", "care/")
    texts = [text for path, text in project.theme.texts.items() if path.startswith(folders)]
    # Phrases of PDFs, calendars and lists are looked up in code.
    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted(CODE.rglob("*.py")))
    texts += [f"words.{key}" for key in re.findall(r'(?:words|phrases)\["(\w+)"\]', code)]
    texts += [f"theme.{key}" for key in re.findall(r'values\["(\w+)"\]', code)]
    return "\n".join(texts)


CODE = ROOT / "newsletter/export"
LAPSED = ("late", "owed", "over")
"""The lists of what lapsed in a time away."""


def _used(project: Project) -> set[str]:
    named = set(re.findall(r"words\.(\w+)", _templates(project)))
    kinds = {f"kind_{kind}" for kind in (*KINDS.values(), "issue") if kind != "page"}
    lists = {"updates", "stories", "articles", "offers", "events", "answers", "issues"}
    in_code = {"not_found", "not_found_hint"}  # title and summary of the 404
    agenda = (ROOT / "newsletter/mailing/agenda.py").read_text(encoding="utf-8")
    in_code |= {
        "voucher_worth",
        "voucher_for",
        "percent_worth",
        "percent_for",
        "no_more_post",
        "several_names",
        "care_goes_with",
        *re.findall(r'"(agenda_\w+)"', agenda),
    }
    in_code |= {f"prompt_{kind}" for kind in (*KINDS_OF_PROMPTS, "year")}
    in_code |= {f"{kind}_{channel}" for kind in ("by", "care") for channel in CHANNELS}
    in_code |= {f"care_rule_{rule}" for rule in ETIQUETTE}
    in_code |= {f"care_away_{part}{how}" for part in LAPSED for how in ("", "_how")}
    in_code |= {"calendar_call", "calendar_visit"}
    in_code |= {f"care_file_{kind}" for kind in ("letters", "cards", "labels", "slips")}
    return named | in_code | kinds | lists | {"read_story", "read_article"}


def test_every_language_has_every_phrase(project: Project) -> None:
    """English, German and French have exactly the phrases that templates use."""
    for language in ("en", "de", "fr"):
        assert set(project.theme.words[language]) == _used(project), language


def test_french_has_a_narrow_space_before_high_signs(project: Project) -> None:
    """No ordinary or missing space before : ; ! ? » in French."""
    phrases = project.theme.words["fr"].values()
    signs = [match for text in phrases for match in re.findall("(.?)[:;!?»]", text)]

    assert set(signs) == {"\u202f"}


@pytest.mark.parametrize("name", ["default", *LOOKS])
def test_every_value_is_used_and_documented(project: Project, name: str) -> None:
    """A template reads each key of theme.yml, and docs/themes.md explains it."""
    folder = ROOT / "themes" / name
    files = [file for file in folder.rglob("*") if file.suffix in (".css", ".html", ".mjml")]
    texts = [_templates(project), *(file.read_text(encoding="utf-8") for file in files)]
    colours = re.findall(r'"(\w+)"', project.theme.texts["site/colours.css"].partition("%}")[0])
    guide = (ROOT / "docs/themes.md").read_text(encoding="utf-8")
    for key in yaml.safe_load((folder / "theme.yml").read_text(encoding="utf-8")):
        light = key.removeprefix("dark_")
        assert light in colours or any(f"theme.{key}" in text for text in texts), key
        assert f"`{light}`" in guide, key
