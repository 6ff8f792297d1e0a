"""The keys of front matter, as docs/writing-content.md lists them."""

import re
from pathlib import Path

import pytest

from newsletter.model.entry import KINDS
from newsletter.read.content.front_matter import ENTRY_KEYS, IssueKeys, keys_elsewhere

DOCS = Path(__file__).parents[3] / "docs/writing-content.md"


def section(heading: str) -> str:
    """Return the text of one section of the documentation."""
    text = DOCS.read_text(encoding="utf-8")
    return text.split(f"## {heading}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize("kind", list(ENTRY_KEYS))
def test_documented_entry_keys(kind: str) -> None:
    """The documentation lists exactly the keys that each kind has."""
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|", section("Keys of an entry"), re.MULTILINE)
    assert {key for key, kinds in rows if kinds in ("all", kind)} == set(
        ENTRY_KEYS[kind].model_fields
    )


def test_documented_issue_keys() -> None:
    """The documentation lists exactly the keys of an issue."""
    rows = re.findall(r"^\| `(\w+)` \|", section("Keys of an issue"), re.MULTILINE)
    assert set(rows) == set(IssueKeys.model_fields)


def test_required_keys_are_documented() -> None:
    """Required keys are marked as such."""
    rows = re.findall(
        r"^\| `(\w+)` \|.*required[,;. |]", section("Keys of an issue"), re.MULTILINE
    )
    required = {name for name, field in IssueKeys.model_fields.items() if field.is_required()}
    assert set(rows) == required


def test_documented_kinds() -> None:
    """Every folder is listed with its kind."""
    rows = re.findall(r"^\| `(\w+)/` \| (\w+) \|", section("Kinds"), re.MULTILINE)
    assert dict(rows) == KINDS | {"issues": "issue"}


def test_every_other_key_has_a_hint() -> None:
    """A key of another kind is answered with where it belongs."""
    assert keys_elsewhere()["starts"] == "only a file of the kind event has 'starts'"
    assert keys_elsewhere()["subject"] == "only an issue has 'subject'"
