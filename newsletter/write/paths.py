"""The paths below output/ that may be written, valid on every system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from newsletter.errors import NewsletterError
from newsletter.model.permalink import DEVICE

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"\\|?*]')


def path_claims() -> Callable[[str], None]:
    """
    Return a function that takes path after path and raises NewsletterError for wrong ones.

    Refuses paths outside site/ and private/, paths that Windows cannot hold, and pairs that differ
    only in case or Unicode composition (one file on macOS and Windows).
    """
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    claimed: set[str] = set()

    def claim(path: str) -> None:
        _refuse_form(path)
        key = _key(path)
        if other := files.get(key) or folders.get(key):
            raise _collision(path, other)
        parent = path.rpartition("/")[0]
        while parent and parent not in claimed:
            other = folders.setdefault(_key(parent), parent)
            if other != parent or _key(other) in files:
                raise _collision(path, files.get(_key(other), other))
            claimed.add(parent)
            parent = parent.rpartition("/")[0]
        files[key] = path

    return claim


def _key(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def _refuse_form(path: str) -> None:
    parts = path.split("/")
    if parts[0] not in ("site", "private") or len(parts) < 2:
        raise NewsletterError.at(f"'{path}' is not below site/ or private/")
    for part in parts:
        too_long = len(part.encode("utf-8", "surrogatepass")) > 255
        if part in ("", ".", "..") or part[-1] in ". " or too_long:
            raise _unwritable(path, part)
        if _FORBIDDEN.search(part) or DEVICE.fullmatch(part.partition(".")[0]):
            raise _unwritable(path, part)


def _unwritable(path: str, part: str) -> NewsletterError:
    return NewsletterError.at(
        f"'{path}' cannot be a file on every system because of '{part[:40]}'",
        hint="rename the Markdown file or picture that it is made from",
    )


def _collision(path: str, other: str) -> NewsletterError:
    return NewsletterError.at(
        f"two files would be written to one place: '{other}' and '{path}'",
        hint="rename one of the Markdown files or pictures that they are made from",
    )
