"""How a link or picture in content names another file of content/."""

from __future__ import annotations

import posixpath
import re

_EXTERNAL = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*:|//|#|$)")


def local_target(href: str, source: str) -> str | None:
    """
    Return the path below content/ that *href* means in *source*; None: it leads elsewhere.

    *source* is a file below content/ (`updates/winter-hours.md`). A leading slash means content/
    itself; anything else is relative to the file, as in every Markdown editor. Fragments and
    queries are cut off. A path that leaves content/ begins with `..`.
    """
    if _EXTERNAL.match(href):
        return None
    path = re.split(r"[?#]", href, maxsplit=1)[0]
    base = "" if path.startswith("/") else posixpath.dirname(source)
    return posixpath.normpath(posixpath.join(base, path.lstrip("/")))
