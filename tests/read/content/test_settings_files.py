"""newsletter.yml is read with every problem at once; segments.yml holds rules."""

from pathlib import Path

import pytest

from newsletter.errors import NewsletterError, Problem
from newsletter.model.config import Config
from newsletter.model.entry import Segment
from newsletter.model.team import TeamMember, checked_team
from newsletter.read.content.settings_files import read_config, read_segments, read_settings
from newsletter.read.project_files import ProjectFiles

GOOD = """\
business: {name: A, postal_address: B, country: NO, website: https://a.example/, email: a@b.c}
sender: {name: A, email: a@b.example}
links: {unsubscribe: "mailto:a@b.example"}
team: [{id: "01", name: Ann}]
"""
LINKS = 'links:\n  unsubscribe: "mailto:a@b.example"\n  review: '


def project(root: Path, text: str) -> Path:
    """Write newsletter.yml into a project and return the project."""
    (root / "content").mkdir(exist_ok=True)
    (root / "content/newsletter.yml").write_text(text, encoding="utf-8")
    return root


def read(tmp_path: Path, text: str) -> tuple[object, list[str]]:
    """Return the configuration and each problem as `line:column message`."""
    files = ProjectFiles(project(tmp_path, text))
    config_file = read_config(files)
    wrong = [f"{p.at.line}:{p.at.column} {p.message}" for p in files.problems if p.at]
    return config_file and config_file.config, wrong


def test_values_are_read_as_people_mean_them(tmp_path: Path) -> None:
    """Norway is not no, an id keeps its leading zero, a web address loses its last slash."""
    config = read_settings(project(tmp_path, GOOD))
    assert config.business.country == "NO"
    assert config.business.website == "https://a.example"
    assert config.team[0].id == "01"
    assert config.send_at == "09:00"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("https://r.example/p", {"": "https://r.example/p"}),
        ("{One: https://r.example/p, Two: http://s.example}",
         {"One": "https://r.example/p", "Two": "http://s.example"}),
        ("", {}),
    ],
)  # fmt: skip
def test_review_addresses(tmp_path: Path, written: str, read_as: dict[str, str]) -> None:
    """One address, one for each platform, or none."""
    text = GOOD.replace('links: {unsubscribe: "mailto:a@b.example"}', LINKS + written)
    assert read_settings(project(tmp_path, text)).links.review == read_as


@pytest.mark.parametrize(
    ("written", "place"), [("r.example", "5:11"), ("{One: https://r.example, Two: s}", "5:41")]
)
def test_a_wrong_review_address_is_named(tmp_path: Path, written: str, place: str) -> None:
    """For any platform."""
    text = GOOD.replace('links: {unsubscribe: "mailto:a@b.example"}', LINKS + written)
    address = written.rpartition(" ")[2].rstrip("}")
    assert read(tmp_path, text)[1] == [f"{place} '{address}' is not a web address"]


def test_without_newsletter_yml_the_hint_says_where_to_go(tmp_path: Path) -> None:
    """The folder is no project."""
    with pytest.raises(NewsletterError, match="newsletter init"):
        read_config(ProjectFiles(tmp_path))


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
        ("brand: dark", "5:8 this must be keys with values"),
        ("brand: {accent: [a]}", "5:17 this must be one value, not a list"),
        ("loyalty: {rewards: [{points: 5}]}", "5:21 missing key 'reward'"),
        ("theme:\n  name: x", "5:1 this must be one value, not keys"),
        ("buisness: {}", "5:1 unknown key 'buisness'"),
    ],
)
def test_each_problem_has_its_place(line: str, problem: str, tmp_path: Path) -> None:
    """Line and column."""
    assert read(tmp_path, f"{GOOD}{line}\n")[1] == [problem]


@pytest.mark.parametrize(
    "line", ["language: “de”", "timezone: „Europe/Berlin“", "etiquette: {quiet_days: [«sunday»]}"]
)
def test_curly_quotes_are_named(line: str, tmp_path: Path) -> None:
    """Word processors make them of plain ones; to YAML they are letters."""
    files = ProjectFiles(project(tmp_path, f"{GOOD}{line}\n"))
    read_config(files)
    assert "write it without the curly quotes" in files.problems[0].hint


@pytest.mark.parametrize(
    ("line", "judged"),
    [
        ("foo: 1", True),
        ("langauge: fr", True),
        ("etiquette: {caps: [{per: us, most: 2, days: 9}], gap: x, fo: 1}", True),
        ("timezone: Foo/Bar", True),
        ("columns: [x]", False),
        ("start: x", False),
    ],
)
def test_wrong_keys_are_left_out_if_all_else_can_be_judged(
    line: str, judged: bool, tmp_path: Path
) -> None:
    """Then what is wrong elsewhere is reported, too. An unknown key counts as its likeness."""
    config, problems = read(tmp_path, f"{GOOD}{line}\n")
    assert problems and bool(config) == judged
    if line.startswith("lang"):
        assert isinstance(config, Config) and config.language == "fr"


def test_one_click_needs_an_address_that_says_who_leaves(tmp_path: Path) -> None:
    """The POST of RFC 8058 contains nothing about the customer but its address."""
    links = "links: {unsubscribe: 'https://l.example/u', one_click: true}"
    text = "\n".join(links if line.startswith("links:") else line for line in GOOD.splitlines())
    place = f"{text.splitlines().index(links) + 1}:1"
    message = "one_click needs {token} in 'unsubscribe', to know who leaves"
    assert read(tmp_path, text) == (None, [f"{place} {message}"])
    assert read(tmp_path, text.replace("/u'", "/u/{token}'"))[1] == []


def test_an_empty_team_is_refused(tmp_path: Path) -> None:
    """Customers need a contact."""
    text = GOOD.replace('[{id: "01", name: Ann}]', "[]")
    assert read(tmp_path, text) == (None, ["4:7 the list is empty"])


def read_rules(tmp_path: Path, text: str) -> tuple[tuple[Segment, ...], list[Problem]]:
    """Return the segments of a file, and its problems."""
    (tmp_path / "content").mkdir()
    (tmp_path / "content/segments.yml").write_text(text, encoding="utf-8")
    files = ProjectFiles(tmp_path)
    return read_segments(files)[0], files.problems


def test_both_forms_of_a_segment(tmp_path: Path) -> None:
    """The order of the file stays, and each rule has its place."""
    text = 'vip: points > 5\nlapsed:\n  rule: "x > 1"\n  description: Gone.\n'
    segments, problems = read_rules(tmp_path, text)
    assert not problems
    assert [(s.name, s.rule.text, s.description) for s in segments] == [
        ("vip", "points > 5", ""),
        ("lapsed", "x > 1", "Gone."),
    ]
    assert [str(s.rule.at) for s in segments] == [
        "content/segments.yml:1:6",
        "content/segments.yml:3:10",
    ]


def test_segments_are_few(tmp_path: Path) -> None:
    """Each is a column of all customers, in each language; a value is told from its column."""
    rules = [f"s{number}: points > {number}" for number in range(1001)]
    segments, problems = read_rules(tmp_path, "\n".join(rules))
    assert not segments
    assert str(problems[0]).splitlines()[0] == (
        "content/segments.yml:1001:1: there are more than 1,000 segments"
    )
    assert "write a column of the customer file" in problems[0].hint
    (tmp_path / "content/segments.yml").write_text("\n".join(rules[:-1]), encoding="utf-8")
    files = ProjectFiles(tmp_path)
    assert (len(read_segments(files)[0]), files.problems) == (1000, [])


def test_a_project_needs_no_segments(tmp_path: Path) -> None:
    """Nor a segments.yml."""
    assert read_segments(ProjectFiles(tmp_path)) == ((), frozenset())


@pytest.mark.parametrize(
    "member", ["index", "Gifts", "a/b", "../x", "a b", "nul", "COM1", "ann-calls", "-a", "x" * 42]
)
def test_an_id_of_a_team_member_is_a_file_name(tmp_path: Path, member: str) -> None:
    """Pages, lists and calendars are called after it, beside other pages."""
    text = GOOD.replace('{id: "01", name: Ann}', f'{{id: "{member}", name: Ann}}')
    _, wrong = read(tmp_path, text)
    assert wrong == [f"4:7 '{member}' cannot be the id of a team member"]


@pytest.mark.parametrize(
    ("member", "taken"), [("index", True), ("ann-calls", True), ("nul", True), ("a b", False)]
)
def test_the_cure_of_a_wrong_id_names_what_is_wrong(member: str, taken: bool) -> None:
    """`index` has nothing but letters."""
    with pytest.raises(ValueError, match="team member") as error:
        checked_team((TeamMember(id=member, name="Ann"),))
    assert ("taken" in error.value.args[1]) is taken


def test_ids_of_a_team_differ_in_more_than_capitals(tmp_path: Path) -> None:
    """Windows and macOS take nora.html and Nora.html for one file."""
    text = GOOD.replace("name: Ann}", "name: Ann}, {id: nora, name: A}, {id: Nora, name: B}")
    _, wrong = read(tmp_path, text)
    assert wrong == ["4:7 two team members have the id 'Nora'"]


@pytest.mark.parametrize("member", ["nora", "01", "Ann_B", "jürgen", "ann-b"])
def test_usual_ids_of_a_team(tmp_path: Path, member: str) -> None:
    """Letters of any language, digits and hyphens."""
    text = GOOD.replace('id: "01"', f'id: "{member}"')
    assert read_settings(project(tmp_path, text)).team[0].id == member
