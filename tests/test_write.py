"""How artifacts become output/."""

from __future__ import annotations

import errno
import json
import os
import random
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import EXAMPLE_DAY, Silent

from newsletter.build import build
from newsletter.errors import NewsletterError
from newsletter.model.artifact import Artifact
from newsletter.write import swap, write_new, write_output
from newsletter.write.folder import IGNORED, MARKER, discard
from newsletter.write.lock import only_writer
from newsletter.write.manifest import MANIFEST

CACHE = ".output.cache"
BIG = 3 << 20


def artifacts(version: int = 1, *, files: int = 6) -> list[Artifact]:
    """Return some public and private files; every second one changes with the version."""
    return [
        Artifact(
            f"{'site' if number % 3 else 'private'}/folder{number % 2}/{number}.txt",
            f"{number} {version if number % 2 else 'same'}\n".encode() * 2000,
        )
        for number in range(files)
    ]


def tree(folder: Path) -> dict[str, bytes]:
    """Return path → bytes of every file."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def state(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Return path → inode, modification time and mode of every file and folder."""
    return {
        str(path): (status.st_ino, status.st_mtime_ns, status.st_mode)
        for path in sorted(folder.rglob("*"))
        for status in [path.lstat()]
    }


def test_a_first_build_writes_everything_and_leaves_nothing_beside(tmp_path: Path) -> None:
    """The output has the artifacts, manifest and marker; beside it is only the cache."""
    report = write_output(tmp_path / "output", artifacts())
    assert tree(tmp_path / "output").keys() == {
        MARKER, IGNORED, MANIFEST, *(artifact.path for artifact in artifacts())
    }  # fmt: skip
    assert set(report.written) == tree(tmp_path / "output").keys() - {MARKER, IGNORED}
    assert report.unchanged == report.removed == ()
    assert {path.name for path in tmp_path.iterdir()} == {"output", CACHE}


def test_a_second_build_touches_nothing(tmp_path: Path) -> None:
    """Inodes, times and modes of every file and folder stay, also those of the parent."""
    write_output(tmp_path / "output", artifacts())
    before = state(tmp_path), tmp_path.stat().st_mtime_ns
    report = write_output(tmp_path / "output", artifacts())
    assert (state(tmp_path), tmp_path.stat().st_mtime_ns) == before
    assert report.written == report.removed == ()
    assert len(report.unchanged) == len(artifacts()) + 1


def test_only_changed_files_are_touched(tmp_path: Path) -> None:
    """An unchanged file keeps inode and time beside a changed one."""
    output = tmp_path / "output"
    write_output(output, artifacts(1))
    before = state(output)
    report = write_output(output, artifacts(2))
    after = state(output)
    assert set(report.written) == {"site/folder1/1.txt", "private/folder1/3.txt",
                                   "site/folder1/5.txt", MANIFEST}  # fmt: skip
    for path in report.unchanged:
        assert after[str(output / path)] == before[str(output / path)]
    for path in report.written:
        assert after[str(output / path)][0] != before[str(output / path)][0]
    assert tree(output).items() >= {a.path: a.content for a in artifacts(2)}.items()


def test_stale_files_and_their_folders_are_removed(tmp_path: Path) -> None:
    """Files that are no longer made are deleted, and the report names them."""
    output = tmp_path / "output"
    write_output(output, [*artifacts(), Artifact("site/old/page.html", b"old")])
    report = write_output(output, artifacts())
    assert report.removed == ("site/old/page.html",)
    assert report.written == (MANIFEST,)
    assert not (output / "site/old").exists()


def test_the_manifest_names_hash_and_size_of_every_file(tmp_path: Path) -> None:
    """It is sorted and says nothing about the machine."""
    write_output(tmp_path / "output", [Artifact("site/b", b"b"), Artifact("site/a", b"")])
    manifest = (tmp_path / "output" / MANIFEST).read_text()
    assert list(json.loads(manifest)["files"]) == ["site/a", "site/b"]
    assert json.loads(manifest)["files"]["site/b"] == {
        "sha256": "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d",
        "size": 1,
    }
    assert str(tmp_path) not in manifest


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
def test_modes_do_not_depend_on_the_umask(tmp_path: Path, umask: int) -> None:
    """Private files are 0600 in folders of 0700, public ones 0644 in 0755."""
    before = os.umask(umask)
    try:
        write_output(tmp_path / "output", artifacts())
    finally:
        os.umask(before)
    for path in (tmp_path / "output").rglob("*"):
        private = "private" in path.relative_to(tmp_path / "output").parts
        expected = (
            (0o700 if private else 0o755) if path.is_dir() else (0o600 if private else 0o644)
        )
        assert stat.S_IMODE(path.stat().st_mode) == expected, path


def test_wrong_modes_are_corrected(tmp_path: Path) -> None:
    """The mode of a file or folder counts as a change."""
    output = tmp_path / "output"
    write_output(output, artifacts())
    (output / "private/folder0/0.txt").chmod(0o644)
    assert write_output(output, artifacts()).written == ("private/folder0/0.txt",)
    (output / "private").chmod(0o755)
    write_output(output, artifacts())
    assert stat.S_IMODE((output / "private").stat().st_mode) == 0o700
    assert stat.S_IMODE((output / "private/folder0/0.txt").stat().st_mode) == 0o600


def test_an_edited_file_is_restored(tmp_path: Path) -> None:
    """Bytes are compared, not the manifest."""
    output = tmp_path / "output"
    write_output(output, artifacts())
    (output / "site/folder1/1.txt").write_text("edited")
    assert write_output(output, artifacts()).written == ("site/folder1/1.txt",)
    assert tree(output).items() >= {a.path: a.content for a in artifacts()}.items()


@pytest.mark.parametrize("kept", [0, 1, 70_000, BIG - 1, BIG])
def test_a_stream_is_written_from_its_first_difference(tmp_path: Path, kept: int) -> None:
    """Each chunk is made once, and the result is right wherever the difference is."""
    old, new = b"a" * BIG, b"a" * kept + b"b" * (BIG - kept)
    calls = []

    def chunks() -> Iterator[bytes]:
        calls.append(1)
        yield from (new[start : start + 65_521] for start in range(0, BIG, 65_521))

    write_output(tmp_path / "output", [Artifact("private/x.mbox", lambda: iter([old]))])
    report = write_output(tmp_path / "output", [Artifact("private/x.mbox", chunks)])
    assert (tmp_path / "output/private/x.mbox").read_bytes() == new
    assert calls == [1]
    assert ("private/x.mbox" in report.written) == (old != new)


@pytest.mark.parametrize("length", [0, 1, 99, 100, 101, 300])
def test_a_stream_may_become_shorter_or_longer(tmp_path: Path, length: int) -> None:
    """A file that begins like the old one gets exactly the new length."""
    write_output(tmp_path / "output", [Artifact("private/x", b"a" * 100)])
    write_output(tmp_path / "output", [Artifact("private/x", lambda: [b"a" * length])])
    assert (tmp_path / "output/private/x").read_bytes() == b"a" * length


def test_a_path_as_content_is_copied(tmp_path: Path) -> None:
    """With the mode of the output, not its own."""
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG")
    picture.chmod(0o400)
    write_output(tmp_path / "output", [Artifact("site/picture.png", picture)])
    copy = tmp_path / "output/site/picture.png"
    assert copy.read_bytes() == b"\x89PNG"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o644


def test_a_file_may_become_a_folder_and_back(tmp_path: Path) -> None:
    """In a later build."""
    output = tmp_path / "output"
    for path in ("site/a", "site/a/b", "site/a"):
        write_output(output, [Artifact(path, b"x")])
        assert tree(output).keys() == {MARKER, IGNORED, MANIFEST, path}


def test_files_are_copied_if_hard_links_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The result is the same, including time and mode."""
    output = tmp_path / "output"
    write_output(output, artifacts(1))
    times = {path: (output / path).stat().st_mtime_ns for path in tree(output)}

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links")

    monkeypatch.setattr(os, "link", refuse)
    report = write_output(output, artifacts(2))
    assert tree(output).items() >= {a.path: a.content for a in artifacts(2)}.items()
    for path in report.unchanged:
        assert (output / path).stat().st_mtime_ns == times[path]


# -- places and paths ------------------------------------------------------------------------


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    """A project's own folder, or any other with files, is left alone."""
    (tmp_path / "content").mkdir()
    (tmp_path / "content/newsletter.yml").write_text("business:")
    for folder in (tmp_path, tmp_path / "content"):
        with pytest.raises(NewsletterError, match="was not made by newsletter"):
            write_output(folder, artifacts())
    assert tree(tmp_path).keys() == {"content/newsletter.yml"}


def test_the_whole_disk_and_home_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even an empty home folder is not replaced."""
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(NewsletterError, match="is your home folder"):
        write_output(tmp_path, artifacts())
    with pytest.raises(NewsletterError, match="is the whole disk"):
        write_output(Path("/"), artifacts())
    assert list(tmp_path.iterdir()) == []


def test_a_mount_point_is_refused_before_anything_is_read() -> None:
    """It cannot be exchanged in one step."""
    with pytest.raises(NewsletterError, match="is where a disk is mounted") as caught:
        build(
            Path("nowhere"), output=Path("/dev"), today=EXAMPLE_DAY, issue=None, progress=Silent()
        )
    assert (
        caught.value.problems[0].hint == "choose a folder on that disk: --output /dev/newsletter"
    )


def test_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    """The folder behind it may be somebody else's."""
    (tmp_path / "there").mkdir()
    (tmp_path / "output").symlink_to(tmp_path / "there")
    with pytest.raises(NewsletterError, match="is a link to another folder"):
        write_output(tmp_path / "output", artifacts())
    assert list((tmp_path / "there").iterdir()) == []


def test_an_empty_folder_may_become_the_output(tmp_path: Path) -> None:
    """Also with files that a file manager left."""
    (tmp_path / "output").mkdir()
    (tmp_path / "output/.DS_Store").write_bytes(b"")
    write_output(tmp_path / "output", artifacts())
    assert (tmp_path / "output" / MARKER).is_file()


def test_a_foreign_file_stops_the_build(tmp_path: Path) -> None:
    """A user's file in output/ would be lost; the error names it."""
    output = tmp_path / "output"
    write_output(output, artifacts())
    (output / "private/notes.odt").write_text("mine")
    (output / "site/link").symlink_to(tmp_path)
    before = state(tmp_path)
    with pytest.raises(NewsletterError) as caught:
        write_output(output, artifacts(2))
    assert [problem.message for problem in caught.value.problems] == [
        f"{output}/private/notes.odt was not written by newsletter",
        f"{output}/site/link was not written by newsletter",
    ]
    assert state(tmp_path) == before


def test_litter_does_not_stop_the_build(tmp_path: Path) -> None:
    """Files that file managers and office programs leave are removed."""
    output = tmp_path / "output"
    write_output(output, artifacts())
    for name in (".DS_Store", "Thumbs.db", "~$letter.docx", ".~lock.recipients.csv#"):
        (output / "private" / name).write_text("")
    write_output(output, artifacts(2))
    assert tree(output).keys() == {MARKER, IGNORED, MANIFEST, *(a.path for a in artifacts())}


@pytest.mark.parametrize("manifest", [None, b"", b"[]", b'{"files": 3}', b'{"fil'])
def test_without_its_manifest_nothing_of_an_output_is_replaced(
    tmp_path: Path, manifest: bytes | None
) -> None:
    """Nobody can tell then which files are the user's."""
    output = tmp_path / "output"
    write_output(output, artifacts())
    (output / "private/taxes").mkdir()
    (output / "private/taxes/2025.txt").write_text("mine")
    (output / MANIFEST).unlink() if manifest is None else (output / MANIFEST).write_bytes(manifest)
    before = state(tmp_path)

    with pytest.raises(NewsletterError) as caught:
        write_output(output, artifacts(2))

    assert str(caught.value) == (
        f"{output}/{MANIFEST}, which tells our files from yours, is missing or damaged\n"
        f"  hint: move files of yours out of {output}, remove it, then build again"
    )
    assert state(tmp_path) == before


@pytest.mark.parametrize(
    "path",
    ["page.html", "site", "site/", "site//x", "site/../../x", "/site/x", "site/./x", "other/x",
     "site/nul", "private/CON.txt", "site/x.", "site/x ", "site/a:b", "site/a\\b", "site/a\0b",
     "site/" + "x" * 256, "private/a\nb"],
)  # fmt: skip
def test_invalid_paths_are_refused(tmp_path: Path, path: str) -> None:
    """Paths are below site/ and private/ and valid on every system; nothing is written."""
    with pytest.raises(NewsletterError):
        write_output(tmp_path / "output", [Artifact("site/a", b""), Artifact(path, b"")])
    assert {entry.name for entry in tmp_path.iterdir()} == {CACHE}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("site/a.html", "site/a.html"),
        ("site/a.html", "site/A.html"),
        ("site/stra\u00dfe", "site/strasse"),
        ("site/\u00e9", "site/e\u0301"),
        ("site/a", "site/a/b"),
        ("site/a/b", "site/a"),
        ("site/a/b", "site/A/c"),
        ("private/manifest.json", "site/x"),
    ],
)
def test_two_artifacts_in_one_place_are_refused(tmp_path: Path, one: str, other: str) -> None:
    """Also if they differ only in case or Unicode form."""
    pair = [Artifact(one, b"1"), Artifact(other, b"2")]
    with pytest.raises(NewsletterError, match="two files would be written to one place"):
        write_output(tmp_path / "output", pair)


# -- two builds, full disks, killed builds ---------------------------------------------------


def test_of_two_builds_the_second_fails_cleanly(tmp_path: Path) -> None:
    """It says that another build is writing, and disturbs nothing."""

    def second() -> Iterator[Artifact]:
        yield from artifacts(2)
        with pytest.raises(NewsletterError, match="another build is writing"):
            write_output(tmp_path / "output", artifacts(3))

    write_output(tmp_path / "output", artifacts(1))
    write_output(tmp_path / "output", second())
    assert tree(tmp_path / "output").items() >= {a.path: a.content for a in artifacts(2)}.items()


def test_an_error_while_rendering_leaves_the_previous_output(tmp_path: Path) -> None:
    """An artifact that cannot be made stops the build, and nothing stays beside the output."""
    output = tmp_path / "output"
    write_output(output, artifacts(1))
    before = state(tmp_path)

    def failing() -> Iterator[Artifact]:
        yield from artifacts(2)
        raise NewsletterError.at("a bad value")

    with pytest.raises(NewsletterError, match="a bad value"):
        write_output(output, failing())
    assert {path: entry[:2] for path, entry in state(tmp_path).items()} == {
        path: entry[:2] for path, entry in before.items()
    }


FAULTS = ["open", "fsync", "mkdir", "rename", "chmod"]


@pytest.mark.parametrize("call", FAULTS)
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_a_disk_error_leaves_the_previous_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    """Whichever call fails, at whichever use: an error with a hint, and the old output."""
    output = tmp_path / "output"
    write_output(output, artifacts(1))
    old, new = tree(output), {a.path: a.content for a in artifacts(2)}
    real = getattr(os, call)
    succeeded = False
    for allowed in range(60):
        remaining = iter(range(allowed))

        def sometimes(
            *args: object, remaining: Iterator[int] = remaining, **keywords: object
        ) -> object:
            if next(remaining, None) is None:
                raise OSError(number, os.strerror(number))
            return real(*args, **keywords)

        with monkeypatch.context() as patch:
            patch.setattr(os, call, sometimes)
            if call == "rename":
                patch.setattr(swap, "_exchanged", lambda *_: False)
            try:
                write_output(output, artifacts(2))
                succeeded = True
            except NewsletterError as error:
                assert error.problems[0].hint
        if succeeded:
            break
        whole = output if output.exists() else swap.old_name(output)
        assert tree(whole) == old, f"after {allowed} calls of {call}"
    assert succeeded
    assert write_output(output, artifacts(2)).written == ()  # and removes leftovers
    assert {path.name for path in tmp_path.iterdir()} == {"output", CACHE}
    assert tree(output).items() >= new.items()


def test_a_full_disk_in_the_middle_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old file stays, and the hint says to make room."""
    output = tmp_path / "output"
    write_output(output, [Artifact("private/x.mbox", b"old")])

    def full() -> Iterator[bytes]:
        yield b"new" * BIG
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(NewsletterError, match="no space left on device") as caught:
        write_output(output, [Artifact("private/x.mbox", full)])
    assert "make room" in caught.value.problems[0].hint
    assert (output / "private/x.mbox").read_bytes() == b"old"


def test_two_renames_replace_the_output_if_folders_cannot_be_exchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The result is the same, and nothing stays beside it."""
    monkeypatch.setattr(swap, "_exchanged", lambda *_: False)
    for version in (1, 2):
        write_output(tmp_path / "output", artifacts(version))
        assert {path.name for path in tmp_path.iterdir()} == {"output", CACHE}
    assert tree(tmp_path / "output").items() >= {a.path: a.content for a in artifacts(2)}.items()


def test_a_build_killed_between_the_two_renames_is_undone(tmp_path: Path) -> None:
    """The next build restores the previous output first, so that unchanged files stay."""
    output = tmp_path / "output"
    write_output(output, artifacts())
    inode = (output / "site/folder1/1.txt").stat().st_ino
    output.rename(swap.old_name(output))
    assert write_output(output, artifacts()).written == ()
    assert (output / "site/folder1/1.txt").stat().st_ino == inode
    assert {path.name for path in tmp_path.iterdir()} == {"output", CACHE}


def test_a_foreign_folder_beside_the_output_is_not_removed(tmp_path: Path) -> None:
    """Only folders with our marker are."""
    (tmp_path / ".output.new").mkdir()
    (tmp_path / ".output.new/mine.txt").write_text("mine")
    with pytest.raises(NewsletterError, match="was not made by newsletter"):
        write_output(tmp_path / "output", artifacts())
    assert (tmp_path / ".output.new/mine.txt").read_text() == "mine"


CHILD = """
import sys
sys.path[:0] = {path!r}
from pathlib import Path
from test_write import artifacts
from newsletter.write import swap
from newsletter.write import write_output
if {fallback}:
    swap._exchanged = lambda *_: False
for version in range(1, 10_000):
    write_output(Path({output!r}), artifacts(version, files=40))
    print(version, flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("fallback", [False, True])
def test_a_build_killed_at_any_moment_leaves_old_or_new(tmp_path: Path, fallback: bool) -> None:
    """After SIGKILL the output is one whole version; the next build succeeds and cleans up."""
    output = tmp_path / "output"
    code = CHILD.format(path=[str(Path(__file__).parent)], output=str(output), fallback=fallback)
    moments = random.Random(1)
    for _ in range(8):
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(moments.random() / 10)
            child.send_signal(signal.SIGKILL)
        for folder in tmp_path.iterdir():
            assert (folder / IGNORED).is_file() or not (folder / "private").exists()
        whole = swap.old_name(output) if not output.exists() else output
        output_tree = tree(whole)
        version = int(output_tree["site/folder1/1.txt"].split()[1])
        assert (
            output_tree.items()
            >= {a.path: a.content for a in artifacts(version, files=40)}.items()
        )
        assert set(json.loads(output_tree[MANIFEST])["files"]) == output_tree.keys() - {
            MANIFEST,
            MARKER,
            IGNORED,
        }
        write_output(output, artifacts(-1, files=40))
        assert {path.name for path in tmp_path.iterdir()} == {"output", CACHE}


def test_what_is_removed_stays_out_of_git_to_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file that says so goes after everything else, because a kill may come at any moment."""
    write_output(tmp_path / "output", artifacts())
    removed: list[str] = []

    def unlink(path: Path, missing_ok: bool = False) -> None:
        removed.append(path.name)

    monkeypatch.setattr(shutil, "rmtree", lambda path: removed.append(path.name))
    monkeypatch.setattr(Path, "unlink", unlink)
    discard(tmp_path / "output")

    assert sorted(removed[:-2]) == ["private", "site"]
    assert removed[-2:] == [IGNORED, "output"]


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_private_folders_are_private_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    """So are tables of customers, the cache and the folder in which a build begins."""
    before = os.umask(mask)
    try:
        write_output(tmp_path / "output", artifacts())
        write_new(tmp_path / "content/customers/customers.csv", b"email", private=True)
        with only_writer(tmp_path / "kept"):
            pass
    finally:
        os.umask(before)

    modes = {
        path.relative_to(tmp_path).as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in tmp_path.rglob("*")
    }
    private = [path for path in modes if not re.match(r"content$|output$|output/(site|\.)", path)]
    assert {path: modes[path] & 0o077 for path in private} == dict.fromkeys(private, 0)


@pytest.mark.slow
def test_the_tree_does_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    """Two builds with other hash seeds, zones and locales give the same bytes."""
    trees = []
    for seed, zone, language in (("1", "Pacific/Kiritimati", "C"), ("2", "UTC", "tr_TR.UTF-8")):
        output = tmp_path / seed / "output"
        code = CHILD.format(
            path=[str(Path(__file__).parent)], output=str(output), fallback=False
        ).replace("10_000", "2")
        environment = {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language}
        subprocess.run([sys.executable, "-c", code], env=environment, check=True)
        trees.append(tree(output))
    assert trees[0] == trees[1]


# -- single new files ------------------------------------------------------------------------


def test_a_new_file_gets_its_folders(tmp_path: Path) -> None:
    """A starter file is written whole, and nothing beside it."""
    write_new(tmp_path / "a/b/newsletter.yml", b"business:\n")
    write_new(tmp_path / "a/b/secret.txt", b"x", private=True)
    assert tree(tmp_path) == {"a/b/newsletter.yml": b"business:\n", "a/b/secret.txt": b"x"}
    assert stat.S_IMODE((tmp_path / "a/b/secret.txt").stat().st_mode) == 0o600


@pytest.mark.parametrize("links", [True, False])
def test_a_new_file_never_replaces_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    """An existing file stays, also on a file system without hard links."""
    if not links:
        monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError(errno.EPERM, "")))
    write_new(tmp_path / "x.md", b"mine")
    with pytest.raises(NewsletterError, match="exists already"):
        write_new(tmp_path / "x.md", b"other")
    assert tree(tmp_path) == {"x.md": b"mine"}
