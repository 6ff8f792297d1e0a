"""The folders of the program's own files, installed or run from its source folder."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parents[1]
"""The package `newsletter` with its data."""
THEMES = next(filter(Path.is_dir, (PACKAGE / "themes", PACKAGE.parent / "themes")))
"""The packaged themes: an installation has them in the package, the source folder beside it."""
