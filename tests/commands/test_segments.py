"""The segments, and who is in them."""

import json
from pathlib import Path

from support import run

TODAY = ("--today", "2026-11-05")


def test_segments(root: Path) -> None:
    """Name, number, share and rule of each segment."""
    result = run("segments", "--project", root, *TODAY)
    assert result.stdout == (
        "1 segment of 2 customers\n\n"
        "segment   customers  share  rule\n"
        "regulars          1    50%  orders_count >= 3\n\n"
        "next: newsletter segments NAME\n"
    )


def test_segment_members(root: Path) -> None:
    """With a name, who is in it."""
    result = run("segments", "regulars", "--project", root, *TODAY)
    assert "1   Zoë Miller" in result.stdout
    assert "O'Brien" not in result.stdout
    members = json.loads(run("segments", "regulars", "--json", "--project", root, *TODAY).stdout)
    assert members == [{"id": "1", "name": "Zoë Miller", "city": None}]


def test_unknown_segment(root: Path) -> None:
    """A misspelt name is answered with the nearest one."""
    result = run("segments", "regular", "--project", root, *TODAY)
    assert (result.exit_code, "did you mean 'regulars'?" in result.stderr) == (1, True)


def test_misspelt_field(root: Path) -> None:
    """A rule that names no field says which one was probably meant."""
    file = root / "content/segments.yml"
    file.write_text("a: order_count >= 3\n", encoding="utf-8")
    result = run("segments", "--project", root, *TODAY)
    assert result.exit_code == 1
    assert "content/segments.yml:1:4: " in result.stderr
    assert "orders_count" in result.stderr
