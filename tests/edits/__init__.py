"""
Random changes of a project: each kind of its inputs is edited, added, removed and renamed.

A change may break the project. Whoever makes changes compares errors, too, and takes back what
broke it.
"""

from edits import builds, settings, tables, texts, theme
from edits.project import Change

CHANGES: dict[str, Change] = {
    **texts.CHANGES,
    **settings.CHANGES,
    **tables.CHANGES,
    **theme.CHANGES,
    **builds.CHANGES,
}
"""Name → change of a project's files, or of the day."""
