"""Which day it is for the business, wherever the computer stands."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

from newsletter.errors import NewsletterError
from newsletter.read.content.newsletter_yml import read_config


def today_of(root: Path | None) -> dt.date:
    """
    Return the day in the time zone of the project in *root*.

    Without a project, or where its newsletter.yml cannot be read, which the command itself will
    say: the day on the computer's clock.
    """
    now = dt.datetime.now(dt.UTC)
    return now.astimezone(_zone(root)).date()


def _zone(root: Path | None) -> ZoneInfo | None:
    if root is None:
        return None
    shown = "content/newsletter.yml"
    try:
        found = read_config(root / shown, shown=shown, problems=[])
    except NewsletterError:
        return None
    return ZoneInfo(found.config.timezone) if found else None
