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
def test_the_documented_entry_keys_are_those_of_the_code(kind: str) -> None:
    """For each kind."""
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|", section("Keys of an entry"), re.MULTILINE)
    assert {key for key, kinds in rows if kinds in ("all", kind)} == set(
        ENTRY_KEYS[kind].model_fields
    )


def test_the_documented_issue_keys_are_those_of_the_code() -> None:
    """None is missing or invented."""
    rows = re.findall(r"^\| `(\w+)` \|", section("Keys of an issue"), re.MULTILINE)
    assert set(rows) == set(IssueKeys.model_fields)


def test_required_keys_are_documented() -> None:
    """They are marked as required."""
    rows = re.findall(
        r"^\| `(\w+)` \|.*required[,;. |]", section("Keys of an issue"), re.MULTILINE
    )
    required = {name for name, field in IssueKeys.model_fields.items() if field.is_required()}
    assert set(rows) == required


def test_every_folder_is_documented_with_its_kind() -> None:
    """The table lists them."""
    rows = re.findall(r"^\| `(\w+)/` \| (\w+) \|", section("Kinds"), re.MULTILINE)
    assert dict(rows) == KINDS | {"issues": "issue"}


def test_a_key_of_another_kind_has_a_hint() -> None:
    """It says where the key belongs."""
    assert keys_elsewhere()["starts"] == "only a file of the kind event has 'starts'"
    assert keys_elsewhere()["subject"] == "only an issue has 'subject'"
