"""A build after any change equals a build from nothing, and without a change it says so."""

from __future__ import annotations

import datetime as dt
import random
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from edits import CHANGES
from edits.builds import OF_BUILDS
from edits.project import TODAY, Edits, ImpossibleError, rich_shop, small_shop
from edits.walk import walk
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from support import Silent, examples

import newsletter.build
from newsletter.build import build
from newsletter.commands import main
from newsletter.errors import NewsletterError
from newsletter.export.messages import Run
from newsletter.export.pages import Pages
from newsletter.merge.failures import Failure
from newsletter.model.report import BuildReport
from newsletter.model.template import Message
from newsletter.site.html import LanguagePages
from newsletter.site.pages import Page
from newsletter.write.last_build import look_at, remember, unchanged_build

pytestmark = pytest.mark.slow


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a small shop."""
    small_shop(tmp_path / "shop")
    return tmp_path / "shop"


def built(
    root: Path, output: Path | None = None, *, today: dt.date = TODAY, issue: str | None = None
) -> BuildReport:
    """Build the project."""
    output = output or root / "output"
    return build(root, output=output, today=today, issue=issue, progress=Silent())


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return path → mode and bytes of every file."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mode, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@settings(examples(2), phases=[Phase.generate])
@given(seed=st.integers(0, 2**32))
def test_a_build_after_any_change_equals_a_clean_one(seed: int) -> None:
    """Whatever was edited, added, removed or renamed: the same bytes and errors as from nothing.

    For hundreds of other walks: `pytest tests/test_build_again.py --hypothesis-profile search`.
    """
    walk(seed, {**CHANGES, **OF_BUILDS}, _beside_a_clean_build)


def _beside_a_clean_build(edits: Edits) -> Callable[[], bool]:
    """Return a function that builds the project again and compares it with a clean build.

    It raises AssertionError if they differ, and returns False if both have the same error.
    """
    output, clean = edits.root / "output", edits.root.parent / "clean/output"
    built(edits.root)

    def is_right() -> bool:
        _filled_lists(output, clean)
        with _without(edits.missing):
            again = _report(edits, output, again=True)
            assert again == _report(edits, clean)
            if isinstance(again, str):
                return False
        assert tree(output) == tree(clean)
        return True

    return is_right


def _filled_lists(output: Path, clean: Path) -> None:
    """Make an output that contains only the work lists, which people fill in."""
    shutil.rmtree(clean.parent, ignore_errors=True)
    for path in (".newsletter-output", "private/manifest.json", "private/care/lists"):
        (clean / path).parent.mkdir(parents=True, exist_ok=True)
        if (output / path).is_dir():
            shutil.copytree(output / path, clean / path)
        elif (output / path).exists():
            shutil.copy(output / path, clean / path)


def _report(edits: Edits, output: Path, *, again: bool = False) -> BuildReport | str:
    """Return the report of a build without its counts of files, or its errors."""
    today, issue = edits.today, edits.issue
    try:
        report = (
            unchanged_build(edits.root, output, issue=issue, today=today) if again else None
        ) or built(edits.root, output, today=today, issue=issue)
    except NewsletterError as error:
        return str(error).replace(str(output), "output")
    return replace(report, written=0, unchanged=0, removed=0, seconds=0)


@contextmanager
def _without(missing: set[str]) -> Iterator[None]:
    """Pretend that the optional libraries in *missing* are not installed."""
    with pytest.MonkeyPatch.context() as patch:
        if "typst" in missing:
            patch.setattr("newsletter.export.print.typst.typst", None)
        if "xlsxwriter" in missing:
            patch.setattr("newsletter.export.lists.workbook.find_spec", lambda _: None)
        for module in ("program", "last_build"):
            patch.setattr(f"newsletter.write.{module}.installed", lambda: sorted(missing))
        yield


def test_an_edited_entry_remakes_only_messages_of_its_language(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an edit of a German text no other message and no page of the issue is made."""
    with (root / "content/newsletter.yml").open("a") as file:
        file.write("output:\n  formats: [eml, mailmerge]\n")  # an .mbox has all languages in it
    built(root)
    with (root / "content/updates/winter-hours.de.md").open("a") as file:
        file.write("\nMehr davon.\n")
    remade: list[str] = []
    messages, html = Run.messages, Pages._html

    def noted_messages(run: Run) -> Iterator[Message | Failure]:
        remade.append(",".join(run._people["language"].unique().sort()))
        return messages(run)

    def noted_html(pages: Pages, template: str, names: Mapping[str, object]) -> list[bytes]:
        remade.append(template)
        return html(pages, template, names)

    monkeypatch.setattr(Run, "messages", noted_messages)
    monkeypatch.setattr(Pages, "_html", noted_html)
    built(root)

    assert remade == ["de"]
    shutil.rmtree(root / "output")
    built(root)
    assert {"en", "issue.html"} <= set(remade)


def test_a_list_is_remade_only_if_a_title_or_summary_changes(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text of an entry is not in the list."""
    built(root)
    entry = root / "content/updates/winter-hours.md"
    remade: list[str] = []
    page = LanguagePages.page

    def noted_page(pages: LanguagePages, shown: Page, *rest: Any) -> bytes:
        remade.append(shown.path)
        return page(pages, shown, *rest)

    monkeypatch.setattr(LanguagePages, "page", noted_page)
    entry.write_text(entry.read_text() + "\nMore of it.\n")
    built(root)
    assert remade == ["/updates/winter-hours/"]

    entry.write_text(re.sub(r"title: .*", "title: Open later", entry.read_text(), count=1))
    built(root)
    assert "/updates/" in remade


def test_without_a_change_the_build_says_so(root: Path) -> None:
    """The summary is that of the build before, and nothing is written."""
    arguments = ["build", "--project", str(root), "--today", str(TODAY)]
    first = CliRunner().invoke(main, arguments)
    before = _times(root / "output")

    second = CliRunner().invoke(main, arguments)

    assert second.output.startswith("nothing has changed since the last build\n")
    assert " 0 written, " in second.output
    expected = [line for line in first.output.splitlines() if " written, " not in line]
    assert set(expected) <= set(second.output.splitlines())
    assert _times(root / "output") == before


def test_customers_that_git_begins_to_hold_stop_the_next_build(root: Path) -> None:
    """Although no input changed; the output stays as it was."""
    git = ["git", "-C", str(root)]
    subprocess.run([*git, "init", "-q"], check=True)
    (root / ".gitignore").write_text("customers/\n")
    settings = root / "content/newsletter.yml"
    settings.write_text(settings.read_text().replace("example: true\n", ""))
    arguments = ["build", "--project", str(root), "--today", str(TODAY)]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    before = _times(root / "output")
    assert "nothing has changed" in CliRunner().invoke(main, arguments).output

    subprocess.run([*git, "add", "-f", "content/customers/customers.csv"], check=True)
    held = CliRunner().invoke(main, arguments)

    assert held.exit_code == 1
    assert held.output.startswith(
        "Error: content/customers/customers.csv: this private file is in Git"
    )
    assert _times(root / "output") == before


def _times(folder: Path) -> dict[Path, tuple[int, int]]:
    files = {path: path.stat() for path in folder.rglob("*")}
    return {path: (status.st_ino, status.st_mtime_ns) for path, status in files.items()}


def test_clean_makes_everything_again(root: Path) -> None:
    """Although nothing has changed."""
    arguments = ["build", "--project", str(root), "--today", str(TODAY)]
    CliRunner().invoke(main, arguments)
    assert "nothing has changed" not in CliRunner().invoke(main, [*arguments, "--clean"]).output


def _unchanged(root: Path, *, issue: str | None = None, today: dt.date = TODAY) -> bool:
    return unchanged_build(root, root / "output", issue=issue, today=today) is not None


def test_a_change_of_any_input_needs_a_build(tmp_path: Path) -> None:
    """For each kind of input."""
    edits = Edits(tmp_path / "shop", random.Random(1))
    rich_shop(edits.root)
    report = built(edits.root)
    before = edits.snapshot()
    for name in {name.partition(":")[0]: name for name in CHANGES}.values():
        _take_for_built(edits.root, report)
        assert _unchanged(edits.root)
        try:
            done = CHANGES[name](edits)
        except ImpossibleError:
            continue
        if edits.snapshot() != before:
            assert not _unchanged(edits.root, today=edits.today), done
        edits.restore(before)


def _take_for_built(root: Path, report: BuildReport) -> None:
    look = look_at(root, root / "output", issue=None, today=TODAY)
    remember(look, report, folders=[], timezone="UTC", written=[])


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "content/offers/new-kind").mkdir(),
        lambda root: (root / "output/private/index.html").chmod(0o644),
        lambda root: (root / "output/private").chmod(0o755),
        lambda root: (root / "output/private/mine.txt").write_text("mine"),
        lambda root: (root / "output/site/index.html").unlink(),
        lambda root: (root / ".output.new").mkdir(),
        lambda root: (root / ".output.cache/plan.bin.4711.new").touch(),
        lambda root: (root / ".output.cache/files.json").write_text("{}"),
        lambda root: next((root / "output").rglob("*.csv")).write_text("filled"),
    ],
)
def test_a_change_of_the_output_needs_a_build(
    root: Path, change: Callable[[Path], object]
) -> None:
    """A folder, a file mode, a foreign file, leftovers of a killed build."""
    built(root)
    assert _unchanged(root)
    change(root)
    assert not _unchanged(root)


def test_another_day_issue_or_library_needs_a_build(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Although no file has changed."""
    built(root)
    assert _unchanged(root)
    assert not _unchanged(root, today=TODAY + dt.timedelta(days=1))
    assert not _unchanged(root, issue="2026-08")
    monkeypatch.setattr("newsletter.write.last_build.installed", lambda: ["another library"])
    assert not _unchanged(root)


def test_a_change_during_a_build_needs_another_build(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here an entry saved after entries were read."""
    write_output = newsletter.build.write_output

    def saved_meanwhile(*arguments: object, **named: object) -> object:
        (root / "content/updates/more.md").write_text("---\ntitle: More\n---\n")
        return write_output(*arguments, **named)

    monkeypatch.setattr("newsletter.build.write_output", saved_meanwhile)
    built(root)
    assert not _unchanged(root)


def test_a_customer_folder_outside_the_project_is_checked(root: Path) -> None:
    """From the second build on."""
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
