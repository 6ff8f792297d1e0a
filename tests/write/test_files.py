"""Long files are written directly, and hold the same bytes."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from newsletter.write import files, long_files

SIZES = [7, 40_000, 1, 4_096, 8_192, 0, 3, 100_000]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_LONG", 20_000)
    monkeypatch.setattr(long_files, "_BLOCK", 8_192)


@pytest.mark.parametrize("turn", range(len(SIZES)))
def test_chunks_of_any_sizes_are_written_as_they_are(turn: int, tmp_path: Path) -> None:
    """Wherever the pages begin and the file ends."""
    chunks = [os.urandom(size) for size in SIZES[turn:] + SIZES[:turn]]
    files.write_file(tmp_path / "long", chunks, mode=0o640)
    assert (tmp_path / "long").read_bytes() == b"".join(chunks)
    assert (tmp_path / "long").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("size", [19_999, 20_000, 20_480, 28_672])
def test_a_single_chunk_may_be_long(size: int, tmp_path: Path) -> None:
    """It is cut at the page."""
    content = os.urandom(size)
    files.write_file(tmp_path / "long", [content], mode=0o600)
    assert (tmp_path / "long").read_bytes() == content


def test_where_direct_writes_fail_the_file_is_written_as_usual(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some file systems refuse them only when they are tried."""
    write, tried = os.write, []

    def refuse_once(handle: int, data: memoryview) -> int:
        tried.append(len(data))
        if len(tried) == 1:
            raise OSError(errno.EINVAL, "Invalid argument")
        return write(handle, data)

    monkeypatch.setattr(os, "write", refuse_once)
    monkeypatch.setattr(long_files, "_set_direct", lambda _handle, on: not on and len(tried) == 1)
    chunks = [os.urandom(size) for size in SIZES]
    files.write_file(tmp_path / "long", chunks, mode=0o600)
    assert (tmp_path / "long").read_bytes() == b"".join(chunks)


def test_a_full_disk_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not taken for a file system without direct writes."""

    def full(_handle: int, _data: memoryview) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space left"):
        files.write_file(tmp_path / "long", [bytes(100_000)], mode=0o600)
