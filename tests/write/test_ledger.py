"""What a build reuses from the build before, and when it does not."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newsletter.model.artifact import Artifact
from newsletter.write import ledger as ledger_module
from newsletter.write import staging, write_output
from newsletter.write.ledger import cache_folder, forget, read_ledger, write_cache
from newsletter.write.manifest import MANIFEST

PATH = "site/index.html"


class Page:
    """A page that counts how often it is made."""

    def __init__(self, text: bytes = b"page") -> None:
        self.text, self.made = text, 0

    def chunks(self) -> Iterator[bytes]:
        """Yield the page."""
        self.made += 1
        yield self.text


def build(output: Path, page: Page, *, key: str = "one", version: str = "1") -> tuple[str, ...]:
    """Build a site of one page; return what was written."""
    ledger = read_ledger(output, version=version)
    report = write_output(output, [Artifact(PATH, page.chunks, key)], ledger=ledger)
    return tuple(path for path in report.written if path != MANIFEST)


def test_a_page_with_the_same_key_is_not_made(tmp_path: Path) -> None:
    """It is made once, and stays on disk and in the manifest."""
    output, page = tmp_path / "output", Page()
    assert build(output, page) == (PATH,)
    manifest = (output / "private/manifest.json").read_bytes()
    assert build(output, page) == ()
    assert page.made == 1
    assert (output / "private/manifest.json").read_bytes() == manifest


def test_an_unchanged_page_is_reused_while_others_change(tmp_path: Path) -> None:
    """The new tree takes it from the old one."""
    output, page = tmp_path / "output", Page()
    for number in range(3):
        second_page = Artifact("site/other.html", b"%d" % number, f"{number}")
        ledger = read_ledger(output, version="1")
        report = write_output(
            output, [Artifact(PATH, page.chunks, "one"), second_page], ledger=ledger
        )
        assert "site/other.html" in report.written
    assert page.made == 1
    assert (output / PATH).read_bytes() == b"page"


@pytest.mark.parametrize("change", [{"key": "two"}, {"key": ""}, {"version": "2"}])
def test_another_key_or_program_version_makes_the_page_again(
    tmp_path: Path, change: dict[str, str]
) -> None:
    """If its bytes are the same, the file stays."""
    output, page = tmp_path / "output", Page()
    build(output, page)
    assert build(output, page, **change) == ()
    assert page.made == 2


def _restore(file: Path, text: bytes) -> None:
    """Change the content in place, and give the file its old time."""
    times = file.stat()
    file.write_bytes(text)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


@pytest.mark.parametrize(
    "harm",
    [
        lambda file: file.write_bytes(b"PAGE"),
        lambda file: file.write_bytes(b"longer than it was"),
        lambda file: file.unlink(),
        lambda file: _restore(file, b"PAGE"),
        lambda file: file.chmod(0o600),
    ],
)
def test_output_changed_by_hand_is_restored(
    tmp_path: Path, harm: Callable[[Path], object]
) -> None:
    """Even if size and time of the file are the same."""
    output, page = tmp_path / "output", Page()
    build(output, page)
    harm(output / PATH)
    assert build(output, page) == (PATH,)
    assert (output / PATH).read_bytes() == b"page"
    assert (output / PATH).stat().st_mode & 0o777 == 0o644


def test_output_changed_during_a_build_is_mended_by_the_next(tmp_path: Path) -> None:
    """The build looked at the page before somebody changed it, and keeps it."""
    output, page = tmp_path / "output", Page()
    build(output, page)

    def other() -> Iterator[bytes]:
        (output / PATH).write_bytes(b"PAGE!")
        yield b"other"

    files = [Artifact(PATH, page.chunks, "one"), Artifact("site/other.html", other)]
    write_output(output, files, ledger=read_ledger(output, version="1"))
    assert (output / PATH).read_bytes() == b"PAGE!"
    assert build(output, page) == (PATH,)
    assert (output / PATH).read_bytes() == b"page"


def test_output_changed_after_it_was_compared_is_mended_by_the_next(tmp_path: Path) -> None:
    """The page was made again and is the same; somebody changes it while the build goes on."""
    output, page = tmp_path / "output", Page()
    build(output, page)

    def other() -> Iterator[bytes]:
        (output / PATH).write_bytes(b"PAGE!")
        os.utime(output / PATH, (1, 1))  # long ago: its hash is not in doubt
        yield b"other"

    files = [Artifact(PATH, page.chunks, "two"), Artifact("site/other.html", other)]
    write_output(output, files, ledger=read_ledger(output, version="1"))
    assert (output / PATH).read_bytes() == b"PAGE!"
    assert build(output, page, key="two") == (PATH,)
    assert (output / PATH).read_bytes() == b"page"


@pytest.mark.parametrize(
    "harm",
    [
        lambda folder: (folder / "files.json").write_bytes(b""),
        lambda folder: (folder / "files.json").write_bytes(b"[]"),
        lambda folder: (folder / "files.json").write_text(json.dumps({"version": "1"})),
        lambda folder: (folder / "files.json").write_bytes(
            (folder / "files.json").read_bytes()[:-9]
        ),
        lambda folder: forget(folder.parent / "output"),
    ],
)
def test_a_damaged_ledger_is_ignored(tmp_path: Path, harm: Callable[[Path], object]) -> None:
    """Cut short, in another form, or deleted: everything is made again, and correctly."""
    output, page = tmp_path / "output", Page()
    build(output, page)
    harm(cache_folder(output))
    assert build(output, page) == ()
    assert page.made == 2
    assert build(output, page) == ()
    assert page.made == 2


def test_a_full_disk_leaves_no_part_of_a_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file before stays, and nothing lies beside it."""
    output = tmp_path / "output"
    write_cache(output, "plan.bin", b"old")
    files = sorted(cache_folder(output).iterdir())

    def full(path: Path, *_: object, **__: object) -> None:
        path.write_bytes(b"par")
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(ledger_module, "write_file", full)
    write_cache(output, "plan.bin", b"new")

    assert sorted(cache_folder(output).iterdir()) == files
    assert (cache_folder(output) / "plan.bin").read_bytes() == b"old"


def test_a_build_removes_what_a_killed_one_left_of_a_cache(tmp_path: Path) -> None:
    """The plan of a day names its customers; no other build knows that it is there."""
    output, page = tmp_path / "output", Page()
    write_cache(output, "plan.bin", b"whole")
    left = cache_folder(output) / "plan.bin.4711.new"
    left.write_bytes(b"Zo")

    build(output, page)

    assert not left.exists()
    assert (cache_folder(output) / "plan.bin").read_bytes() == b"whole"


def test_an_unchanged_picture_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If it has not changed for some seconds, it is neither read nor compared."""
    output, picture = tmp_path / "output", tmp_path / "picture.png"
    picture.write_bytes(b"old")
    os.utime(picture, (1, 1))
    files = [Artifact("site/picture.png", picture)]
    write_output(output, files, ledger=read_ledger(output, version="1"))
    read: list[str] = []
    monkeypatch.setattr(staging, "compared", lambda file, _: (read.append(file.name), None))
    write_output(output, files, ledger=read_ledger(output, version="1"))
    assert read == ["manifest.json"]
    monkeypatch.undo()
    picture.write_bytes(b"new")
    write_output(output, files, ledger=read_ledger(output, version="1"))
    assert (output / "site/picture.png").read_bytes() == b"new"


def test_the_site_is_searched_again_for_other_values(tmp_path: Path) -> None:
    """Pages searched for the same values are skipped; for others the existing page is read."""
    output, page = tmp_path / "output", Page()
    files = [Artifact(PATH, page.chunks, "one"), Artifact("site/new.html", b"new")]
    write_output(output, files, ledger=read_ledger(output, version="1"), searched="customers")
    ledger = read_ledger(output, version="1")
    assert list(ledger.unsearched(files, "customers")) == files[1:]
    searched_again = list(ledger.unsearched(files, "more customers"))
    assert [(artifact.path, artifact.content) for artifact in searched_again] == [
        (PATH, b"page"),
        ("site/new.html", b"new"),
    ]
    assert page.made == 1


def test_the_cache_is_private_and_left_out_of_git(tmp_path: Path) -> None:
    """It names files that name customers."""
    build(tmp_path / "output", Page())
    folder = cache_folder(tmp_path / "output")
    assert (folder / ".gitignore").read_text() == "*\n"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in folder.iterdir())
