"""segments.yml holds rules, short or written out."""

from pathlib import Path

from newsletter.errors import Problem
from newsletter.model.entry import Segment
from newsletter.read.content.segments_yml import read_segments


def read(tmp_path: Path, text: str) -> tuple[tuple[Segment, ...], list[Problem]]:
    """Return the segments of a file, and its problems."""
    file = tmp_path / "segments.yml"
    file.write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    return read_segments(file, shown="content/segments.yml", problems=problems), problems


def test_both_forms(tmp_path: Path) -> None:
    """The order of the file stays, and each rule knows where it stands."""
    text = 'vip: points > 5\nlapsed:\n  rule: "x > 1"\n  description: Gone.\n'
    segments, problems = read(tmp_path, text)
    assert not problems
    assert [(s.name, s.rule.text, s.description) for s in segments] == [
        ("vip", "points > 5", ""),
        ("lapsed", "x > 1", "Gone."),
    ]
    assert [str(s.rule.at) for s in segments] == [
        "content/segments.yml:1:6",
        "content/segments.yml:3:10",
    ]


def test_no_file(tmp_path: Path) -> None:
    """A project needs no segments."""
    assert read_segments(tmp_path / "segments.yml", shown="s", problems=[]) == ()
