"""Reads the starter projects that come with the program; every new project copies one of them."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

from newsletter.read.people.table_files import SUFFIXES
from newsletter.read.project_files import packaged
from newsletter.read.yaml import packaged_yaml

_INVENTED = "content/customers/customers.csv"
_PICTURES = "starter/pictures"
_UNTIL_ISSUE = dt.timedelta(days=3)


def read_starter(
    today: dt.date, *, customers: Path | None, language: str = "en", theme: str = "awning"
) -> dict[str, bytes]:
    """
    Return path and bytes of each file of a starter project, its dates set to *today*.

    The issue is some days later: it needs names and words of the owner's first, and on its own
    day it would put off all else for its readers, so the first plan would be empty.

    *customers*: the user's customer file, which takes the place of the invented one.
    *language*: `en`, `de` or `fr`. *theme*: one with a picture in starter/pictures/.
    """
    descriptions: Any = packaged_yaml(f"{_PICTURES}/descriptions.yml").data
    day_of_issue = today + _UNTIL_ISSUE
    filled = {
        "DATE": str(today),
        "DAY_OF_ISSUE": str(day_of_issue),
        "PICTURE": descriptions[language][theme],
        "THEME": theme,
    }
    gaps = re.compile(rf"\b({'|'.join(filled)})\b".encode())
    root = packaged(f"starter/{language}")
    names = {"content/issues/issue.md": f"content/issues/{day_of_issue:%Y-%m}.md"}
    # Package data cannot carry the dot.
    files = {".gitignore": packaged("starter/gitignore").read_bytes()}
    for file in sorted(path for path in root.rglob("*") if path.is_file()):
        path = file.relative_to(root).as_posix()
        files[names.get(path, path)] = gaps.sub(
            lambda gap: filled[gap[1].decode()].encode(), file.read_bytes()
        )
    files["content/images/welcome.png"] = packaged(f"{_PICTURES}/{theme}.png").read_bytes()
    if customers:
        suffix = customers.suffix.lower()
        del files[_INVENTED]
        name = f"content/customers/customers{suffix if suffix in SUFFIXES else '.csv'}"
        files[name] = customers.read_bytes()
    return files


def starter_practices() -> dict[str, str]:
    """Return name and text of each practice of the English starter project."""
    root = packaged("starter/en/content/practices")
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted(root.glob("*.md"))}
