"""Reading a project again parses only changed files, and equals a clean reading."""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from newsletter.commands.init import begin
from newsletter.errors import NewsletterError, Problem
from newsletter.model.project import People, Project
from newsletter.model.reasons import Reasons
from newsletter.read.assembly import read_project
from newsletter.read.project_files import READ_ONCE, ParsedFiles
from newsletter.read.starter import read_starter

TODAY = dt.date(2026, 11, 5)
ENTRY = "---\ntitle: Tea {n}\ndate: 2026-11-0{day}\nsummary: About tea\n{more}---\n\nTea. {body}\n"
PRACTICE = "---\ntitle: Hello {n}\non: birthday\nchannel: email\n{more}---\n\nHello. {body}\n"
BODIES = (
    "[Hours](/updates/hours.md)",
    "![Tea](/images/tea.png)",
    "{{ customer.first_name }}",
    "[Gone](gone.md)",
)
MORE = (
    "",
    "audience: city == 'Berlin'\n",
    "image: images/tea.png\nimage_alt: Tea\n",
    "public: no\n",
    "titel: x\n",
)
ORDERS = "customer,date,amount\n{rows}\n"
Edit = Callable[[Path, random.Random], None]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the starter project with a few more files."""
    files = read_starter(TODAY, customers=None) | {
        "content/customers/secret.txt": b"a-secret-of-the-test-project",
        "content/updates/hours.md": ENTRY.format(n=0, day=1, more="", body="").encode(),
        "content/images/tea.png": b"png",
        "content/customers/orders.csv": ORDERS.format(
            rows="\n".join(f"{n},2026-11-01,5" for n in (1, 2, 3))
        ).encode(),
        "content/customs.yml": b"countries: {DE: {mention_family: yes}}\n",
        "themes/awning/words/de.yml": b"unsubscribe: Weg damit\n",
    }
    for path, data in files.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    with (tmp_path / "content/newsletter.yml").open("a") as settings:
        settings.write("dates: DMY\n")
    return tmp_path


def test_an_unchanged_project_is_not_parsed_again(root: Path) -> None:
    """Every result is reused, also on another day."""
    parsed = ParsedFiles()
    first = read_project(root, today=TODAY, parsed=parsed)
    parses = parsed.parses

    second = read_project(root, today=TODAY + dt.timedelta(days=1), parsed=parsed)

    assert parsed.parses == parses > 50
    assert second.entries[0] is first.entries[0]
    assert second.people.customers is first.people.customers


@pytest.mark.parametrize(
    ("path", "text", "parses"),
    [
        ("content/updates/hours.md", ENTRY.format(n=1, day=1, more="", body="*"), 1),
        ("content/updates/new.md", ENTRY.format(n=1, day=1, more="", body="!"), 1),
        ("content/practices/birthday.md", PRACTICE.format(n=1, more="", body=""), 2),
        ("content/segments.yml", "loyal: orders_count > 3\n", 1),
        ("content/customers/orders.csv", ORDERS.format(rows="1,2026-11-02,7"), 1),
        ("themes/awning/words/de.yml", "unsubscribe: Ade\n", 2),
        ("content/images/new.png", "png", 0),
    ],
)
def test_only_changed_files_are_parsed(root: Path, path: str, text: str, parses: int) -> None:
    """The edited file, and the practice it belongs to."""
    parsed = ParsedFiles()
    read_project(root, today=TODAY, parsed=parsed)
    before = parsed.parses
    (root / path).write_text(text)

    read_project(root, today=TODAY, parsed=parsed)

    assert parsed.parses - before == parses


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_reading_after_edits_equals_a_clean_reading(
    root: Path, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    """Files are edited, added, removed and renamed at random, also to invalid ones."""
    chance = random.Random(seed)
    parsed = ParsedFiles()
    good = tmp_path_factory.mktemp("good")
    _copy(root, good)
    readable = 0
    for _ in range(25):
        chance.choice(EDITS)(root, chance)
        outcome = _outcome(root, parsed)
        assert outcome == _outcome(root, READ_ONCE)
        if not isinstance(outcome, str):
            _copy(root, good)
            readable += 1
        elif chance.random() < 0.7:
            _copy(good, root)

    assert readable > 5


def test_errors_are_not_cached() -> None:
    """A result with an error is worked out again, with its hint."""
    parsed = ParsedFiles()

    def parse(errors: list[Problem]) -> int:
        errors.append(Problem(message=str(parsed.parses)))
        return 1

    problems: list[Problem] = []
    for _ in range(2):
        parsed.result(("key",), parse, problems=problems)

    assert [problem.message for problem in problems] == ["0", "1"]


def test_unused_results_are_forgotten(root: Path) -> None:
    """A result not used in one reading is dropped; if the file returns, it is parsed again."""
    parsed = ParsedFiles()
    hours = root / "content/updates/hours.md"
    read_project(root, today=TODAY, parsed=parsed)
    text = hours.read_bytes()
    hours.unlink()
    read_project(root, today=TODAY, parsed=parsed)
    before = parsed.parses
    hours.write_bytes(text)

    read_project(root, today=TODAY, parsed=parsed)

    assert parsed.parses > before


def _copy(source: Path, target: Path) -> None:
    shutil.rmtree(target)
    shutil.copytree(source, target)


def _outcome(root: Path, parsed: ParsedFiles) -> object:
    try:
        project = read_project(root, today=TODAY, parsed=parsed)
    except NewsletterError as error:
        return str(error)
    return _plain(project)


def _plain(value: Project | People | Reasons) -> dict[str, object]:
    """Return the fields of a project with its frames as rows, for comparison."""
    values = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Project):
        places = [practice.places for practice in value.practices]
        plain = {"people": _plain(value.people), "reasons": _plain(value.reasons)}
        return values | plain | {"places": places}
    if isinstance(value, Reasons):
        return values
    tables = {name: (table.schema, table.rows()) for name, table in value.tables.items()}
    return values | {
        "customers": (value.customers.schema, value.customers.rows()),
        "tables": tables,
    }


def _edit_entry(root: Path, chance: random.Random) -> None:
    folder = chance.choice(("updates", "offers", "articles"))
    name = chance.choice(("tea", "hours", "tea.de", "Tee"))
    _write_page(root / f"content/{folder}/{name}.md", ENTRY, chance)


def _edit_practice(root: Path, chance: random.Random) -> None:
    name = chance.choice(("birthday", "birthday.de", "hello", "issue"))
    _write_page(root / f"content/practices/{name}.md", PRACTICE, chance)


def _write_page(file: Path, form: str, chance: random.Random) -> None:
    file.parent.mkdir(exist_ok=True)
    numbers = {"n": chance.randint(0, 3), "day": chance.randint(1, 4)}
    more, body = chance.choice(("", *MORE)), chance.choice(("", "", *BODIES))
    file.write_text(form.format(**numbers, more=more, body=body))


def _edit_issue(root: Path, chance: random.Random) -> None:
    file = chance.choice(sorted((root / "content/issues").glob("*.md")))
    entries = chance.choice(("[hours]", "[tea]", "[]", "[gone]"))
    file.write_text(
        f"---\ntitle: A\ndate: 2026-11-05\nsubject: S\npreheader: P\nentries: {entries}\n---\nHi\n"
    )


def _edit_settings(root: Path, chance: random.Random) -> None:
    file = root / "content/newsletter.yml"
    text = file.read_text()
    values = chance.choice((("language: en", "language: de"), ("USD", "EUR"), ("DMY", "MDY")))
    old, new = values if values[0] in text else reversed(values)
    file.write_text(text.replace(old, new))


def _edit_table(root: Path, chance: random.Random) -> None:
    name = chance.choice(("orders", "feedback", "history/a", "history/b", "orrders"))
    file = root / f"content/customers/{name}.csv"
    file.parent.mkdir(exist_ok=True)
    day = chance.choice(("2026-11-01", "1/2/2026", "yesterday"))
    file.write_text(ORDERS.format(rows=f"{chance.randint(1, 3)},{day},5"))


def _edit_customers(root: Path, chance: random.Random) -> None:
    """Write the customers of the starter without one row, so that other tables' rows stay."""
    lines = read_starter(TODAY, customers=None)["content/customers/customers.csv"].splitlines()
    del lines[chance.randrange(1, 4)]
    (root / "content/customers/customers.csv").write_bytes(b"\n".join(lines) + b"\n")


def _edit_small_file(root: Path, chance: random.Random) -> None:
    path, texts = chance.choice(
        (
            ("content/segments.yml", ("loyal: orders_count > 3\n", "loyal:\n", "a: b\nc: d\n")),
            ("content/customs.yml", ("countries: {DE: {mention_family: no}}\n", "x: y\n", "")),
            ("themes/awning/words/de.yml", ("unsubscribe: Ade\n", "unsubscribe: [a]\n")),
            ("themes/awning/theme.yml", ("accent: '#123456'\n", "accent\n", "")),
            ("themes/awning/text/issue.txt", ("Hello\n", "Hello \u2028\n")),
        )
    )
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(chance.choice(texts))


def _remove(root: Path, chance: random.Random) -> None:
    file = chance.choice(_removable(root))
    file.unlink()


def _rename(root: Path, chance: random.Random) -> None:
    file = chance.choice(_removable(root))
    file.rename(file.with_name(f"{chance.choice('abc')}{file.suffix}"))


def _removable(root: Path) -> list[Path]:
    """Return files, most of which are not needed."""
    folders = ("content/updates", "content/practices", "content/images", "themes/awning/words")
    files = [file for folder in folders for file in sorted((root / folder).iterdir())]
    return files or [root / "content/segments.yml"]


EDITS: list[Edit] = [
    _edit_entry,
    _edit_practice,
    _edit_issue,
    _edit_settings,
    _edit_table,
    _edit_customers,
    _edit_small_file,
    _remove,
    _rename,
]


@pytest.mark.slow
@pytest.mark.parametrize(
    "names",
    [
        ["content/newsletter.yml"],
        ["content/practices/birthday.md", "content/segments.yml", "content/updates/x.md"],
        [
            "content/customers/orders.csv",
            "content/images/more.png",
            "themes/awning/email/part.mjml",
            "themes/awning/site/assets/more.png",
        ],
        [".git/index"],
    ],
)
def test_a_pipe_is_no_file(tmp_path: Path, names: list[str]) -> None:
    """Whoever opens it waits until somebody writes into it."""
    root = tmp_path / "p"
    begin(root, read_starter(TODAY, customers=None), customers=None)
    for name in names:
        _make_pipe(root / name)
    done = _built(root)
    assert done.returncode == 1
    for name in names:
        assert f"{name}: this is a device or a pipe, and no file" in done.stderr


@pytest.mark.slow
def test_a_pipe_is_no_file_of_the_output(tmp_path: Path) -> None:
    """In the cache it is replaced, as any damaged file; in place of the manifest it is named."""
    root = tmp_path / "p"
    begin(root, read_starter(TODAY, customers=None), customers=None)
    assert _built(root).returncode == 0
    names = ("build.json", "files.json", "fragments.sqlite", "lock", "plan.bin")
    for name in names:
        _make_pipe(root / ".output.cache" / name)
    again = _built(root)
    assert again.returncode == 0, again.stderr
    _make_pipe(root / "output/private/manifest.json")
    refused = _built(root)
    assert refused.returncode == 1
    assert "manifest.json, which tells our files from yours, is missing or dam" in refused.stderr


def _make_pipe(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)


def _built(root: Path) -> subprocess.CompletedProcess[str]:
    """Build in another process, which is ended if it waits for a pipe."""
    day = f"--today={TODAY}"
    command = [sys.executable, "-m", "newsletter", "build", "--project", str(root), day]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)


def test_a_file_is_no_folder_of_texts(tmp_path: Path) -> None:
    """Its texts would be missing without a word."""
    root = tmp_path / "p"
    begin(root, read_starter(TODAY, customers=None), customers=None)
    (root / "content/offers").write_text("Offers\n")
    with pytest.raises(NewsletterError, match="content/offers: this is no folder"):
        read_project(root, today=TODAY)
