"""The plan as a table: what is done, what is not, and why."""

from __future__ import annotations

from functools import partial

import polars as pl

from newsletter.export.table import excel_csv
from newsletter.model.artifact import Artifact
from newsletter.model.config import Config


def plan_file(table: pl.DataFrame, path: str, config: Config) -> Artifact:
    """Return PLAN as a file that Excel opens; `read_plan` and `newsletter record` read it, too."""
    return Artifact(path, partial(excel_csv, [table], country=config.business.country))
