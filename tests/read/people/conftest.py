"""Customer files for tests, and functions that read them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from newsletter.errors import Problem
from newsletter.model.config import Business, Config, Links, Sender
from newsletter.model.project import People
from newsletter.model.team import TeamMember
from newsletter.read.people.findings import Column, Findings
from newsletter.read.people.people_files import read_look, read_people
from newsletter.read.project_files import ProjectFiles

Look = Callable[..., People]
Read = Callable[..., tuple[People, list[Problem]]]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """Return a function that looks at a file of this text (or these bytes)."""

    def read(content: str | bytes, name: str = "customers.csv") -> People:
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_look(file, shown=name, year=2026)

    return read


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that reads a folder of these files (name → text) with these settings."""

    def read_folder(files: dict[str, str], **settings: object) -> tuple[People, list[Problem]]:
        for name, text in files.items():
            file = tmp_path / "content/customers" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())
        project = ProjectFiles(tmp_path)
        return read_people(config(**settings), project, year=2026), project.problems

    return read_folder


def config(**settings: object) -> Config:
    """Return a small configuration with these settings."""
    return Config.model_validate(
        {
            "business": Business(
                name="Shop",
                postal_address="Street 1, Town",
                website="https://shop.example",
                email="shop@example.com",
            ),
            "sender": Sender(name="Shop", email="shop@example.com"),
            "links": Links(unsubscribe="mailto:shop@example.com"),
            "team": (TeamMember(id="maya", name="Maya Chen"),),
            "etiquette": {"most_bad_rows": 1},
            **settings,
        }
    )


@pytest.fixture
def findings() -> Findings:
    """Return empty findings for a file f.csv."""
    return Findings(shown="f.csv")


@pytest.fixture
def column() -> Callable[..., Column]:
    """Return a function that makes a column `H` of these cells, at lines 2, 3 …"""

    def make(*cells: str | None) -> Column:
        rows = pl.Series(range(2, len(cells) + 2), dtype=pl.UInt32)
        return Column("H", pl.Series(cells, dtype=pl.String), rows)

    return make
