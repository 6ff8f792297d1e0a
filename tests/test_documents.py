"""The documents: their links are alive, their commands exist, and each can be found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from support import ROOT

from newsletter.commands import COMMANDS

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("benchmarks/*.md")])
_FENCE = re.compile(r"^```[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(<?([^)>\s]+)>?\)")
_CODE = re.compile(r"`[^`\n]*`")


def _prose(document: Path) -> str:
    return _CODE.sub("", _FENCE.sub("", document.read_text("utf-8")))


def _anchors(document: Path) -> set[str]:
    """Return the anchors that GitHub gives to the headings."""
    text = _FENCE.sub("", document.read_text("utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in plain}


def _dead(document: Path) -> Iterator[str]:
    """Yield the links of a document to files and headings that do not exist."""
    for link in _LINK.findall(_prose(document)):
        path, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", link):
            continue
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            yield f"{document.relative_to(ROOT)}: {link}"


def test_links_lead_somewhere() -> None:
    """To files of the project, and to their headings."""
    assert [dead for document in DOCUMENTS for dead in _dead(document)] == []


def test_the_readme_leads_to_each_document() -> None:
    """So that nobody has to look into the folder."""
    links = set(_LINK.findall(_prose(ROOT / "README.md")))
    assert {f"docs/{path.name}" for path in ROOT.glob("docs/*.md")} <= links


def test_commands_in_documents_exist() -> None:
    """Each line of a code block that begins with `newsletter` names a command."""
    named = {
        (document.name, command)
        for document in DOCUMENTS
        for block in _FENCE.findall(document.read_text("utf-8"))
        for command in re.findall(r"^newsletter (\w+)", block, re.MULTILINE)
    }
    assert len(named) > 15
    assert {command for _, command in named} <= COMMANDS.keys()
