"""newsletter.yml is read whole, and everything that is wrong with it is said at once."""

from pathlib import Path

import pytest

from newsletter.errors import NewsletterError, Problem
from newsletter.read.content.newsletter_yml import read_config

GOOD = """\
business: {name: A, postal_address: B, country: NO, website: https://a.example/, email: a@b.c}
sender: {name: A, email: a@b.example}
links: {unsubscribe: "mailto:a@b.example"}
team: [{id: "01", name: Ann}]
"""
LINKS = 'links:\n  unsubscribe: "mailto:a@b.example"\n  review: '


def read(tmp_path: Path, text: str) -> tuple[object, list[str]]:
    """Return the configuration and each problem as `line:column message`."""
    file = tmp_path / "newsletter.yml"
    file.write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    found = read_config(file, shown="content/newsletter.yml", problems=problems)
    said = [f"{p.at.line}:{p.at.column} {p.message}" for p in problems if p.at]
    return found and found.config, said


def test_values(tmp_path: Path) -> None:
    """Norway stays Norway, an id keeps its zero, and an address loses its last slash."""
    file = tmp_path / "newsletter.yml"
    file.write_text(GOOD, encoding="utf-8")
    found = read_config(file, shown="f.yml", problems=[])
    assert found
    assert found.config.business.country == "NO"
    assert found.config.business.website == "https://a.example"
    assert found.config.team[0].id == "01"
    assert found.config.send_at == "09:00"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("https://r.example/p", {"": "https://r.example/p"}),
        ("{One: https://r.example/p, Two: http://s.example}",
         {"One": "https://r.example/p", "Two": "http://s.example"}),
        ("", {}),
    ],
)  # fmt: skip
def test_places_for_reviews(tmp_path: Path, written: str, read_as: dict[str, str]) -> None:
    """One address, one for each platform, or none."""
    file = tmp_path / "newsletter.yml"
    text = GOOD.replace('links: {unsubscribe: "mailto:a@b.example"}', LINKS + written)
    file.write_text(text, encoding="utf-8")
    found = read_config(file, shown="f.yml", problems=[])
    assert found
    assert found.config.links.review == read_as


@pytest.mark.parametrize(
    ("written", "place"), [("r.example", "5:11"), ("{One: https://r.example, Two: s}", "5:41")]
)
def test_wrong_place_for_reviews(tmp_path: Path, written: str, place: str) -> None:
    """The address at fault is named, on whichever platform."""
    text = GOOD.replace('links: {unsubscribe: "mailto:a@b.example"}', LINKS + written)
    address = written.rpartition(" ")[2].rstrip("}")
    assert read(tmp_path, text)[1] == [f"{place} '{address}' is not a web address"]


def test_no_project(tmp_path: Path) -> None:
    """Without a newsletter.yml the user is told where to go."""
    with pytest.raises(NewsletterError, match="newsletter init"):
        read_config(tmp_path / "newsletter.yml", shown="content/newsletter.yml", problems=[])


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("send_at: 25:00", "5:10 '25:00' is not a time of day"),
        ("timezone: ../etc/passwd", "5:11 '../etc/passwd' is not a time zone"),
        ("language: English", "5:11 'English' is not a language"),
        ("dates: dmy", "5:8 'dmy' is not known here"),
        ("output: {formats: [eml, pdf]}", "5:25 'pdf' is not known here"),
        ("etiquette: {most_bad_rows: much}", "5:28 'much' is not a number"),
        ("output: {most_single_files: 1.5}", "5:29 '1.5' is not a whole number"),
        ("consent: {since: 1.5.2024}", "5:18 '1.5.2024' is not a date"),
        ("etiquette: {quiet_days: [sonntag]}", "5:26 'sonntag' is not known here"),
        ("etiquette: {caps: [{per: us, most: 2, days: 9}]}", "5:26 'us' is not known here"),
        ("brand: dark", "5:8 keys and values are wanted here"),
        ("brand: {accent: [a]}", "5:17 one value is wanted here, not a list"),
        ("loyalty: {rewards: [{points: 5}]}", "5:21 missing key 'reward'"),
        ("theme:\n  name: x", "5:1 keys of its own are not wanted here"),
        ("buisness: {}", "5:1 unknown key 'buisness'"),
    ],
)
def test_wrong(line: str, problem: str, tmp_path: Path) -> None:
    """Each fault is named where it stands."""
    assert read(tmp_path, f"{GOOD}{line}\n") == (None, [problem])


def test_empty_team(tmp_path: Path) -> None:
    """Somebody must be the contact of the customers."""
    text = GOOD.replace('[{id: "01", name: Ann}]', "[]")
    assert read(tmp_path, text) == (None, ["4:7 the list is empty"])
