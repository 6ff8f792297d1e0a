"""Files written beside those of a build."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from newsletter.errors import NewsletterError
from newsletter.model.artifact import Artifact
from newsletter.write import write_into, write_output
from newsletter.write.folder import IGNORED, MARKER
from newsletter.write.manifest import MANIFEST

BUILT = [Artifact("site/index.html", b"site"), Artifact("private/index.html", b"old")]


def tree(folder: Path) -> dict[str, bytes]:
    """Return path → bytes of every file."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def named(output: Path) -> set[str]:
    """Return the paths that the manifest names."""
    return set(json.loads((output / MANIFEST).read_bytes())["files"])


def test_files_are_written_beside_a_build(tmp_path: Path) -> None:
    """New files are added, old ones of the same name replaced, all others untouched."""
    output = tmp_path / "output"
    write_output(output, BUILT)
    before = (output / "site/index.html").stat().st_ino
    report = write_into(
        output, [Artifact("private/plan.csv", b"plan"), Artifact("private/index.html", b"new")]
    )
    files = tree(output)
    assert {path: files[path] for path in named(output)} == {
        "site/index.html": b"site",
        "private/index.html": b"new",
        "private/plan.csv": b"plan",
    }
    assert files.keys() == named(output) | {MANIFEST, MARKER, IGNORED}
    assert report.written == ("private/plan.csv", "private/index.html")
    assert (output / "site/index.html").stat().st_ino == before
    assert stat.S_IMODE((output / "private/plan.csv").stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"output", ".output.cache"}


def test_the_next_build_removes_files_written_beside_it(tmp_path: Path) -> None:
    """If it does not make them itself; they are not reported as foreign."""
    output = tmp_path / "output"
    write_output(output, BUILT)
    write_into(output, [Artifact("private/care/plan.csv", b"plan")])
    assert write_output(output, BUILT).removed == ("private/care/plan.csv",)


def test_files_can_be_written_before_the_first_build(tmp_path: Path) -> None:
    """As `newsletter today` does; a build may follow."""
    output = tmp_path / "a/output"
    write_into(output, [Artifact("private/care/nora.html", b"page")])
    assert tree(output).keys() == {"private/care/nora.html", MANIFEST, MARKER, IGNORED}
    assert stat.S_IMODE((output / "private").stat().st_mode) == 0o700
    assert stat.S_IMODE(output.stat().st_mode) == 0o755
    write_output(output, BUILT)


def test_the_same_files_again_touch_nothing(tmp_path: Path) -> None:
    """Inode and time of every file stay."""
    output = tmp_path / "output"
    files = [Artifact("private/plan.csv", b"plan")]
    write_into(output, files)
    before = {path: path.stat().st_mtime_ns for path in output.rglob("*")}
    assert write_into(output, files).written == ()
    assert {path: path.stat().st_mtime_ns for path in output.rglob("*")} == before


def test_a_file_may_be_its_own_content(tmp_path: Path) -> None:
    """This is how a filled work list stays, in a build and beside one."""
    output = tmp_path / "output"
    write_output(output, [Artifact("private/care/lists/nora.csv", b"empty")])
    file = output / "private/care/lists/nora.csv"
    file.write_bytes(b"filled in")
    file.chmod(0o644)
    for write in (write_into, write_output):
        write(output, [Artifact("private/care/lists/nora.csv", file)])
        assert file.read_bytes() == b"filled in"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        write_output(output, [Artifact("private/care/lists/nora.csv", file), *BUILT])
        assert file.read_bytes() == b"filled in"


def test_without_a_manifest_nothing_is_written(tmp_path: Path) -> None:
    """It would name only the new files, and the others would be foreign to the next build."""
    output = tmp_path / "output"
    write_output(output, BUILT)
    (output / MANIFEST).unlink()
    before = tree(output)

    with pytest.raises(NewsletterError, match="which tells our files from yours, is missing"):
        write_into(output, [Artifact("private/plan.csv", b"plan")])

    assert tree(output) == before


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    """Nothing is written into it."""
    (tmp_path / "output").mkdir()
    (tmp_path / "output/mine.txt").write_text("mine")
    with pytest.raises(NewsletterError, match="was not made by newsletter"):
        write_into(tmp_path / "output", BUILT)
    assert tree(tmp_path / "output") == {"mine.txt": b"mine"}


def test_a_bad_path_or_a_collision_leaves_the_output(tmp_path: Path) -> None:
    """Also a collision with a file of the build that differs only in case."""
    output = tmp_path / "output"
    write_output(output, BUILT)
    before = tree(output)
    for path in ("private/../x", "elsewhere/x", "private/INDEX.html", "private/index.html/x"):
        with pytest.raises(NewsletterError):
            write_into(output, [Artifact("private/a", b"a"), Artifact(path, b"x")])
        assert tree(output) == before


CHILD = """
import sys
from pathlib import Path
from newsletter.model.artifact import Artifact
from newsletter.write import write_into
for version in range(10_000):
    files = [Artifact(f"private/{n}.txt", b"%05d" % version * 9000) for n in range(version % 40)]
    write_into(Path(sys.argv[1]), files)
    print(version, flush=True)
"""


@pytest.mark.slow
def test_a_run_killed_at_any_moment_leaves_a_valid_output(tmp_path: Path) -> None:
    """After SIGKILL every file is whole and in the manifest, and a build succeeds."""
    output = tmp_path / "output"
    for moment in range(6):
        command = [sys.executable, "-c", CHILD, str(output)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(0.05 + moment / 60)
            child.send_signal(signal.SIGKILL)
        files = tree(output)
        assert files.keys() - {MANIFEST, MARKER, IGNORED} <= named(output)
        for path in files.keys() & {f"private/{number}.txt" for number in range(40)}:
            assert files[path] == files[path][:5] * 9000
        write_output(output, BUILT)
        assert {path.name for path in tmp_path.iterdir()} == {"output", ".output.cache"}
    assert [path.name for path in (output / "site").iterdir()] == ["index.html"]
