"""The random changes of a project cover every kind of input."""

from __future__ import annotations

from edits import settings, texts, theme
from edits.project import PACKAGED_THEME, TABLE_FILES

from newsletter.model.config import Config
from newsletter.model.tables import TABLES
from newsletter.read.content.folders import FOLDERS
from newsletter.read.content.front_matter import ENTRY_KEYS, IssueKeys
from newsletter.read.content.practice_front_matter import PracticeKeys


def test_every_section_of_the_settings_is_changed() -> None:
    """newsletter.yml."""
    assert set(settings.SECTIONS) == set(Config.model_fields)


def test_every_key_of_front_matter_is_changed() -> None:
    """Entries, issues and practices."""
    models = [*ENTRY_KEYS.values(), IssueKeys, PracticeKeys]
    assert set(texts.KEYS) == {key for model in models for key in model.model_fields}


def test_every_folder_and_table_is_changed() -> None:
    """Of content/ and beside the customers."""
    assert set(texts.FOLDERS) == set(FOLDERS)
    assert set(TABLE_FILES) == set(TABLES)


def test_every_part_of_a_theme_is_changed() -> None:
    """Files and folders of the packaged one."""
    assert set(theme.PARTS) == {path.name for path in PACKAGED_THEME.iterdir()}
