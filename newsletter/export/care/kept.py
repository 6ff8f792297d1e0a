"""Keeps work lists that somebody has filled in, until what they say is in the history."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from newsletter.errors import Place, Problem
from newsletter.model.artifact import Artifact
from newsletter.model.worklist import FilledList
from newsletter.read.filled import filled_lists


def keep_filled(
    output: Path, artifacts: Iterable[Artifact], history: pl.DataFrame, *, dates: str = ""
) -> tuple[list[Artifact], tuple[Problem, ...]]:
    """
    Return the artifacts with every filled list of *output* as it stands there, and a remark each.

    Also lists of days before, which would be removed else. *dates* is that of newsletter.yml.
    """
    filled = {found.path: found for found in filled_lists(output, history, dates=dates)}
    kept = [artifact for artifact in artifacts if artifact.path not in filled]
    kept += [Artifact(path, output / path) for path in filled]
    return kept, tuple(_remark(found, output.name) for found in filled.values())


def _remark(found: FilledList, folder: str) -> Problem:
    rows = f"{found.rows} ticks that are" if found.rows > 1 else "a tick that is"
    message = f"the list has {rows} not in the history" if found.rows else "the list was changed"
    hint = f"record it: newsletter record --plan {folder}/{found.path}"
    return Problem(message=f"{message}, so it was kept", at=Place(path=found.path), hint=hint)
