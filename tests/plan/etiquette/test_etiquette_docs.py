"""docs/etiquette.md agrees with the code."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from newsletter.model.config import Etiquette, FeedbackSettings
from newsletter.model.team import TeamMember
from newsletter.plan.etiquette import ETIQUETTE
from newsletter.read.content.customs_yml import read_customs
from newsletter.read.project_files import ProjectFiles

DOC = Path(__file__).parents[3] / "docs/etiquette.md"


def _customs(root: Path = Path("no such project")):
    files = ProjectFiles(root)
    customs = read_customs(files)
    assert files.problems == []
    return customs


def test_the_documented_rules_are_in_the_order_of_the_code() -> None:
    """The table names each rule once."""
    assert tuple(re.findall(r"^\| `(\w+)` \|", DOC.read_text(), re.MULTILINE)) == ETIQUETTE


def test_the_documented_countries_equal_the_data() -> None:
    """Post, calls, text messages, holidays and family of each country."""
    rows = re.findall(r"^\| (?:[A-Z]{2}|everywhere else) \|.*$", DOC.read_text(), re.MULTILINE)
    expected = []
    for key, country in sorted(_customs().countries.items(), key=lambda pair: (not pair[0], pair)):
        channels = [
            "yes" if channel in country.without_asking else "ask"
            for channel in ("letter", "call", "text")
        ]
        greeted = ", ".join(country.celebrates) or "nothing"
        family = "yes" if country.mention_family else "no"
        cells = [key or "everywhere else", *channels, greeted, family]
        expected.append(f"| {' | '.join(cells)} |")
    assert rows == expected


def test_every_holiday_is_documented() -> None:
    """And every day on which people are left alone."""
    text, customs = DOC.read_text(), _customs()
    names = [day.name.in_language("en", "en") for day in customs.do_not_write]
    assert [key for key in customs.holidays if f"`{key}`" not in text] == []
    assert [name for name in names if name not in text] == []


def test_the_documented_examples_are_valid(tmp_path) -> None:
    """The default values are the real ones, and the customs.yml can be read."""
    values, team, feedback, customs, occasions = re.findall(
        r"```yaml\n(.*?)```", DOC.read_text(), re.DOTALL
    )
    members = [
        TeamMember.model_validate(member) for member in yaml.load(team, yaml.BaseLoader)["team"]
    ]
    assert [(m.deputy, m.handed_to) for m in members] == [("tomas", ""), ("", "nora")]
    written = yaml.safe_load(feedback)["feedback"]
    assert FeedbackSettings.model_validate(written) == FeedbackSettings()
    documented = Etiquette(**yaml.safe_load(values)["etiquette"])
    assert documented == Etiquette()
    assert all(f"{name}:" in values for name in Etiquette.model_fields if name[:5] != "most_")
    (tmp_path / "content").mkdir()
    (tmp_path / "content/customs.yml").write_text(f"{customs}{occasions}")
    written = _customs(tmp_path)
    assert written.of("DE").mention_family
    assert written.occasions["move"].family == "neutral"
    assert written.recogniser("de").kind("Auf der Buchmesse") == written.occasions["book-fair"]


def test_every_occasion_is_documented_with_its_family() -> None:
    """Each in the line of its family."""
    lines = re.findall(r"^- `(\w+)`:.*$", DOC.read_text(), re.MULTILINE)
    assert set(lines) >= {"celebrate", "congratulate", "condole", "neutral"}
    for key, occasion in _customs().occasions.items():
        line = re.search(rf"^- `{occasion.family}`:.*$", DOC.read_text(), re.MULTILINE)
        assert line, key
        assert f"`{key}`" in line[0], key
