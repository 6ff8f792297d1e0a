"""A build after any change of its inputs is the build from nothing, and without one it says so."""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner
from support import ROOT, Silent

from newsletter.build import build
from newsletter.commands import main
from newsletter.export.messages import Run
from newsletter.export.pages import Pages
from newsletter.merge.failures import Failure
from newsletter.model.message import Message
from newsletter.model.report import BuildReport
from newsletter.write.last_build import unchanged_build
from newsletter.write.ledger import cache_folder

TODAY = dt.date(2026, 11, 24)
SHOP = ROOT / "tests/site/shop"
PRACTICES = ("thank-you", "call")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a small shop with a care plan and a page of its own theme."""
    root = tmp_path / "shop"
    shutil.copytree(SHOP, root)
    (root / "content/practices").mkdir()
    for name in PRACTICES:
        shutil.copy(ROOT / f"content/practices/{name}.md", root / "content/practices")
    (root / "themes/default/site").mkdir(parents=True)
    shutil.copy(ROOT / "themes/default/site/list.html", root / "themes/default/site")
    config = root / "content/newsletter.yml"
    config.write_text(config.read_text() + "start: 2026-11-01\n")
    (root / "content/segments.yml").write_text("vip:\n  rule: points > 100\n")
    return root


def built(root: Path, output: Path | None = None, *, today: dt.date = TODAY) -> BuildReport:
    """Build the project."""
    output = output or root / "output"
    return build(root, output=output, today=today, issue=None, progress=Silent())


def tree(folder: Path) -> dict[str, bytes]:
    """Return path → bytes of every file."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def _entry(root: Path, number: int) -> None:
    """Add an entry, or remove it if it is there."""
    file = root / "content/updates/more.md"
    if file.exists():
        file.unlink()
    else:
        head = f"---\ntitle: More {number}\ndate: 2026-11-0{1 + number % 9}\nsummary: More.\n---\n"
        file.write_text(f"{head}See [when we open](winter-hours.md), number {number}.\n")


def _rename(root: Path, _: int) -> None:
    """Give the entry that nothing links to another name, and back."""
    names = [root / "content/stories" / name for name in ("forty-letters.md", "fifty.md")]
    old, new = names if names[0].exists() else names[::-1]
    old.rename(new)
    issue = root / "content/issues/2026-11.md"
    _edit(issue, old.stem, new.stem)


def _line(path: str) -> Callable[[Path, int], None]:
    """Return what adds a line to a file."""

    def add(root: Path, number: int) -> None:
        with (root / path).open("a") as file:
            file.write(f"\nNumber {number}.\n")

    return add


def _customer(root: Path, number: int) -> None:
    with (root / "content/customers/customers.csv").open("a") as file:
        file.write(f"n{number},Ada,Byron{number},ada{number}@example.com,en,{number},maya\n")


def _tagline(root: Path, number: int) -> None:
    config = root / "content/newsletter.yml"
    lines = config.read_text().splitlines(keepends=True)
    new = [f"  tagline: Number {number}\n" if "tagline:" in line else line for line in lines]
    config.write_text("".join(new))


def _picture(root: Path, number: int) -> None:
    """Change a picture of a page without changing its size or time."""
    file = root / "content/images/hours.png"
    times, data = file.stat(), bytearray(file.read_bytes())
    data[-1] = number % 256
    file.write_bytes(bytes(data))
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def _theme(root: Path, number: int) -> None:
    with (root / "themes/default/site/list.html").open("a") as file:
        file.write(f"<!-- {number} -->")


def _segment(root: Path, number: int) -> None:
    (root / "content/segments.yml").write_text(f"vip:\n  rule: points > {number % 200}\n")


def _output(root: Path, number: int) -> None:
    """Damage or remove a file of the output."""
    file = root / "output/site" / ("index.html", "updates/winter-hours/index.html")[number % 2]
    if number % 3:
        file.write_text("mine")
    else:
        file.unlink()


def _nothing(_root: Path, _number: int) -> None:
    pass


def _cache(root: Path, number: int) -> None:
    """Cut a file of the cache short."""
    file = cache_folder(root / "output") / ("files.json", "build.json")[number % 2]
    file.write_bytes(file.read_bytes()[: number * 7])


CHANGES = (
    _entry,
    _rename,
    _line("content/updates/winter-hours.md"),
    _line("content/updates/winter-hours.de.md"),
    _line("content/issues/2026-11.md"),
    _line("content/practices/call.md"),
    _customer,
    _tagline,
    _picture,
    _theme,
    _segment,
    _output,
    _cache,
    _nothing,
)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_build_after_any_change_is_a_clean_one(root: Path, tmp_path: Path, seed: int) -> None:
    """Whatever was edited, added, removed or renamed: the same bytes as from nothing."""
    chance = random.Random(seed)
    built(root)
    changes = chance.sample(CHANGES, len(CHANGES))[:: 1 if os.environ.get("THOROUGH") else 2]
    for number, change in enumerate(changes, start=1):
        change(root, number)
        if unchanged_build(root, root / "output", issue=None, today=TODAY) is None:
            built(root)
        clean = tmp_path / f"clean{number}"
        built(root, clean / "output")
        assert tree(root / "output") == tree(clean / "output"), change


def test_what_has_not_changed_is_not_made(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a German entry was edited German messages are merged; no page is made."""
    with (root / "content/newsletter.yml").open("a") as file:
        file.write("output:\n  formats: [eml, mailmerge]\n")  # an .mbox holds all languages
    built(root)
    with (root / "content/updates/winter-hours.de.md").open("a") as file:
        file.write("\nMehr davon.\n")
    made: list[str] = []
    messages, html = Run.messages, Pages._html

    def noted_messages(run: Run) -> Iterator[Message | Failure]:
        made.append(",".join(run._people["language"].unique().sort()))
        return messages(run)

    def noted_html(pages: Pages, template: str, names: Mapping[str, object]) -> list[bytes]:
        made.append(template)
        return html(pages, template, names)

    monkeypatch.setattr(Run, "messages", noted_messages)
    monkeypatch.setattr(Pages, "_html", noted_html)
    built(root)

    assert made == ["de"]
    shutil.rmtree(root / "output")
    built(root)
    assert {"en", "issue.html"} <= set(made)


def test_without_a_change_the_build_says_so(root: Path) -> None:
    """The summary is that of the build before, and nothing is written."""
    arguments = ["build", "--project", str(root), "--today", str(TODAY)]
    first = CliRunner().invoke(main, arguments)
    before = _times(root / "output")

    second = CliRunner().invoke(main, arguments)

    assert second.output.startswith("nothing has changed since the last build\n")
    assert " 0 written, " in second.output
    shown = [line for line in first.output.splitlines() if " written, " not in line]
    assert set(shown) <= set(second.output.splitlines())
    assert _times(root / "output") == before


def _times(folder: Path) -> dict[Path, tuple[int, int]]:
    files = {path: path.stat() for path in folder.rglob("*")}
    return {path: (status.st_ino, status.st_mtime_ns) for path, status in files.items()}


def test_clean_forgets_everything(root: Path) -> None:
    """With --clean all is made again."""
    arguments = ["build", "--project", str(root), "--today", str(TODAY)]
    CliRunner().invoke(main, arguments)
    assert "nothing has changed" not in CliRunner().invoke(main, [*arguments, "--clean"]).output


def _unchanged(root: Path, *, issue: str | None = None, today: dt.date = TODAY) -> bool:
    return unchanged_build(root, root / "output", issue=issue, today=today) is not None


@pytest.mark.parametrize(
    "change",
    [
        *(change for change in CHANGES if change is not _nothing),
        lambda root, _: (root / "content/customers/secret.txt").write_text("x" * 20),
        lambda root, _: (root / "content/offers/new-kind").mkdir(),
        lambda root, _: (root / "output/private/index.html").chmod(0o644),
        lambda root, _: (root / "output/private").chmod(0o755),
        lambda root, _: (root / "output/private/mine.txt").write_text("mine"),
        lambda root, _: (root / ".output.new").mkdir(),
        lambda root, _: next((root / "output").rglob("*.csv")).write_text("filled"),
    ],
)
def test_every_input_is_looked_at(root: Path, change: Callable[[Path, int], object]) -> None:
    """Settings, content, theme, customers, secret and the output itself."""
    built(root)
    assert _unchanged(root)
    change(root, 1)
    assert not _unchanged(root)


def test_options_date_and_surroundings_count(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another day, another issue, another library: a build."""
    built(root)
    assert _unchanged(root)
    assert not _unchanged(root, today=TODAY + dt.timedelta(days=1))
    assert not _unchanged(root, issue="2026-08")
    monkeypatch.setattr("newsletter.write.last_build.installed", lambda: ["another library"])
    assert not _unchanged(root)


def test_what_changes_while_a_build_runs_is_not_taken_for_built(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An entry saved after it was read is seen by the next build."""
    from newsletter.build import write_output  # noqa: PLC0415 - the name that is replaced

    def saved_meanwhile(*arguments: object, **named: object) -> object:
        _entry(root, 1)
        return write_output(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("newsletter.build.write_output", saved_meanwhile)
    built(root)
    assert not _unchanged(root)


def test_the_customers_may_lie_elsewhere(root: Path) -> None:
    """A folder outside of the project is looked at from the second build on."""
    elsewhere = root.parent / "elsewhere"
    (root / "content/customers").rename(elsewhere)
    config = root / "content/newsletter.yml"
    config.write_text(config.read_text() + "customers: ../../elsewhere\n")
    for expected in (False, True):
        built(root)
        assert _unchanged(root) == expected
    with (elsewhere / "customers.csv").open("a") as file:
        file.write("n1,Ada,Byron,ada@example.com,en,1,maya\n")
    assert not _unchanged(root)
