"""Random changes of a project: inputs of each kind are edited, added, removed and renamed.

A change may break the project. The caller then compares errors as well, and takes the change back.
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
